from odoo import fields, models


class ContactCenterNameResponsible(models.TransientModel):
    """Names who executes an assignment, for an executor who told it by phone (RO-4.3a, MA-5.1)."""

    _name = "contact.center.name.responsible"
    _description = "Name the Responsible Person"

    assignment_id = fields.Many2one("contact.center.assignment", required=True)
    organisation_id = fields.Many2one(related="assignment_id.executor_id.partner_id", related_sudo=False)
    partner_id = fields.Many2one(
        "res.partner",
        "Responsible person",
        required=True,
        domain="[('id', 'child_of', organisation_id), ('is_company', '=', False)]",
    )

    def action_apply(self):
        """Name the person, and put the assignment in progress when it isn't yet."""
        self.ensure_one()
        self.assignment_id.name_responsible(self.partner_id.id)
        return {"type": "ir.actions.act_window_close"}
