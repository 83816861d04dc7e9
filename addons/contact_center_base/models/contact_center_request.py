from collections import defaultdict
from datetime import date
from itertools import pairwise, zip_longest

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from .. import workflow
from ..const import (
    CHANNELS,
    CLOSING_REASONS,
    INFORM_CHANNELS,
    INFORMED_BY,
    PRIORITIES,
    REQUEST_CLASSES,
    SELF_SERVICE_CHANNELS,
)
from ..phone import normalise_or_keep
from .contact_center_stage import STATE_SELECTION
from .queue import work_off

# What the system gives and nobody enters. Writing a column or a state, as a kanban drag does, asks for a move.
SYSTEM_FIELDS = {"number", "registered_at", "finished_at", "state", "stage_id"}
# What follows from the term and its pauses, and links that have a method of their own: nobody's to write by RPC.
DERIVED_FIELDS = {
    "deadline",
    "warn_at",
    "clock_paused",
    "next_alert_at",
    "alerted_at",
    "alerted_deadline",
    "term_restarted_at",
    "main_request_id",
    "linked_request_ids",
    "changed_at",
    "rating",
    "anonymised_at",
}
# Changes worth a line in the history, besides moves.
HISTORY_FIELDS = (
    "category_id",
    "request_class",
    "deadline_rule_id",
    "user_id",
    "owner_id",
    "street_id",
    "house",
    "priority",
    "restricted",
)


