from collections import defaultdict

from odoo import api, fields, models
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
        system = self.sudo()
        Assignment, Rating = system.env["contact.center.assignment"], system.env["contact.center.rating"]
        period = company, date_from, date_to
        executors = system.with_context(active_test=False).search([("company_id", "=", company.id)])
        domains = Assignment._get_figure_domains(*period)
        counts = system._count_by_executor(Assignment, domains)
        # Works are counted for KR-8.1.6, ratings for KR-10.1.
        works = system._count_by_executor(system.env["contact.center.works"], system._get_works_domains(*period))
        ratings = system._count_by_executor(Rating, Rating._get_figure_domains(*period))
        days = Assignment._measure_days(domains["finished"])
        averages = Rating._average(*period)
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

    @api.model
    def _count_by_executor(self, records, domains):
        """Return ``{executor: {figure: count}}``, one query for each figure.

        :param records: the model whose records are counted, with an ``executor_id``.
        :param dict domains: what each figure counts.
        """
        counts = defaultdict(dict)
        for figure, domain in domains.items():
            for executor, count in records._read_group(domain, ["executor_id"], ["__count"]):
                counts[executor][figure] = count
        return counts
