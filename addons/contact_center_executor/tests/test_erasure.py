"""The proof (KP-3.10): what was planted into every personal field is nowhere in the whole database afterwards."""

from pathlib import Path

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.contact_center_base.privacy import EMAIL, PERSON, PHONE

from ..models.contact_center_dispatch_contact import OUTCOMES
from .common import ExecutorCase, clause

MARKER = "Zqxmarker"
PHONE_MARKER = "+380509183746"
EMAIL_MARKER = "zqxmarker@example.com"
#: What stands in fields of these kinds; in others it is the marker.
KINDS = {PHONE: PHONE_MARKER, EMAIL: EMAIL_MARKER}


class TestErasureProof(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.privacy = cls.env["contact.center.privacy"].sudo()
        cls.person = cls.env["res.partner"].create(
            {
                "name": f"{MARKER} Person",
                "phone": PHONE_MARKER,
                "email": EMAIL_MARKER,
                "street": MARKER,
                "comment": MARKER,
                "applicant_kind": "resident",
                "company_id": cls.city.id,
            }
        )
        cls.account = cls.env["res.users"].create(
            {
                "partner_id": cls.person.id,
                "login": EMAIL_MARKER,
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
        )
        cls.env["contact.center.phone"].create({"partner_id": cls.person.id, "number": "+380509183747"})
        cls.assignment = cls.make_assignment(partner_id=cls.person.id, phone=PHONE_MARKER, email=EMAIL_MARKER)
        cls.request = cls.assignment.request_id
        cls.make_rows()
        cls.make_beside(cls.request)
        cls.make_beside(cls.assignment)
        cls.make_beside(cls.person)
        cls.plant()
        cls.request._transition("done", result=MARKER, informed_by="phone", comment=MARKER)

    @classmethod
    def make_rows(cls):
        """Make at least one row of every model that hangs on the request or the person."""
        env, request, assignment = cls.env, cls.request, cls.assignment
        now = fields.Datetime.now()
        about = {"request_id": request.id}
        part = {"assignment_id": assignment.id}
        rows = {
            "contact.center.question": {**about, "text": "?", "channel": "phone", "answer_by": now, "closed_at": now},
            "contact.center.clock.interval": {
                **about,
                "kind": "extension",
                "amount": 1,
                "unit": "working_days",
                "reason": "?",
            },
            "contact.center.participant": {**about, "partner_id": cls.person.id},
            "contact.center.rating": {**about, "value": 1, "round": 1, "rated_at": now},
            "contact.center.notice": {
                **about,
                "partner_id": cls.person.id,
                "kind": "registered",
                "channel": "email",
                "send_at": now,
            },
            "contact.center.call": {**about, "partner_id": cls.person.id, "pbx_call_id": "1", "ended_at": now},
            "contact.center.blocked.number": {
                "number": PHONE_MARKER,
                "partner_id": cls.person.id,
                "reason": "other",
                "statement": "?",
            },
            "contact.center.ask": {**about, "text": "?"},
            "contact.center.extend": {"request_ids": request.ids, "reason": "?"},
            "contact.center.transition": {"request_ids": request.ids, "target": "done"},
            "contact.center.dispatch.contact": {**part, "called": "?", "outcome": OUTCOMES[0][0]},
            "contact.center.escalation": {**part, "step": "unseen", "reference": now},
            "contact.center.explanation": {
                **part,
                "person_id": cls.light_head.partner_id.id,
                "text": "?",
                "due_date": now,
            },
            "contact.center.notification": {**part, "partner_id": cls.light_head.partner_id.id, "kind": "comment"},
            "contact.center.petition": {**part, "kind": "cannot_solve", "reason": "?"},
            "contact.center.assign": {
                "request_ids": request.ids,
                "executor_id": cls.light.id,
                "role": "lead",
                "reason": "?",
            },
            "contact.center.explanation.demand": {
                **part,
                "person_id": cls.light_head.partner_id.id,
                "text": "?",
                "due_date": now,
            },
            "contact.center.petition.file": {**part, "kind": "cannot_solve", "reason": "?"},
            "contact.center.result": part,
            "contact.center.review": {
                "assignment_ids": assignment.ids,
                "decision": "agree",
                "reason": "?",
            },
        }
        made = {model: env[model].sudo().create([values]) for model, values in rows.items()}
        env["contact.center.call.refuse"].create(
            {"call_id": made["contact.center.call"].id, "number": PHONE_MARKER, "statement": "?", "reason": "other"}
        )
        env["contact.center.explanation.answer"].create(
            {"explanation_id": made["contact.center.explanation"].id, "answer_text": "?"}
        )
        env["contact.center.rating.decide"].create({"rating_id": made["contact.center.rating"].id, "comment": "?"})
        env["contact.center.petition.decide"].create({"petition_id": made["contact.center.petition"].id})
        env["contact.center.confirmed.contact"]._confirm(cls.account, "email", EMAIL_MARKER)
        env["contact.center.consent"]._record(cls.city, partner=cls.person, request=request)
        env["contact.center.request.event"]._record(request, "changed", comment=MARKER)

    @classmethod
    def make_beside(cls, record):
        """Make everything that Odoo keeps beside a record."""
        env = cls.env
        record = record.sudo()
        message = record.message_post(
            body=MARKER, subject=MARKER, attachments=[(f"{MARKER}.txt", MARKER.encode())], email_from=EMAIL_MARKER
        )
        env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": env["ir.model.fields"]._get(record._name, "display_name").id,
                "old_value_char": MARKER,
                "new_value_char": MARKER,
            }
        )
        env["mail.mail"].create(
            {"mail_message_id": message.id, "email_to": EMAIL_MARKER, "recipient_ids": [(4, cls.person.id)]}
        )
        env["sms.sms"].create({"mail_message_id": message.id, "number": PHONE_MARKER, "body": MARKER})
        env["sms.sms"].create({"number": PHONE_MARKER, "body": MARKER})
        env["mail.mail"].create({"email_to": EMAIL_MARKER, "body_html": MARKER, "subject": MARKER})
        env["mail.notification"].create(
            {"mail_message_id": message.id, "res_partner_id": cls.person.id, "failure_reason": MARKER}
        )
        record.activity_schedule("mail.mail_activity_data_todo", summary=MARKER, note=MARKER)
        record.message_subscribe(cls.person.ids)
        cls.photo = env["ir.attachment"].create(
            {
                "name": f"{MARKER}.jpg",
                "raw": f"{MARKER} picture".encode(),
                "res_model": record._name,
                "res_id": record.id,
                "description": MARKER,
            }
        )

    @classmethod
    def get_personal(cls):
        """Return what is personal in the models of this addon and of the base; other addons prove theirs."""
        ours = ("contact_center_base", "contact_center_executor")
        personal = cls.privacy._get_personal()
        return {model: data for model, data in personal.items() if cls.env[model]._original_module in ours}

    @classmethod
    def plant(cls):
        """Write the marker into every personal text column of every row that is found to be the person's."""
        cls.env.flush_all()
        cls.empty = []
        contacts = cls.person._get_contacts()
        for model, personal in cls.get_personal().items():
            domain = cls.privacy._get_domain_of_people(personal, cls.person, contacts)
            if personal.request:
                domain |= Domain(personal.request, "in", cls.request.ids)
            rows = cls.privacy._find_rows(model, domain)
            if not rows:
                cls.empty += [model] if personal.request or personal.person else []
                continue
            for name, kind in personal.fields.items():
                field = rows._fields[name]
                if field.store and field.type in ("char", "text", "html") and kind != PERSON:
                    cls.write(rows, name, KINDS.get(kind, MARKER))
        cls.env.invalidate_all()

    @classmethod
    def write(cls, rows, name, value):
        cls.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id IN %s",
                SQL.identifier(rows._table),
                SQL.identifier(name),
                value,
                rows._ids,
            )
        )

    def find(self, *values):
        """Return ``{table: rows}`` in which one of some texts stands in whatever column."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                "SELECT table_name FROM information_schema.tables"
                " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            )
        )
        found = {}
        for (table,) in tables:
            [[count]] = self.env.execute_query(
                SQL(
                    "SELECT count(*) FROM %s AS row WHERE row::text ILIKE ANY(%s)",
                    SQL.identifier(table),
                    [f"%{value}%" for value in values],
                )
            )
            if count:
                found[table] = count
        return found

    def get_traces(self):
        return self.find(MARKER, EMAIL_MARKER, PHONE_MARKER, PHONE_MARKER[1:])

    def test_there_is_something_in_every_model(self):
        self.assertEqual(self.empty, ["contact.center.erasure"])
        tables = {self.env[model]._table for model in self.get_personal()} - {"contact_center_erasure"}
        # A consent has no text of its own; files of imports belong to nobody by a link.
        without = {"contact_center_consent", "contact_center_import", "contact_center_import_error"}
        self.assertFalse(tables - without - set(self.get_traces()))

    @clause("KP-3.10")
    def test_nothing_of_an_erased_person_is_left_anywhere(self):
        self.assertIn("contact_center_request", self.get_traces())
        store = Path(self.env["ir.attachment"]._full_path(self.photo.store_fname))
        self.assertTrue(store.exists())
        erasure = self.env["contact.center.erasure"].with_user(self.head).create({"partner_ids": self.person.ids})
        erasure.action_erase()
        self.assertFalse(self.get_traces())
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertFalse(store.exists())
        self.assertGreater(erasure.counts["contact.center.request"], 0)

    @clause("KP-3.10")
    def test_figures_stay(self):
        kept = ("number", "state", "request_class", "category_id", "district_id", "registered_at", "finished_at")
        before = self.request.read(kept)
        self.env["contact.center.erasure"].create({"partner_ids": self.person.ids}).with_user(self.head).action_erase()
        self.assertEqual(self.request.read(kept), before)
        self.assertTrue(self.request.anonymised_at)
        self.assertTrue(self.assignment.exists())

    @clause("KP-3.10")
    def test_nothing_of_a_deleted_request_is_left_but_its_number(self):
        number = self.request.number
        self.privacy._delete_requests(self.request)
        self.assertFalse(self.request.exists() or self.assignment.exists())
        self.assertNotIn("contact_center_request", self.get_traces())
        self.assertEqual(set(self.find(number)), {"contact_center_tombstone"})
