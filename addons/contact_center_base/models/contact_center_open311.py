import hashlib
import re
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from .. import workflow
from ..const import PUBLIC_CLASSES, PUBLIC_DIGITS
from ..moments import aware, naive
from ..open311 import (
    describe_questions,
    read_answer,
    read_answers,
    read_degrees,
    read_text,
)
from ..phone import normalise

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
#: When the interface changed last: programs that keep what they read of it read anew.
CHANGESET = "2026-11-22T00:00:00+00:00"
EXTENSIONS = ("page", "page_size", "bbox", "updated_after", "updated_before")
STATES_OF_STATUS = {"open": workflow.OPEN_STATES, "closed": workflow.FINISHED_STATES}
DESCRIPTION_LIMIT = 4000
URL_LIMIT = 2000
#: The same report by the same program within so many minutes is taken for one that was sent twice.
REPEATED_MINUTES = 10
#: The last number in an address, with what follows it up to a comma, is that of the house.
_HOUSE = re.compile(
    r"(?P<street>.*?\D)[\s,]+(?P<house>\d{1,5}(?:\s?-?[^\W\d_])?(?:[/-]\d{1,4}[^\W\d_]?)?)(?:\s*,.*)?", re.DOTALL
)
_ADDRESS_ID = re.compile(r"(?P<street>\d{1,9})(?::(?P<house>[\w/ -]{1,20}))?")


