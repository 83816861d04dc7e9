from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .pages import ROOT, SHOWN, CityPages, FormPages

URL = "/my/privacy"
MINE = {"type": "http", "auth": "user", "website": True}
#: Copies and wishes of one account in an hour: a copy may hold many photos.
ALLOWANCE = (5, 60 * 60)


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


class CabinetPrivacyController(FormPages, CustomerPortal):
    """The copy of the own data and the wish to be erased, in the cabinet; the copy of a person's data for staff."""

    @http.route(URL, methods=["GET"], readonly=True, **MINE)
    def show_own_privacy(self, **_kwargs):
        """Show what the holder of the account may have and ask for."""
        return self._render_privacy()

    def _render_privacy(self, error=None):
        people, requests = self._get_own()
        # Only the own wishes are shown, and which cities these are, hence sudo.
        erasures = request.env["contact.center.erasure"].sudo()._read_own(people)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "contact_center_privacy",
            "error": error,
            "erasures": erasures,
            "cities": requests.company_id or people.company_id,
        }
        return request.render("contact_center_base.cabinet_privacy", values)

    def _get_own(self):
        return request.env["contact.center.personal.copy"]._get_own(request.env.user)

    @http.route(f"{URL}/data.zip", methods=["GET"], readonly=False, **MINE)
    def download_own(self, **_kwargs):
        """Give the holder of the account a copy of everything about them."""
        if error := self._find_wait("privacy_copy"):
            return self._render_privacy(error)
        return self._send_copy(*self._get_own())

    @http.route(f"{URL}/erase", methods=["POST"], **MINE)
    def ask_erasure(self, city=None, sure=None, **_kwargs):
        """Take the wish of the holder of the account to be erased."""
        people, requests = self._get_own()
        cities = requests.company_id or people.company_id
        chosen = cities.filtered(lambda company: company.id == self._read_id(city))

        def ask():
            if not chosen or not sure:
                raise UserError(request.env._("Tick that you know that it can't be undone, and choose the city."))
            request.env["contact.center.erasure"]._ask(people, chosen)

        error = self._find_wait("privacy_erase") or self._attempt(ask)
        return self._render_privacy(error) if error else request.redirect(URL)

    def _find_wait(self, scope):
        """Return why the account has to wait, or ``None``."""
        # Residents have no rights on the counters, hence sudo.
        wait = request.env["contact.center.rate.limit"].sudo()._take(scope, str(request.env.uid), *ALLOWANCE)
        return wait and request.env._("You asked for it several times. Try again in %s min.", -(-wait // 60))

    @http.route("/contact-center-privacy/<int:partner_id>/data.zip", type="http", auth="user", methods=["GET"])
    def download_of_person(self, partner_id, **_kwargs):
        """Give the head of the centre the copy for a person who asked for it by letter or phone."""
        if not request.env.user.has_group("contact_center_base.group_head"):
            raise NotFound
        person = request.env["res.partner"].search([("id", "=", partner_id)])
        if not person:
            raise NotFound
        # Those that the head may read: restricted ones are told the person by whoever is named for them.
        requests = request.env["contact.center.request"].search([("partner_id", "=", person.id)])
        return self._send_copy(person, requests)

    def _send_copy(self, people, requests):
        content = request.env["contact.center.personal.copy"]._pack(people, requests)
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition("data.zip")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
