from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import clause
from .test_calls import CallCase

NUMBER = "+380671112233"


class TestBlockedNumbers(CallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Blocked = cls.env["contact.center.blocked.number"]
        cls.today = cls.city._to_local(fields.Datetime.now()).date()

    def refuse(self, number="067 111 22 33", user=None, **values):
        values = {"reason": "insults", "statement": "“You are all thieves!”", **values}
        return self.Blocked.with_user(user or self.operator).refuse_call(number, **values)

    def block(self, days=10, **values):
        record = self.refuse(**values)
        record.with_user(self.head).action_approve()
        record.with_user(self.technical_admin).block(self.today + timedelta(days=days))
        return record.sudo()

    # ------------------------------------------------------------
    # The chain
    # ------------------------------------------------------------

    @clause("KR-5.7")
    def test_memo_approval_block(self):
        record = self.refuse()
        self.assertEqual((record.number, record.state, record.user_id), (NUMBER, "memo", self.operator))
        self.assertFalse(self.Blocked._find_block(NUMBER, self.city), "a memo alone blocks nobody")
        record.with_user(self.head).action_approve()
        self.assertFalse(self.Blocked._find_block(NUMBER, self.city), "nor does the head's word")
        record.with_user(self.technical_admin).block(self.today)
        self.assertEqual(self.Blocked._find_block("067 111-22-33", self.city), record.sudo())
        self.assertEqual(
            (record.decided_by_id, record.blocked_by_id, record.blocked_until),
            (self.head, self.technical_admin, self.today),
        )
        self.assertTrue(record.refused_at <= record.decided_at <= record.blocked_at)

    @clause("KR-5.7")
    def test_the_memo_has_the_facts(self):
        memo = self.refuse().memo
        for fact in (NUMBER, self.operator.name, self.city.name, "Insults", "You are all thieves!"):
            self.assertIn(fact, memo)

    def test_what_the_caller_said_is_text_and_no_markup(self):
        self.assertIn("&lt;script&gt;", self.refuse(statement="<script>alert(1)</script>").memo)

    @clause("KR-5.7")
    def test_each_role_takes_its_step_only(self):
        record = self.refuse()
        for user in (self.operator, self.supervisor, self.technical_admin, self.analyst):
            with self.assertRaisesRegex(AccessError, "up to another role: Head of the centre"):
                record.with_user(user).action_approve()
            with self.assertRaises(AccessError):
                record.with_user(user).reject("No")
        record.with_user(self.head).action_approve()
        for user in (self.operator, self.supervisor, self.head):
            with self.assertRaisesRegex(AccessError, "up to another role: Technical administrator"):
                record.with_user(user).block(self.today)
        record.with_user(self.technical_admin).block(self.today)
        with self.assertRaisesRegex(AccessError, "up to another role"):
            record.with_user(self.head).lift("A mistake")
        for user in (self.control_body, self.analyst, self.technical_admin, self.employee):
            with self.assertRaisesRegex(AccessError, "Only operators"):
                self.refuse(user=user)

    @clause("KR-5.7")
    def test_nobody_writes_past_the_chain(self):
        record = self.refuse()
        record.with_user(self.head).action_approve()
        for user in (self.operator, self.head, self.technical_admin):
            with self.assertRaises(AccessError):
                record.with_user(user).write({"state": "blocked", "blocked_until": self.today})
            with self.assertRaises(AccessError):
                self.Blocked.with_user(user).create({"number": NUMBER, "reason": "other", "statement": "x"})
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            record.sudo().unlink()

    def test_steps_have_an_order(self):
        record = self.refuse()
        with self.assertRaisesRegex(AccessError, "."):
            record.with_user(self.technical_admin).block(self.today)
        record.with_user(self.head).reject("Not abusive enough")
        self.assertEqual((record.state, record.rejection_reason), ("rejected", "Not abusive enough"))
        with self.assertRaisesRegex(UserError, "is “Rejected” and can't become “Approved”"):
            record.with_user(self.head).action_approve()

    def test_words_are_required(self):
        with self.assertRaisesRegex(UserError, "Write what the caller said"):
            self.refuse(statement="  ")
        with self.assertRaisesRegex(UserError, "is no phone number"):
            self.refuse(number="hello")
        record = self.refuse()
        with self.assertRaisesRegex(UserError, "Write the reason"):
            record.with_user(self.head).reject(" ")

    def test_a_block_ends_in_the_future(self):
        record = self.refuse()
        record.with_user(self.head).action_approve()
        for until in (False, self.today - timedelta(days=1)):
            with self.assertRaisesRegex(UserError, "today or later"):
                record.with_user(self.technical_admin).block(until)

    @clause("KR-5.7")
    def test_those_who_take_the_next_step_are_told(self):
        record = self.refuse()
        message = (
            record.sudo()
            .env["mail.message"]
            .search(
                [
                    ("model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("partner_ids", "in", self.head.partner_id.ids),
                ]
            )
        )
        self.assertIn("waits for your decision", message.subject)
        record.with_user(self.head).action_approve()
        message = (
            record.sudo()
            .env["mail.message"]
            .search(
                [
                    ("model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("partner_ids", "in", self.technical_admin.partner_id.ids),
                ]
            )
        )
        self.assertIn("is to be blocked", message.subject)

    # ------------------------------------------------------------
    # The block
    # ------------------------------------------------------------

    @clause("KR-5.7")
    def test_one_active_block_of_a_number(self):
        self.block()
        second = self.refuse()
        second.with_user(self.head).action_approve()
        with self.assertRaisesRegex(UserError, "is already blocked until"):
            second.with_user(self.technical_admin).block(self.today)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            second.sudo().write({"state": "blocked", "blocked_until": self.today})
            self.env.flush_all()

    @clause("KR-5.7")
    def test_lifting_is_logged(self):
        record = self.block()
        record.with_user(self.technical_admin).lift("The number has a new owner")
        self.assertFalse(self.Blocked._find_block(NUMBER, self.city))
        self.assertEqual(
            (record.state, record.lifted_by_id, record.lift_reason),
            ("lifted", self.technical_admin, "The number has a new owner"),
        )

    @clause("KR-5.7")
    def test_a_block_expires_by_itself(self):
        record, longer = self.block(days=1), self.block(days=5, number="067 111 22 44")
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.assertFalse(self.Blocked._find_block(NUMBER, self.city), "also before the cron has come round")
            with self.enter_registry_test_mode():
                self.env.ref("contact_center_base.ir_cron_expire_blocks").method_direct_trigger()
        self.assertEqual((record.state, longer.state), ("expired", "blocked"))
        self.assertTrue(record.lifted_at)
        self.assertFalse(record.lifted_by_id)

    def test_the_last_day_is_a_day_of_the_city(self):
        record = self.block()
        record.blocked_until = date(2026, 3, 2)
        with freeze_time("2026-03-02 21:30:00"):  # 23:30 in Kyiv
            self.assertTrue(self.Blocked._find_block(NUMBER, self.city))
        with freeze_time("2026-03-02 22:30:00"):  # half past midnight
            self.assertFalse(self.Blocked._find_block(NUMBER, self.city))

    def test_blocks_belong_to_a_city(self):
        self.block()
        other = self.env["res.company"].create({"name": "Elsewhere", "country_id": self.city.country_id.id})
        self.assertFalse(self.Blocked._find_block(NUMBER, other))

    # ------------------------------------------------------------
    # Calls of blocked numbers
    # ------------------------------------------------------------

    @clause("KR-5.7")
    def test_a_blocked_caller_is_announced_and_logged(self):
        record = self.block()
        answer = self.report("ring", number=NUMBER, extension="201")
        self.assertEqual(answer["blocked_until"], str(record.blocked_until))
        self.report("ring", number=NUMBER, extension="201")
        self.report("hangup", at="2026-03-02T08:00:09Z")
        self.assertEqual(self.find().blocked_number_id, record)
        self.assertEqual(record.attempt_count, 1, "one call is one attempt")
        block = self.find().with_user(self.operator).get_card()["blocked"]
        self.assertEqual((block["id"], block["reason"]), (record.id, "Insults, humiliation of staff"))

    @clause("KR-5.7")
    def test_other_channels_log_attempts_too(self):
        record = self.block()
        self.Blocked._find_block(NUMBER, self.city)._log_attempt("web")
        self.assertEqual(record.attempt_ids.mapped("channel"), ["web"])

    def test_calling_a_blocked_number_is_no_attempt(self):
        record = self.block()
        self.report("ring", number=NUMBER, direction="out")
        self.assertFalse(record.attempt_count)

    @clause("KR-5.7")
    def test_refuse_from_the_call(self):
        call = self.make_call(talk=20, number=NUMBER)
        memo = call.with_user(self.operator).refuse("swearing", "Unprintable")
        self.assertEqual((call.outcome, memo.call_id, memo.number, memo.state), ("refused", call, NUMBER, "memo"))
        with self.assertRaisesRegex(AccessError, "was taken by"):
            call.with_user(self.operator_2).refuse("swearing", "Unprintable")

    def test_a_hidden_number_is_refused_without_a_memo(self):
        call = self.make_call(talk=20, number=False)
        self.assertFalse(call.with_user(self.operator).refuse("swearing", "Unprintable"))
        self.assertEqual(call.outcome, "refused")

    def test_only_callers_are_refused(self):
        call = self.make_call(talk=20, direction="out")
        with self.assertRaisesRegex(UserError, "Only somebody who called"):
            call.with_user(self.operator).refuse("swearing", "Unprintable")

    # ------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------

    @clause("KR-5.7")
    def test_the_technical_administrator_sees_approved_ones_without_the_person(self):
        record = self.refuse(partner_id=self.resident.id)
        by_admin = record.with_user(self.technical_admin)
        self.assertFalse(by_admin.search([("id", "=", record.id)]))
        record.with_user(self.head).action_approve()
        self.assertEqual(by_admin.search([("id", "=", record.id)]), by_admin)
        self.assertIn("thieves", by_admin.memo)
        with self.assertRaises(AccessError):
            by_admin.read(["partner_id"])

    def test_the_dialogs(self):
        wizard = (
            self.env["contact.center.call.refuse"]
            .with_user(self.operator)
            .create({"number": "067 111 22 33", "reason": "threats", "statement": "x"})
        )
        record = self.Blocked.browse(wizard.action_apply()["res_id"])
        record.with_user(self.head).action_approve()
        action = record.with_user(self.technical_admin).with_context(step="block").action_open_step()
        step = self.env["contact.center.blocked.number.step"].with_user(self.technical_admin)
        step.with_context(**action["context"]).create({"until": self.today}).action_apply()
        self.assertEqual(record.state, "blocked")

    @clause("KR-5.7")
    def test_the_memo_is_printed(self):
        record = self.block()
        report = "contact_center_base.contact_center_blocked_number_report"
        html, _type = self.env["ir.actions.report"]._render_qweb_html(report, record.ids)
        for words in (NUMBER, "You are all thieves!", self.head.name, self.technical_admin.name):
            self.assertIn(words, html.decode())
