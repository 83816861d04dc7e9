from odoo import fields, models


class ContactCenterWorksLink(models.TransientModel):
    """Links requests at the place of works with them; who links looks through the list first."""

    _name = "contact.center.works.link"
    _description = "Link Requests With Works"

    works_id = fields.Many2one("contact.center.works", required=True, readonly=True)
    request_ids = fields.Many2many("contact.center.request", string="Requests at the place")

    def action_apply(self):
        """Link the requests that are left in the list."""
        self.ensure_one()
        self.request_ids.works_id = self.works_id
        return {"type": "ir.actions.act_window_close"}
