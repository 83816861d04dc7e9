"""Puts what the clock says into sentences of the reader's language."""

from datetime import datetime, timezone

from markupsafe import Markup

from odoo.tools import format_date, format_datetime, format_duration

# More free days than these are counted, not listed.
LISTED_DAYS = 7


def describe_deadline(env, code, amount, due):
    """Return a deadline as people speak, e.g. "due tomorrow 17:00" or "3 working days late".

    :param str code: first part of what ``clock.humanize`` gives.
    :param amount: its second part, a number of days or ``None``.
    :param due: the due moment in the city's time zone.
    """
    time = due.strftime("%H:%M")
    if code == "due_today":
        return env._("due today %s", time)
    if code == "due_tomorrow":
        return env._("due tomorrow %s", time)
    if code == "due_in_days":
        return env._("due in %(days)s d., %(date)s", days=amount, date=format_date(env, due.date()))
    if code == "late_today":
        return env._("late since %s today", time)
    if code == "late_working_days":
        return env._("%s working d. late", amount)
    return env._("%s d. late", amount)


def describe_steps(env, steps):
    """Return the explanation of a deadline as an HTML list, one item for each :class:`~.clock.Step`."""
    units = dict(env["contact.center.deadline.rule"]._fields["unit"]._description_selection(env))
    writer = _StepWriter(env, units)
    items = Markup().join(Markup("<li>%s</li>") % getattr(writer, step.code)(**step.params) for step in steps)
    return Markup("<ol class='mb-0 ps-3'>%s</ol>") % items


class _StepWriter:
    """One method for each code of a step; its parameters are those of the step."""

    def __init__(self, env, units):
        self.env = env
        self.units = units

    # What the sentences are put together from

    def _moment(self, moment):
        utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
        return format_datetime(self.env, utc, tz=str(moment.tzinfo), dt_format="short")

    def _date(self, day):
        return format_date(self.env, day)

    def _amount(self, amount, unit):
        return f"{amount:g} ({self.units[unit].lower()})"

    def _days(self, days):
        labels = [f"{self._date(day)} ({name})" if name else self._date(day) for day, name in days]
        listed = ", ".join(labels[:LISTED_DAYS])
        more = len(labels) - LISTED_DAYS
        return self.env._("%(listed)s and %(count)s more", listed=listed, count=more) if more > 0 else listed

    # The steps

    def rule(self, name, source, amount, unit, **_params):
        text = self.env._("Term: %(name)s, %(amount)s", name=name, amount=self._amount(amount, unit))
        return f"{text}. {source}" if source else text

    def start(self, moment):
        return self.env._("Counted from %s", self._moment(moment))

    def first_day_excluded(self, excluded, first):
        return self.env._(
            "%(excluded)s is not counted; the first day is %(first)s",
            excluded=self._date(excluded),
            first=self._date(first),
        )

    def free_days_skipped(self, days):
        return self.env._("Free days left out: %s", self._days(days))

    def pause(self, kind, reason, start, end, seconds, working):
        length = format_duration(seconds / 3600)
        texts = {"reason": reason, "start": self._moment(start), "end": self._moment(end), "length": length}
        if working:
            return self.env._("Paused from %(start)s to %(end)s: %(length)s h of working time (%(reason)s)", **texts)
        return self.env._("Paused from %(start)s to %(end)s: %(length)s h (%(reason)s)", **texts)

    def pause_open(self, kind, reason, start):
        return self.env._("Stands still since %(start)s (%(reason)s)", start=self._moment(start), reason=reason)

    def extension(self, reason, amount, unit, until, end):
        if amount is None:
            by = self._moment(until) if isinstance(until, datetime) else self._date(until)
            return self.env._("Extended until %(until)s (%(reason)s)", until=by, reason=reason)
        return self.env._(
            "Extended by %(amount)s to %(end)s (%(reason)s)",
            amount=self._amount(amount, unit),
            end=self._moment(end),
            reason=reason,
        )

    def capped(self, amount, unit, limit, wanted):
        return self.env._(
            "%(wanted)s would be beyond the maximum of %(amount)s, so it ends on %(limit)s",
            wanted=self._moment(wanted),
            amount=self._amount(amount, unit),
            limit=self._moment(limit),
        )

    def rolled(self, from_day, to_day, days):
        return self.env._(
            "%(from_day)s is a free day, so it ends on the next working day, %(to_day)s",
            from_day=self._date(from_day),
            to_day=self._date(to_day),
        )

    def due(self, moment, ends_at):
        return self.env._("Due on %s", self._moment(moment))
