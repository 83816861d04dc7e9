"""Deadlines counted per second by one core, beside a plain walk from day to day.

Both count from the same calendar: the weekly hours of a city and five years of public holidays. The deadlines are of
terms in all units, some of them paused. The walk is what one would write first, and what ``resource.calendar`` does in
spirit: it goes through the days one by one and looks for the holidays of each.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

# The package needs no Odoo, so it is imported as it stands and not as a part of the addon.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "addons" / "contact_center_base"))

from clock import (
    Attendance,
    Calendar,
    Interval,
    Leave,
    Term,
    add_working_time,
    compute,
    explain,
)

ZONE = ZoneInfo("Europe/Warsaw")
HOLIDAYS = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
YEARS = range(2024, 2029)
TERMS = (
    Term(48, "hours"),
    Term(16, "working_hours"),
    Term(14, "calendar_days", "next_day", True, "midnight", maximum=(2, "months")),
    Term(5, "working_days", "next_day", True, "end_of_working_day", maximum=(20, "working_days")),
    Term(1, "months", "next_day", True, "end_of_working_day"),
    Term(2, "working_days"),
)
Case = tuple[Term, datetime, tuple[Interval, ...]]


def make_calendar() -> Calendar:
    """Return a working week of 40 hours with lunch breaks, less the public holidays."""
    return Calendar(
        ZONE.key,
        tuple(Attendance(day, *hours) for day in range(5) for hours in ((8, 12), (12.5, 16.5))),
        tuple(
            Leave(datetime(year, month, day, tzinfo=ZONE), datetime(year, month, day, 23, 59, 59, tzinfo=ZONE))
            for year in YEARS
            for month, day in HOLIDAYS
        ),
    )


def make_cases(count: int) -> list[Case]:
    """Return terms with their starts over two years; every fifth was paused once or twice."""
    chance = random.Random(1520)
    first = datetime(2025, 1, 1, tzinfo=timezone.utc)
    cases = []
    for number in range(count):
        start = first + timedelta(seconds=chance.randrange(2 * 365 * 86_400))
        pauses = []
        if number % 5 == 0:
            for _pause in range(chance.randint(1, 2)):
                since = start + timedelta(hours=chance.randint(1, 60))
                pauses.append(Interval("waiting", since, since + timedelta(hours=chance.randint(1, 80))))
        cases.append((TERMS[number % len(TERMS)], start, tuple(pauses)))
    return cases


def walk(calendar: Calendar, start: datetime, hours: float) -> datetime:
    """Return the moment by which so many working hours have passed, found day by day."""
    left = timedelta(hours=hours)
    day: date = start.astimezone(calendar.zone).date()
    while True:
        for attendance in calendar.attendances:
            if attendance.weekday != day.weekday():
                continue
            opens, closes = (
                datetime.combine(day, clock_time(int(hour), round(hour % 1 * 60)), calendar.zone).astimezone(
                    timezone.utc
                )
                for hour in (attendance.hour_from, attendance.hour_to)
            )
            opens = max(opens, start)
            if opens >= closes or any(leave.start <= opens < leave.end for leave in calendar.leaves):
                continue
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        day += timedelta(days=1)


def per_second(work: Callable[[], object], count: int, seconds: float = 2.0) -> float:
    """Return how many of ``count`` pieces of work one core does in a second, the best of the rounds in that time.

    Seconds of the processor and not of the clock on the wall: what else the machine does matters less.
    """
    best = 0.0
    until = time.perf_counter() + seconds
    while not best or time.perf_counter() < until:
        started = time.process_time()
        work()
        best = max(best, count / (time.process_time() - started))
    return best


def main(argv: Sequence[str] = ()) -> int:
    """Print the figures; the argument is the number of deadlines per round (6,000)."""
    count = int(argv[0]) if argv else 6_000
    calendar, cases = make_calendar(), make_cases(count)
    few = cases[: max(count // 100, 1)]
    compute(*cases[0][:2], calendar)

    mixed = per_second(lambda: [compute(term, start, calendar, pauses) for term, start, pauses in cases], count)
    explained = per_second(
        lambda: [explain(term, start, calendar, pauses) for term, start, pauses in few], len(few), 0.5
    )
    fast = per_second(
        lambda: [add_working_time(calendar, start, timedelta(hours=40)) for _term, start, _pauses in cases], count, 1
    )
    slow = per_second(lambda: [walk(calendar, start, 40) for _term, start, _pauses in few], len(few), 1)
    agree = all(
        walk(calendar, start, 40) == add_working_time(calendar, start.replace(microsecond=0), timedelta(hours=40))
        for _term, start, _pauses in few
    )
    print(f"deadlines, all units, every fifth paused: {mixed:>10,.0f} per second")
    for unit_term in TERMS:
        same = [case for case in cases if case[0] is unit_term]
        rate = per_second(lambda same=same: [compute(t, s, calendar, p) for t, s, p in same], len(same), 0.3)  # type: ignore[misc]
        print(f"  {unit_term.amount:>3} {unit_term.unit:<36} {rate:>10,.0f} per second")
    print(f"explanations:                             {explained:>10,.0f} per second")
    print(f"40 working hours by bisection:            {fast:>10,.0f} per second")
    print(f"40 working hours day by day:              {slow:>10,.0f} per second (ratio {fast / slow:.0f})")
    print(f"both ways agree: {'yes' if agree else 'NO'}")
    return 0 if agree and mixed >= 50_000 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
