"""News of a city as RSS 2.0 (plain Python).

Feeds take plain entries, so that nothing gets out that the caller didn't put in.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

#: What XML can't hold, and the carriage return with which a text could begin a line of its own in a calendar.
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 0xFFFE, 0xFFFF])
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, kw_only=True)
class News:
    """What a feed says of one thing.

    :param uid: name that never changes and that nothing else of any city has.
    :param published: moment with a time zone.
    """

    uid: str
    title: str
    description: str
    url: str
    published: datetime


def strip_controls(text: str) -> str:
    """Return a text without the control characters that break feeds; line feeds and tabs stay."""
    return text.translate(_CONTROLS)


def to_rss(title: str, description: str, url: str, feed_url: str, language: str, entries: list[News]) -> bytes:
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
        etree.SubElement(parent, name).text = strip_controls(text)
