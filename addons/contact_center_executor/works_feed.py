"""Works as calendars (iCalendar, RFC 5545); as news they are read from ``feeds.py`` of the base addon."""

from dataclasses import dataclass
from datetime import datetime

import vobject
from dateutil.tz import UTC

from odoo.addons.contact_center_base.feeds import News, strip_controls


@dataclass(frozen=True, kw_only=True)
class Entry(News):
    """What a feed says of one card of works; moments have a time zone."""

    place: str
    start: datetime
    end: datetime
    changed: datetime
    cancelled: bool = False


def to_icalendar(name: str, entries: list[Entry]) -> str:
    """Return a calendar with one event for each entry.

    :param name: how calendar programs call it.
    """
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = "-//Contact Centre//Works//EN"
    calendar.add("method").value = "PUBLISH"
    calendar.add("x-wr-calname").value = strip_controls(name)
    for entry in entries:
        event = calendar.add("vevent")
        event.add("uid").value = entry.uid
        # vobject knows UTC only by dateutil's name for it.
        event.add("dtstamp").value = entry.changed.astimezone(UTC)
        event.add("last-modified").value = entry.changed.astimezone(UTC)
        event.add("dtstart").value = entry.start.astimezone(UTC)
        event.add("dtend").value = entry.end.astimezone(UTC)
        event.add("summary").value = strip_controls(entry.title)
        event.add("description").value = strip_controls(entry.description)
        event.add("location").value = strip_controls(entry.place)
        event.add("url").value = entry.url
        event.add("status").value = "CANCELLED" if entry.cancelled else "CONFIRMED"
    return calendar.serialize()
