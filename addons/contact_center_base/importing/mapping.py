"""From the cells of one row to one request with its history (plain Python)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from ..tabular import SURPLUS
from ..workflow import FINISHED_STATES, Move
from .values import Moment, RowError, read_flag, read_moment

#: What a column can mean. The labels are translated where a field uses them.
TARGETS = [
    ("source_number", "Number in the other system"),
    ("registered_at", "Registered on"),
    ("started_at", "Taken into work on"),
    ("finished_at", "Done or closed on"),
    ("state", "State"),
    ("category", "Classifier node (name or code)"),
    ("channel", "Channel"),
    ("owner", "Executor"),
    ("district", "District (name or code)"),
    ("street", "Street"),
    ("house", "House"),
    ("flat", "Flat"),
    ("place_note", "Landmark, where no street is given"),
    ("latitude", "Latitude"),
    ("longitude", "Longitude"),
    ("anonymous", "Anonymous (yes or no)"),
    ("applicant", "Applicant's name"),
    ("phone", "Applicant's phone"),
    ("email", "Applicant's e-mail"),
]
#: Several columns of these make one value, joined by blanks; of the others the first column that is filled counts.
JOINED_TARGETS = ("street", "applicant")
#: What names a record of the city, which is found or made later.
NAMED_TARGETS = ("category", "owner", "district", "street")
#: Values that the profile must know; a node, executor or district it doesn't know is taken as it is written.
CLOSED_TARGETS = ("channel", "state")
ANSWERED_STATES = frozenset({"proposed", "done", "closed"})
ANSWER_FIELDS = ("result", "informed_by")
LIMITS = {"latitude": 90, "longitude": 180}
UTC = ZoneInfo("UTC")
EXAMPLE = datetime(2026, 12, 31, 23, 59)

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def placeholders(template: str) -> list[str]:
    """Return the columns that a template names.

    >>> placeholders("{RequestType}: {Address}")
    ['RequestType', 'Address']
    """
    return _PLACEHOLDER.findall(template or "")


def fill(template: str, row: Mapping[str, str]) -> str:
    """Put the cells into a template and drop what separates empty ones at its ends.

    >>> fill("{RequestType}: {Address}", {"RequestType": "Graffiti", "Address": ""})
    'Graffiti'
    """
    return _PLACEHOLDER.sub(lambda match: row.get(match[1], ""), template or "").strip(" ,.:;–—-\n")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a state of the other system means: the states entered after ``new``, and why a request was closed."""

    path: tuple[str, ...] = ()
    closing_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that was understood: values of a request as they are, names of records to find, and the history."""

    number: str
    values: dict
    names: dict[str, str]
    applicant: dict[str, str]
    moves: list[Move]


@dataclass(frozen=True)
class RowMapping:
    """What the columns of another system's table mean.

    :param columns: target -> its columns in their order.
    :param values: target -> value in the table -> value here (code of a channel or node, name of an executor …).
    :param outcomes: state in the table -> what it means.
    :param formats: how dates are written, for ``datetime.strptime``.
    :param zone: time zone of the dates.
    :param templates: field of the request -> text with columns in braces.
    :param defaults: values of every request, where the row gives none.
    """

    columns: Mapping[str, Sequence[str]]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    formats: Sequence[str] = ()
    zone: ZoneInfo = UTC
    templates: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)

    def read_row(self, row: Mapping[str, str], now: datetime) -> Draft:
        """Return the request that a row describes.

        :param row: stripped cells by column name, as ``tabular.read_table`` gives them.
        :param now: the present moment, naive in UTC.
        :raises RowError: when a cell is missing or makes no sense.
        """
        if SURPLUS in row:
            raise RowError("misshapen")
        number = self._demand(row, "source_number")
        outcome = self._outcome(row)
        moves = self._moves(row, outcome, now)
        values = {**self.defaults, "source_number": number, "registered_at": moves[0].date}
        for name, template in self.templates.items():
            values[name] = fill(template, row)
        for target in ("house", "flat"):
            values[target] = self._cell(row, target)[1]
        for target in LIMITS:
            values[target] = self._coordinate(row, target)
        if "channel" in self.columns:
            values["channel"] = self._known_value(row, "channel") or values.get("channel")
        if outcome.closing_reason:
            values["closing_reason"] = outcome.closing_reason
        if ANSWERED_STATES.isdisjoint(outcome.path):
            # Nobody was answered yet.
            values = {name: value for name, value in values.items() if name not in ANSWER_FIELDS}
        found = {target: self._translated(row, target) for target in NAMED_TARGETS}
        names = {target: name for target, name in found.items() if name}
        if "street" not in names:
            values["place_note"] = self._cell(row, "place_note")[1]
        return Draft(number, values, names, self._applicant(row), moves)

    # ------------------------------------------------------------
    # Cells
    # ------------------------------------------------------------

    def _cell(self, row: Mapping[str, str], target: str) -> tuple[str, str]:
        """Return ``(column, value)`` of a target; both may be empty."""
        columns = self.columns.get(target, ())
        if target in JOINED_TARGETS:
            return ", ".join(columns), " ".join(filter(None, (row.get(column, "") for column in columns)))
        for column in columns:
            if row.get(column):
                return column, row[column]
        return next(iter(columns), ""), ""

    def _demand(self, row: Mapping[str, str], target: str) -> str:
        column, value = self._cell(row, target)
        if not value:
            raise RowError("empty", column=column)
        return value

    def _translated(self, row: Mapping[str, str], target: str) -> str:
        value = self._cell(row, target)[1]
        return self.values.get(target, {}).get(value, value)

    def _known_value(self, row: Mapping[str, str], target: str) -> str:
        """Return the value here of a cell that only the profile explains."""
        column, value = self._cell(row, target)
        known = self.values.get(target, {})
        if value and value not in known:
            raise RowError("value", value=value, column=column, known=", ".join(known))
        return known.get(value, "")

    def _coordinate(self, row: Mapping[str, str], target: str) -> float:
        column, value = self._cell(row, target)
        try:
            degrees = float(value.replace(",", ".") or 0)
        except ValueError as error:
            raise RowError("number", value=value, column=column) from error
        # Written so that NaN is refused, too.
        if not -LIMITS[target] <= degrees <= LIMITS[target]:
            raise RowError("coordinate", value=value, column=column, lowest=-LIMITS[target], highest=LIMITS[target])
        return degrees

    def _applicant(self, row: Mapping[str, str]) -> dict[str, str]:
        """Return name, phone and e-mail of the applicant, nothing for an anonymous one."""
        column, value = self._cell(row, "anonymous")
        try:
            anonymous = read_flag(value)
        except ValueError as error:
            raise RowError("flag", value=value, column=column) from error
        fields = {"applicant": "name", "phone": "phone", "email": "email"}
        found = {name: self._cell(row, target)[1] for target, name in fields.items()}
        return {} if anonymous else {name: value for name, value in found.items() if value}

    # ------------------------------------------------------------
    # History
    # ------------------------------------------------------------

    def _outcome(self, row: Mapping[str, str]) -> Outcome:
        if "state" not in self.columns:
            return Outcome()
        value = self._demand(row, "state")
        if value not in self.outcomes:
            raise RowError("value", value=value, column=self._cell(row, "state")[0], known=", ".join(self.outcomes))
        return self.outcomes[value]

    def _moves(self, row: Mapping[str, str], outcome: Outcome, now: datetime) -> list[Move]:
        """Return the history with its dates in ascending order.

        Work can't begin before the registration here nor after the end: a visit noted afterwards, or planned for later
        than the request was closed, counts at the registration or at the end. A bare date of the registration's own
        day is not earlier than the registration.
        """
        registered = self._moment(row, "registered_at", now)
        moves = [Move("new", registered.utc)]
        last = None
        if outcome.path and outcome.path[-1] in FINISHED_STATES:
            finished = self._moment(row, "finished_at", now)
            last = self._not_before(registered, finished, row)
        started = self._wished_moment(row, "started_at")
        for position, state in enumerate(outcome.path, start=1):
            moment = moves[-1].date
            if position == len(outcome.path) and last:
                moment = last
            elif state == "in_progress" and started:
                moment = max(moment, min(started.utc, last or now))
            moves.append(Move(state, moment))
        return moves

    def _moment(self, row: Mapping[str, str], target: str, now: datetime) -> Moment:
        """Return the moment of a target that must be given and can't lie in the future."""
        self._demand(row, target)
        moment = self._wished_moment(row, target)
        if moment.utc > now:
            column, value = self._cell(row, target)
            raise RowError("future", value=value, column=column)
        return moment

    def _wished_moment(self, row: Mapping[str, str], target: str) -> Moment | None:
        """Return the moment of a target, ``None`` where the cell is empty."""
        column, value = self._cell(row, target)
        if not value:
            return None
        try:
            return read_moment(value, self.formats, self.zone)
        except (ValueError, OverflowError) as error:
            example = EXAMPLE.strftime(self.formats[0]) if self.formats else EXAMPLE.isoformat(" ")
            raise RowError("moment", value=value, column=column, example=example) from error

    def _not_before(self, registered: Moment, finished: Moment, row: Mapping[str, str]) -> datetime:
        if finished.utc >= registered.utc:
            return finished.utc
        if not finished.has_time and finished.day == registered.day:
            return registered.utc
        raise RowError(
            "ends_early",
            column=self._cell(row, "finished_at")[0],
            value=self._cell(row, "finished_at")[1],
            registered=self._cell(row, "registered_at")[1],
        )
