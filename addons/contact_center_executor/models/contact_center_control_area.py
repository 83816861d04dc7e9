from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ContactCenterControlArea(models.Model):
    """Which deputy mayor coordinates which executor, from when to when (RO-2.7)."""

    _name = "contact.center.control.area"
    _description = "Area of a Control Body"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"
    _check_company_auto = True

    executor_id = fields.Many2one(
        "contact.center.executor", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="executor_id.company_id", store=True, precompute=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        "Control body",
        required=True,
        index=True,
        check_company=True,
        domain=lambda self: [("all_group_ids", "in", self.env.ref("contact_center_base.group_control_body").ids)],
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="The last day. Empty: until further notice.")
    document = fields.Char(help="Decision on the division of duties.")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for area in self:
            if area.date_to and area.date_to < area.date_from:
                raise ValidationError(self.env._("An area of responsibility can't end before it begins."))

    def _covers(self, date):
        """Tell whether this one area is in force on a date."""
        return self.date_from <= date and (not self.date_to or date <= self.date_to)
