from odoo import fields
from odoo.exceptions import UserError

from .common import ContactCenterCase, clause


class TestQuestions(ContactCenterCase):
    @clause("RO-4.4a")
    def test_asking_waits_and_pauses_and_the_answer_resumes(self):
        request = self.make_request()
        deadline = request.deadline
        with self.freeze_shift(request, hours=1):
            request.ask_applicant("Which entrance?")
            self.assertEqual(request.state, "waiting")
            self.assertTrue(request.clock_paused)
            self.assertFalse(request.next_alert_at)
        with self.freeze_shift(request, days=7, hours=1):
            request.answer_question("The second one")
        self.assertEqual(request.state, "in_progress")
        self.assertFalse(request.clock_paused)
        self.assertGreater(request.deadline, deadline)
        self.assertEqual(request.question_ids.answer, "The second one")
        kinds = request.event_ids.mapped("kind")
        self.assertIn("asked", kinds)
        self.assertIn("answered", kinds)

    def test_a_rule_may_go_on_counting(self):
        self.rule.pause_on_waiting = False
        request = self.make_request()
        request.ask_applicant("Which entrance?")
        self.assertFalse(request.clock_paused)
        self.assertTrue(request.next_alert_at)

    def test_by_the_applicants_channel(self):
        self.resident.inform_by = "email"
        request = self.make_request(inform_by=False)
        request.inform_by = "email"
        request.ask_applicant("Which entrance?")
        [notice] = request.notice_ids.filtered(lambda notice: notice.kind == "question")
        self.assertEqual((notice.partner_id, notice.channel), (self.resident, "email"))
        self.assertEqual(notice.text, "Which entrance?")
        by_phone = self.make_request()
        by_phone.inform_by = "phone"
        by_phone.ask_applicant("Which entrance?")
        self.assertEqual(by_phone.activity_ids.user_id, self.operator)
        self.assertIn("Which entrance?", by_phone.activity_ids.note)

    def test_one_question_at_a_time_and_somebody_to_ask(self):
        request = self.make_request()
        request.ask_applicant("Which entrance?")
        with self.assertRaisesRegex(UserError, "has a question to answer already"):
            request.ask_applicant("Which floor?")
        request.answer_question("2")
        with self.assertRaisesRegex(UserError, "no open question"):
            request.answer_question("3")
        with self.assertRaisesRegex(UserError, "nobody to ask"):
            self.make_request(partner_id=False).ask_applicant("Who are you?")

    def test_without_an_answer_it_goes_on_after_the_days_of_the_city(self):
        self.city.contact_center_answer_days = 3
        request = self.make_request()
        request.ask_applicant("Which entrance?")
        cron = self.env.ref("contact_center_base.ir_cron_give_up_questions")
        with self.freeze_shift(request, hours=12):
            self.run_cron(cron)
        self.assertEqual(request.state, "waiting")
        with self.freeze_shift(request, days=8):
            self.run_cron(cron)
        self.assertEqual(request.state, "in_progress")
        self.assertTrue(request.question_ids.closed_at)
        self.assertLess(request.question_ids.answer_by, fields.Datetime.add(request.registered_at, days=8))
