from freezegun import freeze_time
from psycopg2 import errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase
from odoo.tools import mute_logger

from .. import workflow
from .common import ContactCenterCase, clause

ANSWER = {"result": "The lamp is on again.", "informed_by": "phone"}


class TestWorkflowTable(BaseCase):
    def test_every_state_is_reached_and_left(self):
        reached = {transition.target for transition in workflow.TRANSITIONS}
        left = {transition.source for transition in workflow.TRANSITIONS}
        self.assertEqual(reached | {"new"}, set(workflow.STATES))
        self.assertEqual(left, set(workflow.STATES))

    def test_a_move_is_in_the_table_once(self):
        moves = [(transition.source, transition.target) for transition in workflow.TRANSITIONS]
        self.assertCountEqual(moves, set(moves))

    def test_ending_always_carries_an_answer(self):
        for transition in workflow.TRANSITIONS:
            if transition.target in workflow.FINISHED_STATES:
                self.assertLessEqual({"result", "informed_by"}, set(transition.requires))

    def test_only_the_control_body_says_it_cannot_be_solved(self):
        transition = workflow.find_transition("in_progress", "closed")
        self.assertIsNone(workflow.acting_role(transition, {"operator", "supervisor", "head"}, "cannot_solve"))
        self.assertEqual(workflow.acting_role(transition, {"control_body"}, "cannot_solve"), "control_body")
        self.assertEqual(workflow.acting_role(transition, {"operator"}, "withdrawn"), "operator")

    def test_first_illegal_move(self):
        self.assertIsNone(workflow.first_illegal_move(["new", "in_progress", "done"]))
        self.assertEqual(workflow.first_illegal_move(["new", "proposed", "done"]), ("new", "proposed"))


