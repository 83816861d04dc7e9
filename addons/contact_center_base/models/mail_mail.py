from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Let messages to applicants know what became of their e-mails."""
        # Whoever's turn it is to send mails, hence sudo; asked first, as e-mails that went out are deleted.
        notices = self.env["contact.center.notice"].sudo().search([("mail_id", "in", self.ids)])
        if failure_type:
            notices._fail(failure_reason or dict(self._fields["failure_type"].selection).get(failure_type))
        else:
            notices._arrive()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
