from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contact_center_code = fields.Char(related="company_id.contact_center_code", readonly=False)
    contact_center_alias_name = fields.Char(related="company_id.contact_center_alias_name", readonly=False)
    contact_center_alias_domain = fields.Char("Domain", related="company_id.alias_domain_id.name")
    contact_center_mail_limit = fields.Integer(related="company_id.contact_center_mail_limit", readonly=False)
    contact_center_mail_domain_limit = fields.Integer(
        related="company_id.contact_center_mail_domain_limit", readonly=False
    )
    contact_center_mail_blocked = fields.Text(related="company_id.contact_center_mail_blocked", readonly=False)
    contact_center_license = fields.Selection(related="company_id.contact_center_license", readonly=False)
    contact_center_web_contact = fields.Selection(related="company_id.contact_center_web_contact", readonly=False)
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
    contact_center_rating_days = fields.Integer(related="company_id.contact_center_rating_days", readonly=False)
    contact_center_retention = fields.Boolean(related="company_id.contact_center_retention", readonly=False)
    contact_center_call_days = fields.Integer(related="company_id.contact_center_call_days", readonly=False)
    contact_center_alert_user_id = fields.Many2one(related="company_id.contact_center_alert_user_id", readonly=False)
    contact_center_service_level_share = fields.Integer(
        related="company_id.contact_center_service_level_share", readonly=False
    )
    contact_center_service_level_seconds = fields.Integer(
        related="company_id.contact_center_service_level_seconds", readonly=False
    )
    contact_center_quiet_from = fields.Float(related="company_id.contact_center_quiet_from", readonly=False)
    contact_center_quiet_to = fields.Float(related="company_id.contact_center_quiet_to", readonly=False)
