from datetime import date

from odoo import api, models

from odoo.addons.contact_center_base.models.contact_center_public_figure import SMALL


class ContactCenterPublicFigure(models.Model):
    """The executors among the public figures (KP-3.7): those of their indicators."""

    _inherit = "contact.center.public.figure"

    @api.model
    def _count(self, company, period):
        """Add ``executors``: ``id``, ``finished``, ``on_time`` (percent), ``median_days`` and ``rank``, the best first.

        Those of whom nothing was judged in the period are left out; of few neither share nor time is told.
        """
        figures = super()._count(company, period)
        bounds = (date.fromisoformat(figures[name]) for name in ("date_from", "date_to"))
        executors = self.env["contact.center.executor"].search([("company_id", "=", company.id)])
        indicators = executors._get_indicators(*bounds)
        rows = [self._make_executor_row(executor, row) for executor, row in indicators.items() if row["judged"]]
        rows.sort(key=lambda row: (row["rank"], row["id"]))
        return {**figures, "executors": rows}

    @api.model
    def _make_executor_row(self, executor, indicators):
        return {
            "id": executor.id,
            "finished": indicators["finished"],
            "on_time": 100 * indicators["on_time_share"] if indicators["judged"] >= SMALL else None,
            "median_days": indicators["median_days"] if indicators["finished"] >= SMALL else None,
            "rank": indicators["rank"],
        }
