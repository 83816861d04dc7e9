"""The centre's side: assigning by hand, agreeing and returning one by one and in bulk, keeping executors' parts."""

from ast import literal_eval

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import ExecutorCase, clause


@freeze_time("2026-01-12 08:00:00")
class TestReview(ExecutorCase):
    def make_proposals(self, count):
        assignments = self.env["contact.center.assignment"]
        for _number in range(count):
            assignment = self.make_assignment()
            self.work_through(assignment)
            assignments += assignment
        return assignments

    def make_review(self, assignments, decision="agree", user=None, **values):
        """Return the dialog in which a user decides on assignments."""
        values = {"assignment_ids": [Command.set(assignments.ids)], "decision": decision, **values}
        return self.env["contact.center.review"].with_user(user or self.operator).create(values)

    @clause("KR-9.2.4", "RO-4.5")
    def test_many_are_agreed_to_at_once(self):
        proposals = self.make_proposals(2)
        dialog = self.make_review(proposals)
        self.assertEqual((dialog.decided_count, dialog.skipped_count), (2, 0))
        answer = dialog.action_apply()
        self.assertEqual(set(proposals.mapped("state")), {"done"})
        self.assertEqual(answer["params"]["type"], "success")

    @clause("KR-9.2.4", "MA-4.1.4")
    def test_many_are_returned_with_one_reason(self):
        proposals = self.make_proposals(2)
        dialog = self.make_review(proposals, "return")
        with self.assertRaisesRegex(UserError, "Write what is missing"):
            dialog.action_apply()
        dialog.reason = "The photo shows another street"
        dialog.action_apply()
        self.assertEqual(set(proposals.mapped("state")), {"rework"})
        self.assertEqual(proposals.mapped("rework_count"), [1, 1])

    @clause("KR-9.2.4")
    def test_the_dialog_says_beforehand_what_stays_and_why(self):
        proposal, open_one = self.make_proposals(1), self.make_assignment()
        lead = self.make_assignment()
        part = lead.request_id.assign(self.roads, role="co")
        self.work_through(part)
        dialog = self.make_review(proposal + open_one + part)
        self.assertEqual((dialog.decided_count, dialog.skipped_count), (1, 2))
        self.assertIn(f"{open_one.display_name}: it is “New”", dialog.skipped)
        self.assertIn(f"{part.display_name}: a co-executor's part", dialog.skipped)
        answer = dialog.action_apply()
        self.assertEqual((proposal.state, open_one.state, part.state), ("done", "new", "proposed"))
        self.assertIn("Decided on: 1. Left as they are: 2.", answer["params"]["message"])
        self.assertIn(open_one.display_name, answer["params"]["message"])

    @clause("KR-9.2.4")
    def test_one_that_fails_does_not_lose_the_others(self):
        first, second, third = self.make_proposals(3)
        dialog = self.make_review(first + second + third)
        original = type(second).agree
        obstacle = "A colleague is changing this request"

        def agree(assignments):
            original(assignments)
            if second in assignments:
                raise UserError(obstacle)

        self.patch(type(second), "agree", agree)
        answer = dialog.action_apply()
        self.env.invalidate_all()
        self.assertEqual([row.state for row in (first, second, third)], ["done", "proposed", "done"])
        self.assertEqual(second.request_id.state, "proposed")
        self.assertIn(obstacle, answer["params"]["message"])

    def test_what_a_colleague_decided_meanwhile_is_left_out(self):
        proposals = self.make_proposals(2)
        dialog = self.make_review(proposals)
        proposals[0].with_user(self.operator_2).agree()
        self.env.invalidate_all()
        answer = dialog.action_apply()
        self.assertIn(f"{proposals[0].display_name}: it is “Done”", answer["params"]["message"])
        self.assertEqual(proposals[1].state, "done")

    def test_who_may_not_decide_decides_nothing(self):
        proposal = self.make_proposals(1)
        for user in (self.control_body, self.light_head):
            self.assertEqual(proposal.with_user(user)._get_review_obstacle("agree"), "it isn't up to your role")
            with self.assertRaises(AccessError):
                proposal.with_user(user).action_agree()
            with self.assertRaises(AccessError):
                self.make_review(proposal, user=user).action_apply()

    def test_several_proposals_ask_before_they_are_agreed_to(self):
        proposals = self.make_proposals(2)
        action = proposals.with_user(self.operator).action_agree()
        self.assertEqual(action["context"]["default_assignment_ids"], proposals.ids)
        self.assertEqual(set(proposals.mapped("state")), {"proposed"})
        self.assertIsNone(proposals[0].with_user(self.operator).action_agree())
        self.assertEqual(proposals[0].state, "done")

    @clause("KR-9.2.4")
    def test_the_queue_shows_what_can_be_considered_now(self):
        now = self.make_proposals(1)
        with freeze_time("2026-01-16 20:00:00"):
            later = self.make_proposals(1)
            queue = self.env.ref("contact_center_executor.contact_center_assignment_view_search")
            self.assertIn("('review_from', '&lt;=', 'now')", queue.arch)
            waiting = self.env["contact.center.assignment"].with_user(self.operator)
            domain = [("state", "=", "proposed"), ("review_from", "<=", "now")]
            self.assertEqual(waiting.search(domain), now)
            self.assertEqual(waiting.search([("review_overdue", "=", True)]), now)
        with freeze_time("2026-01-19 07:00:00"):
            self.assertEqual(waiting.search(domain), now + later if now.id > later.id else later + now)


