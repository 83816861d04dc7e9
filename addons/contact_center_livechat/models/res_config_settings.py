from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contact_center_chat_id = fields.Many2one(related="company_id.contact_center_chat_id", readonly=False)
