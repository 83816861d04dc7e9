"""The works register of a demo city, what residents asked about it, and the calls to dispatch services."""

from datetime import timedelta

from odoo import Command, fields

from odoo.addons.contact_center_base.const import EMERGENCY

from .assignment_workflow import OPEN_STATES
from .demo_moments import read_moment

# The works about which residents have called today: the first of those that go on.
ASKED_ABOUT = "emergency"
# Dispatch services are called so long after an emergency was registered.
CALLED_AFTER = (timedelta(minutes=4), timedelta(minutes=9))


class CityRegister:
    """Fills the works register and the log of dispatch services of one demo city.

    :param demo: ``contact.center.demo`` in an environment that works in the city alone.
    :param str key: of the city.
    :param city: its :class:`~..contact_center_base.models.contact_center_demo.DemoCity`.
    """

    def __init__(self, demo, key, city):
        self.env = demo.env
        self.demo = demo
        self.key = key
        self.city = city
        self.company = demo.env.company
        self.now = fields.Datetime.now()
        self.operator = demo._get_user("operator", key)

    def play(self):
        """Announce, begin and end works, let residents ask about them, and call dispatch services."""
        works = self._register_works()
        self._ask_about(works)
        self._call_dispatch_services()

    # ------------------------------------------------------------
    # Works
    # ------------------------------------------------------------

    def _register_works(self):
        of_city = [("company_id", "=", self.company.id)]
        self.districts = {row.code: row.id for row in self.env["contact.center.district"].search(of_city)}
        self.streets = {row.name: row.id for row in self.env["contact.center.street"].search(of_city)}
        rows = self.demo._read_own("works", self.key)
        # The system takes over works of the past, which nobody else may enter.
        return self.env["contact.center.works"].create([self._prepare_works(row) for row in rows])

    def _prepare_works(self, row):
        executor = self.demo._get_executor(self.key, row["executor"])
        return {
            "company_id": self.company.id,
            "executor_id": executor.id,
            "kind": row["kind"],
            "utility": row["utility"],
            "name": row["name"],
            "start": read_moment(self.company, self.now, row["start"]),
            "planned_end": read_moment(self.company, self.now, row["end"]),
            "ended_at": read_moment(self.company, self.now, row["closed"]),
            "district_ids": [Command.set([self.districts[code] for code in row["districts"].split(";") if code])],
            "place_ids": [Command.create(self._prepare_place(text)) for text in row["places"].split(";") if text],
            "contact": ", ".join(filter(None, (row["contact"], executor.dispatch_phone))),
            "text": row["text"],
        }

    def _prepare_place(self, text):
        """Return the values of a place that is written as ``Street even 2-40``."""
        name, parity, numbers = text.rsplit(maxsplit=2)
        first, _dash, last = numbers.partition("-")
        return {
            "street_id": self.streets[name],
            "parity": parity,
            "number_from": int(first),
            "number_to": int(last),
        }

    def _ask_about(self, works):
        """Let residents ask about works that go on and get the answer from the card."""
        [answer] = self.demo._get_own_phrases(self.key, "works_answer")
        card = works.filtered(lambda card: card.kind == ASKED_ABOUT and card.state == "under_way")[:1]
        place = card.place_ids[:1]
        Request = self.env["contact.center.request"].with_user(self.operator).with_context(lang=self.city.lang)
        for house, question in enumerate(self.demo._get_own_phrases(self.key, "works_question"), start=1):
            Request.register_consultation(
                {
                    "company_id": self.company.id,
                    "channel": "phone",
                    "description": question,
                    "result": answer,
                    "street_id": place.street_id.id,
                    "house": str(place.number_from + 2 * house),
                    "works_id": card.id,
                }
            )

    # ------------------------------------------------------------
    # Dispatch services
    # ------------------------------------------------------------

    def _call_dispatch_services(self):
        """Note the calls about the emergencies that go on (MA-3.1.4): at first nobody answers, then a crew goes."""
        emergencies = self.env["contact.center.assignment"].search(
            [
                ("company_id", "=", self.company.id),
                ("priority", "=", EMERGENCY),
                ("role", "=", "lead"),
                ("state", "in", OPEN_STATES),
            ]
        )
        outcomes = list(zip(("no_answer", "crew"), CALLED_AFTER, strict=True))
        self.env["contact.center.dispatch.contact"].create(
            [
                {
                    "assignment_id": part.id,
                    "date": part.assigned_at + after,
                    "user_id": self.operator.id,
                    "called": part.executor_id.dispatch_phone,
                    "outcome": outcome,
                    "note": self.demo._get_own_phrases(self.key, f"dispatch_{outcome}")[0],
                }
                for part in emergencies.filtered("executor_id.dispatch_phone")
                for outcome, after in outcomes
                if part.assigned_at + after < self.now
            ]
        )
