from odoo import http
from odoo.http import request

from .pages import ROOT, SHOWN, CityPages


class PrivacyController(CityPages, http.Controller):
    """What a city does with personal data, and what residents may ask of it (KP-3.10)."""

    @http.route(f"{ROOT}/<string:code>/privacy", **SHOWN)
    def show_privacy(self, code, **_kwargs):
        """Show the consent text in force and the rights of residents."""
        city = self._get_city(code)
        # The text is there for everybody to read, hence sudo.
        text = request.env["contact.center.consent.text"].sudo()._get_current(city)
        return request.render(
            "contact_center_base.city_privacy", {**self._prepare_page(city, "privacy"), "consent_text": text}
        )
