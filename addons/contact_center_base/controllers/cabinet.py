from werkzeug.exceptions import NotFound

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .. import workflow
from .follow import ACTS, FollowPages
from .rating import ALLOWED

URL = "/my/requests"
CONTACTS_URL = "/my/contacts"
PAGE_SIZE = 20
#: Letters of a search that are looked at.
SEARCH_LENGTH = 100
MINE = {"type": "http", "auth": "user", "website": True}
SHOWN = {**MINE, "readonly": True, "methods": ["GET"]}
SENT = {**MINE, "methods": ["POST"]}
#: Under which the contact that waits for its code is kept in the session.
SESSION_KEY = "contact_center_contact"
#: Under which the city chosen for it is kept.
CITY_KEY = "contact_center_city"


class CabinetController(FollowPages, CustomerPortal):
    """The cabinet: all requests of an account's holder, also those taken by phone once the phone is confirmed."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "contact_center_request_count" in counters:
            Request = self._get_requests()
            values["contact_center_request_count"] = Request.search_count(Request._get_own_domain(request.env.user))
        return values

    def _get_requests(self):
        # Residents have no rights on requests: only what _get_own_domain and _find_own_by_id give is read, hence sudo.
        return request.env["contact.center.request"].sudo()

    # ------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------

    @http.route([URL, f"{URL}/page/<int:page>"], **SHOWN)
    def list_own(self, page=1, show=None, search=None, left=None, **_kwargs):
        """List the requests of the current user, those that changed last first."""
        Request = self._get_requests()
        show = show if show in ("open", "ended") else ""
        search = self._read_text(search)[:SEARCH_LENGTH]
        domain = Request._get_own_domain(request.env.user) & self._get_list_domain(show, search)
        params = {name: value for name, value in (("show", show), ("search", search)) if value}
        pages = pager(URL, Request.search_count(domain), page=page, step=PAGE_SIZE, url_args=params)
        found = Request.search(domain, limit=PAGE_SIZE, offset=max(pages["offset"], 0))
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "contact_center_requests",
            "rows": found._read_list(request.env.user),
            "pager": pages,
            "show": show,
            "search": search,
            "left": bool(left),
            "cities": self._get_cities(),
        }
        return request.render("contact_center_base.cabinet_list", values)

    def _get_list_domain(self, show, search):
        domain = Domain.TRUE
        if show:
            states = workflow.OPEN_STATES if show == "open" else workflow.FINISHED_STATES
            domain = Domain("state", "in", states)
        if search:
            domain &= Domain("number", "ilike", search) | Domain("category_id.name", "ilike", search)
        return domain

    @http.route(f"{URL}/<int:request_id>", **SHOWN)
    def show_own(self, request_id, done=None, **_kwargs):
        """Show one request of the current user."""
        found, person = self._find_own(request_id)
        return self._show_own(found, person, done=done)

    @http.route(f"{URL}/<int:request_id>/<any({ACTS}):act>", **SENT)
    def act_own(self, request_id, act, **form):
        """Carry out what the form of the page asks for, and show what came of it."""
        found, person = self._find_own(request_id)
        if too_often := self._hold_back_act(found):
            return too_often
        problem = self._act(found, person, act, form)
        if problem:
            typed = {act: self._read_text(form.get("text"))}
            return self._show_own(found, person, problem=problem, acted=act, typed=typed)
        return request.redirect(f"{URL}?left=1" if act == "leave" else f"{URL}/{found.id}?done={act}")

    @http.route(f"{URL}/<int:request_id>/rate", **SENT)
    def rate_own(self, request_id, **form):
        """Take the rating of one request of the current user."""
        found, person = self._find_own(request_id)
        city, url = found.company_id, f"{URL}/{found.id}"
        if too_often := self._hold_back(city, ("rate", self._get_visitor(), *ALLOWED)):
            return too_often
        return self._take_rating(city, found, person, f"{url}/rate", url, form)

    @http.route(f"{URL}/<int:request_id>/files/<int:file_id>", **SHOWN)
    def read_own_file(self, request_id, file_id, small=None, **_kwargs):
        """Stream a file of an own request."""
        return self._send_file(*self._find_own(request_id), file_id, small)

    def _find_own(self, request_id):
        """Return ``(request, person)`` of a request of the current user.

        :raises NotFound: for every other request, as for one that isn't there.
        """
        if not 0 < request_id < 2**31:
            raise NotFound
        found, person = self._get_requests()._find_own_by_id(request.env.user, request_id)
        if not found:
            raise NotFound
        return found, person

    def _show_own(self, found, person, **values):
        values = {**self._prepare_portal_layout_values(), "page_name": "contact_center_request", **values}
        return self._render_request("contact_center_base.cabinet_request", found, person, f"{URL}/{found.id}", **values)

    # ------------------------------------------------------------
    # Contacts
    # ------------------------------------------------------------

    @http.route(CONTACTS_URL, **SHOWN)
    def show_contacts(self, done=None, **_kwargs):
        """Show the contacts that the current user has confirmed, and how to confirm another."""
        return self._show_contacts(done=done)

    @http.route(f"{CONTACTS_URL}/send", **SENT)
    def send_code(self, contact=None, city=None, **_kwargs):
        """Send a code to a contact that the current user wants to confirm."""
        request.session[CITY_KEY] = self._read_id(city)
        contact = self._read_text(contact)
        sent = []
        problem = self._attempt(lambda: sent.append(self._send_code(contact)))
        if problem:
            return self._show_contacts(problem=problem, contact=contact[:100])
        request.session[SESSION_KEY] = sent[0]
        return request.redirect(f"{CONTACTS_URL}?done=sent")

    @http.route(f"{CONTACTS_URL}/confirm", **SENT)
    def confirm(self, code=None, **_kwargs):
        """Take the code that was sent to a contact."""
        contact = request.session.get(SESSION_KEY)
        if not contact:
            return request.redirect(CONTACTS_URL)
        user = request.env.user
        # Residents have no rights on codes and contacts: the right code gives them this one, hence sudo.
        env = request.env(su=True)
        if not env["contact.center.confirmation"]._check_code(
            self._get_home_city(), contact, self._get_purpose(), self._read_text(code)
        ):
            problem = request.env._("This isn't the code, or it is over. Look again or have a new one sent.")
            return self._show_contacts(code_problem=problem)
        kind, value = env["contact.center.confirmation"]._normalise_contact(self._get_home_city(), contact)
        env["contact.center.confirmed.contact"]._confirm(user, kind, value)
        request.session.pop(SESSION_KEY)
        return request.redirect(f"{CONTACTS_URL}?done=confirmed")

    @http.route(f"{CONTACTS_URL}/<int:contact_id>/remove", **SENT)
    def remove_contact(self, contact_id, **_kwargs):
        """Take a contact off the account of the current user."""
        self._get_contacts().filtered(lambda contact: contact.id == contact_id).unlink()
        return request.redirect(f"{CONTACTS_URL}?done=removed")

    def _send_code(self, contact):
        # Residents have no rights on codes, hence sudo.
        Confirmation = request.env["contact.center.confirmation"].sudo()
        return Confirmation._send_code(self._get_home_city(), contact, self._get_purpose())[1]

    def _get_home_city(self):
        """Return the city in whose name the current user is written to: that of the account, or the one they chose.

        Whoever registers by themselves gets the company of the portal's template, which may be none of the cities.
        """
        cities, own = self._get_cities(), request.env.user.company_id
        chosen = cities.filtered(lambda city: city.id == request.session.get(CITY_KEY))
        return own if own in cities else chosen or cities[:1] or own

    def _get_purpose(self):
        """Return what a code is good for: this account only."""
        return f"account {request.env.user.id}"

    def _get_contacts(self):
        # Only those of the current user, who has no rights on the model, hence sudo.
        Contact = request.env["contact.center.confirmed.contact"].sudo()
        return Contact.search([("user_id", "=", request.env.user.id)])

    def _show_contacts(self, **values):
        user = request.env.user
        contacts = self._get_contacts()
        known = contacts.mapped("value")
        proposed = [value for value in (user.email_normalized, user.partner_id.phone_sanitized) if value]
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "contact_center_contacts",
            "contacts": contacts,
            "waiting": request.session.get(SESSION_KEY),
            "cities": self._get_cities(),
            "home_city": self._get_home_city(),
            "contact": next((value for value in proposed if value not in known), ""),
            **values,
        }
        response = request.render("contact_center_base.cabinet_contacts", values)
        response.headers["Cache-Control"] = "no-store"
        return response
