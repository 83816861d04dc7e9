"""Escalation: who is told of which delay, when, and never twice."""

from contextlib import suppress
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common import ExecutorCase, clause

MONDAY = "2026-01-12 08:00:00"  # 10:00 in the city; work ends at 15:00 UTC


@freeze_time(MONDAY)
class EscalationCase(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.city.contact_center_alert_user_id = cls.supervisor
        cls.cron = cls.env.ref("contact_center_executor.ir_cron_escalate")

    def run_at(self, moment):
        with freeze_time(moment):
            self.run_cron(self.cron)

    def steps(self, assignment):
        return assignment.escalation_ids.sorted("id").mapped("step")

    def told(self, assignment, step):
        """Return who is written to about a step."""
        news = self.env["contact.center.notification"].search(
            [("assignment_id", "in", assignment.ids), ("kind", "=", step)]
        )
        return news.partner_id

    def petition(self, assignment, kind):
        """Return a petition about an assignment with an act as its evidence."""
        act = self.env["ir.attachment"].with_user(self.light_operator).sudo()
        act = act.create({"name": "act.txt", "raw": b"The house is private.", "mimetype": "text/plain"})
        values = {"reason": "The house is private."}
        return assignment.with_user(self.light_operator).petition(kind, values, act.ids)

    def see(self, assignment):
        """Let the operator and the head of "City Light" open an assignment."""
        for user in (self.light_operator, self.light_head):
            assignment.with_user(user).mark_seen()


class TestEscalation(EscalationCase):
    @clause("RO-4.1")
    def test_unseen_for_a_day_is_visible_and_said(self):
        assignment = self.make_assignment()
        Assignment = self.env["contact.center.assignment"]
        self.assertNotIn(assignment, Assignment.search([("is_unseen_too_long", "=", True)]))
        with freeze_time("2026-01-13 08:00:00"):
            self.assertIn(assignment, Assignment.search([("is_unseen_too_long", "=", True)]))
            assignment.invalidate_recordset(["is_unseen_too_long"])
            self.assertTrue(assignment.is_unseen_too_long)
        self.run_at("2026-01-13 08:00:00")
        self.assertIn("unseen", self.steps(assignment))
        self.assertIn(self.light_operator.partner_id, self.told(assignment, "unseen"))
        assignment.with_user(self.light_operator).mark_seen()
        with freeze_time("2026-01-13 08:00:00"):
            self.assertIn(assignment, Assignment.search([("is_unseen_too_long", "=", False)]))
            self.assertNotIn(assignment, Assignment.search([("is_unseen_too_long", "=", True)]))

    def test_seen_in_time_is_not_escalated(self):
        assignment = self.make_assignment()
        self.see(assignment)
        self.run_at("2026-01-13 14:00:00")
        self.assertFalse(assignment.escalation_ids)

    @clause("RO-4.2")
    def test_the_head_who_has_not_seen_it_in_a_working_day_is_told(self):
        assignment = self.make_assignment()
        assignment.with_user(self.light_operator).mark_seen()
        self.run_at("2026-01-13 07:59:00")
        self.assertFalse(assignment.escalation_ids)
        self.run_at("2026-01-13 08:00:00")
        self.assertEqual(self.steps(assignment), ["head_unaware"])
        self.assertEqual(self.told(assignment, "head_unaware"), self.light_head.partner_id)
        with freeze_time("2026-01-13 08:00:00"):
            Assignment = self.env["contact.center.assignment"]
            self.assertIn(assignment, Assignment.search([("is_head_unaware", "=", True)]))
            self.assertNotIn(assignment, Assignment.search([("is_unseen_too_long", "=", True)]))

    @clause("RO-4.3b", "KR-8.1.2")
    def test_new_for_two_working_days_warns_the_operators_and_the_administrator(self):
        assignment = self.make_assignment()
        self.see(assignment)
        self.run_at("2026-01-14 07:59:00")
        self.assertFalse(assignment.escalation_ids)
        self.run_at("2026-01-14 08:00:00")
        self.assertEqual(self.steps(assignment), ["unaccepted"])
        people = self.light_operator.partner_id + self.light_head.partner_id + self.supervisor.partner_id
        self.assertEqual(self.told(assignment, "unaccepted"), people)
        self.assertEqual(assignment.sudo().activity_ids.user_id, self.supervisor)
        self.assertIn("escalated", assignment.request_id.event_ids.mapped("kind"))
        with freeze_time("2026-01-14 08:00:01"):
            self.assertIn(assignment, self.env["contact.center.assignment"].search([("is_new_too_long", "=", True)]))

    def test_accepted_in_time_warns_nobody(self):
        assignment = self.make_assignment()
        self.see(assignment)
        assignment.with_user(self.light_operator).action_accept()
        self.run_at("2026-01-14 08:00:00")
        self.assertFalse(assignment.escalation_ids)

    @clause("MA-2.2.3", "MA-3.1.3")
    def test_overdue_goes_to_the_head_and_the_contacts_then_to_the_control_body(self):
        contact = self.env["res.partner"].create({"name": "Director", "email": "director@example.com"})
        self.light.escalation_ids = contact
        assignment = self.make_assignment()  # due on Thursday at the end of work
        self.see(assignment)
        assignment.with_user(self.light_operator).action_accept()
        self.run_at("2026-01-16 06:00:00")
        self.assertEqual(self.steps(assignment), ["overdue"])
        self.assertEqual(self.told(assignment, "overdue"), self.light_head.partner_id + contact)
        self.run_at("2026-01-19 14:00:00")
        self.assertEqual(self.steps(assignment), ["overdue"])
        self.run_at("2026-01-20 15:00:00")
        self.run_at("2026-01-21 06:00:00")
        self.assertEqual(self.steps(assignment), ["overdue", "still_overdue"])
        self.assertEqual(self.told(assignment, "still_overdue"), self.control_body.partner_id)

    def test_an_executor_without_people_is_told_to_the_centre(self):
        lonely = self.make_executor("Nobody's Works")
        assignment = self.make_assignment(lonely, category_id=self.pothole.id)
        self.run_at("2026-01-13 08:00:00")
        self.assertEqual(set(self.steps(assignment)), {"unseen", "head_unaware"})
        self.assertEqual(assignment.sudo().activity_ids.user_id, self.supervisor)

    def test_a_proposal_that_nobody_considers_is_told_to_the_centre(self):
        assignment = self.make_assignment()
        self.see(assignment)
        self.work_through(assignment)
        self.run_at("2026-01-13 07:59:00")
        self.assertFalse(assignment.escalation_ids)
        self.run_at("2026-01-13 08:00:00")
        self.assertEqual(self.steps(assignment), ["unreviewed"])
        self.assertEqual(self.told(assignment, "unreviewed"), self.supervisor.partner_id)

    @clause("RO-4.4b")
    def test_thirty_days_without_solution_or_justification(self):
        rule = self.make_rule("Half a year", amount=180, unit="calendar_days")
        assignment = self.make_assignment(deadline_rule_id=rule.id)
        self.see(assignment)
        assignment.with_user(self.light_operator).action_accept()
        self.run_at("2026-02-09 06:00:00")
        self.assertEqual(self.steps(assignment), ["unjustified_soon"])
        self.assertIn(self.light_operator.partner_id, self.told(assignment, "unjustified_soon"))
        Assignment = self.env["contact.center.assignment"]
        with freeze_time("2026-02-11 21:59:59"):
            self.assertNotIn(assignment, Assignment.search([("is_unjustified", "=", True)]))
        self.run_at("2026-02-11 21:59:59")
        self.assertEqual(self.steps(assignment), ["unjustified_soon"])
        self.run_at("2026-02-12 06:00:00")
        self.assertEqual(self.steps(assignment), ["unjustified_soon", "unjustified"])
        self.assertEqual(
            self.told(assignment, "unjustified"), self.control_body.partner_id + self.supervisor.partner_id
        )
        with freeze_time("2026-02-11 22:00:00"):
            self.assertIn(assignment, Assignment.search([("is_unjustified", "=", True)]))

    @clause("RO-4.4b")
    def test_who_has_told_the_control_body_why_is_not_reminded(self):
        rule = self.make_rule("Half a year", amount=180, unit="calendar_days")
        assignment = self.make_assignment(deadline_rule_id=rule.id)
        self.see(assignment)
        assignment.with_user(self.light_operator).action_accept()
        self.petition(assignment, "cannot_solve")
        self.run_at("2026-02-12 06:00:00")
        self.assertNotIn("unjustified", self.steps(assignment))
        with freeze_time("2026-02-12 06:00:00"):
            self.assertFalse(self.env["contact.center.assignment"].search([("is_unjustified", "=", True)]))

    def test_a_petition_that_nobody_decides_is_told_to_those_who_should(self):
        assignment = self.make_assignment()
        self.see(assignment)
        assignment.with_user(self.light_operator).action_accept()
        petition = self.petition(assignment, "cannot_solve")
        with freeze_time(petition.decision_by):
            self.run_cron(self.cron)
        self.assertIn("undecided", self.steps(assignment))
        people = self.control_body.partner_id + self.supervisor.partner_id
        self.assertEqual(self.told(assignment, "undecided"), people)

    def test_a_decided_petition_is_not_told_of(self):
        assignment = self.make_assignment()
        petition = self.petition(assignment, "cannot_solve")
        petition.with_user(self.control_body).refuse("It can be solved")
        with freeze_time(petition.decision_by):
            self.run_cron(self.cron)
        self.assertNotIn("undecided", self.steps(assignment))

    def test_an_explanation_that_nobody_gives_is_told_to_the_centre(self):
        assignment = self.make_assignment()
        self.see(assignment)
        self.work_through(assignment)
        assignment.with_user(self.operator).agree()
        person = self.light_head.partner_id
        assignment.with_user(self.operator).demand_explanation(person.id, "Why so late?", "2026-01-14")
        self.run_at("2026-01-14 14:00:00")
        self.assertFalse(assignment.escalation_ids)
        self.run_at("2026-01-15 06:00:00")
        self.assertEqual(self.steps(assignment), ["unexplained"])
        self.assertEqual(self.told(assignment, "unexplained"), self.supervisor.partner_id)


class TestEscalationClock(EscalationCase):
    def test_never_at_night_or_on_a_weekend(self):
        with freeze_time("2026-01-15 12:00:00"):
            assignment = self.make_assignment()
        self.run_at("2026-01-16 11:59:00")
        self.assertFalse(assignment.escalation_ids)
        # Due on Friday at 12:00, but the job comes late.
        for moment in ("2026-01-16 15:00:01", "2026-01-16 22:00:00", "2026-01-17 10:00:00", "2026-01-19 05:59:00"):
            self.run_at(moment)
            self.assertFalse(assignment.escalation_ids, moment)
        self.run_at("2026-01-19 06:00:00")
        self.assertEqual(set(self.steps(assignment)), {"unseen", "head_unaware"})

    def test_what_falls_due_on_a_weekend_waits_for_monday(self):
        rule = self.make_rule("A day", amount=24, unit="hours")
        with freeze_time("2026-01-16 08:00:00"):
            assignment = self.make_assignment(deadline_rule_id=rule.id)
        self.see(assignment)
        self.assertEqual(str(assignment.deadline), "2026-01-17 21:59:59")  # when the Saturday ends
        self.assertEqual(str(assignment.next_escalation_at), "2026-01-19 06:00:00")

    def test_an_emergency_at_any_hour(self):
        with freeze_time("2026-01-17 22:00:00"):
            assignment = self.make_assignment(priority="3")
        self.run_at("2026-01-17 22:29:59")
        self.assertFalse(assignment.escalation_ids)
        self.run_at("2026-01-17 22:30:00")
        self.assertEqual(self.steps(assignment), ["unaccepted"])

    def test_each_step_once_for_the_same_cause(self):
        assignment = self.make_assignment()
        for moment in ("2026-01-13 08:00:00", "2026-01-13 08:10:00", "2026-01-13 09:00:00"):
            self.run_at(moment)
        self.assertEqual(sorted(self.steps(assignment)), ["head_unaware", "unseen"])
        self.assertEqual(len(self.told(assignment, "head_unaware")), 1)

    def test_an_extension_starts_the_steps_of_the_deadline_anew(self):
        assignment = self.make_assignment()
        self.see(assignment)
        assignment.with_user(self.light_operator).action_accept()
        self.run_at("2026-01-16 06:00:00")
        with freeze_time("2026-01-16 07:00:00"):
            assignment.request_id.with_user(self.supervisor).extend_deadline(5, "working_days", "Parts are late")
        self.run_at("2026-01-20 06:00:00")
        self.assertEqual(self.steps(assignment), ["overdue"])
        self.run_at("2026-01-23 06:00:00")
        self.assertEqual(self.steps(assignment), ["overdue", "overdue"])
        self.assertEqual(len(set(assignment.escalation_ids.mapped("reference"))), 2)

    def test_a_return_for_rework_starts_the_steps_of_the_deadline_anew(self):
        assignment = self.make_assignment()
        self.see(assignment)
        self.work_through(assignment)
        assignment.with_user(self.operator).return_for_rework("Still dark")
        self.run_at("2026-01-16 06:00:00")
        self.assertEqual(self.steps(assignment), ["overdue"])
        self.assertEqual(assignment.escalation_ids.reference, assignment.deadline)

    def test_a_paused_clock_and_the_plan_tell_nobody(self):
        waiting, planned = self.make_assignment(), self.make_assignment(house="7")
        self.rule.pause_on_waiting = True
        waiting.request_id.with_user(self.operator)._transition("waiting")
        planned.request_id.with_user(self.control_body)._transition("planned", plan_year=2027, plan_document="D-1")
        self.assertFalse((waiting + planned).filtered("next_escalation_at"))
        self.run_at("2026-01-21 10:00:00")
        self.assertFalse((waiting + planned).escalation_ids)
        waiting.request_id.with_user(self.operator)._transition("in_progress")
        self.assertTrue(waiting.next_escalation_at)

    def test_restricted_requests_are_not_told_of(self):
        assignment = self.make_assignment()
        assignment.request_id.sudo().restricted = True
        self.run_at("2026-01-21 10:00:00")
        self.assertFalse(assignment.sudo().escalation_ids)

    def test_finished_work_is_not_told_of(self):
        assignment = self.make_assignment()
        self.work_through(assignment)
        assignment.with_user(self.operator).agree()
        self.assertFalse(assignment.next_escalation_at)


class TestEscalationJob(EscalationCase):
    def test_killed_in_the_middle_it_goes_on_where_it_was(self):
        assignments = self.env["contact.center.assignment"].union(
            *(self.make_assignment(house=str(house)) for house in range(1, 5))
        )
        Assignment = type(assignments)
        escalate, turns = Assignment._escalate, []

        def killed_in_the_third(assignment):
            escalate(assignment)
            turns.append(assignment)
            if len(turns) == 3:
                raise KeyboardInterrupt

        with patch.object(Assignment, "_escalate", killed_in_the_third), suppress(KeyboardInterrupt):
            self.run_at("2026-01-13 08:00:00")
        self.assertEqual(len(assignments.filtered("escalation_ids")), 2)
        self.run_at("2026-01-13 08:10:00")
        for assignment in assignments:
            self.assertEqual(sorted(self.steps(assignment)), ["head_unaware", "unseen"])
            self.assertEqual(len(self.told(assignment, "head_unaware")), 1)

    def test_what_fails_leaves_nothing_behind_and_does_not_hold_up_the_others(self):
        failing, other = self.make_assignment(house="1"), self.make_assignment(house="2")
        Assignment = type(failing)
        tell_centre = Assignment._tell

        def fail(assignment, step):
            names = tell_centre(assignment, step)
            if assignment == failing:
                raise ValueError("The mail server's template is broken")
            return names

        with patch.object(Assignment, "_tell", fail), mute_logger("odoo.addons.contact_center_base.models.queue"):
            self.run_at("2026-01-13 08:00:00")
        self.assertFalse(failing.escalation_ids)
        self.assertFalse(self.told(failing, "unseen"))
        self.assertTrue(other.escalation_ids)

    def test_the_database_refuses_a_second_row_about_the_same(self):
        assignment = self.make_assignment()
        self.run_at("2026-01-13 08:00:00")
        row = assignment.escalation_ids[0]
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"), self.cr.savepoint():
            row.sudo().copy()
        self.assertIn("contact_center_escalation_step_unique", str(caught.exception))

    def test_the_job_finds_what_is_due_by_an_index(self):
        self.make_assignment()
        self.env.flush_all()
        Assignment = self.env["contact.center.assignment"]
        query = Assignment._search([("next_escalation_at", "<=", fields.Datetime.now())]).select()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(f"EXPLAIN {self.env.cr.mogrify(query.code, query.params).decode()}")
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertIn("next_escalation_index", plan)

    def test_executors_do_not_see_what_the_centre_watches(self):
        assignment = self.make_assignment()
        self.run_at("2026-01-13 08:00:00")
        with self.assertRaises(AccessError):
            assignment.with_user(self.light_operator).read(["next_escalation_at"])
        with self.assertRaises(AccessError):
            self.env["contact.center.escalation"].with_user(self.light_operator).search([])
        self.assertTrue(assignment.escalation_ids.with_user(self.control_body).mapped("told_to"))
        with self.assertRaises(AccessError):
            assignment.escalation_ids.with_user(self.supervisor).told_to = "Nobody"
