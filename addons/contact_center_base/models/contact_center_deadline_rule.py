from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..clock import Term
from ..const import REQUEST_CLASSES

UNITS = [
    ("hours", "Hours"),
    ("working_hours", "Working hours"),
    ("calendar_days", "Calendar days"),
    ("working_days", "Working days"),
    ("months", "Months"),
]


class ContactCenterDeadlineRule(models.Model):
    """A term: how long a matter may take, how that is counted, and which law or regulation says so."""

    _name = "contact.center.deadline.rule"
    _description = "Deadline Rule"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    source = fields.Char("Source of law", translate=True, help="Law and article, or the clause of the regulation.")
    default_for_class = fields.Selection(
        REQUEST_CLASSES, "Default for class", help="Used for this class where the classifier names no term (RO-1.4)."
    )
    amount = fields.Integer("Term", required=True, default=1)
    unit = fields.Selection(UNITS, required=True, default="working_days")
    counted_from = fields.Selection(
        [
            ("registration", "The moment of registration"),
            ("next_day", "The next day"),
            ("next_working_day", "The next working day"),
        ],
        required=True,
        default="registration",
        help="A term counted from the next day leaves out the day of registration.",
    )
    roll_to_working_day = fields.Boolean(
        "Roll to a working day", help="A term that would end on a free day ends on the next working day."
    )
    ends_at = fields.Selection(
        [
            ("moment", "The same time of the day"),
            ("end_of_working_day", "End of the working day"),
            ("midnight", "Midnight"),
        ],
        required=True,
        default="end_of_working_day",
    )
    maximum_amount = fields.Integer("Maximum in total", help="Extensions can't go beyond it. 0: no maximum.")
    maximum_unit = fields.Selection(UNITS, default="calendar_days")
    calendar = fields.Selection(
        [("centre", "The centre's calendar"), ("round_the_clock", "Round the clock"), ("other", "Another calendar")],
        required=True,
        default="centre",
    )
    resource_calendar_id = fields.Many2one("resource.calendar", "Other calendar", check_company=True)
    warn_share = fields.Integer(
        "Warn after (%)", default=75, help="Share of the term after which the deadline is announced."
    )
    pause_on_waiting = fields.Boolean(
        "Pauses while the applicant is asked", default=True, help="The clock stands still until the applicant answers."
    )
    urgent = fields.Boolean("Alerts at any hour", help="Alerts are sent outside working hours too (emergencies).")

    _default_for_class_unique = models.UniqueIndex(
        "(company_id, default_for_class) WHERE default_for_class IS NOT NULL AND active",
        "This city already has a default term for this class.",
    )
    _code_company_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL", "Another term of this city has the same code."
    )
    _amount_check = models.Constraint("CHECK(amount > 0)", "A term lasts at least one unit.")
    _warn_share_check = models.Constraint(
        "CHECK(warn_share BETWEEN 1 AND 100)", "The warning comes after 1 to 100 % of the term."
    )

    @api.constrains("calendar", "resource_calendar_id")
    def _check_resource_calendar_id(self):
        for rule in self:
            if rule.calendar == "other" and not rule.resource_calendar_id:
                raise ValidationError(self.env._("Choose the calendar by which “%s” is counted.", rule.name))

    def _get_term(self):
        """Return the plain :class:`~..clock.Term` of this one rule."""
        self.ensure_one()
        return Term(
            amount=self.amount,
            unit=self.unit,
            counted_from=self.counted_from,
            roll_to_working_day=self.roll_to_working_day,
            ends_at=self.ends_at,
            maximum=(self.maximum_amount, self.maximum_unit) if self.maximum_amount else None,
            name=self.name,
            source=self.source or "",
        )

    def _get_calendar(self):
        """Return the plain :class:`~..clock.Calendar` by which this one rule is counted.

        Free days and working hours come from Odoo's calendar; the time zone is that of the city.
        """
        self.ensure_one()
        if self.calendar == "round_the_clock":
            return self.company_id._get_round_the_clock_calendar()
        calendar = self.resource_calendar_id if self.calendar == "other" else self.company_id.resource_calendar_id
        return calendar._get_clock_calendar(self.company_id)
