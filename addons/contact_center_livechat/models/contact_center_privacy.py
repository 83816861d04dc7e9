from dataclasses import replace

from odoo import api, models

from ..privacy import PERSONAL, REQUEST_FIELDS


class ContactCenterPrivacy(models.AbstractModel):
    _inherit = "contact.center.privacy"

    @api.model
    def _get_personal(self):
        known = super()._get_personal()
        request = known["contact.center.request"]
        request = replace(request, fields=request.fields | REQUEST_FIELDS)
        return known | {"contact.center.request": request} | PERSONAL

    @api.model
    def _erase_requests(self, requests):
        """Delete also the chats in which they were brought, with their visitors, unless another request needs them."""
        chats = requests.chat_id
        counts = super()._erase_requests(requests)
        ended = chats.filtered(lambda chat: all(chat.contact_center_request_ids.mapped("anonymised_at")))
        guests = ended.livechat_customer_guest_ids
        counts[ended._name] += len(ended)
        self._delete_beside(ended)
        ended.unlink()
        guests.filtered(lambda guest: not guest.channel_ids).unlink()
        return counts
