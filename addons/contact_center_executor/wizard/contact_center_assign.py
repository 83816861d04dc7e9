from odoo import api, fields, models

from ..assignment_workflow import OPEN_STATES
from ..const import ASSIGNMENT_ROLES


class ContactCenterAssign(models.TransientModel):
    """Gives requests to an executor by hand, or takes them from one for another (KR-8.2.1)."""

    _name = "contact.center.assign"
    _description = "Assign to an Executor"

    request_ids = fields.Many2many("contact.center.request", required=True)
    role = fields.Selection(ASSIGNMENT_ROLES, "As", required=True, default="lead")
    executor_id = fields.Many2one("contact.center.executor", required=True)
    problem = fields.Char(related="executor_id.problem")
    instruction = fields.Text(help="What the executor is asked to do.")
    reason = fields.Text(help="Why the executor changes. Both executors read it.")
    present_ids = fields.Many2many("contact.center.assignment", string="At work now", compute="_compute_present_ids")
    reassigns = fields.Boolean(compute="_compute_present_ids")

    @api.depends("request_ids", "role")
    def _compute_present_ids(self):
        """Show who works on the requests already, and whether the lead changes."""
        for wizard in self:
            parts = wizard.request_ids.assignment_ids.filtered(lambda part: part.state in OPEN_STATES)
            wizard.present_ids = parts
            wizard.reassigns = wizard.role == "lead" and any(part.role == "lead" for part in parts)

    def action_apply(self):
        """Assign every one of the requests, or none."""
        self.ensure_one()
        for request in self.request_ids:
            request.assign(self.executor_id, self.reason, self.role, self.instruction)
        return {"type": "ir.actions.act_window_close"}
