from math import isfinite

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import mute_logger

from ..files import PICTURE_TYPES, check_files, clean_picture, find_type
from ..lexicon import fold

#: Characters that a field of the form may hold.
LIMITS = {"description": 5000, "street": 200, "house": 20, "place_note": 300, "name": 100, "phone": 40, "email": 254}
ANSWER_LIMIT = 1000
#: What stands before the name of an extra question in the names of fields.
ANSWER_PREFIX = "answer_"
MAXIMUM_FILES = 5
TOPIC_LIMIT = 5
STREET_LIMIT = 6
NEARBY_LIMIT = 5
#: For what the codes are good that confirm a contact.
CODE_PURPOSE = "report"
#: Characters of a description by which topics are looked for; whoever writes more has named the matter by then.
SEARCHED_LENGTH = 300


class ContactCenterIntake(models.AbstractModel):
    """What the public form asks of the server while residents report a problem, and how it ends (MA-1.1, KP-2.2).

    Callers work with the rights of the system, as strangers have none, and pass the ``company``. The ``raw`` values are
    texts as they were sent: ``description``, ``category_id``, ``street``, ``street_id``, ``house``, ``place_note``,
    ``latitude``, ``longitude``, ``name``, ``phone``, ``email``, ``confirmation`` (a code), ``kind``, ``consent``,
    ``publish_text``, and ``answer_…`` of the extra questions. :meth:`_read` makes ``values`` of them and names what is
    wrong with which field.
    """

    _name = "contact.center.intake"
    _description = "Intake from Residents"

    # ------------------------------------------------------------
    # Reading the form
    # ------------------------------------------------------------

    @api.model
    def _read(self, company, raw):
        """Return ``(values, errors)`` of what a form holds: typed values, and a message for each wrong field."""
        errors = {}
        for name, limit in LIMITS.items():
            if len(raw.get(name) or "") > limit:
                errors[name] = self.env._("This is longer than %s characters: make it shorter.", limit)
        text = {name: "" if name in errors else (raw.get(name) or "").strip() for name in LIMITS}
        values = {name: text[name] for name in ("description", "house", "place_note", "name")}
        values["category"] = self._read_topic(company, raw.get("category_id"))
        values["confirmation"] = raw.get("confirmation") or ""
        values |= {name: bool(raw.get(name)) for name in ("publish_text", "consent")}
        values["kind"] = self._read_kind(raw.get("kind"))
        readers = {
            "street": lambda: self._read_street(company, text["street"], raw.get("street_id")),
            "point": lambda: self._read_point(company, raw.get("latitude"), raw.get("longitude")),
            "phone": lambda: self._read_contact(company, text["phone"], "phone"),
            "email": lambda: self._read_contact(company, text["email"], "email"),
        }
        for name, read in readers.items():
            try:
                values[name] = read()
            except UserError as error:
                values[name] = None
                errors.setdefault(name, str(error))
        values["answers"], wrong = self._read_answers(values["category"], raw)
        return values, {**errors, **wrong}

    @api.model
    def _read_topic(self, company, text):
        """Return the classifier node that residents may choose, or none."""
        node_id = int(text) if str(text or "").isdecimal() and len(text) < 10 else 0
        return self.env["contact.center.category"].search(self._get_topic_domain(company) & Domain("id", "=", node_id))

    def _read_kind(self, text):
        """Return who reports: residents, displaced persons, associations … (KP-2.2, MA-1.1)."""
        kinds = dict(self.env["res.partner"]._fields["applicant_kind"].selection)
        return text if text in kinds else "resident"

    def _read_street(self, company, text, chosen):
        """Return the street that a text names: the one chosen of those that fit, or the only one.

        :raises UserError: when none fits, or several do and none was chosen.
        """
        streets = self._find_streets(company, text)
        if not text:
            return streets
        if not streets:
            raise UserError(
                self.env._("There is no street “%s” in the city. Check the name, or describe the place.", text)
            )
        exact = streets.filtered(lambda street: fold(text) in self._get_street_names(street))
        picked = streets.filtered(lambda street: str(street.id) == chosen)
        street = picked or (exact if len(exact) == 1 else streets)
        if len(street) > 1:
            raise UserError(self.env._("Several streets are called like this. Choose one of them."))
        return street

    def _get_street_names(self, street):
        return {fold(name) for name in (street._get_label(), street.name, *street._get_former_names())}

    def _read_point(self, company, latitude, longitude):
        """Return ``(latitude, longitude)``, or ``None`` when both are empty.

        :raises UserError: when it is no point, or one outside the city.
        """
        if not latitude and not longitude:
            return None
        try:
            point = tuple(float((text or "").replace(",", ".")) for text in (latitude, longitude))
        except ValueError:
            point = (float("nan"),)
        if not all(map(isfinite, point)) or abs(point[0]) > 90 or abs(point[1]) > 180:
            raise UserError(
                self.env._("Write both numbers of the point in degrees, e.g. 47.9077 and 33.3870, or leave both empty.")
            )
        if not self.env["contact.center.street"]._is_in_city(company, *point):
            raise UserError(
                self.env._("This point lies outside the city, so its services can't help there. Choose another one.")
            )
        return point

    def _read_contact(self, company, text, wanted):
        """Return a contact as it is kept, or ``""``.

        :param str wanted: ``phone`` or ``email``.
        :raises UserError: when it is something else.
        """
        if not text:
            return ""
        kind, value = self.env["contact.center.confirmation"]._normalise_contact(company, text)
        if kind == wanted:
            return value
        if wanted == "phone":
            raise UserError(self.env._("This is an e-mail address: enter it in the field for it."))
        raise UserError(self.env._("This is a phone number: enter it in the field for it."))

    def _read_answers(self, category, raw):
        """Return ``(answers, errors)`` of the extra questions of a classifier node."""
        answers, errors = {}, {}
        for question in self._get_questions(category):
            field = ANSWER_PREFIX + question["name"]
            text = (raw.get(field) or "").strip()
            if not text:
                continue
            try:
                answers[question["name"]] = self._read_answer(question, text)
            except ValueError:
                errors[field] = self.env._("This doesn't answer the question. Write it anew or leave it empty.")
        return answers, errors

    def _read_answer(self, question, text):
        """Return the answer to one question as its kind wants it.

        :raises ValueError: when the text is no such answer.
        """
        kind = question["type"]
        if len(text) > ANSWER_LIMIT or (kind == "selection" and text not in dict(question["selection"])):
            raise ValueError
        if kind == "integer":
            number = int(text)
            if abs(number) >= 2**31:
                raise ValueError
            return number
        if kind == "float":
            number = float(text.replace(",", "."))
            if not isfinite(number):
                raise ValueError
            return number
        if kind == "date":
            return fields.Date.to_string(fields.Date.to_date(text))
        return True if kind == "boolean" else text

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    @api.model
    def _get_topic_domain(self, company):
        """Return the domain of the classifier nodes that residents of a city may choose."""
        return Domain("company_id", "=", company.id) & Domain("public", "=", True)

    @api.model
    def _get_topic_groups(self, company):
        """Return all topics of a city as ``[(name of the root node, topics)]``."""
        topics = self.env["contact.center.category"].search(self._get_topic_domain(company))
        roots = topics.grouped(lambda topic: int(topic.parent_path.split("/")[0]))
        return [(topics.browse(root_id).name, below) for root_id, below in roots.items()]

    @api.model
    def _suggest_topics(self, company, words, chosen):
        """Return the topics that fit what somebody writes, the best first; the chosen one is always among them."""
        Category = self.env["contact.center.category"]
        # Some that fit aren't for residents to choose.
        found = Category.search_by_words((words or "")[:SEARCHED_LENGTH], limit=3 * TOPIC_LIMIT, company=company)
        suggested = found.filtered("public")[:TOPIC_LIMIT]
        return suggested if chosen <= suggested else chosen + suggested

    @api.model
    def _find_streets(self, company, text):
        """Return the streets that fit a name as people write it."""
        Street = self.env["contact.center.street"]
        return Street.search_by_words((text or "")[: LIMITS["street"]], limit=STREET_LIMIT, company=company)

    @api.model
    def _get_questions(self, category):
        """Return the extra questions of a classifier node, as its definition has them."""
        return category.question_definition or []

    @api.model
    def _find_known(self, company, values):
        """Return what is known at the place of these values, so that nobody reports it anew.

        :return: ``{"requests": rows of _read_public with "metres", "notices": rows of _get_public_notices}``.
        """
        latitude, longitude = values["point"] or (0.0, 0.0)
        place = {"street": values["street"], "house": values["house"], "latitude": latitude, "longitude": longitude}
        requests = []
        if values["category"]:
            near = self.env["contact.center.request"]._find_nearby(
                values["category"], company=company, limit=NEARBY_LIMIT, **place
            )
            # What strangers may not know of drops out in _read_public.
            requests = [{**row, "metres": round(metres)} for request, metres in near for row in request._read_public()]
        return {"requests": requests, "notices": self._get_public_notices(company, place)}

    @api.model
    def _get_public_notices(self, company, place):
        """Hook: what else everybody may know of a place, as ``[{"icon": "fa-wrench", "title", "text", "url"}]``.

        :param dict place: ``street`` (a record, may be empty), ``house``, ``latitude`` and ``longitude`` (0 for none).
        """
        return []

    # ------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------

    @api.model
    def _check_report(self, company, values, files, person=None):
        """Return a message for each field that a report still lacks; see also what :meth:`_read` found."""
        category, errors = values["category"], {}
        if not values["description"]:
            errors["description"] = self.env._("Write what is wrong.")
        if not category:
            errors["category_id"] = self.env._("Choose what it is about.")
        placed = values["street"] or values["point"] or values["place_note"]
        if category.place_required and not placed:
            errors["street"] = self.env._("Say where it is: a street, a point on the map or a landmark.")
        if category.photo_required and not files:
            errors["photos"] = self.env._("“%s” needs a photo: add one.", category.name)
        return {**errors, **self._check_contact(company, values, person), **self._check_photos(files)}

    @api.model
    def _check_contact(self, company, values, person=None, needed=False):
        """Return what is wrong with the contact by which the applicant is told the outcome, and the consent to keep it.

        :param person: ``res.partner`` of who is logged in, or empty.
        :param bool needed: whether somebody there must be, also where the city doesn't ask for a contact.
        """
        errors = {}
        nobody = values["phone"] == "" and values["email"] == ""
        if nobody and company.contact_center_web_contact != "optional":
            errors["phone"] = self.env._("Leave a phone or an e-mail: the city asks for one of them.")
        elif nobody and needed and not person:
            errors["phone"] = self.env._("Leave a phone or an e-mail: whoever joins is told the outcome.")
        names_somebody = person or any(values[name] for name in ("name", "phone", "email"))
        if names_somebody and not values["consent"] and self._get_consent_text(company):
            errors["consent"] = self.env._("Agree that the city keeps your contact, or leave name and contact empty.")
        return errors

    @api.model
    def _get_consent_text(self, company):
        """Return the consent text in force in a city, or none."""
        return self.env["contact.center.consent.text"]._get_current(company)

    @api.model
    def _check_photos(self, files):
        """Return what is wrong with the files: here pictures and PDF are taken."""
        if len(files) > MAXIMUM_FILES:
            return {"photos": self.env._("Choose at most %s files.", MAXIMUM_FILES)}
        try:
            check_files(self.env, files)
        except UserError as error:
            return {"photos": str(error)}
        for name, content in files:
            if find_type(content) not in (*PICTURE_TYPES, "application/pdf"):
                return {"photos": self.env._("“%s”: choose photos (JPEG, PNG, GIF) or PDF.", name)}
        return {}

    # ------------------------------------------------------------
    # Confirming the contact
    # ------------------------------------------------------------

    @api.model
    def _get_code_contact(self, company, values):
        """Return the contact that the city wants confirmed by a code, or nothing."""
        if company.contact_center_web_contact != "confirmed":
            return ""
        return values["email"] or values["phone"] or ""

    @api.model
    def _send_code(self, company, values):
        """Send a code to the contact and return where it went.

        :raises UserError: when there is no contact, or too many codes were asked for.
        """
        contact = self._get_code_contact(company, values)
        return self.env["contact.center.confirmation"]._send_code(company, contact, CODE_PURPOSE)[1]

    @api.model
    def _confirm(self, company, values):
        """Check the code where the city wants the contact confirmed.

        :raises UserError: when it is wrong or over.
        """
        contact = self._get_code_contact(company, values)
        Confirmation = self.env["contact.center.confirmation"]
        if contact and not Confirmation._check_code(company, contact, CODE_PURPOSE, values["confirmation"]):
            raise UserError(self.env._("Confirm your contact: ask for a code, enter it and send the form again."))

    # ------------------------------------------------------------
    # Ending
    # ------------------------------------------------------------

    @api.model
    def _report(self, company, values, files, key, person=None):
        """Register what a resident reports and return ``(request, person)``.

        :param dict values: of :meth:`_read`, found whole by :meth:`_check_report`.
        :param files: list of ``(name, content)``.
        :param str key: names the form, which makes one request however often it is sent.
        :param person: ``res.partner`` of who is logged in, or empty.
        :raises UserError: for a picture that can't be read, and what the request itself refuses.
        """
        Request = self.env["contact.center.request"]
        self._confirm(company, values)
        applicant = person or self._get_applicant(company, values)
        channel = self._get_channel(person)
        request = Request._create_submitted(
            {
                **self._prepare_request_values(company, values),
                "channel": channel,
                "partner_id": applicant.id,
                "photo_ids": self._keep_photos(files).ids,
                "submission_key": key,
            }
        )
        self._keep_consent(company, values, applicant, request, channel)
        return request, applicant

    @api.model
    def _find_reported(self, key):
        """Return the request that a form made before, or none.

        :param str key: names the form.
        """
        return self.env["contact.center.request"].search([("submission_key", "=", key)])

    @api.model
    def _get_channel(self, person):
        """Return how the form came: from an account or from anybody."""
        return "portal" if person else "web"

    @api.model
    def _keep_consent(self, company, values, applicant, request, channel):
        if applicant and values["consent"]:
            Consent = self.env["contact.center.consent"]
            Consent._record(company, partner=applicant, request=request, channel=channel)

    @api.model
    def _prepare_request_values(self, company, values):
        latitude, longitude = values["point"] or (0.0, 0.0)
        prepared = {name: values[name] for name in ("description", "house", "place_note", "phone", "email")}
        # Whoever left an e-mail alone isn't called.
        inform_by = {"inform_by": "email"} if values["email"] and not values["phone"] else {}
        return {
            **prepared,
            **inform_by,
            "company_id": company.id,
            "category_id": values["category"].id,
            "street_id": values["street"].id,
            "latitude": latitude,
            "longitude": longitude,
            "answers": values["answers"],
            "publish_text": values["publish_text"],
        }

    @api.model
    def _get_applicant(self, company, values):
        """Return the applicant of what was entered, made when nobody fits; nobody when nothing says who it is."""
        given = {name: values[name] for name in ("name", "phone", "email") if values[name]}
        Partner = self.env["res.partner"]
        if not given:
            return Partner
        return Partner._find_or_create_applicant({**given, "applicant_kind": values["kind"]}, company=company)

    @api.model
    def _keep_photos(self, files):
        """Return the attachments of what was uploaded; pictures lose what cameras note of place and owner."""
        cleaned = [
            clean_picture(self.env, name, content) if find_type(content) in PICTURE_TYPES else (name, content)
            for name, content in files
        ]
        # A file of a request belongs to it from its creation on, see _adopt_photos.
        Attachment = self.env["contact.center.request"]._as_applicant().env["ir.attachment"]
        return Attachment.create([{"name": name, "raw": content} for name, content in cleaned])

    @api.model
    def _join(self, company, number, values, key, person=None):
        """Join a resident to an open request that everybody may know of.

        :param str number: of the request.
        :param str key: names the form.
        :return: ``(request, person)``; the person is empty when part of it before, as whoever enters somebody's phone
            gets no link in that person's name.
        :raises UserError: when there is no such request any more.
        """
        Request = self.env["contact.center.request"]._as_applicant()
        request = Request.search(Request._get_public_domain(company) & Domain("number", "=", number))
        if not request:
            raise UserError(self.env._("This request can't be joined any more: report the problem anew."))
        partner = person or self._get_applicant(company, values)
        if request._get_person(partner):
            # The same form sent twice leads to the same page.
            row = request.participant_ids.filtered(lambda row: row.partner_id == partner and row.submission_key == key)
            return request, row.partner_id
        self._confirm(company, values)
        channel = self._get_channel(person)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                row = request.join(partner, channel=channel, note=values["description"][:ANSWER_LIMIT])
        except UniqueViolation as error:
            raise ConcurrencyError("this person is being joined already") from error
        row.submission_key = key
        self._keep_consent(company, values, partner, request, channel)
        return request, partner
