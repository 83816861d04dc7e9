from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError

from ..clock import public_holidays
from ..clock.public_holidays import LANGUAGES
from ..moments import naive

MAXIMUM_YEARS = 10


class ContactCenterHolidayLoad(models.TransientModel):
    """Puts the public holidays of a country into the working calendars, where they can be changed and deleted."""

    _name = "contact.center.holiday.load"
    _description = "Load Public Holidays"

    company_id = fields.Many2one("res.company", "City", required=True, default=lambda self: self.env.company)
    country_id = fields.Many2one(
        "res.country",
        required=True,
        domain=[("code", "in", ("UA", "PL"))],
        default=lambda self: self.env.company.country_id.filtered(lambda country: country.code in ("UA", "PL")),
    )
    year_from = fields.Integer("From year", required=True, default=lambda self: fields.Date.context_today(self).year)
    year_to = fields.Integer("To year", required=True, default=lambda self: fields.Date.context_today(self).year + 1)
    calendar_id = fields.Many2one(
        "resource.calendar",
        domain="[('company_id', 'in', [False, company_id])]",
        help="Empty: the holidays are free days in all calendars of the city.",
    )
    with_worked = fields.Boolean(
        "Holidays that are worked too",
        help="Under martial law holidays in Ukraine are working days. Mark it if the city gives them off all the same.",
    )

    def action_load(self):
        """Add the holidays that aren't free days yet and show the free days of these years."""
        self.ensure_one()
        years = range(self.year_from, self.year_to + 1)
        if not 0 < len(years) <= MAXIMUM_YEARS or not 1990 <= self.year_from <= 2100:
            raise UserError(self.env._("Choose one to %s years, the first not after the last.", MAXIMUM_YEARS))
        known = self._get_known_leaves(years)
        language = (self.company_id.partner_id.lang or self.env.lang or "en")[:2]
        values = []
        for holiday in public_holidays(self.country_id.code, years):
            start, end = self._get_bounds(holiday.day)
            free = any(leave.date_from <= start and end <= leave.date_to for leave in known)
            if not free and (self.with_worked or not holiday.working):
                values.append(
                    {
                        "name": holiday.names[language if language in LANGUAGES else "en"],
                        "company_id": self.company_id.id,
                        "calendar_id": self.calendar_id.id,
                        "date_from": start,
                        "date_to": end,
                        "time_type": "leave",
                    }
                )
        leaves = self.env["resource.calendar.leaves"].create(values)
        return self._get_leaves_action(leaves | known)

    def _get_known_leaves(self, years):
        """Return the free days of all, in these years, that count for the chosen calendar."""
        return self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("company_id", "in", [False, self.company_id.id]),
                ("calendar_id", "in", [False, self.calendar_id.id]),
                ("date_to", ">=", datetime(years[0], 1, 1) - timedelta(days=1)),
                ("date_from", "<=", datetime(years[-1], 12, 31) + timedelta(days=2)),
            ]
        )

    def _get_bounds(self, day):
        """Return the first and the last second of a day in the time zone of the calendar, as UTC without a zone."""
        zone = ZoneInfo(self.calendar_id.tz) if self.calendar_id else self.company_id._get_time_zone()
        return tuple(naive(datetime.combine(day, moment, tzinfo=zone)) for moment in (time.min, time(23, 59, 59)))

    def _get_leaves_action(self, leaves):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Free days"),
            "res_model": "resource.calendar.leaves",
            "view_mode": "list,form",
            "domain": [("id", "in", leaves.ids)],
        }
