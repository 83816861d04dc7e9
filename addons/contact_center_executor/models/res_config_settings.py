from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contact_center_accept_days = fields.Integer(related="company_id.contact_center_accept_days", readonly=False)
    contact_center_review_days = fields.Integer(related="company_id.contact_center_review_days", readonly=False)
    contact_center_decision_days = fields.Integer(related="company_id.contact_center_decision_days", readonly=False)
    contact_center_escalation_days = fields.Integer(related="company_id.contact_center_escalation_days", readonly=False)
    contact_center_justification_notice_days = fields.Integer(
        related="company_id.contact_center_justification_notice_days", readonly=False
    )
