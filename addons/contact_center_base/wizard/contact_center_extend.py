from odoo import fields, models

from ..models.contact_center_deadline_rule import UNITS


class ContactCenterExtend(models.TransientModel):
    """Extends the term of requests, with the reason."""

    _name = "contact.center.extend"
    _description = "Extend the Term"

    request_ids = fields.Many2many("contact.center.request", required=True)
    amount = fields.Integer("Extend by", default=5)
    unit = fields.Selection(UNITS, required=True, default="working_days")
    reason = fields.Text(required=True)

    def action_apply(self):
        """Extend; every request or none."""
        self.ensure_one()
        self.request_ids.extend_deadline(self.amount, self.unit, self.reason)
        return {"type": "ir.actions.act_window_close"}
