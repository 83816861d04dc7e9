from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.contact_center_base.clock import next_working_moment
from odoo.addons.contact_center_base.models.queue import work_off
from odoo.addons.contact_center_base.moments import aware, naive

#: The card is closed when the works end (KR-8.1.6); after this time the executor is reminded, then every day.
END_TOLERANCE = timedelta(hours=1)
REMINDER_PAUSE = timedelta(days=1)


class ContactCenterWorksUpkeepMixin(models.AbstractModel):
    """Sees to it that the cards of works are closed when the works end, and knows which weren't in time.

    The inheriting model has ``kind``, ``executor_id``, ``planned_end``, ``ended_at``, ``cancelled_at`` and
    :meth:`_write_kept`.
    """

    _name = "contact.center.works.upkeep.mixin"
    _description = "Upkeep of the Register of Works"

    reminded_at = fields.Datetime("Reminded", readonly=True, copy=False)
    reminder_count = fields.Integer("Reminders to report the end", readonly=True, copy=False)
    next_reminder_at = fields.Datetime(compute="_compute_next_reminder_at", store=True)
    ended_late = fields.Boolean("Reported late", compute="_compute_ended_late", store=True)

    _next_reminder_index = models.Index("(next_reminder_at) WHERE next_reminder_at IS NOT NULL")

    # ------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------

    @api.depends("planned_end", "ended_at", "cancelled_at", "reminded_at", "kind", "executor_id")
    def _compute_next_reminder_at(self):
        """Remind an hour after the planned end and then every day, in working hours except of emergency works."""
        for works in self:
            if works.ended_at or works.cancelled_at or works.kind == "event" or not works.planned_end:
                works.next_reminder_at = False
                continue
            due = works.planned_end + END_TOLERANCE
            if works.reminded_at and works.reminded_at >= due:
                due = works.reminded_at + REMINDER_PAUSE
            if works.kind == "planned" and works.executor_id:
                due = naive(next_working_moment(works.executor_id._get_calendar(), aware(due)))
            works.next_reminder_at = due

    @api.depends("planned_end", "ended_at", "kind")
    def _compute_ended_late(self):
        for works in self:
            reported = works.kind != "event" and works.ended_at
            works.ended_late = bool(reported) and reported > works.planned_end + END_TOLERANCE

    @api.model
    def _get_neglected_domain(self):
        """Return the domain of works whose end wasn't reported in time, or isn't yet: the card isn't kept up to date.

        ``reported late`` compares with the planned end that residents were told last; whoever put it off only after a
        reminder has neglected the card all the same.
        """
        since = fields.Datetime.now() - END_TOLERANCE
        return (
            Domain("ended_late", "=", True)
            | Domain("reminder_count", ">", 0)
            | (self._get_state_domains()["overdue"] & Domain("planned_end", "<", since))
        )

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Remind executors to report the end of works that should be over."""
        domain = Domain("next_reminder_at", "<=", fields.Datetime.now())
        work_off(self.search(domain, order="next_reminder_at, id"), domain, type(self)._remind)

    def _remind(self):
        """Write to the people of the executor of this one card, each in their language, and count it."""
        self.ensure_one()
        people = self.executor_id._get_users().partner_id | self.executor_id.responsible_ids
        for lang, partners in people.filtered("email").grouped("lang").items():
            works = self.with_context(lang=lang)
            works.message_notify(
                partner_ids=partners.ids,
                subject=works.env._("Report the end of %s", works.display_name),
                body=works.env._(
                    "“%(name)s” should have ended by %(end)s. Close the card if the works are over, or enter the new "
                    "end: residents are told what the card says.",
                    name=works.name,
                    end=works._format(works.planned_end),
                ),
                force_send=False,
            )
        self._write_kept({"reminded_at": fields.Datetime.now(), "reminder_count": self.reminder_count + 1})
