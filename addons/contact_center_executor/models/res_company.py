from datetime import datetime, time

from odoo import api, fields, models

from odoo.addons.contact_center_base.clock import next_working_moment
from odoo.addons.contact_center_base.moments import aware, naive


class ResCompany(models.Model):
    _inherit = "res.company"

    contact_center_accept_days = fields.Integer(
        "Working days to accept", default=2, help="A request stays new at an executor no longer (RO-4.3b)."
    )
    contact_center_review_days = fields.Integer(
        "Working days to agree", default=1, help="In which the centre agrees to a proposal or returns it (KR-9.2.4)."
    )

    contact_center_decision_days = fields.Integer(
        "Working days to decide", default=2, help="In which a petition of an executor is decided."
    )
    contact_center_escalation_days = fields.Integer(
        "Working days overdue until the control body is told",
        default=3,
        help="The executor's head is told at once when a term has run out, the control body so much later.",
    )
    contact_center_justification_notice_days = fields.Integer(
        "Days of notice before a justification is due",
        default=5,
        help="So long before the 30 days are over executors are reminded to solve a request or to justify (RO-4.4b).",
    )

    contact_center_works_sequence_id = fields.Many2one("ir.sequence", "Numbers of works", copy=False)

    _contact_center_days_check = models.Constraint(
        "CHECK(contact_center_accept_days > 0 AND contact_center_review_days > 0 AND contact_center_decision_days > 0)",
        "A term of the executors' work lasts at least one working day.",
    )

    _contact_center_escalation_check = models.Constraint(
        "CHECK(contact_center_escalation_days > 0 AND contact_center_justification_notice_days BETWEEN 1 AND 29)",
        "Tell the control body after at least one working day, and give 1 to 29 days of notice of a justification.",
    )

    def _next_working_moment(self, moment):
        """Return a moment (naive UTC) or the next one within the working hours of this one city."""
        return naive(next_working_moment(self._get_clock_calendar(), aware(moment)))

    def _get_review_times(self, moment):
        """Return from when and until when this one centre considers what was proposed at a moment (naive UTC).

        KR-9.2.4: what comes out of hours is considered the next working day.
        """
        start = self._next_working_moment(moment)
        return {
            "review_from": start,
            "review_by": self._add_working_days(self.contact_center_review_days, start),
        }

    def _get_day_start(self, date):
        """Return the moment, naive UTC, when a day begins in this one city."""
        return naive(datetime.combine(date, time.min, tzinfo=self._get_time_zone()))

    def _get_alert_user(self):
        """Return who looks after delays in this one city: the recipient of deadline alerts, else a supervisor."""
        # Who that is follows from settings and groups, whoever asks, hence sudo.
        company = self.sudo()
        supervisors = company.env.ref("contact_center_base.group_supervisor").all_user_ids.sorted("id")
        candidates = company.contact_center_alert_user_id | supervisors
        return candidates.filtered(
            lambda user: company in user.company_ids and user.has_group("contact_center_base.group_operator")
        )[:1]

    def _get_works_sequence(self):
        """Return the sequence of numbers of works of this one city, made on first use."""
        self.ensure_one()
        # Executors register works; sequences belong to the administrator, hence sudo.
        company = self.sudo()
        if not company.contact_center_works_sequence_id:
            company.contact_center_works_sequence_id = company.env["ir.sequence"].create(
                {
                    "name": self.env._("Works of %s", company.name),
                    "code": "contact.center.works",
                    "prefix": "W-%(range_year)s-",
                    "padding": 5,
                    "use_date_range": True,
                    "company_id": company.id,
                }
            )
        return company.contact_center_works_sequence_id

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for company in companies:
            company._get_works_sequence()
        return companies
