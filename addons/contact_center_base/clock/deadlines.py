"""From a term and a start to the moment it is due, and the explanation of that moment.

How a deadline is found:

1. *First day.* ``Term.counted_from`` says where counting begins.
2. *Term.* ``amount`` units from there. Terms that end with a day count whole days, so that the last of them is the last
   day; terms that end at a ``moment`` count whole hours, days or months from the first moment.
3. *Extensions* in their order: a further term is counted on from the end so far, a new date replaces it if it is later.
4. *Maximum.* What extensions add ends at the maximum, counted from the same first day, at the latest.
5. *Pauses.* The end moves by as much time as the pauses took away from the term: working time for working hours and
   working days, elapsed time for hours, time on the wall clock for calendar days and months (so that a pause of a day
   is a day when the clocks change, too). A moment paused for two reasons counts once. What a pause takes before
   counting begins, or after the end as moved by the pauses before it, doesn't matter. A pause that still lasts is left
   out: nobody knows yet when the term will end. The maximum and the new dates move by the pauses in the same way.
6. *Last moment.* If the last day is free and the term rolls, the next working day takes its place; then the time of day
   as ``Term.ends_at`` says. A term that ends with a day and was paused for part of a day ends with the day into which
   the pauses moved it: time inside a pause never counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .calendars import Calendar, ask
from .terms import HOUR_UNITS, WORKING_UNITS, Extension, Interval, Term
from .timeline import HorizonError, Timeline, to_moment, to_seconds

#: (start, end) in seconds and the interval itself, sorted; open intervals are left out.
_Pauses = Sequence[tuple[int, int, Interval]]
#: Later than any pause: no pause from then on moves the end.
_NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due.

    :param due: last moment in time, in UTC
    :param warn_at: moment at which the warning share of the term is used up, in UTC; not after ``due``
    :param capped: whether the maximum cut off part of the extensions
    """

    due: datetime
    warn_at: datetime
    capped: bool


@dataclass(frozen=True)
class Step:
    """One step of the explanation: a code and what to put into the sentence for it.

    Dates are ``date`` and moments are ``datetime``, both in the calendar's zone. *Free days* are lists of
    ``(date, name)``, the name empty for a day that is simply not worked.

    ================== =====================================================================================
    code               parameters
    ================== =====================================================================================
    rule               name, source, amount, unit, counted_from, ends_at, roll_to_working_day
    start              moment
    first_day_excluded excluded (date), first (date that counts first)
    free_days_skipped  days: free days between the first day and the due day; only for working hours and days
    pause              kind, reason, start, end, seconds (by which the end moved), working (whether these are
                       seconds of working time)
    pause_open         kind, reason, start
    extension          reason, amount, unit, until (date or moment, or None), end (moment the term ends, pauses apart)
    capped             amount, unit, limit, wanted (moments the term ends and would have ended, pauses apart)
    rolled             from_day, to_day, days: the free days passed over
    due                moment, ends_at
    ================== =====================================================================================
    """

    code: str
    params: Mapping[str, Any]


def compute(
    term: Term,
    start: datetime,
    calendar: Calendar,
    pauses: Iterable[Interval] = (),
    extensions: Iterable[Extension] = (),
    warn_share: float = 0.75,
) -> Deadline:
    """Find when the term that started at ``start`` is due.

    :param start: moment of registration
    :param pauses: time that doesn't count, in any order; an open pause is left out
    :param extensions: in the order in which they were granted
    :param warn_share: share of the time from the start to the deadline (working time for working units, elapsed time
        for the others; pauses don't count) after which to warn: 0 to 1
    :raise NoWorkingTime: if the calendar hasn't enough working time for the term
    :raise ValueError: for a moment without a time zone
    """
    begin = to_seconds(start)
    closed = _closed(pauses) if pauses else ()
    extensions = tuple(extensions)
    line = calendar.timeline(begin)
    while True:
        try:
            due, capped = _find_due(line, term, begin, closed, extensions)
            warn_at = _find_warning(line, term, begin, due, closed, warn_share)
        except HorizonError as lack:
            line = calendar.wider_timeline(line, lack)
        else:
            return Deadline(to_moment(due), to_moment(warn_at), capped)


