from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.contact_center_base import workflow

from ..works_area import contains
from .contact_center_works_place import read_number

#: Works that start within so many hours are told of as well.
SOON_HOURS = 48
#: Works that residents find after they have ended.
RECENT_DAYS = 30
# How many works of one kind of match are looked at, the latest first; nobody reads out more.
MATCH_LIMIT = 20
# How certain a match is.
AT_THE_HOUSE, IN_THE_STREET, IN_THE_DISTRICT = 3, 2, 1


class ContactCenterWorksLookupMixin(models.AbstractModel):
    """Finds works by a place, and says of them what residents may know."""

    _name = "contact.center.works.lookup.mixin"
    _description = "Finding Works"

    # ------------------------------------------------------------
    # By place
    # ------------------------------------------------------------

    @api.model
    def _find_at(self, company, street=None, house=None, district=None, latitude=0.0, longitude=0.0, limit=5):
        """Return the running and soon starting works that concern a place, the most certain match first.

        A house in a named run of numbers and a point in the drawn area are certain; a named street is likely while the
        house isn't known; works of the whole district come last.

        :param company: the city.
        :param street: ``contact.center.street``, if known.
        :param str house: house number as written; its leading number decides.
        :param district: ``contact.center.district``, by default that of the street and house.
        :param float latitude: of the point with ``longitude``, in degrees; 0, 0 stands for none.
        """
        number = read_number(house)
        has_point = bool(latitude or longitude)
        if street:
            district = district or street._get_district(house)
        certainty = {}
        if has_point:
            certainty.update(dict.fromkeys(self._find_around(company, latitude, longitude), AT_THE_HOUSE))
        if street:
            in_street = self._find_in_street(company, street, number)
            for works in in_street:
                certainty.setdefault(works, AT_THE_HOUSE if number else IN_THE_STREET)
        if district:
            for works in self._find_in_district(company, district, has_point):
                certainty.setdefault(works, IN_THE_DISTRICT)
        found = sorted(certainty, key=lambda works: (-certainty[works], works.state == "overdue", works.start))
        return self.browse(works.id for works in found[:limit])

    def _search_coming(self, company, domain, limit=MATCH_LIMIT):
        """Return the open works of a city that fulfil a domain and have begun or soon will, the latest end first."""
        soon = fields.Datetime.add(fields.Datetime.now(), hours=SOON_HOURS)
        # What is announced is announced to everybody, whoever takes the call, hence sudo.
        return self.sudo().search(
            Domain("company_id", "=", company.id) & self._get_open_domain() & Domain("start", "<=", soon) & domain,
            order="planned_end desc",
            limit=limit,
        )

    @api.model
    def _get_open_domain(self):
        """Return the domain of what is announced or under way: the states up to ``overdue``, told more simply."""
        event_is_over = Domain("kind", "=", "event") & Domain("planned_end", "<=", fields.Datetime.now())
        return self._get_running_domain() & ~event_is_over

    def _find_in_street(self, company, street, number):
        """Return works that name a street, and the house where its number is known."""
        place = Domain("street_id", "=", street.id)
        if number:
            place &= self.env["contact.center.works.place"]._get_house_domain(number)
        return self._search_coming(company, Domain("place_ids", "any", place))

    def _find_around(self, company, latitude, longitude):
        """Return works whose drawn area holds a point."""
        box = (
            Domain("area", "!=", False)
            & Domain("south", "<=", latitude)
            & Domain("north", ">=", latitude)
            & Domain("west", "<=", longitude)
            & Domain("east", ">=", longitude)
        )
        # Few areas overlap. A limit would only mislead the database into walking through all works by their end.
        candidates = self._search_coming(company, box, limit=None)
        return candidates.filtered(lambda works: contains(works.area, latitude, longitude))

    def _find_in_district(self, company, district, has_point):
        """Return works of a whole district; an area that was drawn is left out where the point tells better."""
        whole = Domain("district_wide", "=", True) & Domain("district_ids", "in", district.ids)
        if has_point:
            whole &= Domain("area", "=", False)
        return self._search_coming(company, whole)

    def _find_requests(self):
        """Return the open requests at the place of this one card, registered since shortly before its start.

        Those at the houses it names come, and where it names none, those in its area or districts; what is linked with
        works already doesn't.
        """
        self.ensure_one()
        since = fields.Datetime.subtract(self.start, hours=SOON_HOURS)
        open_there = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "in", workflow.OPEN_STATES)
            & Domain("registered_at", ">=", since)
            & Domain("works_id", "=", False)
        )
        Request = self.env["contact.center.request"]
        if self.place_ids:
            found = Request.search(open_there & Domain("street_id", "in", self.place_ids.street_id.ids))
            return found.filtered(lambda request: any(place._covers(request) for place in self.place_ids))
        if self.area:
            box = (
                Domain("latitude", "<=", self.north)
                & Domain("latitude", ">=", self.south)
                & Domain("longitude", "<=", self.east)
                & Domain("longitude", ">=", self.west)
            )
            found = Request.search(open_there & box)
            return found.filtered(lambda request: contains(self.area, request.latitude, request.longitude))
        return Request.search(open_there & Domain("district_id", "in", self.district_ids.ids))

    # ------------------------------------------------------------
    # For residents
    # ------------------------------------------------------------

    @api.model
    def _get_public_domain(self, company, period="current", street=None, house=None, district=None, kind=None):
        """Return the domain of what residents of a city see.

        :param str period: ``current`` for what is announced or under way, ``past`` for what ended in the last 30 days.
        :param street: works that name it or concern its whole district; ``house`` narrows them.
        """
        domains = self._get_state_domains()
        shown = self._get_open_domain()
        if period == "past":
            since = fields.Datetime.subtract(fields.Datetime.now(), days=RECENT_DAYS)
            shown = (domains["ended"] | domains["cancelled"]) & Domain("planned_end", ">=", since)
        shown &= Domain("company_id", "=", company.id)
        if kind:
            shown &= Domain("kind", "=", kind)
        if district:
            shown &= Domain("district_ids", "in", district.ids) | Domain(
                "place_ids.street_id.district_id", "in", district.ids
            )
        if street:
            number = read_number(house)
            place = Domain("street_id", "in", street.ids)
            if number:
                place &= self.env["contact.center.works.place"]._get_house_domain(number)
            whole = Domain("district_wide", "=", True) & Domain("district_ids", "in", street.district_id.ids)
            shown &= Domain("place_ids", "any", place) | whole
        return shown

    def _read_public(self):
        """Return what residents may know of each of these works, as plain dictionaries; nothing else gets out."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ("kind", "utility", "state")
        }
        # Works are announced to everybody; the fields below are the whole of it, hence sudo.
        return [
            {
                "number": works.number,
                "kind": works.kind,
                "kind_label": labels["kind"][works.kind],
                "state": works.state,
                "state_label": labels["state"][works.state],
                "name": works.name,
                "utility": labels["utility"].get(works.utility, ""),
                "executor": works.executor_id.name,
                "districts": works.district_ids.mapped("name"),
                "address": works.address or "",
                "start": works.start,
                "planned_end": works.planned_end,
                "ended_at": works.ended_at,
                "cancelled_at": works.cancelled_at,
                "cancel_reason": works.cancel_reason or "",
                "contact": works.contact or "",
                "text": works.text or "",
                "latitude": works.latitude,
                "longitude": works.longitude,
                "area": works.area or None,
                "registered": works.create_date,
                "changed": works.write_date,
            }
            for works in self.sudo()
        ]

    def _get_answer(self):
        """Return what a caller is told about this one card, in the user's language."""
        self.ensure_one()
        works = self.sudo()  # as above: what residents may know
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        names = {
            "what": f"{kinds[works.kind]}: {works.name}",
            "start": works._format(works.start),
            "end": works._format(works.planned_end),
        }
        if works.state == "announced":
            said = self.env._("%(what)s, from %(start)s to %(end)s.", **names)
        elif works.state == "overdue":
            said = self.env._(
                "%(what)s. They should have ended by %(end)s; that they have ended hasn't been reported yet.", **names
            )
        else:
            said = self.env._("%(what)s, planned to end by %(end)s.", **names)
        contact = works.contact and self.env._("Contact: %s.", works.contact)
        return " ".join(filter(None, (said, works.address and f"{works.address}.", works.text, contact)))
