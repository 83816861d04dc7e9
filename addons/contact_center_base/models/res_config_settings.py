from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contact_center_code = fields.Char(related="company_id.contact_center_code", readonly=False)
    contact_center_number_prefix = fields.Char(
        "Prefix of numbers", related="company_id.contact_center_sequence_id.prefix", readonly=False
    )
    contact_center_number_padding = fields.Integer(
        "Digits of numbers", related="company_id.contact_center_sequence_id.padding", readonly=False
    )
    contact_center_calendar_id = fields.Many2one(
        "resource.calendar", "Working hours of the centre", related="company_id.resource_calendar_id", readonly=False
    )
    contact_center_answer_days = fields.Integer(related="company_id.contact_center_answer_days", readonly=False)
    contact_center_alert_user_id = fields.Many2one(related="company_id.contact_center_alert_user_id", readonly=False)
    contact_center_service_level_share = fields.Integer(
        related="company_id.contact_center_service_level_share", readonly=False
    )
    contact_center_service_level_seconds = fields.Integer(
        related="company_id.contact_center_service_level_seconds", readonly=False
    )