class ContactCenterRequest(models.Model):
    """One matter that somebody brought to the city, from registration to the answer."""

    _name = "contact.center.request"
    _description = "Request"
    _inherit = [
        "contact.center.place.mixin",
        "contact.center.lookup.mixin",
        "contact.center.clock.mixin",
        "contact.center.confidential.mixin",
        "contact.center.duplicate.mixin",
        "contact.center.question.mixin",
        "contact.center.rating.mixin",
        "contact.center.public.mixin",
        "contact.center.applicant.mixin",
        "contact.center.follow.mixin",
        "contact.center.mail.mixin",
        "contact.center.notice.mixin",
        "contact.center.personal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True
    _mail_post_access = "read"

    # Identity
    number = fields.Char(readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    request_class = fields.Selection(
        REQUEST_CLASSES,
        "Class",
        compute="_compute_from_category",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    source_system = fields.Char(copy=False, help="Other system from which the request was taken over.")
    source_number = fields.Char(copy=False, help="Its number there.")
    media_url = fields.Char(
        "Photo elsewhere",
        readonly=True,
        copy=False,
        help="Address that another system sent; nothing was fetched.",
    )
    # What
    category_id = fields.Many2one("contact.center.category", index=True, check_company=True)
    description = fields.Text(required=True, index="trigram")
    answers = fields.Properties("Extra answers", definition="category_id.question_definition", copy=True)
    priority = fields.Selection(
        PRIORITIES, compute="_compute_from_category", store=True, readonly=False, precompute=True, required=True
    )
    restricted = fields.Boolean(
        compute="_compute_from_category",
        store=True,
        readonly=False,
        precompute=True,
        help="Only named persons see the content; others see the number and the state.",
    )
    # Who
    partner_id = fields.Many2one(
        "res.partner", "Applicant", index="btree_not_null", check_company=True, help="Empty: anonymous."
    )
    phone = fields.Char(index="btree_not_null", help="Number the applicant called from or left, in E.164.")
    email = fields.Char(index="btree_not_null", help="Address the applicant left, in small letters.")
    inform_by = fields.Selection(INFORM_CHANNELS, "Inform by", compute="_compute_inform_by", store=True, readonly=False)
    user_id = fields.Many2one("res.users", "Handled by", index="btree_not_null", check_company=True)
    owner_id = fields.Many2one(
        "res.partner",
        "Executor",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain=[("is_company", "=", True)],
    )
    # Workflow
    stage_id = fields.Many2one(
        "contact.center.stage",
        index=True,
        required=True,
        copy=False,
        ondelete="restrict",
        group_expand="_group_expand_stage",
        check_company=True,
        default=lambda self: self.env["contact.center.stage"]._first_by_state(self.env.company).get("new"),
    )
    state = fields.Selection(related="stage_id.state", store=True, precompute=True, index=True, readonly=True)
    registered_at = fields.Datetime("Registered", required=True, readonly=True, copy=False, default=fields.Datetime.now)
    finished_at = fields.Datetime(
        "Finished", readonly=True, copy=False, help="When it was done or closed the last time."
    )
    result = fields.Text("Answer to the applicant", copy=False)
    article_id = fields.Many2one("contact.center.article", "Article used", index="btree_not_null", check_company=True)
    informed_by = fields.Selection(INFORMED_BY, "Applicant informed by", copy=False)
    informed_at = fields.Datetime("Applicant informed on", copy=False)
    closing_reason = fields.Selection(CLOSING_REASONS, copy=False)
    plan_year = fields.Integer("Year of the plan", copy=False)
    plan_document = fields.Char(
        "Document of the plan", copy=False, help="Decision that took it into the long-term plan."
    )
    event_ids = fields.One2many("contact.center.request.event", "request_id", "History", readonly=True)

    _number_company_unique = models.UniqueIndex("(company_id, number)", "Another request has the same number.")
    _source_unique = models.UniqueIndex(
        "(company_id, source_system, source_number) WHERE source_number IS NOT NULL",
        "This request was already taken over from the other system.",
    )
    _company_stage_index = models.Index("(company_id, stage_id, id DESC)")
    _partner_state_index = models.Index("(partner_id, state) WHERE partner_id IS NOT NULL")
    _registered_index = models.Index("(company_id, registered_at)")

    # ------------------------------------------------------------
    # Compute and constraints
    # ------------------------------------------------------------

    @api.depends("category_id")
    def _compute_from_category(self):
        """Take over what the classifier node proposes; an answer given by hand stays until the node changes."""
        for request in self:
            category = request.category_id
            request.request_class = category.request_class or request.request_class or "request"
            request.priority = category.priority or request.priority or "1"
            request.restricted = category.restricted or request.restricted

    @api.depends("category_id")
    def _compute_owner_id(self):
        for request in self:
            request.owner_id = request.category_id.owner_id or request.owner_id

    @api.depends("partner_id")
    def _compute_inform_by(self):
        for request in self:
            request.inform_by = request.inform_by or request.partner_id.inform_by or "phone"

    @api.depends("number", "restricted", "category_id")
    def _compute_display_name(self):
        for request in self:
            # Many2one labels are shown to people who may not read the record: a restricted one gives its number only.
            topic = "" if request.restricted else request.category_id.name
            request.display_name = " · ".join(filter(None, (request.number, topic))) or self.env._("New request")

    @api.model
    def _group_expand_stage(self, stages, domain):
        return stages.search([("company_id", "in", [False, *self.env.companies.ids])])

    @api.constrains(
        "category_id",
        "street_id",
        "latitude",
        "longitude",
        "district_id",
        "place_note",
        "photo_ids",
        "media_url",
        "channel",
    )
    def _check_demands(self):
        """Hold the request to what its classifier node demands."""
        for request in self:
            category = request.category_id
            if category.place_required and not (request.street_id or request.place_note or request._has_coordinates()):
                raise ValidationError(
                    self.env._(
                        "“%s” needs a place: choose a street, mark the point on the map or write the landmark.",
                        category.name,
                    )
                )
            pictured = request.photo_ids or request.media_url
            if category.photo_required and request.channel in SELF_SERVICE_CHANNELS and not pictured:
                raise ValidationError(self.env._("“%s” needs a photo: add one to the request.", category.name))

    @api.constrains("plan_year")
    def _check_plan_year(self):
        for request in self.filtered("plan_year"):
            if request.plan_year < request.registered_at.year:
                raise ValidationError(self.env._("The plan can't be for a year before the request was registered."))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Register requests: number each, start its clock, write the first line of its history."""
        columns = self.env["contact.center.stage"].browse(
            {vals["stage_id"] for vals in vals_list if vals.get("stage_id")}
        )
        system = SYSTEM_FIELDS | self._get_derived_fields()
        given = {name for vals in vals_list for name in system & vals.keys() if vals[name]}
        if given - {"stage_id"} or columns.filtered(lambda column: column.state != "new"):
            raise UserError(self.env._("A request starts as new, with the next number, at the present moment."))
        requests = self._create_registered(vals_list)
        self.env["contact.center.request.event"]._record(
            requests, "registered", state_to="new", date=requests[:1].registered_at
        )
        return requests

    @api.model
    def _create_registered(self, vals_list):
        """Create requests in the state ``new`` without history: for :meth:`create`, and for imports with their own."""
        prepared = [dict(vals, company_id=vals.get("company_id") or self.env.company.id) for vals in vals_list]
        by_city = defaultdict(list)
        for values in prepared:
            by_city[values["company_id"]].append(values)
        for company_id, values_of_city in by_city.items():
            self._complete_registration(values_of_city, self.env["res.company"].browse(company_id))
        # The events are our history: no creation note, no followers, no tracking of the first values.
        silent = self.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True
        )
        requests = super(ContactCenterRequest, silent).create(prepared)
        requests = requests.with_env(self.env)
        return requests

    @api.model
    def _register_with_history(self, entries):
        """Take over requests that another system kept, each with its own history, and return them in the same order.

        Nobody is written to: whatever there was to say was said there.

        :param entries: list of ``(vals, moves)``: the values of a request with those that its moves must carry, and its
            :class:`~..workflow.Move` rows from ``new`` on, their dates ascending.
        :raises UserError: for a history that :meth:`_check_history` refuses.
        """
        Stage = self.env["contact.center.stage"]
        city_ids = {vals.get("company_id") or self.env.company.id for vals, _moves in entries}
        columns = {city.id: Stage._first_by_state(city) for city in self.env["res.company"].browse(city_ids)}
        vals_list = []
        for vals, moves in entries:
            self._check_history(vals, moves)
            last = moves[-1]
            column = columns[vals.get("company_id") or self.env.company.id][last.state]
            ended = last.state in workflow.FINISHED_STATES
            # Column and end are set at once, past _transition: the moves were made elsewhere, at their own times.
            outcome = {"stage_id": column.id, "finished_at": ended and last.date}
            outcome["term_restarted_at"] = workflow.last_return(moves)
            vals_list.append({**vals, **outcome, "registered_at": moves[0].date})
        requests = self._create_registered(vals_list)
        histories = [moves for _vals, moves in entries]
        self.env["contact.center.request.event"]._record_histories(requests, histories)
        requests._record_past_pauses(histories)
        return requests

    @api.model
    def _check_history(self, vals, moves):
        """Hold a history from elsewhere to the table of moves, whoever made them.

        :param vals: values of the request, with its ``source_number`` for the messages.
        :raises UserError: when it doesn't begin as new, goes back in time, has a move that the table doesn't have, or
            a move lacks what it must carry.
        """
        number = vals.get("source_number") or self.env._("New request")
        if not moves or moves[0].state != "new":
            raise UserError(self.env._("%s: a history begins with the registration as “New”.", number))
        for before, move in pairwise(moves):
            if move.date < before.date:
                raise UserError(self.env._("%s: the history goes back in time.", number))
            names = self._name_move(number, before.state, move.state)
            transition = self._find_transition(names, before.state, move.state)
            self._check_carried(names, transition, {**vals, "comment": move.comment})

    @api.model
    def _complete_registration(self, values_list, company):
        """Complete the values of new requests of one city: first column, registration time, number, phone in E.164."""
        stage = self.env["contact.center.stage"]._first_by_state(company)["new"]
        now = fields.Datetime.now()
        by_year = defaultdict(list)
        for values in values_list:
            values.setdefault("stage_id", stage.id)
            values["registered_at"] = fields.Datetime.to_datetime(values.get("registered_at") or now)
            values.update(self._normalise_contacts(values, company))
            by_year[company._to_local(values["registered_at"]).year].append(values)
        for year, values_of_year in by_year.items():
            numbers = company._get_request_sequence()._next_batch(len(values_of_year), date=date(year, 1, 1))
            for values, number in zip(values_of_year, numbers, strict=True):
                values["number"] = number

    @api.model
    def _normalise_contacts(self, vals, company):
        """Return the contacts among the values in the one spelling in which they are looked for."""
        contacts = {}
        if vals.get("phone"):
            contacts["phone"] = normalise_or_keep(vals["phone"], company.country_id.code)
        if vals.get("email"):
            contacts["email"] = email_normalize(vals["email"]) or vals["email"].strip()
        return contacts

    def write(self, vals):
        vals = dict(vals)
        moved_to = self._pop_target_stage(vals)
        if SYSTEM_FIELDS & vals.keys():
            raise UserError(self.env._("The number and the dates of registration and ending can't be changed."))
        if self._get_derived_fields() & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("Deadlines and links aren't written by hand: extend the term or link the request.")
            )
        vals.update(self._normalise_contacts(vals, self.company_id[:1]))
        before = self._snapshot(vals)
        result = super().write(vals) if vals else True
        self._log_changes(before)
        if moved_to:
            self._move_to_stage(moved_to)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Requests can't be deleted: close it with a reason. Its number and history stay."))

    @api.model
    def _get_derived_fields(self):
        """Return the names of fields that only the system writes; addons that bring such fields add theirs."""
        return DERIVED_FIELDS

    def _pop_target_stage(self, vals):
        """Take a wished move out of the values and return its column (empty when none is wished)."""
        stages = self.env["contact.center.stage"]
        stage, state = stages.browse(vals.pop("stage_id", False)), vals.pop("state", False)
        if state and not stage:
            if state not in workflow.STATES:
                raise UserError(self.env._("“%s” is no state of a request.", state))
            stage = stages._first_by_state(self.company_id[:1])[state]
        return stage

    def _snapshot(self, vals):
        """Return ``{request: {field: label}}`` of the fields that are about to change and belong into the history."""
        names = [name for name in HISTORY_FIELDS if name in vals]
        return {request: {name: request._history_label(name) for name in names} for request in self} if names else {}

    def _history_label(self, name):
        """Return how the value of one field of this one request reads in the history."""
        field = self._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(self[name], "—")
        if field.type == "boolean":
            return self.env._("Yes") if self[name] else self.env._("No")
        return field.convert_to_display_name(self[name], self) or "—"

    def _in_city_language(self):
        """Return this one request (or none) in its city's language, for what the system writes into the history."""
        return self.with_context(lang=self.company_id.partner_id.lang)

    def _log_changes(self, before):
        by_change = defaultdict(self.browse)
        for request, old in before.items():
            lines = [
                f"{self._fields[name]._description_string(self.env)}: {label} → {request._history_label(name)}"
                for name, label in old.items()
                if label != request._history_label(name)
            ]
            if lines:
                by_change["\n".join(lines)] += request
        for comment, requests in by_change.items():
            self.env["contact.center.request.event"]._record(requests, "changed", comment=comment)

    # ------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------

    @api.model
    def _get_role_groups(self):
        """Return ``{role: xml id of its group}``; addons that bring roles add theirs."""
        return {
            "operator": "contact_center_base.group_operator",
            "supervisor": "contact_center_base.group_supervisor",
            "head": "contact_center_base.group_head",
            "control_body": "contact_center_base.group_control_body",
        }

    @api.model
    def _get_roles(self):
        """Return the set of role codes that the current user holds; the system itself is ``{"system"}``."""
        if self.env.uid == api.SUPERUSER_ID:
            # See _as_applicant: nobody else becomes an applicant by a context.
            return {"applicant"} if self.env.context.get("contact_center_applicant") else {"system"}
        return {role for role, group in self._get_role_groups().items() if self.env.user.has_group(group)}

    @api.model
    def _get_default_role(self):
        """Return the most junior role of the current user, for events that are no moves."""
        roles = self._get_roles()
        return next((role for role in workflow.ROLES if role in roles), "system")

    def _write_moved(self, vals):
        """Write a column past :meth:`write`, which takes one for a wish to move."""
        return super().write(vals)

    def _move_to_stage(self, stage):
        """Carry out a kanban drag: a move when the column is in another state, else only another column."""
        staying = self.filtered(lambda request: request.state == stage.state)
        staying._write_moved({"stage_id": stage.id})
        (self - staying)._transition(stage.state, stage=stage)

    def _transition(self, target, comment=None, stage=None, **values):
        """Move each of many requests to the state ``target``; the one way in which a state ever changes.

        The table in ``workflow.py`` is the access rule of moves: whoever may read a request and has a role that the
        table names makes the move, also without the right to edit the request.

        :param str target: state code.
        :param str comment: reason, for the history.
        :param stage: column of that state, by default the first one.
        :param values: fields the move carries (``result``, ``informed_by``, ``closing_reason``, ``plan_year`` …).
        :raises UserError: for a move the table doesn't have, a missing value, or when a colleague is just changing it.
        :raises AccessError: when the user's role doesn't make this move.
        """
        if not self:
            return
        self.check_access("read")
        self._lock()
        moves = []
        for request in self:
            moves.append((request, request.state, request._check_transition(target, comment, values)))
        now = fields.Datetime.now()
        if target in workflow.FINISHED_STATES:
            values = {"finished_at": now, "informed_at": now, **values}
        else:
            # What is back at work has no end any more, and can be overdue again.
            values = {"finished_at": False, **values}
        Event = self.env["contact.center.request.event"]
        for company, requests in self.grouped("company_id").items():
            column = stage or self.env["contact.center.stage"]._first_by_state(company)[target]
            # The table above has just decided that this user makes this move, hence sudo.
            requests.sudo()._write_moved({**values, "stage_id": column.id})
        for request, source, role in moves:
            Event._record(request, "moved", comment=comment, role=role, state_from=source, state_to=target)
            request._after_transition(source, target, comment)

    def _check_transition(self, target, comment, values):
        """Return the role in which the current user moves this one request to ``target``.

        :raises UserError: when there is no such move or it doesn't carry what it must.
        :raises AccessError: when it isn't this user's move.
        """
        self.ensure_one()
        names = self._name_move(self.number, self.state, target)
        transition = self._find_transition(names, self.state, target)
        closing_reason = values.get("closing_reason") or self.closing_reason
        role = workflow.acting_role(transition, self._get_roles(), closing_reason)
        if not role:
            raise AccessError(
                self.env._(
                    "%(number)s: moving from “%(origin)s” to “%(target)s” is up to somebody else's role. "
                    "Ask your supervisor or the control body.",
                    **names,
                )
            )
        given = {name: values.get(name) or (name in self and self[name]) for name in transition.requires}
        self._check_carried(names, transition, {**given, "comment": comment})
        return role

    @api.model
    def _name_move(self, number, source, target):
        """Return the words by which messages name a move between two state codes."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {"number": number, "origin": labels.get(source, source), "target": labels.get(target, target)}

    @api.model
    def _find_transition(self, names, source, target):
        """Return the transition between two states.

        :raises UserError: when the table has none.
        """
        transition = workflow.find_transition(source, target)
        if not transition:
            raise UserError(self.env._("%(number)s is “%(origin)s” and can't become “%(target)s” from there.", **names))
        return transition

    @api.model
    def _check_carried(self, names, transition, given):
        """Check that a move carries what it must.

        :raises UserError: naming what is missing.
        """
        missing = [name for name in transition.requires if not given.get(name)]
        if missing:
            wanted = ", ".join(
                self.env._("Reason") if name == "comment" else self._fields[name]._description_string(self.env)
                for name in missing
            )
            raise UserError(
                self.env._("%(number)s: to make it “%(target)s”, fill in first: %(wanted)s.", **names, wanted=wanted)
            )

    def _lock(self):
        """Take the requests for this transaction, so that of two people who decide at once one wins.

        :raises UserError: when a colleague holds one of them just now.
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("A colleague is changing this request at this very moment. Reload it and try again.")
            ) from error

    def _after_transition(self, source, target, comment=None):
        """Hook: what follows from a move of this one request; clocks and linked requests use it."""
        self._update_clock_on_move(source, target)
        if source == "done":
            self._settle_return()
        if target in workflow.FINISHED_STATES:
            self._finish_linked(target)

    @api.model
    def _cron_return_planned(self):
        """Bring requests of the long-term plan back to work when the year of their plan has come."""
        domain = Domain("state", "=", "planned") & Domain("plan_year", "<=", fields.Date.today().year)
        work_off(self.search(domain, order="id"), domain, type(self)._return_planned)

    def _return_planned(self):
        """Bring this one request of the long-term plan back to work."""
        comment = self._in_city_language().env._("The year of its plan has come.")
        self._transition("in_progress", comment=comment)

    def get_state_durations(self):
        """Return ``{state: seconds}`` this one request spent in each state until now or until it was finished."""
        self.ensure_one()
        durations = defaultdict(float)
        moves = self.event_ids.filtered("state_to")
        for event, following in zip_longest(moves, moves[1:]):
            if following is None and event.state_to in workflow.FINISHED_STATES:
                break
            end = following.date if following else fields.Datetime.now()
            durations[event.state_to] += (end - event.date).total_seconds()
        return dict(durations)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_take(self):
        """Take the requests into work as oneself (RO-4.3a)."""
        self.filtered(lambda request: not request.user_id).user_id = self.env.user
        self._transition("in_progress")

    def action_move(self):
        """Open the dialog that carries these requests to the state named in the context."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.transition",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Move on"),
            "context": {"default_request_ids": self.ids, "default_target": self.env.context.get("target")},
        }

    @api.model
    def register_consultation(self, vals, article=None):
        """Register and answer a consultation in one step (KP-3.2, MA-2.2.5) and return it, done.

        :param dict vals: values of the request with its ``result``.
        :param article: the article that was used, if any.
        """
        vals = {
            "request_class": "consultation",
            "description": vals.get("description") or vals.get("result") or (article and article.name),
            **vals,
            "article_id": article.id if article else vals.get("article_id"),
        }
        request = self.create([vals])
        request._transition(
            "done",
            result=request.result or (article and article.summary),
            informed_by=self._informed_in(request.channel),
        )
        return request

    @api.model
    def _informed_in(self, channel):
        """Return how somebody who turned to the city by a channel is informed in the same contact."""
        same = {code for code, _label in INFORMED_BY}
        return channel if channel in same else "phone"


assert {code for code, _label in STATE_SELECTION} == set(workflow.STATES)
