from datetime import date

from odoo import http
from odoo.http import request

from .pages import ROOT, SHOWN, CityPages


class CityController(CityPages, http.Controller):
    """The way in for residents (MA-2.2.7, KP-2.6): which city, and what there is to do there."""

    @http.route(ROOT, **SHOWN)
    def choose_city(self, **_kwargs):
        """Let the visitor choose a city, or lead to the only one."""
        cities = self._get_cities()
        if len(cities) == 1:
            return request.redirect(self._get_url(cities))
        choices = [(city.city or city.name, self._get_url(city)) for city in cities]
        return request.render("contact_center_base.city_choice", {"cities": choices})

    @http.route(f"{ROOT}/<string:code>", **SHOWN)
    def show_city(self, code, **_kwargs):
        """Show what residents can do in a city."""
        city = self._get_city(code)
        return request.render("contact_center_base.city_home", self._prepare_home(city))

    def _prepare_home(self, city):
        """Return the values of the home page of a city; addons add what is new with them."""
        figures = request.env["contact.center.public.figure"]._get_figures(city, "day")
        Article = request.env["contact.center.article"].sudo()  # only what _read_public gives is shown
        return {
            **self._prepare_page(city, "home"),
            "figures": figures,
            "figures_date": date.fromisoformat(figures["date_to"]),
            "asked": Article._get_most_asked(city)._read_public(),
        }
