from datetime import timedelta

from odoo import fields, models

DEFAULT_BLOCK_DAYS = 30


class ContactCenterBlockedNumberStep(models.TransientModel):
    """Asks for what a step of the blocking chain must carry."""

    _name = "contact.center.blocked.number.step"
    _description = "Step of a Block"

    blocked_number_ids = fields.Many2many(
        "contact.center.blocked.number", "contact_center_blocked_number_step_rel", string="Numbers", required=True
    )
    step = fields.Selection(
        [("reject", "Reject the memo"), ("block", "Block the number"), ("lift", "Lift the block")], required=True
    )
    reason = fields.Text()
    until = fields.Date(
        "Block until", default=lambda self: fields.Date.context_today(self) + timedelta(days=DEFAULT_BLOCK_DAYS)
    )

    def action_apply(self):
        """Take the step for all chosen numbers or for none."""
        self.ensure_one()
        if self.step == "block":
            self.blocked_number_ids.block(self.until)
        elif self.step == "reject":
            self.blocked_number_ids.reject(self.reason)
        else:
            self.blocked_number_ids.lift(self.reason)
        return {"type": "ir.actions.act_window_close"}
