from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.contact_center_base import workflow

from ..assignment_workflow import BY_LEAD, OPEN_STATES


class ContactCenterRequest(models.Model):
    _inherit = "contact.center.request"

    assignment_ids = fields.One2many("contact.center.assignment", "request_id", "Assignments")
    lead_id = fields.Many2one("contact.center.assignment", "Lead's assignment", compute="_compute_lead_id")
    is_assigned = fields.Boolean("Executed by an executor", compute="_compute_lead_id")
    show_contact = fields.Boolean(
        "Executor sees the contact", help="For this request, whatever its classifier node says."
    )

    @api.depends("assignment_ids.role", "assignment_ids.state")
    def _compute_lead_id(self):
        for request in self:
            leads = request.assignment_ids.filtered(lambda part: part.role == "lead").sorted("id")
            request.lead_id = leads.filtered(lambda part: part.state in OPEN_STATES)[-1:] or leads[-1:]
            request.is_assigned = request.lead_id.state in OPEN_STATES

    @api.depends("lead_id")
    def _compute_owner_id(self):
        """An assigned request belongs to its lead executor, whatever its classifier node proposes."""
        assigned = self.filtered(lambda request: request.lead_id.state in OPEN_STATES)
        for request in assigned:
            request.owner_id = request.lead_id.executor_id.partner_id
        return super(ContactCenterRequest, self - assigned)._compute_owner_id()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Register requests and send each to its executors (KR-5.12, MA-3.1.2)."""
        requests = super().create(vals_list)
        requests._route()
        return requests

    @api.model
    def _register_with_history(self, entries):
        """Take over requests with their history, and send those that aren't finished to their executors."""
        requests = super()._register_with_history(entries)
        requests.filtered(lambda request: request.state in workflow.OPEN_STATES)._route(taken_over=True)
        return requests

    def write(self, vals):
        if "owner_id" in vals and not self.env.su:
            assigned = self.filtered(lambda request: request.lead_id.state in OPEN_STATES)
            if assigned:
                raise UserError(
                    self.env._("%s is assigned: reassign it, so that the executors know.", assigned[0].number)
                )
        return super().write(vals)

    # ------------------------------------------------------------
    # Assigning by hand
    # ------------------------------------------------------------

    def assign(self, executor, reason=None, role="lead", instruction=None):
        """Give this one request to an executor; a new lead takes it over from the present one (KR-8.2.1).

        :param executor: one ``contact.center.executor``.
        :param str reason: why; necessary where it is taken from somebody.
        :param str role: ``lead`` or ``co``.
        :param str instruction: what to do.
        :returns: the new assignment.
        :raises AccessError: for whoever isn't of the centre.
        :raises UserError: for a finished or proposed request, or without a reason.
        """
        self.ensure_one()
        self.check_access("read")
        if self._get_roles().isdisjoint({"operator", "supervisor", "head", "control_body", "system"}):
            raise AccessError(self.env._("The centre assigns requests: petition for another executor."))
        if self.state in (*workflow.FINISHED_STATES, "proposed"):
            raise UserError(self.env._("%s is proposed or finished: return it for rework first.", self.number))
        if self.restricted:
            raise UserError(
                self.env._("%s is restricted: executors' people may not read it, so it isn't assigned.", self.number)
            )
        # Who acts was checked above; executors are configuration and parts are written by methods only, hence sudo.
        request = self.sudo()
        request._lock()
        former = (
            request.lead_id.filtered(lambda part: part.state in OPEN_STATES)
            if role == "lead"
            else request.lead_id.browse()
        )
        if former:
            if not (reason or "").strip():
                raise UserError(self.env._("Write why the executor changes: both executors will ask."))
            former._enter("withdrawn", reason)
            if request.deadline_rule_id.restart_on_reassign:
                request._restart_term()
        row = {"request_id": self.id, "executor_id": executor.id, "role": role, "instruction": instruction}
        return self.env["contact.center.assignment"]._assign([{**row, "routing_note": reason}])

    def _take_from_executors(self, reason):
        """Withdraw what executors still have of these requests.

        :param str reason: why, in the city's language.
        """
        # Follows from what was done with the request, whoever may read its parts, hence sudo.
        parts = self.sudo().assignment_ids
        parts.filtered(lambda part: part.state in OPEN_STATES)._enter("withdrawn", reason)

    def link_to(self, main):
        """Link requests to a main one: its executor does the work, so theirs have none any more."""
        result = super().link_to(main)
        for company, requests in self.grouped("company_id").items():
            city = self.with_context(lang=company.partner_id.lang)
            requests._take_from_executors(city.env._("Belongs to %s.", main.number))
        return result

    def action_unlink_from_main(self):
        """Undo links and send the requests to their own executors again."""
        result = super().action_unlink_from_main()
        self._route()
        return result

    def _close_to_outsiders(self):
        """Take requests that become restricted off the hands of executors as well (KP-2.7)."""
        result = super()._close_to_outsiders()
        for request in self.sudo().filtered("restricted"):  # whoever restricts one may lose sight of it by that
            request._take_from_executors(request._in_city_language().env._("Goes on with the named persons."))
        return result

    def action_agree(self):
        """Agree to what the lead executors of these requests propose (KR-9.2.4)."""
        return self.lead_id.action_agree()

    # ------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------

    @api.model
    def _get_role_groups(self):
        return {
            **super()._get_role_groups(),
            "executor": "contact_center_executor.group_executor",
            "executor_head": "contact_center_executor.group_executor_head",
        }

    def _check_transition(self, target, comment, values):
        role = super()._check_transition(target, comment, values)
        by_lead = self.env.context.get("assignment_proposes") is BY_LEAD
        # Whether somebody executes it isn't secret, hence sudo.
        if target == "proposed" and not by_lead and self.sudo().lead_id.state in OPEN_STATES:
            raise UserError(
                self.env._(
                    "%(number)s is executed by “%(executor)s”: enter the result in its assignment.",
                    number=self.number,
                    executor=self.sudo().lead_id.executor_id.name,
                )
            )
        return role

    def _after_transition(self, source, target, comment=None):
        """Let the assignments follow what the centre or the control body decided about the request."""
        result = super()._after_transition(source, target, comment)
        # Parts follow their request, whoever may read them, hence sudo.
        parts = self.sudo().assignment_ids.filtered(lambda part: part.state in OPEN_STATES)
        lead = self.sudo().lead_id
        if target == "done":
            proposed = parts.filtered(lambda part: part.state == "proposed")
            proposed._enter("done", comment)
            (parts - proposed)._enter("withdrawn", self._in_city_language().env._("The centre answered by itself."))
        elif target == "closed":
            parts._enter("withdrawn", self._in_city_language()._history_label("closing_reason"))
        elif target == "rework":
            lead._enter("rework", comment)
        elif target == "in_progress" and source == "proposed" and lead.state == "proposed":
            lead._enter("in_progress", comment)
        return result
