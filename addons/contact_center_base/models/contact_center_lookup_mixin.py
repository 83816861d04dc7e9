import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import clock, workflow
from ..lexicon import fold, term_groups, terms
from ..lexicon.text import content_tokens
from ..moments import aware, naive
from ..phone import normalise

# "CC-2026-000123", "2026-123", "cc 123", "123": the prefix, the year and the zeros may be missing.
NUMBER_SHAPE = re.compile(r"(?:[^\W\d_]+[\s\-/]*)?(?:(?P<year>\d{4})[\s\-/]+)?(?P<serial>\d{1,8})")
PHONE_SHAPE = re.compile(r"\+?[\d\s()\-./]{5,}")
#: Letters after which the beginning of a word is enough.
PREFIX_LENGTH = 3
#: What people write before the name of a street; it says nothing about which street it is.
STREET_KINDS = {
    *map(fold, ("вул", "вулиця", "ул", "улица", "просп", "проспект", "бульв", "бульвар", "пров", "провулок")),
    *map(fold, ("ul", "ulica", "al", "aleja", "os", "osiedle")),
}
#: Up to so many requests found by words are handed on one by one.
FEW = 5000
#: RO-4.3b: working days after which the supervisor looks into a request that nobody took.
NEW_WORKING_DAYS = 2


