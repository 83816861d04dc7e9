"""When somebody is written to about news: plain Python that knows calendars and nothing of Odoo."""

from datetime import datetime, timedelta

from odoo.addons.contact_center_base.clock import Calendar, day_bounds, next_working_moment


def sending_moment(digest: str, moment: datetime, calendar: Calendar) -> datetime:
    """Return when news of a moment is sent, in UTC. Nobody is written to outside working time.

    :param digest: one of ``const.DIGESTS``: ``at_once``, ``hourly`` (with the next full hour) or ``daily`` (when the
        next working day begins, this one if it hasn't begun yet)
    :param moment: with a time zone
    :param calendar: working time of the reader
    """
    if digest == "hourly":
        local = moment.astimezone(calendar.zone).replace(minute=0, second=0, microsecond=0)
        return next_working_moment(calendar, local + timedelta(hours=1))
    if digest == "daily":
        midnight, next_midnight = day_bounds(calendar, moment)
        begin = next_working_moment(calendar, midnight)
        return begin if begin >= moment else next_working_moment(calendar, next_midnight)
    return next_working_moment(calendar, moment)
