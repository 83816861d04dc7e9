from odoo import api, fields, models
from odoo.fields import Domain

#: From this rating on an applicant is satisfied: good or very good.
SATISFIED = 4


class ContactCenterRating(models.Model):
    """Whose work applicants rate, and what is counted of it (KP-3.7)."""

    _inherit = "contact.center.rating"

    executor_id = fields.Many2one(
        "contact.center.executor", "Rated executor", help="Who did the work; empty when the centre answered by itself."
    )

    _executor_index = models.Index("(executor_id, rated_at) WHERE executor_id IS NOT NULL")

    @api.model
    def _get_figure_domains(self, company, date_from, date_to):
        """Return ``{figure: domain of the ratings that it counts}`` of one city in a period.

        ``ratings`` are all of executors' work, ``satisfied`` those of 4 or 5. A request that was done again has one
        for each time: each tells of the work done then.

        :param date_from: first day of the period in the city.
        :param date_to: its last day.
        """
        start, end = company._get_period_bounds(date_from, date_to)
        # Restricted requests are left out: the figures would tell of them, and their lists can't be shown.
        ratings = Domain("company_id", "=", company.id) & Domain("request_id.restricted", "=", False)
        ratings &= Domain("executor_id", "!=", False)
        ratings &= Domain("rated_at", ">=", start) & Domain("rated_at", "<", end)
        return {"ratings": ratings, "satisfied": ratings & Domain("value", ">=", SATISFIED)}

    @api.model
    def _average(self, company, date_from, date_to):
        """Return ``{executor: average rating}`` of one city in a period; under the empty executor that of all."""
        domain = self._get_figure_domains(company, date_from, date_to)["ratings"]
        averages = dict(self._read_group(domain, ["executor_id"], ["value:avg"]))
        [[of_all]] = self._read_group(domain, [], ["value:avg"])
        return {**averages, self.env["contact.center.executor"]: of_all}
