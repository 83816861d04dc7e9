from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .contact_center_escalation_mixin import AWARENESS_DAYS


class ContactCenterAssignment(models.Model):
    """What is counted of assignments (KP-3.7): every figure is the number of the assignments that its domain finds."""

    _inherit = "contact.center.assignment"

    see_by = fields.Datetime(
        compute="_compute_see_by",
        store=True,
        help="Until when somebody of the executor should have opened it: they look once a day (RO-4.1).",
    )
    seen_late = fields.Boolean(
        compute="_compute_seen_late",
        search="_search_seen_late",
        help="Nobody of the executor opened it within a working day (RO-4.1).",
    )

    _assigned_index = models.Index("(company_id, assigned_at)")
    _finished_index = models.Index("(company_id, finished_at) WHERE finished_at IS NOT NULL")

    # ------------------------------------------------------------
    # Compute and search
    # ------------------------------------------------------------

    @api.depends("company_id", "assigned_at")
    def _compute_see_by(self):
        # Those given out together share the moment.
        for (company, moment), assignments in self.grouped(lambda part: (part.company_id, part.assigned_at)).items():
            # Calendars are configuration, hence sudo.
            assignments.see_by = moment and company.sudo()._add_working_days(AWARENESS_DAYS, moment)

    @api.depends("seen_at", "see_by")
    def _compute_seen_late(self):
        now = fields.Datetime.now()
        for assignment in self:
            assignment.seen_late = bool(assignment.see_by) and (assignment.seen_at or now) > assignment.see_by

    @api.model
    def _search_seen_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()

        def seen_after(model, alias, query):
            seen, see_by = (model._field_to_sql(alias, name, query) for name in ("seen_at", "see_by"))
            return SQL("COALESCE(%s, %s) > %s", seen, now, see_by)

        late = Domain.custom(to_sql=seen_after, predicate=lambda assignment: assignment.seen_late)
        return late if True in value else ~late

    # ------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------

    @api.model
    def _get_figure_domains(self, company, date_from, date_to):
        """Return ``{figure: domain of the assignments that it counts}`` of one city in a period.

        ``received`` are given to executors in the period, ``finished`` are those that the centre agreed to in it. Of
        these ``on_time`` were proposed within their terms. ``late`` weren't, whether they were finished or taken away
        then, and ``open_overdue`` are still at work though their term ended by the end of the period. ``returned``
        are the finished ones that came back for rework, ``extended`` those whose term was extended in the period,
        ``unseen`` the received ones that nobody of the executor opened within a working day.

        :param date_from: first day of the period in the city.
        :param date_to: its last day.
        """
        start, end = company._get_period_bounds(date_from, date_to)
        # Restricted requests are left out: the figures would tell of them, and their lists can't be shown.
        base = Domain("company_id", "=", company.id) & Domain("restricted", "=", False)
        ended = base & Domain("finished_at", ">=", start) & Domain("finished_at", "<", end)
        received = base & Domain("assigned_at", ">=", start) & Domain("assigned_at", "<", end)
        finished = ended & Domain("state", "=", "done")
        extension = Domain("kind", "=", "extension") & Domain("start", ">=", start) & Domain("start", "<", end)
        return {
            "received": received,
            "finished": finished,
            "on_time": finished & Domain("missed_deadline", "=", False),
            "late": ended & Domain("missed_deadline", "=", True),
            "open_overdue": base & Domain("is_overdue", "=", True) & Domain("deadline", "<", end),
            "returned": finished & Domain("rework_count", ">", 0),
            "extended": base & Domain("state", "!=", "withdrawn") & Domain("request_id.interval_ids", "any", extension),
            "unseen": received & Domain("seen_late", "=", True),
        }

    @api.model
    def _measure_days(self, domain):
        """Return ``{executor: (average, median)}`` of the days from assigning to the last proposal, in one query.

        They are calendar days of 24 hours: it is how long the applicant waited for the executor. Under the empty
        executor stand those of all of them together.
        """
        query = self._search(domain)
        executor = self._field_to_sql(self._table, "executor_id", query)
        days = SQL(
            "EXTRACT(EPOCH FROM %s - %s) / 86400.0",
            self._field_to_sql(self._table, "proposed_at", query),
            self._field_to_sql(self._table, "assigned_at", query),
        )
        query.groupby = SQL("GROUPING SETS ((%s), ())", executor)
        # Sorting has no meaning for groups.
        query.order = None
        rows = self.env.execute_query(
            query.select(executor, SQL("AVG(%s)", days), SQL("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", days))
        )
        executors = self.env["contact.center.executor"]
        return {
            executors.browse(executor_id): (float(average), float(median))
            for executor_id, average, median in rows
            if average is not None
        }
