from datetime import timedelta

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import ContactCenterCase, clause


class TestAccessLog(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.make_request(cls.restricted_officer, category_id=cls.corruption.id)
        cls.seen = cls.request.with_user(cls.restricted_officer)

    def get_log(self):
        return self.env["contact.center.access.log"].search([])

    @clause("KP-3.10")
    def test_reading_a_restricted_request_is_noted(self):
        self.restricted_officer.group_ids += self.env.ref("base.group_allow_export")
        for read in (
            lambda: self.seen.web_read({"description": {}}),
            lambda: self.seen.read(["description"]),
            lambda: self.seen.search_read([("id", "=", self.seen.id)], ["description"]),
            lambda: self.seen.web_search_read([("id", "=", self.seen.id)], {"description": {}}),
            lambda: self.seen.export_data(["description"]),
        ):
            before = self.get_log()
            with freeze_time(fields.Datetime.now() + timedelta(hours=2 * len(before))):
                read()
            line = self.get_log() - before
            self.assertEqual((line.user_id, line.request_id), (self.restricted_officer, self.request))

    def test_once_in_an_hour(self):
        with freeze_time("2026-03-02 10:05:00"):
            self.seen.read(["description"])
        with freeze_time("2026-03-02 10:55:00"):
            self.seen.read(["description"])
        self.assertEqual(len(self.get_log()), 1)
        with freeze_time("2026-03-02 11:05:00"):
            self.seen.read(["description"])
        self.assertEqual(len(self.get_log()), 2)

    def test_number_and_state_are_no_content(self):
        self.seen.read(["number", "state"])
        self.assertFalse(self.get_log())

    def test_other_requests_are_not_noted(self):
        request = self.make_request()
        request.with_user(self.operator).read(["description"])
        self.assertFalse(self.get_log())

    def test_many_are_noted_at_once(self):
        others = self.seen + self.seen.copy() + self.seen.copy()
        others.read(["description"])
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)), self.assertQueryCount(1):
            others._note_reading()
        self.assertEqual(len(self.get_log()), 6)

    @clause("KP-3.10")
    def test_nobody_changes_the_log(self):
        self.seen.read(["description"])
        line = self.get_log()
        for change in (lambda: line.write({"address": "here"}), line.unlink):
            with self.assertRaises(UserError):
                change()
        for query in ("UPDATE contact_center_access_log SET address = 'x'", "DELETE FROM contact_center_access_log"):
            with (
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_head_sees_who_looked_and_nothing_of_the_content(self):
        self.seen.read(["description"])
        line = self.get_log().with_user(self.head)
        [values] = line.web_read({"user_id": {}, "request_id": {"fields": {"display_name": {}}}})
        self.assertEqual(values["request_id"]["display_name"], self.request.number)
        supervisor = new_test_user(self.env, "cc_other", groups="contact_center_base.group_supervisor")
        with self.assertRaises(AccessError):
            line.with_user(supervisor).read(["user_id"])
