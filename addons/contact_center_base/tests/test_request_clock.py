from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError

from .common import ContactCenterCase

ANSWER = {"result": "Repaired.", "informed_by": "phone"}
# A Monday; the city is two hours ahead of UTC in winter and works from 8 to 17.
MONDAY = "2026-01-12 08:00:00"


@freeze_time(MONDAY)
class TestRequestClock(ContactCenterCase):
    def deadline_of(self, **values):
        return self.make_request(**values).deadline

    def test_term_of_the_rule_on_the_calendar_of_the_city(self):
        # Monday counts, so three working days end on Wednesday at 17:00 local time.
        self.assertEqual(self.deadline_of(), datetime(2026, 1, 14, 15))
        self.rule.write({"counted_from": "next_day"})
        self.assertEqual(self.deadline_of(), datetime(2026, 1, 15, 15))

    def test_free_days_of_the_city_are_skipped(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "date_from": "2026-01-12 22:00:00",
                "date_to": "2026-01-13 21:59:59",
                "calendar_id": self.calendar.id,
            }
        )
        self.assertEqual(self.deadline_of(), datetime(2026, 1, 15, 15))
        explanation = self.make_request().deadline_explanation
        self.assertIn("Holiday", explanation)

    def test_round_the_clock(self):
        emergency = self.make_rule("Two hours", amount=2, unit="hours", ends_at="moment", calendar="round_the_clock")
        self.pothole.deadline_rule_id = emergency
        with freeze_time("2026-01-17 22:00:00"):
            self.assertEqual(self.deadline_of(), datetime(2026, 1, 18, 0))

    def test_a_changed_node_keeps_the_time_used_and_the_pauses_taken(self):
        week = self.make_rule("Seven days", amount=7, unit="calendar_days", ends_at="moment")
        fortnight = self.make_rule("Fourteen days", amount=14, unit="calendar_days", ends_at="moment")
        self.pothole.deadline_rule_id = week
        self.opening_hours.deadline_rule_id = fortnight
        request = self.make_request()
        with freeze_time("2026-01-13 08:00:00"):
            request.ask_applicant("Where exactly?")
        with freeze_time("2026-01-15 08:00:00"):
            request.answer_question("At the bridge")
        self.assertEqual(request.deadline, datetime(2026, 1, 21, 8))
        with freeze_time("2026-01-16 08:00:00"):
            request.category_id = self.opening_hours
        self.assertEqual(request.deadline, datetime(2026, 1, 28, 8))

    def test_time_after_done_does_not_count(self):
        week = self.make_rule("Seven days", amount=7, unit="calendar_days", ends_at="moment")
        self.pothole.deadline_rule_id = week
        request = self.make_request()
        with freeze_time("2026-01-14 08:00:00"):
            request._transition("closed", closing_reason="duplicate", **ANSWER)
        with freeze_time("2026-01-24 08:00:00"):
            request.with_user(self.supervisor)._transition("rework", comment="It was none")
            self.assertEqual(request.deadline, datetime(2026, 1, 29, 8))
            self.assertFalse(request.is_overdue)

    def test_a_return_for_rework_starts_the_term_of_the_classifier_anew(self):
        week = self.make_rule("Seven days", amount=7, unit="calendar_days", ends_at="moment")
        self.pothole.deadline_rule_id = week
        request = self.make_request()
        request.with_user(self.supervisor).extend_deadline(30, "calendar_days", "Asphalt in May")
        with freeze_time("2026-01-14 08:00:00"):
            request._transition("done", **ANSWER)
        with freeze_time("2026-01-24 08:00:00"):
            request._transition("rework", comment="It is back")
            self.assertEqual(request.deadline, datetime(2026, 1, 31, 8))
            self.assertIn("24", str(request.deadline_explanation))

    def test_a_return_does_not_prolong_the_term_of_the_law(self):
        by_law = self.make_rule(
            "Thirty days", amount=30, unit="calendar_days", ends_at="moment", default_for_class="appeal"
        )
        request = self.make_request(request_class="appeal")
        self.assertEqual(request.deadline_rule_id, by_law)
        due = request.deadline
        with freeze_time("2026-01-14 08:00:00"):
            request._transition("in_progress")
            request._transition("proposed", **ANSWER)
            request._transition("rework", comment="Not an answer")
        self.assertEqual(request.deadline, due)

    def test_an_extension_until_a_date_never_shortens(self):
        request = self.make_request().with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "later than that already"), self.cr.savepoint():
            request._extend({"until": request.deadline.date() - timedelta(days=1)}, "Sooner")
        request._extend({"until": date(2026, 3, 2)}, "Parts come in March")
        self.assertEqual(request.deadline.date(), date(2026, 3, 2))

    def test_one_pause_follows_another_at_once(self):
        request = self.make_request()
        request.with_user(self.control_body)._transition("planned", plan_year=2027, plan_document="D-1")
        request._transition("closed", closing_reason="withdrawn", **ANSWER)
        self.assertEqual(request.interval_ids.mapped("kind"), ["planned", "finished"])

    def test_extensions_up_to_the_maximum(self):
        rule = self.make_rule(
            "Thirty days",
            amount=30,
            unit="calendar_days",
            ends_at="moment",
            maximum_amount=45,
            maximum_unit="calendar_days",
        )
        self.pothole.deadline_rule_id = rule
        request = self.make_request().with_user(self.supervisor)
        request.extend_deadline(10, "calendar_days", "Parts are ordered")
        self.assertEqual(request.deadline, datetime(2026, 2, 21, 8))
        request.extend_deadline(10, "calendar_days", "Parts are late")
        self.assertEqual(request.deadline, datetime(2026, 2, 26, 8))
        with self.assertRaisesRegex(UserError, "maximum"), self.cr.savepoint():
            request.extend_deadline(10, "calendar_days", "Parts are lost")
        with self.assertRaises(AccessError):
            request.with_user(self.operator).extend_deadline(1, "calendar_days", "Please")
        with self.assertRaisesRegex(UserError, "Write why"):
            request.extend_deadline(1, "calendar_days", " ")
        self.assertIn("Parts are late", request.deadline_explanation)

    def test_deadlines_read_as_people_speak(self):
        request = self.make_request()
        for now, text in (
            ("2026-01-12 09:00:00", "due in 2 d., 01/14/2026"),
            ("2026-01-13 09:00:00", "due tomorrow 17:00"),
            ("2026-01-14 09:00:00", "due today 17:00"),
            ("2026-01-14 15:30:00", "late since 17:00 today"),
            ("2026-01-19 09:00:00", "3 working d. late"),
        ):
            with freeze_time(now):
                request.invalidate_recordset(["deadline_text"])
                self.assertEqual(request.deadline_text, text)
        request._transition("done", **ANSWER)
        self.assertEqual(request.deadline_text, "ended in time")

    def test_overdue_is_searchable(self):
        request = self.make_request()
        Request = self.env["contact.center.request"]
        with freeze_time("2026-01-14 15:00:01"):
            self.assertIn(request, Request.search([("is_overdue", "=", True)]))
            self.assertNotIn(request, Request.search([("is_overdue", "=", False)]))
            request._transition("in_progress")
            request.with_user(self.control_body)._transition("planned", plan_year=2027, plan_document="D-1")
            self.assertNotIn(request, Request.search([("is_overdue", "=", True)]))

    def test_explanation_names_rule_source_and_moment(self):
        self.rule.source = "Regulation, clause 4.3"
        explanation = self.make_request().deadline_explanation
        for part in ("Three working days", "Regulation, clause 4.3", "Counted from", "Due on"):
            self.assertIn(part, explanation)

    def test_a_rule_on_another_calendar_names_it(self):
        with self.assertRaises(ValidationError):
            self.make_rule("Night shift", amount=1, unit="working_days", calendar="other")


