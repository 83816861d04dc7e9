from odoo import fields, models


class ContactCenterExplanationAnswer(models.TransientModel):
    """Enters the explanation that an official gave orally or on paper (MA-4.1.5)."""

    _name = "contact.center.explanation.answer"
    _description = "Enter an Explanation"

    explanation_id = fields.Many2one(
        "contact.center.explanation", "Demand", required=True, readonly=True, ondelete="cascade"
    )
    text = fields.Text(related="explanation_id.text")
    answer_text = fields.Text("Explanation", required=True)

    def action_apply(self):
        """Enter it."""
        self.ensure_one()
        self.explanation_id.answer(self.answer_text)
        return {"type": "ir.actions.act_window_close"}
