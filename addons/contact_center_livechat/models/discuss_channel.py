import phonenumbers

from odoo import api, fields, models
from odoo.tools import email_split, format_datetime, html2plaintext

READERS = "contact_center_base.group_operator,contact_center_base.group_control_body"


class DiscussChannel(models.Model):
    _inherit = "discuss.channel"

    contact_center_request_ids = fields.One2many("contact.center.request", "chat_id", "Requests", groups=READERS)
    contact_center_restricted = fields.Boolean(
        "About a restricted request", compute="_compute_contact_center_restricted", store=True, compute_sudo=True
    )

    _contact_center_restricted_index = models.Index("(contact_center_restricted) WHERE contact_center_restricted")

    @api.depends("contact_center_request_ids.restricted")
    def _compute_contact_center_restricted(self):
        for channel in self:
            channel.contact_center_restricted = any(channel.contact_center_request_ids.mapped("restricted"))

    # ------------------------------------------------------------
    # What was said
    # ------------------------------------------------------------

    def _get_said(self):
        """Return the messages of this one chat that people wrote, the oldest first.

        :raises AccessError: for whoever may not read the chat.
        """
        self.check_access("read")
        # Who may read a chat may read what was said in it, also of guests and bots, hence sudo.
        messages = self.sudo().message_ids
        return (messages - messages._filter_empty()).filtered(lambda m: m.message_type != "notification").sorted("id")

    def _get_transcript(self):
        """Return what was said in this one chat, one line for each message, in the time of its city."""
        zone = self.env.company._get_time_zone()
        return "\n".join(
            f"{format_datetime(self.env, message.date, tz=str(zone), dt_format='HH:mm')} "
            f"{self._get_author_name(message)}: {self._read_message(message)}"
            for message in self._get_said()
        )

    @api.model
    def _get_author_name(self, message):
        """Return the name under which somebody chats."""
        author = message.author_id
        return author.user_livechat_username or author.name or message.author_guest_id.name or self.env._("Visitor")

    @api.model
    def _read_message(self, message):
        """Return a message as plain text, its files by name."""
        files = (f"[{name}]" for name in message.attachment_ids.mapped("name"))
        return " ".join(filter(None, (html2plaintext(message.body or "").strip(), *files)))

    def _get_visitor_messages(self):
        """Return what the visitor of this one chat wrote, the oldest message first."""
        staff = self.sudo().livechat_agent_partner_ids | self.sudo().livechat_bot_partner_ids  # as in _get_said
        return self._get_said().filtered(lambda message: message.author_guest_id or message.author_id not in staff)

    # ------------------------------------------------------------
    # Who asked
    # ------------------------------------------------------------

    def _read_visitor(self):
        """Return what this one chat tells of its visitor: ``partner_id``, ``name``, ``email``, ``phone``, or less."""
        self.check_access("read")
        # Who may read a chat may know with whom it is, hence sudo.
        channel = self.sudo()
        partner = channel.livechat_customer_partner_ids.filtered(lambda partner: not partner.is_public)[:1]
        if partner:
            return {"partner_id": partner.id, "name": partner.name, "email": partner.email, "phone": partner.phone}
        answers = channel._chatbot_find_customer_values_in_messages(
            {"question_email": "email", "question_phone": "phone"}
        )
        words = "\n".join(map(self._read_message, self._get_visitor_messages()))
        numbers = phonenumbers.PhoneNumberMatcher(words, self.env.company.country_id.code or None)
        found = next((match.raw_string for match in numbers), "")
        return {
            "partner_id": False,
            "name": self._get_visitor_name(),
            "email": answers.get("email") or next(iter(email_split(words)), ""),
            "phone": answers.get("phone") or found,
        }

    def _get_visitor_name(self):
        """Return the name that the visitor of this one chat gave; the one that every visitor gets is none."""
        name = self.sudo().livechat_customer_guest_ids[:1].name or ""  # as in _read_visitor
        return "" if name in ("Visitor", self.env._("Visitor")) else name