def explain(
    term: Term,
    start: datetime,
    calendar: Calendar,
    pauses: Iterable[Interval] = (),
    extensions: Iterable[Extension] = (),
) -> list[Step]:
    """Tell how ``compute`` finds the deadline for the same arguments, in the order in which a person would explain it.

    :raise NoWorkingTime: as ``compute``
    :raise ValueError: as ``compute``
    """
    begin = to_seconds(start)
    pauses, extensions = list(pauses), list(extensions)
    return ask(calendar, begin, lambda line: _tell(line, calendar, term, begin, pauses, extensions))


# ----------------------------------------------------------------------
# Calculation, in seconds
# ----------------------------------------------------------------------


def _find_due(
    line: Timeline,
    term: Term,
    start: int,
    pauses: _Pauses,
    extensions: Sequence[Extension],
    story: _Story | None = None,
) -> tuple[int, bool]:
    """Return the last moment of the term and whether the maximum cut it."""
    unit = term.unit
    since = begin = _begin(line, term, start)  # pauses before ``since`` don't move the end
    end = unextended = _count(line, term, term.amount, unit, start, begin)
    for extension in extensions:
        end, since = _extend(line, term, extension, end, since, pauses)
        if story:
            story.extension(extension, end)
    capped = False
    if extensions and term.maximum:
        amount, limit_unit = term.maximum
        limit = max(_count(line, term, amount, limit_unit, start, begin), unextended)
        if _postpone(line, unit, limit, pauses, begin) < _postpone(line, unit, end, pauses, since):
            if story:
                story.capped(amount, limit_unit, limit, end)
            end, since, capped = limit, begin, True
    if pauses:
        end = _postpone(line, unit, end, pauses, since, story)
    return _last_moment(line, term, start, end, story), capped


def _begin(line: Timeline, term: Term, start: int) -> int:
    """Moment at which counting begins, from which on pauses matter."""
    if term.counted_from == "registration":
        return start
    next_day = line.day_of(start) + 1
    if term.counted_from == "next_day":
        return line.midnight(next_day)
    first = line.next_working_day(next_day)
    return line.opening(first) if term.unit == "hours" else line.midnight(first)


def _count(line: Timeline, term: Term, amount: float, unit: str, start: int, begin: int) -> int:
    """End of ``amount`` units from the beginning of the term; for whole days, the first moment after the last day."""
    if term.ends_at == "moment" or unit in HOUR_UNITS:
        return _advance(line, begin, amount, unit, whole_days=False)
    # Whole days are counted on from the end of the day before the first.
    if term.counted_from == "registration":
        day = line.day_of(start)
        if unit == "working_days":
            begin = line.midnight(line.day_of(line.next_working(start)))
        else:
            # A month from the 15th ends on the 15th, as if the day of registration came before the first.
            begin = line.midnight(day + 1 if unit == "months" else day)
    return _advance(line, begin, amount, unit, whole_days=True)


def _advance(line: Timeline, moment: int, amount: float, unit: str, whole_days: bool) -> int:
    """Moment ``amount`` units later; ``whole_days``: the end of the last of so many days after the one ended."""
    if unit == "hours":
        return moment + round(amount * 3600)
    if unit == "working_hours":
        return line.moment(line.worked(moment) + round(amount * 3600))
    count = int(amount)
    if whole_days:
        # The moment is the first after a day that is over, or lies inside of one that will be.
        day = line.day_of(moment - 1)
        if unit == "working_days":
            return line.closing(line.working_day(line.work_days_before[day + 1] + count - 1))
        return line.midnight((line.add_months(day, count) if unit == "months" else day + count) + 1)
    if unit == "working_days":
        return line.shift_working_days(moment, count)
    day = line.day_of(moment)
    target = line.add_months(day, count) if unit == "months" else day + count
    return line.moment_of_wall(target, line.time_of_day(day, moment))


