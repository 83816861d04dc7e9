from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    contact_center_chat_id = fields.Many2one(
        "im_livechat.channel", "Chat of the public pages", help="Residents find it in the menu of the city's pages."
    )

    def _get_chat_url(self):
        """Return the address at which residents of this one city chat with the centre, or nothing."""
        # Which chat a city offers is public, hence sudo.
        chat = self.sudo().contact_center_chat_id
        return f"/im_livechat/support/{chat.id}" if chat else ""
