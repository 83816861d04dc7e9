from odoo import http
from odoo.http import request

from .pages import ROOT, SENT, SHOWN, CityPages

POSTED = {**SENT, "methods": ["POST"]}
#: How often ratings may be sent from one address: a whole office sits behind some of them.
ALLOWED = (30, 3600)
ANSWERS = {"yes": True, "no": False}


class RatingPages(CityPages):
    """Shows the rating of a request and takes it; who it is was found out before (KR-10.1)."""

    def _find_rated(self, city, token):
        """Return ``(request, person)`` of a secret link to a request of a city, both empty for any other link."""
        found, person = request.env["contact.center.request"]._find_by_link(token)
        return (found, person) if found.company_id == city else (found.browse(), person.browse())

    def _read_said(self, form):
        """Return what a form says of a request, see ``contact.center.rating._find_problems``."""
        value = self._read_text(form.get("value"))
        return {
            "value": int(value) if value in ("1", "2", "3", "4", "5") else False,
            "solved": ANSWERS.get(self._read_text(form.get("solved"))),
            "comment": self._read_text(form.get("comment")),
            "missing": self._read_text(form.get("missing")),
        }

    def _render_rating(self, city, record, person, url, back, **values):
        """Return the page on which a person rates one request.

        :param str url: where the form is sent.
        :param str back: path of the page of the request.
        :param values: ``said`` (what is filled in), ``problems`` (per field) and ``problem`` (in general).
        """
        values = {
            **self._prepare_page(city, "track"),
            "rating": record._read_rating_for_applicant(person),
            "rating_url": url,
            "back": back,
            **values,
        }
        return request.render("contact_center_base.city_rate", values)

    def _take_rating(self, city, record, person, url, back, form):
        """Take the rating that a form brings and lead back to the page of the request, or name what is wrong."""
        said, photos = self._read_said(form), self._read_uploads("photos")
        problems = request.env["contact.center.rating"]._find_problems(said, photos)
        # What is wrong with a field is told there; what only the request knows (it is too late) comes as one message.
        problem = None if problems else self._attempt(lambda: record._rate(person, said, photos))
        if problems or problem:
            return self._render_rating(city, record, person, url, back, said=said, problems=problems, problem=problem)
        return request.redirect(f"{back}#rating", code=303)


class RatingController(RatingPages, http.Controller):
    """Rating by the secret link of the applicant, without an account."""

    @http.route(f"{ROOT}/<string:code>/rate/<string:token>", **SHOWN)
    def show(self, code, token, value=None, **_kwargs):
        """Show the form to which messages lead; ``value`` fills in the stars and saves nothing.

        Programs open the links of messages before people do.
        """
        city = self._get_city(code)
        record, person = self._find_rated(city, token)
        if not record:
            return self._answer_dead_link(city)
        said = {"value": self._read_said({"value": value})["value"]}
        return self._render_rating(city, record, person, *self._get_paths(city, token), said=said)

    @http.route(f"{ROOT}/<string:code>/track/<string:token>/rate", **POSTED)
    def rate(self, code, token, **form):
        """Take a rating."""
        city = self._get_city(code)
        too_often = self._hold_back(city, ("rate", self._get_visitor(), *ALLOWED))
        if too_often:
            return too_often
        record, person = self._find_rated(city, token)
        if not record:
            return self._answer_dead_link(city)
        return self._take_rating(city, record, person, *self._get_paths(city, token), form)

    def _get_paths(self, city, token):
        """Return the path to which ratings by a link are sent and that of the page of its request."""
        back = self._get_url(city, f"track/{token}")
        return f"{back}/rate", back

    def _answer_dead_link(self, city):
        """Return the page for whoever comes by a link that opens nothing any more."""
        return request.render("contact_center_base.city_rate_dead_link", self._prepare_page(city, "track"), status=404)
