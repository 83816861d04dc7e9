from odoo import fields, models

from ..models.contact_center_blocked_number import REASONS


class ContactCenterCallRefuse(models.TransientModel):
    """The operator refuses a caller (KR-5.7): from a call of the log, or with the number alone."""

    _name = "contact.center.call.refuse"
    _description = "Refuse a Caller"

    call_id = fields.Many2one("contact.center.call")
    number = fields.Char()
    reason = fields.Selection(REASONS, required=True)
    statement = fields.Text("What was said", required=True)

    def action_apply(self):
        """Refuse the caller and show the memo, if there is one: a hidden number can't be blocked."""
        self.ensure_one()
        if self.call_id:
            memo = self.call_id.refuse(self.reason, self.statement)
        else:
            memo = self.env["contact.center.blocked.number"].refuse_call(self.number, self.reason, self.statement)
        if not memo:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "res_model": memo._name,
            "res_id": memo.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
