from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What somebody agreed to; it stays as it was read.
_AGREED_FIELDS = {"company_id", "statement", "body", "valid_from"}


class ContactCenterConsentText(models.Model):
    """One version of what residents agree to when they leave personal data (KP-3.10), in all languages.

    A version in force is never changed: whoever agreed to it agreed to these words. A city without a text of its own
    uses the one that belongs to no city.
    """

    _name = "contact.center.consent.text"
    _description = "Consent Text"
    _order = "valid_from desc, id desc"
    _rec_name = "statement"

    company_id = fields.Many2one(
        "res.company", "City", index=True, default=lambda self: self.env.company, help="Empty: cities without own text."
    )
    version = fields.Integer(readonly=True, copy=False)
    valid_from = fields.Datetime(
        "In force from",
        required=True,
        copy=False,
        default=lambda self: fields.Datetime.now() + timedelta(days=1),
        help="From then on residents read it, and it can't be changed any more.",
    )
    statement = fields.Char(
        "Sentence to agree to", required=True, translate=True, help="Stands beside the box that the resident ticks."
    )
    body = fields.Html("What is done with the data", required=True, translate=True)
    in_force = fields.Boolean("In force", compute="_compute_in_force")
    consent_ids = fields.One2many("contact.center.consent", "text_id", "Consents", readonly=True)
    consent_count = fields.Integer("Number of consents", compute="_compute_consent_count")

    _version_unique = models.UniqueIndex("(company_id, version)", "The city already has a text with this version.")

    @api.depends("version", "valid_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for text in self:
            text.display_name = self.env._(
                "Version %(version)s of %(date)s", version=text.version, date=text.valid_from.date()
            )

    @api.depends("valid_from")
    def _compute_in_force(self):
        now = fields.Datetime.now()
        for text in self:
            text.in_force = bool(text.create_date and text.valid_from and text.valid_from <= now)

    def _compute_consent_count(self):
        counts = dict(
            self.env["contact.center.consent"]._read_group([("text_id", "in", self.ids)], ["text_id"], ["__count"])
        )
        for text in self:
            text.consent_count = counts.get(text, 0)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        latest = Counter()
        numbered = []
        for vals in vals_list:
            company_id = vals.get("company_id", self.env.company.id)
            if company_id not in latest:
                known = self.search([("company_id", "=", company_id)], order="version desc", limit=1)
                latest[company_id] = known.version
            latest[company_id] += 1
            numbered.append({**vals, "company_id": company_id, "version": latest[company_id]})
        return super().create(numbered)

    def write(self, vals):
        if not _AGREED_FIELDS.isdisjoint(vals):
            self._check_not_in_force()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        if field_name in _AGREED_FIELDS:
            self._check_not_in_force()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._check_not_in_force()

    def _check_not_in_force(self):
        """Check that these texts may still be changed.

        :raises UserError: when residents may have agreed to one of them already.
        """
        if self.filtered("in_force"):
            raise UserError(
                self.env._("A text in force stays as residents have read it: duplicate it and date the new version.")
            )

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    def _get_current(self, company):
        """Return the text in force in a city: its own, else that for all cities; empty when there is none.

        :param company: one ``res.company``.
        """
        in_force = Domain("valid_from", "<=", fields.Datetime.now())
        for owner in (company.id, False):
            if text := self.search(in_force & Domain("company_id", "=", owner), limit=1):
                return text
        return self.browse()

    def action_view_consents(self):
        """Open the consents given to this one text."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_center_base.contact_center_consent_action")
        return dict(action, domain=[("text_id", "=", self.id)])
