from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import ContactCenterCase


class TestApiKeys(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record = cls.env["contact.center.api.key"].create({"name": "City app", "can_report": True})

    def make(self, user=None):
        return self.record.with_user(user or self.technical_admin).action_make()["context"]["default_key"]

    def test_the_key_is_shown_once_and_not_kept(self):
        key = self.make()
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(k)::text FROM contact_center_api_key k WHERE id = %s", [self.record.id])
        [kept] = self.env.cr.fetchone()
        self.assertNotIn(key, kept)
        self.assertNotIn(key.removeprefix(self.record.prefix), kept)
        self.assertTrue(key.startswith(self.record.prefix))
        with self.assertRaises(AccessError):
            self.record.with_user(self.technical_admin).read(["digest"])

    def test_a_key_is_recognised_until_another_one_is_made(self):
        Key = self.env["contact.center.api.key"].with_user(self.env.ref("base.public_user"))
        first = self.make()
        self.assertEqual(Key._find(first).id, self.record.id)
        second = self.make()
        self.assertFalse(Key._find(first))
        self.assertEqual(Key._find(second).id, self.record.id)
        for wrong in ("", second[:-1], second + "x", "x" * 1000, "\ud7ff"):
            self.assertFalse(Key._find(wrong))

    def test_archived_keys_are_void(self):
        key = self.make()
        self.record.active = False
        self.assertFalse(self.env["contact.center.api.key"]._find(key))

    def test_scopes(self):
        self.record._check_scope(self.city, "report")
        self.record.can_report = False
        with self.assertRaises(AccessError):
            self.record._check_scope(self.city, "report")
        self.record._check_scope(self.city, "read")
        nobody = self.record.browse()
        nobody._check_scope(self.city, "read")
        with self.assertRaises(AccessError):
            nobody._check_scope(self.city, "report")
        with self.assertRaises(AccessError):
            self.record._check_scope(self.env["res.company"].create({"name": "Inshe"}), "read")

    def test_nobody_thinks_a_key_up(self):
        records = self.record.with_user(self.technical_admin)
        for vals in ({"digest": "0" * 64}, {"prefix": "cc_mine"}, {"made_at": fields.Datetime.now()}):
            with self.assertRaises(UserError):
                records.write(vals)
            with self.assertRaises(UserError):
                records.create({"name": "Mine", **vals})

    def test_who_may_not_change_it_makes_none(self):
        for user in (self.operator, self.head, self.employee):
            with self.assertRaises(AccessError):
                self.make(user)

    def test_use_is_noted_at_most_once_a_minute(self):
        def use(**delta):
            with self.freeze_shift(self.make_request(), **delta), self.enter_registry_test_mode():
                self.record._note_use()
            self.record.invalidate_recordset()
            return self.record.last_used_at

        first = use(hours=1)
        self.assertEqual(use(hours=1, seconds=50), first)
        self.assertGreater(use(hours=1, seconds=70), first)

    def test_the_form(self):
        with Form(self.record.browse().with_user(self.technical_admin)) as form:
            form.name = "Other app"
        self.assertEqual(form.record.user_id, self.technical_admin)
        self.assertFalse(form.record.can_report)
