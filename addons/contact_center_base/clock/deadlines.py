"""From a term and a start to the moment it is due, and the explanation of that moment.

How a deadline is found:

1. *First day.* ``Term.counted_from`` says where counting begins.
2. *Term.* ``amount`` units from there. Terms that end with a day count whole days, so that the last of them is the last
   day; terms that end at a ``moment`` count whole hours, days or months from the first moment.
3. *Extensions* in their order: a further term is counted on from the end so far, a new date replaces it if it is later.
4. *Maximum.* The end is not later than the maximum, counted from the same first day.
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
_Note = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due.

    :param due: last moment in time, in UTC
    :param warn_at: moment at which the warning share of the term is used up, in UTC; not after ``due``
    :param capped: whether the maximum cut off part of the term and its extensions
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
    extension          reason, amount, unit, until (date or moment, or None), end (moment the term then ended)
    capped             amount, unit, limit (moment), wanted (moment the term would have ended)
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
    extensions: Iterable[Extension],
    note: _Note | None = None,
) -> tuple[int, bool]:
    """Return the last moment of the term and whether the maximum cut it."""
    unit = term.unit
    begin = _begin(line, term, start)
    end = _count(line, term, term.amount, unit, start, begin)
    since: int | None = begin  # pauses from this moment on move the end; None: no pause does
    for extension in extensions:
        if extension.until is None:
            end = _advance(line, end, extension.amount or 0, extension.unit or "", term.ends_at != "moment")
        else:
            new_end = _end_of_new_date(line, term, extension)
            granted = to_seconds(extension.granted) if extension.granted else None
            if _postpone(line, unit, new_end, pauses, granted) > _postpone(line, unit, end, pauses, since):
                end, since = new_end, granted
        if note:
            note("extension", extension=extension, end=_postpone(line, unit, end, pauses, since))
    capped = False
    if term.maximum:
        limit = _count(line, term, *term.maximum, start, begin)
        wanted = _postpone(line, unit, end, pauses, since)
        if _postpone(line, unit, limit, pauses, begin) < wanted:
            end, since, capped = limit, begin, True
            if note:
                note("capped", limit=_postpone(line, unit, limit, pauses, begin), wanted=wanted)
    if pauses:
        end = _postpone(line, unit, end, pauses, since, note)
    return _last_moment(line, term, end, note), capped


def _begin(line: Timeline, term: Term, start: int) -> int:
    """Moment at which counting begins, from which on pauses matter."""
    if term.counted_from == "registration":
        return start
    next_day = line.day_of(start) + 1
    if term.counted_from == "next_day":
        return line.midnight(next_day)
    first = line.next_working_day(next_day)
    return line.opens[line.work_days_before[first]] if term.unit == "hours" else line.midnight(first)


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


def _end_of_new_date(line: Timeline, term: Term, extension: Extension) -> int:
    """Moment at which the term ends by the new date of an extension."""
    until = extension.until
    if isinstance(until, datetime):
        return to_seconds(until)
    assert until is not None
    midnight = line.midnight(line.day_of_date(until) + 1)
    return midnight - 1 if term.ends_at == "moment" else midnight


def _postpone(
    line: Timeline, unit: str, end: int, pauses: _Pauses, since: int | None, note: _Note | None = None
) -> int:
    """Move the end by what the pauses from ``since`` on took away, measured in the way of the unit."""
    if since is None or not pauses:
        return end
    measure, moment_at = _measure(line, unit)
    position = measure(end)
    moved = 0
    for pause_start, pause_end, interval in pauses:
        seconds = 0
        first = max(pause_start, since)
        if first < pause_end:
            from_position = measure(first)
            if from_position < position + moved:
                seconds = measure(pause_end) - from_position
                since = pause_end  # what overlaps has been counted
        moved += seconds
        if note:
            note("pause", interval=interval, seconds=seconds)
    return moment_at(position + moved) if moved else end


def _measure(line: Timeline, unit: str) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Functions that turn a moment into a position in the time that counts for the unit, and back."""
    if unit in WORKING_UNITS:
        return line.worked, line.moment
    if unit == "hours":
        return int, int
    return line.wall, line.unwall


