from odoo import api, fields, models

from ..notices import NOTICE_KINDS

#: Of a restricted request nothing but its number and state is told, whatever happened.
RESTRICTED_KIND = ("restricted", "Any news about a restricted request")


class ContactCenterNoticeSetting(models.Model):
    """Whether and in which words a city tells applicants of one kind of news."""

    _name = "contact.center.notice.setting"
    _description = "Message to Applicants"
    _order = "sequence, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection([*NOTICE_KINDS, RESTRICTED_KIND], "News", required=True)
    company_id = fields.Many2one("res.company", "City", help="Empty: for every city without one of its own.")
    sequence = fields.Integer(default=10)
    is_sent = fields.Boolean("Is sent", default=True, help="Off: nobody is written to about this.")
    mail_template_id = fields.Many2one(
        "mail.template",
        "E-mail",
        required=True,
        ondelete="restrict",
        domain=[("model", "=", "contact.center.notice")],
    )
    sms_template_id = fields.Many2one(
        "sms.template", "SMS", required=True, ondelete="restrict", domain=[("model", "=", "contact.center.notice")]
    )

    _kind_unique = models.UniqueIndex("(kind, COALESCE(company_id, 0))", "The city has this message already.")

    @api.model
    def _get_by_kind(self, company):
        """Return ``{kind: setting}`` of one city: its own where it has one, else that of all cities."""
        # How applicants are written to follows from what happens, whoever may read the configuration, hence sudo.
        settings = self.sudo().search([("company_id", "in", [False, company.id])])
        return {setting.kind: setting for setting in settings.sorted(lambda setting: bool(setting.company_id))}
