from odoo import api, models

from ..privacy import NOT_PERSONAL, PERSONAL


class ContactCenterPrivacy(models.AbstractModel):
    _inherit = "contact.center.privacy"

    @api.model
    def _get_personal(self):
        return super()._get_personal() | PERSONAL

    @api.model
    def _get_not_personal(self):
        known = super()._get_not_personal()
        return known | {model: known.get(model, set()) | names for model, names in NOT_PERSONAL.items()}

    @api.model
    def _get_dependants(self):
        return [
            "contact.center.explanation",
            "contact.center.petition",
            "contact.center.dispatch.contact",
            "contact.center.escalation",
            "contact.center.assignment",
            *super()._get_dependants(),
        ]

    @api.model
    def _is_staff(self, partner):
        """Return it also of executors' people, who log in by the portal."""
        users = partner.with_context(active_test=False).user_ids
        return super()._is_staff(partner) or bool(users.contact_center_executor_id)
