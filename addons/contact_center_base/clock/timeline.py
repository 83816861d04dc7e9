"""Working time of some years laid out as sorted lists of seconds, for look-ups by bisection.

This is the engine below ``Calendar``; nothing outside the package needs it. Moments are whole seconds since 1970 in
UTC. *Days* are the local dates of the time zone, numbered from 0 for the first day of the horizon. A *day number*
beyond the horizon raises ``HorizonError``, on which the caller takes a wider timeline and asks again; positions
(working time, wall time, day numbers) must not be carried from one timeline to another.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

DAY = 86_400
#: Working periods (start, end) of each day of two weeks in seconds after midnight; item 0 is a Monday of a first week.
Pattern = Sequence[Sequence[tuple[int, int]]]


class HorizonError(Exception):
    """The answer lies outside the years of this timeline."""

    def __init__(self, earlier: bool = False) -> None:
        super().__init__()
        self.earlier = earlier


class Timeline:
    """Working time from 1 January of ``first_year`` to 31 December of ``last_year``.

    :param pattern: the fortnight of working periods
    :param leaves: sorted, disjoint free periods (start, end)
    """

    __slots__ = (
        "_zone", "closes", "day_count", "ends", "first_year", "last_year", "midnights", "opens", "origin", "starts",
        "work_days", "work_days_before", "worked_until",
    )  # fmt: skip

    def __init__(
        self, zone: ZoneInfo, pattern: Pattern, leaves: Sequence[tuple[int, int]], first_year: int, last_year: int
    ) -> None:
        self._zone = zone
        self.first_year = first_year
        self.last_year = last_year
        #: Ordinal of day 0, see ``date.toordinal``.
        self.origin = date(first_year, 1, 1).toordinal()
        self.day_count = date(last_year, 12, 31).toordinal() - self.origin + 1
        #: First moment of each day, and of the first day beyond the horizon.
        self.midnights = [
            int(datetime.combine(date.fromordinal(self.origin + day), time(), zone).timestamp())
            for day in range(self.day_count + 1)
        ]
        #: Working periods, and the working time up to the end of each.
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.worked_until: list[int] = []
        #: Working days, with the first and the last working moment of each.
        self.work_days: list[int] = []
        self.opens: list[int] = []
        self.closes: list[int] = []
        #: For each day: how many working days lie before it.
        self.work_days_before = [0]
        self._lay_out(pattern, leaves)

    # ------------------------------------------------------------------
    # Building
    # ------------------------------------------------------------------

    def _lay_out(self, pattern: Pattern, leaves: Sequence[tuple[int, int]]) -> None:
        worked = 0
        first_leave = bisect_right([end for _start, end in leaves], self.midnights[0])
        for day in range(self.day_count):
            midnight, next_midnight = self.midnights[day], self.midnights[day + 1]
            while first_leave < len(leaves) and leaves[first_leave][1] <= midnight:
                first_leave += 1
            opened = len(self.starts)
            for start_time, end_time in pattern[(self.origin + day - 1) % 14]:
                start, end = self.moment_of_wall(day, start_time), self.moment_of_wall(day, end_time)
                for piece_start, piece_end in _without(leaves, first_leave, start, min(end, next_midnight)):
                    worked += piece_end - piece_start
                    self.starts.append(piece_start)
                    self.ends.append(piece_end)
                    self.worked_until.append(worked)
            if len(self.starts) > opened:
                self.work_days.append(day)
                self.opens.append(self.starts[opened])
                self.closes.append(self.ends[-1])
            self.work_days_before.append(len(self.work_days))

    # ------------------------------------------------------------------
    # Days and wall time
    # ------------------------------------------------------------------

    def day_of(self, moment: int) -> int:
        """Number of the local day that ``moment`` belongs to."""
        day = bisect_right(self.midnights, moment) - 1
        if day < 0:
            raise HorizonError(earlier=True)
        if day >= self.day_count:
            raise HorizonError()
        return day

    def day_of_date(self, value: date) -> int:
        """Number of the day with this date."""
        day = value.toordinal() - self.origin
        if day < 0:
            raise HorizonError(earlier=True)
        if day >= self.day_count:
            raise HorizonError()
        return day

    def midnight(self, day: int) -> int:
        """First moment of the day."""
        if day > self.day_count:
            raise HorizonError()
        return self.midnights[day]

    def date_of(self, day: int) -> date:
        """Date of the day."""
        return date.fromordinal(self.origin + day)

    def add_months(self, day: int, months: int) -> int:
        """Day with the same date ``months`` later, or the last day of that month if it is shorter."""
        start = date.fromordinal(self.origin + day)
        years, month = divmod(start.month - 1 + months, 12)
        year, month = start.year + years, month + 1
        # Only short months need a look at their length.
        last = start.day if start.day <= 28 else min(start.day, monthrange(year, month)[1])
        return date(year, month, last).toordinal() - self.origin

    def time_of_day(self, day: int, moment: int) -> int:
        """Seconds that a local clock shows after midnight of ``day`` at ``moment``, which belongs to that day.

        In the hour that an autumn night repeats, the clock shows the same time twice.
        """
        midnight = self.midnights[day]
        if self.midnights[day + 1] - midnight == DAY:
            return moment - midnight
        local = datetime.fromtimestamp(moment, self._zone)
        return local.hour * 3600 + local.minute * 60 + local.second

    def moment_of_wall(self, day: int, seconds: int) -> int:
        """Moment at which a local clock shows ``seconds`` (0 to 86,400) after midnight of ``day``.

        A time that a spring night leaves out is read by the clock before the change, one that an autumn night
        repeats by the clock after it: the later reading in both cases, and the way Odoo reads working hours.
        """
        midnight = self.midnight(day)
        next_midnight = self.midnight(day + 1)
        if next_midnight - midnight == DAY:
            return midnight + seconds
        if seconds == DAY:
            return next_midnight
        clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=self._zone)
        local = datetime.combine(self.date_of(day), clock)
        return int(max(local.timestamp(), local.replace(fold=1).timestamp()))

    def wall(self, moment: int) -> int:
        """Local time as seconds in days of 24 hours from day 0: what a clock and a calendar on the wall show."""
        day = self.day_of(moment)
        return day * DAY + self.time_of_day(day, moment)

    def unwall(self, wall: int) -> int:
        """Moment at which the local clock shows ``wall``; see ``wall``."""
        return self.moment_of_wall(*divmod(wall, DAY))

    # ------------------------------------------------------------------
    # Working time
    # ------------------------------------------------------------------

    def worked(self, moment: int) -> int:
        """Working seconds from the beginning of the horizon to ``moment``."""
        if not self.midnights[0] <= moment <= self.midnights[-1]:
            raise HorizonError(earlier=moment < self.midnights[0])
        period = bisect_right(self.starts, moment) - 1
        if period < 0:
            return 0
        unfinished = self.ends[period] - moment
        return self.worked_until[period] - unfinished if unfinished > 0 else self.worked_until[period]

    def moment(self, worked: int) -> int:
        """Earliest moment by which ``worked`` seconds of working time have passed."""
        period = bisect_left(self.worked_until, worked)
        if period == len(self.ends):
            raise HorizonError()
        return self.ends[period] - self.worked_until[period] + worked

    def next_working(self, moment: int) -> int:
        """``moment`` itself if it is in working time, else the beginning of the next working period."""
        if moment < self.midnights[0]:
            raise HorizonError(earlier=True)
        period = bisect_right(self.ends, moment)
        if period == len(self.ends):
            raise HorizonError()
        return max(moment, self.starts[period])

    def last_working(self, moment: int) -> int:
        """Last second of working time that is not after ``moment``."""
        period = bisect_right(self.starts, moment) - 1
        if period < 0:
            raise HorizonError(earlier=True)
        return min(moment, self.ends[period] - 1)

    # ------------------------------------------------------------------
    # Working days
    # ------------------------------------------------------------------

    def is_working_day(self, day: int) -> bool:
        """Whether the day has any working time."""
        return self.work_days_before[day + 1] > self.work_days_before[day]

    def working_day(self, number: int) -> int:
        """Day of the working day with this number."""
        if number < 0:
            raise HorizonError(earlier=True)
        if number >= len(self.work_days):
            raise HorizonError()
        return self.work_days[number]

    def next_working_day(self, day: int) -> int:
        """First working day not before ``day``."""
        if day > self.day_count:
            raise HorizonError()
        return self.working_day(self.work_days_before[day])

    def opening(self, day: int) -> int:
        """Beginning of the working time of a working day."""
        return self.opens[self.work_days_before[day]]

    def closing(self, day: int) -> int:
        """End of the working time of a working day."""
        return self.closes[self.work_days_before[day]]

    def same_time(self, day: int, moment: int) -> int:
        """Moment of the working day ``day`` at the time of day of ``moment``, kept within that day's working hours."""
        number = self.work_days_before[day]
        seconds = self.time_of_day(self.day_of(moment), moment)
        return min(max(self.moment_of_wall(day, seconds), self.opens[number]), self.closes[number])

    def shift_working_days(self, moment: int, count: int) -> int:
        """Moment ``count`` working days after the first working moment from ``moment`` on, at the same time of day."""
        begin = self.next_working(moment)
        number = self.work_days_before[self.day_of(begin)]
        return self.same_time(self.working_day(number + count), begin)

    def unshift_working_days(self, moment: int, count: int) -> int:
        """Last moment from which ``shift_working_days`` by ``count`` is not after ``moment``."""
        number = self.work_days_before[self.day_of(moment) + 1] - 1
        if number - count < 0:
            raise HorizonError(earlier=True)
        day = self.work_days[number - count]
        if moment >= self.closes[number]:
            return self.last_working(self.closes[number - count])
        if moment < self.opens[number]:
            return self.last_working(self.opens[number - count] - 1)
        seconds = self.time_of_day(self.work_days[number], moment)
        return self.last_working(min(self.moment_of_wall(day, seconds), self.closes[number - count]))


def _without(leaves: Sequence[tuple[int, int]], first: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of the period that no leave covers; leaves before number ``first`` are over by then."""
    while first < len(leaves) and leaves[first][0] < end:
        leave_start, leave_end = leaves[first]
        if leave_start > start:
            yield start, leave_start
        start = max(start, leave_end)
        first += 1
    if start < end:
        yield start, end


def to_seconds(moment: datetime) -> int:
    """Whole seconds since 1970 in UTC.

    :raise ValueError: if the moment has no time zone
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return int(moment.timestamp())


def to_moment(seconds: int) -> datetime:
    """Moment in UTC."""
    return datetime.fromtimestamp(seconds, timezone.utc)
