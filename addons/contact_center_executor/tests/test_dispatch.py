"""Emergencies and the dispatch services of executors (MA-2.2.2, MA-3.1.4)."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import ExecutorCase, clause


@freeze_time("2026-01-12 22:00:00")  # at night
class TestDispatch(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.light.write({"dispatch_phone": "+380564112233", "dispatch_email": "dispatch@light.example"})

    def get_mails(self):
        return self.env["mail.mail"].sudo().search([("email_to", "like", "dispatch@light.example")])

    @clause("MA-2.2.2", "MA-3.1.4")
    def test_an_emergency_goes_to_the_dispatch_service_at_once(self):
        assignment = self.make_assignment(priority="3", description="A wire lies on the pavement")
        mail = self.get_mails()
        self.assertEqual(mail.state, "outgoing", "queued, not sent within the transaction")
        self.assertIn(assignment.number, mail.subject)
        self.assertIn("A wire lies on the pavement", mail.body_html)
        self.assertNotIn("+380501234567", mail.body_html, "the applicant's phone isn't for executors here")
        call = assignment.request_id.activity_ids
        self.assertEqual(call.user_id, self.operator)
        self.assertIn("+380564112233", call.summary)
        log = assignment.dispatch_contact_ids
        self.assertEqual((log.called, log.outcome), ("dispatch@light.example", "sent"))

    def test_an_ordinary_request_does_not(self):
        assignment = self.make_assignment()
        self.assertFalse(self.get_mails())
        self.assertFalse(assignment.request_id.activity_ids)

    def test_what_becomes_an_emergency_goes_there_once(self):
        request = self.make_assignment().request_id
        request.with_user(self.operator).priority = "3"
        self.assertEqual(len(self.get_mails()), 1)
        request.with_user(self.operator).priority = "1"
        request.with_user(self.operator).priority = "3"
        self.assertEqual(len(self.get_mails()), 1)

    def test_the_next_executor_is_told_too(self):
        request = self.make_assignment(priority="3").request_id
        self.roads.dispatch_email = "dispatch@roads.example"
        request.with_user(self.operator).assign(self.roads, reason="The road caved in")
        told = request.assignment_ids.dispatch_contact_ids.mapped("called")
        self.assertCountEqual(told, ["dispatch@light.example", "dispatch@roads.example"])

    def test_without_a_dispatch_service_the_operator_calls_somebody(self):
        self.light.write({"dispatch_phone": False, "dispatch_email": False})
        assignment = self.make_assignment(priority="3")
        self.assertFalse(assignment.dispatch_contact_ids)
        self.assertIn("responsible person", assignment.request_id.activity_ids.summary)

    @clause("MA-3.1.4")
    def test_calls_are_logged_from_the_assignment(self):
        assignment = self.make_assignment(priority="3")
        action = self.env.ref("contact_center_executor.contact_center_dispatch_contact_action_note")
        self.assertIn("default_assignment_id", action.context)
        contacts = self.env["contact.center.dispatch.contact"].with_user(self.operator)
        with Form(contacts.with_context(default_assignment_id=assignment.id)) as form:
            self.assertEqual(form.called, "+380564112233")
            form.outcome = "crew"
            form.note = "Crew 4 is there in 20 minutes"
        contact = form.save()
        self.assertEqual(contact.user_id, self.operator)
        event = assignment.request_id.event_ids[-1]
        self.assertEqual(event.kind, "dispatched")
        self.assertIn("Crew 4 is there in 20 minutes", event.comment)

    def test_the_log_is_not_changed(self):
        contact = self.make_assignment(priority="3").dispatch_contact_ids
        with self.assertRaises(AccessError):
            contact.with_user(self.head).write({"outcome": "reached"})
        with self.assertRaises(UserError):
            contact.unlink()
        values = {"assignment_id": contact.assignment_id.id, "called": "112", "outcome": "reached"}
        noted = contact.with_user(self.operator).create([{**values, "user_id": self.head.id}])
        self.assertEqual(noted.user_id, self.operator, "nobody notes a call in another's name")
        with self.assertRaises(ValidationError):
            contact.with_user(self.operator).create([{**values, "date": "2026-01-13 08:00:00"}])

    def test_executors_do_not_read_the_log(self):
        contact = self.make_assignment(priority="3").dispatch_contact_ids
        with self.assertRaises(AccessError):
            contact.with_user(self.light_head).read(["note"])
