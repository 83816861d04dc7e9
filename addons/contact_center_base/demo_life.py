"""What happens in a demo city: three months of requests, consultations and calls up to this moment.

Who says and does what is the same every time; the dates hang on the moment of loading, so that something is always due
today.
"""

from datetime import timedelta, timezone
from itertools import count, cycle, pairwise
from random import Random
from typing import NamedTuple

from odoo import Command, fields
from odoo.tools import file_open

from . import clock
from .const import EMERGENCY, SELF_SERVICE_CHANNELS
from .workflow import FINISHED_STATES, Move


class Standing(NamedTuple):
    """How many open requests stand in a state, and how much of their term has gone by (1 is the deadline)."""

    state: str
    number: int
    least: float
    most: float


BOARD = (
    Standing("new", 14, 0.02, 0.5),
    Standing("new", 5, 0.7, 1.4),
    Standing("in_progress", 22, 0.1, 0.8),
    Standing("in_progress", 9, 1.05, 3),
    Standing("waiting", 8, 0.3, 0.9),
    Standing("proposed", 10, 0.5, 0.98),
    Standing("proposed", 3, 1.02, 1.5),
    Standing("rework", 7, 0.8, 1.8),
    Standing("planned", 7, 0.9, 3),
)
DUE_TODAY = 8
FINISHED = {"done": 130, "closed": 20}
CONSULTATIONS = 400
# Calls of which nothing came.
ABANDONED, MISSED, OUTGOING = 60, 20, 60
DAYS = 89
# Shares of those that are finished in time, and of the term that they take.
IN_TIME = 0.82
QUICK, SLOW = (0.05, 0.9), (1.1, 1.9)
# Whoever is asked has ten working days to answer: those who wait were asked less than that ago.
ASKED_WITHIN = timedelta(days=6)
NIGHT_ENDS, NIGHT_BEGINS, AFTERNOON = 7, 21, 15
ANONYMOUS = 0.07
PHOTOS = 6
# Emergencies on the board; nobody plans or refuses them, or waits for an answer before sending somebody.
EMERGENCIES = 5
EMERGENCY_STATES = ("new", "in_progress")
# Only what takes long anyway goes into a plan.
PLANNED_TERM = timedelta(days=9)

PATHS = {
    "new": [("new",)],
    "in_progress": [("new", "in_progress"), ("new", "in_progress"), ("new", "in_progress", "waiting", "in_progress")],
    "waiting": [("new", "in_progress", "waiting"), ("new", "waiting")],
    "proposed": [("new", "in_progress", "proposed"), ("new", "in_progress", "proposed", "rework", "proposed")],
    "rework": [("new", "in_progress", "proposed", "rework"), ("new", "in_progress", "proposed", "done", "rework")],
    "planned": [("new", "in_progress", "planned"), ("new", "in_progress", "proposed", "planned")],
    "done": [
        *[("new", "in_progress", "proposed", "done")] * 5,
        ("new", "in_progress", "done"),
        ("new", "done"),
        ("new", "in_progress", "waiting", "in_progress", "proposed", "done"),
        ("new", "in_progress", "proposed", "rework", "proposed", "done"),
    ],
}
# How a request ends that isn't solved: reason -> the way there.
CLOSINGS = {
    "cannot_solve": ("new", "in_progress", "proposed", "closed"),
    "withdrawn": ("new", "in_progress", "closed"),
    "not_competent": ("new", "closed"),
    "duplicate": ("new", "closed"),
    "no_answer": ("new", "in_progress", "waiting", "closed"),
}
#: State entered -> who makes the move; an operator makes the others.
DECIDING = {"rework": "supervisor", "planned": "control_body"}
#: How often residents turn to the city in which way.
CHANNELS = {"phone": 60, "web": 12, "portal": 8, "messenger": 8, "email": 6, "in_person": 3, "paper": 2, "sms": 1}
REFUSAL_REASONS = ("insults", "threats", "swearing")