@freeze_time("2026-01-12 08:00:00")
class TestAssigning(ExecutorCase):
    @clause("MA-3.1.2")
    def test_a_request_without_a_rule_is_assigned_by_hand(self):
        request = self.make_request()
        self.assertFalse(request.assignment_ids)
        form = Form(
            self.env["contact.center.assign"].with_user(self.operator).with_context(default_request_ids=request.ids)
        )
        self.assertFalse(form.reassigns)
        form.executor_id = self.roads
        form.instruction = "Fill the hole"
        form.save().action_apply()
        self.assertEqual((request.lead_id.executor_id, request.lead_id.instruction), (self.roads, "Fill the hole"))

    @clause("KR-8.2.1")
    def test_reassigning_asks_why(self):
        request = self.make_assignment().request_id
        form = Form(
            self.env["contact.center.assign"].with_user(self.operator).with_context(default_request_ids=request.ids)
        )
        self.assertTrue(form.reassigns)
        form.executor_id = self.roads
        with self.assertRaises(AssertionError):  # the form demands the reason
            form.save()
        form.reason = "The pole stands in the road"
        form.save().action_apply()
        self.assertEqual(request.lead_id.executor_id, self.roads)

    def test_every_request_is_assigned_or_none(self):
        first = self.make_request()
        second = self.make_request(category_id=self.corruption.id, user=self.restricted_officer)
        dialog = (
            self.env["contact.center.assign"]
            .with_user(self.restricted_officer)
            .create({"request_ids": [Command.set((first + second).ids)], "executor_id": self.roads.id})
        )
        with self.assertRaisesRegex(UserError, "restricted"), self.cr.savepoint():
            dialog.action_apply()
        self.assertFalse(first.assignment_ids)

    def test_an_executor_assigns_nothing(self):
        request = self.make_assignment().request_id
        with self.assertRaises(AccessError):
            self.env["contact.center.assign"].with_user(self.light_head).create(
                {"request_ids": [Command.set(request.ids)], "executor_id": self.light.id}
            )

    def test_requests_without_an_executor_are_found(self):
        request, self_answered = self.make_request(), self.make_request(category_id=self.opening_hours.id)
        assigned = self.make_assignment().request_id
        action = self.env.ref("contact_center_executor.contact_center_request_action_no_executor")
        self.assertIn("search_default_no_executor", action.context)
        view = (
            self.env["contact.center.request"]
            .with_user(self.operator)
            .get_view(self.env.ref("contact_center_base.contact_center_request_view_search").id, "search")
        )
        found = (
            self.env["contact.center.request"]
            .with_user(self.operator)
            .search(self.get_filter_domain(view["arch"], "no_executor"))
        )
        self.assertIn(request, found)
        self.assertNotIn(self_answered, found)
        self.assertNotIn(assigned, found)

    def get_filter_domain(self, arch, name):
        """Return the domain of a filter of a search view."""
        node = etree.fromstring(arch).find(f".//filter[@name='{name}']")
        return literal_eval(node.get("domain").strip())


