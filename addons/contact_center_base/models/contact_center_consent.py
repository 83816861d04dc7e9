from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CHANNELS


class ContactCenterConsent(models.Model):
    """That somebody agreed to a version of the consent text, when, by which channel, and until when (KP-3.10)."""

    _name = "contact.center.consent"
    _description = "Consent"
    _order = "given_at desc, id desc"
    _rec_name = "text_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", "City", required=True, readonly=True, index=True)
    text_id = fields.Many2one(
        "contact.center.consent.text", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Who", readonly=True, index="btree_not_null", ondelete="cascade", help="Empty: anonymous."
    )
    request_id = fields.Many2one(
        "contact.center.request", readonly=True, index="btree_not_null", ondelete="cascade", check_company=True
    )
    lang = fields.Char("Language", required=True, readonly=True, help="In which the text was read.")
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    given_at = fields.Datetime("Given", required=True, readonly=True, default=fields.Datetime.now)
    withdrawn_at = fields.Datetime("Withdrawn", readonly=True)

    _withdrawn_check = models.Constraint(
        "CHECK(withdrawn_at IS NULL OR withdrawn_at >= given_at)", "A consent can't be withdrawn before it was given."
    )

    @api.model
    def _record(self, company, partner=None, request=None, channel="web"):
        """Note that somebody agreed just now to the text in force in a city, in the present language; return it.

        :param company: one ``res.company``.
        :param partner: the one who agreed (``res.partner``), if known.
        :param request: the request for which it was given, if any; a person or a request there must be.
        :param str channel: one of ``CHANNELS``.
        :return: the consent, empty when the city has no text to agree to.
        :raises UserError: without a person and a request.
        """
        if not partner and not request:
            raise UserError(self.env._("A consent belongs to a person or to a request."))
        # Residents give their consent, who have no rights on these models, hence sudo.
        text = self.env["contact.center.consent.text"].sudo()._get_current(company)
        if not text:
            return self.browse()
        values = {
            "company_id": company.id,
            "text_id": text.id,
            "partner_id": partner.id if partner else False,
            "request_id": request.id if request else False,
            "lang": self.env.lang or "en_US",
            "channel": channel,
        }
        # Nobody else writes consents: see above.
        return self.sudo().create([values])

    def _withdraw(self):
        """Note that those of these consents that still hold are withdrawn now."""
        self.filtered(lambda consent: not consent.withdrawn_at).withdrawn_at = fields.Datetime.now()

    def action_withdraw(self):
        """Note that these people told the centre that they withdraw their consent."""
        self.check_access("read")
        # Operators take down what they are told, and write nothing else of a consent, hence sudo.
        self.sudo()._withdraw()
