from datetime import date, datetime

from odoo import http
from odoo.http import request

from ..models.contact_center_public_figure import PERIODS
from .pages import ROOT, SHOWN, CityPages

PAGE = "statistics"
DEFAULT_PERIOD = "month"


class StatisticsController(CityPages, http.Controller):
    """The figures of the centre for residents (MA-2.2.7, KP-2.6), from ``contact.center.public.figure``."""

    @http.route(f"{ROOT}/<string:code>/statistics", **SHOWN)
    def show_statistics(self, code, period="", **_kwargs):
        """Show how many requests came in and were solved, by topic, district and month."""
        city = self._get_city(code)
        period = period if period in PERIODS else DEFAULT_PERIOD
        Figure = request.env["contact.center.public.figure"]
        figures = Figure._get_figures(city, period)
        values = {
            **self._prepare_page(city, PAGE),
            "url": self._get_url(city, PAGE),
            "map_url": self._get_url(city, "map"),
            "periods": Figure._fields["period"]._description_selection(request.env),
            "period": period,
            **self._prepare_figures(city, figures),
        }
        return request.render("contact_center_base.statistics_page", values)

    def _prepare_figures(self, city, figures):
        """Return what the page shows of the figures of a city; addons add what they count."""
        return {
            "figures": figures,
            "date_from": date.fromisoformat(figures["date_from"]),
            "date_to": date.fromisoformat(figures["date_to"]),
            "counted": datetime.fromisoformat(figures["counted"]),
            "topics": self._name_rows("contact.center.category", figures["topics"]),
            "districts": self._name_rows("contact.center.district", figures["districts"]),
            "months": [{**row, "month": date.fromisoformat(row["month"])} for row in figures["months"]],
        }

    def _name_rows(self, model, rows):
        """Return rows of figures with the ``name`` of their record; the one without a record comes last."""
        # Names of nodes, districts and executors are public, hence sudo.
        records = request.env[model].sudo().browse(row["id"] for row in rows if row["id"]).exists()
        names = {record.id: record.name for record in records}
        named = [{**row, "name": names.get(row["id"]) or request.env._("Other")} for row in rows]
        return sorted(named, key=lambda row: row["id"] is None)