class TestWorkflow(ContactCenterCase):
    def test_the_way_of_a_request(self):
        request = self.make_request()
        request.action_take()
        self.assertEqual((request.state, request.user_id), ("in_progress", self.operator))
        request._transition("done", **ANSWER)
        self.assertEqual(request.state, "done")
        self.assertTrue(request.finished_at)
        moves = request.event_ids.filtered("state_to").mapped(lambda event: (event.state_from, event.state_to))
        self.assertEqual(moves, [(False, "new"), ("new", "in_progress"), ("in_progress", "done")])
        self.assertEqual(request.event_ids.user_id, self.operator)
        self.assertEqual(set(request.event_ids.mapped("role")), {"operator"})

    def test_done_needs_the_answer_and_how_the_applicant_was_told(self):
        request = self.make_request()
        for given in ({}, {"result": "Done."}, {"informed_by": "phone"}):
            with self.assertRaisesRegex(UserError, "fill in first"):
                request._transition("done", **given)
        self.assertEqual(request.state, "new")

    def test_an_illegal_move_gives_the_same_error_everywhere(self):
        request = self.make_request()
        stage = self.env["contact.center.stage"]._first_by_state(self.city)["proposed"]
        attempts = (
            lambda: request._transition("proposed", **ANSWER),
            lambda: request.write({"stage_id": stage.id}),
            lambda: request.write({"state": "proposed"}),
        )
        for attempt in attempts:
            with self.assertRaises(UserError) as caught:
                attempt()
            self.assertEqual(
                str(caught.exception),
                f"{request.number} is “New” and can't become “Proposed for closing” from there.",
            )

    def test_kanban_drag_moves_or_tells_what_is_missing(self):
        stages = self.env["contact.center.stage"]._first_by_state(self.city)
        request = self.make_request()
        request.stage_id = stages["in_progress"]
        self.assertEqual(request.state, "in_progress")
        with self.assertRaisesRegex(UserError, "fill in first: Answer to the applicant, Applicant informed by"):
            request.stage_id = stages["done"]
        request.write(ANSWER)
        request.stage_id = stages["done"]
        self.assertEqual(request.state, "done")

    def test_a_second_column_of_the_same_state_is_no_move(self):
        column = self.env["contact.center.stage"].create({"name": "On the list", "state": "new", "sequence": 11})
        request = self.make_request()
        request.stage_id = column
        self.assertEqual(len(request.event_ids), 1)

    def test_the_state_of_a_used_column_is_fixed(self):
        request = self.make_request()
        with self.assertRaisesRegex(UserError, "holds requests"):
            request.stage_id.sudo().state = "done"

    @clause("RO-2.2")
    def test_what_an_administrator_of_the_system_does(self):
        """Takes a report, processes it, controls quality and terms, and has the figures for reports."""
        request = self.make_request(user=self.supervisor)
        request.with_user(self.operator)._transition("in_progress")
        request.extend_deadline(1, "working_days", "Parts are ordered")
        request.with_user(self.operator)._transition("done", **ANSWER)
        request._transition("rework", comment="The call-back says: not repaired")
        request._transition("done", **ANSWER)
        counted = self.env["contact.center.request.report"].with_user(self.supervisor)
        self.assertEqual(counted.search([("id", "=", request.id)]).state, "done")
        self.assertEqual(request.event_ids.user_id, self.supervisor + self.operator)

    def test_return_for_rework_needs_the_reason_and_keeps_control(self):
        request = self.make_request()
        request._transition("in_progress")
        request._transition("proposed", **ANSWER)
        with self.assertRaisesRegex(UserError, "Reason"):
            request._transition("rework")
        request._transition("rework", comment="Only one of two lamps works")
        self.assertEqual(request.state, "rework")
        self.assertEqual(request.event_ids[-1].comment, "Only one of two lamps works")
        self.assertFalse(request.finished_at)

    def test_control_body_moves_without_editing(self):
        request = self.make_request().with_user(self.control_body)
        request._transition("planned", plan_year=2030, plan_document="Decision 12")
        self.assertEqual((request.state, request.plan_year), ("planned", 2030))
        self.assertEqual(request.event_ids[-1].role, "control_body")
        with self.assertRaises(AccessError):
            request.write({"description": "something else"})
        with self.assertRaisesRegex(AccessError, "somebody else's role"):
            self.make_request().with_user(self.control_body)._transition("done", **ANSWER)

    def test_what_was_planned_comes_back_in_its_year(self):
        request = self.make_request()
        year = request.registered_at.year + 2
        request.with_user(self.control_body)._transition("planned", plan_year=year, plan_document="Decision 12")
        cron = self.env.ref("contact_center_base.ir_cron_return_planned")
        with freeze_time(f"{year - 1}-12-31 10:00:00"):
            self.run_cron(cron)
        self.assertEqual(request.state, "planned")
        with freeze_time(f"{year}-01-02 10:00:00"):
            self.run_cron(cron)
        self.assertEqual(request.state, "in_progress")
        self.assertEqual(request.event_ids[-1].role, "system")

    def test_operators_do_not_plan_nor_say_cannot_be_solved(self):
        request = self.make_request()
        with self.assertRaises(AccessError):
            request._transition("planned", plan_year=2030, plan_document="Decision 12")
        with self.assertRaises(AccessError):
            request._transition("closed", closing_reason="cannot_solve", **ANSWER)
        request._transition("closed", closing_reason="withdrawn", **ANSWER)
        with self.assertRaises(AccessError):
            request._transition("rework", comment="Closed by mistake")
        request.with_user(self.supervisor)._transition("rework", comment="Closed by mistake")
        self.assertEqual(request.state, "rework")

    def test_many_move_together_or_none_does(self):
        requests = self.make_request() + self.make_request()
        requests[1]._transition("done", **ANSWER)
        with self.assertRaises(UserError), self.cr.savepoint():
            requests._transition("in_progress")
        self.assertEqual(requests.mapped("state"), ["new", "done"])

    def test_history_is_only_added_to(self):
        event = self.make_request().event_ids
        for environment in (self.env(user=self.head), self.env(su=True)):
            with self.assertRaises(UserError):
                event.with_env(environment).write({"comment": "rewritten"})
            with self.assertRaises(UserError):
                event.with_env(environment).unlink()
        table = "contact_center_request_event"
        for statement in (f"UPDATE {table} SET comment = 'x'", f"DELETE FROM {table}"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.InsufficientPrivilege),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement)

    def test_requests_are_never_deleted(self):
        request = self.make_request()
        with self.assertRaises(UserError):
            request.sudo().unlink()

    def test_time_per_state(self):
        request = self.make_request()
        with self.freeze_shift(request, hours=2):
            request._transition("in_progress")
        with self.freeze_shift(request, hours=5):
            request._transition("done", **ANSWER)
            self.env.flush_all()
        self.assertEqual(request.get_state_durations(), {"new": 2 * 3600, "in_progress": 3 * 3600})

    def test_changes_of_details_are_in_the_history(self):
        request = self.make_request(house="5")
        request.write({"house": "7", "user_id": self.operator.id})
        comment = request.event_ids[-1].comment
        self.assertIn("House: 5 → 7", comment)
        self.assertIn(f"Handled by: — → {self.operator.name}", comment)


class TestTransitionDialog(ContactCenterCase):
    def test_dialog_asks_for_what_the_move_needs(self):
        request = self.make_request()
        self.pothole.answer_template = "We filled it."
        wizard = (
            self.env["contact.center.transition"]
            .with_user(self.operator)
            .create({"request_ids": request.ids, "target": "done"})
        )
        self.assertTrue(wizard.needs_result)
        self.assertFalse(wizard.needs_comment)
        self.assertEqual(wizard.result, "We filled it.")
        wizard.action_apply()
        self.assertEqual((request.state, request.result), ("done", "We filled it."))