def _extend(line: Timeline, term: Term, extension: Extension, end: int, since: int, pauses: _Pauses) -> tuple[int, int]:
    """Return the end of the extended term, and the moment from which on pauses move it."""
    until = extension.until
    if until is None:
        # ``Extension`` has seen to it that one of the two is given.
        assert extension.amount is not None and extension.unit is not None
        return _advance(line, end, extension.amount, extension.unit, term.ends_at != "moment"), since
    granted = to_seconds(extension.granted) if extension.granted else _NEVER
    if isinstance(until, datetime):
        new_end = to_seconds(until)
    else:
        new_end = line.midnight(line.day_of_date(until) + 1) - (term.ends_at == "moment")
    if _postpone(line, term.unit, new_end, pauses, granted) > _postpone(line, term.unit, end, pauses, since):
        return new_end, granted
    return end, since


def _postpone(line: Timeline, unit: str, end: int, pauses: _Pauses, since: int, story: _Story | None = None) -> int:
    """Move the end by what the pauses from ``since`` on took away, measured in the way of the unit."""
    if not pauses:
        return end
    measure, moment_at = _measure(line, unit)
    position = measure(end)
    moved = 0
    for pause_start, pause_end, interval in pauses:
        seconds = 0
        first = max(pause_start, since)
        if first < pause_end and (from_position := measure(first)) < position + moved:
            seconds = measure(pause_end) - from_position
            since = pause_end  # what overlaps has been counted
        moved += seconds
        if story:
            story.pause(interval, to_moment(pause_end), seconds)
    return moment_at(position + moved) if moved else end


