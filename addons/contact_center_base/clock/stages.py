"""How a deadline stands at a moment, when that changes next, and how people say it."""
from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from .calendars import Calendar, ask, local_date, working_days_between
from .terms import WORKING_UNITS
from .timeline import Timeline, to_moment, to_seconds


class StageCode(IntEnum):
    """Stages in the order in which a deadline passes through them."""

    RUNNING = 0
    WARNED = 1
    DUE = 2
    OVERDUE = 3


class Stage(NamedTuple):
    """Where a deadline stands; later stages are greater.

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
    reached: Stage,
    start: datetime,
    due: datetime,
    warn_at: datetime,
    calendar: Calendar,
    unit: str = "hours",
    urgent: bool = False,
) -> datetime:
    """Tell when people should hear of the next stage, in UTC.

    The caller stores the moment and the stage it has told of; when the moment comes, it asks for the ``stage`` and
    tells of that one, which may be a later one than the next. A moment in the past says that an alert is owed.

    :param reached: stage of which people have been told
    :param start: when the term started
    :param due: last moment in time
    :param warn_at: from when on to warn
    :param unit: as for ``stage``
    :param urgent: tell at once; otherwise alerts wait for working time
    :raise NoWorkingTime: if no working time follows
    """
    begin, end, warn = to_seconds(start), to_seconds(due), to_seconds(warn_at)

    def find(line: Timeline) -> int:
        due_day_begins = max(line.midnights[line.day_of(end)], begin)
        if reached < Stage(StageCode.WARNED) and warn < due_day_begins:
            moment = warn
        elif reached < Stage(StageCode.DUE):
            moment = due_day_begins
        elif reached < Stage(StageCode.OVERDUE):
            moment = end + 1
        else:
            moment = _overdue_again(line, begin, end, reached.times_overdue + 1, unit)
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


def _overdue_again(line: Timeline, start: int, due: int, times: int, unit: str) -> int:
    """Moment by which ``times`` whole terms have passed since the due moment."""
    if unit in WORKING_UNITS and (term := line.worked(due) - line.worked(start)):
        return line.moment(line.worked(due) + times * term)
    return due + times * max(due - start, 1)
