"""When a rule holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

EVERY_DAY = frozenset(range(7))
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Window:
    """Days and hours in which a rule holds, in the local time of the city.

    :param weekdays: 0 for Monday to 6 for Sunday; hours over midnight belong to the day on which they begin
    :param minute_from: minutes since midnight
    :param minute_to: first minute after it, 1440 for the end of the day; below ``minute_from`` it is that of the next
        day
    :param working: ``within`` or ``outside`` the working hours of the centre; ``None`` for both
    :param first_day: from when the rule is valid, if there is such a day
    :param last_day: until when, that day included
    """

    weekdays: frozenset[int] = EVERY_DAY
    minute_from: int = 0
    minute_to: int = MINUTES_A_DAY
    working: str | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def over_midnight(self) -> bool:
        return self.minute_to < self.minute_from

    @property
    def all_day(self) -> bool:
        return (self.minute_from, self.minute_to) == (0, MINUTES_A_DAY)

    def lacks(self, moment: datetime, working: bool) -> Iterator[str]:
        """Yield the conditions that don't hold at a local moment.

        :param working: whether the centre works at that moment
        """
        if self.working and working != (self.working == "within"):
            yield "working"
        day = self._begun_on(moment)
        if day is None:
            yield "hours"
            # The days are those of another window then: they are judged by the date itself.
            day = moment.date()
        if day.weekday() not in self.weekdays:
            yield "weekdays"
        if not (self.first_day or day) <= day <= (self.last_day or day):
            yield "dates"

    def covers(self, other: Window) -> bool:
        """Tell whether this window is open whenever the other one is."""
        return (
            self.working in (None, other.working)
            and self.weekdays >= other.weekdays
            and self._covers_hours(other)
            and (self.first_day is None or (other.first_day is not None and self.first_day <= other.first_day))
            and (self.last_day is None or (other.last_day is not None and self.last_day >= other.last_day))
        )

    def _begun_on(self, moment: datetime) -> date | None:
        """Day to which the hours that are open at a moment belong; ``None`` when they aren't open."""
        minute = moment.hour * 60 + moment.minute
        if not self.over_midnight:
            return moment.date() if self.minute_from <= minute < self.minute_to else None
        if minute >= self.minute_from:
            return moment.date()
        return moment.date() - timedelta(days=1) if minute < self.minute_to else None

    def _covers_hours(self, other: Window) -> bool:
        if self.over_midnight == other.over_midnight:
            return self.minute_from <= other.minute_from and self.minute_to >= other.minute_to
        # The morning after belongs to the day before: only a rule for every date has it for certain.
        unlimited = self.weekdays == EVERY_DAY and not (self.first_day or self.last_day)
        return self.all_day and unlimited


#: Any time.
ALWAYS = Window()
