"""Parameters of the calls, as strangers send them.

An empty parameter equals an absent one. What makes no sense raises :class:`BadParameter`, whose message tells the
programmer at the other end what to send instead.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from math import isfinite

#: Days that a search may span.
SPAN = timedelta(days=90)
#: Requests on one page, when nothing else is asked for and at most.
PAGE_SIZE = 1000
#: Pages that can be asked for; what lies further is found by dates.
LAST_PAGE = 10_000
STATUSES = ("open", "closed")
#: Characters in a text that are more than PostgreSQL keeps.
_NUL = "\x00"

# W3C's profile of ISO 8601; the moment of a day and the zone may be missing.
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
    r"(?P<zone>Z|[+ -]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_ANSWER = re.compile(r"attribute\[(?P<code>[^\[\]]+)\](?:\[\d*\])?")


class BadParameter(ValueError):
    """A parameter that makes no sense; its text says which and why."""


@dataclass(frozen=True)
class Query:
    """Which requests are asked for.

    :param numbers: if any, these requests and nothing else counts.
    :param start: moment with its zone from which on they were registered, or ``None``; ``end`` likewise.
    :param updated_after: moment after which they changed, or ``None``; ``updated_before`` likewise.
    :param bbox: ``(west, south, east, north)`` in degrees, or ``None``.
    """

    numbers: tuple = ()
    service_codes: tuple = ()
    statuses: frozenset = frozenset(STATUSES)
    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    bbox: tuple | None = None
    page: int = 1
    page_size: int = PAGE_SIZE

    @property
    def by_change(self):
        """Tell whether it is asked what changed, instead of what was registered."""
        return bool(self.updated_after or self.updated_before)


def read_text(params, name, limit=None):
    """Return one parameter as clean text, empty where it is absent.

    :param params: mapping of names to texts.
    :param int limit: characters at most.
    :raises BadParameter: when it is longer.
    """
    text = (params.get(name) or "").replace(_NUL, "").strip()
    if limit and len(text) > limit:
        raise BadParameter(f"{name} has more than {limit} characters.")
    return text


def read_query(params, zone, now):
    """Return the :class:`Query` of the parameters of a search.

    :param params: mapping of names to texts; lists are separated by commas.
    :param zone: time zone of moments without one.
    :param now: the present moment with its zone.
    :raises BadParameter: for a value that makes no sense.
    """
    numbers = _read_list(params, "service_request_id")
    if len(numbers) > PAGE_SIZE:
        raise BadParameter(f"service_request_id names more than {PAGE_SIZE} requests.")
    if numbers:
        return Query(numbers=numbers)
    updated_after, updated_before = _read_range(params, "updated_after", "updated_before", zone)
    start, end = _read_range(params, "start_date", "end_date", zone)
    if start or end or not (updated_after or updated_before):
        start, end = _complete_span(start, end, now)
    return Query(
        service_codes=_read_list(params, "service_code"),
        statuses=_read_statuses(params),
        start=start,
        end=end,
        updated_after=updated_after,
        updated_before=updated_before,
        bbox=_read_bbox(params),
        page=_read_count(params, "page", 1, LAST_PAGE),
        page_size=_read_count(params, "page_size", PAGE_SIZE, PAGE_SIZE),
    )


def read_answers(items):
    """Return ``{code: [texts]}`` of the answers ``attribute[code]`` and ``attribute[code][]`` in a form.

    :param items: iterable of ``(name, text)``, a name for each of its values.
    """
    answers = defaultdict(list)
    for name, value in items:
        if found := _ANSWER.fullmatch(name):
            text = value.replace(_NUL, "").strip()
            if text:
                answers[found["code"]].append(text)
    return dict(answers)


def read_moment(name, text, zone, end_of_day=False):
    """Return a moment with its zone.

    :param str name: what the parameter is called, for the message.
    :param zone: zone of a text that names none.
    :param bool end_of_day: a day without an hour means its end instead of its beginning.
    :raises BadParameter: when the text is none.
    """
    found = _MOMENT.fullmatch(text)
    try:
        if not found:
            raise ValueError(text)
        day = datetime.strptime(found["day"], "%Y-%m-%d").date()
        if found["hour"] is None:
            of_day = time.max if end_of_day else time.min
        else:
            of_day = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        moment = datetime.combine(day, of_day, _read_zone(found["zone"]) or zone)
        # Outside the years that there are, some zone has no such moment.
        return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise BadParameter(f"{name} is no moment: write it like 2026-03-01T09:30:00Z.") from error


def _read_zone(text):
    if not text:
        return None
    if text in "Zz":
        return timezone.utc
    # A plus that nobody encoded arrives as a blank.
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def _read_range(params, first, last, zone):
    start, end = (
        read_moment(name, text, zone, end_of_day=name == last) if (text := read_text(params, name)) else None
        for name in (first, last)
    )
    if start and end and start > end:
        raise BadParameter(f"{first} lies after {last}.")
    return start, end


def _complete_span(start, end, now):
    """Return both ends of a search by registration: the span fits what is missing, by default up to now."""
    try:
        if not start:
            # Up to now means also what is registered at this very moment.
            end = end or now + timedelta(minutes=1)
            return end - SPAN, end
        if not end:
            return start, start + SPAN
    except OverflowError as error:
        raise BadParameter("start_date and end_date are too far from the present.") from error
    # Of two days without an hour the end is that of the day.
    if end - start > SPAN + timedelta(days=1):
        raise BadParameter(f"start_date and end_date lie more than {SPAN.days} days apart.")
    return start, end


def _read_list(params, name):
    texts = (text.strip() for text in read_text(params, name).split(","))
    return tuple(dict.fromkeys(filter(None, texts)))


def _read_statuses(params):
    statuses = frozenset(text.lower() for text in _read_list(params, "status"))
    if not statuses <= frozenset(STATUSES):
        raise BadParameter("status is open or closed.")
    return statuses or frozenset(STATUSES)


def _read_count(params, name, default, limit):
    text = read_text(params, name)
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= limit):
        raise BadParameter(f"{name} is a whole number from 1 to {limit}.")
    return int(text)


def read_degrees(name, text, limit):
    """Return degrees as a number.

    :param float limit: how far from 0 they go.
    :raises BadParameter: when the text is none.
    """
    try:
        degrees = float(text)
    except ValueError:
        degrees = float("nan")
    if not isfinite(degrees) or abs(degrees) > limit:
        raise BadParameter(f"{name} is a number of degrees from -{limit} to {limit}.")
    return degrees


def _read_bbox(params):
    text = read_text(params, "bbox")
    if not text:
        return None
    parts = text.split(",")
    if len(parts) != 4:
        raise BadParameter("bbox is four numbers: west,south,east,north.")
    west, south, east, north = (
        read_degrees("bbox", part, limit) for part, limit in zip(parts, (180, 90, 180, 90), strict=True)
    )
    if west > east or south > north:
        raise BadParameter("bbox is west,south,east,north: west below east and south below north.")
    return west, south, east, north
