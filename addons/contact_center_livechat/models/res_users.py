from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _init_store_data(self, store):
        """Tell the browser whether this user makes requests of chats."""
        result = super()._init_store_data(store)
        store.add_global_values(has_access_contact_center=self.env.user.has_group("contact_center_base.group_operator"))
        return result
