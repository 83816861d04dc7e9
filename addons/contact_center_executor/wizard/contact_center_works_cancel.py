from odoo import fields, models


class ContactCenterWorksCancel(models.TransientModel):
    """Asks why works are cancelled."""

    _name = "contact.center.works.cancel"
    _description = "Cancel Works"

    works_ids = fields.Many2many("contact.center.works", required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        """Cancel the works."""
        self.ensure_one()
        self.works_ids.cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
