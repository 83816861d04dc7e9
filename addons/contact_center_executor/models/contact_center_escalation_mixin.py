from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.contact_center_base import workflow
from odoo.addons.contact_center_base.const import EMERGENCY
from odoo.addons.contact_center_base.models.queue import work_off

from ..assignment_workflow import WORKING_STATES
from ..const import JUSTIFICATION_DAYS

STAFF = "contact_center_base.group_operator,contact_center_base.group_control_body"
#: RO-4.1, RO-4.2: working days in which the executor's operator and head have to know of an assignment.
AWARENESS_DAYS = 1
# Step -> who is told: the executor's operators, heads and escalation contacts, control bodies, those who decide on its
# petitions, the centre. When there is nobody else, the centre is told.
AUDIENCES = {
    "unseen": ("operators",),
    "head_unaware": ("heads",),
    "unaccepted": ("operators", "centre"),
    "overdue": ("heads", "contacts"),
    "still_overdue": ("control_bodies",),
    "unjustified_soon": ("operators",),
    "unjustified": ("control_bodies", "centre"),
    "undecided": ("deciders", "centre"),
    "unexplained": ("centre",),
    "unreviewed": ("centre",),
}
#: Petitions by which the control body learns why something can't be solved in an acceptable time (RO-4.4b).
JUSTIFYING_PETITIONS = ("cannot_solve", "long_term_plan")


