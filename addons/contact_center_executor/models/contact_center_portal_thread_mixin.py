from odoo import fields, models


class ContactCenterPortalThreadMixin(models.AbstractModel):
    """The talk on records that executors' people read in the portal and write by methods only.

    Staff who read a record talk there. What they note for themselves stays theirs.
    """

    _name = "contact.center.portal.thread.mixin"
    _description = "Talk on Records of the Portal"
    _inherit = ["mail.thread"]

    # Filters go through messages without asking who may read them: portal users could guess what colleagues write.
    message_ids = fields.One2many(bypass_search_access=False)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # Portal users have methods for it: a message of theirs could be addressed to anybody.
        if message_operation == "create" and self.env.user._is_internal():
            return dict.fromkeys(self, "read")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)
