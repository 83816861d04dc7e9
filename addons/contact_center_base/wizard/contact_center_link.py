from odoo import fields, models

from .. import workflow


class ContactCenterLink(models.TransientModel):
    """Links duplicates to the main request with which they end."""

    _name = "contact.center.link"
    _description = "Link Requests to a Main One"

    request_ids = fields.Many2many("contact.center.request", required=True)
    main_request_id = fields.Many2one(
        "contact.center.request",
        "Main request",
        required=True,
        domain=[("state", "in", workflow.OPEN_STATES), ("main_request_id", "=", False)],
    )

    def action_apply(self):
        """Link all but the main one, which may have been selected with the others."""
        self.ensure_one()
        (self.request_ids - self.main_request_id).link_to(self.main_request_id)
        return {"type": "ir.actions.act_window_close"}
