import math
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.image import image_process

from odoo.addons.portal.controllers.portal import pager

from ..models.contact_center_public_lookup import PUBLIC_STATES
from ..moments import aware
from ..workflow import OPEN_STATES
from .pages import FEED_HEADERS, ROOT, SHOWN, CityPages

PAGE = "map"
PAGE_SIZE = 20
#: A list is counted up to here only: nobody turns more pages, and counting a million takes long.
COUNT_LIMIT = 1000
MAP_LIMIT = 1000
#: Days since the end for which ended requests are shown; the first is what is shown unless asked otherwise.
PERIODS = (30, 90, 365)
#: Pixels of a side and quality (percent) at which photos are shown.
PHOTO_SIZE = 1280
PHOTO_QUALITY = 80
_FILTERS = ("words", "topic", "district", "state", "days")


class MapController(CityPages, http.Controller):
    """What goes on in the city (MA-2.2.7, KP-2.6): public requests as a map, as a list and each by itself.

    Whatever leaves here comes from ``_read_public`` of the requests.
    """

    # ------------------------------------------------------------
    # Map and list
    # ------------------------------------------------------------

    @http.route([f"{ROOT}/<string:code>/map", f"{ROOT}/<string:code>/map/page/<int:page>"], **SHOWN)
    def show_map(self, code, page=1, **params):
        """Show the public requests of a city on a map and as a list, by default the open and the lately ended ones."""
        city = self._get_city(code)
        filters = self._read_filters(city, params)
        Request = self._get_requests()
        domain = self._get_domain(city, filters)
        url = self._get_url(city, PAGE)
        count = Request.search_count(domain, limit=COUNT_LIMIT + 1)
        pages = pager(url, min(count, COUNT_LIMIT), page=page, step=PAGE_SIZE, url_args=filters["params"])
        found = Request.search(domain, limit=PAGE_SIZE, offset=pages["offset"], order="changed_at desc, id desc")
        values = {
            **self._prepare_page(city, PAGE),
            **self._get_choices(city),
            "url": url,
            "filters": filters,
            "pager": pages,
            "count": count,
            "count_limit": COUNT_LIMIT,
            "rows": found._read_public(),
            "open_states": OPEN_STATES,
            "query": self._get_query(),
        }
        return request.render("contact_center_base.map_page", values)

    @http.route(f"{ROOT}/<string:code>/map.json", **SHOWN)
    def list_points(self, code, bbox="", **params):
        """Return the public requests that have a point as GeoJSON (RFC 7946), filtered as on the page.

        :param str bbox: ``west,south,east,north`` in degrees. ``truncated`` says that there are more than are shown.
        """
        city = self._get_city(code)
        try:
            box = self._read_box(bbox)
        except UserError as error:
            return request.make_json_response({"message": str(error)}, status=400)
        # What has no point stands at 0, 0.
        domain = self._get_domain(city, self._read_filters(city, params), box=box)
        placed = [*domain, "|", ("latitude", "!=", 0), ("longitude", "!=", 0)]
        found = self._get_requests().search(placed, limit=MAP_LIMIT + 1, order="changed_at desc, id desc")
        response = request.make_json_response(
            {
                "type": "FeatureCollection",
                "truncated": len(found) > MAP_LIMIT,
                "features": [self._prepare_feature(city, row) for row in found[:MAP_LIMIT]._read_public()],
            },
            headers=[*FEED_HEADERS, ("Content-Type", "application/geo+json")],
        )
        response.add_etag()
        return response.make_conditional(request.httprequest.environ)

    # ------------------------------------------------------------
    # One request
    # ------------------------------------------------------------

    @http.route(f"{ROOT}/<string:code>/requests/<string:number>", **SHOWN)
    def show_request(self, code, number, **_kwargs):
        """Show what everybody may know of one request."""
        city = self._get_city(code)
        found = self._get_request(city, number)
        return request.render("contact_center_base.map_request", self._prepare_request_page(city, found))

    @http.route(f"{ROOT}/<string:code>/requests/<string:number>/photos/<string:photo>", **SHOWN)
    def show_photo(self, code, number, photo, **_kwargs):
        """Return a photo that the applicant published, made smaller and without what the camera wrote into it."""
        city = self._get_city(code)
        photos = self._get_request(city, number)._get_public_photos()
        attachment = photos.filtered(lambda shown: shown.id == self._read_id(photo))
        try:
            # Saved anew, so that neither place nor owner of the camera go along.
            content = image_process(attachment.raw, size=(PHOTO_SIZE, PHOTO_SIZE), quality=PHOTO_QUALITY)
        except UserError as error:
            raise NotFound from error
        if not content:
            raise NotFound
        headers = [
            ("Content-Type", attachment.mimetype),
            ("Cache-Control", "public, max-age=3600"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'"),
        ]
        return request.make_response(content, headers)

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    def _get_requests(self):
        return request.env["contact.center.request"].sudo()  # only what _read_public gives is shown

    def _get_request(self, city, number):
        """Return the public request of a city with a number.

        :raises NotFound: when there is none.
        """
        Request = self._get_requests()
        found = Request.search([*Request._get_public_domain(city), ("number", "=", self._read_text(number))])
        if not found:
            raise NotFound
        return found

    def _read_filters(self, city, params):
        """Return what the address asks for; what means nothing is left out. ``params`` are those to keep in links."""
        wanted = {name: self._read_text(params.get(name)) for name in _FILTERS}
        # Names of nodes and districts are public, hence sudo.
        env = request.env(su=True)
        of_city = ("company_id", "=", city.id)
        category = env["contact.center.category"].search([of_city, ("id", "=", self._read_id(wanted["topic"]))])
        district = env["contact.center.district"].search([of_city, ("id", "=", self._read_id(wanted["district"]))])
        return {
            "words": wanted["words"],
            "category": category,
            "district": district,
            "state": wanted["state"] if wanted["state"] in PUBLIC_STATES else None,
            "days": next((days for days in PERIODS if str(days) == wanted["days"]), PERIODS[0]),
            "params": {name: value for name, value in wanted.items() if value},
        }

    def _get_domain(self, city, filters, box=None):
        given = {name: value for name, value in filters.items() if name != "params"}
        return self._get_requests()._get_public_list_domain(city, **given, box=box)

    def _read_box(self, text):
        """Return the borders ``(west, south, east, north)`` that a text names, or ``None`` for an empty one.

        :raises UserError: when it isn't four numbers.
        """
        if not text:
            return None
        try:
            box = tuple(float(part) for part in text.split(","))
        except ValueError:
            box = ()
        if len(box) != 4 or not all(map(math.isfinite, box)):
            raise UserError(request.env._("Write “bbox” as west,south,east,north in degrees."))
        return box

    def _get_choices(self, city):
        """Return the topics and districts of a city from which to choose."""
        # Names of nodes and districts are public, hence sudo.
        env = request.env(su=True)
        of_city = ("company_id", "=", city.id)
        labels = dict(self._get_requests()._fields["state"]._description_selection(request.env))
        return {
            "topics": env["contact.center.category"].search([of_city, ("public", "=", True)]).sorted("complete_name"),
            "districts": env["contact.center.district"].search([of_city]),
            "states": [("open", request.env._("Open")), ("done", labels["done"]), ("closed", labels["closed"])],
            "periods": PERIODS,
        }

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    def _prepare_request_page(self, city, found):
        """Return the values of the page of one public request; addons add what they know of its place."""
        [row] = found._read_public()
        return {
            **self._prepare_page(city, PAGE),
            "url": self._get_url(city, PAGE),
            "row": row,
            "photos": found._get_public_photos().ids,
            "is_open": row["state"] in OPEN_STATES,
            "request_url": self._get_url(city, f"requests/{row['number']}"),
            "join_url": self._get_join_url(city, found, row),
        }

    def _get_join_url(self, city, found, row):
        """Return the path of the form filled in with the topic and place of one request, where it can be joined."""
        # The point is the rounded one: the exact one isn't for everybody.
        known = {
            "category_id": row["category"].id,
            "street": found.street_id._get_label(),
            "house": found.house,
            "latitude": row["latitude"],
            "longitude": row["longitude"],
        }
        return f"{self._get_url(city, 'new')}?{urlencode({name: value for name, value in known.items() if value})}"

    def _prepare_feature(self, city, row):
        """Return a row of ``_read_public`` as a GeoJSON feature."""
        return {
            "type": "Feature",
            "id": row["number"],
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {
                "number": row["number"],
                "topic": row["category"].name,
                "state": row["state"],
                "state_label": row["state_label"],
                "open": row["state"] in OPEN_STATES,
                "address": row["address"],
                "registered": aware(row["registered"]).isoformat(timespec="seconds"),
                "changed": aware(row["changed"]).isoformat(timespec="seconds"),
                "url": self._get_base_url(city, f"requests/{row['number']}"),
            },
        }
