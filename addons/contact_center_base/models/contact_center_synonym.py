from odoo import api, fields, models, tools

from ..knowledge import phrase
from ..lexicon import split_synonyms


class ContactCenterSynonym(models.Model):
    """Words and phrases of any language that mean the same to whoever searches the articles (PO-7.1.2)."""

    _name = "contact.center.synonym"
    _description = "Group of Synonyms"
    _inherit = ["contact.center.cached.mixin"]
    _order = "words, id"
    _rec_name = "words"

    words = fields.Text(
        required=True,
        help="Words and phrases of one meaning in every language, separated by semicolons or new lines. "
        "Any inflected form of them is recognised.",
    )
    company_id = fields.Many2one(
        "res.company", "City", index=True, default=lambda self: self.env.company, help="Empty: for every city."
    )
    active = fields.Boolean(default=True)

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache("company_id")
    def _get_groups(self, company_id):
        """Return ``((phrases, text), …)``, one pair for each group of synonyms that one city uses."""
        # Everybody who searches needs them, whether or not the role may edit them, hence sudo.
        synonyms = self.sudo().search([("company_id", "in", [False, company_id])])
        return tuple(
            (tuple(filter(None, map(phrase, split_synonyms(synonym.words)))), synonym.words) for synonym in synonyms
        )
