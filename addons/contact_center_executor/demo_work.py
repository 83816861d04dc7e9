"""What the executors of a demo city have done: their parts of the requests that the base addon's demo left.

The histories of the requests are there already; parts, who saw them when and what was said follow from them, so that
both tell the same story. Who does what is the same every time.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from odoo import fields

from odoo.addons.contact_center_base.const import EMERGENCY
from odoo.addons.contact_center_base.workflow import FINISHED_STATES

from .models.contact_center_assignment import EMERGENCY_MINUTES

# State of a request -> that of the part of its lead executor.
STATES = {
    "new": "new",
    "in_progress": "in_progress",
    "waiting": "in_progress",
    "proposed": "proposed",
    "rework": "rework",
    "planned": "in_progress",
    "done": "done",
    "closed": "withdrawn",
}
# Share of those in progress that nobody was named for yet, of new ones that somebody has opened.
ONLY_ACCEPTED, SEEN = 0.25, 0.6
# Share of what an executor opens after more than a day (RO-4.1), of what its head opens at all.
SEEN_LATE, SEEN_BY_HEAD = 0.1, 0.8


class Moment(NamedTuple):
    """A state that a request entered, when (naive, in UTC) and why."""

    state: str
    date: datetime
    comment: str | bool


class CityWork:
    """Plays what the executors of one demo city did.

    :param demo: ``contact.center.demo`` in an environment that works in the city alone.
    :param str key: of the city.
    :param city: its :class:`~..contact_center_base.models.contact_center_demo.DemoCity`.
    """

    def __init__(self, demo, key, city):
        self.env = demo.env
        self.demo = demo
        self.key = key
        self.company = demo.env.company
        self.city = city
        self.random = Random(f"work of {key}")
        self.now = fields.Datetime.now()
        self.phrases = defaultdict(list)
        for row in demo._read_own("phrases", key):
            self.phrases[row["use"]].append(row["text"])
        self.centre = demo._get_user("operator", key)
        self.supervisor = demo._get_user("supervisor", key)
        self.operators, self.heads, self.people = {}, {}, {}
        for executor in self.env["contact.center.executor"].search([("company_id", "=", self.company.id)]):
            users = executor._get_users()
            self.heads[executor] = executor._get_heads()[:1]
            # In a small organisation the head does it all.
            self.operators[executor] = (users - self.heads[executor])[:1] or users[:1]
            self.people[executor] = executor.partner_id.child_ids.filtered(lambda person: not person.is_company)

    def play(self):
        """Give each request its parts, as they would be after all that happened to it."""
        requests = self._find_requests()
        rows = [row for request in requests for row in self._prepare_parts(request)]
        parts = self._create_parts(rows)
        self._keep_owners(parts)
        self._record_steps(parts)
        self._talk(parts)

    def _find_requests(self):
        """Return the requests that executors get: those that are linked to another one are done with it."""
        return self.env["contact.center.request"].search(
            [
                ("company_id", "=", self.company.id),
                ("request_class", "!=", "consultation"),
                ("restricted", "=", False),
                ("main_request_id", "=", False),
            ],
            order="id",
        )

    def _pick_phrase(self, use):
        return self.random.choice(self.phrases[use])

    # ------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------

    def _prepare_parts(self, request):
        """Return the values of the parts of one request, the lead's first."""
        history = self._get_history(request)
        rules = self.env["contact.center.routing.rule"]._match(request, request.registered_at)
        rule, note = rules.get(request, (None, None))
        rows = rule._prepare_assignments(request, note) if rule else request._prepare_default_assignment()
        for row in rows:
            executor = self.env["contact.center.executor"].browse(row["executor_id"])
            age = self._age_lead if row["role"] == "lead" else self._age_co_executor
            row.update(self._prepare_beginning(request, executor, history))
            row.update(age(request, executor, history))
        return rows

    def _prepare_beginning(self, request, executor, history):
        """Return when a part was given, opened and accepted."""
        assigned = request.registered_at
        accepted = self._find_accepted(history)
        urgent = request.priority == EMERGENCY
        if urgent:
            accept_by = assigned + timedelta(minutes=EMERGENCY_MINUTES)
        else:
            accept_by = self.company._add_working_days(self.company.contact_center_accept_days, assigned)
        values = {"assigned_at": assigned, "accept_by": accept_by, "accepted_at": accepted}
        if urgent:
            values["dispatched_at"] = assigned
        opened = bool(self.operators[executor]) and (bool(accepted) or self.random.random() < SEEN)
        if opened:
            values["seen_at"] = self._pick_seen(assigned, accepted or self.now, urgent)
        if opened and self.heads[executor] and self.random.random() < SEEN_BY_HEAD:
            seen = values["seen_at"] + timedelta(hours=self.random.uniform(0.5, 30))
            values["head_seen_at"] = seen < self.now and seen
        return values

    def _find_accepted(self, history):
        """Return when an executor began with a request, ``None`` before."""
        return next((moment.date for moment in history if moment.state in ("in_progress", "waiting")), None)

    def _pick_seen(self, assigned, latest, urgent):
        """Return when somebody of the executor opened a part first: within minutes, hours, or after a day."""
        if urgent:
            seen = assigned + timedelta(minutes=self.random.uniform(1, 12))
        elif self.random.random() < SEEN_LATE:
            seen = assigned + timedelta(hours=self.random.uniform(25, 60))
        else:
            seen = assigned + timedelta(hours=self.random.uniform(0.2, 9))
        return min(seen, latest).replace(microsecond=0)

    def _age_lead(self, request, executor, history):
        """Return what the history of a request means for the part of its lead."""
        states = [moment.state for moment in history]
        entered = {moment.state: moment.date for moment in history}  # the last time
        state = STATES[request.state]
        by_itself = request.state == "done" and states[-2] != "proposed"
        if by_itself:
            # The centre answered, so what the executor had was withdrawn.
            state = "withdrawn"
        elif state == "in_progress" and self.random.random() < ONLY_ACCEPTED:
            state = "accepted"
        values = {
            "state": state,
            "rework_count": states.count("rework"),
            "missed_deadline": self._missed(request, history),
        }
        if state in ("in_progress", "rework", "proposed", "done"):
            values["responsible_id"] = self._pick_person(executor).id
        if "proposed" in entered:
            values.update(self._prepare_proposal(request, executor, entered["proposed"]))
        if state in ("done", "withdrawn"):
            values["finished_at"] = history[-1].date
        if state == "rework":
            values.update(review_from=False, review_by=False)
        return values

    def _missed(self, request, history):
        """Tell whether a term ran out before the executor proposed or the request ended."""
        ends = [moment.date for moment in history if moment.state in ("proposed", *FINISHED_STATES)]
        return bool(ends and request.deadline) and ends[0] > request.deadline

    def _prepare_proposal(self, request, executor, proposed):
        """Return the result that an executor handed in at a moment (KR-7.5)."""
        person = self._pick_person(executor)
        start = self.company._next_working_moment(proposed)
        return {
            "proposed_at": proposed,
            "review_from": start,
            "review_by": self.company._add_working_days(self.company.contact_center_review_days, start),
            "result": request.result,
            "result_unit": self._pick_phrase("unit"),
            "result_person": person.name,
            "result_phone": person.phone or executor.dispatch_phone,
            "result_date": self.company._to_local(proposed).date(),
            "informed_by": request.informed_by,
            "informed_at": proposed,
        }

    def _age_co_executor(self, request, executor, history):
        """Return what the history of a request means for the part of a co-executor: it comes before the lead's."""
        entered = {moment.state: moment.date for moment in history}
        if request.state == "new":
            return {"state": "new"}
        if request.state == "closed" or "proposed" not in entered:
            ended = request.state in FINISHED_STATES
            return {"state": "withdrawn" if ended else "accepted", "finished_at": ended and history[-1].date}
        accepted = self._find_accepted(history)
        proposed = accepted + (entered["proposed"] - accepted) * self.random.uniform(0.6, 0.95)
        done = request.state == "done"
        return {
            "state": "done" if done else "proposed",
            "finished_at": done and history[-1].date,
            "responsible_id": self._pick_person(executor).id,
            **self._prepare_proposal(request, executor, proposed.replace(microsecond=0)),
        }

    def _pick_person(self, executor):
        """Return somebody of an executor, or of the organisation itself when it has named nobody."""
        return self.random.choice(self.people[executor] or executor.partner_id)

    def _create_parts(self, rows):
        """Create parts with what has become of them: the moves were made in the past, at their own times."""
        silent = self.env["contact.center.assignment"].with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True
        )
        return silent.create(rows).with_env(self.env)

    def _keep_owners(self, parts):
        """Let the requests that a rule gave to another organisation than their topic's say so."""
        leads = parts.filtered(lambda part: part.role == "lead")
        elsewhere = leads.filtered(lambda part: part.request_id.owner_id != part.executor_id.partner_id)
        for executor, of_executor in elsewhere.grouped("executor_id").items():
            of_executor.request_id._write_moved({"owner_id": executor.partner_id.id})

    # ------------------------------------------------------------
    # History
    # ------------------------------------------------------------

    def _get_history(self, request):
        """Return the :class:`Moment` rows of the states that a request entered, in their order."""
        return [Moment(event.state_to, event.date, event.comment) for event in request.event_ids if event.state_to]

    def _record_steps(self, parts):
        """Add to the histories of requests what their executors did, each step at its own time."""
        states = dict(parts._fields["state"]._description_selection(parts.with_context(lang=self.city.lang).env))
        rows = []
        for part in parts:
            executor = part.executor_id
            given = {"kind": "assigned", "role": "system", "date": part.assigned_at}
            given["comment"] = ". ".join(filter(None, (executor.name, part.routing_note)))
            rows.append((part.request_id, {**given, "executor_id": executor.id}))
            for state, date, comment in self._get_steps(part):
                text = ". ".join(filter(None, (f"{executor.name}: {states[state]}", comment)))
                step = {"kind": "assignment", "date": date, "comment": text, "executor_id": executor.id}
                rows.append((part.request_id, {**step, **self._get_actor(executor, state)}))
        self.env["contact.center.request.event"]._add(rows)

    def _get_steps(self, part):
        """Yield ``(state, date, comment)`` of the steps of a part after it was given."""
        if part.accepted_at:
            yield "accepted", part.accepted_at, None
        if part.responsible_id:
            yield "in_progress", part.accepted_at, part.responsible_id.name
        if part.role == "co" and part.proposed_at:
            yield "proposed", part.proposed_at, None
        elif part.role == "lead":
            for moment in self._get_history(part.request_id):
                if moment.state in ("proposed", "rework"):
                    yield moment.state, moment.date, moment.comment
        if part.finished_at:
            yield part.state, part.finished_at, None

    def _get_actor(self, executor, state):
        """Return who enters a state: somebody of the executor, the centre for whoever works by phone (MA-5.1)."""
        if state in ("rework", "done", "withdrawn"):
            return {"user_id": self.supervisor.id, "role": "supervisor"}
        operator = self.operators[executor]
        if operator:
            return {"user_id": operator.id, "role": "executor"}
        return {"user_id": self.centre.id, "role": "operator"}

    # ------------------------------------------------------------
    # Comments
    # ------------------------------------------------------------

    def _talk(self, parts):
        """Let the executor and the centre talk about one open part of each topic that there is something to say of."""
        threads = defaultdict(list)
        for row in self.demo._read_own("comments", self.key):
            threads[row["category_code"]].append(row)
        at_work = parts.filtered(lambda part: part.role == "lead" and part.state in ("in_progress", "rework"))
        by_topic = at_work.grouped(lambda part: part.category_id.code)
        messages = []
        for code, thread in threads.items():
            part = by_topic.get(code, parts.browse())[-1:]
            if part and self.operators[part.executor_id]:
                messages += self._prepare_messages(part, thread)
        self.env["mail.message"].create(messages)

    def _prepare_messages(self, part, thread):
        """Return the values of the comments about a part, spread over the time since it was accepted."""
        subtypes = {"": "mail.mt_comment", "1": "contact_center_executor.mt_to_applicant"}
        start = part.accepted_at or part.assigned_at
        step = (self.now - start) / (len(thread) + 1)
        messages = []
        for number, row in enumerate(thread, start=1):
            author = self.operators[part.executor_id] if row["who"] == "executor" else self.centre
            messages.append(
                {
                    "model": part._name,
                    "res_id": part.id,
                    "message_type": "comment",
                    "subtype_id": self.env.ref(subtypes[row["to_applicant"]]).id,
                    "author_id": author.partner_id.id,
                    "email_from": author.email_formatted,
                    "date": (start + step * number).replace(microsecond=0),
                    "body": row["text"],
                }
            )
        return messages

    # ------------------------------------------------------------
    # Delays
    # ------------------------------------------------------------

    def tell_delays(self):
        """Note that people were told of every delay there is by now, so that nobody is flooded at the first start."""
        parts = self.env["contact.center.assignment"].search(
            [("company_id", "=", self.company.id), ("next_escalation_at", "<=", self.now)], order="id"
        )
        city = parts.with_context(lang=self.city.lang).env
        labels = dict(city["contact.center.escalation"]._fields["step"]._description_selection(city))
        rows, events = [], []
        for part in parts:
            for step, reference, moment in part._get_escalations_ahead():
                if moment > self.now:
                    continue
                names = ", ".join((part._get_step_users(step) or self.supervisor).mapped("name"))
                row = {"assignment_id": part.id, "step": step, "reference": reference}
                rows.append({**row, "told_at": moment, "told_to": names})
                event = {"kind": "escalated", "role": "system", "date": moment, "executor_id": part.executor_id.id}
                event["comment"] = f"{part.executor_id.name}: {labels[step]}: {names}"
                events.append((part.request_id, event))
        self.env["contact.center.escalation"].create(rows)
        self.env["contact.center.request.event"]._add(events)
