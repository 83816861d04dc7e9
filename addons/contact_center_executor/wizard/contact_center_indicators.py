from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import date_utils

from ..const import EXECUTOR_KINDS

PERIODS = [
    ("month", "This month"),
    ("last_month", "Last month"),
    ("quarter", "This quarter"),
    ("year", "This year"),
    ("custom", "From – to"),
]
#: Figures that a line keeps as they come, and shares that stay empty where there is nothing to judge by.
COUNTS = (
    "received",
    "finished",
    "on_time",
    "late",
    "open_overdue",
    "overdue",
    "judged",
    "returned",
    "extended",
    "unseen",
)
WORKS = ("works", "works_in_time")
RATINGS = ("ratings", "satisfied")
MEASURES = (
    "on_time_share",
    "lower_bound",
    "rework_share",
    "works_share",
    "average_days",
    "median_days",
    "satisfied_share",
    "satisfied_bound",
    "rating_average",
)
#: Where the list behind a figure is; of all others it is that of the assignments.
ACTIONS = {
    **dict.fromkeys(WORKS, "contact_center_executor.contact_center_works_action"),
    **dict.fromkeys(RATINGS, "contact_center_base.contact_center_rating_action"),
}


class ContactCenterIndicators(models.TransientModel):
    """Asks for which period the indicators of executors are shown (KP-3.7)."""

    _name = "contact.center.indicators"
    _description = "Period of Indicators"

    period = fields.Selection(PERIODS, required=True, default="month")
    date_from = fields.Date(
        "From", compute="_compute_dates", store=True, precompute=True, readonly=False, required=True
    )
    date_to = fields.Date("To", compute="_compute_dates", store=True, precompute=True, readonly=False, required=True)
    is_latest = fields.Boolean(
        compute="_compute_is_latest", search="_search_is_latest", help="The one that the user asked for last."
    )

    @api.depends("period")
    def _compute_dates(self):
        today = self.env.company._get_today()
        for wizard in self:
            unit = "month" if wizard.period in ("last_month", "custom") else wizard.period
            day = today - relativedelta(months=1) if wizard.period == "last_month" else today
            if wizard.period != "custom" or not wizard.date_from:
                wizard.date_from = date_utils.start_of(day, unit)
                wizard.date_to = date_utils.end_of(day, unit)

    @api.depends_context("uid")
    def _compute_is_latest(self):
        latest = self._find_latest()
        for wizard in self:
            wizard.is_latest = wizard == latest

    @api.model
    def _search_is_latest(self, operator, value):
        if operator != "in":
            return NotImplemented
        latest = Domain("id", "in", self._find_latest().ids)
        return latest if True in value else ~latest

    @api.model
    def _find_latest(self):
        """Return the period that the current user asked for last, to which the way back in the browser leads."""
        return self.search([("create_uid", "=", self.env.uid)], order="id desc", limit=1)

    @api.model
    def action_open(self):
        """Show the indicators of the period that the context names, by default of this month."""
        return self.create([{"period": self.env.context.get("period", "month")}]).action_show()

    def action_show(self):
        """Show the indicators of the period as a list of executors, the best first.

        :raises UserError: for a period that ends before it begins.
        """
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins: change its dates."))
        self._create_lines()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_center_executor.contact_center_indicators_line_action"
        )
        date = self.env["ir.qweb.field.date"]
        dates = [date.value_to_html(day, {}) for day in (self.date_from, self.date_to)]
        action["display_name"] = " – ".join(dates)
        return {**action, "domain": [("period_id", "=", self.id)], "target": "main"}

    def _create_lines(self):
        """Work out the lines of this one period, for the executors of the user's cities."""
        self.env["contact.center.executor"].check_access("read")
        executors = (
            self.env["contact.center.executor"]
            .with_context(active_test=False)
            .search([("company_id", "in", self.env.companies.ids)])
        )
        indicators = executors._get_indicators(self.date_from, self.date_to)
        before = executors._get_indicators(*self._get_previous_dates())
        # Lines are written here only; whoever opens the figures only reads them, hence sudo.
        self.env["contact.center.indicators.line"].sudo().create(
            [
                self._prepare_line(executor, figures, before[executor])
                for executor, figures in indicators.items()
                if executor.active or figures["received"] or figures["judged"] or figures["ratings"]
            ]
        )

    def _get_previous_dates(self):
        """Return the first and the last day of the period of the same length before this one."""
        lengths = {"month": 1, "last_month": 1, "quarter": 3, "year": 12}
        if self.period in lengths:
            start = self.date_from - relativedelta(months=lengths[self.period])
        else:
            start = self.date_from - (self.date_to - self.date_from) - relativedelta(days=1)
        return start, self.date_from - relativedelta(days=1)

    def _prepare_line(self, executor, figures, before):
        """Return the values of the line of one executor.

        :param dict figures: its indicators of the period.
        :param dict before: those of the period before.
        """
        known = figures["on_time_share"] is not None and before["on_time_share"] is not None
        return {
            "period_id": self.id,
            "executor_id": executor.id,
            "kind": executor.kind,
            "company_id": executor.company_id.id,
            "is_ranked": figures["rank"] is not None,
            "rank": figures["rank"],
            "is_compared": known,
            "on_time_change": known and figures["on_time_share"] - before["on_time_share"],
            **{name: figures[name] for name in (*COUNTS, *WORKS, *RATINGS, *MEASURES)},
        }