def _measure(line: Timeline, unit: str) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Functions that turn a moment into a position in the time that counts for the unit, and back."""
    if unit in WORKING_UNITS:
        return line.worked, line.moment
    if unit == "hours":
        return int, int
    return line.wall, line.unwall


def _last_moment(line: Timeline, term: Term, start: int, end: int, story: _Story | None = None) -> int:
    """Last moment of the term that ends at ``end``: the right time of the right day."""
    by_moment = term.ends_at == "moment"
    last_day = day = line.day_of(end if by_moment else end - 1)
    if term.roll_to_working_day:
        day = line.next_working_day(last_day)
        if day != last_day and story:
            story.rolled(last_day, day)
    if by_moment:
        # Never the same time of the later day: a pause that leads into that day must not bring an earlier moment.
        return max(end, line.opening(day)) if term.roll_to_working_day else end
    last_second = line.midnights[day + 1] - 1
    if term.ends_at == "end_of_working_day" and line.is_working_day(day):
        closing = min(line.closing(day), last_second)
        # Work may be over before the hours are, or before a term of whole days has even begun.
        if closing > start and (term.unit not in HOUR_UNITS or closing >= end):
            return closing
    return last_second


def _find_warning(line: Timeline, term: Term, start: int, due: int, pauses: _Pauses, share: float) -> int:
    """Moment at which ``share`` of the time from the start to the deadline is used up, pauses not counted."""
    unit = term.unit if term.unit in WORKING_UNITS else "hours"
    measure, moment_at = _measure(line, unit)
    begin, end = measure(start), measure(due)
    paused = 0
    counted_to = start
    for pause_start, pause_end, _interval in pauses:
        first, last = max(pause_start, counted_to), min(pause_end, due)
        if first < last:
            paused += measure(last) - measure(first)
            counted_to = last
    used = int((end - begin - paused) * share)
    if used <= 0:
        return start if end > begin else due
    return min(_postpone(line, unit, moment_at(begin + used), pauses, start), due)


def _closed(pauses: Iterable[Interval]) -> _Pauses:
    """Pauses that are over, sorted by their start."""
    closed = [(to_seconds(pause.start), to_seconds(pause.end), pause) for pause in pauses if pause.end is not None]
    closed.sort(key=_by_time)
    return closed


def _by_time(pause: tuple[int, int, Interval]) -> tuple[int, int]:
    return pause[:2]


# ----------------------------------------------------------------------
# Explanation
# ----------------------------------------------------------------------


class _Story:
    """Steps that the calculation tells of while it goes along."""

    def __init__(self, line: Timeline, calendar: Calendar, term: Term, start: int) -> None:
        self.line = line
        self.calendar = calendar
        self.term = term
        self.start = start
        self.steps: list[Step] = []

    def add(self, code: str, **params: Any) -> None:
        self.steps.append(Step(code, params))

    def local(self, seconds: int) -> datetime:
        return datetime.fromtimestamp(seconds, self.calendar.zone)

    def last_moment(self, end: int) -> datetime:
        return self.local(_last_moment(self.line, self.term, self.start, end))

    def free_days(self, first: int, end: int) -> list[tuple[date, str]]:
        """Days without working time from ``first`` to the one before ``end``, with the names of the leaves on them."""
        line = self.line
        return [
            (line.date_of(day), self.calendar.free_time_names(line.midnights[day], line.midnights[day + 1]))
            for day in range(first, end)
            if not line.is_working_day(day)
        ]

    def beginning(self, due: int) -> None:
        line, term, start = self.line, self.term, self.start
        self.add(
            "rule",
            name=term.name,
            source=term.source,
            amount=term.amount,
            unit=term.unit,
            counted_from=term.counted_from,
            ends_at=term.ends_at,
            roll_to_working_day=term.roll_to_working_day,
        )
        self.add("start", moment=self.local(start))
        start_day, first_day = line.day_of(start), line.day_of(_begin(line, term, start))
        if first_day > start_day:
            self.add("first_day_excluded", excluded=line.date_of(start_day), first=line.date_of(first_day))
        if term.unit in WORKING_UNITS and (days := self.free_days(first_day, line.day_of(due))):
            self.add("free_days_skipped", days=days)

    def extension(self, extension: Extension, end: int) -> None:
        self.add(
            "extension",
            reason=extension.reason,
            amount=extension.amount,
            unit=extension.unit,
            until=extension.until,
            end=self.last_moment(end),
        )

    def capped(self, amount: float, unit: str, limit: int, wanted: int) -> None:
        self.add("capped", amount=amount, unit=unit, limit=self.last_moment(limit), wanted=self.last_moment(wanted))

    def pause(self, interval: Interval, end: datetime, seconds: int) -> None:
        zone = self.calendar.zone
        self.add(
            "pause",
            kind=interval.kind,
            reason=interval.reason,
            start=interval.start.astimezone(zone),
            end=end.astimezone(zone),
            seconds=seconds,
            working=self.term.unit in WORKING_UNITS,
        )

    def rolled(self, from_day: int, to_day: int) -> None:
        self.add(
            "rolled",
            from_day=self.line.date_of(from_day),
            to_day=self.line.date_of(to_day),
            days=self.free_days(from_day, to_day),
        )

    def ending(self, due: int, pauses: Iterable[Interval]) -> None:
        for pause in pauses:
            if pause.end is None:
                start = pause.start.astimezone(self.calendar.zone)
                self.add("pause_open", kind=pause.kind, reason=pause.reason, start=start)
        self.add("due", moment=self.local(due), ends_at=self.term.ends_at)


def _tell(
    line: Timeline,
    calendar: Calendar,
    term: Term,
    start: int,
    pauses: Sequence[Interval],
    extensions: Sequence[Extension],
) -> list[Step]:
    """List the steps by following the calculation itself."""
    middle = _Story(line, calendar, term, start)
    due, _capped = _find_due(line, term, start, _closed(pauses), extensions, middle)
    story = _Story(line, calendar, term, start)
    story.beginning(due)
    story.steps += middle.steps
    story.ending(due, pauses)
    return story.steps
