"""Messages to applicants: who is told what, by which way, when, and exactly once."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.sms.tests.common import MockSMS

from ..const import EMERGENCY
from ..models.contact_center_notice import ContactCenterNotice
from ..workflow import Move
from .common import ContactCenterCase, clause

# A Wednesday in Kyiv, three hours before UTC.
NOON, EVENING, MORNING = "2026-06-10 09:00:00", "2026-06-10 19:30:00", "2026-06-11 05:00:00"


class NoticeCase(ContactCenterCase, MockSMS):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.city.contact_center_code = "testopil"
        cls.city.email = "centre@testopil.example"
        cls.resident.write({"inform_by": "email", "lang": "en_US"})
        cls.cron = cls.env.ref("contact_center_base.ir_cron_send_notices")
        cls.startClassPatcher(freeze_time(NOON))

    def send(self, moment=NOON):
        """Send what is due at a moment."""
        with freeze_time(moment):
            self.run_cron(self.cron)

    def mails(self, request):
        """Return the e-mails about a request, the oldest first."""
        return self.env["mail.mail"].search([("model", "=", request._name), ("res_id", "=", request.id)], order="id")

    def sms(self, number="+380501234567"):
        return self.env["sms.sms"].search([("number", "=", number)], order="id")

    def make_done(self, request, informed_by="email", result="Filled with asphalt"):
        request._transition("done", result=result, informed_by=informed_by)

    def join(self, request, name, **values):
        partner = self.env["res.partner"].create({"name": name, "company_id": self.city.id, **values})
        return request.join(partner)


class TestKinds(NoticeCase):
    def tell(self, act, **values):
        """Do something with a new request of which everything is told, and return the e-mail about it."""
        request = self.make_request(**values).sudo()
        self.send()
        before = self.mails(request)
        act(request)
        self.send()
        mail = self.mails(request) - before
        self.assertEqual(len(mail), 1)
        self.assertIn("oksana@example.com", mail.email_to)
        self.assertIn(request.number, mail.subject)
        self.assertIn(f"/contact-center/testopil/track/{request._sign_link(self.resident)[:12]}", mail.body_html)
        return mail.body_html

    @clause("KP-3.8")
    def test_registered(self):
        request = self.make_request()
        self.send()
        mail = self.mails(request)
        self.assertIn("is registered", mail.subject)
        self.assertIn("Pothole", mail.body_html)

    @clause("KP-3.8")
    def test_in_work(self):
        self.assertIn("has begun", self.tell(lambda request: request._transition("in_progress")))

    def test_a_question_with_its_words(self):
        body = self.tell(lambda request: request.ask_applicant("Which <entrance>?"))
        self.assertIn("Which &lt;entrance&gt;?", body)
        self.assertIn("Please answer", body)

    @clause("KP-3.8")
    def test_extended_with_the_new_date_and_the_reason(self):
        body = self.tell(lambda request: request.extend_deadline(2, "working_days", "The asphalt plant stands still"))
        self.assertIn("The asphalt plant stands still", body)
        self.assertIn("16 June 2026", body)

    @clause("KP-3.8")
    def test_planned_with_its_year(self):
        body = self.tell(
            lambda request: request.with_user(self.control_body)._transition(
                "planned", plan_year=2028, plan_document="Programme 17"
            )
        )
        self.assertIn("2028", body)

    @clause("KP-3.8")
    def test_done_with_the_result_and_the_way_to_rate_it(self):
        body = self.tell(self.make_done)
        self.assertIn("Filled with asphalt", body)
        self.assertIn("/contact-center/testopil/rate/", body)

    @clause("KP-3.8")
    def test_closed_with_the_reason(self):
        body = self.tell(
            lambda request: request._transition(
                "closed", closing_reason="not_competent", result="Call the railway", informed_by="phone"
            )
        )
        self.assertIn("Not within the city", body)
        self.assertIn("Call the railway", body)

    def test_taken_up_again(self):
        def reopen(request):
            self.make_done(request)
            self.send()
            self.mails(request).unlink()
            request._transition("rework", comment="The inspector saw another hole")

        self.assertNotIn("inspector", self.tell(reopen))

    def test_a_wish_for_rework_that_was_refused(self):
        def refuse(request):
            self.make_done(request)
            self.send()
            said = {"value": 1, "solved": False, "comment": "", "missing": "The hole is there"}
            rating = request._rate(self.resident, said)
            self.mails(request).unlink()
            rating.with_user(self.supervisor).refuse_return("It is another hole: report it, please")

        self.assertIn("It is another hole", self.tell(refuse))

    def test_a_comment(self):
        self.assertIn(
            "Come on Friday", self.tell(lambda request: request._contact_applicant("Come on Friday", "email"))
        )

    def test_each_kind_has_its_words_in_a_fresh_city(self):
        Setting = self.env["contact.center.notice.setting"]
        settings = Setting._get_by_kind(self.city)
        self.assertEqual(set(settings), {code for code, _label in Setting._fields["kind"].selection})

    def test_a_city_without_pages_gives_no_links(self):
        self.city.contact_center_code = False
        request = self.make_request()
        self.make_done(request.sudo())
        self.send()
        self.assertNotIn("/contact-center/", self.mails(request).body_html)


class TestWhoIsTold(NoticeCase):
    def test_by_sms(self):
        request = self.make_request(inform_by="sms")
        self.send()
        self.assertIn(request.number, self.sms().body)
        self.assertFalse(self.mails(request))

    def test_sms_stands_in_for_a_missing_address(self):
        self.resident.email = False
        self.make_request()
        self.send()
        self.assertEqual(len(self.sms()), 1)

    def test_the_cabinet_shows_it_to_who_left_no_address(self):
        self.resident.write({"email": False, "phone": False, "inform_by": "portal"})
        request = self.make_request(inform_by="portal")
        self.send()
        self.assertEqual((request.notice_ids.channel, request.notice_ids.state), ("portal", "sent"))

    def test_who_left_an_email_without_a_name(self):
        request = self.make_request(partner_id=False, email="somebody@example.com", inform_by="email")
        self.send()
        self.assertIn("somebody@example.com", self.mails(request).email_to)
        self.assertFalse(request.notice_ids.partner_id)

    def test_anonymous_is_nobody(self):
        request = self.make_request(partner_id=False).sudo()
        self.make_done(request, informed_by="not_possible")
        self.assertFalse(request.notice_ids)
        self.assertFalse(request.activity_ids)

    def test_who_wants_a_call_is_called_by_a_colleague(self):
        request = self.make_request(inform_by="phone").sudo()
        request.user_id = self.operator
        request.with_user(self.supervisor).extend_deadline(2, "working_days", "The <plant> stands still")
        self.assertEqual(request.activity_ids.user_id, self.operator)
        self.assertIn("The &lt;plant&gt; stands still", request.activity_ids.note)
        self.assertFalse(request.notice_ids)

    @clause("KR-7.5")
    def test_who_was_informed_by_phone_is_not_called_once_more(self):
        request = self.make_request(inform_by="phone").sudo()
        self.make_done(request.with_user(self.operator), informed_by="phone")
        self.assertFalse(request.activity_ids)
        linked = self.make_request(inform_by="phone", user_id=self.operator_2.id)
        main = self.make_request()
        linked.sudo().link_to(main.sudo())
        self.make_done(main, informed_by="phone")
        self.assertEqual(linked.activity_ids.user_id, self.operator_2, "the system closed it and told nobody")

    def test_an_answer_said_to_be_written_is_written(self):
        request = self.make_request(inform_by="phone")
        self.make_done(request, informed_by="email")
        self.send()
        self.assertEqual(len(self.mails(request)), 1)

    def test_consultations_are_answered_in_the_conversation(self):
        values = {"partner_id": self.resident.id, "inform_by": "email", "category_id": self.opening_hours.id}
        Request = self.env["contact.center.request"].with_user(self.operator)
        spoken = Request.register_consultation({**values, "result": "From 8 to 17"})
        self.assertFalse(spoken.notice_ids)
        written = Request.register_consultation({**values, "channel": "email", "result": "From 8 to 17"})
        self.send()
        self.assertIn("From 8 to 17", self.mails(written).body_html)

    def test_what_somebody_did_oneself_is_no_news(self):
        request = self.make_request()
        neighbour = self.join(request, "Neighbour", email="neighbour@example.com", inform_by="email")
        self.send()
        request._as_applicant()._transition(
            "closed", closing_reason="withdrawn", result="Withdrawn", informed_by="portal"
        )
        closed = request.sudo().notice_ids.filtered(lambda notice: notice.kind == "closed")
        self.assertEqual(closed.participant_id, neighbour)

    @clause("KP-3.8")
    def test_who_joined_is_told_and_noted(self):
        request = self.make_request(email="private@example.com")
        neighbour = self.join(request, "Neighbour", email="neighbour@example.com", inform_by="email")
        caller = self.join(request, "Caller", phone="+380509999999", inform_by="phone")
        nobody = self.join(request, "No Address", inform_by="email")
        request.with_user(self.operator).ask_applicant("Which entrance?", "email")
        self.send()
        before = self.mails(request)
        self.assertNotIn("neighbour", " ".join(before.mapped("email_to")), "the question isn't for neighbours")
        self.make_done(request)
        self.send()
        mail = (self.mails(request) - before).filtered(lambda mail: "neighbour" in mail.email_to)
        self.assertIn("you joined this request", mail.body_html)
        self.assertNotIn("/rate/", mail.body_html)
        self.assertTrue(neighbour.informed_at)
        self.assertFalse(caller.informed_at or nobody.informed_at)

    def test_who_leaves_is_not_told_any_more(self):
        request = self.make_request()
        neighbour = self.join(request, "Neighbour", email="neighbour@example.com", inform_by="email")
        self.make_done(request)
        neighbour.sudo().unlink()
        self.send()
        self.assertNotIn("neighbour", " ".join(self.mails(request).mapped("email_to")))

    def test_switched_off_nobody_is_written_to_but_questions_are_asked(self):
        Setting = self.env["contact.center.notice.setting"]
        for kind in ("registered", "question"):
            original = Setting._get_by_kind(self.city)[kind]
            original.copy({"company_id": self.city.id, "is_sent": False})
        request = self.make_request()
        request.ask_applicant("Which entrance?", "email")
        self.assertFalse(request.notice_ids)
        self.assertIn("Which entrance?", request.activity_ids.note)

    def test_imports_are_silent(self):
        city = self.env["contact.center.request"].with_context(allowed_company_ids=self.city.ids)
        moves = [
            self.workflow_move("new", "2026-06-01 08:00:00"),
            self.workflow_move("in_progress", "2026-06-02 08:00:00"),
        ]
        values = {"partner_id": self.resident.id, "description": "Old", "category_id": self.pothole.id}
        request = city._register_with_history([(values, moves)])
        self.assertEqual(len(request.event_ids), 2)
        self.assertFalse(request.notice_ids)

    def workflow_move(self, state, date):
        return Move(state, fields.Datetime.to_datetime(date))

    def test_in_the_language_of_each(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.resident.lang = "pl_PL"
        request = self.make_request()
        template = self.env.ref("contact_center_base.mail_template_notice_registered")
        template.with_context(lang="pl_PL").subject = "Przyjęto {{ object.request_id.number }}"
        self.send()
        self.assertEqual(self.mails(request).subject, f"Przyjęto {request.number}")
        self.assertIn('lang="pl-PL"', self.mails(request).body_html)


class TestRestrictedNotices(NoticeCase):
    @clause("KP-2.7")
    def test_number_and_state_and_nothing_else(self):
        request = self.make_request(
            self.restricted_officer,
            category_id=self.corruption.id,
            description="The inspector asked for money",
            place_note="Room 5",
        ).sudo()
        request.with_user(self.restricted_officer).ask_applicant("Who was it?", "email")
        self.send()
        self.make_done(request, result="He was dismissed")
        self.send()
        mails = self.mails(request)
        self.assertEqual(len(mails), 2)
        for mail in mails:
            self.assertIn(request.number, mail.body_html)
            for secret in ("Corruption", "inspector", "Room 5", "Who was it", "dismissed"):
                self.assertNotIn(secret, mail.body_html + mail.subject)
        self.assertIn("Done", mails[-1].body_html)

    def test_messages_are_as_secret_as_their_request(self):
        request = self.make_request(self.restricted_officer, category_id=self.corruption.id)
        Notice = self.env["contact.center.notice"]
        self.assertTrue(Notice.with_user(self.restricted_officer).search([("request_id", "=", request.id)]))
        self.assertFalse(Notice.with_user(self.supervisor).search([("request_id", "=", request.id)]))

    def test_colleagues_do_not_read_the_secret_link(self):
        request = self.make_request()
        self.send()
        self.assertIn("/track/", self.mails(request).body_html)
        for message in self.env["mail.message"].search([("model", "=", request._name), ("res_id", "=", request.id)]):
            self.assertNotIn("/track/", message.body or "")


class TestWhen(NoticeCase):
    @clause("KP-3.8")
    def test_never_at_night(self):
        with freeze_time(EVENING):
            request = self.make_request()
        self.send(EVENING)
        self.assertFalse(self.mails(request))
        self.send(MORNING)
        self.assertEqual(len(self.mails(request)), 1)

    def test_emergencies_at_any_hour(self):
        with freeze_time(EVENING):
            request = self.make_request(priority=EMERGENCY)
        self.send(EVENING)
        self.assertIn("Emergency", self.mails(request).body_html)

    def test_by_the_hours_of_the_city(self):
        self.city.write({"contact_center_quiet_from": 23.0, "contact_center_quiet_to": 6.5})
        with freeze_time(EVENING):
            request = self.make_request()
        self.send(EVENING)
        self.assertEqual(len(self.mails(request)), 1)

    def test_one_message_in_the_morning(self):
        with freeze_time(EVENING):
            request = self.make_request().sudo()
            request._transition("in_progress")
            request._contact_applicant("The crew comes on Friday", "email")
            request.extend_deadline(2, "working_days", "The asphalt plant stands still")
        self.send(MORNING)
        mail = self.mails(request)
        self.assertEqual(len(mail), 1)
        self.assertIn("asphalt plant", mail.body_html)
        self.assertIn("The crew comes on Friday", mail.body_html)
        states = {notice.kind: notice.state for notice in request.notice_ids}
        self.assertEqual(states, {"registered": "dropped", "in_work": "dropped", "comment": "sent", "extended": "sent"})

    def test_a_question_that_was_answered_meanwhile_is_not_asked(self):
        request = self.make_request().sudo()
        self.send()
        with freeze_time(EVENING):
            request.ask_applicant("Which entrance?", "email")
            request.answer_question("The second one")
        self.send(MORNING)
        self.assertEqual(len(self.mails(request)), 1)


class TestOnce(NoticeCase):
    @clause("KP-3.8")
    def test_the_history_names_it(self):
        request = self.make_request()
        changed = request.changed_at
        self.send("2026-06-10 10:00:00")
        [told] = request.event_ids.filtered(lambda event: event.kind == "notified")
        self.assertEqual((told.comment, told.role), ("By E-mail: Registered", "system"))
        self.assertEqual(request.changed_at, changed, "nothing of the request changed")
        self.send("2026-06-10 11:00:00")
        self.assertEqual(len(self.mails(request)), 1)

    def test_the_same_event_is_never_queued_twice(self):
        request = self.make_request()
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["contact.center.notice"]._queue(request.event_ids)
            self.env.flush_all()
        self.assertIn("contact_center_notice_event_person_unique", str(caught.exception))

    def test_broken_off_between_queueing_and_marking_it_is_sent_once(self):
        request = self.make_request()
        with (
            patch.object(ContactCenterNotice, "_describe", side_effect=RuntimeError("killed")),
            mute_logger("odoo.addons.contact_center_base.models.queue"),
        ):
            self.send()
        self.assertFalse(self.mails(request))
        self.assertEqual(request.notice_ids.state, "waiting")
        self.send()
        self.assertEqual(len(self.mails(request)), 1)

    def test_words_that_can_not_be_rendered_hold_nobody_up(self):
        self.env.ref(
            "contact_center_base.mail_template_notice_registered"
        ).body_html = '<p t-out="object.no_such_field"/>'
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            broken = self.make_request()
            self.send()
        self.assertEqual(broken.notice_ids.state, "failed")
        self.assertTrue(broken.notice_ids.reason)

    def test_five_thousand_are_queued_without_a_query_for_each(self):
        request = self.make_request()
        self.join(request, "First", email="first@example.com", inform_by="email")
        few = self.count_queries(lambda: self.extend(request))
        partners = self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@example.com", "company_id": self.city.id} for i in range(200)]
        )
        self.env["contact.center.participant"].create(
            [{"request_id": request.id, "partner_id": partner.id, "inform_by": "email"} for partner in partners]
        )
        many = self.count_queries(lambda: self.extend(request))
        self.assertLess(many - few, 20)

    def extend(self, request):
        request.sudo().extend_deadline(1, "working_days", "Rain")
        self.env.flush_all()

    def count_queries(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        return self.env.cr.sql_log_count - before


class TestFailures(NoticeCase):
    def fail(self):
        """Return a message whose e-mail the server refused."""
        request = self.make_request()
        self.send()
        mail = self.mails(request)
        mail.write({"state": "exception", "failure_reason": "550 no such user"})
        mail._postprocess_sent_message([], [], failure_reason="550 no such user", failure_type="unknown")
        return request.notice_ids

    def test_a_refused_email_comes_back(self):
        notice = self.fail()
        self.assertEqual((notice.state, notice.reason), ("failed", "550 no such user"))

    def test_odoo_itself_may_bring_it_there_later(self):
        notice = self.fail()
        notice.sudo().mail_id._postprocess_sent_message([], ["oksana@example.com"])
        self.assertEqual((notice.state, notice.reason), ("sent", False))

    def test_a_supervisor_sends_it_again_to_the_new_address(self):
        notice = self.fail()
        refused = notice.sudo().mail_id
        self.resident.email = "new@example.com"
        notice.with_user(self.supervisor).action_retry()
        self.send()
        self.assertEqual(notice.state, "sent")
        self.assertIn("new@example.com", notice.sudo().mail_id.email_to)
        self.assertEqual(refused.state, "cancel", "the first try doesn't go out besides")

    def test_nobody_below(self):
        notice = self.fail()
        with self.assertRaises(AccessError):
            notice.with_user(self.operator).action_retry()

    def test_without_any_address_it_says_what_to_do(self):
        notice = self.fail()
        self.resident.write({"email": False, "phone": False})
        with self.assertRaisesRegex(UserError, "no e-mail or phone"):
            notice.with_user(self.supervisor).action_retry()

    def test_an_address_lost_while_it_waited(self):
        request = self.make_request()
        self.resident.email = False
        self.send()
        self.assertEqual(request.notice_ids.state, "failed")

    def test_a_refused_sms_comes_back(self):
        request = self.make_request(inform_by="sms")
        self.send()
        with self.mockSMSGateway(sms_allow_unlink=True, sim_error="wrong_number_format"):
            self.sms().send()
        self.assertEqual(request.notice_ids.state, "failed")
        self.assertTrue(request.notice_ids.reason)

    def test_an_sms_that_the_provider_could_not_hand_over(self):
        request = self.make_request(inform_by="sms")
        self.send()
        tracker = self.env["sms.tracker"].search([("contact_center_notice_id", "=", request.notice_ids.id)])
        tracker._action_update_from_provider_error("not_delivered")
        self.assertEqual(request.notice_ids.state, "failed")
