from odoo import api, fields, models
from odoo.exceptions import UserError

from .queue import work_off


class ContactCenterQuestionMixin(models.AbstractModel):
    """Asking the applicant for more: the request waits, its clock pauses if the rule says so, the answer resumes it."""

    _name = "contact.center.question.mixin"
    _description = "Questions to the Applicant"

    question_ids = fields.One2many("contact.center.question", "request_id", "Questions")
    open_question_id = fields.Many2one("contact.center.question", compute="_compute_open_question_id")

    @api.depends("question_ids.closed_at")
    def _compute_open_question_id(self):
        for request in self:
            request.open_question_id = request.question_ids.filtered(lambda question: not question.closed_at)[:1]

    def ask_applicant(self, text, channel=None):
        """Ask the applicant of this one request for more and return the ``contact.center.question``.

        :param str text: the question in the applicant's language.
        :param str channel: by default the way in which the applicant wants to be informed.
        :raises UserError: when the applicant is anonymous without a contact, or has a question to answer already.
        """
        self.ensure_one()
        if not (self.partner_id or self.phone or self.email):
            raise UserError(self.env._("%s is anonymous: there is nobody to ask.", self.number))
        if self.open_question_id:
            raise UserError(self.env._("%s: the applicant has a question to answer already.", self.number))
        channel = channel or self.inform_by
        question = self.env["contact.center.question"].create(
            {
                "request_id": self.id,
                "text": text,
                "channel": channel,
                "answer_by": self.company_id._add_working_days(self.company_id.contact_center_answer_days),
            }
        )
        self._transition("waiting")
        asked = self.env["contact.center.request.event"]._record(self, "asked", comment=text)
        self._contact_applicant(text, channel, "question", asked)
        return question

    def answer_question(self, answer):
        """Take the applicant's answer to the open question of this one request; work and clock go on.

        :raises UserError: when no question is open, for instance because a colleague has just entered the answer.
        """
        self.ensure_one()
        self._lock()
        question = self.open_question_id
        if not question:
            raise UserError(
                self.env._("%s has no open question. Perhaps a colleague has just entered the answer.", self.number)
            )
        question.write({"answer": answer, "closed_at": fields.Datetime.now()})
        self.env["contact.center.request.event"]._record(self, "answered", comment=answer)
        self._resume_after_question()

    def _resume_after_question(self):
        """Put the requests that still wait back to work."""
        self.filtered(lambda request: request.state == "waiting")._transition("in_progress")

    @api.model
    def _cron_give_up_questions(self):
        """Let requests go on whose applicants did not answer in time."""
        Question = self.env["contact.center.question"]
        domain = [("closed_at", "=", False), ("answer_by", "<=", fields.Datetime.now())]
        work_off(Question.search(domain, order="answer_by, id"), domain, self._give_up_question)

    def _give_up_question(self, question):
        """Let the request of one question go on without the answer."""
        question.closed_at = fields.Datetime.now()
        request = question.request_id
        comment = request._in_city_language().env._("No answer in time")
        self.env["contact.center.request.event"]._record(request, "answered", comment=comment)
        request._resume_after_question()
