from odoo import fields, models


class SmsTracker(models.Model):
    _inherit = "sms.tracker"

    contact_center_notice_id = fields.Many2one("contact.center.notice", ondelete="cascade", index="btree_not_null")

    def _action_update_from_provider_error(self, provider_error):
        """Let messages to applicants know that a provider refused them or couldn't hand them over."""
        error_status, failure_type, failure_reason = super()._action_update_from_provider_error(provider_error)
        self._fail_notices(failure_type, failure_reason)
        return error_status, failure_type, failure_reason

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        """Let messages to applicants know what became of their SMS."""
        if sms_state in ("error", "canceled"):
            self._fail_notices(failure_type, failure_reason)
        elif sms_state in ("pending", "sent"):
            self.contact_center_notice_id._arrive()
        return super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )

    def _fail_notices(self, failure_type, failure_reason):
        labels = dict(self.env["sms.sms"]._fields["failure_type"]._description_selection(self.env))
        self.contact_center_notice_id._fail(failure_reason or labels.get(failure_type))