@freeze_time("2026-01-12 08:00:00")
class TestWorkByPhone(ExecutorCase):
    """MA-5.1: what an executor tells by phone is entered by the centre."""

    @clause("MA-5.1", "KR-7.5")
    def test_the_result_is_entered_for_the_executor(self):
        assignment = self.make_assignment()
        self.env["contact.center.name.responsible"].with_user(self.operator).create(
            {"assignment_id": assignment.id, "partner_id": self.light_operator.partner_id.id}
        ).action_apply()
        self.assertEqual((assignment.state, assignment.responsible_id), ("in_progress", self.light_operator.partner_id))
        form = Form(
            self.env["contact.center.result"].with_user(self.operator).with_context(default_assignment_id=assignment.id)
        )
        self.assertEqual((form.result_unit, form.result_phone), ("City Light", "+380564000111"))
        form.result = "The lamp was replaced."
        form.informed_by = "phone"
        form.save().action_apply()
        self.assertEqual((assignment.state, assignment.request_id.state), ("proposed", "proposed"))
        self.assertEqual(assignment.result_person, self.light_operator.name)

    def test_nobody_is_proposed_as_responsible_who_was_not_named(self):
        Result = self.env["contact.center.result"].with_user(self.operator)
        wizard = Result.new({"assignment_id": self.make_assignment()})
        self.assertEqual((wizard.result_person, wizard.result_phone), (False, False))

    def test_files_come_along_and_are_checked(self):
        assignment = self.make_assignment()
        png = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChAF/eD1rAgAAAABJRU5ErkJggg=="
        files = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create([{"name": "after.png", "datas": png}, {"name": "virus.png", "raw": b"MZ\x90\x00"}])
        )
        values = {"assignment_id": assignment.id, **self.result()}
        Result = self.env["contact.center.result"].with_user(self.operator)
        with self.assertRaises(UserError), self.cr.savepoint():
            Result.create({**values, "attachment_ids": [Command.set(files.ids)]}).action_apply()
        self.assertEqual(assignment.state, "new")
        Result.create({**values, "attachment_ids": [Command.set(files[0].ids)]}).action_apply()
        self.assertEqual(assignment.photo_ids.mapped("name"), ["after.png"])

    def test_staff_talk_to_the_executor_without_the_right_to_write(self):
        assignment = self.make_assignment()
        message = assignment.with_user(self.operator).message_post(body="Which pole?", message_type="comment")
        self.assertEqual(message.author_id, self.operator.partner_id)
        with self.assertRaises(AccessError):
            assignment.with_user(self.light_operator).message_post(body="<b>The third</b>")


class TestRequestForm(ExecutorCase):
    def test_the_owner_of_an_assigned_request_changes_by_reassigning_only(self):
        request = self.make_assignment().request_id
        with Form(request.with_user(self.operator)) as form:
            self.assertTrue(form.is_assigned)
            with self.assertRaises(AssertionError):
                form.owner_id = self.roads.partner_id
        with self.assertRaisesRegex(UserError, "reassign"):
            request.with_user(self.operator).owner_id = self.roads.partner_id

    def test_the_list_behind_the_smart_button_holds_as_many(self):
        self.make_assignment()
        with freeze_time("2026-01-12 08:00:00"):
            self.make_assignment()
        executor = self.light.with_user(self.operator)
        action = executor.with_context(search_default_overdue=1).action_view_assignments()
        self.assertEqual(action["context"], {"search_default_overdue": 1})
        Assignment = self.env["contact.center.assignment"].with_user(self.operator)
        overdue = Assignment.search_count([*action["domain"], ("is_overdue", "=", True)])
        self.assertEqual((executor.open_count, executor.overdue_count), (2, overdue))
        works = executor.action_view_works()
        self.assertEqual(executor.works_count, self.env[works["res_model"]].search_count(works["domain"]))
