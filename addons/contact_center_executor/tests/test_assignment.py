"""Assignments: who moves them how, and how the request follows."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .common import ExecutorCase, clause


@freeze_time("2026-01-12 08:00:00")  # a Monday, within working hours
class TestAssignment(ExecutorCase):
    @clause("KR-5.12", "MA-3.1.2")
    def test_a_registered_request_gets_a_number_and_goes_to_its_executor(self):
        request = self.make_request(category_id=self.lamp.id, street_id=self.street.id)
        self.assertTrue(request.number)
        self.assertEqual((request.lead_id.executor_id, request.lead_id.state), (self.light, "new"))
        self.assertEqual(request.owner_id, self.light.partner_id)
        self.assertIn("assigned", request.event_ids.mapped("kind"))

    @clause("RO-4.3a")
    def test_the_head_names_who_executes_and_the_operator_sets_in_progress(self):
        assignment = self.make_assignment()
        assignment.with_user(self.light_operator).action_accept()
        with self.assertRaisesRegex(UserError, "Responsible person"):
            assignment.with_user(self.light_operator)._move("in_progress")
        assignment.with_user(self.light_head).name_responsible(self.light_operator.partner_id.id)
        self.assertEqual((assignment.state, assignment.request_id.state), ("in_progress", "in_progress"))
        with self.assertRaisesRegex(UserError, "Choose a person"):
            assignment.with_user(self.light_head).name_responsible(self.roads_operator.partner_id.id)

    @clause("KR-8.3", "KR-7.5")
    def test_a_proposal_carries_the_structured_result(self):
        assignment = self.make_assignment().with_user(self.light_operator)
        assignment.action_accept()
        for name in ("result", "result_unit", "result_person", "result_phone", "result_date", "informed_by"):
            with self.assertRaises(UserError, msg=name), self.cr.savepoint():
                assignment.propose(self.result(**{name: False}))
        assignment.propose(self.result())
        request = assignment.sudo().request_id
        self.assertEqual(request.state, "proposed")
        for part in ("The lamp was replaced.", "Brigade 2", "Петро Іваненко", "+380564000111", "01/12/2026"):
            self.assertIn(part, request.result)

    @clause("KR-9.2.4", "MA-4.1.4", "RO-4.5")
    def test_the_centre_agrees_or_returns(self):
        assignment = self.make_assignment()
        self.work_through(assignment)
        with self.assertRaises(AccessError):
            assignment.with_user(self.light_operator).agree()
        with self.assertRaisesRegex(UserError, "Reason"):
            assignment.with_user(self.operator).return_for_rework("")
        with freeze_time("2026-01-14 08:00:00"):
            assignment.with_user(self.operator).return_for_rework("Still dark")
        self.assertEqual((assignment.state, assignment.request_id.state), ("rework", "rework"))
        self.assertEqual(assignment.deadline.day, 16)
        self.assertFalse(assignment.finished_at)
        assignment.with_user(self.light_operator).propose(self.result())
        assignment.with_user(self.operator).agree()
        self.assertEqual((assignment.state, assignment.request_id.state), ("done", "done"))

    @clause("KR-9.2.4")
    def test_a_proposal_out_of_hours_is_considered_the_next_working_day(self):
        assignment = self.make_assignment()
        with freeze_time("2026-01-16 20:00:00"):
            self.work_through(assignment)
        self.assertEqual(str(assignment.review_from), "2026-01-19 06:00:00")
        self.assertGreaterEqual(assignment.review_by, assignment.review_from)

    def test_not_proposed_while_a_co_executor_works(self):
        assignment = self.make_assignment()
        request = assignment.request_id
        part = request.assign(self.roads, role="co", instruction="Dig")
        assignment.with_user(self.light_operator).action_accept()
        with self.assertRaisesRegex(UserError, "co-executors"):
            assignment.with_user(self.light_operator).propose(self.result())
        self.work_through(part)
        self.assertEqual(request.state, "in_progress")
        assignment.with_user(self.light_operator).propose(self.result())
        assignment.with_user(self.operator).agree()
        self.assertEqual((part.state, request.state), ("done", "done"))

    def test_the_request_is_not_proposed_past_its_executor(self):
        assignment = self.make_assignment()
        assignment.with_user(self.light_operator).action_accept()
        with self.assertRaisesRegex(UserError, "City Light"):
            assignment.request_id.with_user(self.operator)._transition("proposed", result="x", informed_by="phone")

    def test_an_executor_reads_its_own_only(self):
        ours, theirs = self.make_assignment(), self.make_assignment(self.roads, category_id=self.pothole.id)
        Assignment = self.env["contact.center.assignment"].with_user(self.light_operator)
        self.assertEqual(Assignment.search([]), ours)
        with self.assertRaises(AccessError):
            theirs.with_user(self.light_operator).read(["state"])
        with self.assertRaises(AccessError):
            theirs.with_user(self.light_operator).action_accept()
        with self.assertRaises(AccessError):
            ours.request_id.with_user(self.light_operator).read(["number"])
        self.assertEqual(ours.with_user(self.light_operator).description, "The lamp is off")

    def test_reassigning_takes_it_from_the_former_executor(self):
        assignment = self.make_assignment()
        request = assignment.request_id
        with self.assertRaisesRegex(UserError, "Write why"):
            request.assign(self.roads)
        new = request.assign(self.roads, reason="The pole stands in the road")
        self.assertEqual(
            (assignment.state, request.lead_id, request.owner_id), ("withdrawn", new, self.roads.partner_id)
        )

    def test_a_linked_request_is_executed_with_its_main_one(self):
        main, linked = self.make_assignment().request_id, self.make_assignment()
        linked.request_id.with_user(self.operator).link_to(main)
        self.assertEqual(linked.state, "withdrawn")
        linked.request_id.with_user(self.operator).action_unlink_from_main()
        self.assertEqual(linked.request_id.lead_id.state, "new")

    def test_a_request_that_becomes_restricted_leaves_its_executor(self):
        assignment = self.make_assignment()
        assignment.request_id.with_user(self.supervisor).restricted = True
        self.assertEqual(assignment.sudo().state, "withdrawn")
        with self.assertRaises(AccessError):
            assignment.with_user(self.light_operator).read(["number"])

    def test_restricted_requests_and_consultations_are_not_sent_out(self):
        self.corruption.owner_id = self.works
        self.opening_hours.owner_id = self.works
        for category in (self.corruption, self.opening_hours):
            self.assertFalse(self.make_request(category_id=category.id).sudo().assignment_ids, category.name)
        secret = self.make_request(self.restricted_officer, category_id=self.corruption.id)
        with self.assertRaisesRegex(UserError, "restricted"):
            secret.assign(self.light)
