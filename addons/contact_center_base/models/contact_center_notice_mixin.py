from odoo import fields, models
from odoo.tools import plaintext2html


class ContactCenterNoticeMixin(models.AbstractModel):
    """Telling the applicants of a request: by a message where they can be written to, else by a colleague."""

    _name = "contact.center.notice.mixin"
    _description = "Messages to Applicants"

    notice_ids = fields.One2many("contact.center.notice", "request_id", "Messages to applicants", readonly=True)
    notice_count = fields.Integer("Number of messages", compute="_compute_notice_count")

    def _compute_notice_count(self):
        counts = dict(
            self.env["contact.center.notice"]._read_group([("request_id", "in", self.ids)], ["request_id"], ["__count"])
        )
        for request in self:
            request.notice_count = counts.get(request, 0)

    def _get_addresses(self, partner, joined=False):
        """Return ``(e-mail, phone)`` at which a person of this one request is written to.

        :param partner: the person, empty for an applicant who left no more than a phone or e-mail.
        :param bool joined: whether it is somebody who joined: what the applicant left on the request isn't theirs.
        """
        email = partner.email_normalized or (not joined and self.email)
        phone = partner.phone_sanitized or (not joined and self.phone)
        return email or "", phone or ""

    def _contact_applicant(self, text, channel, kind="comment", event=None):
        """Tell the applicant of this one request something in person, by a channel.

        What can be written is sent; for everything else the colleague in charge gets an activity to do it. Who left
        neither a name nor a contact can't be told anything.

        :param str text: plain text in the applicant's language.
        :param str channel: one of ``const.INFORM_CHANNELS``.
        :param str kind: one of ``notices.NOTICE_KINDS``.
        :param event: the line of the history that tells of it, if any.
        """
        self.ensure_one()
        if not (self.partner_id or self.phone or self.email):
            return
        # Addresses of applicants are read for the system to write to them, hence sudo.
        notice = self.env["contact.center.notice"]._queue_text(self.sudo(), kind, text, channel, event)
        if not notice:
            self._ask_to_tell(text)

    def _ask_to_tell(self, text):
        """Give the colleague in charge of this one request an activity to tell the applicant something."""
        self.activity_schedule(
            "mail.mail_activity_data_call",
            summary=self.env._("Contact the applicant"),
            note=plaintext2html(text),
            user_id=self._get_contact_user().id,
        )

    def _get_contact_user(self):
        """Return who contacts the applicant of this one request: who handles it, else the operator who acts.

        Whoever isn't of the centre decides and doesn't call: then it is the one who gets the city's alerts, if any.
        """
        is_operator = self.env.user.has_group("contact_center_base.group_operator")
        return self.user_id or (self.env.user if is_operator else self.company_id.contact_center_alert_user_id)

    def action_view_notices(self):
        """Open the messages about this one request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_center_base.contact_center_notice_action")
        return dict(action, domain=[("request_id", "=", self.id)], context={})
