from odoo import api, fields, models
from odoo.exceptions import UserError


class ContactCenterReview(models.TransientModel):
    """Agrees to executors' proposals or returns them for rework, many at once (KR-9.2.4)."""

    _name = "contact.center.review"
    _description = "Decide on Proposals"

    assignment_ids = fields.Many2many("contact.center.assignment", required=True)
    decision = fields.Selection([("agree", "Agree"), ("return", "Return for rework")], required=True)
    reason = fields.Text(help="What is missing. The executor reads it.")
    decided_count = fields.Integer(compute="_compute_skipped")
    skipped_count = fields.Integer(compute="_compute_skipped")
    skipped = fields.Text("Stay as they are", compute="_compute_skipped")

    @api.depends("assignment_ids", "decision")
    def _compute_skipped(self):
        """Say before it happens which of the assignments can't be decided on, and why."""
        for wizard in self:
            obstacles = wizard._get_obstacles()
            wizard.decided_count = len(wizard.assignment_ids) - len(obstacles)
            wizard.skipped_count = len(obstacles)
            wizard.skipped = self._describe(obstacles)

    def _get_obstacles(self):
        """Return ``{assignment: why it can't be decided on}`` for this one dialog."""
        obstacles = {part: part._get_review_obstacle(self.decision) for part in self.assignment_ids._origin}
        return {assignment: obstacle for assignment, obstacle in obstacles.items() if obstacle}

    @api.model
    def _describe(self, reasons):
        """Return the text in which ``{assignment: why}`` reads, a line for each."""
        return "\n".join(f"{assignment.display_name}: {reason}" for assignment, reason in reasons.items())

    def action_apply(self):
        """Decide on each of them by itself, and tell what was decided, what was left out and why.

        :raises UserError: for a return without a reason.
        """
        self.ensure_one()
        if self.decision == "return" and not (self.reason or "").strip():
            raise UserError(self.env._("Write what is missing: the executor has to know what to do."))
        obstacles = self._get_obstacles()
        chosen = self.assignment_ids.filtered(lambda assignment: assignment not in obstacles)
        skipped = {**obstacles, **chosen._review(self.decision, self.reason)}
        message = self.env._(
            "Decided on: %(decided)s. Left as they are: %(skipped)s.",
            decided=len(self.assignment_ids) - len(skipped),
            skipped=len(skipped),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if skipped else "success",
                "message": "\n".join(filter(None, (message, self._describe(skipped)))),
                # What was left out has to be read, however long it takes.
                "sticky": bool(skipped),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
