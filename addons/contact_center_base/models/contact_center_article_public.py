from odoo import api, fields, models
from odoo.fields import Domain

from .contact_center_article import CONTENT_FIELDS

#: Days over which it is counted what residents ask about most.
ASKED_DAYS = 30
#: The texts of an article in the order in which residents need them; the name and the summary stand above.
_SHOWN_FIELDS = (
    "what",
    "documents",
    "procedure",
    "place",
    "opening_hours",
    "fee",
    "term",
    "form_links",
    "contact",
    "legal_basis",
    "body",
)

assert {*_SHOWN_FIELDS, "name", "summary"} == set(CONTENT_FIELDS)


class ContactCenterArticle(models.Model):
    """What residents read of the articles by themselves (KP-3.5): the public ones that are published and in force."""

    _inherit = "contact.center.article"

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    @api.model
    def _get_public_domain(self, company):
        """Return the domain of the articles that everybody may read in one city."""
        in_force = Domain("valid_until", "=", False) | Domain("valid_until", ">=", company._get_today())
        return self._get_findable_domain(company) & Domain("public", "=", True) & in_force

    @api.model
    def _get_public_list_domain(self, company, category=None):
        """Return the domain of the articles that a reader is offered in one city, each matter in one language only.

        It is the language of the reader where there is such a translation, else that of the original.

        :param category: classifier node, see :meth:`_get_topic_domain`.
        """
        public = self._get_public_domain(company)
        own = Domain("language", "=", self._default_language())
        first = Domain("original_id", "=", False) | Domain("original_id", "not any", public)
        translated = Domain("translated_ids", "any", public & own) | Domain(
            "original_id.translated_ids", "any", public & own
        )
        domain = public & (own | (first & ~translated))
        return domain & self._get_topic_domain(category)

    @api.model
    def _get_topic_domain(self, category):
        """Return the domain of articles of a classifier node, of those above and of those below it; all without one."""
        if not category:
            return Domain.TRUE
        nodes = category._get_ancestors() | category.search([("id", "child_of", category.id)])
        return Domain("category_ids", "in", nodes.ids)

    @api.model
    def _search_public(self, company, words, category=None, limit=20):
        """Return the public articles of one city that answer what a resident asks, the best first.

        Words are understood in any language; of a matter found in several only the best is returned. The search is
        logged without personal data.

        :param category: classifier node, see :meth:`_get_topic_domain`.
        """
        queries = self._get_tsqueries(words, company)
        domain = self._get_public_domain(company) & self._get_topic_domain(category)
        # More than asked for: what is found in several languages stands for one.
        found = self._find_best(domain, queries, None, 3 * limit)[0] if queries else self.browse()
        by_matter = {}
        for article in found:
            by_matter.setdefault(article.original_id or article, article)
        articles = self.browse(article.id for article in list(by_matter.values())[:limit])
        self.env["contact.center.knowledge.search"]._log(
            words, len(by_matter), company, category_id=category and category.id, role="applicant"
        )
        return articles

    @api.model
    def _get_most_asked(self, company, limit=5):
        """Return the public articles from which most was answered lately in one city, the most asked first."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=ASKED_DAYS)
        asked = (
            Domain("company_id", "=", company.id)
            & Domain("registered_at", ">=", since)
            & Domain("article_id", "any", self._get_public_list_domain(company))
        )
        # How often in all is no secret and tells of nobody, hence sudo.
        groups = (
            self.env["contact.center.request"]
            .sudo()
            ._read_group(asked, ["article_id"], ["__count"], order="__count DESC, article_id", limit=limit)
        )
        return self.browse(article.id for article, _count in groups)

    @api.model
    def _get_latest_public(self, company, limit):
        """Return the public articles of one city whose text was approved last, the latest first."""
        groups = self.env["contact.center.article.version"]._read_group(
            [("article_id", "any", self._get_public_list_domain(company))],
            ["article_id"],
            order="date:max DESC, article_id DESC",
            limit=limit,
        )
        return self.browse(article.id for (article,) in groups)

    @api.model
    def _get_public_topics(self, company):
        """Return the classifier nodes to which the public articles of one city belong."""
        return self.search(self._get_public_domain(company)).category_ids.sorted("complete_name")

    # ------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------

    def _read_public(self):
        """Return what everybody may read of many public articles, one dictionary each, in their order.

        ``parts`` are ``(field, label, text)`` of the texts that are there, HTML fields as safe markup. ``changed`` is
        when the present text was approved, naive in UTC. Whatever isn't public is left out.
        """
        # Only public articles of which everybody may read the fields below, hence sudo.
        articles = self.sudo().filtered("public").filtered(lambda article: article.state == "published")
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        changes = articles._get_publication_dates()
        return [
            {
                "id": article.id,
                "name": article.name,
                "kind": kinds[article.kind],
                "language": article.language,
                "summary": article.summary or "",
                "parts": article._get_public_parts(),
                "owner": article.owner_id.name or "",
                "version": article.version_number,
                "changed": changes.get(article) or article.create_date,
                "valid_until": article.valid_until or None,
                "categories": article.category_ids.filtered("public"),
            }
            for article in articles
        ]

    def _get_publication_dates(self):
        """Return ``{article: when its present text was approved}`` of many articles."""
        groups = self.env["contact.center.article.version"]._read_group(
            [("article_id", "in", self.ids)], ["article_id"], ["date:max"]
        )
        return dict(groups)

    def _get_public_parts(self):
        """Return ``(field, label, text)`` of the texts of this one article, as residents read them."""
        return [
            (name, self._fields[name]._description_string(self.env), self[name]) for name in _SHOWN_FIELDS if self[name]
        ]

    def _get_public_translations(self):
        """Return ``(article, name of its language)`` of the public translations of this one article."""
        languages = dict(self._fields["language"]._description_selection(self.env))
        public = self.translation_ids.filtered_domain(self._get_public_domain(self.company_id))
        return [(article, languages[article.language]) for article in public.sorted("language")]
