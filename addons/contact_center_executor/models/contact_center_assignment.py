from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.contact_center_base import workflow
from odoo.addons.contact_center_base.const import EMERGENCY, INFORMED_BY

from ..assignment_workflow import BY_LEAD, OPEN_STATES, RESULT_FIELDS, WORKING_STATES, find_transition
from ..const import ASSIGNMENT_ROLES, ASSIGNMENT_STATES

STAFF = "contact_center_base.group_operator,contact_center_base.group_control_body"
#: An emergency is accepted within minutes, whatever the hour.
EMERGENCY_MINUTES = 30
# State entered -> field that keeps when that was.
MOMENTS = {"accepted": "accepted_at", "proposed": "proposed_at", "done": "finished_at", "withdrawn": "finished_at"}


class ContactCenterAssignment(models.Model):
    """One executor's part of one request. The request follows the part of the lead executor.

    Executors' people read their parts here and nothing of the request itself: what they may know of it is given by
    fields of this model. Nobody has the right to write assignments: every change goes through a method that checks
    who acts, in which state, with what.
    """

    _name = "contact.center.assignment"
    _description = "Assignment"
    _inherit = [
        "contact.center.escalation.mixin",
        "contact.center.reply.mixin",
        "contact.center.portal.thread.mixin",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True

    request_id = fields.Many2one("contact.center.request", required=True, index=True, ondelete="restrict")
    # Not worked out before it is stored, as little as all that follows: thousands are assigned at once.
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    executor_id = fields.Many2one(
        "contact.center.executor", required=True, index=True, ondelete="restrict", check_company=True
    )
    role = fields.Selection(ASSIGNMENT_ROLES, required=True, default="lead")
    state = fields.Selection(ASSIGNMENT_STATES, required=True, default="new", index=True)
    instruction = fields.Text(help="What the executor is asked to do.")
    responsible_id = fields.Many2one(
        "res.partner", "Responsible person", index="btree_not_null", help="Who executes it (RO-4.3a)."
    )
    routing_rule_id = fields.Many2one(
        "contact.center.routing.rule", "Routed by", index="btree_not_null", ondelete="set null", groups=STAFF
    )
    routing_note = fields.Text("Why this executor", groups=STAFF)
    # When
    assigned_at = fields.Datetime("Assigned", required=True, default=fields.Datetime.now)
    accept_by = fields.Datetime(help="Until when it has to be accepted (RO-4.3b).")
    seen_at = fields.Datetime("First seen", help="When somebody of the executor opened it first (RO-4.1).")
    head_seen_at = fields.Datetime("First seen by the head", help="RO-4.2: within one working day.")
    accepted_at = fields.Datetime("Accepted")
    proposed_at = fields.Datetime("Proposed")
    review_from = fields.Datetime("Considered from", help="A proposal made out of hours counts from the next ones.")
    review_by = fields.Datetime("To be agreed by", help="Until when the centre agrees or returns it (KR-9.2.4).")
    finished_at = fields.Datetime("Finished")
    # How well
    missed_deadline = fields.Boolean(help="A term of it ran out before the executor proposed closing.")
    rework_count = fields.Integer("Returns for rework")
    # The result (KR-7.5)
    result = fields.Text("Answer to the applicant")
    result_unit = fields.Char("Unit that executed")
    result_person = fields.Char("Name of the responsible person")
    result_phone = fields.Char("Phone of the responsible person")
    result_date = fields.Date("Done on")
    informed_by = fields.Selection(INFORMED_BY, "Applicant informed by")
    informed_at = fields.Datetime("Applicant informed on")
    # What the request says, kept here to be searched and sorted by
    number = fields.Char(related="request_id.number", store=True, index="trigram")
    category_id = fields.Many2one(related="request_id.category_id", store=True)
    district_id = fields.Many2one(related="request_id.district_id", store=True)
    request_class = fields.Selection(related="request_id.request_class", store=True)
    priority = fields.Selection(related="request_id.priority", store=True)
    restricted = fields.Boolean(related="request_id.restricted", store=True)
    request_state = fields.Selection(related="request_id.state", store=True, string="State of the request")
    deadline = fields.Datetime(related="request_id.deadline", store=True)
    warn_at = fields.Datetime(related="request_id.warn_at", store=True)
    clock_paused = fields.Boolean(related="request_id.clock_paused", store=True)
    # What it says besides
    description = fields.Text(related="request_id.description")
    address = fields.Char(related="request_id.address")
    latitude = fields.Float(related="request_id.latitude")
    longitude = fields.Float(related="request_id.longitude")
    deadline_text = fields.Char(related="request_id.deadline_text")
    deadline_explanation = fields.Html(related="request_id.deadline_explanation", sanitize=False)
    clock_stage = fields.Selection(related="request_id.clock_stage")
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    shows_contact = fields.Boolean(compute="_compute_contact", compute_sudo=True)
    applicant_name = fields.Char(compute="_compute_contact", compute_sudo=True)
    applicant_phone = fields.Char(compute="_compute_contact", compute_sudo=True)
    applicant_email = fields.Char(compute="_compute_contact", compute_sudo=True)

    _open_unique = models.UniqueIndex(
        "(request_id, executor_id) WHERE state NOT IN ('done', 'withdrawn')",
        "This executor already works on the request.",
    )
    _lead_unique = models.UniqueIndex(
        "(request_id) WHERE role = 'lead' AND state NOT IN ('done', 'withdrawn')",
        "The request has a lead executor already: reassign it instead.",
    )
    _executor_state_index = models.Index("(executor_id, state, deadline)")
    _executor_recent_index = models.Index("(executor_id, id DESC)")
    _review_index = models.Index("(company_id, review_by) WHERE state = 'proposed'")

    # ------------------------------------------------------------
    # Compute and search
    # ------------------------------------------------------------

    @api.depends("number", "executor_id.name")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = " · ".join(filter(None, (assignment.number, assignment.executor_id.name)))

    @api.depends("deadline", "clock_paused", "state", "request_state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for assignment in self:
            running = assignment.state in WORKING_STATES and not assignment.clock_paused
            in_plan = assignment.request_state in workflow.UNCLOCKED_STATES
            late = bool(assignment.deadline) and assignment.deadline < now
            assignment.is_overdue = running and late and not in_plan

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = (
            Domain("deadline", "<", fields.Datetime.now())
            & Domain("state", "in", WORKING_STATES)
            & Domain("clock_paused", "=", False)
            & Domain("request_state", "not in", workflow.UNCLOCKED_STATES)
        )
        return overdue if True in value else ~overdue

    @api.depends("request_id.show_contact", "category_id.show_contact", "state")
    def _compute_contact(self):
        """Give the applicant's contact where the classifier node or the request allows it, else nothing."""
        for assignment in self:
            request = assignment.request_id
            allowed = request.show_contact or assignment.category_id.show_contact
            # Whoever it was taken from needs the applicant no more.
            shown = allowed and assignment.state != "withdrawn"
            assignment.shows_contact = shown
            assignment.applicant_name = shown and request.partner_id.name
            assignment.applicant_phone = shown and (request.phone or request.partner_id.phone)
            assignment.applicant_email = shown and (request.email or request.partner_id.email)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Assignments can't be deleted: withdraw it with a reason."))

    # ------------------------------------------------------------
    # Assigning
    # ------------------------------------------------------------

    @api.model
    def _assign(self, rows, announce=True):
        """Give requests to executors and return the assignments in the same order.

        Who may do so is for the caller to check.

        :param rows: list of values of an assignment: ``request_id``, ``executor_id``, ``role`` and what else is known.
        :param bool announce: what else follows from it, and letting the executors' people know.
        """
        now = fields.Datetime.now()
        # Who assigns was checked by the caller, hence sudo.
        requests = self.env["contact.center.request"].sudo().browse(row["request_id"] for row in rows)
        # The indexes allow one lead and one part of an executor: what ended is written before what begins.
        self.flush_model(["state"])
        # Assignments are written by methods of this model only, hence sudo.
        silent = self.sudo().with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True
        )
        accept_by = {
            company: company._add_working_days(company.contact_center_accept_days, now)
            for company in requests.company_id
        }
        assignments = silent.create(
            [
                {
                    "assigned_at": now,
                    "accept_by": fields.Datetime.add(now, minutes=EMERGENCY_MINUTES)
                    if request.priority == EMERGENCY
                    else accept_by[request.company_id],
                    **row,
                }
                for row, request in zip(rows, requests, strict=True)
            ]
        )
        leads = assignments.filtered(lambda assignment: assignment.role == "lead")
        for executor, parts in leads.grouped("executor_id").items():
            # Which organisation leads is kept at the request, for lists and reports of the base addon.
            others = parts.request_id.filtered(lambda request, owner=executor.partner_id: request.owner_id != owner)
            others._write_moved({"owner_id": executor.partner_id.id})
        assignments._record_events("assigned")
        assignments = assignments.with_env(self.env)
        if announce:
            assignments._after_assigned()
        return assignments

    def _after_assigned(self):
        """Hook: what follows when these parts were given to their executors."""
        self._notify("assigned")

    def _record_events(self, kind, comment=None, role=None):
        """Write a line into the history of the request of each of many assignments.

        :param str comment: what was said; the executor's name and, for its steps, the new state come before it.
        """
        Event = self.env["contact.center.request.event"]
        role = role or self._get_default_role()
        rows = []
        # History is written about parts whoever may read them, hence sudo.
        for company, assignments in self.sudo().grouped("company_id").items():
            city = self.with_context(lang=company.partner_id.lang)
            states = dict(city._fields["state"]._description_selection(city.env))
            for assignment in assignments:
                step = states[assignment.state] if kind == "assignment" else None
                said = comment or (assignment.routing_note if kind == "assigned" else None)
                text = ". ".join(filter(None, (": ".join(filter(None, (assignment.executor_id.name, step))), said)))
                values = {"kind": kind, "role": role, "comment": text}
                rows.append((assignment.request_id, {**values, "executor_id": assignment.executor_id.id}))
        return Event._add(rows)

    @api.model
    def _get_default_role(self):
        return self.env["contact.center.request"]._get_default_role()

    def _notify(self, kind, text=None):
        """Let the people of these assignments know what happened: by e-mail as they wish it, and live in the portal."""
        self.env["contact.center.notification"]._queue(self, kind, text)

    # ------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------

    def _move(self, target, comment=None, **values):
        """Move each of many assignments to the state ``target``, and their requests along with the lead's.

        The table in ``assignment_workflow.py`` is the access rule of moves: whoever may read an assignment and has a
        role that the table names makes the move.

        :param str target: state code.
        :param str comment: reason, for the history.
        :param values: fields the move carries (``responsible_id``, ``result`` …).
        :raises UserError: for a move the table doesn't have, a missing value, or when a colleague is just changing it.
        :raises AccessError: when the user's role doesn't make this move.
        """
        if not self:
            return
        self.check_access("read")
        # Executors read assignments, not requests: that they may read these was just checked, hence sudo.
        self.request_id.sudo()._lock()
        roles = {assignment: assignment._check_move(target, comment, values) for assignment in self}
        if values:
            self.sudo().write(values)  # the table has just decided that this user makes this move
        for role, assignments in self.grouped(roles.get).items():
            assignments._enter(target, comment, role)
        for assignment in self.filtered(lambda assignment: assignment.role == "lead"):
            assignment._move_request(target, comment)

    def _check_move(self, target, comment, values):
        """Return the role in which the current user moves this one assignment to ``target``.

        :raises UserError: when there is no such move or it doesn't carry what it must.
        :raises AccessError: when it isn't this user's move.
        """
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        names = {"number": self.display_name, "origin": labels[self.state], "target": labels[target]}
        transition = find_transition(self.state, target)
        if not transition:
            raise UserError(self.env._("%(number)s is “%(origin)s” and can't become “%(target)s” from there.", **names))
        role = workflow.acting_role(transition, self.env["contact.center.request"]._get_roles())
        if not role:
            raise AccessError(
                self.env._(
                    "%(number)s: moving from “%(origin)s” to “%(target)s” is up to somebody else's role.", **names
                )
            )
        given = {name: values.get(name) or (name in self and self[name]) for name in transition.requires}
        given["comment"] = (comment or "").strip()
        missing = [name for name in transition.requires if not given[name]]
        if missing:
            wanted = ", ".join(
                self.env._("Reason") if name == "comment" else self._fields[name]._description_string(self.env)
                for name in missing
            )
            raise UserError(
                self.env._("%(number)s: to make it “%(target)s”, fill in first: %(wanted)s.", **names, wanted=wanted)
            )
        if target == "proposed":
            self._check_proposal(values)
        return role

    def _check_proposal(self, values):
        """Hold a proposal to close of this one assignment to what it must fulfil.

        :raises UserError: when co-executors are still at work, the photo of the result is missing or a date is wrong.
        """
        # What hinders a proposal is told by name and number only, hence sudo.
        own = self.sudo()
        request, category = own.request_id, own.category_id
        parts = request.assignment_ids - own
        unfinished = parts.filtered(lambda part: part.role == "co" and part.state in WORKING_STATES)
        if self.role == "lead" and unfinished:
            raise UserError(
                self.env._(
                    "%(number)s: co-executors are still at work (%(count)s). It can be proposed when their parts are.",
                    number=self.number,
                    count=len(unfinished),
                )
            )
        date = fields.Date.to_date(values.get("result_date") or self.result_date)
        today = self.company_id._get_today()
        if date > today or date < self.company_id._to_local(request.registered_at).date():
            raise UserError(
                self.env._("“Done on” must be a date from the registration of the request to today, not %s.", date)
            )
        if category.result_photo_required and not self._get_result_photos():
            raise UserError(self.env._("“%s” demands a photo of the result: upload one first.", category.name))

    def _get_result_photos(self):
        """Return the pictures that this one executor has uploaded."""
        # Whoever may read the assignment may read its files, hence sudo.
        Attachment = self.env["ir.attachment"].sudo()
        return Attachment.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("mimetype", "=like", "image/%")]
        )

    def _enter(self, target, comment=None, role=None):
        """Put many assignments into a state, with what follows for them; the caller has checked the move."""
        now = fields.Datetime.now()
        if target in ("proposed", "withdrawn"):
            self._note_missed_deadline()
        # The caller has checked the move, and nobody writes assignments otherwise, hence sudo.
        for company, assignments in self.sudo().grouped("company_id").items():
            values = {"state": target}
            if target in MOMENTS:
                values[MOMENTS[target]] = now
            if target == "rework":
                values.update(finished_at=False, review_from=False, review_by=False)
            if target == "proposed":
                values.update(company._get_review_times(now))
            assignments.write(values)
            if target == "rework":
                for assignment in assignments:
                    assignment.rework_count += 1
            if target in ("in_progress", "proposed"):
                assignments.filtered(lambda assignment: not assignment.accepted_at).accepted_at = now
        self._record_events("assignment", comment, role)
        self._notify(target, comment)

    def _note_missed_deadline(self):
        """Remember which of these assignments are late now, before their term ends or changes."""
        # A figure that only the system keeps, hence sudo.
        self.sudo().filtered("is_overdue").missed_deadline = True

    def _move_request(self, target, comment):
        """Let the request follow this one assignment of its lead."""
        request = self.sudo().request_id  # executors move requests through their assignments only
        if target in ("accepted", "in_progress") and request.state in ("new", "rework", "proposed"):
            request._transition("in_progress", comment=comment)
        elif target == "proposed":
            request.with_context(assignment_proposes=BY_LEAD)._transition(
                "proposed",
                result=self._compose_answer(),
                informed_by=self.informed_by,
                informed_at=self.informed_at or fields.Datetime.now(),
            )

    def _compose_answer(self):
        """Return the answer of this one assignment as the applicant gets it, with who answers for it (KR-7.5)."""
        # The language of the city is no secret, hence sudo.
        lang = self.sudo().company_id.partner_id.lang
        who = ", ".join(filter(None, (self.result_unit, self.result_person, self.result_phone)))
        date = self.env["ir.qweb.field.date"].with_context(lang=lang).value_to_html(self.result_date, {})
        return f"{self.result}\n{who}, {date}"

    # ------------------------------------------------------------
    # The executor's side
    # ------------------------------------------------------------

    def mark_seen(self):
        """Note that somebody of the executor has opened these assignments (RO-4.1), and whether it was the head."""
        self.check_access("read")
        user = self.env.user
        if not user.contact_center_executor_id:
            return
        now = fields.Datetime.now()
        # Only the two moments are written, and reading was checked, hence sudo.
        assignments = self.sudo()
        assignments.filtered(lambda assignment: not assignment.seen_at).seen_at = now
        if user.has_group("contact_center_executor.group_executor_head"):
            assignments.filtered(lambda assignment: not assignment.head_seen_at).head_seen_at = now

    def action_accept(self):
        """Accept the assignments (KR-8.1.2)."""
        self._move("accepted")

    def name_responsible(self, partner_id, start=True):
        """Name who executes these assignments (RO-4.3a) and put them in progress.

        :param int partner_id: id of a person of the executor.
        :param bool start: put those that are not in progress yet there.
        :raises UserError: for somebody who doesn't belong to the executor.
        """
        self.check_access("read")
        for executor in self.executor_id:
            partner = executor._find_person(partner_id)
        starting = self.filtered(lambda assignment: start and assignment.state in ("new", "accepted", "rework"))
        starting._move("in_progress", responsible_id=partner_id)
        for assignment in self - starting:
            if assignment.state not in OPEN_STATES:
                raise UserError(self.env._("%s is finished: nobody executes it any more.", assignment.display_name))
            assignment._check_executor_role()
            assignment.sudo().responsible_id = partner  # the role was just checked
            assignment._record_events("assignment", partner.name)

    def _check_executor_role(self):
        """Check that the current user acts for an executor or for the centre.

        :raises AccessError: for everybody else.
        """
        roles = self.env["contact.center.request"]._get_roles()
        if roles.isdisjoint({"executor", "executor_head", "operator", "supervisor", "head", "system"}):
            raise AccessError(self.env._("Only the executor and the centre do that."))

    def propose(self, values):
        """Propose to close these assignments with a structured result (KR-7.5, KR-8.3).

        :param dict values: ``RESULT_FIELDS`` and ``informed_at``; other keys are refused.
        :raises UserError: for unknown keys and everything that :meth:`_move` refuses.
        """
        unknown = values.keys() - {*RESULT_FIELDS, "informed_at"}
        if unknown:
            raise UserError(self.env._("A result doesn't hold these fields: %s.", ", ".join(sorted(unknown))))
        self._move("proposed", **values)

    def take_back(self, comment):
        """Take a proposal back before the centre has looked at it.

        :param str comment: why.
        """
        self._move("in_progress", comment)

    # ------------------------------------------------------------
    # The centre's side
    # ------------------------------------------------------------

    def agree(self):
        """Agree to the proposals of many assignments: their requests are done (KR-9.2.4)."""
        self.check_access("read")
        for assignment in self:
            if assignment.state != "proposed" or assignment.role != "lead":
                raise UserError(self.env._("%s isn't proposed by its lead executor.", assignment.display_name))
        self.request_id._transition("done")

    def return_for_rework(self, reason):
        """Return many assignments for rework (KR-9.2.4, MA-4.1.4); control goes on with a new term (KR-10.2.2).

        :param str reason: what is missing.
        """
        self.check_access("read")
        leads = self.filtered(lambda part: part.role == "lead" or part.request_state == "proposed")
        leads.request_id._transition("rework", comment=reason)
        (self.filtered(lambda part: part.state != "rework"))._move("rework", reason)
