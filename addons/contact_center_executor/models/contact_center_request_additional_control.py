from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.contact_center_base import clock
from odoo.addons.contact_center_base.moments import aware, naive

from ..assignment_workflow import OPEN_STATES


class ContactCenterRequest(models.Model):
    """Additional control (KR-8.2.2): the longer term of a request, and where it has to end."""

    _inherit = "contact.center.request"

    additional_control = fields.Boolean(
        compute="_compute_additional_control",
        store=True,
        precompute=True,
        help="The term that runs now was extended (KR-8.2.2).",
    )
    additional_control_until = fields.Datetime(compute="_compute_additional_control", store=True, precompute=True)
    additional_control_count = fields.Integer(
        "Extensions",
        compute="_compute_additional_control",
        store=True,
        precompute=True,
        help="How often a term of it was extended, whether it runs still or not.",
    )

    _additional_control_index = models.Index(
        "(company_id, additional_control_until) WHERE additional_control AND finished_at IS NULL"
    )

    # ------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------

    @api.depends("interval_ids.kind", "interval_ids.start", "term_restarted_at", "deadline")
    def _compute_additional_control(self):
        for request in self:
            granted = [row.start for row in request.interval_ids if row.kind == "extension"]
            restarted = request.term_restarted_at
            request.additional_control = any(not restarted or start > restarted for start in granted)
            request.additional_control_until = request.additional_control and request.deadline
            request.additional_control_count = len(granted)

    @api.model
    def _get_derived_fields(self):
        return super()._get_derived_fields() | {
            "additional_control",
            "additional_control_until",
            "additional_control_count",
        }

    # ------------------------------------------------------------
    # Extending
    # ------------------------------------------------------------

    def _extend(self, length, reason, role=None):
        """Extend the term; an extension that comes too late doesn't wipe out that the former term was missed."""
        for request in self:
            if length.get("until"):
                request._check_extension(length["until"])
        # What the executors have missed is a figure that only the system keeps, hence sudo.
        parts = self.sudo().assignment_ids.filtered(lambda part: part.state in OPEN_STATES)
        parts._note_missed_deadline()
        return super()._extend(length, reason, role)

    def _check_extension(self, until):
        """Check that the term of this one request can be extended until a day.

        :param until: the new last day, a date in the city.
        :raises UserError: when it is over or no later than the present one, beyond the maximum, or no clock runs.
        """
        if not self.deadline:
            raise UserError(self.env._("%s has no term to extend.", self.number))
        if self.state == "planned":
            raise UserError(self.env._("%s is in the long-term plan: its clock stands still.", self.number))
        if until < self.company_id._get_today():
            raise UserError(self.env._("%s is over: choose a day to come.", format_date(self.env, until)))
        if until <= self.company_id._to_local(self.deadline).date():
            raise UserError(self._explain_no_extension({"until": until}))
        extended = self._compute_extended(until)
        if not extended.capped:
            return
        last = self.company_id._to_local(naive(extended.due))
        if extended.due <= aware(self.deadline):
            raise UserError(self._explain_no_extension({}))
        raise UserError(
            self.env._(
                "%(number)s: by the maximum of “%(rule)s” the term can be extended until %(last)s at the latest.",
                number=self.number,
                rule=self.deadline_rule_id.sudo().name,  # terms are configuration
                last=format_date(self.env, last.date()),
            )
        )

    def _compute_extended(self, until):
        """Return the plain :class:`~..clock.Deadline` that this one request would have, extended until a day."""
        *arguments, extensions = self._get_clock_arguments()
        further = clock.Extension(until=until, granted=aware(fields.Datetime.now()))
        return clock.compute(*arguments, [*extensions, further], **self._get_warning_arguments())
