"""Events of a telephone exchange (PBX): what they say and what they add to what is known of a call.

Exchanges deliver events late, twice, in parallel and in any order. So an event only ever adds facts: a call starts at
the earliest moment heard of, is answered at the earliest answer and ends at the earliest end. Whatever the order, the
same events make the same call.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .phone import normalise

KINDS = ("ring", "answer", "hangup", "abandoned")
DIRECTIONS = ("in", "out")
#: How exchanges spell that the caller hides the number.
HIDDEN_NUMBERS = ("", "anonymous", "hidden", "private", "restricted", "unavailable", "unknown")
#: An event further ahead comes from an exchange whose clock or time zone is wrong.
FUTURE_TOLERANCE = timedelta(hours=1)
MAX_LENGTH = 128


class PayloadError(ValueError):
    """An event that can't be understood.

    :param str field: name of the wrong field.
    :param str problem: ``missing``, ``unknown`` (not among the allowed values), ``number``, ``time`` (not ISO 8601 with
        an offset), ``future``, ``text`` (no text, or too long) or ``url``.
    :param value: what was sent.
    """

    def __init__(self, field, problem, value=None):
        super().__init__(field, problem, value)
        self.field = field
        self.problem = problem
        self.value = value


@dataclass(frozen=True)
class Event:
    """One event of a call.

    :param kind: one of ``KINDS``.
    :param call_id: the exchange's id of the call, unique within its city.
    :param at: when it happened, naive UTC, whole seconds.
    :param number: of the other party in E.164, short numbers as dialled; ``None`` when hidden or not told.
    :param tells_number: whether the event says anything of the number, be it that it is hidden.
    :param direction: one of ``DIRECTIONS``, or ``None`` when the event doesn't say.
    """

    kind: str
    call_id: str
    at: datetime
    number: str | None = None
    tells_number: bool = False
    direction: str | None = None
    extension: str | None = None
    line: str | None = None
    recording: str | None = None


def parse(payload, now, country_code=None):
    """Return the :class:`Event` that a decoded JSON object describes; fields we don't know are passed over.

    :param dict payload: see ``docs/api-calls.md``.
    :param datetime now: the present moment, naive UTC; it stands for a missing ``at``.
    :param str country_code: two letters of the country whose national spelling of numbers is understood.
    :raises PayloadError: for the first field that is missing or wrong.
    """
    number = _text(payload, "number")
    recording = _text(payload, "recording", 2000)
    if recording and not recording.startswith(("https://", "http://")):
        raise PayloadError("recording", "url", recording)
    return Event(
        kind=_one_of(payload, "event", KINDS, required=True),
        call_id=_text(payload, "call_id", required=True),
        at=_moment(payload, "at", now),
        number=_number(number, country_code),
        tells_number="number" in payload,
        direction=_one_of(payload, "direction", DIRECTIONS),
        extension=_text(payload, "extension"),
        line=_text(payload, "line"),
        recording=recording,
    )


def merge(known, event):
    """Return what an event changes in what is known of its call, ``{}`` when it brings nothing new.

    :param dict known: ``started_at``, ``answered_at``, ``ended_at``, ``abandoned``, ``number``, ``direction``, ``line``
        and ``recording_url`` of the call; moments naive UTC.
    """
    facts = {"started_at": _earliest(known["started_at"], event.at)}
    if event.kind == "answer":
        facts["answered_at"] = _earliest(known["answered_at"], event.at)
    if event.kind in ("hangup", "abandoned"):
        facts["ended_at"] = _earliest(known["ended_at"], event.at)
    if event.kind == "abandoned":
        facts["abandoned"] = True
    if event.direction:
        facts["direction"] = event.direction
    for name, value in (("number", event.number), ("line", event.line), ("recording_url", event.recording)):
        if value and not known[name]:
            facts[name] = value
    return {name: value for name, value in facts.items() if value != known[name]}


def _earliest(known, at):
    return min(known, at) if known else at


def _text(payload, field, max_length=MAX_LENGTH, required=False):
    value = payload.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and (not isinstance(value, str) or len(value) > max_length or "\0" in value):
        raise PayloadError(field, "text", value)
    value = (value or "").strip() or None
    if required and value is None:
        raise PayloadError(field, "missing")
    return value


def _one_of(payload, field, allowed, required=False):
    value = _text(payload, field, required=required)
    if value is not None and value not in allowed:
        raise PayloadError(field, "unknown", value)
    return value


def _moment(payload, field, now):
    text = _text(payload, field)
    if text is None:
        return now.replace(microsecond=0)
    try:
        # Python 3.10 doesn't read the "Z" of ISO 8601.
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo is None:
            raise PayloadError(field, "time", text)
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError) as error:
        raise PayloadError(field, "time", text) from error
    if moment > now + FUTURE_TOLERANCE:
        raise PayloadError(field, "future", text)
    return moment


def _number(text, country_code):
    if text is None or text.lower() in HIDDEN_NUMBERS:
        return None
    number = normalise(text, country_code)
    if number:
        return number
    # Emergency and internal numbers are too short for E.164 and are kept as dialled.
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return text
    raise PayloadError("number", "number", text)
