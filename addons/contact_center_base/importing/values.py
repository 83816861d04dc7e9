"""Reading single cells of a foreign table (plain Python)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

YES = frozenset({"1", "y", "yes", "true", "t", "так", "т", "tak"})
NO = frozenset({"", "0", "n", "no", "false", "f", "ні", "н", "nie"})


class RowError(Exception):
    """A row that can't be taken over. :func:`explain` says in the reader's language why."""

    def __init__(self, code: str, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


def explain(error: RowError, env) -> str:
    """Return the sentence for the reader.

    :param env: Odoo's environment, for the reader's language.
    """
    sentences = {
        "misshapen": env._("The cells don't fit the header: there are too many of them, or a quote is not closed."),
        "empty": env._("“%(column)s” is empty."),
        "moment": env._("“%(value)s” in “%(column)s” is no date; expected is one like %(example)s."),
        "future": env._("“%(value)s” in “%(column)s” lies in the future."),
        "number": env._("“%(value)s” in “%(column)s” is no number."),
        "coordinate": env._(
            "“%(value)s” in “%(column)s” is outside %(lowest)s … %(highest)s; are the columns swapped?"
        ),
        "flag": env._("“%(value)s” in “%(column)s” is neither yes nor no."),
        "value": env._("“%(value)s” in “%(column)s” has no meaning in the profile; it knows %(known)s."),
        "ends_early": env._("“%(column)s” (%(value)s) is earlier than the registration (%(registered)s)."),
        "unknown_category": env._("The classifier has no node “%(value)s”, and the profile doesn't add missing ones."),
        "unknown_district": env._("The city has no district “%(value)s”, and the profile doesn't add missing ones."),
        "unknown_street": env._("The city has no street “%(value)s”, and the profile doesn't add missing ones."),
        "unknown_owner": env._("There is no executor “%(value)s”, and the profile doesn't add missing ones."),
    }
    return sentences[error.code] % error.params


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time of the table.

    :param utc: naive, in UTC, whole seconds.
    :param day: local date.
    :param has_time: False for a bare date, also when it is written as midnight.
    """

    utc: datetime
    day: date
    has_time: bool


def read_moment(text: str, formats: Sequence[str], zone: ZoneInfo) -> Moment:
    """Read a date with or without time, written in one of the formats or in ISO 8601.

    :param formats: as for ``datetime.strptime``; the first that fits counts.
    :param zone: time zone of what names none.
    :raises ValueError: when no format fits.
    """
    for pattern in formats:
        try:
            local = datetime.strptime(text, pattern)
            break
        except ValueError:
            continue
    else:
        local = datetime.fromisoformat(text)
    local = local.astimezone(zone) if local.tzinfo else local.replace(tzinfo=zone)
    utc = local.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    return Moment(utc, local.date(), local.time() != time())


def read_flag(text: str) -> bool:
    """Read yes or no in English, Ukrainian or Polish.

    :raises ValueError: for anything else.
    """
    word = text.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError(text)
