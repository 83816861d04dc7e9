"""What the controllers of pages for residents and executors have in common."""

import logging

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request

_logger = logging.getLogger(__name__)

ROOT = "/contact-center"
#: A route that shows something to everybody and changes nothing: the database may be asked on a replica.
SHOWN = {"type": "http", "auth": "public", "website": True, "readonly": True, "methods": ["GET"]}
#: A route with a form that everybody may send.
SENT = {"type": "http", "auth": "public", "website": True, "methods": ["GET", "POST"]}
# Feeds are asked for by programs, often by many at once.
FEED_HEADERS = [("Cache-Control", "public, max-age=60"), ("X-Content-Type-Options", "nosniff")]


class FormPages:
    """Helpers of routes that take forms."""

    def _attempt(self, act):
        """Carry out what a form asks for, whole or not at all; return why it was refused, or ``None``."""
        try:
            with request.env.cr.savepoint():
                act()
        except UserError as error:
            _logger.info("%s was refused to %s: %s", request.httprequest.path, request.env.user.login, error)
            return str(error)
        return None

    def _read_uploads(self, name="files"):
        """Return ``[(name, content)]`` of the files that came with a form."""
        uploads = request.httprequest.files.getlist(name)
        return [(self._read_text(upload.filename), upload.read()) for upload in uploads if upload.filename]

    def _read_text(self, value):
        """Return the text that a field of a form holds, without what PostgreSQL can't keep."""
        return (value or "").replace("\x00", "").strip()

    def _read_id(self, value):
        """Return the id that a field of a form holds, or ``False``: what is no number chooses nothing."""
        digits = str(value or "")
        # Python refuses to read thousands of digits, and no id has more than these.
        return int(digits) if digits.isdecimal() and len(digits) <= 10 else False

    def _read_date(self, value):
        """Return the date that a field of a form holds, or ``False``.

        :raises UserError: when it isn't one.
        """
        try:
            return fields.Date.to_date(value or False)
        except ValueError as error:
            raise UserError(request.env._("“%s” is no date: write the year, the month and the day.", value)) from error


class CityPages(FormPages):
    """Helpers of the public routes below ``/contact-center/<code>``, each about one city."""

    def _get_city(self, code):
        """Return the city with a public code.

        :raises NotFound: when there is none.
        """
        code = self._read_text(code)
        # Which cities have public pages is public, hence sudo.
        city = request.env["res.company"].sudo().search([("contact_center_code", "=", code)])
        # An empty code would find the cities without public pages.
        if not (code and city):
            raise NotFound
        return city

    def _get_cities(self):
        """Return the cities that have public pages."""
        # Which they are is public, hence sudo.
        return request.env["res.company"].sudo().search([("contact_center_code", "!=", False)])

    def _get_url(self, city, page=""):
        """Return the path of a page of a city, e.g. ``/contact-center/kr/new``."""
        return "/".join(filter(None, (ROOT, city.contact_center_code, page)))

    def _get_query(self):
        """Return what follows the path of the present address, with its question mark, or nothing."""
        return "?".join(filter(None, ("", request.httprequest.query_string.decode("ascii", "ignore"))))

    def _get_base_url(self, city, page=""):
        """Return the whole address of a page of a city in the language of the visitor."""
        return city.get_base_url() + request.env["ir.http"]._url_for(self._get_url(city, page))

    def _prepare_page(self, city, page=""):
        """Return the values that the layout of a city's page needs.

        :param str page: which entry of the city's menu is the present one, e.g. ``new``.
        """
        return {
            "page_lang": request.env.lang.replace("_", "-"),
            "city": city,
            "city_name": city.city or city.name,
            "city_url": self._get_url(city),
            "city_page": page,
            "res_company": city,
            "zone": str(city._get_time_zone()),
        }

    # ------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------

    def _get_visitor(self):
        """Return what tells visitors without an account apart: the address from which they come."""
        return request.httprequest.remote_addr or ""

    def _hold_back(self, city, *allowances):
        """Count what the visitor does, and return the answer for somebody who does it too often, else ``None``.

        :param allowances: each ``(scope, visitor, count, seconds)``, see ``contact.center.rate.limit``.
        """
        # Visitors have no rights on the counters, hence sudo.
        Limit = request.env["contact.center.rate.limit"].sudo()
        wait = max(Limit._take(*allowance) for allowance in allowances)
        return self._answer_too_often(city, wait) if wait else None

    def _answer_too_often(self, city, seconds):
        """Return the page that says when to come back, with the status and header that programs understand."""
        values = {**self._prepare_page(city), "minutes": -(-seconds // 60)}
        response = request.render("contact_center_base.city_too_often", values, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
