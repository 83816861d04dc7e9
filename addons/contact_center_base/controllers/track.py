from odoo import http
from odoo.http import request

from .follow import ACTS, HOUR, FollowPages
from .pages import ROOT, SENT, SHOWN

PAGE = "track"
TRACK = f"{ROOT}/<string:code>/{PAGE}"
ACTED = {**SENT, "methods": ["POST"]}


class TrackController(FollowPages, http.Controller):
    """Following a request without an account (MA-2.2.7): by its secret link, or by number and contact."""

    @http.route(TRACK, **SENT)
    def look_up(self, code, sent=None, left=None, number=None, contact=None, **_kwargs):
        """Take the number of a request and a contact, and send the link there if it was left on the request.

        The answer is the same whether or not there is such a request, so that nobody learns it by asking.
        """
        city = self._get_city(code)
        values = {**self._prepare_lookup(city), "sent": bool(sent), "left": bool(left)}
        if request.httprequest.method == "POST":
            if too_often := self._hold_back(city, ("track", self._get_visitor(), 20, HOUR)):
                return too_often
            number, contact = self._read_text(number), self._read_text(contact)
            values["problem"] = self._attempt(lambda: self._send_links(city, number, contact))
            if not values["problem"]:
                return request.redirect(f"{self._get_url(city, PAGE)}?sent=1")
            values.update(number=number[:50], contact=contact[:100])
        return request.render("contact_center_base.track_lookup", values)

    def _send_links(self, city, number, contact):
        # Visitors have no rights on contacts and requests, and learn nothing of them here, hence sudo.
        env = request.env(su=True)
        Confirmation = env["contact.center.confirmation"]
        kind, value = Confirmation._normalise_contact(city, contact)
        Confirmation._hold_back_contact(value)
        env["contact.center.request"]._send_links(city, number, kind, value)

    @http.route(f"{TRACK}/<string:token>", **SHOWN)
    def show(self, code, token, done=None, **_kwargs):
        """Show a request to whoever has its link."""
        city = self._get_city(code)
        found, person = self._find(city, token)
        return self._show(city, found, person, token, done=done) if found else self._refuse_link(city)

    @http.route(f"{TRACK}/<string:token>/<any({ACTS}):act>", **ACTED)
    def act(self, code, token, act, **form):
        """Carry out what the form of the page asks for, and show what came of it."""
        city = self._get_city(code)
        found, person = self._find(city, token)
        if not found:
            return self._refuse_link(city)
        if too_often := self._hold_back_act(found):
            return too_often
        problem = self._act(found, person, act, form)
        if problem:
            typed = {act: self._read_text(form.get("text"))}
            return self._show(city, found, person, token, problem=problem, acted=act, typed=typed)
        target = self._get_url(city, PAGE)
        return request.redirect(f"{target}?left=1" if act == "leave" else f"{target}/{token}?done={act}")

    @http.route(f"{TRACK}/<string:token>/files/<int:file_id>", **SHOWN)
    def read_file(self, code, token, file_id, small=None, **_kwargs):
        """Stream a file that the page of the link shows."""
        city = self._get_city(code)
        found, person = self._find(city, token)
        return self._send_file(found, person, file_id, small) if found else self._refuse_link(city)

    def _find(self, city, token):
        """Return ``(request, person)`` of a link in a city, both empty when it is of no use."""
        found, person = request.env["contact.center.request"]._find_by_link(token)
        if found.company_id != city:
            return found.browse(), person.browse()
        return found, person

    def _show(self, city, found, person, token, **values):
        values = {**self._prepare_page(city, PAGE), **values}
        url = f"{self._get_url(city, PAGE)}/{token}"
        return self._render_request("contact_center_base.track_page", found, person, url, **values)

    def _refuse_link(self, city):
        """Return the page that says how to get a new link."""
        return request.render("contact_center_base.track_refused", self._prepare_lookup(city), status=404)

    def _prepare_lookup(self, city):
        """Return the values of a page with the form that asks for a link."""
        return {**self._prepare_page(city, PAGE), "number": "", "contact": "", "problem": None}
