import gzip
import io
from datetime import date

from werkzeug.exceptions import NotFound
from werkzeug.http import parse_accept_header

from odoo import SUPERUSER_ID, api, http
from odoo.http import Response, request

from ..open_data import FORMATS, write_rows
from .pages import ROOT, SHOWN, CityPages

#: Where the data stands among the pages of a city.
PAGE = "data"
PIECE = 1 << 16
#: Datasets of a period are read from the database while they are sent: so many an hour from one address.
PERIODS_PER_HOUR = 20
HEADERS = [("Access-Control-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff")]


class OpenDataController(CityPages, http.Controller):
    """Open data of a city (KP-5.8.8): the files of the last night, and any period on demand."""

    @http.route(f"{ROOT}/<string:code>/{PAGE}", **SHOWN)
    def show_datasets(self, code, **_kwargs):
        """Show what there is, with the columns of each dataset."""
        city = self._get_city(code)
        datasets = self._find_datasets(city)
        values = {**self._prepare_page(city, PAGE), "datasets": datasets, "url": self._get_url(city, PAGE)}
        return request.render("contact_center_base.open_data", values)

    @http.route(f"{ROOT}/<string:code>/{PAGE}/datapackage.json", **SHOWN)
    def describe(self, code, **_kwargs):
        """Return the description of all files, as programs of data portals read it."""
        city = self._get_city(code)
        url = city.get_base_url() + self._get_url(city, PAGE)
        package = request.env["contact.center.dataset"]._describe_package(city, url)
        return request.make_json_response(package, headers=HEADERS)

    # Not read-only: it counts who asks for periods.
    @http.route(f"{ROOT}/<string:code>/{PAGE}/<string:dataset>.<string:form>", **{**SHOWN, "readonly": False})
    def send(self, code, dataset, form, **params):
        """Send a dataset: whole as of the last night, or the days ``from`` to ``to`` read from the database now."""
        city = self._get_city(code)
        found = self._find_datasets(city).filtered(lambda row: row.code == dataset)
        if not found or form not in FORMATS:
            raise NotFound
        if params.get("from") or params.get("to"):
            return self._send_period(city, found, form, params)
        file = found.file_ids.filtered(lambda row: row.form == form)
        if not file:
            raise NotFound
        return self._send_file(file)

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _find_datasets(self, city):
        # Published datasets are for everybody, hence sudo.
        return request.env["contact.center.dataset"].sudo().search([("company_id", "=", city.id)])

    def _send_file(self, file):
        """Send a file of the last night, packed as it is to whoever unpacks it."""
        name = self._get_name(file.dataset_id, file.form)
        stream = request.env["ir.binary"]._get_stream_from(file, "data", filename=name, mimetype=FORMATS[file.form])
        if "gzip" in parse_accept_header(request.httprequest.headers.get("Accept-Encoding")):
            response = stream.get_response(as_attachment=True)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = self._make_stream(self._unpack(stream.read()), file.dataset_id, file.form)
        response.headers.extend(HEADERS)
        response.headers["Vary"] = "Accept-Encoding"
        return response

    def _unpack(self, packed):
        """Yield an unpacked file piece by piece."""
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            while piece := file.read(PIECE):
                yield piece

    def _send_period(self, city, dataset, form, params):
        """Send the rows of some days, read from the database while they are sent."""
        try:
            since, through = (date.fromisoformat(params[name]) if params.get(name) else None for name in ("from", "to"))
        except ValueError:
            message = request.env._("Write days as year, month and day: 2026-01-31.")
            return request.make_json_response({"message": message}, headers=HEADERS, status=400)
        yesterday = dataset._get_last_day()
        through = min(through or yesterday, yesterday)
        if refusal := self._hold_back(city, ("open data", self._get_visitor(), PERIODS_PER_HOUR, 3600)):
            return refusal
        response = self._make_stream(self._read_period(dataset, form, since, through), dataset, form)
        response.headers.extend(HEADERS)
        return response

    def _read_period(self, dataset, form, since, through):
        """Yield the file of a period, on a cursor of its own: that of the request is closed when sending begins."""
        registry, dataset_id, columns = request.env.registry, dataset.id, dataset._get_columns()

        def read():
            with registry.cursor(readonly=True) as cr:
                rows = api.Environment(cr, SUPERUSER_ID, {})[dataset._name].browse(dataset_id)
                yield from write_rows(form, columns, rows._iter_rows(since, through))

        return read()

    def _make_stream(self, pieces, dataset, form):
        name = self._get_name(dataset, form)
        headers = [("Content-Disposition", f'attachment; filename="{name}"')]
        media_type = f"{FORMATS[form]}; charset=utf-8"
        return Response(pieces, headers=headers, content_type=media_type, direct_passthrough=True)

    def _get_name(self, dataset, form):
        return f"{dataset.company_id.contact_center_code}-{dataset.code}.{form}"
