from odoo import models

from odoo.addons.contact_center_base.const import EMERGENCY


class ContactCenterRequest(models.Model):
    """A request that turns out to be an emergency goes to the dispatch services of its executors (MA-3.1.4)."""

    _inherit = "contact.center.request"

    def write(self, vals):
        # The classifier node proposes the priority.
        may_rise = {"priority", "category_id"} & vals.keys()
        calm = self.filtered(lambda request: may_rise and request.priority != EMERGENCY)
        result = super().write(vals)
        # Parts belong to their request, whoever may read them, hence sudo.
        calm.filtered(lambda request: request.priority == EMERGENCY).sudo().assignment_ids._alert_dispatch()
        return result

    def _get_contact_user(self):
        """Return who contacts people about this one request: when nobody handles it, who looks after delays."""
        return super()._get_contact_user() or self.company_id._get_alert_user()
