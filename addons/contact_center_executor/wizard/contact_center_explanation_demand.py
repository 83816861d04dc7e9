from odoo import fields, models

from ..models.contact_center_explanation import FORMS


class ContactCenterExplanationDemand(models.TransientModel):
    """Demands an explanation from an official of an executor (MA-4.1.5)."""

    _name = "contact.center.explanation.demand"
    _description = "Demand an Explanation"

    assignment_id = fields.Many2one("contact.center.assignment", required=True, readonly=True, ondelete="cascade")
    executor_partner_id = fields.Many2one(related="assignment_id.executor_id.partner_id")
    person_id = fields.Many2one(
        "res.partner",
        "Demand from",
        required=True,
        domain="[('id', 'child_of', executor_partner_id), ('is_company', '=', False)]",
    )
    form = fields.Selection(FORMS, required=True, default="written")
    text = fields.Text("What is to be explained", required=True)
    due_date = fields.Date("Due", required=True)

    def action_apply(self):
        """Demand it."""
        self.ensure_one()
        self.assignment_id.demand_explanation(self.person_id.id, self.text, self.due_date, self.form)
        return {"type": "ir.actions.act_window_close"}
