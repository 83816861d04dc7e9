from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from ..const import LANGUAGES
from ..knowledge import MAXIMUM_QUERY_LENGTH, matched_synonyms, search_terms, snippet, tsqueries
from .queue import work_off

# The texts that are approved together and kept in every version.
SERVICE_FIELDS = (
    "what",
    "place",
    "opening_hours",
    "fee",
    "documents",
    "procedure",
    "term",
    "legal_basis",
    "contact",
    "form_links",
)
CONTENT_FIELDS = ("name", "summary", *SERVICE_FIELDS, "body")
# What a revision brings along besides the texts.
REVISED_FIELDS = ("kind", "owner_id", "reviewer_id", "valid_until", "category_ids", "public")

STATE_SELECTION = [("draft", "Draft"), ("approval", "To approve"), ("published", "Published"), ("archived", "Archived")]
# (from, to) -> whose move it is. Everybody who answers may propose, supervisors decide.
MOVES = {
    ("draft", "approval"): "group_operator",
    ("draft", "published"): "group_supervisor",
    ("draft", "archived"): "group_supervisor",
    ("approval", "draft"): "group_supervisor",
    ("approval", "published"): "group_supervisor",
    ("approval", "archived"): "group_supervisor",
    ("published", "archived"): "group_supervisor",
    ("archived", "draft"): "group_supervisor",
}


