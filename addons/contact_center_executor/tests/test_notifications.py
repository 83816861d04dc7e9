"""E-mails about assignments: who gets them, when, in how many, and never twice."""

from contextlib import suppress
from datetime import datetime, timezone
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from odoo.addons.contact_center_base.clock import Attendance, Calendar

from ..digest import sending_moment
from .common import ExecutorCase, clause

OFFICE = Calendar("Europe/Kyiv", tuple(Attendance(day, *hours) for day in range(5) for hours in ((8, 12), (13, 17))))


@tagged("post_install", "-at_install")
class TestSendingMoment(BaseCase):
    def assertSent(self, digest, moment, expected):
        sent = sending_moment(digest, datetime.fromisoformat(moment).replace(tzinfo=timezone.utc), OFFICE)
        self.assertEqual(sent.strftime("%Y-%m-%d %H:%M"), expected)

    def test_at_once_in_working_hours_else_when_they_begin(self):
        self.assertSent("at_once", "2026-01-12 08:10", "2026-01-12 08:10")
        self.assertSent("at_once", "2026-01-12 22:00", "2026-01-13 06:00")
        self.assertSent("at_once", "2026-01-17 10:00", "2026-01-19 06:00")

    def test_hourly_with_the_next_full_hour(self):
        self.assertSent("hourly", "2026-01-12 08:10", "2026-01-12 09:00")
        self.assertSent("hourly", "2026-01-12 08:00", "2026-01-12 09:00")
        self.assertSent("hourly", "2026-01-12 14:30", "2026-01-13 06:00")

    def test_daily_when_a_working_day_begins(self):
        self.assertSent("daily", "2026-01-12 05:00", "2026-01-12 06:00")
        self.assertSent("daily", "2026-01-12 08:10", "2026-01-13 06:00")
        self.assertSent("daily", "2026-01-16 08:10", "2026-01-19 06:00")

    def test_the_hour_follows_the_clock_of_the_city(self):
        self.assertSent("daily", "2026-07-13 09:00", "2026-07-14 05:00")


