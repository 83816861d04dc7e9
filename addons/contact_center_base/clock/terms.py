"""What a deadline is made of: the term of the rule, and what happened to it on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

Unit = Literal["hours", "working_hours", "calendar_days", "working_days", "months"]
CountedFrom = Literal["registration", "next_day", "next_working_day"]
EndsAt = Literal["end_of_working_day", "midnight", "moment"]

UNITS: tuple[Unit, ...] = get_args(Unit)
COUNTED_FROM: tuple[CountedFrom, ...] = get_args(CountedFrom)
ENDS_AT: tuple[EndsAt, ...] = get_args(EndsAt)
WORKING_UNITS: frozenset[str] = frozenset({"working_hours", "working_days"})
HOUR_UNITS: frozenset[str] = frozenset({"hours", "working_hours"})


def check_amount(amount: float, unit: str) -> None:
    """Raise ``ValueError`` unless there is a positive number of a known unit, whole if it counts days or months."""
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}: use one of {', '.join(UNITS)}")
    if amount <= 0:
        raise ValueError(f"a term must be longer than nothing, not {amount} {unit}")
    if unit not in HOUR_UNITS and amount != int(amount):
        raise ValueError(f"{unit} are counted whole, not {amount}")


@dataclass(frozen=True)
class Term:
    """How long something may take, as a rule or a law puts it.

    :param amount: how many units; hours may have a fraction, days and months may not
    :param unit: ``hours`` run without stopping, ``working_hours`` only during working time; ``calendar_days`` count
        every date, ``working_days`` only dates with working time; ``months`` end on the same date of a later month,
        or on its last date if it is shorter (31 January and one month: 28 or 29 February)
    :param counted_from: the first day that counts:

        * ``registration``: the day of registration itself (for working days: if some working time was left of it,
          otherwise the next working day); hours run from the moment of registration
        * ``next_day``: the day after it. Polish KPA art. 57, Ukrainian Civil Code art. 253: the day of the event is
          not counted
        * ``next_working_day``: the first working day after it

        A term in months ends on the date that corresponds to the day of registration both for ``registration`` and
        for ``next_day`` (KPA art. 57 § 3), and for ``next_working_day`` to the eve of that working day.
    :param roll_to_working_day: a term that would end on a free day ends on the next working day (KPA art. 57 § 4); a
        term that ends at a moment then ends when work opens, and so it does before work opens on a working day
    :param ends_at: which moment of the last day is the last:

        * ``end_of_working_day``: the end of that day's working time; the last second of the day if it is a free one, or
          if its working time was over before the hours of the term were, or before a term of whole days began
        * ``midnight``: the last second of the day (23:59:59), so that the moment still bears the date of that day
        * ``moment``: the term runs in whole hours, days or months from the moment at which counting begins, and so
          ends at the same time of the day. Meant for hours, and for days counted from the registration. A term in
          working days runs from the first working moment and never ends outside that day's working hours.
    :param maximum: (amount, unit) from the start that no extension may exceed; ``None`` for no limit
    :param name: what the rule is called; only ``explain`` passes it on
    :param source: the law or regulation the term comes from; only ``explain`` passes it on
    :raise ValueError: for a value outside the lists above, or an amount that is not positive
    """

    amount: float
    unit: Unit
    counted_from: CountedFrom = "registration"
    roll_to_working_day: bool = False
    ends_at: EndsAt = "moment"
    maximum: tuple[float, Unit] | None = None
    name: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        check_amount(self.amount, self.unit)
        if self.counted_from not in COUNTED_FROM:
            raise ValueError(f"unknown start {self.counted_from!r}: use one of {', '.join(COUNTED_FROM)}")
        if self.ends_at not in ENDS_AT:
            raise ValueError(f"unknown end {self.ends_at!r}: use one of {', '.join(ENDS_AT)}")
        if self.maximum:
            check_amount(*self.maximum)


@dataclass(frozen=True)
class Interval:
    """Time that does not count.

    :param kind: why the clock stood, as a code of the caller's (``waiting``, ``done``, ``planned`` ...)
    :param start: first moment of it
    :param end: first moment after it; ``None`` while it lasts
    :param reason: the words of the person who stopped the clock
    :raise ValueError: if it ends before it starts
    """

    kind: str
    start: datetime
    end: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a pause cannot end ({self.end}) before it starts ({self.start})")


@dataclass(frozen=True)
class Extension:
    """More time: either a further term added to the end, or a new date.

    :param amount: how many units are added; ``None`` if ``until`` is given
    :param unit: unit of ``amount``
    :param reason: the words of the person who extended the term
    :param until: the new last day as a ``date`` in the calendar's zone, or the new moment as a ``datetime``. A date
        before the end that the term already has changes nothing: an extension never shortens.
    :param granted: when a new date was set. Pauses before it are thought to be in the date already; later ones move
        it. Without it, no pause moves the new date.
    :raise ValueError: unless exactly one of ``amount`` and ``until`` is given
    """

    amount: float | None = None
    unit: Unit | None = None
    reason: str = ""
    until: date | datetime | None = None
    granted: datetime | None = None

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.until is None):
            raise ValueError("an extension needs either an amount with its unit or a new date")
        if self.amount is not None:
            check_amount(self.amount, self.unit or "")
