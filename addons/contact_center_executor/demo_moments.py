"""Moments relative to the loading of the demo, in the time of a city."""

from datetime import datetime, time, timedelta

from odoo.addons.contact_center_base.moments import naive


def on_day(company, days, hour, minute=0):
    """Return a moment (naive, UTC) on a day so many days from today in a city, at an hour of its clock."""
    date = company._get_today() + timedelta(days=days)
    return naive(datetime.combine(date, time(hour, minute), company._get_time_zone()))


def read_moment(company, now, text):
    """Return the moment (naive, UTC) that a demo file gives: ``2@8`` in two days at eight, ``-5`` five hours ago.

    An empty text is no moment, ``None``.
    """
    if not text:
        return None
    days, at, hour = text.partition("@")
    if at:
        return on_day(company, int(days), int(hour))
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=int(days))
