from odoo import api, fields, models

from ..knowledge import anonymise
from .contact_center_request_event import ROLE_SELECTION


class ContactCenterKnowledgeSearch(models.Model):
    """One search in the articles and whether it helped; nobody's name, number or minute (PO-7.1.2).

    What was searched for and not found tells which articles are missing.
    """

    _name = "contact.center.knowledge.search"
    _description = "Search in Articles"
    _order = "id desc"
    _rec_name = "words"
    # Who searched and at which second is left out on purpose.
    _log_access = False

    words = fields.Char(readonly=True, help="Without e-mails, phones and anything else that has digits.")
    company_id = fields.Many2one("res.company", "City", required=True, index=True, readonly=True)
    category_id = fields.Many2one("contact.center.category", "Classifier node", readonly=True, ondelete="set null")
    language = fields.Char("Language asked for", readonly=True)
    role = fields.Selection(ROLE_SELECTION, "Role of who searched", readonly=True)
    date = fields.Datetime("Hour", required=True, readonly=True)
    hit_count = fields.Integer("Articles found", readonly=True, aggregator="avg")
    helped = fields.Selection(
        [("unknown", "Unknown"), ("yes", "Yes"), ("no", "No")], required=True, default="unknown", readonly=True
    )
    article_id = fields.Many2one(
        "contact.center.article", "Article used", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _company_date_index = models.Index("(company_id, date)")

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    def _log(self, words, hit_count, company, category_id=False, language=False, search_id=False, role=None):
        """Remember one search and return it.

        :param str words: as typed; they are stripped of personal data here.
        :param int search_id: the search that this one goes on typing; its row is rewritten.
        :param str role: who searched, by default the role of the user.
        """
        values = {
            "words": anonymise(words),
            "company_id": company.id,
            "category_id": category_id,
            "language": language,
            "role": role or self.env["contact.center.request"]._get_default_role(),
            "date": fields.Datetime.now().replace(minute=0, second=0, microsecond=0),
            "hit_count": hit_count,
            "helped": "unknown" if hit_count else "no",
        }
        # The log is written by this method alone and no role has the right to change it, hence sudo.
        searches = self.sudo()
        unfinished = searches._browse_own_cities(search_id).filtered(lambda search: not search.article_id)
        if unfinished:
            unfinished.write(values)
            return unfinished
        return searches.create([values])

    @api.model
    def mark_helped(self, search_id, article_id):
        """Say that an article which a search found was used for an answer.

        :param int search_id: ``search_id`` of a result of ``search_articles``.
        """
        article = self.env["contact.center.article"].browse(article_id).exists()
        article.check_access("read")
        # See _log: whoever may search may say that it helped, hence sudo.
        self.sudo()._browse_own_cities(search_id).write({"helped": "yes", "article_id": article.id})

    @api.model
    def mark_not_helped(self, search_id):
        """Say that nothing a search found was of use.

        :param int search_id: ``search_id`` of a result of ``search_articles``.
        """
        self.env["contact.center.article"].check_access("read")
        # See _log: whoever may search may say that it didn't help, hence sudo.
        self.sudo()._browse_own_cities(search_id).write({"helped": "no", "article_id": False})

    def _browse_own_cities(self, search_id):
        """Return the search with an id, empty when there is none or it belongs to a city the user doesn't work in."""
        search = self.browse(search_id or []).exists()
        return search.filtered(lambda found: found.company_id in self.env.companies)
