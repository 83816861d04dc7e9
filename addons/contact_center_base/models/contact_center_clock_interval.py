from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..clock import Extension, Interval
from ..moments import aware
from .contact_center_deadline_rule import UNITS


class ContactCenterClockInterval(models.Model):
    """A pause of a request's clock, or an extension of its term, with the reason."""

    _name = "contact.center.clock.interval"
    _description = "Pause or Extension"
    _order = "start, id"
    _rec_name = "reason"

    request_id = fields.Many2one("contact.center.request", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="request_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [
            ("waiting", "Pause: waiting for the applicant"),
            ("planned", "Pause: in the long-term plan"),
            ("finished", "Pause: was done or closed"),
            ("extension", "Extension"),
        ],
        required=True,
    )
    start = fields.Datetime("From", required=True, default=fields.Datetime.now)
    end = fields.Datetime("Until", help="Empty while the clock stands still.")
    amount = fields.Integer("Extended by")
    unit = fields.Selection(UNITS)
    until = fields.Date("Extended until", help="The new last day, where a date was granted and not a length.")
    reason = fields.Text(required=True)
    user_id = fields.Many2one("res.users", "Who", required=True, default=lambda self: self.env.user)

    _running_unique = models.UniqueIndex(
        "(request_id) WHERE kind != 'extension' AND \"end\" IS NULL", "The clock of this request stands still already."
    )

    @api.constrains("start", "end", "kind", "amount", "unit", "until")
    def _check_length(self):
        for interval in self:
            if interval.end and interval.end < interval.start:
                raise ValidationError(self.env._("A pause can't end before it starts."))
            by_length = interval.amount > 0 and interval.unit
            if interval.kind == "extension" and bool(by_length) == bool(interval.until):
                raise ValidationError(
                    self.env._("Say by how much the term is extended, at least one unit, or until which day.")
                )

    def _get_pauses(self):
        """Return the plain pauses among these intervals, for the clock."""
        return [
            Interval(
                interval.kind,
                aware(interval.start),
                aware(interval.end) if interval.end else None,
                interval.reason or "",
            )
            for interval in self
            if interval.kind != "extension"
        ]

    def _get_extensions(self):
        """Return the plain extensions among these intervals, for the clock."""
        return [
            Extension(reason=interval.reason or "", until=interval.until, granted=aware(interval.start))
            if interval.until
            else Extension(interval.amount, interval.unit, interval.reason or "")
            for interval in self
            if interval.kind == "extension"
        ]
