"""Messages to applicants: which events they are told of, by which way and when. Plain Python, nothing of Odoo."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

#: What applicants are told (KP-3.8), in the order in which a matter goes.
NOTICE_KINDS = [
    ("registered", "Registered"),
    ("in_work", "In work"),
    ("question", "Question"),
    ("extended", "Term extended"),
    ("planned", "Long-term plan"),
    ("reopened", "Taken up again"),
    ("done", "Done"),
    ("closed", "Closed"),
    ("comment", "Comment"),
    ("return_refused", "Rework refused"),
]
#: Ways by which the system writes to people by itself.
NOTICE_CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("portal", "Portal")]
WRITTEN = tuple(code for code, _label in NOTICE_CHANNELS)
#: Ways of informing that happen in the very conversation.
SPOKEN = ("phone", "in_person")
#: For these a colleague gets an activity where the system can't write.
TOLD_BY_COLLEAGUE = ("question", "extended", "planned", "done", "closed", "comment")
#: Words of their own, which no later message replaces.
WORDS = ("question", "comment", "return_refused")
#: Who joined a matter is told how it goes, not what is between the centre and the one who brought it.
TOLD_TO_JOINED = ("in_work", "extended", "planned", "reopened", "done", "closed")
OUTCOMES = ("done", "closed")

_BY_EVENT = {"registered": "registered", "asked": "question", "extended": "extended"}
_BY_MOVE = {
    ("new", "in_progress"): "in_work",
    ("planned", "in_progress"): "in_work",
    ("done", "rework"): "reopened",
    ("closed", "rework"): "reopened",
}
_BY_STATE = {"planned": "planned", "done": "done", "closed": "closed"}


def find_kind(event, state_from=None, state_to=None):
    """Return what applicants are told of an event of the history, one of ``NOTICE_KINDS``, or ``None``.

    What is between the centre and executors (a proposal, its return) is no news for applicants.

    >>> find_kind("moved", "new", "in_progress"), find_kind("moved", "proposed", "rework"), find_kind("extended")
    ('in_work', None, 'extended')
    """
    if event == "moved":
        return _BY_MOVE.get((state_from, state_to)) or _BY_STATE.get(state_to)
    return _BY_EVENT.get(event)


def choose_channel(wish, email, phone):
    """Return by which of ``NOTICE_CHANNELS`` to write to somebody, or ``None`` where a colleague has to tell.

    The one place that says what replaces a way for which there is no address: SMS stands in for e-mail and e-mail for
    SMS; in the portal everything can be read anyway, an e-mail besides only points there.

    >>> choose_channel("email", "", "+380501234567"), choose_channel("letter", "oksana@example.com", "")
    ('sms', None)
    """
    possible = {
        "email": ("email" if email else None) or ("sms" if phone else None),
        "sms": ("sms" if phone else None) or ("email" if email else None),
        "portal": "email" if email else "portal",
    }
    return possible.get(wish)


def sending_moment(moment: datetime, zone: ZoneInfo, quiet_from: float, quiet_to: float) -> datetime:
    """Return when a message of a moment may be sent, in UTC: at once, or when the quiet hours end.

    :param moment: with a time zone.
    :param quiet_from: hour of the local clock at which the quiet begins, 21.5 for half past nine in the evening.
    :param quiet_to: hour at which it ends, on the next day where it isn't later; the same hour means no quiet at all.
    """
    local = moment.astimezone(zone)
    hour = local.hour + local.minute / 60 + local.second / 3600
    if quiet_from <= quiet_to:
        if not quiet_from <= hour < quiet_to:
            return moment.astimezone(timezone.utc)
        day = local.date()
    else:
        if quiet_to <= hour < quiet_from:
            return moment.astimezone(timezone.utc)
        day = local.date() + timedelta(days=1 if hour >= quiet_from else 0)
    minutes = round(quiet_to * 60)
    # In the night in which clocks change the end stays what the clock on the wall says.
    end = datetime.combine(day, time(minutes // 60 % 24, minutes % 60), zone)
    return (end + timedelta(days=minutes // (24 * 60))).astimezone(timezone.utc)


def pick_lead(kinds):
    """Return the index of that of several waiting messages about one matter which is sent.

    It carries the words of the others. The last news of the state wins over what was said, the last words over the
    earlier ones.

    >>> pick_lead(["registered", "in_work", "comment"]), pick_lead(["question", "comment"])
    (1, 1)
    """
    news = [index for index, kind in enumerate(kinds) if kind not in WORDS]
    return news[-1] if news else len(kinds) - 1
