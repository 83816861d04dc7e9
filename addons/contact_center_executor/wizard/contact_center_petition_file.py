from odoo import api, fields, models

from ..models.contact_center_petition import CHANGES
from ..petition_kinds import KINDS, family


class ContactCenterPetitionFile(models.TransientModel):
    """Files a petition for an executor that called or wrote instead of using the portal (MA-5.1)."""

    _name = "contact.center.petition.file"
    _description = "File a Petition"

    assignment_id = fields.Many2one("contact.center.assignment", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="assignment_id.company_id")
    executor_partner_id = fields.Many2one(related="assignment_id.executor_id.partner_id")
    kind = fields.Selection([(code, kind.label) for code, kind in KINDS.items() if code == family(code)], required=True)
    reason = fields.Text(required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    change = fields.Selection(CHANGES, default="other")
    proposed_executor_id = fields.Many2one(
        "contact.center.executor", "Proposed executor", domain="[('company_id', '=', company_id)]"
    )
    until = fields.Date("New date")
    responsible_id = fields.Many2one(
        "res.partner",
        "Responsible person",
        domain="[('id', 'child_of', executor_partner_id), ('is_company', '=', False)]",
    )
    plan_year = fields.Integer("Year of the plan", default=lambda self: fields.Date.context_today(self).year + 1)
    plan_document = fields.Char("Document of the plan")
    needs_evidence = fields.Boolean(compute="_compute_needs_evidence")

    @api.depends("kind")
    def _compute_needs_evidence(self):
        for wizard in self:
            wizard.needs_evidence = bool(wizard.kind) and KINDS[wizard.kind].evidence

    def action_apply(self):
        """File the petition and open it."""
        self.ensure_one()
        values = {name: self[name] for name in KINDS[self.kind].fields}
        values = {name: value.id if isinstance(value, models.BaseModel) else value for name, value in values.items()}
        petition = self.assignment_id.petition(
            self.kind, {**values, "reason": self.reason}, self._release_attachments().ids
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.petition",
            "res_id": petition.id,
            "view_mode": "form",
        }

    def _release_attachments(self):
        """Return the files uploaded into this dialog, free to belong to the petition."""
        uploaded = self.attachment_ids.filtered(lambda file: file.res_model == self._name)
        uploaded.write({"res_id": False})
        return self.attachment_ids
