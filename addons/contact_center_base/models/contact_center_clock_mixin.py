from itertools import zip_longest

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .. import clock, workflow
from ..clock_text import describe_deadline, describe_steps
from ..const import STATUTORY_CLASSES
from ..moments import aware, naive
from .queue import work_off

# State in which the clock stands still -> kind of the pause.
PAUSING_STATES = {"waiting": "waiting", "planned": "planned", "done": "finished", "closed": "finished"}
# An overdue request is announced again when one, two and three more whole terms have passed, then no more.
ALERTED_TIMES_OVERDUE = 3


class ContactCenterClockMixin(models.AbstractModel):
    """The clock of a request: a term, its pauses and extensions, the resulting deadline and the alerts on the way.

    How a term is counted is plain Python in the package ``clock``; this mixin only feeds it and keeps the result.
    """

    _name = "contact.center.clock.mixin"
    _description = "Clock of a Request"

    deadline_rule_id = fields.Many2one(
        "contact.center.deadline.rule",
        "Term",
        compute="_compute_deadline_rule_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
    )
    interval_ids = fields.One2many("contact.center.clock.interval", "request_id", "Pauses and extensions")
    term_restarted_at = fields.Datetime(
        "Term counted anew from", readonly=True, copy=False, help="Empty: the term runs from the registration."
    )
    deadline = fields.Datetime(compute="_compute_deadline", store=True, precompute=True)
    warn_at = fields.Datetime(compute="_compute_deadline", store=True, precompute=True)
    clock_paused = fields.Boolean(compute="_compute_deadline", store=True, precompute=True)
    alerted_at = fields.Datetime("Last alert", readonly=True, copy=False)
    alerted_deadline = fields.Datetime(readonly=True, copy=False, help="The deadline of which the last alert told.")
    next_alert_at = fields.Datetime(compute="_compute_next_alert_at", store=True, precompute=True)
    is_overdue = fields.Boolean(compute="_compute_deadline_text", search="_search_is_overdue")
    clock_stage = fields.Selection(
        [
            ("running", "Running"),
            ("warned", "Due soon"),
            ("due", "Due today"),
            ("overdue", "Overdue"),
            ("off", "Stopped"),
        ],
        compute="_compute_deadline_text",
    )
    deadline_text = fields.Char(compute="_compute_deadline_text", help="The deadline as people speak.")
    deadline_explanation = fields.Html(compute="_compute_deadline_explanation", sanitize=False)

    _open_deadline_index = models.Index("(company_id, deadline) WHERE finished_at IS NULL")
    _next_alert_index = models.Index("(next_alert_at) WHERE next_alert_at IS NOT NULL")

    # ------------------------------------------------------------
    # The deadline
    # ------------------------------------------------------------

    @api.depends("category_id", "request_class", "company_id")
    def _compute_deadline_rule_id(self):
        """Choose the term: the law's for statutory classes, else that of the classifier node, else of the class."""
        # Terms are configuration that follows from the node; who may register needs no right to read them, hence sudo.
        Rule = self.env["contact.center.deadline.rule"].sudo()
        defaults = {
            (rule.company_id, rule.default_for_class): rule
            for rule in Rule.search([("company_id", "in", self.company_id.ids), ("default_for_class", "!=", False)])
        }
        for request in self:
            of_class = defaults.get((request.company_id, request.request_class), Rule)
            of_node = request.category_id.sudo()._get_deadline_rule()  # as above
            by_law = request.request_class in STATUTORY_CLASSES
            request.deadline_rule_id = (of_class or of_node) if by_law else (of_node or of_class)

    @api.depends(
        "deadline_rule_id",
        "registered_at",
        "term_restarted_at",
        "interval_ids.kind",
        "interval_ids.start",
        "interval_ids.end",
        "interval_ids.amount",
        "interval_ids.unit",
        "interval_ids.until",
    )
    def _compute_deadline(self):
        """Count anew from the start with all pauses and extensions, so a changed term keeps the time used."""
        for request in self:
            request.clock_paused = any(row.kind != "extension" and not row.end for row in request.interval_ids)
            if not (request.deadline_rule_id and request.registered_at):
                request.deadline = request.warn_at = False
                continue
            deadline = clock.compute(*request._get_clock_arguments(), **request._get_warning_arguments())
            request.deadline = naive(deadline.due)
            request.warn_at = naive(deadline.warn_at)

    def _get_clock_arguments(self):
        """Return the arguments of ``clock.compute`` and ``clock.explain`` for this one request."""
        # Pauses of a request belong to its clock, whoever may read them, hence sudo.
        rule, intervals = self.deadline_rule_id.sudo(), self.sudo().interval_ids
        if self.term_restarted_at:
            intervals = intervals.filtered(lambda row: (row.end or row.start) > self.term_restarted_at)
        return (
            rule._get_term(),
            aware(self._get_term_start()),
            rule._get_calendar(),
            intervals._get_pauses(),
            intervals._get_extensions(),
        )

    def _get_term_start(self):
        """Return the naive UTC moment from which the term of this one request runs."""
        return self.term_restarted_at or self.registered_at

    def _restart_term(self):
        """Let the terms of many requests begin anew now; what was extended before belongs to the old term.

        A term that the law gives is not touched: returning an answer can't prolong it.
        """
        # The clock's own field, hence sudo.
        by_rule = self.sudo().filtered(lambda request: request.request_class not in STATUTORY_CLASSES)
        by_rule.term_restarted_at = fields.Datetime.now()

    def _get_warning_arguments(self):
        # The share is configuration of the term, hence sudo.
        return {"warn_share": self.deadline_rule_id.sudo().warn_share / 100}

    def extend_deadline(self, amount, unit, reason):
        """Extend the term of many requests by so many units.

        :param int amount: by how many units.
        :param str unit: unit of a term (``working_days``, ``calendar_days`` …).
        :param str reason: why, for the history and the applicant.
        :raises AccessError: for anybody below a supervisor.
        :raises UserError: without a reason, for a request without a term, or when the maximum of the rule is reached.
        """
        self.check_access("write")
        roles = self._get_roles() & {"supervisor", "head", "system"}
        if not (self.env.su or roles):
            raise AccessError(self.env._("A supervisor extends terms."))
        role = next((role for role in workflow.ROLES if role in roles), None)
        self._extend({"amount": amount, "unit": unit}, reason, role)

    def _extend(self, length, reason, role=None):
        """Extend the term of many requests; who may do so is for the caller to check.

        :param dict length: ``amount`` and ``unit``, or ``until``, the new last day as a date.
        :param str reason: why, for the history and the applicant.
        :param str role: in which the user decides.
        :raises UserError: without a reason, for a request without a term, or when the maximum of the rule is reached.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Write why the term is extended: the applicant will ask."))
        self._lock()
        for request in self:
            before = request.deadline
            if not before:
                raise UserError(self.env._("%s has no term to extend.", request.number))
            row = {"kind": "extension", **length, "reason": reason, "user_id": self.env.uid}
            # Intervals are written by these methods only, hence sudo.
            request.sudo().interval_ids = [fields.Command.create(row)]
            if request.deadline <= before:
                raise UserError(request._explain_no_extension(length))
            self.env["contact.center.request.event"]._record(request, "extended", comment=reason, role=role)

    def _explain_no_extension(self, length):
        """Return why an extension of this one request changed nothing."""
        until = length.get("until")
        if until and until <= self.company_id._to_local(self.deadline).date():
            return self.env._("%s is due later than that already: choose a later date.", self.number)
        return self.env._(
            "%(number)s: the maximum of “%(rule)s” is reached, it can't be extended any more.",
            number=self.number,
            rule=self.deadline_rule_id.sudo().name,  # terms are configuration
        )

    # ------------------------------------------------------------
    # Pauses
    # ------------------------------------------------------------

    def _update_clock_on_move(self, source, target):
        """Stop or restart the clock of this one request when it moves from one state to another."""
        if target == "rework" and source != "closed":
            # MA-4.1.4, KR-10.2.2: it stays under control, with a new term by the classifier.
            self._restart_term()
        kind = PAUSING_STATES.get(target)
        if PAUSING_STATES.get(source) == kind:
            return
        # Intervals are written by the clock only, hence sudo.
        request = self.sudo()
        now = fields.Datetime.now()
        running = request.interval_ids.filtered(lambda row: row.kind != "extension" and not row.end)
        running.end = now
        # The index allows one running pause: the end of the old one is written before the beginning of the new one.
        running.flush_recordset(["end"])
        pauses = kind and not (kind == "waiting" and not request.deadline_rule_id.pause_on_waiting)
        if pauses:
            labels = dict(self._fields["state"]._description_selection(self._in_city_language().env))
            request.interval_ids = [
                fields.Command.create({"kind": kind, "start": now, "reason": labels[target], "user_id": self.env.uid})
            ]

    def _record_past_pauses(self, histories):
        """Note for how long the clocks of these requests stood still in the history they brought from elsewhere.

        :param histories: list of :class:`~..workflow.Move` per request, in the same order.
        """
        labels = dict(self._fields["state"]._description_selection(self[:1]._in_city_language().env))
        rows = []
        for request, moves in zip(self, histories, strict=True):
            for move, following in zip_longest(moves, moves[1:]):
                kind = PAUSING_STATES.get(move.state)
                if kind and not (kind == "waiting" and not request.deadline_rule_id.pause_on_waiting):
                    row = {"request_id": request.id, "kind": kind, "start": move.date, "reason": labels[move.state]}
                    rows.append({**row, "end": following and following.date, "user_id": self.env.uid})
        # Intervals are written by the clock only, hence sudo.
        self.env["contact.center.clock.interval"].sudo().create(rows)

    # ------------------------------------------------------------
    # Alerts
    # ------------------------------------------------------------

    @api.depends("deadline", "warn_at", "alerted_at", "alerted_deadline", "clock_paused", "state", "deadline_rule_id")
    def _compute_next_alert_at(self):
        for request in self:
            stopped = request.clock_paused or request.state in workflow.UNCLOCKED_STATES
            request.next_alert_at = request.deadline and not stopped and request._get_next_alert()

    def _get_next_alert(self):
        """Return when the deadline of this one request is announced next, or ``False`` when no more."""
        # A new deadline is announced from the beginning.
        told = self.alerted_at if self.alerted_deadline == self.deadline else False
        if told and self._get_clock_stage(told).times_overdue >= ALERTED_TIMES_OVERDUE:
            return False
        # Terms are configuration, hence sudo.
        rule = self.deadline_rule_id.sudo()
        after = aware(told) if told else None
        return naive(clock.next_alert(*self._get_stage_arguments(), after=after, unit=rule.unit, urgent=rule.urgent))

    def _get_stage_arguments(self):
        """Return start, due moment, warning and calendar of this one request for ``clock.stage`` and ``next_alert``."""
        return aware(self._get_term_start()), aware(self.deadline), aware(self.warn_at), self._get_city_calendar()

    def _get_clock_stage(self, moment):
        """Return the plain :class:`~..clock.Stage` in which the deadline of this one request stands at a moment."""
        # Terms are configuration, hence sudo.
        unit = self.deadline_rule_id.sudo().unit or "hours"
        return clock.stage(aware(moment), *self._get_stage_arguments(), unit=unit)

    @api.model
    def _cron_alert_deadlines(self):
        """Tell those in charge of requests that are due soon, due or overdue; each stage once, in working hours."""
        domain = Domain("next_alert_at", "<=", fields.Datetime.now())
        work_off(self.search(domain, order="next_alert_at, id"), domain, type(self)._alert_deadline)

    def _alert_deadline(self):
        """Send the alert that is due now for this one request: a history line and an activity for who is in charge."""
        self.ensure_one()
        user = self.user_id or self.company_id.contact_center_alert_user_id
        self.env["contact.center.request.event"]._record(
            self, "alerted", comment=self._in_city_language().deadline_text
        )
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.company_id._to_local(self.deadline).date(),
                summary=self.with_context(lang=user.lang).deadline_text,
                user_id=user.id,
            )
        self.write({"alerted_at": fields.Datetime.now(), "alerted_deadline": self.deadline})

    # ------------------------------------------------------------
    # Reading the clock
    # ------------------------------------------------------------

    @api.depends("deadline", "warn_at", "clock_paused", "state")
    @api.depends_context("lang")
    def _compute_deadline_text(self):
        now = fields.Datetime.now()
        for request in self:
            stopped = request.clock_paused or request.state in workflow.UNCLOCKED_STATES
            if not request.deadline or stopped:
                request.update(
                    {"is_overdue": False, "clock_stage": "off", "deadline_text": request._get_stopped_text(stopped)}
                )
                continue
            calendar = request._get_city_calendar()
            code, amount = clock.humanize(aware(now), aware(request.deadline), calendar)
            due = request.company_id._to_local(request.deadline)
            request.update(
                {
                    "is_overdue": now > request.deadline,
                    "clock_stage": request._get_clock_stage(now).code.value,
                    "deadline_text": describe_deadline(self.env, code, amount, due),
                }
            )

    def _get_stopped_text(self, stopped):
        """Return how the deadline of this one request reads while no clock runs."""
        if not stopped:
            return self.env._("no term")
        if self.state in workflow.FINISHED_STATES:
            late = self.deadline and self.finished_at and self.finished_at > self.deadline
            return self.env._("ended late") if late else self.env._("ended in time")
        return self.env._("in the long-term plan") if self.state == "planned" else self.env._("clock paused")

    @api.depends_context("lang")
    def _compute_deadline_explanation(self):
        for request in self:
            if not request.deadline_rule_id:
                request.deadline_explanation = False
                continue
            request.deadline_explanation = describe_steps(self.env, clock.explain(*request._get_clock_arguments()))

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = (
            Domain("deadline", "<", fields.Datetime.now())
            & Domain("finished_at", "=", False)
            & Domain("clock_paused", "=", False)
            & Domain("state", "not in", workflow.UNCLOCKED_STATES)
        )
        return overdue if True in value else ~overdue

    def _get_city_calendar(self):
        """Return the plain calendar of the city of this one request."""
        # Calendars are configuration, hence sudo.
        return self.company_id.sudo()._get_clock_calendar()
