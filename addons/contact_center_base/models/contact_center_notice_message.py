from markupsafe import Markup

from odoo import models
from odoo.tools import format_date, formataddr

from ..const import EMERGENCY
from ..notices import OUTCOMES

# White text stands on these with a contrast of at least 4.5; static/src/state/state.scss has the same for pages.
STATE_COLOURS = {
    "new": "#0b63b0",
    "in_progress": "#00707c",
    "waiting": "#8a5a00",
    "proposed": "#6b3fa0",
    "rework": "#b3261e",
    "planned": "#4a5a78",
    "done": "#2a7230",
    "closed": "#595f69",
}
# What residents read: that the centre still checks what an executor proposes is its own matter.
SHOWN_STATES = {"proposed": "in_progress", "rework": "in_progress"}


class ContactCenterNotice(models.Model):
    """What a message says: the words of the city's template in one layout with number, topic, address and state.

    Methods here are used by the templates, in the language of the person. Of a restricted request they give its number
    and state only.
    """

    _inherit = "contact.center.notice"

    # ------------------------------------------------------------
    # Handing over to Odoo's queues
    # ------------------------------------------------------------

    def _deliver_email(self, words):
        """Queue this one message as an e-mail, and return whether there is an address."""
        address = self.address
        if not address:
            return False
        notice = self._in_language()
        template = notice._get_setting().mail_template_id
        rendered = template._generate_template(self.ids, ("subject", "body_html"))[self.id]
        message = notice._prepare_message()
        self.mail_id = self.env["mail.mail"].create(
            {
                **message,
                "subject": rendered["subject"],
                "body_html": notice._render_layout(rendered["body_html"], words),
                "email_to": formataddr((self.partner_id.name or "", address)),
                "auto_delete": True,
                # An answer finds its request by the message, which stays when the e-mail is gone.
                "is_notification": True,
                "headers": repr({"Auto-Submitted": "auto-generated"}),
            }
        )
        return True

    def _deliver_sms(self, _words):
        """Queue this one message as an SMS, and return whether there is a number; its link leads to all the words."""
        number = self.address
        if not number:
            return False
        notice = self._in_language()
        body = notice._get_setting().sms_template_id._render_field("body", self.ids, compute_lang=False)[self.id]
        # Odoo takes the provider of the city to which the message belongs.
        message = self.env["mail.message"].create(notice._prepare_message())
        sms = self.env["sms.sms"].create(
            {"number": number, "body": body, "partner_id": self.partner_id.id, "mail_message_id": message.id}
        )
        self.env["sms.tracker"].create({"sms_uuid": sms.uuid, "contact_center_notice_id": self.id})
        return True

    def _deliver_portal(self, _words):
        """Leave this one message to the cabinet, which shows everything."""
        return True

    def _prepare_message(self):
        """Return the values of the message of the request that this one stands for.

        It stays without words: whoever serves the request reads these messages, and the link is secret.
        """
        company = self.company_id
        return {
            "model": self.request_id._name,
            "res_id": self.request_id.id,
            "message_type": "user_notification",
            "author_id": company.partner_id.id,
            "email_from": company.email_formatted
            or formataddr((company.name, company.default_from_email or self.env.user.email or "")),
            "record_company_id": company.id,
        }

    def _get_setting(self):
        """Return in which words this one message is told."""
        settings = self.env["contact.center.notice.setting"]._get_by_kind(self.company_id)
        kind = "restricted" if self.request_id.restricted else self.kind
        return settings[kind].with_env(self.env)

    def _render_layout(self, body, words):
        """Return the e-mail around the words of the template.

        :param body: rendered words of the template.
        :param words: further messages whose words go along.
        """
        request = self.request_id
        values = {
            "notice": self,
            "request": request,
            "company": self.company_id,
            "body": Markup(body),  # rendered just now: what people wrote is escaped in it
            "said": [text for word in words if (text := word._get_text())],
            "state": self._get_state(),
            "state_colour": STATE_COLOURS[self._get_shown_state()],
            "emergency": request.priority == EMERGENCY and not request.restricted,
            "url": self._get_url(),
            "base_url": self.company_id.get_base_url(),
        }
        return self.env["ir.qweb"]._render("contact_center_base.notice_layout", values, minimal_qcontext=True)

    # ------------------------------------------------------------
    # For templates
    # ------------------------------------------------------------

    def _get_lang(self):
        """Return the language code of the person of this one message, else of the city."""
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _in_language(self):
        """Return this one message in the language of its person and the time of its city."""
        return self.with_context(lang=self._get_lang(), tz=str(self.company_id._get_time_zone()))

    def _get_shown_state(self):
        """Return the state of the request of this one message as residents know it."""
        state = self.request_id.state
        return SHOWN_STATES.get(state, state)

    def _get_state(self):
        """Return that state in words."""
        request = self.request_id.with_env(self.env)
        return dict(request._fields["state"]._description_selection(self.env))[self._get_shown_state()]

    def _get_topic(self):
        """Return what the request of this one message is about, nothing of a restricted one."""
        request = self.request_id.with_env(self.env)
        return "" if request.restricted else request.category_id.name or ""

    def _get_place(self):
        """Return where the matter of this one message is; joined applicants aren't told the flat of another."""
        request = self.request_id.with_env(self.env)
        if request.restricted:
            return ""
        return request._get_public_address() if self.participant_id else request.address or ""

    def _get_text(self):
        """Return what was said in this one message or the event it tells of; nothing of a restricted request."""
        return "" if self.request_id.restricted else self.text or self.event_id.comment or ""

    def _get_result(self):
        """Return the answer of the request of this one message; nothing of a restricted one."""
        return "" if self.request_id.restricted else self.request_id.result or ""

    def _get_closing_reason(self):
        """Return in words why the request of this one message was closed; nothing of a restricted one."""
        request = self.request_id.with_env(self.env)
        if request.restricted or not request.closing_reason:
            return ""
        return request._history_label("closing_reason")

    def _get_deadline(self):
        """Return the last day of the term of the request of this one message in words, e.g. “12 October 2026”."""
        deadline = self.request_id.deadline
        if not deadline:
            return ""
        return format_date(self.env, self.company_id._to_local(deadline).date(), date_format="d MMMM y")

    def _get_answer_day(self):
        """Return until when the open question of the request of this one message can be answered, in words."""
        question = self.request_id.open_question_id
        if not question:
            return ""
        return format_date(self.env, self.company_id._to_local(question.answer_by).date(), date_format="d MMMM y")

    def _get_url(self):
        """Return the address at which the person of this one message follows the request; empty without pages."""
        return self.request_id._get_applicant_url(self.partner_id)

    def _get_rating_url(self):
        """Return the address at which the applicant rates the answer; empty for who joined and without pages."""
        request = self.request_id
        if self.participant_id or self.kind not in OUTCOMES or not request.company_id.contact_center_code:
            return ""
        return request._get_applicant_url(self.partner_id, page="rate")
