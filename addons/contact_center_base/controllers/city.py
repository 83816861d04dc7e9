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
        values = {"cities": choices, "html_data": self._get_page_data()}
        return request.render("contact_center_base.city_choice", values)

    @http.route(f"{ROOT}/<string:code>", **SHOWN)
    def show_city(self, code, **_kwargs):
        """Show what residents can do in a city."""
        city = self._get_city(code)
        return request.render("contact_center_base.city_home", self._prepare_page(city, "home"))
