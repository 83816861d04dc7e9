from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common import ContactCenterCase, clause
from .pages import CityPagesCase


class TestConsentText(ContactCenterCase):
    def make_text(self, **values):
        values = {"statement": "I agree", "body": "<p>All of it</p>", "company_id": self.city.id, **values}
        return self.env["contact.center.consent.text"].create([values])

    def get_current(self):
        return self.env["contact.center.consent.text"]._get_current(self.city)

    def test_city_without_text_uses_the_one_for_all(self):
        self.assertEqual(self.get_current(), self.env.ref("contact_center_base.contact_center_consent_text_default"))

    def test_own_text_comes_into_force_at_its_time(self):
        now = fields.Datetime.now()
        first = self.make_text(valid_from=now - timedelta(days=1))
        coming = self.make_text(valid_from=now + timedelta(days=1))
        self.assertEqual([first.version, coming.version], [1, 2])
        self.assertEqual(self.get_current(), first)
        coming.valid_from = now - timedelta(hours=1)
        self.assertEqual(self.get_current(), coming)

    def test_text_of_another_city_is_not_used(self):
        other = self.env["res.company"].create({"name": "Inshe"})
        text = self.make_text(company_id=other.id, valid_from=fields.Datetime.now())
        self.assertNotEqual(self.get_current(), text)

    @clause("KP-3.10")
    def test_text_in_force_stays_as_it_was_read(self):
        text = self.make_text(valid_from=fields.Datetime.now())
        for change in (
            lambda: text.write({"statement": "I agree to more"}),
            lambda: text.write({"valid_from": fields.Datetime.now() + timedelta(days=1)}),
            lambda: text.update_field_translations("statement", {"en_US": "I agree to more"}),
            text.unlink,
        ):
            with self.assertRaisesRegex(UserError, "duplicate"):
                change()
        self.assertFalse(text.copy().in_force)


class TestConsent(ContactCenterCase):
    def record(self, **values):
        return self.env["contact.center.consent"]._record(self.city, **values)

    @clause("KP-3.10")
    def test_consent_keeps_version_language_and_channel(self):
        consent = self.record(partner=self.resident, request=self.make_request(), channel="web")
        self.assertEqual(consent.text_id, self.env["contact.center.consent.text"]._get_current(self.city))
        self.assertEqual((consent.lang, consent.channel), ("en_US", "web"))
        self.assertTrue(consent.given_at)

    def test_consent_of_nobody_is_refused(self):
        with self.assertRaises(UserError):
            self.record()

    def test_residents_give_it_without_rights(self):
        public = self.env["contact.center.consent"].with_user(self.env.ref("base.public_user"))
        self.assertTrue(public._record(self.city, request=self.make_request()))

    @clause("KP-3.10")
    def test_operator_notes_that_it_was_withdrawn_and_nothing_else(self):
        consent = self.record(partner=self.resident).with_user(self.operator)
        with self.assertRaises(AccessError):
            consent.write({"channel": "paper"})
        consent.action_withdraw()
        withdrawn_at = consent.withdrawn_at
        self.assertTrue(withdrawn_at)
        consent.action_withdraw()
        self.assertEqual(consent.withdrawn_at, withdrawn_at)

    def test_consent_to_a_restricted_request_is_for_the_named(self):
        consent = self.record(request=self.make_request(self.restricted_officer, category_id=self.corruption.id))
        with self.assertRaises(AccessError):
            consent.with_user(self.operator_2).action_withdraw()
        self.assertTrue(consent.with_user(self.restricted_officer).has_access("read"))


class TestPrivacyPage(CityPagesCase):
    @clause("KP-3.10")
    def test_page_shows_the_text_in_force_and_the_rights(self):
        self.env["contact.center.consent.text"].create(
            {
                "statement": "I agree to the terms of Testopil",
                "body": "<p>Kept for a year</p>",
                "company_id": self.city.id,
                "valid_from": fields.Datetime.now(),
            }
        )
        text = self.read(self.get("privacy")).text_content()
        for words in ("I agree to the terms of Testopil", "Kept for a year", "erased"):
            self.assertIn(words, text)

    def test_every_page_of_the_city_leads_there(self):
        self.assertTrue(self.read(self.get()).xpath(f"//a[@href='{self.path('privacy')}']"))
