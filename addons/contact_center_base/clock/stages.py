"""How a deadline stands at a moment, when that changes next, and how people say it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from .calendars import Calendar, ask, local_date, working_days_between
from .terms import WORKING_UNITS
from .timeline import Timeline, to_moment, to_seconds


class StageCode(str, Enum):
    """Stages in the order in which a deadline passes through them."""

    RUNNING = "running"
    WARNED = "warned"
    DUE = "due"
    OVERDUE = "overdue"


class Stage(NamedTuple):
    """Where a deadline stands.

    :param code: ``DUE`` from the midnight with which the due day begins in the calendar's zone, ``OVERDUE`` after the
        due moment
    :param times_overdue: whole terms that have passed since the due moment; 0 unless overdue
    """

    code: StageCode
    times_overdue: int = 0


def stage(
    now: datetime, start: datetime, due: datetime, warn_at: datetime, calendar: Calendar, unit: str = "hours"
) -> Stage:
    """Tell where the deadline stands now.

    :param start: when the term started
    :param due: last moment in time
    :param warn_at: from when on to warn
    :param calendar: its zone says what "today" is
    :param unit: unit of the term: for working units the length of the term and the delay are working time, for the
        others elapsed time
    """
    if now > due:
        begin, end, at = to_seconds(start), to_seconds(due), to_seconds(now)

        def times_overdue(line: Timeline) -> int:
            if unit in WORKING_UNITS:
                term, late = line.worked(end) - line.worked(begin), line.worked(at) - line.worked(end)
            else:
                term, late = end - begin, at - end
            return late // term if term > 0 else 0

        return Stage(StageCode.OVERDUE, ask(calendar, begin, times_overdue))
    if local_date(calendar, now) == local_date(calendar, due):
        return Stage(StageCode.DUE)
    return Stage(StageCode.WARNED if now >= warn_at else StageCode.RUNNING)


def next_alert(
    start: datetime,
    due: datetime,
    warn_at: datetime,
    calendar: Calendar,
    after: datetime | None = None,
    unit: str = "hours",
    urgent: bool = False,
) -> datetime:
    """Tell when people should hear of the next change of the stage, in UTC.

    Alerts come with the warning, with the beginning of the due day (unless the term started on that day), once it is
    overdue, and after each further whole term. When the moment comes, the caller tells of the ``stage`` at that time
    and asks again with ``after``.

    :param start: when the term started
    :param due: last moment in time
    :param warn_at: from when on to warn
    :param after: when people were told the last time; changes up to then are thought to be known. A result in the past
        says that an alert is owed.
    :param unit: as for ``stage``
    :param urgent: tell at once; otherwise alerts wait for working time
    :raise NoWorkingTime: if no working time follows
    """
    begin, end, warn = to_seconds(start), to_seconds(due), to_seconds(warn_at)
    known = to_seconds(after) if after else begin - 1

    def find(line: Timeline) -> int:
        due_day_begins = line.midnights[line.day_of(end)]
        # What is due on the day of its start needs no word about that, only the warning.
        changes = (min(warn, due_day_begins), due_day_begins, end + 1) if begin < due_day_begins else (warn, end + 1)
        moment = next((change for change in changes if change > known), None)
        if moment is None:
            moment = _overdue_again(line, begin, end, known, unit)
        return moment if urgent else line.next_working(moment)

    return to_moment(ask(calendar, begin, find))


def humanize(now: datetime, due: datetime, calendar: Calendar) -> tuple[str, int | None]:
    """Say how far the deadline is as a code and a number, for a sentence in the reader's language.

    * ``("due_today", None)``, ``("due_tomorrow", None)``, ``("due_in_days", n)``: by dates in the calendar's zone
    * ``("late_today", None)``: it was due earlier today
    * ``("late_working_days", n)``: working days since the due day, today included
    * ``("late_days", n)``: only free days since the due day, today included
    """
    days = (local_date(calendar, due) - local_date(calendar, now)).days
    if now > due:
        if not days:
            return "late_today", None
        working_days = working_days_between(calendar, due, now)
        return ("late_working_days", working_days) if working_days else ("late_days", -days)
    if days < 2:
        return ("due_tomorrow" if days else "due_today"), None
    return "due_in_days", days


def _overdue_again(line: Timeline, start: int, due: int, known: int, unit: str) -> int:
    """First moment after ``known`` by which a whole number of terms has passed since the due moment."""
    if unit in WORKING_UNITS and (term := line.worked(due) - line.worked(start)):
        times = (line.worked(known) - line.worked(due)) // term + 1
        return line.moment(line.worked(due) + times * term)
    term = max(due - start, 1)
    return due + ((known - due) // term + 1) * term
