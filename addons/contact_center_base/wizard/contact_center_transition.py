from odoo import api, fields, models

from .. import workflow
from ..const import CLOSING_REASONS, INFORMED_BY
from ..models.contact_center_stage import STATE_SELECTION


class ContactCenterTransition(models.TransientModel):
    """Moves requests on and asks for what the move must carry."""

    _name = "contact.center.transition"
    _description = "Move Requests On"

    request_ids = fields.Many2many("contact.center.request", required=True)
    request_count = fields.Integer(compute="_compute_skipped_ids")
    skipped_ids = fields.Many2many("contact.center.request", string="Stay as they are", compute="_compute_skipped_ids")
    target = fields.Selection(STATE_SELECTION, required=True)
    comment = fields.Text("Reason")
    # Proposed as the user may read it: anybody can name any request here.
    result = fields.Text(
        "Answer to the applicant", compute="_compute_values", store=True, readonly=False, compute_sudo=False
    )
    informed_by = fields.Selection(
        INFORMED_BY,
        "Applicant informed by",
        compute="_compute_values",
        store=True,
        readonly=False,
        compute_sudo=False,
    )
    closing_reason = fields.Selection(CLOSING_REASONS)
    plan_year = fields.Integer("Year of the plan", default=lambda self: fields.Date.today().year + 1)
    plan_document = fields.Char("Document of the plan")
    needs_comment = fields.Boolean(compute="_compute_needs")
    needs_result = fields.Boolean(compute="_compute_needs")
    needs_plan = fields.Boolean(compute="_compute_needs")

    @api.depends("request_ids", "target")
    def _compute_skipped_ids(self):
        """Of several requests leave out those that can't make the move; a single one is told why it can't."""
        roles = self.env["contact.center.request"]._get_roles()
        for wizard in self:
            requests = wizard.request_ids._origin
            skipped = requests.browse()
            if len(requests) > 1:
                for request in requests:
                    transition = workflow.find_transition(request.state, wizard.target)
                    if not (transition and workflow.acting_role(transition, roles)):
                        skipped += request
            wizard.skipped_ids = skipped
            wizard.request_count = len(requests - skipped)

    @api.depends("request_ids")
    def _compute_values(self):
        """Propose what the request already has, else the answer template of its classifier node."""
        for wizard in self:
            request = wizard.request_ids if len(wizard.request_ids) == 1 else wizard.request_ids.browse()
            wizard.result = request.result or request.category_id.answer_template
            wizard.informed_by = request.informed_by or request.inform_by

    @api.depends("request_ids", "target")
    def _compute_needs(self):
        for wizard in self:
            transitions = [workflow.find_transition(request.state, wizard.target) for request in wizard.request_ids]
            required = {name for transition in transitions if transition for name in transition.requires}
            wizard.needs_comment = "comment" in required
            wizard.needs_result = "result" in required
            wizard.needs_plan = "plan_year" in required

    def action_apply(self):
        """Make the move: all the requests that can make it, or none of them."""
        self.ensure_one()
        values = {}
        if self.needs_result:
            values.update(result=self.result, informed_by=self.informed_by)
        if self.target == "closed":
            values["closing_reason"] = self.closing_reason
        if self.needs_plan:
            values.update(plan_year=self.plan_year, plan_document=self.plan_document)
        (self.request_ids - self.skipped_ids)._transition(self.target, comment=self.comment, **values)
        close = {"type": "ir.actions.act_window_close"}
        if len(self.request_ids) == 1:
            return close
        message = self.env._(
            "%(moved)s requests moved on, %(skipped)s stay as they are.",
            moved=self.request_count,
            skipped=len(self.skipped_ids),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message, "next": close},
        }
