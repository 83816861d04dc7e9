from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.contact_center_base import workflow

from ..assignment_workflow import find_transition
from .contact_center_assignment import STAFF

#: Decision on a proposal -> state that the assignment enters by it.
DECISIONS = {"agree": "done", "return": "rework"}


class ContactCenterAssignment(models.Model):
    """How the centre looks at what executors propose: one by one and many at once (KR-9.2.4)."""

    _inherit = "contact.center.assignment"

    photo_ids = fields.Many2many(
        "ir.attachment", string="Photos and files", compute="_compute_photo_ids", groups=STAFF, help="Of the executor."
    )
    # How executors are judged is for staff and for their heads, who get the figures elsewhere.
    review_overdue = fields.Boolean(
        "Agreement overdue", compute="_compute_review_overdue", search="_search_review_overdue", groups=STAFF
    )

    # ------------------------------------------------------------
    # Compute and search
    # ------------------------------------------------------------

    def _compute_photo_ids(self):
        """Collect what the executors uploaded, for all the assignments at once."""
        # Whoever may read an assignment may read its files, hence sudo.
        files = self.env["ir.attachment"].sudo().search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        by_assignment = files.grouped("res_id")
        for assignment in self:
            assignment.photo_ids = by_assignment.get(assignment.id, files.browse())

    @api.depends("state", "review_by")
    def _compute_review_overdue(self):
        now = fields.Datetime.now()
        for assignment in self:
            waits = assignment.state == "proposed" and assignment.review_by
            assignment.review_overdue = bool(waits) and assignment.review_by < now

    @api.model
    def _search_review_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("state", "=", "proposed") & Domain("review_by", "<", fields.Datetime.now())
        return overdue if True in value else ~overdue

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_agree(self):
        """Agree to this one proposal, or ask first when there are several."""
        if len(self) == 1:
            self.agree()
            return None
        return self._open_review("agree")

    def action_return(self):
        """Ask why these assignments are returned for rework."""
        return self._open_review("return")

    def _open_review(self, decision):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agree to proposals") if decision == "agree" else self.env._("Return for rework"),
            "res_model": "contact.center.review",
            "view_mode": "form",
            "target": "new",
            "context": {"default_assignment_ids": self.ids, "default_decision": decision},
        }

    def action_open(self):
        """Open this one assignment, with what was said on it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_request(self):
        """Open the request of this one assignment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.request",
            "res_id": self.request_id.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    def _get_review_obstacle(self, decision):
        """Return why this one assignment can't be decided on in this way, or ``None`` when it can."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        transition = find_transition(self.state, DECISIONS[decision])
        if not transition:
            return self.env._("it is “%s”", states[self.state])
        if not workflow.acting_role(transition, self.env["contact.center.request"]._get_roles()):
            return self.env._("it isn't up to your role")
        if decision == "agree" and self.role != "lead":
            return self.env._("a co-executor's part is agreed to together with the lead's")
        return None

    def _review(self, decision, reason=None):
        """Decide on many assignments, each by itself, and return ``{assignment: why it failed}``.

        One that fails, because a colleague was faster or a rule forbids it, leaves the others decided.

        :param str decision: ``agree`` or ``return``.
        :param str reason: what is missing, for those returned.
        """
        failures = {}
        for assignment in self:
            try:
                with self.env.cr.savepoint():
                    if decision == "agree":
                        assignment.agree()
                    else:
                        assignment.return_for_rework(reason)
            except UserError as error:
                failures[assignment] = error.args[0]
        return failures
