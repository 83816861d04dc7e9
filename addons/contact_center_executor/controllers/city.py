from odoo.http import request

from odoo.addons.contact_center_base.controllers.city import CityController
from odoo.addons.contact_center_base.controllers.map import MapController
from odoo.addons.contact_center_base.controllers.statistics import StatisticsController

#: Works told of beside a request, and on the home page of a city.
NEARBY_LIMIT = 3
HOME_LIMIT = 5


class HomeWorksController(CityController):
    """What is new in the works register."""

    def _prepare_home(self, city):
        """Add the works announced and under way, those registered last first."""
        Works = request.env["contact.center.works"].sudo()  # only what _read_public gives is shown
        works = Works.search(Works._get_public_domain(city), limit=HOME_LIMIT, order="id desc")
        return {**super()._prepare_home(city), "works": works._read_public()}


class StatisticsExecutorController(StatisticsController):
    """How well executors work, beside the figures of the centre."""

    def _prepare_figures(self, city, figures):
        """Add the executors, in the order of their rank."""
        rows = self._name_rows("contact.center.executor", figures.get("executors", []))
        return {**super()._prepare_figures(city, figures), "executors": rows}


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
