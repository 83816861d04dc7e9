"""Works as calendars (iCalendar, RFC 5545) and as news (RSS 2.0).

Both take plain entries, so that nothing gets out that the caller didn't put in.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

import vobject
from dateutil.tz import UTC
from lxml import etree

#: What XML can't hold, and the carriage return with which a text could begin a line of its own in a calendar.
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 0xFFFE, 0xFFFF])
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Entry:
    """What a feed says of one card of works; moments have a time zone.

    :param uid: name that never changes and that no other entry of any city has.
    """

    uid: str
    title: str
    description: str
    place: str
    url: str
    start: datetime
    end: datetime
    published: datetime
    changed: datetime
    cancelled: bool = False


def to_icalendar(name: str, entries: list[Entry]) -> str:
    """Return a calendar with one event for each entry.

    :param name: how calendar programs call it.
    """
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = "-//Contact Centre//Works//EN"
    calendar.add("method").value = "PUBLISH"
    calendar.add("x-wr-calname").value = name.translate(_CONTROLS)
    for entry in entries:
        event = calendar.add("vevent")
        event.add("uid").value = entry.uid
        # vobject knows UTC only by dateutil's name for it.
        event.add("dtstamp").value = entry.changed.astimezone(UTC)
        event.add("last-modified").value = entry.changed.astimezone(UTC)
        event.add("dtstart").value = entry.start.astimezone(UTC)
        event.add("dtend").value = entry.end.astimezone(UTC)
        event.add("summary").value = entry.title.translate(_CONTROLS)
        event.add("description").value = entry.description.translate(_CONTROLS)
        event.add("location").value = entry.place.translate(_CONTROLS)
        event.add("url").value = entry.url
        event.add("status").value = "CANCELLED" if entry.cancelled else "CONFIRMED"
    return calendar.serialize()


def to_rss(title: str, description: str, url: str, feed_url: str, language: str, entries: list[Entry]) -> bytes:
    """Return a channel of news with one item for each entry.

    :param url: page that shows the same for people.
    :param feed_url: address of the channel itself.
    :param language: code as in ``uk`` or ``pl``.
    """
    rss = etree.Element("rss", version="2.0", nsmap={"atom": _ATOM})
    channel = etree.SubElement(rss, "channel")
    _add_texts(channel, title=title, link=url, description=description, language=language)
    etree.SubElement(channel, f"{{{_ATOM}}}link", href=feed_url, rel="self", type="application/rss+xml")
    for entry in entries:
        item = etree.SubElement(channel, "item")
        _add_texts(item, title=entry.title, link=entry.url, description=entry.description)
        etree.SubElement(item, "guid", isPermaLink="false").text = entry.uid
        etree.SubElement(item, "pubDate").text = format_datetime(entry.published)
    return etree.tostring(rss, xml_declaration=True, encoding="utf-8")


def _add_texts(parent, **texts):
    for name, text in texts.items():
        etree.SubElement(parent, name).text = text.translate(_CONTROLS)
