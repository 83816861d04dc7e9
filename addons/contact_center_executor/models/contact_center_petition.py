from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, plaintext2html

from odoo.addons.contact_center_base import workflow
from odoo.addons.contact_center_base.notices import WRITTEN

from .. import assignment_workflow
from ..petition_kinds import CONTROL_KINDS, KINDS, OPEN_STATES, STATES
from .contact_center_assignment import STAFF

CHANGES = [("other", "Another executor instead"), ("additional", "An additional executor")]


class ContactCenterPetition(models.Model):
    """What an executor asks for about its part of a request (KR-8.2), and what was decided.

    Nobody has the right to write petitions: each step is a method that checks whose step it is. Petitions are filed by
    ``contact.center.assignment.petition``. What kinds there are and who decides is in ``petition_kinds.py``.
    """

    _name = "contact.center.petition"
    _description = "Petition"
    _order = "id desc"
    _check_company_auto = True

    assignment_id = fields.Many2one("contact.center.assignment", required=True, index=True, ondelete="restrict")
    request_id = fields.Many2one(related="assignment_id.request_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, precompute=True)
    executor_id = fields.Many2one(related="assignment_id.executor_id", store=True, precompute=True, index=True)
    restricted = fields.Boolean(related="assignment_id.restricted", store=True, precompute=True)
    kind = fields.Selection([(code, kind.label) for code, kind in KINDS.items()], required=True)
    state = fields.Selection(STATES, required=True, default="submitted")
    # What is asked for
    reason = fields.Text(required=True)
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", "Evidence", domain=[("res_model", "=", _name)], groups=STAFF
    )
    change = fields.Selection(CHANGES)
    proposed_executor_id = fields.Many2one("contact.center.executor", check_company=True)
    until = fields.Date("New date", help="Until when the work needs additional control.")
    plan_year = fields.Integer("Year of the plan")
    plan_document = fields.Char("Document of the plan")
    responsible_id = fields.Many2one("res.partner", "Responsible person", help="Who answers for the new date.")
    late = fields.Boolean(help="Filed after the days in which it has to be justified why it can't be solved (RO-4.4b).")
    # Who asked
    user_id = fields.Many2one("res.users", "Petitioner", required=True, default=lambda self: self.env.user)
    petitioned_at = fields.Datetime("Petitioned on", required=True, default=fields.Datetime.now)
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by")
    confirmed_at = fields.Datetime("Confirmed on")
    # Who decides
    decision_by = fields.Datetime("To be decided by")
    is_overdue = fields.Boolean("Decision is overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    awaits_me = fields.Boolean(compute="_compute_awaits_me", search="_search_awaits_me")
    activity_ids = fields.Many2many("mail.activity", string="Activities of the deciders", groups=STAFF)
    informed_ids = fields.Many2many("res.users", string="Control body informed", groups=STAFF)
    # What was decided
    decided_by_id = fields.Many2one("res.users", "Decided by")
    decided_at = fields.Datetime("Decided on")
    decision = fields.Text(help="What the decider wrote.")
    granted_until = fields.Date("Granted until")
    granted_executor_id = fields.Many2one("contact.center.executor", "Given to", check_company=True)
    # What the request says
    category_id = fields.Many2one(related="assignment_id.category_id")
    description = fields.Text(related="assignment_id.description")
    address = fields.Char(related="assignment_id.address")
    deadline_text = fields.Char(related="assignment_id.deadline_text")
    clock_stage = fields.Selection(related="assignment_id.clock_stage")

    _open_unique = models.UniqueIndex(
        "(assignment_id, replace(kind, '_again', '')) WHERE state IN ('to_confirm', 'submitted')",
        "A petition of this kind is open already: wait for the decision or withdraw it.",
    )
    _decision_index = models.Index("(company_id, decision_by) WHERE state = 'submitted'")

    # ------------------------------------------------------------
    # Compute and search
    # ------------------------------------------------------------

    @api.depends("kind", "assignment_id.display_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for petition in self:
            petition.display_name = " · ".join(
                filter(None, (kinds.get(petition.kind), petition.assignment_id.display_name))
            )

    @api.depends("state", "decision_by")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for petition in self:
            late = bool(petition.decision_by) and petition.decision_by < now
            petition.is_overdue = petition.state == "submitted" and late

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("state", "=", "submitted") & Domain("decision_by", "<", fields.Datetime.now())
        return overdue if True in value else ~overdue

    @api.depends("state", "kind", "executor_id")
    @api.depends_context("uid")
    def _compute_awaits_me(self):
        mine = self.filtered_domain(self._get_waiting_domain())
        mine.awaits_me = True
        (self - mine).awaits_me = False

    @api.model
    def _search_awaits_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_waiting_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_waiting_domain(self):
        """Return the domain of the petitions that wait for the current user: to be decided, or confirmed as a head."""
        roles = self.env["contact.center.request"]._get_roles()
        mine = {code for code, kind in KINDS.items() if roles & kind.deciders}
        by_centre = Domain("kind", "in", list(mine - set(CONTROL_KINDS)))
        by_control = Domain("kind", "in", list(mine & set(CONTROL_KINDS))) & Domain(
            "executor_id", "in", self._get_controlled_executors().ids if mine & set(CONTROL_KINDS) else []
        )
        domain = Domain("state", "=", "submitted") & (by_centre | by_control)
        if "executor_head" in roles:
            domain |= Domain("state", "=", "to_confirm")
        return domain

    @api.model
    def _get_controlled_executors(self):
        """Return the executors with petitions to decide that are in the area of the current user as a control body."""
        waiting = Domain("state", "=", "submitted") & Domain("kind", "in", CONTROL_KINDS)
        executors = self.env["contact.center.executor"].union(
            *(executor for (executor,) in self._read_group(waiting, ["executor_id"]))
        )
        return executors.filtered(lambda executor: self._is_in_area(executor))

    @api.model
    def _is_in_area(self, executor):
        """Tell whether the current user decides for one executor as its control body; without one, any of them does."""
        bodies = executor._get_control_bodies().filtered("active")
        return not bodies or self.env.user in bodies

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Petitions can't be deleted: withdraw it."))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_decide(self):
        """Open the dialog that grants or refuses this one petition, as the context (``decision``) says."""
        self.ensure_one()
        granting = self.env.context.get("decision") == "granted"
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.petition.decide",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Grant") if granting else self.env._("Refuse"),
            "context": {"default_petition_id": self.id, "default_decision": "granted" if granting else "refused"},
        }

    # ------------------------------------------------------------
    # The executor's side
    # ------------------------------------------------------------

    def confirm(self, partner_id):
        """Confirm this one petition as the executor's head, naming who answers for the new date (KR-8.2.2).

        Where an executor has no head in the portal, a supervisor notes the head's word (MA-5.1).

        :param int partner_id: id of a person of the executor.
        :raises AccessError: for everybody else.
        :raises UserError: when it doesn't wait for it any more, or the person belongs to another organisation.
        """
        self.ensure_one()
        self.check_access("read")
        roles = self.env["contact.center.request"]._get_roles()
        allowed = {"executor_head", "system"}
        if not self.executor_id._get_heads():
            allowed |= {"supervisor", "head"}
        role = next((role for role in workflow.ROLES if role in roles & allowed), None)
        if not role:
            raise AccessError(
                self.env._("Additional control after a missed one is confirmed by the head of the executor.")
            )
        person = self.executor_id._find_person(partner_id)
        self._take("to_confirm")
        # Petitions are written by these methods only, and whose step it is was just checked, hence sudo.
        petition = self.sudo()
        petition.write(
            {"responsible_id": person.id, "confirmed_by_id": self.env.uid, "confirmed_at": fields.Datetime.now()}
        )
        petition._submit(role)

    def withdraw(self, comment=None):
        """Withdraw many open petitions as the executor or for it.

        :param str comment: why, for the history.
        :raises AccessError: for whoever acts neither for the executor nor for the centre.
        :raises UserError: when one is decided already.
        """
        self.check_access("read")
        self.assignment_id._check_executor_role()
        for petition in self:
            petition._take(*OPEN_STATES)
        self._end(comment)

    def _end(self, comment=None):
        """Withdraw these open petitions; that this may be done is for the caller to check."""
        for petition in self.sudo():  # petitions are written by methods only
            petition._settle("withdrawn", comment)

    def _submit(self, role=None):
        """Put this one petition, complete and confirmed where it must be, before those who decide; in sudo mode."""
        days = self.company_id.contact_center_decision_days
        self.write({"state": "submitted", "decision_by": self.company_id._add_working_days(days)})
        self.assignment_id._record_events("petitioned", self._describe(self.reason), role)
        self._call_deciders()
        if self.kind == "extension_again":
            self._inform_control_bodies()

    # ------------------------------------------------------------
    # The decision
    # ------------------------------------------------------------

    def grant(self, comment=None, **values):
        """Grant this one petition, with what follows for the request.

        :param str comment: what to tell the executor, for the history.
        :param values: what the decision carries: ``change``, ``executor_id`` and ``instruction``; ``until``;
            ``plan_year`` and ``plan_document``; ``result`` and ``informed_by``. By default what was petitioned for.
        :raises AccessError: when it is up to somebody else.
        :raises UserError: when it is decided already, or what follows isn't possible, with the reason.
        """
        self.ensure_one()
        role = self._check_decider()
        values = self.assignment_id._read_petition_values(KINDS[self.kind].decides, values)
        self._take("submitted")
        effects = {
            "executor": self._grant_executor,
            "extension": self._grant_extension,
            "extension_again": self._grant_extension,
            "long_term_plan": self._grant_long_term_plan,
            "cannot_solve": self._grant_cannot_solve,
        }
        self._decide("granted", comment, role)
        effects[self.kind](comment, values, role)

    def refuse(self, comment):
        """Refuse many petitions.

        :param str comment: why; the executor goes on with the work by it.
        :raises AccessError: when one is up to somebody else.
        :raises UserError: without a comment, or when one is decided already.
        """
        if not (comment or "").strip():
            raise UserError(self.env._("Write why it is refused: the executor has to know."))
        for petition in self:
            role = petition._check_decider()
            petition._take("submitted")
            petition._decide("refused", comment, role)

    def _check_decider(self):
        """Return the role in which the current user decides on this one petition.

        :raises AccessError: when it is up to somebody else.
        """
        self.check_access("read")
        allowed = self.env["contact.center.request"]._get_roles() & KINDS[self.kind].deciders
        role = next((role for role in workflow.ROLES if role in allowed), None)
        if not role:
            raise AccessError(self.env._("“%s” is decided by somebody else's role.", self.display_name))
        if self.kind in CONTROL_KINDS and not self._is_in_area(self.executor_id):
            raise AccessError(
                self.env._(
                    "“%(executor)s” is in the area of %(names)s, who decides on its petitions.",
                    executor=self.executor_id.name,
                    names=", ".join(self.executor_id._get_control_bodies().mapped("name")),
                )
            )
        return role

    def _take(self, *states):
        """Take this one petition and its request for this transaction: of two who decide at once, one wins.

        :param states: in one of which it must be.
        :raises UserError: when a colleague holds it just now, or it isn't in these states any more.
        """
        # Executors read their petitions, not requests; that this may be read was checked by the caller, hence sudo.
        self.request_id.sudo()._lock()
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("A colleague is deciding on this petition at this very moment. Reload it.")
            ) from error
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(petition)s” is “%(state)s” already.", petition=self.display_name, state=labels[self.state]
                )
            )

    def _decide(self, state, comment, role):
        """Note the decision on this one petition and tell the executor."""
        # Petitions are written by methods only, and that the user decides was just checked, hence sudo.
        self.sudo().write({"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now(), "decision": comment})
        self.sudo()._settle(state, comment, role)  # as above

    def _settle(self, state, comment=None, role=None):
        """Bring this one petition to its end: nobody has to decide on it any more; in sudo mode."""
        self.state = state
        self.activity_ids.unlink()
        text = self._describe(comment)
        self.assignment_id._record_events("decided", text, role)
        if state != "withdrawn":
            self.assignment_id._notify("petition", text)

    # ------------------------------------------------------------
    # What follows from granting
    # ------------------------------------------------------------

    def _grant_executor(self, comment, values, role):
        """Give the request to another or to an additional executor (KR-8.2.1)."""
        executor = self.env["contact.center.executor"].browse(values.get("executor_id")) or self.proposed_executor_id
        change = values.get("change") or self.change
        if not executor:
            raise UserError(self.env._("Choose the executor who gets it."))
        parts = self.request_id.assignment_ids.filtered(lambda part: part.state in assignment_workflow.OPEN_STATES)
        if executor in parts.executor_id:
            raise UserError(self.env._("“%s” already works on the request: choose another executor.", executor.name))
        reason = comment or self.reason
        role_there = self.assignment_id.role if change == "other" else "co"
        if change == "other" and role_there == "co":
            self.assignment_id._move("withdrawn", reason)
        self.request_id.assign(executor, reason=reason, role=role_there, instruction=values.get("instruction"))
        self.sudo().granted_executor_id = executor  # only methods write petitions; the decider was checked

    def _grant_extension(self, comment, values, role):
        """Extend the term: additional control (KR-8.2.2)."""
        until = values.get("until") or self.until
        self.request_id._extend({"until": until}, comment or self.reason, role)
        self.sudo().granted_until = until  # only methods write petitions; the decider was checked

    def _grant_long_term_plan(self, comment, values, role):
        """Move the request into the long-term plan (KR-8.2.3)."""
        self.request_id._transition(
            "planned",
            comment=comment or self.reason,
            plan_year=values.get("plan_year") or self.plan_year,
            plan_document=values.get("plan_document") or self.plan_document,
        )

    def _grant_cannot_solve(self, comment, values, role):
        """Close the request and tell the applicant why it can't be solved (RO-4.4b, KP-3.1)."""
        request = self.request_id
        result = values.get("result") or self.reason
        reachable = request.partner_id or request.phone or request.email
        informed_by = values.get("informed_by") or (request.inform_by if reachable else "not_possible")
        request._transition(
            "closed", comment=comment, closing_reason="cannot_solve", result=result, informed_by=informed_by
        )
        # What can be written is sent by itself when a request ends.
        if informed_by not in ("not_possible", *WRITTEN):
            # To tell the applicant is part of the decision, and whoever decides doesn't edit requests: hence sudo.
            request.sudo()._contact_applicant(result, informed_by)

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    def _describe(self, text=None):
        """Return in the city's language what this one petition is about and where it stands, with what was said."""
        city = self.with_context(lang=self.company_id.partner_id.lang)
        label = {
            name: dict(self._fields[name]._description_selection(city.env)) for name in ("kind", "state", "change")
        }
        asked = {
            "executor": label["change"].get(self.change),
            "extension": self.until and format_date(city.env, self.until),
            "extension_again": self.until and format_date(city.env, self.until),
            "long_term_plan": self.plan_year and str(self.plan_year),
        }.get(self.kind)
        about = ", ".join(filter(None, (label["kind"][self.kind], asked, label["state"][self.state].lower())))
        return ": ".join(filter(None, (about, (text or "").strip())))

    def _get_deciders(self):
        """Return the users who are asked to decide on this one petition; none where its list is enough."""
        if self.kind in CONTROL_KINDS:
            return self.executor_id._get_control_bodies().filtered("active")
        groups = self.env["contact.center.request"]._get_role_groups()
        deciding = [groups[role] for role in KINDS[self.kind].deciders if role in groups]
        user = self.request_id.user_id or self.company_id._get_alert_user()
        return user.filtered(lambda user: any(user.has_group(group) for group in deciding))

    def _call_deciders(self):
        """Give those who decide on this one petition an activity until the decision is due; in sudo mode."""
        for user in self._get_deciders():
            petition = self.with_context(lang=user.lang)
            self.activity_ids += petition.request_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.company_id._to_local(self.decision_by).date(),
                summary=petition.env._("Decide on the petition: %s", petition.display_name),
                note=plaintext2html(self.reason),
                user_id=user.id,
            )

    def _inform_control_bodies(self):
        """Let the control bodies know that additional control was missed and is asked for again; in sudo mode."""
        bodies = self.executor_id._get_control_bodies().filtered("active")
        self.informed_ids = bodies
        for user in bodies:
            petition = self.with_context(lang=user.lang)
            petition.request_id.message_notify(
                partner_ids=user.partner_id.ids,
                subject=petition.display_name,
                body=plaintext2html(self.reason),
                force_send=False,
            )
