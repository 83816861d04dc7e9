from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError

from ..models import contact_center_applicant_mixin
from .common import ContactCenterCase


class TestApplicantLinks(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.make_request()
        cls.neighbour = cls.env["res.partner"].create({"name": "Neighbour", "company_id": cls.city.id})
        cls.request.join(cls.neighbour)

    def find(self, token):
        return self.env["contact.center.request"]._find_by_link(token)

    def test_link_names_the_request_and_the_person(self):
        self.assertEqual(self.find(self.request._sign_link()), (self.request, self.resident))
        self.assertEqual(self.find(self.request._sign_link(self.neighbour)), (self.request, self.neighbour))

    def test_link_of_an_anonymous_request_names_nobody(self):
        request = self.make_request(partner_id=False)
        found, person = self.find(request._sign_link())
        self.assertEqual(found, request)
        self.assertFalse(person)

    def test_guessed_and_broken_links_open_nothing(self):
        token = self.request._sign_link()
        for wrong in ("", None, "1", "ї", token[:-4], token + "A" * 8, "AQ" + token, token.swapcase()):
            self.assertFalse(self.find(wrong)[0], wrong)

    def test_link_expires(self):
        token = self.request._sign_link()
        later = fields.Datetime.now() + timedelta(days=contact_center_applicant_mixin.LINK_DAYS + 1)
        with freeze_time(later):
            self.assertFalse(self.find(token)[0])

    def test_link_dies_with_the_person(self):
        token = self.request._sign_link(self.neighbour)
        self.request.sudo().participant_ids.unlink()
        self.assertFalse(self.find(token)[0])
        self.neighbour.unlink()
        self.assertFalse(self.find(token)[0])

    def test_link_of_another_database_is_worth_nothing(self):
        with patch.object(contact_center_applicant_mixin, "LINK_SCOPE", "something else"):
            token = self.request._sign_link()
        self.assertFalse(self.find(token)[0])


class TestActingAsApplicant(ContactCenterCase):
    def test_applicant_withdraws_and_history_says_so(self):
        request = self.make_request()
        values = {"closing_reason": "withdrawn", "result": "I mended it myself", "informed_by": "portal"}
        request.sudo()._as_applicant()._transition("closed", **values)
        self.assertEqual(request.event_ids[-1].role, "applicant")

    def test_applicant_closes_for_no_other_reason(self):
        request = self.make_request()
        values = {"closing_reason": "not_competent", "result": "No", "informed_by": "portal"}
        with self.assertRaises(AccessError):
            request._as_applicant()._transition("closed", **values)

    def test_applicant_does_no_work_of_the_centre(self):
        request = self.make_request()
        with self.assertRaises(AccessError):
            request._as_applicant()._transition("in_progress")

    def test_a_context_makes_nobody_an_applicant(self):
        request = self.make_request().with_user(self.supervisor).with_context(contact_center_applicant=True)
        self.assertEqual(request._get_roles(), {"operator", "supervisor"})
