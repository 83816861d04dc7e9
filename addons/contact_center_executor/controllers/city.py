from odoo.http import request

from odoo.addons.contact_center_base.controllers.map import MapController

#: Works told of beside a request.
NEARBY_LIMIT = 3


class MapWorksController(MapController):
    """What the works register adds to public requests."""

    def _prepare_request_page(self, city, found):
        """Add the works at the place of the request: they may be the answer."""
        Works = request.env["contact.center.works"].sudo()  # only what _read_public gives is shown
        nearby = Works._find_at(
            city,
            street=found.street_id,
            house=found.house,
            district=found.district_id,
            latitude=found.latitude,
            longitude=found.longitude,
            limit=NEARBY_LIMIT,
        )
        return {**super()._prepare_request_page(city, found), "works": nearby._read_public()}