class ContactCenterEscalationMixin(models.AbstractModel):
    """Tells people, step by step, of what is late with an assignment: of each deadline once, in working hours.

    A step is due at a moment that follows from the assignment. What it is about (a deadline, the time of assigning) is
    kept with it: a new deadline, by an extension or a return for rework, starts the steps of the deadline anew.
    Sources: RO-4.1 to RO-4.3, RO-4.4b, MA-2.2.3, MA-3.1.3.
    """

    _name = "contact.center.escalation.mixin"
    _description = "Escalation of an Assignment"

    escalation_ids = fields.One2many("contact.center.escalation", "assignment_id", "Escalations", groups=STAFF)
    next_escalation_at = fields.Datetime(
        "Next escalation", compute="_compute_next_escalation_at", store=True, groups=STAFF
    )
    is_unseen_too_long = fields.Boolean(
        "Unseen too long",
        compute="_compute_unaware",
        search="_search_is_unseen_too_long",
        help="Nobody of the executor has opened it for a working day (RO-4.1).",
    )
    is_head_unaware = fields.Boolean(
        "Head unaware",
        compute="_compute_unaware",
        search="_search_is_head_unaware",
        help="The executor's head hasn't seen it for a working day (RO-4.2).",
    )
    is_new_too_long = fields.Boolean(
        "New too long",
        compute="_compute_is_new_too_long",
        search="_search_is_new_too_long",
        help="Not accepted in the term for it (RO-4.3b).",
    )
    is_unjustified = fields.Boolean(
        "Neither solved nor justified",
        compute="_compute_is_unjustified",
        search="_search_is_unjustified",
        groups=STAFF,
        help="30 days have passed, and the executor hasn't told the control body why it can't be solved (RO-4.4b).",
    )

    _next_escalation_index = models.Index("(next_escalation_at) WHERE next_escalation_at IS NOT NULL")
    _unseen_index = models.Index("(company_id, assigned_at) WHERE seen_at IS NULL AND finished_at IS NULL")
    _head_unaware_index = models.Index("(company_id, assigned_at) WHERE head_seen_at IS NULL AND finished_at IS NULL")
    _new_index = models.Index("(company_id, accept_by) WHERE state = 'new'")

    # ------------------------------------------------------------
    # What is late
    # ------------------------------------------------------------

    @api.depends("state", "assigned_at", "seen_at", "head_seen_at")
    def _compute_unaware(self):
        since = {company: company._working_days_ago(AWARENESS_DAYS) for company in self.company_id}
        for assignment in self:
            old = assignment.state in WORKING_STATES and assignment.assigned_at <= since[assignment.company_id]
            assignment.is_unseen_too_long = old and not assignment.seen_at
            assignment.is_head_unaware = old and not assignment.head_seen_at

    @api.model
    def _search_is_unseen_too_long(self, operator, value):
        return self._search_unaware("seen_at", operator, value)

    @api.model
    def _search_is_head_unaware(self, operator, value):
        return self._search_unaware("head_seen_at", operator, value)

    @api.model
    def _search_unaware(self, moment, operator, value):
        """Return the domain of assignments given out a working day ago whose field ``moment`` is still empty."""
        if operator != "in":
            return NotImplemented
        old = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("assigned_at", "<=", company._working_days_ago(AWARENESS_DAYS))
            for company in self.env.companies
        )
        unaware = old & Domain(moment, "=", False) & Domain("finished_at", "=", False)
        unaware &= Domain("state", "in", WORKING_STATES)
        return unaware if True in value else ~unaware

    @api.depends("state", "accept_by")
    def _compute_is_new_too_long(self):
        now = fields.Datetime.now()
        for assignment in self:
            late = bool(assignment.accept_by) and assignment.accept_by < now
            assignment.is_new_too_long = assignment.state == "new" and late

    @api.model
    def _search_is_new_too_long(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "new") & Domain("accept_by", "<", fields.Datetime.now())
        return late if True in value else ~late

    @api.depends("role", "state", "assigned_at", "petition_ids.kind", "petition_ids.state")
    def _compute_is_unjustified(self):
        since = {company: self._get_justification_start(company) for company in self.company_id}
        for assignment in self:
            old = assignment.state in WORKING_STATES and assignment.assigned_at < since[assignment.company_id]
            assignment.is_unjustified = old and assignment._owes_justification()

    @api.model
    def _search_is_unjustified(self, operator, value):
        if operator != "in":
            return NotImplemented
        old = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("assigned_at", "<", self._get_justification_start(company))
            for company in self.env.companies
        )
        petitions = Domain("kind", "in", JUSTIFYING_PETITIONS) & Domain("state", "!=", "withdrawn")
        owing = Domain("role", "=", "lead") & Domain("petition_ids", "not any", petitions)
        late = old & Domain("finished_at", "=", False) & Domain("state", "in", WORKING_STATES) & owing
        return late if True in value else ~late

    @api.model
    def _get_justification_start(self, company):
        """Return the moment before which an assignment was given whose 30 days are over in a city."""
        return company._get_day_start(company._get_today() - timedelta(days=JUSTIFICATION_DAYS))

    def _owes_justification(self):
        """Tell whether the control body hasn't been told why this one assignment can't be solved."""
        justified = self.petition_ids.filtered(
            lambda petition: petition.kind in JUSTIFYING_PETITIONS and petition.state != "withdrawn"
        )
        return self.role == "lead" and not justified

    # ------------------------------------------------------------
    # When people are told
    # ------------------------------------------------------------

    @api.depends(
        "role",
        "state",
        "request_state",
        "clock_paused",
        "priority",
        "restricted",
        "assigned_at",
        "accept_by",
        "seen_at",
        "head_seen_at",
        "deadline",
        "review_by",
        "request_id.deadline_rule_id",
        "petition_ids.kind",
        "petition_ids.state",
        "petition_ids.decision_by",
        "explanation_ids.due_date",
        "explanation_ids.answered_at",
        "escalation_ids.step",
        "escalation_ids.reference",
    )
    def _compute_next_escalation_at(self):
        for assignment in self:
            first = min((moment for _step, _reference, moment in assignment._get_untold_steps()), default=False)
            # What is due first is told first: it is enough to look for the working hours after that.
            assignment.next_escalation_at = first and assignment._get_telling_moment(first)

    def _get_escalations_ahead(self):
        """Return the untold steps of this one assignment: ``[(step, reference, moment of telling)]``."""
        return [
            (step, reference, self._get_telling_moment(moment)) for step, reference, moment in self._get_untold_steps()
        ]

    def _get_untold_steps(self):
        """Return the steps of this one assignment of which nobody has been told yet."""
        told = {(row.step, row.reference) for row in self.escalation_ids}
        return [row for row in self._get_escalations() if row[:2] not in told]

    def _get_escalations(self):
        """Return the steps of this one assignment as it stands: ``[(step, what it is about, when it is due)]``.

        What stands still is nobody's fault: a paused clock, a question to the applicant, the long-term plan. Decisions
        and explanations are owed all the same. People of executors don't know of restricted requests.
        """
        if self.restricted:
            return []
        steps = self._get_answer_steps()
        if self.clock_paused or self.request_state in ("waiting", *workflow.UNCLOCKED_STATES):
            return steps
        if self.state in WORKING_STATES:
            steps += self._get_awareness_steps() + self._get_deadline_steps() + self._get_justification_steps()
        elif self.state == "proposed" and self.role == "lead" and self.review_by:
            steps.append(("unreviewed", self.review_by, self.review_by))
        return steps

    def _get_answer_steps(self):
        """Return the steps about petitions to be decided and explanations to be given about this one assignment."""
        undecided = self.petition_ids.filtered(lambda petition: petition.state == "submitted" and petition.decision_by)
        unexplained = self.explanation_ids.filtered(lambda explanation: not explanation.answered_at)
        ends = [self.company_id._get_day_start(row.due_date + timedelta(days=1)) for row in unexplained]
        return [("undecided", row.decision_by, row.decision_by) for row in undecided] + [
            ("unexplained", end, end) for end in ends
        ]

    def _get_awareness_steps(self):
        """Return the steps about who of the executor knows of this one assignment (RO-4.1 to RO-4.3b)."""
        steps = []
        if not (self.seen_at and self.head_seen_at):
            known_by = self.company_id._add_working_days(AWARENESS_DAYS, self.assigned_at)
            steps += [("unseen", self.assigned_at, known_by)] if not self.seen_at else []
            steps += [("head_unaware", self.assigned_at, known_by)] if not self.head_seen_at else []
        if self.state == "new" and self.accept_by:
            steps.append(("unaccepted", self.accept_by, self.accept_by))
        return steps

    def _get_deadline_steps(self):
        """Return the steps about the deadline of this one assignment (MA-2.2.3)."""
        if not self.deadline:
            return []
        days = self.company_id.contact_center_escalation_days
        after = self.company_id._add_working_days(days, self.deadline)
        # The last moment of a term is still in time.
        return [
            ("overdue", self.deadline, self.deadline + timedelta(seconds=1)),
            ("still_overdue", self.deadline, after + timedelta(seconds=1)),
        ]

    def _get_justification_steps(self):
        """Return the steps about telling the control body why this one assignment can't be solved (RO-4.4b)."""
        if not self._owes_justification():
            return []
        day = self.company_id._to_local(self.assigned_at).date() + timedelta(days=JUSTIFICATION_DAYS + 1)
        end = self.company_id._get_day_start(day)
        notice = timedelta(days=self.company_id.contact_center_justification_notice_days)
        return [("unjustified_soon", self.assigned_at, end - notice), ("unjustified", self.assigned_at, end)]

    def _get_telling_moment(self, moment):
        """Return when people are told of what is due at a moment: in the city's working hours, unless it is urgent."""
        return moment if self._is_urgent() else self.company_id._next_working_moment(moment)

    def _is_urgent(self):
        """Tell whether nights and weekends make no difference to this one assignment."""
        # Terms are configuration, hence sudo.
        return self.priority == EMERGENCY or self.request_id.sudo().deadline_rule_id.urgent

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell people of what has become late; each step once, in working hours."""
        now = fields.Datetime.now()
        due = Domain("next_escalation_at", "<=", now)
        # The job may come late: what was due in working hours waits for the next ones.
        companies = [company for (company,) in self._read_group(due, ["company_id"])]
        at_work = [company.id for company in companies if company._next_working_moment(now) == now]
        urgent = Domain("priority", "=", EMERGENCY) | Domain("request_id.deadline_rule_id.urgent", "=", True)
        domain = due & (Domain("company_id", "in", at_work) | urgent)
        work_off(self.search(domain, order="next_escalation_at, id"), domain, type(self)._escalate)

    def _escalate(self):
        """Tell people of every step of this one assignment that is due."""
        self.ensure_one()
        now = fields.Datetime.now()
        due = [(step, reference) for step, reference, moment in self._get_escalations_ahead() if moment <= now]
        for step, reference in due:
            told_to = self._tell(step)
            self.env["contact.center.escalation"].create(
                {"assignment_id": self.id, "step": step, "reference": reference, "told_to": told_to}
            )
        # Settings may have changed since the moment was worked out.
        self.env.add_to_compute(self._fields["next_escalation_at"], self)

    def _tell(self, step):
        """Tell everybody concerned of a step of this one assignment, and return their names."""
        audience = AUDIENCES[step]
        users = self._get_step_users(step)
        contacts = self.executor_id.escalation_ids - users.partner_id
        contacts = contacts if "contacts" in audience else contacts.browse()
        self.env["contact.center.notification"]._queue(self, step, users=users, partners=contacts)
        told = users.partner_id + contacts
        if "centre" in audience or not told:
            told += self._tell_centre(step)
        city = self.with_context(lang=self.company_id.partner_id.lang)
        label = dict(city.env["contact.center.escalation"]._fields["step"]._description_selection(city.env))[step]
        names = ", ".join(told.mapped("name"))
        self._record_events("escalated", ": ".join(filter(None, (label, names))))
        return names

    def _get_step_users(self, step):
        """Return the accounts of the executor and the control bodies that are told of a step of this one assignment."""
        users = self.env["res.users"]
        finders = {
            "operators": self.executor_id._get_users,
            "heads": self.executor_id._get_heads,
            "control_bodies": self.executor_id._get_control_bodies,
            "deciders": self._get_late_deciders,
        }
        for group in AUDIENCES[step]:
            if group in finders:
                users |= finders[group]()
        return users

    def _get_late_deciders(self):
        """Return who should have decided on the petitions about this one assignment by now."""
        now = fields.Datetime.now()
        late = self.petition_ids.filtered(
            lambda petition: petition.state == "submitted" and petition.decision_by and petition.decision_by <= now
        )
        return self.env["res.users"].union(*(petition._get_deciders() for petition in late))

    def _tell_centre(self, step):
        """Give the centre's administrator something to do about a step of this one assignment, and return who it is."""
        user = self.company_id._get_alert_user()
        if not user:
            return self.env["res.partner"]
        reader = self.with_context(lang=user.lang).env["contact.center.escalation"]
        summary = dict(reader._fields["step"]._description_selection(reader.env))[step]
        # The e-mail goes with the others of this run, so the activity sends none itself.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company_id._get_today(),
            summary=summary,
            user_id=user.id,
        )
        self.env["contact.center.notification"]._queue(self, step, users=user)
        return user.partner_id
