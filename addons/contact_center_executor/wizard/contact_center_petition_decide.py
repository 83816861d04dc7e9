from odoo import api, fields, models

from odoo.addons.contact_center_base.const import INFORMED_BY

from ..models.contact_center_petition import CHANGES
from ..petition_kinds import KINDS


class ContactCenterPetitionDecide(models.TransientModel):
    """Grants or refuses a petition and asks for what the decision carries."""

    _name = "contact.center.petition.decide"
    _description = "Decide on a Petition"

    petition_id = fields.Many2one("contact.center.petition", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(related="petition_id.kind")
    reason = fields.Text(related="petition_id.reason", string="Reason of the executor")
    company_id = fields.Many2one(related="petition_id.company_id")
    decision = fields.Selection([("granted", "Grant"), ("refused", "Refuse")], required=True, default="granted")
    comment = fields.Text()
    # Proposed as the user may read it: anybody can name any petition here.
    change = fields.Selection(CHANGES, compute="_compute_values", store=True, readonly=False, compute_sudo=False)
    executor_id = fields.Many2one(
        "contact.center.executor",
        "Give it to",
        compute="_compute_values",
        store=True,
        readonly=False,
        compute_sudo=False,
        domain="[('company_id', '=', company_id)]",
    )
    instruction = fields.Text("What to do")
    until = fields.Date("New date", compute="_compute_values", store=True, readonly=False, compute_sudo=False)
    plan_year = fields.Integer(
        "Year of the plan", compute="_compute_values", store=True, readonly=False, compute_sudo=False
    )
    plan_document = fields.Char(
        "Document of the plan", compute="_compute_values", store=True, readonly=False, compute_sudo=False
    )
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

    @api.depends("petition_id")
    def _compute_values(self):
        """Propose what the executor petitioned for."""
        for wizard in self:
            petition = wizard.petition_id
            wizard.change = petition.change
            wizard.executor_id = petition.proposed_executor_id
            wizard.until = petition.until
            wizard.plan_year = petition.plan_year
            wizard.plan_document = petition.plan_document
            wizard.result = petition.reason
            wizard.informed_by = petition.request_id.inform_by

    def action_apply(self):
        """Decide."""
        self.ensure_one()
        if self.decision == "refused":
            self.petition_id.refuse(self.comment)
        else:
            names = KINDS[self.kind].decides
            values = {name: self[name].id if name == "executor_id" else self[name] for name in names}
            self.petition_id.grant(self.comment, **values)
        return {"type": "ir.actions.act_window_close"}
