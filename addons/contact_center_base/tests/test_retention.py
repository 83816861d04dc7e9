from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError

from .common import ContactCenterCase, clause


class TestRetention(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.city.contact_center_retention = True
        cls.own = cls.env["contact.center.retention.rule"].create(
            {"company_id": cls.city.id, "request_class": "request", "anonymise_days": 10, "delete_days": 20}
        )
        cls.request = cls.make_request()

    def finish(self, request):
        request._transition("done", result="Mended", informed_by="phone")
        return request

    def apply_after(self, days):
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            self.run_cron(self.env.ref("contact_center_base.ir_cron_retention"))

    @clause("KP-3.10")
    def test_finished_requests_lose_their_personal_data_in_time(self):
        self.finish(self.request)
        self.apply_after(9)
        self.assertEqual(self.request.description, "A hole in the road")
        self.apply_after(11)
        self.assertFalse(self.request.description or self.request.partner_id or self.request.result)
        self.assertEqual((self.request.state, self.request.category_id), ("done", self.pothole))
        self.assertEqual(self.request.event_ids[-1:].kind, "erased")

    @clause("KP-3.10")
    def test_deleted_ones_leave_their_number(self):
        number, registered_at = self.finish(self.request).number, self.request.registered_at
        self.apply_after(21)
        self.assertFalse(self.request.exists())
        [left] = self.env["contact.center.tombstone"].search([])
        self.assertEqual((left.number, left.registered_at), (number, registered_at))
        self.assertEqual(left.request_class, "request")

    @clause("KP-3.10")
    def test_open_requests_are_never_touched(self):
        self.apply_after(4000)
        self.assertEqual(self.request.description, "A hole in the road")

    def test_nothing_happens_where_it_is_switched_off(self):
        self.city.contact_center_retention = False
        self.finish(self.request)
        self.apply_after(4000)
        self.assertEqual(self.request.description, "A hole in the road")

    def test_class_without_own_rule_is_kept_as_proposed(self):
        complaint = self.finish(self.make_request(request_class="complaint"))
        self.apply_after(1094)
        self.assertEqual(complaint.description, "A hole in the road")
        self.apply_after(1096)
        self.assertFalse(complaint.description)

    def test_applicant_goes_with_the_last_request(self):
        self.finish(self.request)
        other = self.make_request()
        self.apply_after(11)
        self.assertTrue(self.resident.exists())
        self.finish(other)
        self.apply_after(23)
        self.assertFalse(self.resident.exists())

    def test_numbers_of_calls_without_request_are_forgotten(self):
        call = self.env["contact.center.call"].create(
            {"number": "+380501112233", "partner_id": self.resident.id, "started_at": fields.Datetime.now()}
        )
        self.apply_after(1094)
        self.assertTrue(call.number)
        self.apply_after(1096)
        self.assertFalse(call.number or call.partner_id)

    def test_city_changes_only_its_own_rules(self):
        self.own.with_user(self.head).anonymise_days = 15
        common = self.env.ref("contact_center_base.contact_center_retention_rule_request")
        with self.assertRaises(AccessError):
            common.with_user(self.head).anonymise_days = 15
