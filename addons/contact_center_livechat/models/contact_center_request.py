from odoo import api, fields, models

from odoo.addons.mail.tools.discuss import Store


class ContactCenterRequest(models.Model):
    _inherit = "contact.center.request"

    chat_id = fields.Many2one(
        "discuss.channel", readonly=True, copy=False, index="btree_not_null", help="Where it was brought."
    )
    transcript = fields.Text("What was said", readonly=True, copy=False, help="The chat until the request was made.")

    @api.model
    def _get_derived_fields(self):
        """Let nobody claim a chat: only the dialog in a chat makes a request of it, after asking who may read it."""
        return super()._get_derived_fields() | {"chat_id", "transcript"}

    def action_open_chat(self):
        """Open the chat in which this one request was brought."""
        self.ensure_one()
        self.chat_id.check_access("read")
        Store(bus_channel=self.env.user).add(self.chat_id, extra_fields={"open_chat_window": True}).bus_send()