def _last_moment(line: Timeline, term: Term, end: int, note: _Note | None) -> int:
    """Last moment of the term that ends at ``end``: the right time of the right day."""
    by_moment = term.ends_at == "moment"
    last_day = day = line.day_of(end if by_moment else end - 1)
    if term.roll_to_working_day:
        day = line.next_working_day(last_day)
        if day != last_day and note:
            note("rolled", from_day=last_day, to_day=day)
    if by_moment:
        return end if day == last_day else line.same_time(day, end)
    last_second = line.midnights[day + 1] - 1
    if term.ends_at == "end_of_working_day" and line.is_working_day(day):
        return min(line.closing(day), last_second)
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
    closed = [
        (to_seconds(pause.start), to_seconds(pause.end), pause) for pause in pauses if pause.end is not None
    ]
    closed.sort(key=_by_time)
    return closed


def _by_time(pause: tuple[int, int, Interval]) -> tuple[int, int]:
    return pause[:2]


# ----------------------------------------------------------------------
# Explanation
# ----------------------------------------------------------------------


def _tell(
    line: Timeline,
    calendar: Calendar,
    term: Term,
    start: int,
    pauses: Sequence[Interval],
    extensions: Sequence[Extension],
) -> list[Step]:
    """List the steps by following the calculation itself."""
    notes: list[tuple[str, dict[str, Any]]] = []
    due, _capped = _find_due(
        line, term, start, _closed(pauses), extensions, lambda code, **params: notes.append((code, params))
    )
    told = {
        "extension": lambda extension, end: {
            "reason": extension.reason,
            "amount": extension.amount,
            "unit": extension.unit,
            "until": extension.until,
            "end": local(end),
        },
        "capped": lambda limit, wanted: {
            "amount": term.maximum and term.maximum[0],
            "unit": term.maximum and term.maximum[1],
            "limit": local(limit),
            "wanted": local(wanted),
        },
        "pause": lambda interval, seconds: {
            "kind": interval.kind,
            "reason": interval.reason,
            "start": interval.start.astimezone(calendar.zone),
            "end": interval.end.astimezone(calendar.zone),
            "seconds": seconds,
            "working": term.unit in WORKING_UNITS,
        },
        "rolled": lambda from_day, to_day: {
            "from_day": line.date_of(from_day),
            "to_day": line.date_of(to_day),
            "days": _free_days(line, calendar, from_day, to_day),
        },
    }

    def local(moment: int) -> datetime:
        return datetime.fromtimestamp(moment, calendar.zone)

    steps = [
        Step(
            "rule",
            {
                "name": term.name,
                "source": term.source,
                "amount": term.amount,
                "unit": term.unit,
                "counted_from": term.counted_from,
                "ends_at": term.ends_at,
                "roll_to_working_day": term.roll_to_working_day,
            },
        ),
        Step("start", {"moment": local(start)}),
    ]
    start_day, due_day = line.day_of(start), line.day_of(due)
    first_day = line.day_of(_begin(line, term, start))
    if first_day > start_day:
        steps.append(
            Step("first_day_excluded", {"excluded": line.date_of(start_day), "first": line.date_of(first_day)})
        )
    if term.unit in WORKING_UNITS and (skipped := _free_days(line, calendar, first_day, due_day)):
        steps.append(Step("free_days_skipped", {"days": skipped}))
    steps += [Step(code, told[code](**params)) for code, params in notes]
    steps += [
        Step(
            "pause_open",
            {"kind": pause.kind, "reason": pause.reason, "start": pause.start.astimezone(calendar.zone)},
        )
        for pause in pauses
        if pause.end is None
    ]
    steps.append(Step("due", {"moment": local(due), "ends_at": term.ends_at}))
    return steps


def _free_days(line: Timeline, calendar: Calendar, first: int, end: int) -> list[tuple[date, str]]:
    """Days without working time from ``first`` to the one before ``end``, with the names of the leaves on them."""
    return [
        (line.date_of(day), calendar.free_time_names(line.midnights[day], line.midnights[day + 1]))
        for day in range(first, end)
        if not line.is_working_day(day)
    ]
