from odoo import fields, models

from ..const import INFORM_CHANNELS


class ContactCenterQuestion(models.Model):
    """A question of the centre to an applicant (RO-4.4a) and the answer to it."""

    _name = "contact.center.question"
    _description = "Question to the Applicant"
    _order = "asked_at desc, id desc"
    _rec_name = "text"

    request_id = fields.Many2one("contact.center.request", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="request_id.company_id", store=True, precompute=True)
    text = fields.Text("Question", required=True)
    channel = fields.Selection(INFORM_CHANNELS, "Asked by", required=True)
    asked_at = fields.Datetime(required=True, default=fields.Datetime.now)
    asked_by_id = fields.Many2one("res.users", required=True, default=lambda self: self.env.user)
    answer_by = fields.Datetime("Answer until", required=True, index=True)
    answer = fields.Text()
    closed_at = fields.Datetime("Answered or given up on", readonly=True)

    # Of two who bring the answer at once one wins: the second finds the question closed.
    _open_unique = models.UniqueIndex(
        "(request_id) WHERE closed_at IS NULL", "The applicant has a question to answer already."
    )
