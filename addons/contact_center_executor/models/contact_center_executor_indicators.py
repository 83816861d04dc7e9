from odoo import fields, models
from odoo.fields import Domain

from ..indicators import complete, rank
from .contact_center_works_upkeep_mixin import END_TOLERANCE

COUNTED = (
    "received",
    "finished",
    "on_time",
    "late",
    "open_overdue",
    "returned",
    "extended",
    "unseen",
    "works",
    "works_in_time",
    "ratings",
    "satisfied",
)


class ContactCenterExecutor(models.Model):
    """How well executors work in a period, each beside the others of the city (KP-3.7)."""

    _inherit = "contact.center.executor"

    def _get_indicators(self, date_from, date_to):
        """Return ``{executor: {figure: value}}`` of many executors in a period; who may ask is for the caller to check.

        The counts are those of ``contact.center.assignment._get_figure_domains``, what follows from them is named in
        ``indicators.complete``. Besides there are ``average_days`` and ``median_days`` (calendar days from assigning
        to the proposal to close, of the finished ones; ``None`` without any), ``rating_average`` (1 to 5, or ``None``),
        and ``rank`` among the executors of the city by the lower bound of the share on time (``None`` for whoever has
        nothing to judge by).

        :param date_from: first day of the period in the city.
        :param date_to: its last day.
        """
        indicators = {}
        for company, executors in self.grouped("company_id").items():
            figures, _of_city = self._compute_city_indicators(company, date_from, date_to)
            indicators.update({executor: figures[executor.id] for executor in executors})
        return indicators

    def _get_city_indicators(self, date_from, date_to):
        """Return ``{figure: value}`` of all executors of the city of this one together, as ``_get_indicators`` does.

        It has no ``rank``; ``executors`` tells among how many of them ranks are given.
        """
        _of_each, of_city = self._compute_city_indicators(self.company_id, date_from, date_to)
        return of_city

    def _compute_city_indicators(self, company, date_from, date_to):
        """Return ``({id of executor: figures}, figures of all)`` of one city in a period."""
        # Figures name nobody, and a rank needs those of all, hence sudo.
        Assignment = self.env["contact.center.assignment"].sudo()
        executors = self.sudo().with_context(active_test=False).search([("company_id", "=", company.id)])
        counts = Assignment._count_figures(company, date_from, date_to)
        days = Assignment._measure_days(Assignment._get_figure_domains(company, date_from, date_to)["finished"])
        works = executors._count_works(company, date_from, date_to)
        Rating = self.env["contact.center.rating"].sudo()  # as above
        ratings = Rating._count_figures(company, date_from, date_to)
        averages = Rating._average(company, date_from, date_to)
        counted = {
            executor: {
                **dict.fromkeys(COUNTED, 0),
                **counts.get(executor, {}),
                **works.get(executor, {}),
                **ratings.get(executor, {}),
            }
            for executor in executors
        }
        figures = {
            executor.id: self._complete_indicators(counted[executor], days.get(executor), averages.get(executor))
            for executor in counted
        }
        ranks = rank({executor_id: row["lower_bound"] for executor_id, row in figures.items()})
        for executor_id, row in figures.items():
            row["rank"] = ranks.get(executor_id)
        totals = {name: sum(row[name] for row in counted.values()) for name in COUNTED}
        of_city = self._complete_indicators(totals, days.get(self.browse()), averages[self.browse()])
        return figures, {**of_city, "executors": len(ranks)}

    def _complete_indicators(self, counts, days, rating):
        """Return counts with the shares that follow from them, the average and median days and the average rating.

        :param days: ``(average, median)``, if any.
        :param rating: average rating, if any.
        """
        average, median = days or (None, None)
        return {**complete(counts), "average_days": average, "median_days": median, "rating_average": rating}

    def _get_works_domains(self, company, date_from, date_to):
        """Return ``{figure: domain of works}``: those that should have ended in a period, and the cards kept in time.

        :param date_from: first day of the period in the city.
        :param date_to: its last day.
        """
        start, end = company._get_period_bounds(date_from, date_to)
        over = min(end, fields.Datetime.now() - END_TOLERANCE)
        works = Domain("company_id", "=", company.id) & Domain("executor_id", "!=", False)
        works &= Domain("kind", "!=", "event") & Domain("cancelled_at", "=", False)
        works &= Domain("planned_end", ">=", start) & Domain("planned_end", "<", over)
        neglected = self.env["contact.center.works"]._get_neglected_domain()
        return {"works": works, "works_in_time": works & ~neglected}

    def _count_works(self, company, date_from, date_to):
        """Return ``{executor: {figure: count}}`` of the works of one city in a period (KR-8.1.6)."""
        counts = {}
        for figure, domain in self._get_works_domains(company, date_from, date_to).items():
            for executor, count in self.env["contact.center.works"]._read_group(domain, ["executor_id"], ["__count"]):
                counts.setdefault(executor, {})[figure] = count
        return counts
