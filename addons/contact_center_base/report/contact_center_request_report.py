from odoo import fields, models
from odoo.tools import SQL

from ..const import CHANNELS, PRIORITIES, REQUEST_CLASSES
from ..models.contact_center_stage import STATE_SELECTION


class ContactCenterRequestReport(models.Model):
    """Requests for counting: no text and no applicant, and of restricted ones nothing but number, dates and state.

    It serves those who need figures but no content: analysts, and everybody who may know that a restricted request
    exists (KP-2.7).
    """

    _name = "contact.center.request.report"
    _description = "Requests Analysis"
    _auto = False
    _order = "registered_at desc, id desc"
    _rec_name = "number"
    _depends = {
        "contact.center.request": [
            "number",
            "company_id",
            "state",
            "request_class",
            "channel",
            "priority",
            "restricted",
            "category_id",
            "district_id",
            "owner_id",
            "user_id",
            "registered_at",
            "finished_at",
            "deadline",
            "rating",
        ],
        "contact.center.category": ["parent_path"],
    }

    number = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", "City", readonly=True)
    state = fields.Selection(STATE_SELECTION, readonly=True)
    request_class = fields.Selection(REQUEST_CLASSES, "Class", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    restricted = fields.Boolean(readonly=True)
    category_id = fields.Many2one("contact.center.category", readonly=True)
    topic_id = fields.Many2one(
        "contact.center.category", "Main topic", readonly=True, help="Uppermost classifier node above the category."
    )
    district_id = fields.Many2one("contact.center.district", readonly=True)
    owner_id = fields.Many2one("res.partner", "Executor", readonly=True)
    user_id = fields.Many2one("res.users", "Handled by", readonly=True)
    registered_at = fields.Datetime("Registered", readonly=True)
    finished_at = fields.Datetime("Finished", readonly=True)
    deadline = fields.Datetime(readonly=True)
    days_to_finish = fields.Float(readonly=True, aggregator="avg", help="Calendar days from registration to the end.")
    late = fields.Boolean(readonly=True, help="Ended after its deadline, or still open and overdue.")
    on_time = fields.Float(
        "Ended on time (%)", readonly=True, aggregator="avg", help="Share of the ended requests that have a deadline."
    )
    rating = fields.Float(readonly=True, aggregator="avg", digits=(16, 1), help="The applicant's last one, 1 to 5.")
    rated = fields.Integer("Ratings", readonly=True, help="How many of the requests were rated.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT request.id,
                   request.number,
                   request.company_id,
                   request.state,
                   request.restricted,
                   request.registered_at,
                   request.finished_at,
                   request.deadline,
                   EXTRACT(EPOCH FROM request.finished_at - request.registered_at) / 86400 AS days_to_finish,
                   COALESCE(request.finished_at, now() AT TIME ZONE 'UTC') > request.deadline AS late,
                   CASE WHEN request.deadline IS NOT NULL
                        THEN (request.finished_at <= request.deadline)::int * 100::float END AS on_time,
                   CASE WHEN request.restricted THEN NULL ELSE request.request_class END AS request_class,
                   CASE WHEN request.restricted THEN NULL ELSE request.channel END AS channel,
                   CASE WHEN request.restricted THEN NULL ELSE request.priority END AS priority,
                   CASE WHEN request.restricted THEN NULL ELSE request.category_id END AS category_id,
                   CASE WHEN request.restricted THEN NULL
                        ELSE split_part(category.parent_path, '/', 1)::int END AS topic_id,
                   CASE WHEN request.restricted THEN NULL ELSE request.district_id END AS district_id,
                   CASE WHEN request.restricted THEN NULL ELSE request.owner_id END AS owner_id,
                   CASE WHEN request.restricted THEN NULL ELSE request.user_id END AS user_id,
                   CASE WHEN request.restricted THEN NULL ELSE NULLIF(request.rating, 0) END AS rating,
                   CASE WHEN request.rating > 0 AND NOT request.restricted THEN 1 ELSE 0 END AS rated
              FROM contact_center_request request
         LEFT JOIN contact_center_category category ON category.id = request.category_id
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Know the median of the days as an aggregate: a few requests that took years don't move it."""
        if aggregate_spec != "days_to_finish:median":
            return super()._read_group_select(aggregate_spec, query)
        days = self._field_to_sql(self._table, "days_to_finish", query)
        return SQL("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", days)
