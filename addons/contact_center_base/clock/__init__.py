"""Deadlines: plain Python that knows terms and working time, and nothing of Odoo.

The package answers four questions:

* *When is it due?*  ``compute(term, start, calendar, pauses, extensions)`` gives a ``Deadline``.
* *Why then?*  ``explain(...)`` with the same arguments gives the steps of the calculation as codes with parameters;
  the caller puts them into the reader's language.
* *How does it stand now?*  ``stage``, ``next_alert`` and ``humanize``.
* *How much working time?*  ``working_time_between``, ``add_working_time``, ``add_working_days`` and their relatives.

Every moment that goes in is a ``datetime`` with a time zone, every moment that comes out is a ``datetime`` in UTC
(in the steps of ``explain``: in the calendar's zone). A naive ``datetime`` is refused with ``ValueError``. The clock
counts in whole seconds, as Odoo stores them; fractions of a second are dropped.

A ``Calendar`` remembers the working time it has worked out, so keep one per set of working hours and replace it when
the hours or the leaves change. It may be shared between threads.
"""

from .calendars import (
    Attendance,
    Calendar,
    Leave,
    NoWorkingTime,
    add_working_days,
    add_working_time,
    day_bounds,
    next_working_moment,
    working_days_before,
    working_days_between,
    working_time_between,
)
from .deadlines import Deadline, Step, compute, explain
from .public_holidays import PublicHoliday, public_holidays
from .stages import Stage, StageCode, humanize, next_alert, stage
from .terms import COUNTED_FROM, ENDS_AT, UNITS, Extension, Interval, Term

__all__ = [
    "COUNTED_FROM",
    "ENDS_AT",
    "UNITS",
    "Attendance",
    "Calendar",
    "Deadline",
    "Extension",
    "Interval",
    "Leave",
    "NoWorkingTime",
    "PublicHoliday",
    "Stage",
    "StageCode",
    "Step",
    "Term",
    "add_working_days",
    "add_working_time",
    "compute",
    "day_bounds",
    "explain",
    "humanize",
    "next_alert",
    "next_working_moment",
    "public_holidays",
    "stage",
    "working_days_before",
    "working_days_between",
    "working_time_between",
]
