"""Working hours and free time, and the plain questions one can put to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from .timeline import HorizonError, Timeline, to_moment, to_seconds

_MAX_YEARS = 200
_Answer = TypeVar("_Answer")


class NoWorkingTime(ValueError):
    """The calendar has no working time anywhere near the moment asked about."""


@dataclass(frozen=True)
class Attendance:
    """Working hours of one weekday.

    :param weekday: 0 for Monday to 6 for Sunday
    :param hour_from: local time in hours, 8.5 for half past eight; taken to the nearest minute
    :param hour_to: the same; 24 is midnight at the end of the day. Equal hours mean no working time.
    :param week: in a calendar of two weeks 0 for the first week and 1 for the second, told apart as Odoo does it (the
        number of weeks since the year 1 is even or odd); ``None`` for every week
    :raise ValueError: if the hours or the weekday don't exist, or the end is before the beginning
    """

    weekday: int
    hour_from: float
    hour_to: float
    week: int | None = None

    def __post_init__(self) -> None:
        if self.weekday not in range(7) or self.week not in (None, 0, 1):
            raise ValueError(f"no such weekday: {self.weekday} in week {self.week}")
        if not 0 <= self.hour_from <= self.hour_to <= 24:
            raise ValueError(f"no such working hours: {self.hour_from} to {self.hour_to}")


@dataclass(frozen=True)
class Leave:
    """Free time of everybody, be it a public holiday or an hour.

    :param start: first free moment
    :param end: first moment after it. An end in the last second of a minute (23:59:59) includes that second: such are
        the whole days of Odoo's leaves.
    :param name: what ``explain`` calls it
    """

    start: datetime
    end: datetime
    name: str = ""


@dataclass(frozen=True)
class Calendar:
    """Working hours of a week, less the free time, in a time zone.

    A working holiday is simply one for which there is no ``Leave``. Equal input makes equal calendars. The layout of
    the years is worked out on first use and widened by itself when a question goes beyond it; threads that do so at
    the same time only do some work twice.

    :param tz: name of the time zone, such as ``Europe/Kyiv``
    :param attendances: working hours; those that touch or overlap are one period. A shift over midnight is two.
    :param leaves: free time in any order
    :raise zoneinfo.ZoneInfoNotFoundError: for an unknown time zone
    """

    tz: str
    attendances: tuple[Attendance, ...]
    leaves: tuple[Leave, ...] = ()
    zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _timelines: list[Timeline] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        object.__setattr__(self, "attendances", tuple(self.attendances))
        object.__setattr__(self, "leaves", tuple(self.leaves))
        object.__setattr__(self, "zone", ZoneInfo(self.tz))

    @classmethod
    @cache
    def round_the_clock(cls, tz: str) -> Calendar:
        """Calendar in which every hour of every day is working time; the same object for the same time zone."""
        return cls(tz, tuple(Attendance(weekday, 0, 24) for weekday in range(7)))

    def timeline(self, at: int) -> Timeline:
        """Working time laid out over some years; inside the package only.

        :param at: seconds since 1970 around which to begin if nothing is laid out yet
        """
        if not self._timelines:
            year = datetime.fromtimestamp(at, self.zone).year
            self._lay_out(year - 1, year + 2)
        return self._timelines[0]

    def wider_timeline(self, line: Timeline, lack: HorizonError) -> Timeline:
        """Timeline that reaches further than ``line`` in the direction it lacked; inside the package only.

        :raise NoWorkingTime: if ``line`` reached so far already that there is nothing to find
        """
        if self._timelines[0] is line:
            years = line.last_year - line.first_year + 1
            if years > _MAX_YEARS:
                raise NoWorkingTime(f"no working time found within {years} years")
            self._lay_out(line.first_year - years * lack.earlier, line.last_year + years * (not lack.earlier))
        return self._timelines[0]

    def free_time_names(self, start: int, end: int) -> str:
        """Names of the leaves that touch the period, for people; empty if there is none."""
        return ", ".join(
            leave.name
            for leave in sorted(self.leaves, key=lambda leave: leave.start)
            if leave.name and to_seconds(leave.start) < end and _leave_end(leave) > start
        )

    def _lay_out(self, first_year: int, last_year: int) -> None:
        self._timelines[:] = [Timeline(self.zone, self._pattern(), self._free_periods(), first_year, last_year)]

    def _pattern(self) -> list[list[tuple[int, int]]]:
        return [
            _merged(
                (round(attendance.hour_from * 60) * 60, round(attendance.hour_to * 60) * 60)
                for attendance in self.attendances
                if attendance.weekday == day % 7 and attendance.week in (None, day // 7)
            )
            for day in range(14)
        ]

    def _free_periods(self) -> list[tuple[int, int]]:
        return _merged((to_seconds(leave.start), _leave_end(leave)) for leave in self.leaves)


def next_working_moment(calendar: Calendar, moment: datetime) -> datetime:
    """``moment`` itself if it is in working time, else the beginning of the next working period, in UTC.

    :raise NoWorkingTime: if there is none
    """
    at = to_seconds(moment)
    return to_moment(ask(calendar, at, lambda line: line.next_working(at)))


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Working time from ``start`` to ``end``; negative if they are in the other order."""
    first, last = to_seconds(start), to_seconds(end)
    return timedelta(seconds=ask(calendar, first, lambda line: line.worked(last) - line.worked(first)))


