from odoo import fields, models
from odoo.tools import SQL

from ..models.contact_center_call import DIRECTIONS, OUTCOMES


class ContactCenterCallReport(models.Model):
    """Calls for counting (PO-6.4): no number, no applicant, no request.

    Averages leave out what a figure isn't about: the waiting time before an answer knows answered calls only, the
    service level ended incoming calls only. So every column can be averaged over any grouping.
    """

    _name = "contact.center.call.report"
    _description = "Calls Analysis"
    _auto = False
    _order = "started_at desc, id desc"
    _rec_name = "started_at"
    _depends = {
        "contact.center.call": [
            "abandoned",
            "answered_at",
            "company_id",
            "direction",
            "ended_at",
            "first_contact_resolution",
            "handling_seconds",
            "line",
            "out_of_hours",
            "outcome",
            "started_at",
            "user_id",
            "wait_seconds",
            "within_service_level",
        ],
        "res.company": ["resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    company_id = fields.Many2one("res.company", "City", readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    line = fields.Char("Line or queue", readonly=True)
    user_id = fields.Many2one("res.users", "Operator", readonly=True)
    started_at = fields.Datetime("Started", readonly=True)
    hour = fields.Integer("Hour of the day", readonly=True, aggregator=None, help="0 to 23, in the time of the city.")
    out_of_hours = fields.Boolean("Out of hours", readonly=True)
    out_of_hours_count = fields.Integer("Calls out of hours", readonly=True)
    answered = fields.Integer(readonly=True, help="Refused calls were answered first and count as well.")
    abandoned = fields.Integer("Abandoned by the caller", readonly=True)
    missed = fields.Integer(readonly=True)
    refused = fields.Integer(readonly=True)
    answer_wait = fields.Float("Wait for the answer (s)", readonly=True, aggregator="avg")
    abandoned_wait = fields.Float("Wait before giving up (s)", readonly=True, aggregator="avg")
    handling_seconds = fields.Float("Handling time (s)", readonly=True, aggregator="avg")
    service_level = fields.Float(
        "Answered in time (%)", readonly=True, aggregator="avg", help="Share of the incoming calls that have ended."
    )
    first_contact_resolution = fields.Float(
        "Resolved at first contact (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the incoming calls that were answered and not refused.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT call.id,
                   call.company_id,
                   call.direction,
                   call.outcome,
                   call.line,
                   call.user_id,
                   call.started_at,
                   EXTRACT(HOUR FROM call.started_at AT TIME ZONE 'UTC'
                                     AT TIME ZONE COALESCE(calendar.tz, 'UTC'))::int AS hour,
                   call.out_of_hours,
                   call.out_of_hours::int AS out_of_hours_count,
                   (call.outcome IN ('answered', 'refused'))::int AS answered,
                   (call.outcome = 'abandoned')::int AS abandoned,
                   (call.outcome = 'missed')::int AS missed,
                   (call.outcome = 'refused')::int AS refused,
                   CASE WHEN call.outcome IN ('answered', 'refused') THEN call.wait_seconds END AS answer_wait,
                   CASE WHEN call.outcome = 'abandoned' THEN call.wait_seconds END AS abandoned_wait,
                   CASE WHEN call.answered_at IS NOT NULL AND call.ended_at IS NOT NULL
                        THEN call.handling_seconds END AS handling_seconds,
                   CASE WHEN call.direction = 'in' AND call.outcome NOT IN ('ringing', 'talking')
                        THEN call.within_service_level::int * 100 END AS service_level,
                   CASE WHEN call.direction = 'in' AND call.outcome = 'answered'
                        THEN call.first_contact_resolution::int * 100 END AS first_contact_resolution
              FROM contact_center_call call
              JOIN res_company company ON company.id = call.company_id
         LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
            """
        )
