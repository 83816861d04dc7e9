from odoo import fields, models

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

    _contact_center_days_check = models.Constraint(
        "CHECK(contact_center_accept_days > 0 AND contact_center_review_days > 0)",
        "A term of the executors' work lasts at least one working day.",
    )

    def _next_working_moment(self, moment):
        """Return a moment (naive UTC) or the next one within the working hours of this one city."""
        return naive(next_working_moment(self._get_clock_calendar(), aware(moment)))
