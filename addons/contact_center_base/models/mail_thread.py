import codecs

from odoo import api, models
from odoo.tools.mail import generate_tracking_message_id


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Let records decide about the mails that reach them, where their model does, instead of posting these."""
        others, thread_id = [], False
        for route in routes or ():
            model, thread_id, defaults = route[:3]
            receive = getattr(self.env[model].browse(thread_id), "_receive_mail", None)
            if not (receive and receive(message, message_dict, defaults or {})):
                others.append(route)
        return super()._message_route_process(message, message_dict, others) or thread_id

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        """Read also mails in an encoding that nobody knows: what can't be read is better than a mail that is lost."""
        for part in message.walk():
            charset = part.get_content_charset()
            try:
                codecs.lookup(charset or "utf-8")
            except (LookupError, ValueError):
                part.set_param("charset", "utf-8")
        return super()._message_parse_extract_payload(message, message_dict, save_original=save_original)

    @api.model
    def _refuse_mail(self, message, message_dict, reason):
        """Answer a mail with why it wasn't taken; whoever answers that again isn't heard, and machines don't answer.

        :param message: the ``EmailMessage``.
        :param dict message_dict: what ``mail.thread`` read in it.
        :param str reason: in the language of this environment, as the frame around it is.
        """
        body = self.env["ir.qweb"]._render(
            "contact_center_base.mail_refused", {"reason": reason}, minimal_qcontext=True
        )
        loop_tag = generate_tracking_message_id("loop-detection-bounce-email")
        self.env["mail.thread"]._routing_create_bounce_email(
            message_dict["email_from"],
            body,
            message,
            references=f"{message_dict['message_id']} {loop_tag}",
            headers=repr({"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}),
        )