class ContactCenterIndicatorsLine(models.TransientModel):
    """The indicators of one executor in one period, as they were when somebody asked for them."""

    _name = "contact.center.indicators.line"
    _description = "Indicators of an Executor"
    _order = "is_ranked desc, rank, id"
    _rec_name = "executor_id"

    period_id = fields.Many2one("contact.center.indicators", required=True, index=True, ondelete="cascade")
    opens = fields.Boolean(compute="_compute_opens", help="Whether the user may see the requests behind the numbers.")
    executor_id = fields.Many2one("contact.center.executor", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(EXECUTOR_KINDS, readonly=True)
    company_id = fields.Many2one("res.company", "City", readonly=True)
    is_ranked = fields.Boolean(readonly=True)
    rank = fields.Integer(readonly=True, aggregator=None, help="By the lower bound of the share on time.")
    received = fields.Integer(readonly=True, help="Given to the executor in the period.")
    finished = fields.Integer(readonly=True, help="Agreed to by the centre in the period.")
    on_time = fields.Integer(readonly=True, help="Of the finished ones, proposed within the term.")
    late = fields.Integer("Finished late", readonly=True, help="Finished or taken away in the period, after the term.")
    open_overdue = fields.Integer(readonly=True, help="Still at work though the term ended by the end of the period.")
    overdue = fields.Integer("Overdue in all", readonly=True, help="Finished late and open overdue together.")
    judged = fields.Integer(readonly=True, help="Of how many it is known whether they were on time.")
    on_time_share = fields.Float("On time (share)", readonly=True, aggregator="avg", help="On time of all judged.")
    lower_bound = fields.Float(
        readonly=True,
        aggregator="avg",
        help="With 95 % certainty the share on time is at least this (Wilson): small numbers count carefully.",
    )
    is_compared = fields.Boolean(readonly=True)
    on_time_change = fields.Float(
        "Change", readonly=True, aggregator="avg", help="Of the share on time, since the period before."
    )
    average_days = fields.Float(
        readonly=True, aggregator="avg", help="Calendar days from assigning to the proposal to close, of the finished."
    )
    median_days = fields.Float(readonly=True, aggregator="avg", help="Half of the finished ones took no longer.")
    returned = fields.Integer("Returned for rework", readonly=True, help="Of the finished ones.")
    rework_share = fields.Float(
        "Rework (share)", readonly=True, aggregator="avg", help="Returned of the finished ones."
    )
    extended = fields.Integer(readonly=True, help="Whose term was extended in the period.")
    unseen = fields.Integer(
        "Seen late", readonly=True, help="Of the received ones, not opened within a working day (RO-4.1)."
    )
    works = fields.Integer(readonly=True, help="Planned and emergency works that should have ended in the period.")
    works_in_time = fields.Integer("Works reported in time", readonly=True, help="Closed within an hour of the end.")
    works_share = fields.Float("Works in time (share)", readonly=True, aggregator="avg")
    ratings = fields.Integer(readonly=True, help="By applicants in the period, of requests that the executor did.")
    satisfied = fields.Integer("Satisfied applicants", readonly=True, help="Of the ratings, those of 4 or 5.")
    rating_average = fields.Float("Average rating", readonly=True, aggregator="avg", help="From 1 to 5.")
    satisfied_share = fields.Float("Satisfied (share)", readonly=True, aggregator="avg", help="Of the ratings.")
    satisfied_bound = fields.Float(
        "Satisfied at least",
        readonly=True,
        aggregator="avg",
        help="With 95 % certainty the share of the satisfied is at least this (Wilson): few ratings count carefully.",
    )

    def _compute_opens(self):
        self.opens = self.env["contact.center.assignment"].has_access("read")

    def action_open_figure(self):
        """Open the list behind the figure of this one line that the context names.

        :raises UserError: for a name that is no figure.
        """
        self.ensure_one()
        figure = self.env.context.get("figure")
        domain = self._get_figure_domain(figure)
        if domain is None:
            raise UserError(self.env._("Choose one of the figures: there is none with this name."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            ACTIONS.get(figure, "contact_center_executor.contact_center_assignment_action")
        )
        action["display_name"] = f"{self.executor_id.name}: {self._fields[figure]._description_string(self.env)}"
        return {**action, "domain": list(domain), "context": {}}

    def _get_figure_domain(self, figure):
        """Return the domain of what a figure of this one line counts, or ``None`` when there is no such figure."""
        arguments = (self.company_id, self.period_id.date_from, self.period_id.date_to)
        domains = self.env["contact.center.assignment"]._get_figure_domains(*arguments)
        domains.update(self.env["contact.center.executor"]._get_works_domains(*arguments))
        domains.update(self.env["contact.center.rating"]._get_figure_domains(*arguments))
        domains["overdue"] = domains["late"] | domains["open_overdue"]
        return domains[figure] & Domain("executor_id", "=", self.executor_id.id) if figure in domains else None