def add_working_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """Earliest moment by which ``duration`` of working time has passed since ``start``, in UTC.

    :raise NoWorkingTime: if there is not so much
    :raise ValueError: if the duration is negative
    """
    at, seconds = to_seconds(start), int(duration.total_seconds())
    if seconds < 0:
        raise ValueError(f"working time is counted forward, not by {duration}")
    if not seconds:
        return to_moment(at)
    return to_moment(ask(calendar, at, lambda line: line.moment(line.worked(at) + seconds)))


def add_working_days(calendar: Calendar, start: datetime, count: int) -> datetime:
    """Moment ``count`` working days after ``start``, in UTC.

    The days run from the first working moment from ``start`` on and end at the same local time of a later working
    day, kept within the hours of that day: from Friday 17:00 two working days end on Tuesday at 17:00, from Saturday
    on Wednesday when work begins.

    :param count: 0 or more
    :raise NoWorkingTime: if there are not so many
    """
    if count < 0:
        raise ValueError(f"working days are counted forward, not by {count}")
    at = to_seconds(start)
    return to_moment(ask(calendar, at, lambda line: line.shift_working_days(at, count)))


def working_days_before(calendar: Calendar, now: datetime, count: int) -> datetime:
    """Last moment from which ``count`` working days have passed by ``now``, in UTC.

    This is the inverse of ``add_working_days``, for search domains: what has been new for at least two working days was
    registered not later than ``working_days_before(calendar, now, 2)`` (RO-4.3b). In whole seconds,
    ``start <= working_days_before(calendar, now, n)`` says the same as ``add_working_days(calendar, start, n) <= now``.

    :param count: 0 or more
    :raise NoWorkingTime: if there are not so many
    """
    if count < 0:
        raise ValueError(f"working days are counted back, not by {count}")
    at = to_seconds(now)
    return to_moment(ask(calendar, at, lambda line: line.unshift_working_days(at, count)))


def working_days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Working days after the date of ``start`` up to and with the date of ``end``; negative in the other order."""
    first, last = to_seconds(start), to_seconds(end)

    def count(line: Timeline) -> int:
        return line.work_days_before[line.day_of(last) + 1] - line.work_days_before[line.day_of(first) + 1]

    return ask(calendar, first, count)


def day_bounds(calendar: Calendar, moment: datetime) -> tuple[datetime, datetime]:
    """First moment of the local day of ``moment``, and of the next, in UTC; for search domains such as "due today"."""
    at = to_seconds(moment)

    def bounds(line: Timeline) -> tuple[int, int]:
        day = line.day_of(at)
        return line.midnights[day], line.midnights[day + 1]

    start, end = ask(calendar, at, bounds)
    return to_moment(start), to_moment(end)


def local_date(calendar: Calendar, moment: datetime) -> date:
    """Date of the moment in the calendar's time zone."""
    return moment.astimezone(calendar.zone).date()


def ask(calendar: Calendar, at: int, question: Callable[[Timeline], _Answer]) -> _Answer:
    """Put a question to the calendar's timeline, widening it until it knows the answer; inside the package only."""
    line = calendar.timeline(at)
    while True:
        try:
            return question(line)
        except HorizonError as lack:
            line = calendar.wider_timeline(line, lack)


def _leave_end(leave: Leave) -> int:
    end = to_seconds(leave.end)
    return end + 1 if end % 60 == 59 else end


def _merged(periods: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted periods, those that touch or overlap made into one, empty ones left out."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(periods):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
