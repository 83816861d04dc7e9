from odoo import fields, models

from ..const import ESCALATION_STEPS


class ContactCenterEscalation(models.Model):
    """That people were told of a delay: one step of one assignment about one deadline or moment, told once.

    Rows are written by ``contact.center.escalation.mixin`` only.
    """

    _name = "contact.center.escalation"
    _description = "Escalation"
    _order = "id desc"
    _rec_name = "step"

    assignment_id = fields.Many2one("contact.center.assignment", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, precompute=True, index=True)
    executor_id = fields.Many2one(related="assignment_id.executor_id", store=True, precompute=True, index=True)
    category_id = fields.Many2one(related="assignment_id.category_id")
    restricted = fields.Boolean(related="assignment_id.restricted", store=True, precompute=True)
    state = fields.Selection(related="assignment_id.state", string="Present state")
    step = fields.Selection(ESCALATION_STEPS, required=True)
    reference = fields.Datetime("About", required=True, help="The deadline or the moment that it is about.")
    told_at = fields.Datetime("Told", required=True, default=fields.Datetime.now)
    told_to = fields.Char("Told to", help="Who was told; empty when there is nobody.")

    _step_unique = models.UniqueIndex(
        "(assignment_id, step, reference)", "People have been told of this delay already."
    )
    _recent_index = models.Index("(company_id, told_at)")

    def action_open_assignment(self):
        """Open the assignment of this one escalation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.assignment",
            "res_id": self.assignment_id.id,
            "view_mode": "form",
        }
