"""Explanations demanded from officials (MA-4.1.5)."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .common import ExecutorCase, clause


@freeze_time("2026-01-12 08:00:00")
class TestExplanations(ExecutorCase):
    def demand(self, assignment, user=None, **values):
        values = {
            "partner_id": self.light_head.partner_id.id,
            "text": "Why was nothing done for a week?",
            "due_date": "2026-01-15",
            **values,
        }
        return assignment.with_user(user or self.operator).demand_explanation(**values)

    @clause("MA-4.1.5")
    def test_a_written_one_is_answered_in_the_portal(self):
        assignment = self.make_assignment()
        explanation = self.demand(assignment)
        self.assertEqual(
            (explanation.demanded_by_id, explanation.person_id), (self.operator, self.light_head.partner_id)
        )
        document = self.env["ir.attachment"].with_user(self.light_operator).sudo()
        document = document.create([{"name": "memo.txt", "raw": b"No cable in store"}])
        explanation.with_user(self.light_operator).answer("There was no cable", document.ids)
        self.assertEqual(
            (explanation.answer_text, explanation.answered_by_id), ("There was no cable", self.light_operator)
        )
        self.assertEqual(explanation.attachment_ids.raw, b"No cable in store")
        events = assignment.request_id.event_ids.filtered(lambda event: event.kind == "explained")
        self.assertEqual(events.user_id, self.operator | self.light_operator)

    @clause("MA-4.1.5")
    def test_an_oral_one_is_entered_by_the_centre(self):
        explanation = self.demand(self.make_assignment(), form="oral")
        with self.assertRaisesRegex(AccessError, "orally"):
            explanation.with_user(self.light_operator).answer("I said so")
        wizard = self.env["contact.center.explanation.answer"].with_user(self.operator)
        wizard.create({"explanation_id": explanation.id, "answer_text": "He was ill"}).action_apply()
        self.assertEqual((explanation.answer_text, explanation.answered_by_id), ("He was ill", self.operator))

    def test_answered_once(self):
        explanation = self.demand(self.make_assignment())
        explanation.with_user(self.light_operator).answer("There was no cable")
        with self.assertRaisesRegex(UserError, "given already"):
            explanation.with_user(self.light_head).answer("It rained")
        self.assertEqual(explanation.answer_text, "There was no cable")

    def test_what_a_demand_needs(self):
        assignment = self.make_assignment()
        for values, message in (
            ({"text": " "}, "what is to be explained"),
            ({"due_date": "2026-01-11"}, "today or later"),
            ({"due_date": False}, "today or later"),
            ({"form": "sung"}, "in writing or orally"),
            ({"partner_id": self.roads_head.partner_id.id}, "Choose a person"),
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, message):
                self.demand(assignment, **values)

    def test_only_the_centre_demands(self):
        assignment = self.make_assignment()
        for user in (self.light_head, self.control_body):
            with self.assertRaises(AccessError, msg=user.login):
                self.demand(assignment, user)

    def test_an_answer_is_not_empty(self):
        with self.assertRaisesRegex(UserError, "Write the explanation"):
            self.demand(self.make_assignment()).with_user(self.light_operator).answer("  ")

    def test_other_executors_neither_read_nor_answer(self):
        explanation = self.demand(self.make_assignment())
        with self.assertRaises(AccessError):
            explanation.with_user(self.roads_operator).answer("Me!")
        self.assertFalse(self.env["contact.center.explanation"].with_user(self.roads_head).search([]))
        with self.assertRaises(AccessError):
            explanation.with_user(self.light_operator).write({"due_date": "2027-01-01"})

    @clause("MA-4.1.5")
    def test_overdue_ones_are_listed(self):
        explanation = self.demand(self.make_assignment())
        Explanation = self.env["contact.center.explanation"].with_user(self.operator)
        overdue = [("is_overdue", "=", True)]
        self.assertFalse(Explanation.search(overdue))
        with freeze_time("2026-01-16 08:00:00"):
            self.env.invalidate_all()
            self.assertTrue(explanation.is_overdue)
            self.assertEqual(Explanation.search(overdue), explanation)
            explanation.with_user(self.light_operator).answer("There was no cable")
            self.assertFalse(Explanation.search(overdue))
            self.assertEqual(Explanation.search([("is_overdue", "=", False)]), explanation)
