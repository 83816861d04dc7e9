from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..const import EMERGENCY
from ..notices import (
    NOTICE_CHANNELS,
    NOTICE_KINDS,
    OUTCOMES,
    SPOKEN,
    TOLD_BY_COLLEAGUE,
    TOLD_TO_JOINED,
    WORDS,
    WRITTEN,
    choose_channel,
    find_kind,
    pick_lead,
)
from .queue import work_off

STATES = [("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Did not arrive"), ("dropped", "Not necessary")]


class ContactCenterNotice(models.Model):
    """One message to one person about one event of a request's history (KP-3.8).

    It is queued where the history is written and sent by a scheduled job: at once by day, after the quiet hours at
    night, emergencies at any time. In the transaction that gives it to Odoo's queue of e-mails or SMS it is marked as
    sent, so that nothing is lost or told twice, whenever the job is killed. Where several messages about one request
    wait for the same person, only the newest is sent: it carries the words of the others, and what it makes obsolete
    is dropped.

    What a message says is in ``contact_center_notice_message.py``, in which words is for each city to choose.
    """

    _name = "contact.center.notice"
    _description = "Message to an Applicant"
    _order = "id desc"
    _rec_name = "kind"

    request_id = fields.Many2one("contact.center.request", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="request_id.company_id", store=True, precompute=True)
    event_id = fields.Many2one("contact.center.request.event", index="btree_not_null", ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        "Recipient",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: to the phone or e-mail left on the request.",
    )
    # Who leaves a matter isn't told of it any more.
    participant_id = fields.Many2one(
        "contact.center.participant", "Joined applicant", index="btree_not_null", ondelete="cascade"
    )
    kind = fields.Selection(NOTICE_KINDS, "News", required=True)
    text = fields.Text(help="What was said to this person alone; else the event tells it.")
    channel = fields.Selection(NOTICE_CHANNELS, required=True)
    address = fields.Char(compute="_compute_address", compute_sudo=True)
    state = fields.Selection(STATES, required=True, default="waiting")
    send_at = fields.Datetime("To be sent", required=True)
    sent_at = fields.Datetime("Sent on")
    reason = fields.Char("Why not sent")
    carrier_id = fields.Many2one(
        "contact.center.notice", "Sent together with", index="btree_not_null", ondelete="set null"
    )
    mail_id = fields.Many2one("mail.mail", index="btree_not_null", ondelete="set null", groups="base.group_system")

    # One event is told to a person once, whoever queues it and however often.
    _event_person_unique = models.UniqueIndex(
        "(event_id, COALESCE(partner_id, 0)) WHERE event_id IS NOT NULL", "This person is told of it already."
    )
    _due_index = models.Index("(send_at, id) WHERE state = 'waiting'")
    _failed_index = models.Index("(company_id, id) WHERE state = 'failed'")

    @api.depends("channel", "partner_id", "request_id")
    def _compute_address(self):
        for notice in self:
            email, phone = notice.request_id._get_addresses(notice.partner_id)
            notice.address = {"email": email, "sms": phone}.get(notice.channel, False)

    # ------------------------------------------------------------
    # Queueing
    # ------------------------------------------------------------

    @api.model
    def _queue(self, events):
        """Queue what applicants are told of many events of the history, and return the messages.

        Where somebody has to be told and can't be written to, a colleague gets an activity for it.
        """
        by_kind = {event: find_kind(event.kind, event.state_from, event.state_to) for event in events}
        told = events.filtered(by_kind.get)
        if not told:
            return self.browse()
        vals_list = []
        # Addresses and wishes of applicants are read for the system to write to them, hence sudo.
        for company, of_city in told.sudo().grouped("company_id").items():
            settings = self.env["contact.center.notice.setting"]._get_by_kind(company)
            for event in of_city:
                kind = by_kind[event]
                if kind in settings and settings[kind].is_sent:
                    vals_list += self._prepare_applicant(event, kind) + self._prepare_joined(event, kind)
        return self._create_waiting(vals_list)

    @api.model
    def _queue_text(self, request, kind, text, channel, event=None):
        """Queue something that is said to the applicant of one request alone, and return the message.

        It comes back empty where the applicant can't be written to.

        :param str kind: one of ``NOTICE_KINDS``.
        :param str text: plain text.
        :param str channel: how the applicant is to be told, one of ``const.INFORM_CHANNELS``.
        :param event: the line of the history that tells of it, if any.
        """
        setting = self.env["contact.center.notice.setting"]._get_by_kind(request.company_id).get(kind)
        written = choose_channel(channel, *request._get_addresses(request.partner_id))
        if not (written and setting and setting.is_sent):
            return self.browse()
        vals = self._prepare_row(request, kind, request.partner_id, written)
        return self._create_waiting([{**vals, "text": text, "event_id": event and event.id}])

    @api.model
    def _create_waiting(self, vals_list):
        """Create messages and have them sent in time."""
        if not vals_list:
            return self.browse()
        # Nobody has the right to write into the queue, hence sudo; whoever is in it, history decided.
        notices = self.sudo().create(vals_list)
        self.env.ref("contact_center_base.ir_cron_send_notices")._trigger(at=set(notices.mapped("send_at")))
        return notices

    @api.model
    def _prepare_row(self, request, kind, partner, channel):
        """Return the values of one message."""
        return {
            "request_id": request.id,
            "kind": kind,
            "partner_id": partner.id,
            "channel": channel,
            "send_at": request.company_id._get_notice_moment(urgent=request.priority == EMERGENCY),
        }

    @api.model
    def _prepare_applicant(self, event, kind):
        """Return the values of the message to the applicant of one event's request, in a list that may be empty."""
        request = event.request_id
        by_applicant = event.role == "applicant" and kind != "registered"
        email, phone = request._get_addresses(request.partner_id)
        # Questions are passed on by the method that asks them, in the way that the colleague chose.
        if kind == "question" or by_applicant or self._is_told_at_once(request, kind):
            return []
        if not (request.partner_id or email or phone):
            return []
        channel = choose_channel(self._get_wish(request, kind), email, phone)
        if channel:
            row = self._prepare_row(request, kind, request.partner_id, channel)
            return [{**row, "event_id": event.id}]
        # Who ended it has entered how the applicant was informed (KR-7.5); the system informed nobody.
        if kind in TOLD_BY_COLLEAGUE and (kind not in OUTCOMES or event.role == "system"):
            request._ask_to_tell(self._describe_for_colleague(event, kind))
        return []

    @api.model
    def _is_told_at_once(self, request, kind):
        """Return whether an applicant hears it in the conversation: a consultation by phone or at the counter."""
        in_conversation = request.request_class == "consultation" and request.channel in SPOKEN
        return in_conversation and (kind not in OUTCOMES or request.informed_by in SPOKEN)

    @api.model
    def _get_wish(self, request, kind):
        """Return by which way the applicant of one request is told: an answer that is said to be written is written."""
        answered_by = request.informed_by if kind in OUTCOMES else False
        return answered_by if answered_by in WRITTEN else request.inform_by

    @api.model
    def _prepare_joined(self, event, kind):
        """Return the values of messages to those who joined the request of one event and can be written to.

        Who wants to be called stands in the list of joined applicants to inform.
        """
        if kind not in TOLD_TO_JOINED:
            return []
        rows = []
        request = event.request_id
        for participant in request.participant_ids:
            partner = participant.partner_id
            channel = choose_channel(participant.inform_by, *request._get_addresses(partner, joined=True))
            if channel and partner != request.partner_id:
                row = self._prepare_row(request, kind, partner, channel)
                rows.append({**row, "event_id": event.id, "participant_id": participant.id})
        return rows

    @api.model
    def _describe_for_colleague(self, event, kind):
        """Return what a colleague is to tell the applicant of one event, in the city's language."""
        city = event.request_id._in_city_language()
        label = dict(self._fields["kind"]._description_selection(city.env))[kind]
        said = event.request_id.result if kind in OUTCOMES else event.comment
        return ": ".join(filter(None, (label, said)))

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send what is due, one message to each person about each request."""
        domain = Domain("state", "=", "waiting") & Domain("send_at", "<=", fields.Datetime.now())
        firsts = [
            first
            for _request, _partner, first in self._read_group(
                domain, ["request_id", "partner_id"], ["id:min"], order="id:min"
            )
        ]
        work_off(self.browse(firsts), domain, type(self)._send_due)

    def _send_due(self):
        """Send this one message with everything else that is due for its person about its request."""
        domain = (
            Domain("state", "=", "waiting")
            & Domain("send_at", "<=", fields.Datetime.now())
            & Domain("request_id", "=", self.request_id.id)
            & Domain("partner_id", "=", self.partner_id.id)
        )
        # What stands in the history and in lists of the centre is in its language.
        notices = self.with_context(lang=self.company_id.partner_id.lang)
        due = notices.search(domain, order="id").try_lock_for_update(allow_referencing=True)
        settled = due.filtered(lambda notice: notice._is_settled())
        settled._drop(notices.env._("It was answered before."))
        due -= settled
        if not due:
            return
        lead = due[pick_lead(due.mapped("kind"))]
        others = due - lead
        words = others.filtered(lambda notice: notice.kind in WORDS)
        words.carrier_id = lead
        (others - words)._drop(notices.env._("A later message tells more."))
        lead._deliver(words)

    def _is_settled(self):
        """Return whether this one message asks for what is answered by now."""
        return self.kind == "question" and not self.request_id.open_question_id

    def _drop(self, reason):
        """Leave out messages that aren't necessary any more."""
        self.write({"state": "dropped", "reason": reason})

    def _deliver(self, words):
        """Give this one message to Odoo's queue, with the words of others that go along, and note it.

        A template that can't be rendered fails this message and not those of others.
        """
        try:
            with self.env.cr.savepoint():
                sent = getattr(self, f"_deliver_{self.channel}")(words)
        except UserError as error:
            self._fail(str(error))
            return
        if not sent:
            self._fail(self.env._("There is no address any more."))
            return
        now = fields.Datetime.now()
        (self + words).write({"state": "sent", "sent_at": now, "reason": False})
        if self.kind in OUTCOMES:
            self.participant_id.informed_at = now
        self.env["contact.center.request.event"]._record(self.request_id, "notified", self._describe(), "system")

    def _describe(self):
        """Return how the history names this one message: to whom it went stands on the message itself."""
        kind, channel = (
            dict(self._fields[name]._description_selection(self.env))[self[name]] for name in ("kind", "channel")
        )
        if self.participant_id:
            return self.env._("To a joined applicant by %(channel)s: %(kind)s", channel=channel, kind=kind)
        return self.env._("By %(channel)s: %(kind)s", channel=channel, kind=kind)

    def _fail(self, reason):
        """Note that messages did not arrive."""
        self.write({"state": "failed", "reason": reason or self.env._("The reason isn't known.")})

    def _arrive(self):
        """Note that messages that were thought lost went out in the end."""
        self.filtered(lambda notice: notice.state == "failed").write({"state": "sent", "reason": False})

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_retry(self):
        """Send those of these messages again that did not arrive, to the address that is known now.

        :raises AccessError: for anybody below a supervisor.
        :raises UserError: when there is still no address to write to.
        """
        self.check_access("read")
        if not self.env.user.has_group("contact_center_base.group_supervisor"):
            raise AccessError(self.env._("A supervisor sends messages again."))
        # The queue is written by methods only; that a supervisor asks for it was just checked, hence sudo.
        notices = self.sudo()
        by_moment = defaultdict(notices.browse)
        for notice in notices.filtered(lambda row: row.state == "failed"):
            addresses = notice.request_id._get_addresses(notice.partner_id, joined=bool(notice.participant_id))
            channel = choose_channel(notice.channel, *addresses)
            if not channel:
                raise UserError(
                    self.env._(
                        "%s: there is no e-mail or phone to write to. Enter one, or tell the person yourself.",
                        notice.request_id.number,
                    )
                )
            notice.mail_id.cancel()
            notice.channel = channel
            urgent = notice.request_id.priority == EMERGENCY
            by_moment[notice.company_id._get_notice_moment(urgent=urgent)] += notice
        for moment, notices in by_moment.items():
            notices.write({"state": "waiting", "send_at": moment, "reason": False})
        self.env.ref("contact_center_base.ir_cron_send_notices")._trigger(at=list(by_moment))
