from odoo import models


class ContactCenterRequest(models.Model):
    _inherit = "contact.center.request"

    def _prepare_rating(self):
        """Say whose work is rated: the lead's who finished it; of a linked request that of its main one."""
        values = super()._prepare_rating()
        lead = (self.main_request_id or self).lead_id
        if lead.state == "done":
            values.update(executor_id=lead.executor_id.id, owner_id=lead.executor_id.partner_id.id)
        return values
