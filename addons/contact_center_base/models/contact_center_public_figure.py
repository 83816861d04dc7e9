from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..workflow import OPEN_STATES
from .queue import work_off

#: Period -> how many days it has, today included.
PERIODS = {"day": 1, "month": 30, "quarter": 91, "year": 365}
#: Months of which the course is shown, the present one included.
MONTHS = 12
#: Of fewer requests no median and no share is told: they would be those of somebody's case. Topics that aren't public
#: are told by their name from this number on.
SMALL = 5
_EMPTY = {"received": 0, "solved": 0, "open": 0, "overdue": 0, "median_days": None, "on_time": None}


class ContactCenterPublicFigure(models.Model):
    """What everybody may know of the centre's figures (MA-2.2.7), counted now and then and kept ready for the pages.

    The figures are those of ``contact.center.request.report``, so they equal what the staff sees there at the same
    moment, without restricted requests. Nobody reads this model itself.
    """

    _name = "contact.center.public.figure"
    _description = "Public Figures"
    _rec_name = "period"
    _log_access = False

    company_id = fields.Many2one("res.company", "City", required=True, ondelete="cascade")
    period = fields.Selection(
        [("day", "Today"), ("month", "30 days"), ("quarter", "3 months"), ("year", "12 months")], required=True
    )
    figures = fields.Json(required=True)

    _company_period_unique = models.UniqueIndex("(company_id, period)", "The figures of this period are kept already.")

    # ------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Count the figures of the cities that have public pages anew."""
        domain = Domain("contact_center_code", "!=", False)
        work_off(self.env["res.company"].search(domain, order="id"), domain, self._refresh)

    @api.model
    def _refresh(self, company):
        """Count the figures of one city anew."""
        kept = {row.period: row for row in self.search([("company_id", "=", company.id)])}
        for period in PERIODS:
            figures = self._count(company, period)
            if period in kept:
                kept[period].figures = figures
            else:
                self.create([{"company_id": company.id, "period": period, "figures": figures}])

    @api.model
    def _get_figures(self, company, period):
        """Return the public figures of one city in a period as a dictionary, see :meth:`_count`.

        They are the ones counted last; as long as there are none they are counted now.

        :param str period: one of ``PERIODS``.
        """
        # They are made for everybody, hence sudo.
        figures = self.sudo()
        kept = figures.search([("company_id", "=", company.id), ("period", "=", period)])
        return kept.figures or figures._count(company, period)

    # ------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------

    @api.model
    def _count(self, company, period):
        """Return the public figures of one city in a period, in values that JSON holds.

        ``total`` and the rows of ``topics`` and ``districts`` have ``received`` and ``solved`` (in the period),
        ``open`` and ``overdue`` (now), ``median_days`` (calendar days from registration to the end) and ``on_time``
        (percent) of the solved ones, ``None`` where they are too few. Rows have the ``id`` of the record, ``None``
        for the rest. ``consultations`` were answered in the period. ``months`` have ``month`` (its first day),
        ``received``, ``solved`` and ``consultations``. ``date_from``, ``date_to`` and ``counted`` (naive in UTC) are
        in ISO 8601. Addons add figures of their own.
        """
        date_to = company._get_today()
        date_from = date_to - timedelta(days=PERIODS[period] - 1)
        domains = self._get_domains(company, date_from, date_to)
        [total] = self._count_by(company, domains, None).values()
        return {
            "date_from": date_from.isoformat(),
            "date_to": date_to.isoformat(),
            "counted": fields.Datetime.now().isoformat(),
            "total": total,
            "consultations": self._get_report(company).search_count(domains["consultations"]),
            "topics": self._fold_topics(self._count_by(company, domains, "topic_id")),
            "districts": self._make_rows(self._count_by(company, domains, "district_id")),
            "months": self._count_months(company, date_to),
        }

    @api.model
    def _get_report(self, company):
        """Return the model that counts, in the time zone of one city."""
        # Figures tell of nobody, see SMALL; restricted requests are left out by the domains. Hence sudo.
        report = self.env["contact.center.request.report"].sudo()
        return report.with_context(tz=str(company._get_time_zone()))

    @api.model
    def _get_domains(self, company, date_from, date_to):
        """Return ``{figure: domain of the rows of the report that it counts}`` of one city.

        :param date_from: first day of the period in the city.
        :param date_to: its last day.
        """
        start, end = company._get_period_bounds(date_from, date_to)
        known = Domain("company_id", "=", company.id) & Domain("restricted", "=", False)
        registered = Domain("registered_at", ">=", start) & Domain("registered_at", "<", end)
        finished = Domain("finished_at", ">=", start) & Domain("finished_at", "<", end)
        requests = known & Domain("request_class", "!=", "consultation")
        still_open = requests & Domain("state", "in", OPEN_STATES)
        return {
            "received": requests & registered,
            "solved": requests & finished & Domain("state", "=", "done"),
            "open": still_open,
            "overdue": still_open & Domain("late", "=", True),
            "consultations": known & Domain("request_class", "=", "consultation") & registered,
        }

    @api.model
    def _count_by(self, company, domains, field):
        """Return ``{record: figures}`` of the groups of one field, or of all together under ``None``."""
        report = self._get_report(company)
        groupby = [field] if field else []
        rows = defaultdict(lambda: dict(_EMPTY))
        for figure in ("received", "open", "overdue"):
            for *key, count in report._read_group(domains[figure], groupby, ["__count"]):
                rows[key[0] if key else None][figure] = count
        measured = ["__count", "days_to_finish:median", "on_time:avg"]
        for *key, count, median_days, on_time in report._read_group(domains["solved"], groupby, measured):
            row = rows[key[0] if key else None]
            row["solved"] = count
            if count >= SMALL:
                row["median_days"] = median_days
                # Nothing to judge by is no share of nothing.
                row["on_time"] = None if on_time is False else on_time
        return rows

    @api.model
    def _make_rows(self, rows):
        """Return ``{record: figures}`` as rows that JSON holds, those with most requests first."""
        made = [{"id": record.id or None, **figures} for record, figures in rows.items()]
        return sorted(made, key=lambda row: -row["received"])

    @api.model
    def _fold_topics(self, rows):
        """Return the rows of the topics, the most frequent first; what is seldom and not public goes into the rest."""
        shown, rest = {}, dict(_EMPTY)
        for topic, figures in rows.items():
            counts = {name: figures[name] for name in ("received", "solved", "open", "overdue")}
            if topic.public or (topic and max(counts.values()) >= SMALL):
                shown[topic] = figures
            else:
                rest.update({name: rest[name] + count for name, count in counts.items()})
        nothing = self.env["contact.center.category"]
        return self._make_rows(shown) + (self._make_rows({nothing: rest}) if any(rest.values()) else [])

    @api.model
    def _count_months(self, company, date_to):
        """Return the figures of the last months of one city, the earliest first."""
        first = date_to.replace(day=1) - relativedelta(months=MONTHS - 1)
        domains = self._get_domains(company, first, date_to)
        months = {
            (first + relativedelta(months=number)).isoformat(): {"received": 0, "solved": 0, "consultations": 0}
            for number in range(MONTHS)
        }
        dates = {"received": "registered_at", "solved": "finished_at", "consultations": "registered_at"}
        for figure, date in dates.items():
            groups = self._get_report(company)._read_group(domains[figure], [f"{date}:month"], ["__count"])
            for month, count in groups:
                months[month.date().isoformat()][figure] = count
        return [{"month": month, **figures} for month, figures in months.items()]