@freeze_time("2026-01-12 08:00:00")  # a Monday, 10:00 in the city
class TestNotifications(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("contact_center_executor.ir_cron_send_notifications")
        for user in (cls.light_operator, cls.light_head, cls.roads_operator):
            user.email = f"{user.login}@example.com"

    def send_at(self, moment):
        with freeze_time(moment):
            self.run_cron(self.cron)

    def mails(self, user):
        return self.env["mail.mail"].search([("recipient_ids", "in", user.partner_id.ids)], order="id")

    def queued(self, user):
        return self.env["contact.center.notification"].search([("user_id", "=", user.id)])

    def start(self, assignment):
        """Forget the news about a new assignment."""
        self.env["contact.center.notification"].search([]).unlink()
        return assignment

    @clause("KR-10.3")
    def test_a_return_for_rework_is_mailed_at_once_to_whoever_wants_a_daily_digest(self):
        self.light_operator.contact_center_digest = "daily"
        assignment = self.make_assignment()
        self.work_through(assignment)
        self.start(assignment)
        with freeze_time("2026-01-12 20:00:00"):
            assignment.with_user(self.operator).return_for_rework("Still dark")
        self.send_at("2026-01-12 20:00:00")
        mail = self.mails(self.light_operator)
        self.assertEqual(len(mail), 1)
        self.assertIn("Returned for rework", mail.subject)
        self.assertIn("Still dark", mail.body_html)
        self.assertIn(f"/my/assignments/{assignment.id}", mail.body_html)
        self.assertEqual(mail.state, "outgoing")

    def test_ordinary_news_wait_for_working_hours_and_the_digest(self):
        self.light_head.contact_center_digest = "daily"
        with freeze_time("2026-01-12 20:00:00"):
            self.make_assignment()
        self.send_at("2026-01-12 20:10:00")
        self.assertFalse(self.mails(self.light_operator))
        self.send_at("2026-01-13 06:00:00")
        self.assertEqual(len(self.mails(self.light_operator)), 1)
        self.assertEqual(len(self.mails(self.light_head)), 1)
        with freeze_time("2026-01-13 09:00:00"):
            self.make_assignment(house="2")
        self.send_at("2026-01-13 14:00:00")
        self.assertEqual(len(self.mails(self.light_operator)), 2)
        self.assertEqual(len(self.mails(self.light_head)), 1)

    def test_an_emergency_at_any_hour(self):
        self.light_operator.contact_center_digest = "daily"
        with freeze_time("2026-01-17 23:00:00"):
            self.make_assignment(priority="3")
        self.send_at("2026-01-17 23:00:00")
        self.assertIn("Emergency", self.mails(self.light_operator).subject)

    def test_a_changed_wish_counts_for_what_waits(self):
        self.light_operator.contact_center_digest = "daily"
        self.make_assignment()
        self.assertEqual(str(self.queued(self.light_operator).send_at), "2026-01-13 06:00:00")
        self.light_operator.with_user(self.light_operator).contact_center_digest = "at_once"
        self.assertEqual(str(self.queued(self.light_operator).send_at), "2026-01-12 08:00:00")

    def test_one_mail_for_everything_that_is_due(self):
        first, second = self.make_assignment(house="1"), self.make_assignment(house="2")
        self.send_at("2026-01-12 08:00:00")
        mail = self.mails(self.light_operator)
        self.assertEqual(len(mail), 1)
        for assignment in (first, second):
            self.assertIn(assignment.number, mail.body_html)
        self.assertFalse(self.queued(self.light_operator))

    def test_never_twice(self):
        self.make_assignment()
        self.send_at("2026-01-12 08:00:00")
        self.send_at("2026-01-12 08:05:00")
        self.assertEqual(len(self.mails(self.light_operator)), 1)

    def test_killed_in_the_middle_nothing_is_lost_or_sent_twice(self):
        self.make_assignment()
        Notification = type(self.env["contact.center.notification"])
        send_due, turns = Notification._send_due, []

        def killed_in_the_second(notification):
            send_due(notification)
            turns.append(notification)
            if len(turns) == 2:
                raise KeyboardInterrupt

        with patch.object(Notification, "_send_due", killed_in_the_second), suppress(KeyboardInterrupt):
            self.send_at("2026-01-12 08:00:00")
        self.assertEqual(len(self.mails(self.light_operator) + self.mails(self.light_head)), 1)
        self.send_at("2026-01-12 08:05:00")
        self.assertEqual(len(self.mails(self.light_operator)), 1)
        self.assertEqual(len(self.mails(self.light_head)), 1)

    def test_who_acts_and_their_colleagues_are_not_written_to(self):
        assignment = self.start(self.make_assignment())
        assignment.with_user(self.light_operator).action_accept()
        self.assertFalse(self.queued(self.light_operator) + self.queued(self.light_head))

    def test_what_is_up_to_the_head_reaches_the_head(self):
        assignment = self.start(self.make_assignment())
        assignment.with_user(self.light_operator)._notify("petition_to_confirm", "One more week")
        self.assertTrue(self.queued(self.light_head))
        self.assertFalse(self.queued(self.light_operator))

    def test_other_executors_are_not_written_to(self):
        self.make_assignment()
        self.assertFalse(self.queued(self.roads_operator))

    def test_who_lost_access_or_left_is_not_written_to(self):
        self.make_assignment()
        self.light_operator.contact_center_executor_id = self.roads
        self.light_head.active = False
        self.send_at("2026-01-12 08:00:00")
        self.assertFalse(self.mails(self.light_operator) + self.mails(self.light_head))
        self.assertFalse(self.env["contact.center.notification"].search([("company_id", "=", self.city.id)]))

    def test_what_became_restricted_is_not_mailed(self):
        assignment = self.make_assignment()
        assignment.request_id.sudo().restricted = True
        self.send_at("2026-01-12 08:00:00")
        self.assertFalse(self.mails(self.light_operator))

    def test_mails_tell_nothing_of_the_applicant(self):
        self.make_assignment()
        self.send_at("2026-01-12 08:00:00")
        body = self.mails(self.light_operator).body_html
        for secret in (self.resident.name, self.resident.email, "501234567"):
            self.assertNotIn(secret, body)

    def test_what_people_wrote_stays_text(self):
        assignment = self.make_assignment()
        self.work_through(assignment)
        self.start(assignment)
        assignment.with_user(self.operator).return_for_rework("<b>Dark</b> & <script>alert(1)</script>")
        self.send_at("2026-01-12 08:00:00")
        self.assertIn("&lt;b&gt;Dark&lt;/b&gt; &amp;", self.mails(self.light_operator).body_html)

    def test_mails_speak_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        kind = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "contact.center.notification"), ("value", "=", "assigned")]
        )
        kind.with_context(lang="uk_UA").name = "Нове доручення"
        self.light_operator.lang = "uk_UA"
        self.make_assignment()
        self.send_at("2026-01-12 08:00:00")
        self.assertIn("Нове доручення", self.mails(self.light_operator).subject)
        self.assertIn("New assignment", self.mails(self.light_head).subject)
