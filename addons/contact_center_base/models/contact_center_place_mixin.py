from math import asin, cos, radians, sin, sqrt

from odoo import api, fields, models
from odoo.exceptions import ValidationError

EARTH_RADIUS_M = 6_371_000
METRES_PER_DEGREE = 111_320


def distance_m(latitude, longitude, other_latitude, other_longitude):
    """Return the great-circle distance in metres between two points given in degrees."""
    lat1, lon1, lat2, lon2 = map(radians, (latitude, longitude, other_latitude, other_longitude))
    half_chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half_chord))


def bounding_box(latitude, longitude, metres):
    """Return ``(south, north, west, east)`` in degrees of a square that holds every point within ``metres``."""
    delta_lat = metres / METRES_PER_DEGREE
    delta_lon = metres / (METRES_PER_DEGREE * max(cos(radians(latitude)), 0.01))
    return latitude - delta_lat, latitude + delta_lat, longitude - delta_lon, longitude + delta_lon


class ContactCenterPlaceMixin(models.AbstractModel):
    """A place in a city: street and house, or coordinates, or both.

    The district follows from the street and house and stays editable for places without an address. The inheriting
    model has ``company_id`` and ``_check_company_auto``.
    """

    _name = "contact.center.place.mixin"
    _description = "Place in the City"

    district_id = fields.Many2one(
        "contact.center.district",
        compute="_compute_district_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    street_id = fields.Many2one("contact.center.street", index="btree_not_null", check_company=True)
    house = fields.Char()
    flat = fields.Char()
    place_note = fields.Char("Landmark", help="What helps to find the place: a stop, an entrance, a floor.")
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    address = fields.Char(compute="_compute_address")

    @api.depends("street_id", "house")
    def _compute_district_id(self):
        for record in self:
            district = record.street_id._get_district(record.house) if record.street_id else record.district_id
            record.district_id = district or record.district_id

    @api.depends("street_id", "house", "flat", "place_note")
    def _compute_address(self):
        for record in self:
            street = " ".join(filter(None, (record.street_id._get_label(), record.house)))
            flat = self.env._("flat %s", record.flat) if record.flat else ""
            record.address = ", ".join(filter(None, (street, flat, record.place_note)))

    @api.constrains("latitude", "longitude")
    def _check_coordinates(self):
        for record in self:
            if not (-90 <= record.latitude <= 90 and -180 <= record.longitude <= 180):
                raise ValidationError(
                    self.env._(
                        "%(latitude)s, %(longitude)s is no place on Earth: "
                        "latitude goes from -90 to 90, longitude from -180 to 180.",
                        latitude=record.latitude,
                        longitude=record.longitude,
                    )
                )

    def _has_coordinates(self):
        """Tell whether this one record has a point; 0, 0 lies in the ocean and stands for none."""
        return bool(self.latitude or self.longitude)
