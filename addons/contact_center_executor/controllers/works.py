from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.contact_center_base.controllers.pages import FEED_HEADERS, ROOT, SHOWN, CityPages
from odoo.addons.contact_center_base.feeds import to_rss
from odoo.addons.contact_center_base.moments import aware
from odoo.addons.portal.controllers.portal import pager

from ..works_feed import Entry, to_icalendar

#: Where the works stand among the pages of a city.
PAGE = "works"
PAGE_SIZE = 20
#: More entries than a city announces at a time; feeds and maps hold no more.
FEED_LIMIT = 1000
NEWS_LIMIT = 100
#: What goes on comes before what is announced; of what is over the latest comes first.
PERIODS = {"current": "start, id", "past": "planned_end desc, id desc"}
MOMENTS = ("start", "planned_end", "ended_at", "cancelled_at", "registered", "changed")


class WorksController(CityPages, http.Controller):
    """What residents read of works and important events (KR-2.8), without a login: pages, map, feeds.

    Whatever leaves here comes from ``_read_public`` of the register.
    """

    # ------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------

    @http.route(f"{ROOT}/works", **SHOWN)
    def choose_city(self, **_kwargs):
        """Let the visitor choose a city, or lead to the only one."""
        cities = self._get_cities()
        if len(cities) == 1:
            return request.redirect(self._get_url(cities, PAGE))
        choices = [(city.city or city.name, self._get_url(city, PAGE)) for city in cities]
        title = request.env._("Works and events")
        return request.render("contact_center_base.city_choice", {"cities": choices, "title": title})

    @http.route([f"{ROOT}/<string:code>/works", f"{ROOT}/<string:code>/works/page/<int:page>"], **SHOWN)
    def show_list(self, code, page=1, **params):
        """Show the works of a city, by default those announced and under way."""
        city = self._get_city(code)
        filters = self._read_filters(city, params)
        Works = request.env["contact.center.works"].sudo()  # only what _read_public gives is shown
        domain = self._get_domain(city, filters)
        url = self._get_url(city, PAGE)
        pages = pager(url, Works.search_count(domain), page=page, step=PAGE_SIZE, url_args=filters["params"])
        works = Works.search(domain, limit=PAGE_SIZE, offset=pages["offset"], order=PERIODS[filters["period"]])
        values = {
            **self._prepare_works_page(city),
            "filters": filters,
            "pager": pages,
            "rows": works._read_public(),
            "kinds": Works._fields["kind"]._description_selection(request.env),
            "districts": self._get_districts(city),
            "query": self._get_query(),
        }
        return request.render("contact_center_executor.works_list", values)

    @http.route(f"{ROOT}/<string:code>/works/<string:number>", **SHOWN)
    def show_card(self, code, number, **_kwargs):
        """Show one card of works."""
        city = self._get_city(code)
        works = self._get_works(city, number)
        values = {**self._prepare_works_page(city), "row": works._read_public()[0], "point": works.map_centre}
        return request.render("contact_center_executor.works_card", values)

    # ------------------------------------------------------------
    # Feeds
    # ------------------------------------------------------------

    @http.route(f"{ROOT}/<string:code>/works.json", **SHOWN)
    def list_json(self, code, **params):
        """Return the works of a city as JSON, filtered as on the page; moments are in UTC."""
        city = self._get_city(code)
        rows = self._search(city, params)._read_public()
        works = [{**row, "url": self._get_link(city, row), **self._get_iso_moments(row)} for row in rows]
        return request.make_json_response({"city": code, "works": works}, headers=FEED_HEADERS)

    @http.route(f"{ROOT}/<string:code>/works.rss", **SHOWN)
    def list_news(self, code, **params):
        """Return the works of a city as news, the latest registered first."""
        city = self._get_city(code)
        rows = self._search(city, params, limit=NEWS_LIMIT, order="create_date desc, id desc")._read_public()
        url = self._get_base_url(city, PAGE)
        feed = to_rss(
            title=self._get_title(city),
            description=request.env._("Planned and emergency works and important events"),
            url=url,
            feed_url=f"{url}.rss",
            language=request.env.lang.partition("_")[0],
            entries=self._prepare_entries(city, rows),
        )
        return request.make_response(feed, [*FEED_HEADERS, ("Content-Type", "application/rss+xml; charset=utf-8")])

    @http.route(f"{ROOT}/<string:code>/works.ics", **SHOWN)
    def list_calendar(self, code, **params):
        """Return the works of a city as a calendar to subscribe to."""
        city = self._get_city(code)
        return self._make_calendar(city, self._search(city, params)._read_public())

    @http.route(f"{ROOT}/<string:code>/works/<string:number>/calendar.ics", **SHOWN)
    def show_calendar(self, code, number, **_kwargs):
        """Return one card of works as a calendar entry."""
        city = self._get_city(code)
        return self._make_calendar(city, self._get_works(city, number)._read_public())

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    def _get_works(self, city, number):
        """Return the card of works of a city with a number.

        :raises NotFound: when there is none.
        """
        Works = request.env["contact.center.works"].sudo()  # only what _read_public gives is shown
        works = Works.search([("company_id", "=", city.id), ("number", "=", self._read_text(number))])
        if not works:
            raise NotFound
        return works

    def _read_filters(self, city, params):
        """Return what the address asks for; what it doesn't mean anything is left out.

        ``params`` are those to keep in links, ``unknown_street`` is set when the city has none of that name.
        """
        wanted = {
            name: str(params.get(name) or "").strip() for name in ("street", "house", "district", "kind", "period")
        }
        # Names of streets and districts are public, hence sudo.
        env = request.env(su=True)
        Street, District = env["contact.center.street"], env["contact.center.district"]
        street, district = Street, District
        if wanted["street"]:
            street = Street.search_by_words(wanted["street"], limit=3, company=city)
        if wanted["district"].isdecimal():
            district = District.search([("id", "=", int(wanted["district"])), ("company_id", "=", city.id)])
        kinds = dict(request.env["contact.center.works"]._fields["kind"].selection)
        return {
            "street": street,
            "house": wanted["house"],
            "district": district,
            "kind": wanted["kind"] if wanted["kind"] in kinds else False,
            "period": wanted["period"] if wanted["period"] in PERIODS else "current",
            "params": {name: value for name, value in wanted.items() if value},
            "unknown_street": bool(wanted["street"]) and not street,
        }

    def _get_domain(self, city, filters):
        names = ("street", "house", "district", "kind", "period")
        domain = request.env["contact.center.works"]._get_public_domain(city, **{name: filters[name] for name in names})
        return [("id", "=", False)] if filters["unknown_street"] else domain

    def _search(self, city, params, limit=FEED_LIMIT, order=None):
        Works = request.env["contact.center.works"].sudo()  # only what _read_public gives is shown
        return Works.search(self._get_domain(city, self._read_filters(city, params)), limit=limit, order=order)

    def _get_districts(self, city):
        # Names of districts are public, hence sudo.
        return request.env["contact.center.district"].sudo().search([("company_id", "=", city.id)])

    # ------------------------------------------------------------
    # Addresses and values
    # ------------------------------------------------------------

    def _get_link(self, city, row):
        return f"{self._get_base_url(city, PAGE)}/{row['number']}"

    def _get_title(self, city):
        return request.env._("Works and events: %s", city.city or city.name)

    def _prepare_works_page(self, city):
        url = self._get_url(city, PAGE)
        return {**self._prepare_page(city, PAGE), "title": self._get_title(city), "url": url}

    def _get_iso_moments(self, row):
        return {name: aware(row[name]).isoformat(timespec="seconds") if row[name] else None for name in MOMENTS}

    def _prepare_entries(self, city, rows):
        """Return the entries of a feed for rows of ``_read_public``."""
        base = self._get_base_url(city, PAGE)
        return [
            Entry(
                uid=f"{row['number']}@{city.contact_center_code}.contact-center",
                title=f"{row['kind_label']}: {row['name']}",
                description="\n".join(
                    filter(None, (row["text"], row["cancel_reason"], row["executor"], row["contact"]))
                ),
                place=row["address"],
                url=f"{base}/{row['number']}",
                start=aware(row["start"]),
                end=aware(row["ended_at"] or row["planned_end"]),
                published=aware(row["registered"]),
                changed=aware(row["changed"]),
                cancelled=bool(row["cancelled_at"]),
            )
            for row in rows
        ]

    def _make_calendar(self, city, rows):
        calendar = to_icalendar(self._get_title(city), self._prepare_entries(city, rows))
        return request.make_response(calendar, [*FEED_HEADERS, ("Content-Type", "text/calendar; charset=utf-8")])