class ContactCenterLookupMixin(models.AbstractModel):
    """Finding requests: one search box for number, phone, applicant, street and text, and searches by the clock.

    Numbers, phones and words have an index each, so that the answer comes at once among a million requests. Words are
    compared by the stems of the package ``lexicon``: endings, letter marks and the keyboard layout don't matter.
    """

    _name = "contact.center.lookup.mixin"
    _description = "Lookup of Requests"
    _inherit = ["contact.center.clock.mixin"]

    anything = fields.Char("Everywhere", compute="_compute_anything", search="_search_anything", exportable=False)
    search_terms = fields.Text(
        compute="_compute_search_terms",
        store=True,
        precompute=True,
        exportable=False,
        help="Stems of all words by which the request is found.",
    )
    is_new_too_long = fields.Boolean(
        "New for too long", compute="_compute_is_new_too_long", search="_search_is_new_too_long", exportable=False
    )
    clock_stage = fields.Selection(search="_search_clock_stage")

    _search_terms_index = models.Index("USING gin (to_tsvector('simple', search_terms))")

    # ------------------------------------------------------------
    # Everywhere
    # ------------------------------------------------------------

    def _compute_anything(self):
        # The field is there to be searched by and holds nothing.
        self.anything = False

    @api.depends(
        "description",
        "email",
        "house",
        "place_note",
        "street_id.search_name",
        "street_id.former_names",
        "partner_id.name",
        "participant_ids.partner_id.name",
    )
    def _compute_search_terms(self):
        for request in self:
            texts = filter(None, request._get_searched_texts())
            request.search_terms = " ".join(dict.fromkeys(terms(" ".join(texts))))

    def _get_searched_texts(self):
        """Return the texts by whose words this one request is found; some may be empty."""
        return [
            self.description,
            self.email,
            self.street_id.search_name,
            self.street_id.former_names,
            self.house,
            self.place_note,
            self.partner_id.name,
            *self.participant_ids.partner_id.mapped("name"),
        ]

    @api.model
    def _search_anything(self, operator, value):
        """Decide by the shape of what was typed where to look for it: a number, a phone, or words."""
        if operator == "in":
            return Domain.OR(self._search_anything("ilike", typed) for typed in value)
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(value, str):
            return NotImplemented
        typed = value.strip()
        domains = []
        if number := NUMBER_SHAPE.fullmatch(typed):
            domains.append(self._get_number_domain(**number.groupdict()))
        if PHONE_SHAPE.fullmatch(typed):
            domains.append(self._get_phone_domain(typed))
        return Domain.OR(domains) if domains else self._get_words_domain(typed)

    @api.model
    def _get_typed_number_domain(self, typed):
        """Return the domain of requests whose number was typed in any of its shorter forms; of none for other words."""
        number = NUMBER_SHAPE.fullmatch(typed.strip())
        return self._get_number_domain(**number.groupdict()) if number else Domain.FALSE

    @api.model
    def _get_number_domain(self, year, serial):
        """Return the domain of requests whose number was typed without its prefix, its year or its zeros."""
        patterns = {
            f"%{year or ''}%{serial.zfill(company._get_request_sequence().padding)}%" for company in self.env.companies
        }
        return Domain.OR(Domain("number", "=ilike", pattern) for pattern in patterns)

    @api.model
    def _get_phone_domain(self, typed):
        """Return the domain of requests of whoever uses a phone number, typed in any spelling."""
        numbers = {normalise(typed, company.country_id.code) for company in self.env.companies} - {None}
        if not numbers:
            return Domain.FALSE
        partners = self.env["res.partner"].search([("phone_sanitized", "in", numbers)])
        partners |= self.env["contact.center.phone"].search([("number", "in", numbers)]).partner_id
        return Domain("phone", "in", numbers) | self._get_applicant_domain(partners)

    @api.model
    def _get_caller_domain(self, number, applicants, company):
        """Return the domain of the requests in one city of whoever calls: left with the number, own and joined ones.

        :param number: in E.164, or nothing.
        :param applicants: recordset of ``res.partner``, may be empty; without both there are no such requests.
        """
        of_number = Domain("phone", "=", number) if number else Domain.FALSE
        return Domain("company_id", "=", company.id) & (of_number | self._get_applicant_domain(applicants))

    @api.model
    def _get_applicant_domain(self, applicants):
        """Return the domain of the requests that applicants brought or joined."""
        if not applicants:
            return Domain.FALSE
        # Only ids, whose requests are then read by the rights of the user, hence sudo. Short lists of ids instead of
        # subqueries let the database combine its indexes.
        joined = self.env["contact.center.participant"].sudo().search([("partner_id", "in", applicants.ids)])
        return Domain("partner_id", "in", applicants.ids) | Domain("id", "in", joined.request_id.ids)

    @api.model
    def _get_words_domain(self, typed):
        """Return the domain of requests in which each word typed is found, in any of its forms or by its beginning."""
        words = dict.fromkeys(token.folded for token in content_tokens(typed))
        groups = []
        for word, stems in zip(words, term_groups(typed), strict=True):
            wanted = [f"'{stem}'" for stem in stems]
            if len(word) >= PREFIX_LENGTH:
                wanted.append(f"'{word}':*")
            if word not in STREET_KINDS or len(words) == 1:
                groups.append(f"({' | '.join(wanted)})")
        if not groups:
            return Domain.FALSE
        wanted = " & ".join(groups)
        ids = self._find_by_terms(wanted, FEW + 1)
        if len(ids) <= FEW:
            return Domain("id", "in", ids)
        return Domain.custom(to_sql=lambda model, alias, query: model._terms_to_sql(alias, wanted, query))

    @api.model
    def _find_by_terms(self, wanted, limit):
        """Return ids of at most ``limit`` requests that answer a full-text query, whoever may read them.

        How many there are decides how to go on: the database can't foresee it for words that seldom meet and would read
        all requests from the newest on. The subquery makes it ask the index.
        """
        # What the user may read of them is for the search that gets these ids to decide, hence sudo.
        query = self.sudo()._search(Domain.TRUE, order="id")
        query.add_where(self._terms_to_sql(self._table, wanted, query))
        rows = self.env.execute_query(
            SQL("WITH found AS MATERIALIZED %s SELECT id FROM found LIMIT %s", query.subselect(), limit)
        )
        return [request_id for (request_id,) in rows]

    @api.model
    def _terms_to_sql(self, alias, wanted, query):
        return SQL(
            "to_tsvector('simple', %s) @@ to_tsquery('simple', %s)",
            self._field_to_sql(alias, "search_terms", query),
            wanted,
        )

    # ------------------------------------------------------------
    # By the clock
    # ------------------------------------------------------------

    @api.depends("state", "registered_at")
    def _compute_is_new_too_long(self):
        moments = {company: company._working_days_ago(NEW_WORKING_DAYS) for company in self.company_id}
        for request in self:
            request.is_new_too_long = request.state == "new" and request.registered_at <= moments[request.company_id]

    @api.model
    def _search_is_new_too_long(self, operator, value):
        if operator != "in":
            return NotImplemented
        too_long = Domain("state", "=", "new") & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("registered_at", "<=", company._working_days_ago(NEW_WORKING_DAYS))
            for company in self.env.companies
        )
        return too_long if True in value else ~too_long

    @api.model
    def _search_clock_stage(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s IN %s", model._clock_stage_to_sql(alias, query), tuple(value))
        )

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec == "clock_stage":
            return self._clock_stage_to_sql(alias, query)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _clock_stage_to_sql(self, alias, query):
        """Return the expression that gives ``clock_stage`` at the present moment, for grouping and searching."""
        now = fields.Datetime.now()
        day_ends = SQL(" ").join(
            SQL("WHEN %s THEN %s", company.id, naive(clock.day_bounds(calendar, aware(now))[1]))
            for company in self.env.companies
            for calendar in [company._get_clock_calendar()]
        )
        return SQL(
            """CASE
                WHEN %(deadline)s IS NULL OR %(paused)s OR %(state)s IN %(unclocked)s THEN 'off'
                WHEN %(deadline)s < %(now)s THEN 'overdue'
                WHEN %(deadline)s < CASE %(company)s %(day_ends)s END THEN 'due'
                WHEN %(warn_at)s <= %(now)s THEN 'warned'
                ELSE 'running'
            END""",
            deadline=self._field_to_sql(alias, "deadline", query),
            warn_at=self._field_to_sql(alias, "warn_at", query),
            paused=self._field_to_sql(alias, "clock_paused", query),
            state=self._field_to_sql(alias, "state", query),
            company=self._field_to_sql(alias, "company_id", query),
            unclocked=workflow.UNCLOCKED_STATES,
            now=now,
            day_ends=day_ends,
        )
