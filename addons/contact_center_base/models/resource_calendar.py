from odoo import api, models, tools

from ..clock import Attendance, Calendar, Leave
from ..moments import aware


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    @tools.ormcache("self.id", "company.id")
    def _get_clock_calendar(self, company):
        """Return the plain :class:`~..clock.Calendar` of this one calendar with the free days of a city.

        It is kept until a calendar, its hours or a free day changes. Working hours of single persons and materials
        don't matter to a term.
        """
        self.ensure_one()
        # Whoever registers a request needs its term, but not the right to read calendars, hence sudo.
        calendar = self.sudo()
        leaves = calendar.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", [False, calendar.id]),
                ("company_id", "in", [False, company.id]),
                ("time_type", "=", "leave"),
            ]
        )
        hours = calendar.attendance_ids.filtered(lambda line: line._is_work_period())
        return Calendar(
            calendar.tz,
            tuple(
                Attendance(
                    int(line.dayofweek),
                    line.hour_from,
                    line.hour_to,
                    int(line.week_type) if calendar.two_weeks_calendar and line.week_type else None,
                )
                for line in hours
            ),
            tuple(
                Leave(
                    aware(leave.date_from),
                    aware(leave.date_to),
                    leave.name or "",
                )
                for leave in leaves
            ),
        )

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def _compute_company_id(self):
        """Leave free days of all calendars with their city: the company at work by chance says nothing of it."""
        of_city = self.filtered(lambda leave: leave.company_id and not leave.calendar_id)
        for leave in of_city:
            leave.company_id = leave.company_id
        return super(ResourceCalendarLeaves, self - of_city)._compute_company_id()

    def _forget_clock_calendars(self):
        """Drop the kept calendars when free days of all change; leave of one person changes no term."""
        if any(not leave.resource_id for leave in self):
            self.env.registry.clear_cache()

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._forget_clock_calendars()
        return leaves

    def write(self, vals):
        self._forget_clock_calendars()
        result = super().write(vals)
        self._forget_clock_calendars()
        return result

    def unlink(self):
        self._forget_clock_calendars()
        return super().unlink()
