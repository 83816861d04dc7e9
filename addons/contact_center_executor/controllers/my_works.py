import json
from datetime import datetime

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.contact_center_base.moments import naive
from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..const import LAST_NUMBER
from ..works_form import read_area, read_numbers
from .pages import OPERATOR, ExecutorPages

URL = "/my/works"
PAGE_SIZE = 30
#: Empty rows for streets, for those who have no JavaScript to add more.
SPARE_ROWS = 2
PLACE_NAMES = ("street", "number_from", "number_to", "parity")
PLAIN_NAMES = ("kind", "name", "utility", "contact", "text")


class MyWorksController(ExecutorPages, CustomerPortal):
    """The pages on which an executor registers and closes its works (KR-8.1.6)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "works_count" in counters:
            user = request.env.user
            mine = user.contact_center_executor_id and user.has_group(OPERATOR)
            open_works = [("state", "in", ("announced", "under_way", "overdue"))]
            values["works_count"] = request.env["contact.center.works"].search_count(open_works) if mine else 0
        return values

    # ------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------

    @http.route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True)
    def list_works(self, page=1, period="current", **_kwargs):
        """List the executor's works: the open ones, or those that are over."""
        executor = self._get_executor()
        Works = request.env["contact.center.works"]
        over = period == "past"
        states = ("ended", "cancelled") if over else ("announced", "under_way", "overdue")
        domain = [("state", "in", states)]
        pages = pager(URL, Works.search_count(domain), page=page, step=PAGE_SIZE, url_args={"period": period})
        values = {
            **self._prepare_values(executor),
            "page_name": "works",
            "over": over,
            "pager": pages,
            "works": Works.search(domain, limit=PAGE_SIZE, offset=pages["offset"]),
        }
        return request.render("contact_center_executor.portal_works_list", values)

    @http.route(f"{URL}/new", type="http", auth="user", website=True, methods=["GET", "POST"])
    def register(self, **form):
        """Show the empty form, and register what it brings."""
        executor = self._get_executor()
        if request.httprequest.method == "GET":
            return self._render_form(executor, {"kind": "planned"})
        registered = []

        def act():
            values = self._read_form(executor)
            chosen = self._read_id(form.get("executor_id")) or executor.id
            values.update(kind=form.get("kind") or "planned", executor_id=chosen)
            registered.append(request.env["contact.center.works"].register(values))

        problem = self._attempt(act)
        if problem:
            return self._render_form(executor, self._read_raw(), problem=problem)
        return request.redirect(f"{URL}/{registered[0].id}", code=303)

    @http.route(f"{URL}/<int:works_id>", type="http", auth="user", website=True, methods=["GET", "POST"])
    def show(self, works_id, **_form):
        """Show one card with its form, and change what it brings."""
        executor = self._get_executor()
        works = self._get_works(works_id)
        if request.httprequest.method == "GET":
            return self._render_form(executor, self._get_raw(works), works=works)
        problem = self._attempt(lambda: works.change(self._read_form(works.executor_id, works)))
        if problem:
            return self._render_form(executor, self._read_raw(), works=works, problem=problem)
        return request.redirect(f"{URL}/{works.id}", code=303)

    @http.route(f"{URL}/<int:works_id>/end", type="http", auth="user", website=True, methods=["POST"])
    def end(self, works_id, ended_at=None, **_form):
        """Report that the works have ended."""
        return self._close(works_id, lambda works: works.end(self._read_moment(works.executor_id, ended_at)))

    @http.route(f"{URL}/<int:works_id>/cancel", type="http", auth="user", website=True, methods=["POST"])
    def cancel(self, works_id, reason=None, **_form):
        """Cancel the works."""
        return self._close(works_id, lambda works: works.cancel(reason))

    def _close(self, works_id, act):
        executor = self._get_executor()
        works = self._get_works(works_id)
        problem = self._attempt(lambda: act(works))
        if problem:
            return self._render_form(executor, self._get_raw(works), works=works, problem=problem)
        return request.redirect(f"{URL}/{works.id}", code=303)

    def _get_works(self, works_id):
        """Return the card of works with an id.

        :raises NotFound: when there is none that the current user may read.
        """
        works = request.env["contact.center.works"].search([("id", "=", works_id)])
        if not works:
            raise NotFound
        return works

    # ------------------------------------------------------------
    # The form
    # ------------------------------------------------------------

    def _read_form(self, executor, works=None):
        """Return what the form brings as values of the register.

        :param works: the card that is changed; of one that has begun the form doesn't bring the start.
        :raises UserError: for what can't be read.
        """
        form = request.httprequest.form
        # Names of districts are public, hence sudo.
        districts = request.env["contact.center.district"].sudo()
        city = self._get_city_of(executor)
        chosen = [self._read_id(value) for value in form.getlist("district_ids")]
        found = districts.search([("id", "in", chosen), ("company_id", "=", city.id)])
        values = {name: (form.get(name) or "").replace("\r\n", "\n").strip() or False for name in PLAIN_NAMES}
        del values["kind"]  # it stays as registered
        if not values["name"]:
            raise UserError(request.env._("Write what is done."))
        values.update(
            district_ids=found.ids,
            place_ids=[self._read_place(executor, row) for row in self._read_raw()["places"] if row["street"]],
            planned_end=self._read_moment(executor, form.get("planned_end")),
        )
        if not works or works.state == "announced":
            values["start"] = self._read_moment(executor, form.get("start"))
        if not values["planned_end"] or not values.get("start", True):
            raise UserError(request.env._("Enter the start and the planned end, with date and time."))
        try:
            values["area"] = read_area(form.get("area"))
        except ValueError as error:
            raise UserError(request.env._("The area can't be read: draw it anew.")) from error
        return values

    def _read_place(self, executor, row):
        try:
            number_from, number_to = read_numbers(row["number_from"], row["number_to"])
        except ValueError as error:
            raise UserError(request.env._("%s: write house numbers in digits.", row["street"])) from error
        return {
            "street_id": self._find_street(executor, row["street"]).id,
            "number_from": number_from,
            "number_to": number_to,
            "parity": row["parity"] if row["parity"] in ("odd", "even") else "all",
        }

    def _find_street(self, executor, name):
        """Return the street with a name as in the list; a former or an incomplete name will do where it is one only.

        :raises UserError: when there is none or several.
        """
        # Names of streets are public, hence sudo.
        Street = request.env["contact.center.street"].sudo()
        company = self._get_city_of(executor)
        street = Street.search([("company_id", "=", company.id), ("search_name", "=ilike", name)], limit=2)
        street = street or Street.search_by_words(name, company=company)
        if not street:
            raise UserError(request.env._("“%s”: the city has no such street. Choose one of the list.", name))
        if len(street) > 1:
            names = ", ".join(one._get_label() for one in street)
            raise UserError(
                request.env._("“%(name)s”: choose one of the list, perhaps %(names)s.", name=name, names=names)
            )
        return street

    def _read_moment(self, executor, text):
        """Return the naive UTC moment that a field of the form holds in the city's time, or ``False``.

        :raises UserError: when it isn't one.
        """
        if not text:
            return False
        zone = self._get_city_of(executor)._get_time_zone()
        try:
            return naive(datetime.fromisoformat(text).replace(tzinfo=zone))
        except (ValueError, OverflowError) as error:
            raise UserError(request.env._("“%s” is no date with a time.", text)) from error

    def _read_raw(self):
        """Return the form as it was sent, to be shown again."""
        form = request.httprequest.form
        columns = (form.getlist(f"place_{name}") for name in PLACE_NAMES)
        rows = [dict(zip(PLACE_NAMES, map(str.strip, row), strict=True)) for row in zip(*columns, strict=False)]
        names = (*PLAIN_NAMES, "start", "planned_end", "area")
        return {
            **{name: form.get(name) or "" for name in names},
            "executor_id": self._read_id(form.get("executor_id")),
            "district_ids": [self._read_id(value) for value in form.getlist("district_ids")],
            "places": rows,
        }

    def _get_raw(self, works):
        """Return one card as the form shows it."""
        # Names of streets and the city's time zone are no secret, hence sudo; that the card may be read was checked.
        card = works.sudo()
        city = card.company_id
        return {
            **{name: works[name] or "" for name in PLAIN_NAMES},
            **{name: city._to_local(works[name]).strftime("%Y-%m-%dT%H:%M") for name in ("start", "planned_end")},
            "area": json.dumps(works.area) if works.area else "",
            "executor_id": works.executor_id.id,
            "district_ids": card.district_ids.ids,
            "places": [
                {
                    "street": place.street_id._get_label(),
                    "number_from": place.number_from,
                    "number_to": place.number_to if place.number_to < LAST_NUMBER else "",
                    "parity": place.parity,
                }
                for place in card.place_ids
            ],
        }

    def _prepare_values(self, executor):
        Works = request.env["contact.center.works"]
        return {
            "executor": executor,
            "url": URL,
            "zone": str(self._get_city_of(executor)._get_time_zone()),
            "kinds": dict(Works._fields["kind"]._description_selection(request.env)),
            "states": dict(Works._fields["state"]._description_selection(request.env)),
        }

    def _get_city_of(self, executor):
        """Return the city of an executor."""
        return executor.sudo().company_id  # its time zone and its names of places are no secret

    def _render_form(self, executor, raw, works=None, problem=None):
        company = self._get_city_of(executor)
        # Names of streets and districts are public, hence sudo.
        env = request.env(su=True)
        Street, District = env["contact.center.street"], env["contact.center.district"]
        Works = request.env["contact.center.works"]
        executors = request.env["contact.center.executor"].search([])
        values = {
            **self._prepare_values(executor),
            "page_name": "one_works" if works else "new_works",
            "works": works,
            "raw": raw,
            "rows": raw.get("places", []) + [{}] * SPARE_ROWS,
            "problem": problem,
            "editable": not works or works.state in ("announced", "under_way", "overdue"),
            "started": works and works.state != "announced",
            "executors": executors if len(executors) > 1 else False,
            "districts": District.search([("company_id", "=", company.id)]),
            "streets": Street.search([("company_id", "=", company.id)]).mapped("search_name"),
            "utilities": Works._fields["utility"]._description_selection(request.env),
            "parities": request.env["contact.center.works.place"]._fields["parity"]._description_selection(request.env),
            "centre": works.map_centre if works else Street._get_map_centre(company),
        }
        response = request.render("contact_center_executor.portal_works_form", values)
        if problem:
            response.status_code = 422
        return response
