from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Let assignments decide about the mails that answer ours, instead of posting these as they come."""
        others, thread_id = [], False
        for route in routes or ():
            model, thread_id = route[:2]
            receives = model in ("contact.center.assignment", "contact.center.executor")
            if not (receives and self.env[model].browse(thread_id)._receive_mail(message, message_dict)):
                others.append(route)
        return super()._message_route_process(message, message_dict, others) or thread_id
