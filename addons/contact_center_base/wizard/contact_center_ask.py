from odoo import fields, models

from ..const import INFORM_CHANNELS


class ContactCenterAsk(models.TransientModel):
    """Asks the applicant of a request for more, or takes the answer."""

    _name = "contact.center.ask"
    _description = "Ask the Applicant"

    request_id = fields.Many2one("contact.center.request", required=True)
    # Read as the user: anybody can name any request here.
    open_question_id = fields.Many2one(related="request_id.open_question_id", related_sudo=False)
    question = fields.Text(related="open_question_id.text", related_sudo=False, string="Asked")
    text = fields.Text("Question")
    channel = fields.Selection(INFORM_CHANNELS, "Ask by")
    answer = fields.Text()

    def action_ask(self):
        """Send the question."""
        self.ensure_one()
        self.request_id.ask_applicant(self.text, self.channel)
        return {"type": "ir.actions.act_window_close"}

    def action_answer(self):
        """Enter the answer the applicant gave."""
        self.ensure_one()
        self.request_id.answer_question(self.answer)
        return {"type": "ir.actions.act_window_close"}