@freeze_time(MONDAY)
class TestAlerts(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.city.contact_center_alert_user_id = cls.supervisor
        cls.cron = cls.env.ref("contact_center_base.ir_cron_alert_deadlines")

    def alerts(self, request):
        return request.event_ids.filtered(lambda event: event.kind == "alerted")

    def run_at(self, moment):
        with freeze_time(moment):
            self.run_cron(self.cron)

    def test_each_stage_once(self):
        request = self.make_request()
        self.run_at(MONDAY)
        self.assertFalse(self.alerts(request))
        self.run_at("2026-01-14 08:00:00")
        self.assertEqual(len(self.alerts(request)), 1)
        self.run_at("2026-01-14 08:10:00")
        self.assertEqual(len(self.alerts(request)), 1)
        self.assertEqual(request.activity_ids.user_id, self.supervisor)
        self.run_at("2026-01-15 06:00:00")
        self.assertEqual(len(self.alerts(request)), 2)

    def test_never_at_night_unless_urgent(self):
        urgent_rule = self.make_rule("Urgent", amount=3, unit="working_days", urgent=True)
        calm, urgent = self.make_request(), self.make_request(deadline_rule_id=urgent_rule.id)
        self.run_at("2026-01-14 10:00:00")
        # Overdue since 15:00 UTC, when work ends.
        self.run_at("2026-01-14 16:00:00")
        self.assertEqual((len(self.alerts(calm)), len(self.alerts(urgent))), (1, 2))
        self.run_at("2026-01-15 06:00:00")
        self.assertEqual((len(self.alerts(calm)), len(self.alerts(urgent))), (2, 2))

    def test_whoever_handles_it_is_told(self):
        request = self.make_request()
        request.action_take()
        self.run_at("2026-01-14 10:00:00")
        self.assertEqual(request.activity_ids.user_id, self.operator)

    def test_no_alerts_while_the_clock_stands_or_after_the_end(self):
        waiting, done = self.make_request(), self.make_request()
        waiting.ask_applicant("Where?")
        done._transition("done", **ANSWER)
        self.run_at("2026-02-20 10:00:00")
        self.assertFalse(self.alerts(waiting + done))

    def test_repeated_a_few_times_and_then_no_more(self):
        request = self.make_request()
        for week in range(3, 12):
            self.run_at(datetime(2026, 1, 12, 10) + (week * 7) * (datetime(2026, 1, 2) - datetime(2026, 1, 1)))
        self.assertLessEqual(len(self.alerts(request)), 6)
        self.assertFalse(request.next_alert_at)
