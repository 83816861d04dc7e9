from odoo import api, models


class ContactCenterCachedMixin(models.AbstractModel):
    """Records of which something is kept in memory (``ormcache``): whatever changes them drops what was kept."""

    _name = "contact.center.cached.mixin"
    _description = "Records Kept in Memory"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
