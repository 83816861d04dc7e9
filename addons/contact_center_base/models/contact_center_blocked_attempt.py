from odoo import fields, models

from ..const import CHANNELS


class ContactCenterBlockedAttempt(models.Model):
    """A contact from a blocked number (KR-5.7): blocked ones are announced and noted, by whatever channel they come."""

    _name = "contact.center.blocked.attempt"
    _description = "Contact from a Blocked Number"
    _order = "date desc, id desc"
    _rec_name = "blocked_number_id"

    blocked_number_id = fields.Many2one(
        "contact.center.blocked.number", "Number", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="blocked_number_id.company_id", store=True, precompute=True, index=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    call_id = fields.Many2one(
        "contact.center.call",
        readonly=True,
        index="btree_not_null",
        groups="contact_center_base.group_operator",
    )
