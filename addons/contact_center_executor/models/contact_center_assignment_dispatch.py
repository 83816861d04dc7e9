from odoo import fields, models

from odoo.addons.contact_center_base.const import EMERGENCY

from ..assignment_workflow import OPEN_STATES
from .contact_center_assignment import STAFF


class ContactCenterAssignment(models.Model):
    """Emergencies go to the dispatch service of the executor at once (MA-2.2.2, MA-3.1.4)."""

    _inherit = "contact.center.assignment"

    dispatched_at = fields.Datetime("Dispatch service told", groups=STAFF)
    dispatch_contact_ids = fields.One2many(
        "contact.center.dispatch.contact", "assignment_id", "Contacts with the dispatch service", groups=STAFF
    )
    dispatch_phone = fields.Char(related="executor_id.dispatch_phone")

    def _after_assigned(self):
        self._alert_dispatch()
        return super()._after_assigned()

    def _alert_dispatch(self):
        """Tell the dispatch services of those of many assignments that are emergencies, once each.

        An e-mail is queued where the service has an address, and an operator gets an activity to call.
        """
        # Whoever registers an emergency needs no right to read executors' contacts, hence sudo.
        emergencies = self.sudo().filtered(
            lambda part: part.priority == EMERGENCY and not part.dispatched_at and part.state in OPEN_STATES
        )
        emergencies.dispatched_at = fields.Datetime.now()
        for assignment in emergencies:
            if assignment.executor_id.dispatch_email:
                assignment._email_dispatch()
            assignment._remind_to_call_dispatch()

    def _email_dispatch(self):
        """Queue the e-mail about this one emergency and note it in the log; in sudo mode."""
        template = self.env.ref("contact_center_executor.mail_template_dispatch")
        template.send_mail(self.id, force_send=False)
        self.env["contact.center.dispatch.contact"].create(
            [
                {
                    "assignment_id": self.id,
                    "user_id": self.env.uid,
                    "called": self.executor_id.dispatch_email,
                    "outcome": "sent",
                }
            ]
        )

    def _remind_to_call_dispatch(self):
        """Give an operator the activity to call the dispatch service about this one emergency; in sudo mode."""
        user = self.request_id._get_contact_user()
        env = self.with_context(lang=user.lang or self.company_id.partner_id.lang).env
        name, phone = self.executor_id.name, self.executor_id.dispatch_phone
        if phone:
            summary = env._("Emergency: call the dispatch service of %(name)s, %(phone)s", name=name, phone=phone)
        else:
            summary = env._("Emergency: %s has no dispatch phone, call its responsible person", name)
        self.request_id.activity_schedule(
            "mail.mail_activity_data_call",
            summary=summary,
            user_id=user.id,
        )
