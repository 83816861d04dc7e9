from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as make_pager

from ..assignment_workflow import OPEN_STATES
from ..models.contact_center_assignment_board import BOARD_ORDERS
from .pages import URL, ExecutorPages

#: Rows of a page of the list, and of a column of the board.
PAGE_ROWS = 40
COLUMN_ROWS = 8
FILTERS = (
    "search",
    "date_from",
    "date_to",
    "request_class",
    "state",
    "category_id",
    "district_id",
    "responsible_id",
)
#: What the list shows when asked for it instead of one of the columns: everything that stands on the board.
OPEN = "open"


class BoardController(ExecutorPages, http.Controller):
    """The board and the list of an executor's assignments (KR-8.1.4, RO-4.1)."""

    @http.route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def board(self, page=1, view="board", column=None, sort="urgency", **params):
        """Show the work of an executor: by columns, or as a list of one column, of all open or of all."""
        executor = self._get_executor()
        Assignment = request.env["contact.center.assignment"]
        filters, problem = self._read_filters(params)
        domain = Assignment._get_board_domain(filters)
        counts = Assignment._count_columns(domain)
        sort = sort if sort in BOARD_ORDERS else "urgency"
        values = {
            "page_name": "assignments",
            "executor": executor,
            "columns": Assignment._fields["board_column"]._description_selection(request.env),
            "counts": counts,
            "total": sum(counts.values()),
            "choices": self._get_choices(executor),
            "filters": {name: value for name, value in params.items() if value and name in FILTERS},
            "problem": problem,
            "sort": sort,
            "url": URL,
        }
        # What is searched for may be finished, and then has no place on the board.
        if view == "list" or column or filters["search"] or filters["state"]:
            values.update(self._get_list(domain, column, counts, sort, page, values["filters"]))
            return request.render("contact_center_executor.portal_assignments_list", values)
        rows = Assignment._get_columns(domain, sort, COLUMN_ROWS)
        # The parts were found by the user's rights; what a row tells of its request is chosen in the page, hence sudo.
        values["rows"] = {code: assignments.sudo() for code, assignments in rows.items()}
        return request.render("contact_center_executor.portal_assignments_board", values)

    def _read_filters(self, params):
        """Return ``(filters as the model wants them, what was wrong)`` of the parameters of a page."""
        filters = {"search": self._read_text(params.get("search"))}
        problem = None
        for name in ("date_from", "date_to"):
            try:
                filters[name] = self._read_date(params.get(name))
            except UserError as error:
                problem = str(error)
        for name in ("category_id", "district_id"):
            filters[name] = self._read_id(params.get(name))
        if str(params.get("responsible_id") or "").isdecimal():
            filters["responsible_id"] = int(params["responsible_id"])
        Assignment = request.env["contact.center.assignment"]
        for name in ("request_class", "state"):
            known = Assignment._fields[name].get_values(request.env)
            filters[name] = params.get(name) if params.get(name) in known else None
        return filters, problem

    def _get_choices(self, executor):
        """Return what the filters of the page offer."""
        Assignment = request.env["contact.center.assignment"]
        of_city = [("company_id", "=", executor.company_id.id)]
        # Names of nodes and districts are no secret, though executors have no right to the classifier, hence sudo.
        categories = request.env["contact.center.category"].sudo().search(of_city)
        districts = request.env["contact.center.district"].sudo().search(of_city)  # as above
        return {
            "categories": [(category.id, category.complete_name) for category in categories],
            "districts": [(district.id, district.name) for district in districts],
            "classes": Assignment._fields["request_class"]._description_selection(request.env),
            "states": Assignment._fields["state"]._description_selection(request.env),
        }

    def _get_list(self, domain, column, counts, sort, page, params):
        """Return the values of a page of the list."""
        Assignment = request.env["contact.center.assignment"]
        if column in counts:
            total = counts[column]
            domain &= Assignment._get_column_domains()[column]
        elif column == OPEN:
            total = sum(counts.values())
            domain &= Domain("state", "in", OPEN_STATES)
        else:
            column = None
            total = Assignment.search_count(domain)
        params = {**params, "view": "list", "sort": sort, **({"column": column} if column else {})}
        pager = make_pager(url=URL, url_args=params, total=total, page=page, step=PAGE_ROWS)
        found = Assignment.search(domain, order=BOARD_ORDERS[sort], limit=PAGE_ROWS, offset=pager["offset"])
        # Found by the user's rights; what a row tells of its request is chosen in the page, hence sudo.
        return {"column": column, "list_total": total, "assignments": found.sudo(), "pager": pager}
