"""Matters of a demo city in which executors asked for something: petitions with their decisions, and explanations.

Each story is a request of its own, so that what is petitioned fits what was reported.
"""

from datetime import timedelta
from random import Random

from odoo import Command
from odoo.tools import file_open

from odoo.addons.contact_center_base.workflow import Move

from .const import JUSTIFICATION_DAYS
from .demo_moments import on_day

#: State of the request of a story -> those that it went through.
PATHS = {
    "in_progress": ("new", "in_progress"),
    "planned": ("new", "in_progress", "planned"),
    "closed": ("new", "in_progress", "closed"),
}
# What is filed goes out in the morning, is confirmed and decided after lunch.
FILED_HOUR, CONFIRMED_HOUR, DECIDED_HOUR = 9, 11, 14
#: Kind of petition -> role that has decided on it.
DECIDERS = {
    "executor": "operator",
    "extension": "supervisor",
    "long_term_plan": "control_body",
    "cannot_solve": "control_body",
}


class CityStories:
    """Tells the stories of one demo city.

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
        self.random = Random(f"stories of {key}")
        self.petitions = demo._read_own("petitions", key)
        self.users = {role: demo._get_user(role, key) for role in ("operator", "supervisor", "control_body")}
        self.requests = {}

    # ------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------

    def register(self):
        """Register the requests of the stories with their histories, before anybody executes in the city.

        What the executors did with them is told along with all other requests.
        """
        rows = self.demo._read_own("stories", self.key)
        self.applicants = self.env["res.partner"].search(
            [("company_id", "=", self.company.id), ("applicant_kind", "=", "resident")], order="id", limit=len(rows)
        )
        entries = [self._prepare_request(row, partner) for row, partner in zip(rows, self.applicants, strict=True)]
        requests = self.env["contact.center.request"]._register_with_history(entries)
        self.requests = {row["story"]: request for row, request in zip(rows, requests, strict=True)}

    def _prepare_request(self, row, partner):
        """Return ``(values, moves)`` of the request of a story."""
        age = int(row["age"])
        registered = on_day(self.company, -age, 8 + self.random.randint(0, 9), self.random.randint(0, 59))
        begun = registered + timedelta(hours=self.random.uniform(0.5, 5))
        petition = next(petition for petition in self.petitions if petition["story"] == row["story"])
        decided = petition["decided"] and on_day(self.company, -int(petition["decided"]), DECIDED_HOUR)
        dates = [registered, begun.replace(microsecond=0), decided]
        roles = ("operator", "operator", "control_body")
        moves = [
            Move(state, date, None, self.users[role].id, role)
            for state, date, role in zip(PATHS[row["state"]], dates, roles, strict=False)
        ]
        return {
            **self._prepare_matter(row, partner),
            **self._prepare_end(row["state"], petition, decided, partner),
        }, moves

    def _prepare_matter(self, row, partner):
        category = self.demo._get_category(row["category"])
        values = {
            "company_id": self.company.id,
            "channel": "phone",
            "category_id": category.id,
            "description": row["description"],
            "partner_id": partner.id,
            "phone": partner.phone,
            "user_id": self.users["operator"].id,
        }
        if row["street"]:
            street = self._get_street(row["street"])
            values.update(street_id=street.id, house=row["house"], latitude=street.latitude, longitude=street.longitude)
        return values

    def _get_street(self, name):
        return self.env["contact.center.street"].search(
            [("company_id", "=", self.company.id), ("name", "=", name)], limit=1
        )

    def _prepare_end(self, state, petition, decided, partner):
        """Return what the decision of the control body left at the request."""
        informed = {"informed_by": partner.inform_by or "phone", "informed_at": decided}
        if state == "planned":
            return {"plan_year": self._get_plan_year(), "plan_document": petition["plan_document"]}
        if state == "closed":
            return {"closing_reason": "cannot_solve", "result": petition["reason"], **informed}
        return {}

    def _get_plan_year(self):
        return self.company._get_today().year + 1

    # ------------------------------------------------------------
    # Petitions
    # ------------------------------------------------------------

    def play(self):
        """Let the executors petition and explain, one thing after the other."""
        for row in sorted(self.petitions, key=lambda row: -int(row["filed"])):
            self._petition(row)
        self._explain()

    def _petition(self, row):
        """File one petition at its time, and decide it."""
        part = self.requests[row["story"]].lead_id
        operator = part.executor_id._get_users()[:1]
        filed = on_day(self.company, -int(row["filed"]), FILED_HOUR, self.random.randint(0, 59))
        days = self.company.contact_center_decision_days
        petition = self.env["contact.center.petition"].create(
            {
                "assignment_id": part.id,
                "kind": row["kind"],
                "state": "to_confirm" if row["state"] == "to_confirm" else "submitted",
                "reason": row["reason"],
                "change": row["change"] or False,
                "proposed_executor_id": row["executor"] and self.demo._get_executor(self.key, row["executor"]).id,
                "until": row["until"] and self._get_date(row["until"]),
                "plan_year": row["kind"] == "long_term_plan" and self._get_plan_year(),
                "plan_document": row["plan_document"] or False,
                "late": row["kind"] == "cannot_solve" and self._is_late(part, filed),
                "user_id": operator.id,
                "petitioned_at": filed,
                "decision_by": self.company._add_working_days(days, filed),
            }
        )
        self._attach_evidence(petition, row)
        self._record(petition, "petitioned", filed, operator, "executor", row["reason"])
        if row["kind"] == "extension_again" and row["state"] == "submitted":
            self._confirm(petition, row)
        if row["decided"]:
            self._decide(petition, row)
        elif row["state"] == "submitted":
            # They find it among their activities; a message about each would be too much at once.
            petition.with_context(mail_activity_quick_update=True)._call_deciders()

    def _get_date(self, days):
        return self.company._get_today() + timedelta(days=int(days))

    def _is_late(self, part, filed):
        return filed - part.request_id.registered_at > timedelta(days=JUSTIFICATION_DAYS)

    def _attach_evidence(self, petition, row):
        if not row["evidence"]:
            return
        [name] = self.demo._get_own_phrases(self.key, "evidence")
        with file_open(f"contact_center_base/demo/{row['evidence']}", "rb") as file:
            content = file.read()
        self.env["ir.attachment"].create(
            {
                "name": f"{name}.png",
                "raw": content,
                "mimetype": "image/png",
                "res_model": petition._name,
                "res_id": petition.id,
            }
        )

    def _confirm(self, petition, row):
        """Let the head of the executor confirm a further additional control and name who answers for it (KR-8.2.2)."""
        head = petition.executor_id._get_heads()[:1]
        confirmed = on_day(self.company, -int(row["filed"]), CONFIRMED_HOUR)
        petition.write(
            {
                "responsible_id": petition.executor_id.responsible_ids[:1].id,
                "confirmed_by_id": head.id,
                "confirmed_at": confirmed,
                "informed_ids": [Command.set(petition.executor_id._get_control_bodies().ids)],
            }
        )

    def _decide(self, petition, row):
        """Note a decision at its time, with the longer term where that was granted."""
        decided = on_day(self.company, -int(row["decided"]), DECIDED_HOUR)
        role = DECIDERS[row["kind"]]
        user = self.users[role]
        values = {"state": row["state"], "decided_by_id": user.id, "decided_at": decided, "decision": row["decision"]}
        granted = row["state"] == "granted"
        if granted and row["kind"] == "extension":
            values["granted_until"] = petition.until
        petition.write(values)
        # The index allows one open petition of a kind: this one is written before the next.
        petition.flush_recordset()
        self._record(petition, "decided", decided, user, role, row["decision"])
        if granted and row["kind"] == "extension":
            self._extend(petition, decided, user, role)

    def _extend(self, petition, decided, user, role):
        request = petition.request_id
        interval = {"kind": "extension", "start": decided, "until": petition.until, "reason": petition.reason}
        request.interval_ids = [Command.create({**interval, "user_id": user.id})]
        event = {"kind": "extended", "date": decided, "user_id": user.id, "role": role, "comment": petition.decision}
        self.env["contact.center.request.event"]._add([(request, event)])

    def _record(self, record, kind, date, user, role, text):
        """Add a line about a petition or an explanation to the history of its request, at its own time."""
        executor = record.executor_id
        if record._name == "contact.center.petition":
            text = record._describe(text)
        event = {"kind": kind, "date": date, "user_id": user.id, "role": role, "executor_id": executor.id}
        event["comment"] = f"{executor.name}: {text}"
        self.env["contact.center.request.event"]._add([(record.assignment_id.request_id, event)])

    # ------------------------------------------------------------
    # Explanations
    # ------------------------------------------------------------

    def _explain(self):
        """Demand explanations of officials (MA-4.1.5): one answered, one overdue, others to come."""
        supervisor = self.users["supervisor"]
        for row in self.demo._read_own("explanations", self.key):
            part = self.requests[row["story"]].lead_id
            people = {person.name: person for person in part.executor_id.partner_id.child_ids}
            answered = row["answered"] and on_day(self.company, -int(row["answered"]), CONFIRMED_HOUR)
            explanation = self.env["contact.center.explanation"].create(
                {
                    "assignment_id": part.id,
                    "person_id": people[row["person"]].id,
                    "form": row["form"],
                    "text": row["text"],
                    "demanded_by_id": supervisor.id,
                    "demanded_at": on_day(self.company, -int(row["demanded"]), DECIDED_HOUR),
                    "due_date": self._get_date(row["due"]),
                    "answer_text": row["answer"] or False,
                    "answered_at": answered,
                    "answered_by_id": answered and supervisor.id,
                }
            )
            name = row["person"]
            self._record(
                explanation, "explained", explanation.demanded_at, supervisor, "supervisor", f"{name}: {row['text']}"
            )
            if answered:
                self._record(explanation, "explained", answered, supervisor, "supervisor", f"{name}: {row['answer']}")
