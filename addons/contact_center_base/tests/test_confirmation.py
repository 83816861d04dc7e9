import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError

from ..models.contact_center_confirmation import ATTEMPTS, CODE_MINUTES
from .common import ContactCenterCase

PHONE = "+380671112233"
EMAIL = "olena@example.com"


class TestConfirmation(ContactCenterCase):
    def setUp(self):
        super().setUp()
        # Limits are counted by a cursor of their own, which shares the test's transaction here.
        shared = self.enter_registry_test_mode()
        shared.__enter__()
        self.addCleanup(shared.__exit__, None, None, None)
        public = self.env.ref("base.public_user")
        self.confirmation = self.env["contact.center.confirmation"].with_user(public).sudo()

    def send_code(self, contact=EMAIL, purpose="report"):
        """Have a code sent and return it, read from the message."""
        self.confirmation._send_code(self.city, contact, purpose)
        if "@" in contact:
            text = self.env["mail.mail"].search([("email_to", "=", contact)], order="id desc", limit=1).body_html
        else:
            text = self.env["sms.sms"].search([("number", "=", contact)], order="id desc", limit=1).body
        return re.search(r"\b\d{6}\b", text)[0]

    def check(self, code, contact=EMAIL, purpose="report"):
        return self.confirmation._check_code(self.city, contact, purpose, code)

    def wrong(self, code):
        return f"{(int(code) + 1) % 1_000_000:06}"

    def test_code_by_email_and_by_sms(self):
        self.assertTrue(self.check(self.send_code()))
        self.assertTrue(self.check(self.send_code(PHONE), contact="067 111-22-33"))

    def test_code_is_good_once(self):
        code = self.send_code()
        self.assertTrue(self.check(code))
        self.assertFalse(self.check(code))

    def test_code_with_spaces_is_the_same(self):
        code = self.send_code()
        self.assertTrue(self.check(f" {code[:3]} {code[3:]} "))

    def test_code_is_for_one_contact_purpose_and_city(self):
        code = self.send_code()
        other_city = self.env["res.company"].create({"name": "Inshe", "country_id": self.city.country_id.id})
        self.assertFalse(self.check(code, contact="other@example.com"))
        self.assertFalse(self.check(code, purpose="cabinet"))
        self.assertFalse(self.confirmation._check_code(other_city, EMAIL, "report", code))
        self.assertTrue(self.check(code))

    def test_new_code_replaces_the_old_one(self):
        old, new = self.send_code(), self.send_code()
        self.assertTrue(old == new or not self.check(old))
        self.assertTrue(self.check(new))

    def test_code_expires_and_is_forgotten(self):
        code = self.send_code()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=CODE_MINUTES, seconds=1)):
            self.assertFalse(self.check(code))
            self.confirmation._gc_expired()
        self.assertFalse(self.confirmation.search([]))

    def test_guesses_are_few(self):
        code = self.send_code()
        for _ in range(ATTEMPTS):
            self.assertFalse(self.check(self.wrong(code)))
        self.assertFalse(self.check(code))

    def test_guesses_count_when_the_transaction_fails(self):
        code = self.send_code()
        for _ in range(ATTEMPTS - 1):
            self.check(self.wrong(code))
        before = self.env["contact.center.rate.limit"].search([]).mapped("free_at")
        self.check(self.wrong(code))
        self.env["contact.center.rate.limit"].invalidate_model()
        self.assertNotEqual(self.env["contact.center.rate.limit"].search([]).mapped("free_at"), before)

    def test_what_is_no_code_is_wrong(self):
        self.send_code()
        for typed in (None, "", "0", "ї" * 6, "<script>", "1" * 5_000_000):
            self.confirmation.search([]).expires_at += timedelta(seconds=1)
            self.assertFalse(self.check(typed))

    def test_messages_to_one_contact_are_few(self):
        for _ in range(3):
            self.send_code()
        with self.assertRaisesRegex(UserError, "Too many"):
            self.send_code()
        self.send_code("other@example.com")

    def test_neither_contact_nor_code_is_kept(self):
        code = self.send_code()
        [row] = self.confirmation.search([]).read(["key", "code"])
        self.assertNotIn("olena", str(row))
        self.assertNotEqual(row["code"], code)

    def test_contacts_in_any_spelling(self):
        normalise = self.confirmation._normalise_contact
        self.assertEqual(normalise(self.city, " (067) 111 22 33 "), ("phone", PHONE))
        self.assertEqual(normalise(self.city, "Olena@Example.com\x00"), ("email", EMAIL))

    def test_what_is_no_contact_is_refused(self):
        for text in (None, "", "x", "@", "a@b@c", "1" * 300, "x" * 10_000_000 + "@example.com", "<script>"):
            with self.assertRaises(UserError, msg=str(text)[:20]):
                self.confirmation._normalise_contact(self.city, text)

    def test_message_is_in_the_language_of_the_visitor_and_of_the_city(self):
        self.city.email = "centre@example.com"
        self.send_code()
        mail = self.env["mail.mail"].search([("email_to", "=", EMAIL)])
        self.assertIn("Testopil", mail.body_html)
        self.assertIn("centre@example.com", mail.email_from)
