from odoo import api, fields, models

from ..const import CHANNELS, INFORM_CHANNELS


class ContactCenterParticipant(models.Model):
    """A further applicant who reported the same matter and wants to know how it ends."""

    _name = "contact.center.participant"
    _description = "Joined Applicant"
    _order = "date, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    request_id = fields.Many2one(
        "contact.center.request", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner", "Applicant", required=True, index=True, ondelete="restrict", check_company=True
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    inform_by = fields.Selection(
        INFORM_CHANNELS, "Wants to be informed by", compute="_compute_inform_by", store=True, readonly=False
    )
    note = fields.Char(help="What this applicant added.")
    submission_key = fields.Char(
        copy=False, groups=fields.NO_ACCESS, help="Names the form by which the applicant joined."
    )
    informed_at = fields.Datetime("Told the outcome", readonly=True)
    # What somebody who tells the outcome needs at hand
    phone = fields.Char(related="partner_id.phone")
    request_state = fields.Selection(related="request_id.state", string="State")
    request_result = fields.Text(related="request_id.result", string="Answer")

    _request_partner_unique = models.UniqueIndex(
        "(request_id, partner_id)", "This applicant has already joined the request."
    )

    @api.depends("partner_id")
    def _compute_inform_by(self):
        for participant in self:
            participant.inform_by = participant.inform_by or participant.partner_id.inform_by or "phone"

    def action_mark_informed(self):
        """Note that these joined applicants were told the outcome."""
        for request, participants in self.filtered(lambda row: not row.informed_at).grouped("request_id").items():
            participants.informed_at = fields.Datetime.now()
            names = ", ".join(participants.partner_id.mapped("name"))
            self.env["contact.center.request.event"]._record(request, "informed", comment=names)
