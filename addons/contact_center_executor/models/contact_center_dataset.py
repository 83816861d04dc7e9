from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.contact_center_base.models.contact_center_dataset import BATCH
from odoo.addons.contact_center_base.open_data import Column

EXECUTOR_DATASETS = [("works", "Works and events"), ("indicators", "Executors by month")]
#: Figures of executors that are published, of those that ``indicators.complete`` gives.
PUBLISHED_FIGURES = ("received", "finished", "on_time", "overdue", "returned", "works", "works_in_time")


class ContactCenterDataset(models.Model):
    """Works and executors' indicators as open data (KP-5.8.8)."""

    _inherit = "contact.center.dataset"

    code = fields.Selection(
        selection_add=EXECUTOR_DATASETS, ondelete={code: "cascade" for code, _label in EXECUTOR_DATASETS}
    )

    def _get_works_columns(self):
        return [
            Column("number", "string", self.env._("Number of the card")),
            Column("kind", "string", self.env._("Kind: planned, emergency or event")),
            Column("name", "string", self.env._("What is done")),
            Column("utility", "string", self.env._("What it concerns")),
            Column("executor", "string", self.env._("Executor")),
            Column("districts", "string", self.env._("Districts")),
            Column("address", "string", self.env._("Streets and houses")),
            Column("start", "datetime", self.env._("Beginning")),
            Column("planned_end", "datetime", self.env._("Planned end")),
            Column("ended", "datetime", self.env._("When it ended")),
            Column("cancelled", "datetime", self.env._("When it was cancelled")),
        ]

    def _iter_works(self, since, through):
        """Yield the cards registered in a period, the oldest first."""
        Works = self.env["contact.center.works"]
        start, end = self._get_bounds(since, through)
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("create_date", ">=", start) & Domain("create_date", "<", end)
        batch = Works.search(domain, order="id", limit=BATCH)
        while batch:
            for row in batch._read_public():
                yield (
                    row["number"],
                    row["kind"],
                    row["name"],
                    row["utility"] or None,
                    row["executor"] or None,
                    ", ".join(row["districts"]) or None,
                    row["address"] or None,
                    row["start"] or None,
                    row["planned_end"] or None,
                    row["ended_at"] or None,
                    row["cancelled_at"] or None,
                )
            last = batch[-1].id
            Works.invalidate_model()  # what was sent needn't be kept
            batch = Works.search(domain & Domain("id", ">", last), order="id", limit=BATCH)

    def _get_indicators_columns(self):
        return [
            Column("month", "date", self.env._("First day of the month")),
            Column("executor", "string", self.env._("Executor")),
            Column("received", "integer", self.env._("Assignments received")),
            Column("finished", "integer", self.env._("Assignments finished")),
            Column("on_time", "integer", self.env._("Finished on time")),
            Column("overdue", "integer", self.env._("Finished late, or open and overdue")),
            Column("returned", "integer", self.env._("Returned for rework")),
            Column("works", "integer", self.env._("Works that had to end")),
            Column("works_in_time", "integer", self.env._("Works whose card was kept in time")),
            Column("on_time_share", "number", self.env._("Share on time, 0 to 1")),
            Column("rank", "integer", self.env._("Place among the executors of the city in the month")),
        ]

    def _iter_indicators(self, since, through):
        """Yield the indicators of each executor month by month, as the back office counts them (KP-3.7)."""
        of_city = Domain("company_id", "=", self.company_id.id)
        executors = self.env["contact.center.executor"].with_context(active_test=False).search(of_city)
        since = since or self._get_oldest_day(self.env["contact.center.assignment"], "assigned_at", of_city)
        since = since and since.replace(day=1)
        for first, last in self._iter_months(since, through):
            for executor, figures in executors._get_indicators(first, last).items():
                if any(figures[name] for name in PUBLISHED_FIGURES):
                    counts = (figures[name] for name in PUBLISHED_FIGURES)
                    share = figures["on_time_share"]
                    share = None if share is None else round(share, 3)
                    yield first, executor.name, *counts, share, figures["rank"]
