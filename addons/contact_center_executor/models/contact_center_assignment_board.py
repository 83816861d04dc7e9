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

    # The numbers on the board are read from this index alone, however many assignments there are.
    _executor_open_index = models.Index(
        "(executor_id, deadline, id) INCLUDE (state, warn_at, clock_paused, request_state, restricted, company_id) "
        "WHERE state IN ('new', 'accepted', 'in_progress', 'rework', 'proposed')"
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
        running = Domain("clock_paused", "=", False)
        late = running & Domain("deadline", "<", now)
        soon = running & Domain("warn_at", "<=", now)
        planned = Domain("request_state", "=", "planned")
        in_time = ~planned & ~late
        return {
            "overdue": ~planned & late & Domain("state", "in", WORKING_STATES),
            "rework": in_time & Domain("state", "=", "rework"),
            "due_soon": in_time & soon & Domain("state", "in", ("new", "accepted", "in_progress")),
            "new": in_time & ~soon & Domain("state", "=", "new"),
            "in_progress": in_time & ~soon & Domain("state", "in", ("accepted", "in_progress")),
            "proposed": ~planned & Domain("state", "=", "proposed"),
            "plan": planned & Domain("state", "in", OPEN_STATES),
        }

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    def _get_board_domain(self, filters):
        """Return the domain of the assignments that somebody asks for.

        :param dict filters: any of ``date_from`` and ``date_to`` (days in the city between which it was assigned),
            ``request_class``, ``state``, ``category_id`` (with the nodes below), ``district_id``, ``responsible_id``
            (a person, 0 for nobody) and ``search`` (number, street with or without house, words of the description).
        """
        # The rules say the same by the tree of organisations, which no index of assignments knows.
        executors = self.env["contact.center.executor"].search([("company_id", "in", self.env.companies.ids)])
        domain = Domain("executor_id", "in", executors.ids)
        company = self.env.user.contact_center_executor_id.sudo().company_id  # the city's time zone is no secret
        if filters.get("date_from"):
            start, _end = company._get_period_bounds(filters["date_from"], filters["date_from"])
            domain &= Domain("assigned_at", ">=", start)
        if filters.get("date_to"):
            _start, end = company._get_period_bounds(filters["date_to"], filters["date_to"])
            domain &= Domain("assigned_at", "<", end)
        for name in ("request_class", "state", "district_id"):
            if filters.get(name):
                domain &= Domain(name, "=", filters[name])
        if filters.get("category_id"):
            # Which nodes stand below which is no secret, though executors have no right to the classifier, hence sudo.
            nodes = self.env["contact.center.category"].sudo()._search([("id", "child_of", filters["category_id"])])
            domain &= Domain("category_id", "in", nodes)
        if filters.get("responsible_id") is not None:
            domain &= Domain("responsible_id", "=", filters["responsible_id"] or False)
        if filters.get("search"):
            domain &= self._get_words_domain(filters["search"])
        return domain

    @api.model
    def _get_words_domain(self, words):
        """Return the domain of the assignments whose number, street (and house) or description holds these words."""
        # Executors read these of their own requests on the card, and the rules of assignments leave only those, hence
        # sudo.
        requests = self.env["contact.center.request"].sudo()
        place = Domain("street_id", "in", self._find_streets(words).ids)
        street, _space, house = words.strip().rpartition(" ")
        if street and any(sign.isdigit() for sign in house):
            place |= Domain("street_id", "in", self._find_streets(street).ids) & Domain("house", "=ilike", house)
        # Apart, each finds its index.
        told = Domain("request_id", "in", requests._search(Domain("description", "ilike", words)))
        placed = Domain("request_id", "in", requests._search(place))
        return Domain("number", "ilike", words) | told | placed

    @api.model
    def _find_streets(self, name):
        """Return the streets whose present or former name holds these words, in sudo mode: names are no secret."""
        streets = self.env["contact.center.street"].sudo()
        return streets.search(Domain("search_name", "ilike", name) | Domain("former_names", "ilike", name))

    @api.model
    def _count_columns(self, domain):
        """Return ``{column: number of assignments}`` of the board, in one query.

        :param domain: which assignments, see :meth:`_get_board_domain`.
        """
        query = self._search(domain & Domain("state", "in", OPEN_STATES))
        columns = self._get_column_domains()
        conditions = [column.optimize_full(self)._to_sql(self, query.table, query) for column in columns.values()]
        counts = [SQL("COUNT(*) FILTER (WHERE %s)", condition) for condition in conditions]
        [row] = self.env.execute_query(query.select(*counts))
        return dict(zip(columns, row, strict=True))

    @api.model
    def _get_columns(self, domain, order, limit):
        """Return ``{column: its first assignments}`` of the board, in one query.

        :param domain: which assignments, see :meth:`_get_board_domain`.
        :param str order: one of ``BOARD_ORDERS``.
        :param int limit: how many of each column at most.
        """
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
