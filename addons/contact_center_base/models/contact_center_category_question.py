from odoo import api, fields, models


class ContactCenterCategory(models.Model):
    _inherit = "contact.center.category"

    question_summary = fields.Text("Questions", compute="_compute_question_summary")

    @api.depends("question_definition")
    def _compute_question_summary(self):
        for category in self:
            questions = category.question_definition or []
            category.question_summary = "\n".join(
                f"• {question['string']}" for question in questions if question.get("string")
            )

    def action_edit_questions(self):
        """Open the dialog that edits the extra questions of this one node."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extra questions"),
            "res_model": "contact.center.category.questions",
            "view_mode": "form",
            "target": "new",
            "context": {"default_category_id": self.id},
        }