class ContactCenterArticle(models.Model):
    """What the centre answers from: service cards, explanations, scripts and work instructions (PO-7.1.1, PO-7.2.4).

    An article is in one language; its translations point at the same original. The text of a published article changes
    only by a revision: a draft that takes its place when a supervisor approves it. Each approval leaves a version.
    """

    _name = "contact.center.article"
    _description = "Article"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char("Title", required=True, tracking=True)
    kind = fields.Selection(
        [
            ("service_card", "Service card"),
            ("explanation", "Typical explanation"),
            ("script", "Script"),
            ("work_instruction", "Work instruction"),
        ],
        required=True,
        default="service_card",
    )
    language = fields.Selection(LANGUAGES, required=True, default=lambda self: self._default_language())
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(STATE_SELECTION, required=True, default="draft", copy=False, tracking=True, index=True)
    public = fields.Boolean(tracking=True, help="May be shown to residents. Otherwise it is for the staff only.")
    owner_id = fields.Many2one(
        "res.partner",
        "Owner organisation",
        domain=[("is_company", "=", True)],
        help="Answers for what the article says.",
    )
    reviewer_id = fields.Many2one("res.users", tracking=True, help="Is asked to check the article when it expires.")
    valid_until = fields.Date(
        "Valid until", tracking=True, help="After this day it is still found, but marked as expired."
    )
    expired = fields.Boolean(compute="_compute_expired")
    category_ids = fields.Many2many("contact.center.category", string="Classifier nodes", check_company=True)
    used_count = fields.Integer(
        "Used", compute="_compute_used_count", help="Number of requests and consultations answered from it."
    )
    # Texts
    summary = fields.Text(help="The answer in a few sentences, as it is read out to the caller.")
    what = fields.Text("What is provided")
    place = fields.Text("Where")
    opening_hours = fields.Text("When")
    fee = fields.Text()
    documents = fields.Text("Documents needed")
    procedure = fields.Text()
    term = fields.Text()
    legal_basis = fields.Text("Legal basis")
    contact = fields.Text()
    form_links = fields.Html("Forms", help="Links to application forms.")
    body = fields.Html("Text")
    # Translations and revisions
    original_id = fields.Many2one(
        "contact.center.article",
        "Translation of",
        check_company=True,
        copy=False,
        index="btree_not_null",
        domain="[('original_id', '=', False), ('id', '!=', id), ('revised_id', '=', False)]",
    )
    translated_ids = fields.One2many("contact.center.article", "original_id", "Translated articles")
    translation_ids = fields.Many2many(
        "contact.center.article", string="Translations", compute="_compute_translation_ids"
    )
    revised_id = fields.Many2one(
        "contact.center.article", "Revision of", check_company=True, copy=False, readonly=True, index="btree_not_null"
    )
    revised_version = fields.Integer("Revises version", copy=False, readonly=True)
    version_ids = fields.One2many("contact.center.article.version", "article_id", "Versions", readonly=True)
    version_number = fields.Integer("Version", compute="_compute_version_number")
    # Search
    words = fields.Char(
        compute="_compute_words", search="_search_words", help="Finds by words in any form, and by synonyms."
    )
    search_title = fields.Text(compute="_compute_search_terms", store=True, prefetch=False)
    search_summary = fields.Text(compute="_compute_search_terms", store=True, prefetch=False)
    search_body = fields.Text(compute="_compute_search_terms", store=True, prefetch=False)

    _translation_unique = models.UniqueIndex(
        "((COALESCE(original_id, id)), language) WHERE revised_id IS NULL",
        "There is already a translation into this language.",
    )
    _revision_check = models.Constraint(
        "CHECK(revised_id IS NULL OR original_id IS NULL)",
        "A revision takes the place of its article in all translations.",
    )

    def init(self):
        # A generated column is always right, also after SQL that passes the ORM by.
        self.env.cr.execute(
            """
            ALTER TABLE contact_center_article ADD COLUMN IF NOT EXISTS search_vector tsvector GENERATED ALWAYS AS (
                setweight(to_tsvector('simple'::regconfig, COALESCE(search_title, '')), 'A')
                || setweight(to_tsvector('simple'::regconfig, COALESCE(search_summary, '')), 'B')
                || setweight(to_tsvector('simple'::regconfig, COALESCE(search_body, '')), 'C')
            ) STORED;
            CREATE INDEX IF NOT EXISTS contact_center_article_search_vector_index
                ON contact_center_article USING gin (search_vector);
            """
        )

    # ------------------------------------------------------------
    # Defaults, compute, search
    # ------------------------------------------------------------

    def _default_language(self):
        code = (self.env.lang or "")[:2]
        return code if code in dict(LANGUAGES) else "en"

    @api.depends("valid_until", "company_id")
    def _compute_expired(self):
        for article in self:
            today = article.company_id._get_today() if article.valid_until else None
            article.expired = bool(today) and article.valid_until < today

    def _compute_used_count(self):
        # A figure only, but of restricted requests too and for roles that may not read requests at all, hence sudo.
        requests = self.env["contact.center.request"].sudo()
        counts = dict(requests._read_group([("article_id", "in", self.ids)], ["article_id"], ["__count"]))
        for article in self:
            article.used_count = counts.get(article._origin, 0)

    @api.depends("translated_ids", "original_id.translated_ids")
    def _compute_translation_ids(self):
        for article in self:
            original = article.original_id or article._origin
            article.translation_ids = (original | original.translated_ids) - article._origin

    @api.depends("version_ids")
    def _compute_version_number(self):
        for article in self:
            article.version_number = max(article.version_ids.mapped("number"), default=0)

    @api.depends(*CONTENT_FIELDS)
    def _compute_search_terms(self):
        for article in self:
            article.search_title = search_terms(article.name or "")
            article.search_summary = search_terms(article.summary or "")
            article.search_body = search_terms(article._get_plain_text(("body", *SERVICE_FIELDS)))

    def _compute_words(self):
        self.words = False

    @api.model
    def _search_words(self, operator, value):
        if operator not in ("ilike", "=ilike", "like") or not isinstance(value, str):
            return NotImplemented
        queries = self._get_tsqueries(value, self.env.company)
        if not queries:
            return Domain.FALSE
        self._flush_search_terms()
        return Domain.custom(to_sql=lambda _model, alias, _query: self._get_match(alias, queries))

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Put the best answers to the words that are searched for first, unless another order is asked for."""
        query = super()._search(domain, offset, limit, order, **kwargs)
        words = self._get_searched_words(domain) if order == self._order else ""
        queries = self._get_tsqueries(words, self.env.company)
        if queries:
            query.order = SQL("%s DESC, %s", self._get_score(query.table, queries), SQL.identifier(query.table, "id"))
        return query

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "used_count":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        return SQL(
            "(SELECT COUNT(*) FROM contact_center_request WHERE article_id = %s) %s %s",
            SQL.identifier(alias, "id"),
            direction,
            nulls,
        )

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("original_id")
    def _check_original_id(self):
        for article in self.filtered("original_id"):
            if article.original_id == article or article.original_id.original_id:
                raise ValidationError(
                    self.env._("“%s” is itself a translation: choose its original.", article.original_id.name)
                )
            if article.translated_ids:
                raise ValidationError(self.env._("“%s” has translations, so it can't become one.", article.name))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create articles; one that is wished in another state is a draft first and makes the move then."""
        articles = super().create([dict(vals, state="draft") for vals in vals_list])
        for article, vals in zip(articles, vals_list, strict=True):
            if vals.get("state", "draft") != "draft":
                article._move_to(vals["state"])
        return articles

    def write(self, vals):
        vals = dict(vals)
        state = vals.pop("state", None)
        published = self.filtered(lambda article: article.state == "published")
        if published and not vals.keys().isdisjoint(CONTENT_FIELDS):
            raise UserError(
                self.env._(
                    "“%s” is published. Start a revision: its text is replaced when it's approved.", published[0].name
                )
            )
        result = super().write(vals) if vals else True
        if state:
            self.filtered(lambda article: article.state != state)._move_to(state)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unpublished(self):
        for article in self:
            if article.version_ids:
                raise UserError(
                    self.env._("“%s” was published once. Archive it instead: its versions stay.", article.name)
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for article, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", article.name)
        return vals_list

    # ------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------

    def _move_to(self, state):
        """Move each of the articles to a state; publishing leaves a version.

        :raises UserError: when there is no such move.
        :raises AccessError: when the user's role doesn't make it.
        """
        self.check_access("read")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for article in self:
            group = MOVES.get((article.state, state))
            names = {"name": article.name, "old": labels[article.state], "new": labels[state]}
            if not group:
                raise UserError(self.env._("“%(name)s” is “%(old)s” and can't become “%(new)s”.", **names))
            if not (self.env.su or self.env.user.has_group(f"contact_center_base.{group}")):
                raise AccessError(self.env._("A supervisor decides whether “%(name)s” becomes “%(new)s”.", **names))
            if state == "published":
                article._publish()
            else:
                article._set_state(state)

    def _set_state(self, state):
        # _move_to has just decided that the user makes this move, hence sudo: operators write drafts only.
        self.sudo()._write_approved({"state": state})

    def _write_approved(self, vals):
        """Write what was approved past :meth:`write`, which takes a state for a wish and keeps published texts."""
        return super().write(vals)

    def _publish(self):
        """Publish this one article, or put this one revision in the place of the article it revises."""
        target = self.revised_id or self
        if self.revised_id:
            if self.revised_version != target.version_number:
                raise UserError(
                    self.env._(
                        "“%s” was revised by somebody else in the meantime. Revise its present version.", target.name
                    )
                )
            values = self._convert_to_write({name: self[name] for name in CONTENT_FIELDS + REVISED_FIELDS})
            target._write_approved(values)
            self._set_state("archived")
        if target.state != "published":
            target._set_state("published")
        # Nobody but this method adds versions, so no role has the right to create them, hence sudo.
        self.env["contact.center.article.version"].sudo().create(
            [
                {
                    "article_id": target.id,
                    "company_id": target.company_id.id,
                    "number": target.version_number + 1,
                    "user_id": self.env.uid,
                    "author_id": self.create_uid.id,
                    "content": {name: target[name] for name in CONTENT_FIELDS if target[name]},
                }
            ]
        )

    def _revise(self, content=None):
        """Return a draft that will take the place of this one article when it's approved.

        :param dict content: texts by field, by default the present ones.
        """
        self.ensure_one()
        texts = {name: (content or {}).get(name, False) for name in CONTENT_FIELDS} if content else {}
        return self.copy({"name": self.name, **texts, "revised_id": self.id, "revised_version": self.version_number})

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_submit(self):
        """Hand the drafts to the supervisors for approval."""
        self._move_to("approval")

    def action_publish(self):
        """Approve and publish."""
        self._move_to("published")
        return self.revised_id._get_form_action() if len(self) == 1 and self.revised_id else None

    def action_back_to_draft(self):
        """Return to the author, or take out of the archive."""
        self._move_to("draft")

    def action_withdraw(self):
        """Archive: the articles aren't found any more."""
        self._move_to("archived")

    def action_revise(self):
        """Open the revision of this one article that is under way, or start one."""
        self.ensure_one()
        under_way = self.search([("revised_id", "=", self.id), ("state", "in", ("draft", "approval"))], limit=1)
        return (under_way or self._revise())._get_form_action()

    def action_translate(self):
        """Open a new draft that translates this one article."""
        self.ensure_one()
        original = self.original_id or self
        missing = dict(LANGUAGES).keys() - set((original | original.translation_ids).mapped("language"))
        if not missing:
            raise UserError(self.env._("“%s” is translated into every language.", original.name))
        return {
            **self._get_form_action(),
            "res_id": False,
            "context": {
                "default_original_id": original.id,
                "default_kind": self.kind,
                "default_language": min(missing),
                "default_public": self.public,
                "default_owner_id": self.owner_id.id,
                "default_reviewer_id": self.reviewer_id.id,
                "default_valid_until": self.valid_until,
                "default_category_ids": [Command.set(self.category_ids.ids)],
            },
        }

    def action_view_requests(self):
        """Open the requests that were answered from this one article."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_center_base.contact_center_request_action")
        return dict(action, domain=[("article_id", "=", self.id)], context={})

    def action_view_versions(self):
        """Open the versions of this one article."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions"),
            "res_model": "contact.center.article.version",
            "view_mode": "list,form",
            "domain": [("article_id", "=", self.id)],
        }

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Article"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # Review
    # ------------------------------------------------------------

    @api.model
    def _cron_ask_for_review(self):
        """Ask the reviewers to check the articles that have expired; one open activity for each article."""
        domain = self._get_overdue_review_domain()
        work_off(self.search(domain, order="id"), domain, type(self)._ask_for_review)

    @api.model
    def _get_overdue_review_domain(self):
        """Return the domain of published articles that have expired and whose review nobody was asked for."""
        review = self.env.ref("contact_center_base.mail_activity_type_article_review")
        return (
            Domain("state", "=", "published")
            & Domain("valid_until", "<", fields.Date.today())
            & Domain("activity_ids", "not any", [("activity_type_id", "=", review.id)])
        )

    def _ask_for_review(self):
        """Ask the reviewer of this one article; without one, whoever approved it last."""
        user = self.reviewer_id.filtered("active") or self.version_ids.sorted("number")[-1:].user_id
        article = self.with_context(lang=user.lang)
        article.activity_schedule(
            "contact_center_base.mail_activity_type_article_review",
            user_id=user.id,
            note=article.env._("Check the article and set a new date until which it is valid, or archive it."),
        )

    # ------------------------------------------------------------
    # Search by words
    # ------------------------------------------------------------

    @api.model
    def search_articles(self, words, category=None, language=None, limit=10, company=None, search_id=None):
        """Return the published articles that answer what the applicant asks, the best first (PO-7.1.2).

        The more of the words an article has the higher it stands, the title counting most. Articles of the classifier
        node, or of a node above it, are found without words too and rise above equals. Expired articles are found and
        marked. The search is logged without personal data.

        :param str words: as typed, in any language and form.
        :param category: classifier node or its id.
        :param str language: code of ``const.LANGUAGES``; only articles in it.
        :param company: the city or its id, by default the current one.
        :param int search_id: of an earlier result, when these words go on typing that search; it is logged once then.
        :return: dicts with ``id``, ``name``, ``kind``, ``language``, ``snippet`` (safe HTML, hits in ``<mark>``),
            ``valid`` (has it not expired), ``url`` (path of the form), ``search_id`` (for ``mark_helped``).
        """
        company = self.env["res.company"].browse(int(company or self.env.company))
        self = self.with_company(company)
        category = self.env["contact.center.category"].browse(int(category or 0)).exists()
        words = (words or "").strip()
        queries = self._get_tsqueries(words, company)
        if not (queries or category):
            return []
        domain = self._get_findable_domain(company, language)
        articles, hit_count = self._find_best(domain, queries, category, limit)
        if queries:
            search = self.env["contact.center.knowledge.search"]._log(
                words, hit_count, company, category_id=category.id, language=language, search_id=search_id
            )
            search_id = search.id
        highlighted = self._get_highlighted_words(words, company)
        return [dict(article._describe_result(highlighted), search_id=search_id) for article in articles]

    @api.model
    def _get_findable_domain(self, company, language=None):
        """Return the domain of the articles of one city that answers are given from."""
        domain = Domain("state", "=", "published") & Domain("company_id", "=", company.id)
        return domain & Domain("language", "=", language) if language else domain

    def _find_best(self, domain, queries, category, limit):
        """Return the articles of a domain that answer the queries or belong to the node, the best first.

        :return: the articles and how many in all answer the queries.
        """
        self._flush_search_terms()
        query = self._search(domain)
        alias = query.table
        answers, belongs = self._get_match(alias, queries), self._belongs_to(alias, category)
        query.add_where(SQL("(%s OR %s)", answers, belongs))
        score = SQL("%s + CASE WHEN %s THEN 1 ELSE 0 END", self._get_score(alias, queries), belongs)
        query.order = SQL("%s DESC, %s", score, SQL.identifier(alias, "id"))
        query.limit = limit
        hit_count = SQL("COUNT(*) FILTER (WHERE %s) OVER ()", answers)
        rows = self.env.execute_query(query.select(SQL.identifier(alias, "id"), hit_count))
        return self.browse(article_id for article_id, _count in rows), rows[0][1] if rows else 0

    def _belongs_to(self, alias, category):
        """Return the SQL condition that an article is linked to a node or one above it; an empty node has none."""
        if not category:
            return SQL("FALSE")
        field = self._fields["category_ids"]
        return SQL(
            "%s IN (SELECT %s FROM %s WHERE %s IN %s)",
            SQL.identifier(alias, "id"),
            SQL.identifier(field.column1),
            SQL.identifier(field.relation),
            SQL.identifier(field.column2),
            tuple((category | category._get_ancestors()).ids),
        )

    def _describe_result(self, words):
        """Return how this one article is shown among the results of a search; see :meth:`search_articles`."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "language": self.language,
            "snippet": snippet(self._get_plain_text(("summary", *SERVICE_FIELDS, "body")), words),
            "valid": not self.expired,
            "url": f"/odoo/contact-center-articles/{self.id}",
        }

    def _get_plain_text(self, names):
        """Return the texts of some fields of this one article without tags."""
        texts = (
            html2plaintext(self[name], include_references=False) if self._fields[name].type == "html" else self[name]
            for name in names
        )
        return "\n".join(filter(None, texts))

    @api.model
    def _get_tsqueries(self, words, company):
        """Return a PostgreSQL ``tsquery`` for each word of a search in one city, synonyms included."""
        synonyms = self.env["contact.center.synonym"]._get_groups(company.id)
        return tsqueries(words, [phrases for phrases, _text in synonyms])

    @api.model
    def _get_highlighted_words(self, words, company):
        """Return the words of a search with their synonyms."""
        synonyms = self.env["contact.center.synonym"]._get_groups(company.id)
        return " ".join([words[:MAXIMUM_QUERY_LENGTH], *matched_synonyms(words, synonyms)])

    @api.model
    def _flush_search_terms(self):
        """Bring what was written just now into the generated column, which the ORM doesn't know."""
        self.flush_model(["search_title", "search_summary", "search_body"])

    @api.model
    def _get_match(self, alias, queries):
        """Return the SQL condition that an article answers any of the queries; it uses the GIN index."""
        if not queries:
            return SQL("FALSE")
        return SQL("%s @@ to_tsquery('simple', %s)", SQL.identifier(alias, "search_vector"), " | ".join(queries))

    @api.model
    def _get_score(self, alias, queries):
        """Return SQL of how well an article answers: the number of words it has, then where it has them."""
        vector = SQL.identifier(alias, "search_vector")
        terms = [SQL("to_tsquery('simple', %s)", query) for query in queries]
        scores = [
            SQL("CASE WHEN %s @@ %s THEN 1 + ts_rank(%s, %s) ELSE 0 END", vector, term, vector, term) for term in terms
        ]
        return SQL(" + ").join(scores) if scores else SQL("0")

    @api.model
    def _get_searched_words(self, domain):
        """Return the words that a domain searches for, ``""`` if it doesn't."""
        values = (condition.value for condition in Domain(domain).iter_conditions() if condition.field_expr == "words")
        return " ".join(value for value in values if isinstance(value, str))

    @api.model
    def web_search_read(self, domain, specification, offset=0, limit=None, order=None, count_limit=None):
        """Log what is typed into the search bar; a search that goes on to the next page is the same search."""
        result = super().web_search_read(domain, specification, offset, limit, order, count_limit)
        words = self._get_searched_words(domain)
        if words and not offset:
            self.env["contact.center.knowledge.search"]._log(words, result["length"], self.env.company)
        return result
