from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ContactCenterLending(models.Model):
    """Hours for which an operator is shared between the centre and another unit (PO-7.1.6).

    Somebody whom a unit lends to the centre takes contacts in these hours only; an operator whom the centre lends to a
    unit takes none in these hours.
    """

    _name = "contact.center.lending"
    _description = "Lent Hours"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Operator", required=True, index=True, ondelete="cascade", check_company=True
    )
    direction = fields.Selection(
        [("to_centre", "Lent to the centre"), ("from_centre", "Lent by the centre")],
        required=True,
        default="to_centre",
    )
    unit_id = fields.Many2one(
        "res.partner",
        "Other unit",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_company", "=", True)],
        help="The unit that lends, or that borrows.",
    )
    date_from = fields.Datetime("From", required=True)
    date_to = fields.Datetime("To", required=True)
    hours = fields.Float(compute="_compute_hours", store=True)
    note = fields.Char()

    _order_check = models.Constraint("CHECK(date_to > date_from)", "Lent hours end after they start.")
    _user_index = models.Index("(user_id, date_to)")

    @api.depends("user_id", "unit_id")
    def _compute_display_name(self):
        for lending in self:
            lending.display_name = " · ".join(filter(None, (lending.user_id.name, lending.unit_id.name)))

    @api.depends("date_from", "date_to")
    def _compute_hours(self):
        for lending in self:
            known = lending.date_from and lending.date_to
            lending.hours = (lending.date_to - lending.date_from).total_seconds() / 3600 if known else 0.0

    @api.constrains("user_id", "date_from", "date_to")
    def _check_overlap(self):
        for lending in self:
            overlapping = self.search(
                [
                    ("id", "!=", lending.id),
                    ("user_id", "=", lending.user_id.id),
                    ("date_from", "<", lending.date_to),
                    ("date_to", ">", lending.date_from),
                ],
                limit=1,
            )
            if overlapping:
                raise ValidationError(
                    self.env._(
                        "%(operator)s is already shared with %(unit)s in these hours.",
                        operator=lending.user_id.name,
                        unit=overlapping.unit_id.name,
                    )
                )

    def _covers(self, at):
        """Return whether a moment (naive UTC) lies in these one lent hours."""
        self.ensure_one()
        return self.date_from <= at < self.date_to
