import re

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..lexicon import Document, Index
from .contact_center_place_mixin import bounding_box

HOUSE_NUMBER = re.compile(r"\d+")
#: A point farther than so many metres from every street is taken for another town's.
CITY_MARGIN_M = 5000


class ContactCenterStreet(models.Model):
    """A street, avenue, square … of a city. It is found by its present and by all of its former names."""

    _name = "contact.center.street"
    _description = "Street"
    _inherit = ["contact.center.cached.mixin"]
    _order = "name, id"
    _rec_names_search = ["search_name", "former_names"]
    _check_company_auto = True

    name = fields.Char(required=True, help="The present name without the kind, e.g. “Soborna”.")
    kind = fields.Char(help="What stands before the name, e.g. “street”, “avenue”, “square”.")
    former_names = fields.Char(
        index="trigram", help="Names the street had before, separated by commas. Residents go on using them."
    )
    search_name = fields.Char(compute="_compute_search_name", store=True, index="trigram")
    code = fields.Char(help="Number in the city's register of streets.")
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    district_id = fields.Many2one(
        "contact.center.district", check_company=True, index=True, help="District of every house that no segment names."
    )
    segment_ids = fields.One2many("contact.center.street.segment", "street_id", "Segments in other districts")
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    active = fields.Boolean(default=True)

    _company_name_index = models.Index("(company_id, name)")

    @api.depends("kind", "name")
    def _compute_search_name(self):
        for street in self:
            street.search_name = " ".join(filter(None, (street.kind, street.name)))

    @api.depends("kind", "name", "former_names")
    def _compute_display_name(self):
        for street in self:
            label = " ".join(filter(None, (street.kind, street.name)))
            street.display_name = f"{label} ({street.former_names})" if street.former_names else label

    def _get_label(self):
        """Return the present name with its kind, for one street or an empty set."""
        return self.search_name or ""

    def _get_former_names(self):
        """Return the former names of one street as a list."""
        return [name.strip() for name in (self.former_names or "").split(",") if name.strip()]

    @api.model
    @tools.ormcache("company_id")
    def _search_index(self, company_id):
        """Return the word index over all active streets of one city, by present and former names."""
        # The index is shared by all users of the city; names of streets are no secret, hence sudo.
        streets = self.sudo().search([("company_id", "=", company_id)])
        return Index(
            Document(
                street.id,
                names=(street._get_label(),),
                synonyms=street._get_former_names(),
                code=street.code or "",
            )
            for street in streets
        )

    @api.model
    def search_by_words(self, words, limit=5, company=None):
        """Return the streets that fit a name as people say or type it, former and misspelt names too, the best first.

        :param str words: the name or its beginning (three letters at least).
        :param int limit: how many streets at most.
        :param company: the city, by default the current one.
        """
        company = company or self.env.company
        found = self._search_index(company.id).search(words or "", limit=limit)
        return self.browse(street_id for street_id, _score in found).exists()

    @api.model
    def _get_map_centre(self, company):
        """Return ``[latitude, longitude]`` in the middle of a city's streets, or false when none has a point."""
        [(latitude, longitude)] = self._read_group(
            [("company_id", "=", company.id), ("latitude", "!=", 0), ("longitude", "!=", 0)],
            aggregates=["latitude:avg", "longitude:avg"],
        )
        return [latitude, longitude] if latitude else False

    @api.model
    def _is_in_city(self, company, latitude, longitude):
        """Tell whether a point in degrees lies in a city: near the point of one of its streets.

        A city without points of its streets can't tell, and takes every point.
        """
        of_city = Domain("company_id", "=", company.id)
        south, north, west, east = bounding_box(latitude, longitude, CITY_MARGIN_M)
        near = (
            Domain("latitude", ">=", south)
            & Domain("latitude", "<=", north)
            & Domain("longitude", ">=", west)
            & Domain("longitude", "<=", east)
        )
        placed = Domain("latitude", "!=", 0) & Domain("longitude", "!=", 0)
        # Where the streets of a city are is public, hence sudo.
        Street = self.sudo()
        return bool(Street.search_count(of_city & near & placed, limit=1)) or not Street.search_count(
            of_city & placed, limit=1
        )

    def _get_district(self, house):
        """Return the district in which a house of this one street stands.

        :param str house: house number as written, e.g. ``"12a"`` or ``"7/2"``; its leading number decides.
        """
        number = HOUSE_NUMBER.search(house or "")
        if number:
            for segment in self.segment_ids:
                if segment._covers(int(number.group())):
                    return segment.district_id
        return self.district_id


class ContactCenterStreetSegment(models.Model):
    """A run of house numbers of a street that lies in a district of its own."""

    _name = "contact.center.street.segment"
    _description = "Street Segment"
    _order = "street_id, number_from"
    _check_company_auto = True

    street_id = fields.Many2one(
        "contact.center.street", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="street_id.company_id", store=True, precompute=True)
    district_id = fields.Many2one("contact.center.district", required=True, index=True, check_company=True)
    parity = fields.Selection(
        [("all", "All numbers"), ("odd", "Odd numbers"), ("even", "Even numbers")], required=True, default="all"
    )
    number_from = fields.Integer("From number", required=True, default=1)
    number_to = fields.Integer("To number", required=True, default=9999)

    @api.constrains("number_from", "number_to")
    def _check_numbers(self):
        for segment in self:
            if not 0 < segment.number_from <= segment.number_to:
                raise ValidationError(
                    self.env._("House numbers of a segment start at 1 and the first can't be above the last.")
                )

    def _covers(self, number):
        """Tell whether this one segment holds the house with the given number."""
        if not self.number_from <= number <= self.number_to:
            return False
        return self.parity == "all" or (number % 2 == 1) == (self.parity == "odd")
