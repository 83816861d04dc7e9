from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime, is_html_empty, mute_logger, plaintext2html

from .. import workflow
from ..lexicon import highlight
from ..phone import normalise
from .contact_center_article import SERVICE_FIELDS
from .contact_center_lookup_mixin import NUMBER_SHAPE, PHONE_SHAPE

SUGGESTION_LIMIT = 5
CONTACT_LIMIT = 6
#: Fields of the desk that go into the request as they are.
REQUEST_FIELDS = (
    "category_id",
    "request_class",
    "priority",
    "inform_by",
    "street_id",
    "house",
    "flat",
    "place_note",
    "latitude",
    "longitude",
)


class ContactCenterDesk(models.AbstractModel):
    """What the operator's desk asks of the server during a call, and the ways in which a call ends.

    Every method works with the rights of the user who calls it and returns plain dictionaries. The ``values`` of the
    endings are what the operator entered:

    ``token`` (one for each call, see :class:`ContactCenterDeskReceipt`), ``call_id``;
    ``partner_id`` or ``name``, ``phone``, ``email``, ``kind``, ``inform_by``; ``anonymous``;
    ``words``, ``description``, ``category_id``, ``request_class``, ``priority``, ``answers`` (``{name: value}``);
    ``street_id``, ``street_text`` (as typed), ``house``, ``flat``, ``place_note``, ``latitude``, ``longitude``;
    ``answer``, ``article_id``, ``search_id`` (the search that found it); ``reason``, ``said``.

    An ending returns ``{"errors": {part of the desk: message}}`` while something is missing, else what to tell the
    caller. What the models refuse is raised as they raise it.
    """

    _name = "contact.center.desk"
    _description = "Operator's Desk"

    # ------------------------------------------------------------
    # During the call
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_settings(self):
        """Return the selections of the desk and the point on which its map opens."""
        Request, Partner = self.env["contact.center.request"], self.env["res.partner"]

        def selection(model, name):
            options = model._fields[name]._description_selection(self.env)
            return [{"value": value, "label": label} for value, label in options]

        return {
            "kinds": selection(Partner, "applicant_kind"),
            "inform_by": selection(Request, "inform_by"),
            "classes": selection(Request, "request_class"),
            "priorities": selection(Request, "priority"),
            "refusal_reasons": selection(self.env["contact.center.blocked.number"], "reason"),
            "map_centre": self.env["contact.center.street"]._get_map_centre(self.env.company),
        }

    @api.model
    @api.readonly
    def lookup_caller(self, words):
        """Return who calls and what the centre knows about them.

        :param str words: a phone number in any spelling, an e-mail address, the number of an earlier request or a name.
        """
        words = (words or "").strip()
        request = self._find_request(words)
        is_phone = not request and PHONE_SHAPE.fullmatch(words)
        phone = normalise(words, self.env.company.country_id.code) if is_phone else None
        applicants = request.partner_id or self._find_callers(words, phone)
        open_requests, contacts = self._find_contacts(applicants, phone)
        return {
            "phone": phone or False,
            "email": words if "@" in words else False,
            "blocked": self.env["contact.center.blocked.number"]._describe_block(phone),
            "applicants": [self._describe_applicant(partner) for partner in applicants],
            "open_requests": [self._describe_request(request) for request in open_requests],
            "contacts": [self._describe_request(request) for request in contacts],
        }

    @api.model
    def suggest(self, words, category_id=False, search_id=False):
        """Return what fits the caller's words: ``categories`` while none is chosen, and ``articles``.

        :param str words: the words, in any language or spelling.
        :param int category_id: the classifier node that was chosen.
        :param int search_id: ``search_id`` of the articles found before in this conversation.
        """
        return {
            "categories": [] if category_id else self.suggest_categories(words),
            "articles": self.suggest_articles(words, category_id, search_id),
        }

    @api.model
    def suggest_categories(self, words):
        """Return the classifier nodes that fit the caller's words, the best first."""
        categories = self.env["contact.center.category"].search_by_words(words, limit=SUGGESTION_LIMIT)
        return [self._describe_category(category) for category in categories]

    @api.model
    def suggest_articles(self, words, category_id=False, search_id=False):
        """Return the published articles on a node or the caller's words, the best first."""
        return self.env["contact.center.article"].search_articles(
            words, category=category_id, limit=SUGGESTION_LIMIT, search_id=search_id
        )

    @api.model
    @api.readonly
    def read_article(self, article_id):
        """Return the texts of one article as ``[{"label": …, "html": …}]``, those without content left out."""
        article = self.env["contact.center.article"].browse(article_id)
        return [
            {
                "label": article._fields[name]._description_string(self.env),
                "html": article[name] if article._fields[name].type == "html" else plaintext2html(article[name]),
            }
            for name in ("summary", *SERVICE_FIELDS, "body")
            if not is_html_empty(article[name])
        ]

    @api.model
    @api.readonly
    def get_category(self, category_id):
        """Return one classifier node as :meth:`suggest_categories` describes it."""
        return self._describe_category(self.env["contact.center.category"].browse(category_id))

    @api.model
    @api.readonly
    def suggest_streets(self, words):
        """Return the streets that fit a present or former name or its beginning, the best first."""
        streets = self.env["contact.center.street"].search_by_words(words, limit=SUGGESTION_LIMIT)
        return [self._describe_street(street, words) for street in streets]

    @api.model
    @api.readonly
    def nearby(self, category_id, place):
        """Return what is known at a place: its district, open requests of the node, and notices of other addons.

        :param int category_id: classifier node, or false while none is chosen.
        :param dict place: ``street_id``, ``house``, ``latitude``, ``longitude``, each of which may be missing.
        """
        street = self.env["contact.center.street"].browse(place.get("street_id") or []).exists()
        category = self.env["contact.center.category"].browse(category_id or []).exists()
        found = []
        if category:
            found = self.env["contact.center.request"]._find_nearby(
                category,
                latitude=place.get("latitude") or 0.0,
                longitude=place.get("longitude") or 0.0,
                street=street,
                house=place.get("house"),
            )
        district = street._get_district(place.get("house")) if street else street.district_id
        return {
            "district": district.name or False,
            "requests": [self._describe_nearby(request, metres) for request, metres in found],
            "notices": self._get_desk_notices(place),
        }

    @api.model
    def _get_desk_notices(self, place):
        """Hook: what else is known at a place, as ``[{"icon": "fa-wrench", "title": …, "text": …}]``.

        A notice with a ``reference`` (a string) answers the caller by itself, see :meth:`answer_notice`; one with a
        ``url`` leads there.
        """
        return []

    @api.model
    def _prepare_notice_answer(self, reference):
        """Hook: return the ``result`` and other values of the consultation that is answered with a notice.

        :param str reference: that of the notice.
        """
        raise UserError(self.env._("This notice isn't known any more: enter the place anew."))

    # ------------------------------------------------------------
    # Endings
    # ------------------------------------------------------------

    @api.model
    def register(self, values):
        """Register a request and return what to tell the caller."""
        errors = self._get_errors(values, ("caller", "topic", "place"))
        if errors:
            return {"errors": errors}
        return self._once(values, self._do_register)

    def _do_register(self, values):
        partner = self._get_applicant(values)
        request = self.env["contact.center.request"].create([self._prepare_request_values(values, partner)])
        self._link_call(values, request)
        return self._describe_result(request, self.env._("Request registered"), self._get_registered_speech(request))

    @api.model
    def join(self, request_id, values):
        """Join the caller to an open request and return what to tell the caller."""
        errors = self._get_errors(values, ("known_caller",))
        if errors:
            return {"errors": errors}
        return self._once(values, self._do_join, request_id)

    def _do_join(self, values, request_id):
        request = self.env["contact.center.request"].browse(request_id)
        partner = self._get_applicant(values)
        request.join(partner, note=self._get_description(values))
        self._link_call(values, request)
        return self._describe_result(request, self.env._("Caller joined"), self._get_joined_speech(request, partner))

    @api.model
    def answer(self, values, article_id=False):
        """Register a consultation that was answered at once and return its number (KP-3.2)."""
        errors = self._get_errors(dict(values, article_id=article_id), ("phone", "consultation"))
        if errors:
            return {"errors": errors}
        return self._once(values, self._do_answer, article_id)

    def _do_answer(self, values, article_id):
        article = self.env["contact.center.article"].browse(article_id or [])
        answer = (values.get("answer") or "").strip() or article.summary or article.name
        result = self._register_answer(values, {"result": answer}, article)
        if article and values.get("search_id"):
            self.env["contact.center.knowledge.search"].mark_helped(values["search_id"], article.id)
        return result

    @api.model
    def answer_notice(self, reference, values):
        """Register a consultation that a notice answered, in one click (KP-3.2), and return its number.

        :param str reference: that of the notice, see :meth:`_get_desk_notices`.
        """
        errors = self._get_errors(values, ("phone",))
        if errors:
            return {"errors": errors}
        return self._once(values, self._do_answer_notice, reference)

    def _do_answer_notice(self, values, reference):
        return self._register_answer(values, self._prepare_notice_answer(reference))

    def _register_answer(self, values, answer, article=None):
        """Register a consultation and return what the desk shows.

        :param dict answer: ``result`` and what else the request gets from the answer.
        """
        # A consultation needs no personal data: nobody is put down as an applicant only because a phone rang.
        known = values.get("partner_id") or (values.get("name") or "").strip()
        partner = self._get_applicant(values) if known else self.env["res.partner"]
        request = self.env["contact.center.request"].register_consultation(
            {**self._prepare_request_values(values, partner), "request_class": "consultation", **answer},
            article=article,
        )
        self._link_call(values, request)
        return self._describe_result(request, self.env._("Consultation registered"), [])

    @api.model
    def refuse(self, values):
        """Refuse an abusive caller, write the memo for the head (KR-5.7), and return what to do next."""
        errors = self._get_errors(values, ("refusal",))
        if errors:
            return {"errors": errors}
        return self._once(values, self._do_refuse)

    def _do_refuse(self, values):
        call = self._get_call(values)
        if call:
            memo = call.refuse(values["reason"], values["said"])
        else:
            partner_id = values.get("partner_id") or False
            memo = self.env["contact.center.blocked.number"].refuse_call(
                values["phone"], values["reason"], values["said"], partner_id=partner_id
            )
        return {
            "title": self.env._("Caller refused"),
            "request_id": False,
            "number": memo.number or False,
            "deadline_text": False,
            "speech": [self.env._("You may end the conversation now. The head of the centre has your memo.")],
        }

    def _once(self, values, ending, *args):
        """Run an ending for the token of these values, or return what it returned when it ran before."""
        receipt = self.env["contact.center.desk.receipt"]._take(values.get("token"))
        if not receipt.result:
            receipt.result = ending(values, *args)
        return receipt.result

    # ------------------------------------------------------------
    # Checks and values of the endings
    # ------------------------------------------------------------

    def _get_errors(self, values, checks):
        """Return ``{part of the desk: message}`` of what is missing; ``checks`` name the methods to ask."""
        errors = {}
        for check in checks:
            errors.update(getattr(self, f"_check_{check}")(values))
        return errors

    def _check_phone(self, values):
        phone = values.get("phone")
        if phone and not normalise(phone, self.env.company.country_id.code):
            return {"caller": self.env._("“%s” is no phone number: check its digits.", phone)}
        return {}

    def _check_known_caller(self, values):
        if values.get("anonymous") or not self._names_caller(values):
            return {"caller": self.env._("Enter a phone or a name: who joins is told the outcome.")}
        return self._check_phone(values) or self._check_applicant(values)

    def _check_caller(self, values):
        if values.get("anonymous"):
            return {}
        if not self._names_caller(values):
            return {"caller": self.env._("Enter a phone or a name, or mark the caller as anonymous.")}
        return self._check_phone(values) or self._check_applicant(values)

    def _check_applicant(self, values):
        """A number that people share doesn't tell which of them calls."""
        if values.get("partner_id") or (values.get("name") or "").strip():
            return {}
        if self.env["res.partner"]._find_applicants(values.get("phone"), values.get("email")):
            return {
                "caller": self.env._("This number is known: choose an applicant, or enter the name of another one.")
            }
        return {}

    def _names_caller(self, values):
        return any(values.get(name) for name in ("partner_id", "phone", "email", "name"))

    def _check_topic(self, values):
        errors = {}
        if not self._get_description(values):
            errors["words"] = self.env._("Write what the caller said.")
        if not values.get("category_id"):
            errors["category"] = self.env._("Choose a topic.")
        return errors

    def _check_place(self, values):
        category = self.env["contact.center.category"].browse(values.get("category_id") or [])
        if (values.get("street_text") or "").strip() and not values.get("street_id"):
            message = self.env._("“%s”: choose a street of the list, or write it as a landmark.", values["street_text"])
            return {"place": message}
        placed = any(values.get(name) for name in ("street_id", "place_note", "latitude", "longitude"))
        if category.place_required and not placed:
            return {"place": self.env._("Choose a street, mark the point on the map or write the landmark.")}
        return {}

    def _check_consultation(self, values):
        errors = {}
        if not values.get("category_id"):
            errors["category"] = self.env._("Choose a topic.")
        if not (values.get("article_id") or (values.get("answer") or "").strip()):
            errors["answer"] = self.env._("Choose the article you used or write the answer.")
        return errors

    def _check_refusal(self, values):
        errors = {}
        if not values.get("reason"):
            errors["reason"] = self.env._("Choose why the caller is refused.")
        if not (values.get("said") or "").strip():
            errors["said"] = self.env._("Write what the caller said: the head decides on it.")
        if not values.get("call_id") and not values.get("phone"):
            errors["caller"] = self.env._("Enter the phone number of the caller.")
        return errors | self._check_phone(values)

    def _get_description(self, values):
        return (values.get("description") or "").strip() or (values.get("words") or "").strip()

    def _get_applicant(self, values):
        """Return the applicant of an ending, made when nobody fits; empty for an anonymous one."""
        Partner = self.env["res.partner"]
        if values.get("anonymous"):
            return Partner
        if values.get("partner_id"):
            partner = Partner.browse(values["partner_id"])
            partner.check_access("read")
            return partner
        given = {
            "name": values.get("name"),
            "phone": values.get("phone"),
            "email": values.get("email"),
            "applicant_kind": values.get("kind"),
            "inform_by": values.get("inform_by"),
        }
        return Partner._find_or_create_applicant({name: value for name, value in given.items() if value})

    def _prepare_request_values(self, values, partner):
        prepared = {name: values[name] for name in REQUEST_FIELDS if values.get(name)}
        if not values.get("anonymous"):
            prepared["phone"] = values.get("phone") or partner.phone
            prepared["email"] = values.get("email") or partner.email
        if values.get("answers"):
            prepared["answers"] = values["answers"]
        return {
            **prepared,
            "channel": "phone",
            "partner_id": partner.id,
            "description": self._get_description(values),
        }

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    def _find_request(self, words):
        """Return the request whose number was typed, with or without its prefix, year and zeros; or none."""
        Request = self.env["contact.center.request"]
        number = NUMBER_SHAPE.fullmatch(words)
        if not number:
            return Request
        of_city = Domain("company_id", "=", self.env.company.id)
        return Request.search(of_city & Request._get_number_domain(**number.groupdict()), limit=1)

    def _find_callers(self, words, phone):
        Partner = self.env["res.partner"]
        if phone:
            return Partner._find_applicants(phone=phone)
        if "@" in words:
            return Partner._find_applicants(email=words)
        if not words or any(map(str.isdigit, words)):
            return Partner
        return Partner.search(
            Domain("name", "ilike", words)
            & Domain("applicant_kind", "!=", False)
            & Domain("company_id", "in", [False, self.env.company.id]),
            limit=SUGGESTION_LIMIT,
        )

    def _find_contacts(self, applicants, phone):
        """Return ``(open requests, finished ones)`` of the applicants or the number, the latest first."""
        Request = self.env["contact.center.request"]
        of_caller = Request._get_caller_domain(phone, applicants, self.env.company)
        is_open = Domain("state", "in", workflow.OPEN_STATES)
        return (
            Request.search(of_caller & is_open, limit=CONTACT_LIMIT),
            Request.search(of_caller & ~is_open, limit=CONTACT_LIMIT),
        )

    def _get_call(self, values):
        """Return the call that opened the desk; empty when the caller was entered by hand."""
        return self.env["contact.center.call"].browse(values.get("call_id") or []).exists()

    def _link_call(self, values, request):
        """Note on the call what came of it."""
        call = self._get_call(values)
        if call:
            call.attach_request(request.id)

    # ------------------------------------------------------------
    # Descriptions
    # ------------------------------------------------------------

    def _describe_applicant(self, partner):
        return {
            "id": partner.id,
            "name": partner.name,
            "kind": partner.applicant_kind or "resident",
            "phone": partner.phone or False,
            "email": partner.email or False,
            "inform_by": partner.inform_by or False,
        }

    def _describe_request(self, request):
        return {
            "id": request.id,
            "number": request.number,
            "category": request.category_id.name or request.description,
            "state": request.state,
            "state_label": self._get_state_label(request),
            "date": format_date(self.env, request.company_id._to_local(request.registered_at).date()),
            "deadline_text": request.deadline_text,
            "address": request.address,
            "description": request.description,
        }

    def _describe_nearby(self, request, metres):
        photos = request.photo_ids.filtered(lambda photo: (photo.mimetype or "").startswith("image/"))
        return {
            **self._describe_request(request),
            "age": (fields.Datetime.now() - request.registered_at) // timedelta(days=1),
            "metres": round(metres),
            "joined": request.participant_count,
            "photo": f"/web/image/{photos[0].id}/96x96?crop=1" if photos else False,
            "latitude": request.latitude,
            "longitude": request.longitude,
        }

    def _get_state_label(self, request):
        return dict(request._fields["state"]._description_selection(self.env))[request.state]

    def _describe_category(self, category):
        return {
            "id": category.id,
            "name": category.name,
            "path": category.parent_id.complete_name or "",
            "request_class": category.request_class,
            "priority": category.priority,
            "restricted": category.restricted,
            "place_required": category.place_required,
            "term": category._get_deadline_rule().name or False,
            "questions": category.question_definition or [],
        }

    def _describe_street(self, street, words):
        former = [name for name in street._get_former_names() if highlight(name, words)]
        return {
            "id": street.id,
            "name": street._get_label(),
            "former": former[0] if former and not highlight(street.name, words) else False,
            "district": street.district_id.name or False,
            "latitude": street.latitude,
            "longitude": street.longitude,
        }

    # ------------------------------------------------------------
    # Results
    # ------------------------------------------------------------

    def _describe_result(self, request, title, speech):
        """Return what the desk shows after an ending; ``speech`` is what to tell the caller, a list of sentences."""
        return {
            "title": title,
            "request_id": request.id,
            "number": request.number,
            "deadline_text": request.deadline_text if request.state in workflow.OPEN_STATES else False,
            "speech": speech,
        }

    def _get_registered_speech(self, request):
        speech = [self.env._("Your request has the number %s.", request.number)]
        if request.deadline:
            speech.append(self.env._("It will be dealt with by %s.", self._format_deadline(request)))
        return speech + self._get_informing_speech(request.partner_id, request.inform_by)

    def _get_joined_speech(self, request, partner):
        speech = [
            self.env._("This is known to us already, the request has the number %s.", request.number),
            self.env._("You have been added to it."),
        ]
        if request.deadline and not request.is_overdue:
            speech.append(self.env._("It will be dealt with by %s.", self._format_deadline(request)))
        return speech + self._get_informing_speech(partner, partner.inform_by or "phone")

    def _get_informing_speech(self, partner, inform_by):
        if not partner:
            return [self.env._("Call us and name this number to learn the outcome.")]
        labels = dict(partner._fields["inform_by"]._description_selection(self.env))
        return [self.env._("You will be told the outcome: %s.", labels[inform_by].lower())]

    def _format_deadline(self, request):
        zone = str(request.company_id._get_time_zone())
        return format_datetime(self.env, request.deadline, tz=zone, dt_format="d MMMM, HH:mm")


class ContactCenterDeskReceipt(models.TransientModel):
    """What an ending of the desk returned, kept by its token: a second click or a resent message ends nothing twice."""

    _name = "contact.center.desk.receipt"
    _description = "Receipt of the Operator's Desk"
    _transient_max_hours = 24

    token = fields.Char(required=True)
    result = fields.Json()

    _token_unique = models.UniqueIndex("(create_uid, token)")

    @api.model
    def _take(self, token):
        """Return the receipt of the current user's token, made when there is none.

        Of two transactions that take one at the same time the second waits for the first, and is run again by the
        server: then it finds the result of the first.

        :raises UserError: without a token.
        """
        if not token:
            raise UserError(self.env._("The desk sent no token. Reload the page."))
        receipt = self.search([("create_uid", "=", self.env.uid), ("token", "=", token)])
        if receipt:
            return receipt
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create([{"token": token}])
        except UniqueViolation as error:
            raise ConcurrencyError("this ending of a call is under way already") from error
