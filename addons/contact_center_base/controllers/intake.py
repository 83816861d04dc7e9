from odoo import http
from odoo.http import request

from ..models.contact_center_intake import ANSWER_PREFIX, LIMITS, MAXIMUM_FILES
from ..proof_of_work import DIFFICULTY
from .pages import ROOT, SENT, SHOWN, CityPages

PAGE = "new"
#: Fields of the form besides those of ``LIMITS`` and the answers to extra questions.
CHOICES = ("category_id", "street_id", "latitude", "longitude", "kind", "publish_text", "consent", "confirmation")
#: What somebody who joins fills in.
JOINED_FIELDS = ("description", "name", "phone", "email")
#: Fields that are looked at while the form is being filled in.
EARLY_ERRORS = ("street", "point")
HOUR, DAY = 3600, 24 * 3600
#: How often an address may look things up while somebody fills in the form.
LOOKS = ("intake_look", 120, 60)
#: Reports of one address: many share one behind a telephone network, but a browser with scripts proves its work.
REPORTS_PROVEN = ("intake_proven", 60, HOUR)
REPORTS_PLAIN = ("intake_plain", 10, HOUR)
#: Reports in the name of one phone or e-mail.
REPORTS_CONTACT = ("intake_contact", 10, DAY)


class IntakeController(CityPages, http.Controller):
    """Where residents report a problem, without an account (MA-1.1, KP-2.2, PO-6.1a).

    One form: with scripts it is filled in and sent at once, without them its first part is sent for the second. The
    rules are those of ``contact.center.intake``.
    """

    # ------------------------------------------------------------
    # Routes
    # ------------------------------------------------------------

    @http.route(f"{ROOT}/<string:code>/new", **SENT)
    def report(self, code, **params):
        """Show the form, and take what is sent by it.

        ``step`` says what is wanted: ``look`` for the second part, ``code`` for a code, else the report is sent.
        ``parts`` asks for what follows from the other fields only, for the script that keeps it up to date.
        """
        city = self._get_city(code)
        raw = self._read_form(params)
        if request.httprequest.method == "GET":
            # Other pages lead here with the topic and the place: what is known there is shown at once then.
            step = "look" if raw.get("category_id") else ""
            return self._show_form(city, {**self._get_known_values(), **raw}, step=step)
        step = params.get("step")
        if step not in ("look", "code"):
            return self._take(city, raw, params)
        held_back = self._hold_back_looking(city)
        if held_back:
            return held_back
        extra = self._send_code(city, raw) if step == "code" else {}
        template = "intake_parts" if params.get("parts") else "intake_form"
        return self._show_form(city, raw, template=template, step="look", **extra)

    @http.route(f"{ROOT}/<string:code>/new/thanks/<string:token>", **SHOWN)
    def thank(self, code, token, joined=None, **_kwargs):
        """Show the number, the term and the secret link of what was just reported or joined."""
        city = self._get_city(code)
        found, person = request.env["contact.center.request"]._find_by_link(token)
        if found.company_id != city:
            raise request.not_found()
        values = {
            **self._prepare_page(city, PAGE),
            "number": found.number,
            "deadline": found.deadline,
            "link": found._get_applicant_url(person),
            "told": bool(person.phone or person.email),
            "joined": bool(joined),
        }
        return request.render("contact_center_base.intake_thanks", values)

    @http.route(f"{ROOT}/<string:code>/new/known", **SHOWN)
    def tell_known(self, code, **_kwargs):
        """Tell somebody who wants to join that the contact is part of the request already."""
        city = self._get_city(code)
        return request.render("contact_center_base.intake_known", self._prepare_page(city, PAGE))

    # ------------------------------------------------------------
    # Taking
    # ------------------------------------------------------------

    def _take(self, city, raw, params):
        """Take a report or a wish to join, and lead to the page that thanks; else show the form with what is wrong."""
        Token, Intake, person = request.env["contact.center.form.token"], self._get_intake(city), self._get_person()
        token = Token._read(city, self._get_text(params, "form_token"))
        reported = token and Intake._find_reported(token.key)
        if reported:
            return self._lead_to_thanks(city, reported, reported.partner_id)
        values, errors = Intake._read(city, raw)
        number = self._get_text(params, "join")
        files = [] if number else self._read_uploads("photos")
        if number:
            errors = {name: errors[name] for name in JOINED_FIELDS if name in errors}
            errors = {**Intake._check_contact(city, values, person, needed=True), **errors}
        else:
            errors = {**Intake._check_report(city, values, files, person), **errors}
        problem = self._attempt(lambda: Token._check(token, self._get_text(params, "website")))
        if not (problem or errors):
            held_back = self._hold_back_sending(city, values, Token._is_proven(token, self._get_text(params, "proof")))
            if held_back:
                return held_back
            ended = []
            if number:
                problem = self._attempt(lambda: ended.extend(Intake._join(city, number, values, token.key, person)))
            else:
                problem = self._attempt(lambda: ended.extend(Intake._report(city, values, files, token.key, person)))
            if not problem:
                return self._lead_to_thanks(city, *ended, joined=bool(number))
        held_back = self._hold_back_looking(city)
        return held_back or self._show_form(city, raw, errors=errors, problem=problem, lost=bool(files), step="send")

    def _lead_to_thanks(self, city, found, person, joined=False):
        """Lead to the page with the secret link of a person; somebody who joined before gets none."""
        if joined and not person:
            return request.redirect(self._get_url(city, "new/known"), code=303)
        page = f"new/thanks/{found._sign_link(person)}{'?joined=1' if joined else ''}"
        return request.redirect(self._get_url(city, page), code=303)

    def _send_code(self, city, raw):
        """Send a code to the contact of a form; return what to say of it."""
        Intake = self._get_intake(city)
        values, _errors = Intake._read(city, raw)
        sent = []
        problem = self._attempt(lambda: sent.append(Intake._send_code(city, values)))
        return {"code_problem": problem} if problem else {"code_sent": sent[0]}

    # ------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------

    def _hold_back_looking(self, city):
        scope, count, seconds = LOOKS
        return self._hold_back(city, (scope, self._get_visitor(), count, seconds))

    def _hold_back_sending(self, city, values, proven):
        """Count a report, by its address and by the phone and e-mail in whose name it comes."""
        scope, count, seconds = REPORTS_PROVEN if proven else REPORTS_PLAIN
        allowances = [(scope, self._get_visitor(), count, seconds)]
        scope, count, seconds = REPORTS_CONTACT
        contacts = filter(None, (values["phone"], values["email"]))
        return self._hold_back(city, *allowances, *((scope, contact, count, seconds) for contact in contacts))

    # ------------------------------------------------------------
    # The form
    # ------------------------------------------------------------

    def _get_intake(self, city):
        # Strangers have no rights: what they may do and see is what the intake lets them. Hence sudo.
        return request.env["contact.center.intake"].sudo().with_company(city)

    def _get_text(self, params, name):
        """Return the text of a field; a file sent in its place is none."""
        value = params.get(name)
        return self._read_text(value) if isinstance(value, str) else ""

    def _read_form(self, params):
        """Return the texts of the fields that the form has."""
        answers = [name for name in params if name.startswith(ANSWER_PREFIX)]
        return {name: self._get_text(params, name) for name in (*LIMITS, *CHOICES, *answers) if name in params}

    def _get_person(self):
        """Return the partner of the resident who is logged in; staff and strangers are nobody here."""
        user = request.env.user
        return user.sudo().partner_id if user._is_portal() else request.env["res.partner"]  # sudo: their own

    def _get_known_values(self):
        person = self._get_person()
        return {"name": person.name or "", "phone": person.phone or "", "email": person.email or ""}

    def _show_form(self, city, raw, errors=None, template="intake_form", step="", **extra):
        """Return the form, or a part of it.

        :param dict raw: texts that the fields hold.
        :param dict errors: what is wrong with which field, when the form was sent.
        :param str step: ``""`` when it is new, ``look`` when it is being filled in, ``send`` when it was sent.
        """
        values = {**self._prepare_form(city, raw, errors or {}, step), **extra}
        return request.render(f"contact_center_base.{template}", values)

    def _prepare_form(self, city, raw, errors, step):
        Intake, Token = self._get_intake(city), request.env["contact.center.form.token"]
        values, found = Intake._read(city, raw)
        # What was typed so far is named when it can't be right; what is missing only when the form was sent.
        errors = errors or ({name: found[name] for name in EARLY_ERRORS if name in found} if step else {})
        street = values["street"] if raw.get("street") else None
        return {
            **self._prepare_page(city, PAGE),
            "url": self._get_url(city, PAGE),
            "raw": raw,
            "errors": errors,
            "step": step,
            "category": values["category"],
            "topics": Intake._suggest_topics(city, values["description"], values["category"]),
            "topic_groups": Intake._get_topic_groups(city),
            "questions": Intake._get_questions(values["category"]),
            "streets": Intake._find_streets(city, raw.get("street")),
            "street": street,
            "view": [street.latitude, street.longitude] if street and street.latitude else None,
            "known": Intake._find_known(city, values) if step else {"requests": [], "notices": []},
            "kinds": request.env["res.partner"]._fields["applicant_kind"]._description_selection(request.env),
            "contact_rule": city.contact_center_web_contact,
            "consent_text": Intake._get_consent_text(city),
            "person": self._get_person(),
            "map_centre": request.env["contact.center.street"].sudo()._get_map_centre(city),  # sudo: public
            "maximum_files": MAXIMUM_FILES,
            **self._prepare_token(city, Token),
        }

    def _prepare_token(self, city, Token):
        """Return the token of the form with its puzzle: the one that it has, unless that isn't good any more."""
        text = self._get_text(request.params, "form_token")
        token = Token._read(city, text)
        if not token:
            text = Token._issue(city)
            token = Token._read(city, text)
        return {"form_token": text, "puzzle": token.key, "bits": DIFFICULTY}