class ContactCenterOpen311(models.AbstractModel):
    """Open311 GeoReport v2: what programs of others may ask of a city, and what they are told.

    Whatever is told comes from what everybody may know. The caller works with the rights of the system, as strangers
    have none.
    """

    _name = "contact.center.open311"
    _description = "Open311"

    # ------------------------------------------------------------
    # Cities
    # ------------------------------------------------------------

    @api.model
    def _find_city(self, jurisdiction):
        """Return the city with a public code, or the only one.

        :raises MissingError: when no city has the code, or none is public.
        :raises UserError: when there are several and none was named.
        """
        Company = self.env["res.company"]
        if jurisdiction:
            city = Company.search([("contact_center_code", "=", jurisdiction)])
            if not city:
                raise MissingError(self.env._("There is no jurisdiction_id “%s” here.", jurisdiction))
            return city
        cities = Company.search([("contact_center_code", "!=", False)])
        if not cities:
            raise MissingError(self.env._("No city is public here."))
        if len(cities) > 1:
            codes = ", ".join(cities.mapped("contact_center_code"))
            raise UserError(self.env._("Say which city by jurisdiction_id: %s.", codes))
        return cities

    @api.model
    def _describe_discovery(self, url):
        """Return what there is here.

        :param str url: address below which the calls are.
        """
        cities = self.env["res.company"].search([("contact_center_code", "!=", False)])
        contacts = [
            ", ".join(filter(None, (f"{city.name} ({city.contact_center_code})", city.phone, city.email)))
            for city in cities
        ]
        return {
            "changeset": CHANGESET,
            "contact": "; ".join(contacts),
            "key_service": self.env._("Ask the contact centre of the city for an api_key."),
            "endpoints": [
                {
                    "specification": SPECIFICATION,
                    "url": url,
                    "changeset": CHANGESET,
                    "type": "production",
                    "formats": ["text/xml", "application/json"],
                    "extensions": list(EXTENSIONS),
                    "openapi": f"{url}/openapi.json",
                }
            ],
        }

    # ------------------------------------------------------------
    # Services
    # ------------------------------------------------------------

    @api.model
    def _get_services(self, city):
        """Return the classifier nodes of a city that residents may choose."""
        return self.env["contact.center.category"].search(
            Domain("company_id", "=", city.id)
            & Domain("public", "=", True)
            & Domain("restricted", "=", False)
            & Domain("request_class", "in", PUBLIC_CLASSES)
        )

    @api.model
    def _find_service(self, city, code):
        """Return the service of a city with a code.

        :raises MissingError: when there is none.
        """
        service = self._get_services(city).filtered(lambda service: service.code == code)
        if not service:
            raise MissingError(self.env._("There is no service_code “%s”.", code))
        return service

    @api.model
    def _describe_services(self, city):
        """Return the services of a city."""
        return [
            {
                "service_code": service.code,
                "service_name": service.name,
                "description": self._describe_demands(service),
                "metadata": bool(describe_questions(service.question_definition)),
                "type": "realtime",
                "keywords": ",".join(re.split(r"\s*[;\n]\s*", (service.synonyms or "").strip())),
                "group": service.parent_id.complete_name or "",
            }
            for service in self._get_services(city)
        ]

    @api.model
    def _describe_demands(self, service):
        """Return what a report of a service must have, and what becomes of its words."""
        return " ".join(
            filter(
                None,
                (
                    service.photo_required and self.env._("Needs a photo: send its address as media_url."),
                    self.env._("Everybody can read the description; phone numbers and e-mail addresses are hidden."),
                ),
            )
        )

    @api.model
    def _describe_service(self, city, code):
        """Return the extra questions of one service.

        :raises MissingError: when there is no such service.
        """
        service = self._find_service(city, code)
        attributes = [
            {
                "variable": True,
                "code": attribute.code,
                "datatype": attribute.datatype,
                "required": False,
                "datatype_description": None,
                "order": order,
                "description": attribute.label,
                **(
                    {"values": [{"key": key, "name": name} for key, name in attribute.values]}
                    if attribute.values
                    else {}
                ),
            }
            for order, attribute in enumerate(self._get_attributes(service), start=1)
        ]
        return {"service_code": service.code, "attributes": attributes}

    def _get_attributes(self, service):
        return describe_questions(service.question_definition, yes=self.env._("Yes"), no=self.env._("No"))

    # ------------------------------------------------------------
    # Reading requests
    # ------------------------------------------------------------

    @api.model
    def _find_requests(self, city, query):
        """Return the public requests of a city that a :class:`~..open311.Query` asks for, as Open311 tells of them."""
        Request = self.env["contact.center.request"]
        domain = Request._get_public_domain(city) & self._get_domain(city, query)
        order = "changed_at desc, id desc" if query.by_change else "registered_at desc, id desc"
        offset = (query.page - 1) * query.page_size
        requests = Request.search(domain, order=order, limit=query.page_size, offset=offset)
        return self._describe_requests(city, requests)

    @api.model
    def _read_request(self, city, number):
        """Return what everybody may know of one request of a city, as a list of one.

        :raises MissingError: when there is none, or it isn't public.
        """
        Request = self.env["contact.center.request"]
        found = Request.search(Request._get_public_domain(city) & Domain("number", "=", number))
        if not found:
            raise MissingError(self.env._("There is no service_request_id “%s”.", number))
        return self._describe_requests(city, found)

    @api.model
    def _get_domain(self, city, query):
        if query.numbers:
            return Domain("number", "in", query.numbers)
        domain = Domain.TRUE
        if len(query.statuses) == 1:
            [status] = query.statuses
            domain &= Domain("state", "in", STATES_OF_STATUS[status])
        if query.service_codes:
            # A node that isn't used any more is still that of its requests.
            Category = self.env["contact.center.category"].with_context(active_test=False)
            nodes = Category.search([("company_id", "=", city.id), ("code", "in", query.service_codes)])
            domain &= Domain("category_id", "in", nodes.ids)
        for field, operator, moment in (
            ("registered_at", ">=", query.start),
            ("registered_at", "<=", query.end),
            ("changed_at", ">", query.updated_after),
            ("changed_at", "<=", query.updated_before),
        ):
            if moment:
                domain &= Domain(field, operator, naive(moment))
        if query.bbox:
            domain &= self._get_bbox_domain(*query.bbox)
        return domain

    @api.model
    def _get_bbox_domain(self, west, south, east, north):
        """Return the domain of requests whose place, as it is shown, lies in a box.

        Its edges are those of the rounded places: by asking for ever smaller boxes nobody finds the place itself.
        """
        half = 0.5 * 10**-PUBLIC_DIGITS
        west, south, east, north = (round(degrees, PUBLIC_DIGITS) for degrees in (west, south, east, north))
        return (
            Domain("latitude", ">=", south - half)
            & Domain("latitude", "<=", north + half)
            & Domain("longitude", ">=", west - half)
            & Domain("longitude", "<=", east + half)
            & ~(Domain("latitude", "=", 0) & Domain("longitude", "=", 0))
        )

    @api.model
    def _describe_requests(self, city, requests):
        """Return requests of a city as Open311 tells of them; moments are in its zone."""
        zone = city._get_time_zone()
        return [self._describe_request(row, zone) for row in requests._read_public()]

    @api.model
    def _describe_request(self, row, zone):
        """Return one row of ``_read_public`` as Open311 tells of it."""
        street = row["street"]
        return {
            "service_request_id": row["number"],
            "status": "closed" if row["state"] in workflow.FINISHED_STATES else "open",
            "status_notes": row["state_label"],
            "service_name": row["category"].name,
            "service_code": row["category"].code,
            "description": row["text"] or None,
            "agency_responsible": row["executor"] or None,
            "service_notice": None,
            "requested_datetime": self._write_moment(zone, row["registered"]),
            "updated_datetime": self._write_moment(zone, row["changed"]),
            "expected_datetime": self._write_moment(zone, row["deadline"]),
            "address": row["address"] or None,
            "address_id": ":".join(filter(None, (str(street.id), row["house"]))) if street else None,
            "zipcode": None,
            "lat": row["latitude"],
            "long": row["longitude"],
            "media_url": None,
        }

    @api.model
    def _write_moment(self, zone, moment):
        """Return a naive moment in UTC as text in a time zone; ``None`` stays."""
        return aware(moment).astimezone(zone).isoformat(timespec="seconds") if moment else None

    # ------------------------------------------------------------
    # Reporting
    # ------------------------------------------------------------

    @api.model
    def _report(self, city, key, params, items):
        """Register what a program reports, once, and return its number.

        :param key: ``contact.center.api.key`` that was found good for it.
        :param params: mapping of the names in the form to texts.
        :param items: the same as list of ``(name, text)``, with every value of a name.
        :raises MissingError: for a service that there isn't.
        :raises UserError: for what is missing or makes no sense; a ``BadParameter`` as well.
        """
        Request = self.env["contact.center.request"].with_company(city)
        present, earlier = self._get_submission_keys(key, items)
        known = Request.search([("submission_key", "in", (present, earlier))], limit=1)
        if known:
            return known.number
        values = self._prepare_request_values(city, params, items)
        origin = {"source_system": key.name, "submission_key": present}
        return Request._create_submitted({**values, **origin}).number

    @api.model
    def _prepare_request_values(self, city, params, items):
        code = read_text(params, "service_code")
        if not code:
            raise UserError(self.env._("service_code is missing: take one of the services."))
        service = self._find_service(city, code)
        description = read_text(params, "description", DESCRIPTION_LIMIT)
        return {
            "company_id": city.id,
            "channel": "api",
            "category_id": service.id,
            "description": description or service.name,
            # The interface is a public one, and its services say so.
            "publish_text": True,
            "answers": self._read_answers(city, service, items),
            "media_url": self._read_media_url(params),
            **self._read_place(city, params),
            **self._read_applicant(city, params),
        }

    @api.model
    def _read_answers(self, city, service, items):
        """Return the answers to the extra questions of a service; others are passed over."""
        sent = read_answers(items)
        zone = city._get_time_zone()
        return {
            attribute.code: read_answer(attribute, sent[attribute.code], zone)
            for attribute in self._get_attributes(service)
            if attribute.code in sent
        }

    @api.model
    def _read_media_url(self, params):
        """Return the address of a photo; it is kept as it is, and nothing is fetched from there."""
        url = read_text(params, "media_url", URL_LIMIT)
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if url and not (parts.scheme in ("http", "https") and parts.netloc):
            raise UserError(self.env._("media_url is the address of a photo, beginning with https://."))
        return url or False

    @api.model
    def _read_place(self, city, params):
        """Return the place of a report: what was sent of coordinates, an address in words, and an address_id.

        :raises UserError: when nothing of them was sent, or they make no sense.
        """
        place = {}
        latitude, longitude = (read_text(params, name) for name in ("lat", "long"))
        if bool(latitude) != bool(longitude):
            raise UserError(self.env._("lat and long come together."))
        if latitude:
            place["latitude"] = read_degrees("lat", latitude, 90)
            place["longitude"] = read_degrees("long", longitude, 180)
            if not (place["latitude"] or place["longitude"]):
                raise UserError(self.env._("lat 0 and long 0 is no place in the city."))
        if words := read_text(params, "address_string", 500):
            # The words stay for the staff, whatever was made of them.
            place.update(self._find_address(city, words), place_note=words)
        if address_id := read_text(params, "address_id"):
            place.update(self._find_address_by_id(city, address_id))
        if not place:
            raise UserError(self.env._("The place is missing: send lat and long, address_string or address_id."))
        return place

    @api.model
    def _find_address(self, city, words):
        """Return street and house that an address in words names, or nothing when no street fits it better than others.

        Reports come in by program: nobody is there to choose one of several.
        """
        found = _HOUSE.fullmatch(words)
        Street = self.env["contact.center.street"]
        streets = Street._search_index(city.id).search(found["street"] if found else words, limit=2)
        if not streets or (len(streets) > 1 and streets[0][1] <= streets[1][1]):
            return {}
        return {"street_id": streets[0][0], "house": found["house"] if found else False}

    @api.model
    def _find_address_by_id(self, city, text):
        found = _ADDRESS_ID.fullmatch(text)
        Street = self.env["contact.center.street"]
        street = Street.search([("id", "=", int(found["street"])), ("company_id", "=", city.id)]) if found else Street
        if not street:
            raise UserError(self.env._("address_id is that of no address here: take one that a request told of."))
        return {"street_id": street.id, "house": found["house"] or False}

    @api.model
    def _read_applicant(self, city, params):
        """Return who reports: contacts, and the applicant when there is anything to know them by."""
        names = (read_text(params, name, 100) for name in ("first_name", "last_name"))
        name = " ".join(filter(None, names))
        phone, email = read_text(params, "phone", 40), read_text(params, "email", 254)
        if phone:
            phone = normalise(phone, city.country_id.code, strict=self.env)
        if email and not (email := email_normalize(email)):
            raise UserError(self.env._("email is no e-mail address."))
        if not (name or phone or email):
            return {}
        values = {"name": name, "phone": phone, "email": email}
        partner = self.env["res.partner"]._find_or_create_applicant(values, city)
        inform_by = partner.inform_by or ("email" if email else "phone")
        return {"partner_id": partner.id, "phone": phone, "email": email, "inform_by": inform_by}

    @api.model
    def _get_submission_keys(self, key, items):
        """Return what names a report, now and in the span of minutes before.

        The same words of the same program are the same report for ``REPEATED_MINUTES`` at least, twice that at most:
        who gets no answer sends it again, and a lamp that is off again next month is another matter.
        """
        words = sorted((name, text) for name, text in items if name != "api_key")
        digest = hashlib.sha256(repr((key.id, words)).encode()).hexdigest()
        span = int(fields.Datetime.now().timestamp() // (60 * REPEATED_MINUTES))
        return [f"open311:{number}:{digest}" for number in (span, span - 1)]
