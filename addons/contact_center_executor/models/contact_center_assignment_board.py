from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..assignment_workflow import FINISHED_STATES, OPEN_STATES, WORKING_STATES
from ..const import BOARD_COLUMNS

#: How lists of assignments can be sorted.
BOARD_ORDERS = {"urgency": "deadline, id", "newest": "id desc", "oldest": "id"}


class ContactCenterAssignment(models.Model):
    """The board on which an executor keeps an eye on its work (KR-8.1.4, RO-4.1)."""

    _inherit = "contact.center.assignment"

    board_column = fields.Selection(
        BOARD_COLUMNS,
        compute="_compute_board_column",
        search="_search_board_column",
        help="Where it stands on the executor's board; finished ones stand nowhere.",
    )

    _executor_open_index = models.Index(
        "(executor_id, deadline, id) WHERE state IN ('new', 'accepted', 'in_progress', 'rework', 'proposed')"
    )

    # ------------------------------------------------------------
    # Compute and search
    # ------------------------------------------------------------

    @api.depends("state", "request_state", "deadline", "warn_at", "clock_paused")
    def _compute_board_column(self):
        domains = self._get_column_domains()
        for assignment in self:
            columns = (code for code, domain in domains.items() if assignment.filtered_domain(domain))
            assignment.board_column = next(columns, False)

    @api.model
    def _search_board_column(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {**self._get_column_domains(), False: Domain("state", "in", FINISHED_STATES)}
        return Domain.OR(domain for code, domain in domains.items() if code in value)

    @api.model
    def _get_column_domains(self):
        """Return ``{column: domain}`` of the board, the most urgent column first.

        Every open assignment is in exactly one: what is late or nearly so goes before the state it is in, so that
        nothing urgent hides among the new ones.
        """
        now = fields.Datetime.now()
        planned = Domain("request_state", "=", "planned")
        at_work = ~planned & Domain("state", "in", OPEN_STATES)
        overdue = Domain("is_overdue", "=", True)
        untouched = at_work & ~overdue
        soon = Domain("warn_at", "<=", now) & Domain("clock_paused", "=", False)
        early = untouched & ~soon
        return {
            "overdue": overdue,
            "rework": untouched & Domain("state", "=", "rework"),
            "due_soon": untouched & soon & Domain("state", "in", ("new", "accepted", "in_progress")),
            "new": early & Domain("state", "=", "new"),
            "in_progress": early & Domain("state", "in", ("accepted", "in_progress")),
            "proposed": at_work & Domain("state", "=", "proposed"),
            "plan": planned & Domain("state", "in", OPEN_STATES),
        }

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    def _get_board_domain(self, filters):
        """Return the domain of the assignments that somebody asks for.

        :param dict filters: any of ``date_from`` and ``date_to`` (days in the city between which it was assigned),
            ``request_class``, ``state``, ``category_id`` (with the nodes below), ``district_id`` and ``search``
            (number, street with or without house, words of the description).
        """
        domain = Domain.TRUE
        company = self.env.user.contact_center_executor_id.sudo().company_id  # the city's time zone is no secret
        if filters.get("date_from"):
            start, _end = self._get_period_bounds(company, filters["date_from"], filters["date_from"])
            domain &= Domain("assigned_at", ">=", start)
        if filters.get("date_to"):
            _start, end = self._get_period_bounds(company, filters["date_to"], filters["date_to"])
            domain &= Domain("assigned_at", "<", end)
        for name in ("request_class", "state", "district_id"):
            if filters.get(name):
                domain &= Domain(name, "=", filters[name])
        if filters.get("category_id"):
            domain &= Domain("category_id", "child_of", filters["category_id"])
        if filters.get("search"):
            domain &= self._get_words_domain(filters["search"])
        return domain

    @api.model
    def _get_words_domain(self, words):
        """Return the domain of the assignments whose number, street (and house) or description holds these words."""
        street, _space, house = words.strip().rpartition(" ")
        named = Domain("search_name", "ilike", words) | Domain("former_names", "ilike", words)
        place = Domain("street_id", "any", named)
        if street and any(sign.isdigit() for sign in house):
            named = Domain("search_name", "ilike", street) | Domain("former_names", "ilike", street)
            place |= Domain("street_id", "any", named) & Domain("house", "=ilike", house)
        # Executors read these of their own requests on the card, and the rules of assignments leave only those, hence
        # sudo.
        requests = self.env["contact.center.request"].sudo()._search(Domain("description", "ilike", words) | place)
        return Domain("number", "ilike", words) | Domain("request_id", "in", requests)

    @api.model
    def _count_columns(self, domain):
        """Return ``{column: number of assignments}`` of the board, in one query.

        :param domain: which assignments, see :meth:`_get_board_domain`.
        """
        self.flush_model()
        columns = self._get_column_domains()
        counts = [self._search(domain & column).subselect("COUNT(*)") for column in columns.values()]
        [row] = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(counts)))
        return dict(zip(columns, row, strict=True))

    @api.model
    def _get_columns(self, domain, order, limit):
        """Return ``{column: its first assignments}`` of the board, in one query.

        :param domain: which assignments, see :meth:`_get_board_domain`.
        :param str order: one of ``BOARD_ORDERS``.
        :param int limit: how many of each column at most.
        """
        self.flush_model()
        queries = {
            code: self._search(domain & column, order=BOARD_ORDERS[order], limit=limit)
            for code, column in self._get_column_domains().items()
        }
        rows = self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL("(%s)", query.select(SQL("%s", code), SQL.identifier(query.table, "id")))
                for code, query in queries.items()
            )
        )
        everything = self.browse(assignment_id for _code, assignment_id in rows)
        return {
            code: everything.browse(found_id for found, found_id in rows if found == code).with_prefetch(everything.ids)
            for code in queries
        }

    @api.model
    def _get_unnamed_domain(self):
        """Return the domain of the assignments at work for which nobody is named yet (RO-4.3a)."""
        return Domain("state", "in", WORKING_STATES) & Domain("responsible_id", "=", False)

    @api.model
    def _get_workload(self):
        """Return ``[(person, open assignments, overdue ones)]``, in sudo mode, of those that the current user may read.

        Who has most that is overdue comes first; nobody in particular is an empty person.
        """
        is_open = Domain("state", "in", OPEN_STATES)
        late = dict(self._read_group(is_open & Domain("is_overdue", "=", True), ["responsible_id"], ["__count"]))
        rows = self._read_group(is_open, ["responsible_id"], ["__count"])
        # Names of the own organisation's people aren't readable in general, hence sudo.
        workload = [(person.sudo(), count, late.get(person, 0)) for person, count in rows]
        return sorted(workload, key=lambda row: (-row[2], -row[1]))