class CityLife:
    """Plays what happened in one demo city.

    :param demo: ``contact.center.demo`` in an environment that works in the city alone.
    :param str key: of the city.
    :param city: its :class:`~.models.contact_center_demo.DemoCity`.
    """

    def __init__(self, demo, key, city):
        self.env = demo.env
        self.company = demo.env.company
        self.city = city
        self.random = Random(key)
        self.now = fields.Datetime.now()
        self.users = {
            role: demo._get_user(role, key)
            for role in ("operator", "operator_2", "supervisor", "head", "control_body", "technical_admin")
        }
        self.phrases = {}
        for row in demo._read("phrases", key):
            self.phrases.setdefault(row["use"], []).append(row["text"])
        of_city = [("company_id", "=", self.company.id)]
        self.streets = self.env["contact.center.street"].search(of_city)
        self.categories = {category.code: category for category in self.env["contact.center.category"].search(of_city)}
        self.applicants = self._create_applicants(demo._read("applicants", key))
        self.articles = {
            category: article
            for article in self.env["contact.center.article"].search([*of_city, ("state", "=", "published")])
            for category in article.category_ids
        }
        matters = demo._read(f"matters_{key}")
        self.random.shuffle(matters)
        pairs = [(self.categories[matter["category_code"]], matter) for matter in matters]
        self.consultations = [pair for pair in pairs if pair[0].request_class == "consultation"]
        self.matters = [pair for pair in pairs if pair not in self.consultations]
        self.queue = list(self.matters)
        self.open_emergencies = 0
        self.photo_numbers = iter(range(PHOTOS))
        self.call_numbers = count(1)
        self.closings = cycle(CLOSINGS)

    def play(self):
        """Let everything happen, in the order of time."""
        entries = [*self._plan_open(), *self._plan_finished(), *self._plan_consultations()]
        entries.sort(key=lambda entry: entry[1][0].date)
        requests = self.env["contact.center.request"]._register_with_history(entries)
        self._ask(requests, entries)
        self._log_calls(requests)
        # Operators have no part in restricted ones.
        board = requests.filtered(lambda request: request.state not in FINISHED_STATES and not request.restricted)
        self._work_today(board)
        self._break_down()
        self._refuse_callers()
        self._search_articles()

    # ------------------------------------------------------------
    # People
    # ------------------------------------------------------------

    def _as(self, role, model):
        """Return a model or records in the hands of the user of a role."""
        records = self.env[model] if isinstance(model, str) else model
        return records.with_user(self.users[role]).with_context(lang=self.city.lang)

    def _pick_operator(self):
        return self.users[self.random.choice(("operator", "operator", "operator_2"))]

    def _pick_phrase(self, use):
        return self.random.choice(self.phrases[use])

    def _get_phone(self, number):
        """Return a made-up phone number in E.164."""
        return f"{self.city.phone}{number:04d}"

    def _create_applicants(self, rows):
        applicants = self.env["res.partner"].create(
            [
                {
                    "name": row["name"],
                    "applicant_kind": row["kind"],
                    "is_company": row["kind"] in ("association", "business", "authority"),
                    "inform_by": row["inform_by"],
                    "phone": self._get_phone(1000 + number),
                    "email": row["email"] or False,
                    "lang": row["lang"],
                    "city": self.company.city,
                    "country_id": self.company.country_id.id,
                    "company_id": self.company.id,
                }
                for number, row in enumerate(rows)
            ]
        )
        self.env["contact.center.phone"].create(
            [
                {"partner_id": partner.id, "number": self._get_phone(2000 + number)}
                for number, partner in enumerate(applicants[:3])
            ]
        )
        return applicants

    # ------------------------------------------------------------
    # Time
    # ------------------------------------------------------------

    def _count(self, category, registered):
        """Return when a request of a node that is registered at a moment is due."""
        rule = category._get_deadline_rule()
        start = registered.replace(tzinfo=timezone.utc)
        due = clock.compute(rule._get_term(), start, rule._get_calendar()).due
        return due.astimezone(timezone.utc).replace(tzinfo=None)

    def _get_length(self, category):
        """Return how long the term of a node lasts about now."""
        return self._count(category, self.now) - self.now

    def _is_round_the_clock(self, category):
        return category._get_deadline_rule().calendar == "round_the_clock"

    def _by_day(self, moment):
        """Return a moment by day: itself, or the afternoon before when it lies in the night."""
        hour = self.company._to_local(moment).hour
        return moment if NIGHT_ENDS <= hour < NIGHT_BEGINS else moment - timedelta(hours=(hour - AFTERNOON) % 24)

    def _find_due_today(self, category):
        """Return when a request of a node was registered that is due later today; ``None`` if there is none."""
        today = self.company._to_local(self.now).date()
        for days in range(1, DAYS):
            registered = self._by_day(self.now - timedelta(days=days) + timedelta(hours=2))
            due = self._count(category, registered)
            if due > self.now and self.company._to_local(due).date() == today:
                return registered
        return None

    # ------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------

    def _next_matter(self, state):
        """Return the next category and matter that can stand in a state; all have their turn before one comes again."""
        position = next(index for index, (category, _matter) in enumerate(self.queue) if self._can_be(category, state))
        category, matter = self.queue.pop(position)
        self.queue.append((category, matter))
        if category.priority == EMERGENCY and state not in FINISHED_STATES:
            self.open_emergencies += 1
        return category, matter

    def _can_be(self, category, state):
        """Tell whether a request of a node may sensibly be in a state."""
        if category.priority == EMERGENCY:
            return state == "done" or (state in EMERGENCY_STATES and self.open_emergencies < EMERGENCIES)
        return state != "planned" or self._get_length(category) > PLANNED_TERM

    def _plan_open(self):
        """Yield ``(values, moves)`` of the requests on the board."""
        for standing in BOARD:
            for _number in range(standing.number):
                category, matter = self._next_matter(standing.state)
                age = self._get_length(category) * self.random.uniform(standing.least, standing.most)
                registered = self.now - min(age, timedelta(days=DAYS))
                if not self._is_round_the_clock(category):
                    registered = self._by_day(registered)
                yield self._plan(category, matter, standing.state, registered, self.now)
        for _number in range(DUE_TODAY):
            category, matter = self._next_matter("in_progress")
            registered = self._find_due_today(category) or self.now - self._get_length(category) * 0.97
            yield self._plan(category, matter, "in_progress", registered, self.now)

    def _plan_finished(self):
        """Yield ``(values, moves)`` of the requests that ended."""
        for state, number in FINISHED.items():
            for _number in range(number):
                category, matter = self._next_matter(state)
                registered = self._by_day(self.now - timedelta(days=self.random.uniform(0.7, DAYS)))
                share = self.random.uniform(*(QUICK if self.random.random() < IN_TIME else SLOW))
                ended = registered + self._get_length(category) * share
                if not self._is_round_the_clock(category):
                    ended = max(self._by_day(ended), registered + timedelta(minutes=30))
                yield self._plan(category, matter, state, registered, min(ended, self.now - timedelta(minutes=5)))

    def _plan(self, category, matter, state, registered, until):
        """Return ``(values, moves)`` of a request that came to a state between two moments."""
        reason = next(self.closings) if state == "closed" else None
        paths = [CLOSINGS[reason]] if reason else PATHS[state]
        if category.priority == EMERGENCY:
            paths = [path for path in paths if "waiting" not in path]
        path = self.random.choice(paths)
        dates = self._pick_dates(path, registered, until)
        operator = self._pick_operator()
        moves = [self._plan_move(target, date, operator, reason) for target, date in zip(path, dates, strict=True)]
        values = self._prepare_contact(category, matter, named="waiting" in path)
        values.update(self._prepare_place(category))
        values["answers"] = self._prepare_answers(category)
        if state != "new":
            values["user_id"] = operator.id
        if {"proposed", "planned", *FINISHED_STATES}.intersection(path):
            values.update(self._prepare_outcome(state, reason, matter, values, dates[-1]))
        return values, moves

    def _pick_dates(self, path, registered, until):
        """Return when each state of a path was entered; one that ended was left at ``until``."""
        span = until - registered
        shares = sorted(self.random.uniform(0.03, 0.9) for _state in path[1:])
        dates = [registered, *(registered + span * share for share in shares)]
        if path[-1] in FINISHED_STATES:
            dates[-1] = until
        elif path[-1] == "waiting":
            dates[-1] = max(dates[-1], self.now - ASKED_WITHIN)
        return [date.replace(microsecond=0) for date in dates]

    def _plan_move(self, target, date, operator, reason=None):
        role = DECIDING.get(target, "operator")
        if target == "closed" and reason == "cannot_solve":
            role = "control_body"
        user = operator if role == "operator" else self.users[role]
        comment = self._pick_phrase("rework") if target == "rework" else None
        return Move(target, date, comment, user.id, role)

    def _prepare_contact(self, category, matter, named):
        """Return who turns to the city with a matter, and how.

        :param named: whether somebody must be known to ask.
        """
        [channel] = self.random.choices(list(CHANNELS), list(CHANNELS.values()))
        partner = self.random.choice(self.applicants)
        photo = channel in SELF_SERVICE_CHANNELS and self._prepare_photo(category)
        if category.photo_required and not photo:
            channel = "phone"
        anonymous = self.random.random() < ANONYMOUS and category.request_class in ("request", "consultation")
        if anonymous and channel == "phone" and not named:
            partner = self.env["res.partner"]
        return {
            "company_id": self.company.id,
            "channel": channel,
            "category_id": category.id,
            "description": matter["description"],
            "photo_ids": photo or [],
            "partner_id": partner.id,
            "phone": partner.phone,
            "email": channel in ("email", "web", "portal") and partner.email,
        }

    def _prepare_photo(self, category):
        """Return the photo that a resident sends of a matter, empty when there is none or enough were sent."""
        name = self.city.photos.get(category.code)
        if not name or next(self.photo_numbers, None) is None:
            return []
        with file_open(f"contact_center_base/demo/{name}", "rb") as file:
            return [Command.create({"name": name, "raw": file.read(), "mimetype": "image/png"})]

    def _prepare_place(self, category):
        if not category.place_required:
            return {}
        street = self.random.choice(self.streets)
        return {
            "street_id": street.id,
            "house": str(self.random.randint(1, 60)),
            "flat": str(self.random.randint(1, 90)) if self.random.random() < 0.2 else False,
            "latitude": street.latitude + self.random.uniform(-0.0012, 0.0012),
            "longitude": street.longitude + self.random.uniform(-0.0018, 0.0018),
        }

    def _prepare_answers(self, category):
        answers = {}
        for question in category.question_definition or []:
            if question["type"] == "boolean":
                answers[question["name"]] = self.random.random() < 0.5
            elif question["type"] == "selection":
                answers[question["name"]] = self.random.choice(question["selection"])[0]
        return answers

    def _prepare_outcome(self, state, reason, matter, values, date):
        """Return what the applicant is told, and when that was."""
        partner = self.env["res.partner"].browse(values["partner_id"])
        outcome = {"result": matter["answer"], "informed_by": partner.inform_by or "not_possible"}
        if state == "planned":
            year = self.now.year + 1
            outcome.update(result=self._pick_phrase("plan_result"), plan_year=year)
            outcome["plan_document"] = self._pick_phrase("plan_document")
        if reason:
            outcome.update(closing_reason=reason, result=self._pick_phrase(reason))
        if state in FINISHED_STATES:
            outcome["informed_at"] = date
        return outcome

    def _ask(self, requests, entries):
        """Write down the questions that made requests wait, and the answers to those that wait no more."""
        rows = []
        for request, (_values, moves) in zip(requests, entries, strict=True):
            for move, following in pairwise([*moves, None]):
                if move.state != "waiting":
                    continue
                rows.append(
                    {
                        "request_id": request.id,
                        "text": self._pick_phrase("question"),
                        "channel": request.inform_by,
                        "asked_at": move.date,
                        "asked_by_id": move.user_id,
                        "answer_by": self.company._add_working_days(self.company.contact_center_answer_days, move.date),
                        "answer": bool(following) and following.state == "in_progress" and self._pick_phrase("answer"),
                        "closed_at": following and following.date,
                    }
                )
        self.env["contact.center.question"].create(rows)

    # ------------------------------------------------------------
    # Consultations and calls
    # ------------------------------------------------------------

    def _plan_consultations(self):
        """Yield ``(values, moves)`` of consultations, each answered within minutes."""
        for _number in range(CONSULTATIONS):
            category, matter = self.random.choice(self.consultations)
            asked = self._by_day(self.now - timedelta(days=self.random.uniform(0.05, DAYS))).replace(microsecond=0)
            answered = asked + timedelta(seconds=self.random.randint(20, 200))
            operator = self._pick_operator()
            values = self._prepare_contact(category, matter, named=False)
            values.update(
                user_id=operator.id,
                result=matter["answer"],
                article_id=self.articles.get(category, self.env["contact.center.article"]).id,
                informed_by="phone" if values["channel"] == "phone" else "email",
                informed_at=answered,
            )
            yield values, [self._plan_move("new", asked, operator), self._plan_move("done", answered, operator)]

    def _log_calls(self, requests):
        """Log the calls by which requests came, and those of which nothing came."""
        rows = []
        for request in requests.filtered(lambda request: request.channel == "phone"):
            answered = request.registered_at - timedelta(seconds=self.random.randint(20, 100))
            rows.append(
                {
                    **self._prepare_call(request.partner_id, answered - self._pick_wait()),
                    "answered_at": answered,
                    "ended_at": request.registered_at + timedelta(seconds=self.random.randint(30, 210)),
                    "request_id": request.id,
                    "user_id": request.event_ids[:1].user_id.id,
                }
            )
        for outcome in ["abandoned"] * ABANDONED + ["missed"] * MISSED + ["outgoing"] * OUTGOING:
            started = self._by_day(self.now - timedelta(days=self.random.uniform(0.05, DAYS))).replace(microsecond=0)
            row = self._prepare_call(self.random.choice(self.applicants), started)
            row["ended_at"] = started + timedelta(seconds=self.random.randint(15, 120))
            if outcome == "outgoing":
                row.update(direction="out", user_id=self._pick_operator().id)
                row["answered_at"] = self.random.random() < 0.8 and started + self._pick_wait()
                row["ended_at"] += timedelta(minutes=2)
            row["abandoned"] = outcome == "abandoned"
            rows.append(row)
        rows.sort(key=lambda row: row["started_at"])
        self.env["contact.center.call"].create(
            [dict(row, pbx_call_id=f"demo-{next(self.call_numbers)}") for row in rows]
        )

    def _pick_wait(self):
        """Return how long a caller waits: seconds as a rule, sometimes a minute."""
        return timedelta(seconds=min(3 + int(self.random.expovariate(1 / 11)), 90))

    def _prepare_call(self, partner, started):
        return {
            "company_id": self.company.id,
            "direction": "in",
            "number": partner.phone,
            "partner_id": partner.id,
            "started_at": started,
        }

    # ------------------------------------------------------------
    # Today
    # ------------------------------------------------------------

    def _work_today(self, board):
        """Do with some requests what colleagues do in a day, each in their own role."""
        at_work = board.filtered(lambda request: request.state == "in_progress" and request.inform_by == "phone")
        asked = self._as("operator", at_work.filtered("partner_id")[:3])
        for request in asked:
            request.ask_applicant(self._pick_phrase("question"), "phone")
        asked[0].answer_question(self._pick_phrase("answer"))
        extensible = board.filtered(
            lambda request: (
                request.state == "in_progress"
                and request.deadline
                and not request.clock_paused
                and not request.deadline_rule_id.maximum_amount
                and not self._is_round_the_clock(request.category_id)
            )
        )
        for request in self._as("supervisor", extensible[-3:]):
            request.extend_deadline(5, "working_days", self._pick_phrase("extend"))
        for request in self._as("operator", board.filtered("street_id")[:12]):
            for partner in self.random.sample(self.applicants.ids, self.random.randint(1, 3)):
                request.join(self.env["res.partner"].browse(partner), "phone", self._pick_phrase("join"))
        taken = self._as("operator", board.filtered(lambda request: request.state == "new")[:3])
        taken.action_take()
        unrestricted = [pair for pair in self.matters if not pair[0].restricted]
        for category, matter in unrestricted[:4]:
            values = self._prepare_contact(category, matter, named=True)
            values.update(self._prepare_place(category))
            request = self._as("operator", "contact.center.request").create([values])
            request._transition("done", result=matter["answer"], informed_by="phone")
        for category, matter in self.consultations[:6]:
            values = dict(self._prepare_contact(category, matter, named=False), result=matter["answer"])
            article = self.articles.get(category)
            self._as("operator", "contact.center.request").register_consultation(values, article)

    def _break_down(self):
        """Let a mass incident begin: one main request, neighbours who join it and requests linked to it."""
        category = self.categories[self.city.outage]
        matter = next(matter for other, matter in self.matters if other == category)
        Request = self._as("operator", "contact.center.request")
        place = self._prepare_place(category)
        del place["house"], place["flat"]
        main, *linked = Request.create(
            [
                dict(self._prepare_contact(category, matter, named=True), **place, house=house)
                for house in ("2", "4", "6", "8")
            ]
        )
        main.priority = EMERGENCY
        main.action_take()
        Request.concat(*linked).link_to(main)
        for partner in self._as("operator", self.applicants[:7]):
            main.join(partner, "phone", self._pick_phrase("join"))

    def _refuse_callers(self):
        """Leave a refused caller in each step of the chain (KR-5.7)."""
        until = fields.Date.today() + timedelta(days=30)
        for number, step in enumerate(("memo", "rejected", "approved", "blocked", "lifted", "expired")):
            memo = self._refuse_caller(9000 + number)
            decision, execution = self._as("head", memo), self._as("technical_admin", memo)
            if step == "rejected":
                decision.reject(self._pick_phrase("reject"))
            elif step != "memo":
                decision.action_approve()
            if step in ("blocked", "lifted", "expired"):
                execution.block(until)
            if step == "blocked":
                self._call_while_blocked(memo)
            elif step == "lifted":
                execution.lift(self._pick_phrase("lift"))
            elif step == "expired":
                self._let_expire(memo)

    def _refuse_caller(self, number):
        """Return the memo about a call that an operator has just refused."""
        started = self.now - timedelta(minutes=self.random.randint(30, 300))
        call = self.env["contact.center.call"].create(
            {
                **self._prepare_call(self.env["res.partner"], started),
                "number": self._get_phone(number),
                "answered_at": started + self._pick_wait(),
                "ended_at": started + timedelta(minutes=3),
                "user_id": self.users["operator"].id,
                "pbx_call_id": f"demo-{next(self.call_numbers)}",
            }
        )
        reason = self.random.choice(REFUSAL_REASONS)
        memo = self._as("operator", call).refuse(reason, self._pick_phrase("statement"))
        return self.env["contact.center.blocked.number"].browse(memo.id)

    def _call_while_blocked(self, block):
        started = self.now - timedelta(minutes=10)
        call = self.env["contact.center.call"].create(
            {
                **self._prepare_call(self.env["res.partner"], started),
                "number": block.number,
                "ended_at": started + timedelta(seconds=20),
                "blocked_number_id": block.id,
                "pbx_call_id": f"demo-{next(self.call_numbers)}",
            }
        )
        block._log_attempt("phone", call)

    def _let_expire(self, block):
        """Move a block into the past as a whole, as if its time were over."""
        ago = timedelta(days=40)
        moments = ("refused_at", "decided_at", "blocked_at")
        block.write(
            {
                **{name: block[name] - ago for name in moments},
                "blocked_until": block.blocked_until - ago,
                "lifted_at": self.now - timedelta(days=9),
                "state": "expired",
            }
        )

    def _search_articles(self):
        """Search the articles as operators do; most searches help, the last one finds nothing."""
        Article = self._as("operator", "contact.center.article")
        Search = self._as("operator", "contact.center.knowledge.search")
        for words in self.phrases["search"]:
            found = Article.search_articles(words)
            if found:
                Search.mark_helped(found[0]["search_id"], found[0]["id"])
