from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, MissingError, UserError
from odoo.fields import Domain
from odoo.tools import format_datetime, mute_logger

from .. import pbx, workflow
from ..clock import next_working_moment
from ..moments import aware, naive
from ..phone import normalise

OUTCOMES = [
    ("ringing", "Ringing"),
    ("talking", "In conversation"),
    ("answered", "Answered"),
    ("abandoned", "Abandoned by the caller"),
    ("missed", "Missed"),
    ("refused", "Refused"),
    ("not_reached", "Not reached"),
]
DIRECTIONS = [("in", "Incoming"), ("out", "Outgoing")]

#: Time after the end of a call in which the operator finishes what was said; PO-6.4 counts it as the same contact.
WRAP_UP = timedelta(minutes=10)

CARD_REQUESTS = 10
CARD_CONTACTS = 5


class ContactCenterCall(models.Model):
    """One phone contact, in or out, as the telephone exchange reported it.

    Figures of PO-6.4, each stored and written in one place only:

    * *waiting time*: seconds from the start to the answer, or to the end when nobody answered;
    * *handling time*: seconds from the answer to the end;
    * *within service level*: an incoming call answered within the seconds that the city had promised when it was
      answered; changing the promise doesn't rewrite the past;
    * *resolved at first contact*: an incoming call, answered and not refused, whose request or consultation was
      finished during the call or within ten minutes after it, and is still finished.
    """

    _name = "contact.center.call"
    _description = "Call"
    _order = "started_at desc, id desc"
    _rec_name = "number"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", "City", required=True, readonly=True, default=lambda self: self.env.company
    )
    pbx_call_id = fields.Char("Call id of the exchange", readonly=True, copy=False)
    direction = fields.Selection(DIRECTIONS, required=True, default="in", readonly=True)
    number = fields.Char(
        readonly=True, index="trigram", help="The other party in international form. Empty: the number is hidden."
    )
    line = fields.Char("Line or queue", readonly=True)
    started_at = fields.Datetime("Started", required=True, readonly=True, default=fields.Datetime.now)
    answered_at = fields.Datetime("Answered", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    abandoned = fields.Boolean(readonly=True, help="The exchange reported that the caller hung up while waiting.")
    refused = fields.Boolean(readonly=True, copy=False)
    user_id = fields.Many2one("res.users", "Operator", readonly=True, index="btree_not_null", check_company=True)
    partner_id = fields.Many2one("res.partner", "Applicant", readonly=True, index="btree_not_null")
    request_id = fields.Many2one(
        "contact.center.request",
        "Request or consultation",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        help="What came of the call.",
    )
    restricted = fields.Boolean(related="request_id.restricted", store=True)
    recording_url = fields.Char("Recording", readonly=True, groups="contact_center_base.group_supervisor")
    blocked_number_id = fields.Many2one(
        "contact.center.blocked.number",
        "Block at the time of the call",
        readonly=True,
        index="btree_not_null",
        help="The number was blocked when it called.",
    )

    outcome = fields.Selection(OUTCOMES, compute="_compute_outcome", store=True)
    wait_seconds = fields.Integer("Waiting time (s)", compute="_compute_seconds", store=True, aggregator="avg")
    handling_seconds = fields.Integer("Handling time (s)", compute="_compute_seconds", store=True, aggregator="avg")
    within_service_level = fields.Boolean("Answered in time", compute="_compute_within_service_level", store=True)
    first_contact_resolution = fields.Boolean(
        "Resolved at first contact", compute="_compute_first_contact_resolution", store=True
    )
    out_of_hours = fields.Boolean(
        "Out of hours",
        compute="_compute_out_of_hours",
        store=True,
        help="It started outside the working hours of the centre.",
    )

    _pbx_call_unique = models.UniqueIndex(
        "(company_id, pbx_call_id) WHERE pbx_call_id IS NOT NULL", "The exchange has already reported this call."
    )
    _started_index = models.Index("(company_id, started_at DESC, id DESC)")
    _number_index = models.Index("(company_id, number, started_at DESC) WHERE number IS NOT NULL")

    # ------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------

    @api.depends("number")
    def _compute_display_name(self):
        for call in self:
            call.display_name = call.number or self.env._("Hidden number")

    @api.depends("direction", "answered_at", "ended_at", "abandoned", "refused")
    def _compute_outcome(self):
        for call in self:
            if call.refused:
                call.outcome = "refused"
            elif call.answered_at:
                call.outcome = "answered" if call.ended_at else "talking"
            elif not call.ended_at:
                call.outcome = "ringing"
            elif call.direction == "out":
                call.outcome = "not_reached"
            else:
                call.outcome = "abandoned" if call.abandoned else "missed"

    @api.depends("started_at", "answered_at", "ended_at")
    def _compute_seconds(self):
        for call in self:
            call.wait_seconds = self._seconds_between(call.started_at, call.answered_at or call.ended_at)
            call.handling_seconds = self._seconds_between(call.answered_at, call.ended_at)

    @api.model
    def _seconds_between(self, start, end):
        """Return the seconds between two moments, 0 while one of them isn't known."""
        return max(int((end - start).total_seconds()), 0) if start and end else 0

    @api.depends("direction", "started_at", "answered_at")
    def _compute_within_service_level(self):
        for call in self:
            promised = call.company_id.contact_center_service_level_seconds
            call.within_service_level = (
                call.direction == "in"
                and bool(call.answered_at)
                and self._seconds_between(call.started_at, call.answered_at) <= promised
            )

    @api.depends("direction", "outcome", "ended_at", "request_id.state", "request_id.finished_at")
    def _compute_first_contact_resolution(self):
        for call in self:
            request = call.request_id
            call.first_contact_resolution = bool(
                call.direction == "in"
                and call.outcome == "answered"
                and request.state in workflow.FINISHED_STATES
                and request.finished_at <= call.ended_at + WRAP_UP
            )

    @api.depends("company_id", "started_at")
    def _compute_out_of_hours(self):
        """MA-5.2: calls are taken round the clock; those outside the centre's hours are told apart."""
        for call in self:
            started_at = aware(call.started_at)
            call.out_of_hours = next_working_moment(call.company_id._get_clock_calendar(), started_at) != started_at

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The call log can't be shortened: every call stays."))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_refuse(self):
        """Open the dialog in which the operator refuses this one caller."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.call.refuse",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Refuse the caller"),
            "context": {"default_call_id": self.id, "default_number": self.number},
        }

    def action_open_desk(self):
        """Open the operator's desk with this one call."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("contact_center_base.operator_desk_action")
        return dict(action, context={"call_id": self.id, "phone": self.number or ""})

    # ------------------------------------------------------------
    # What came of the call
    # ------------------------------------------------------------

    def attach_request(self, request_id):
        """Note which request or consultation came of this one call, and whose call it was.

        When a caller brings several matters, the call keeps the first one.

        :param int request_id: a request of the same city that the user may read.
        """
        self.ensure_one()
        self._check_own_call()
        request = self.env["contact.center.request"].browse(request_id)
        request.check_access("read")
        values = {"partner_id": request.partner_id.id} if request.partner_id else {}
        if not self.request_id:
            values["request_id"] = request.id
        # The log is read only; this is one of the two things its operator adds (checked above), hence sudo.
        self.sudo().write(values)

    def refuse(self, reason, statement):
        """Refuse this one caller and return the memo about it (``contact.center.blocked.number``), KR-5.7.

        A call from a hidden number is refused without a memo, as there is no number to block.

        :param str reason: code of ``REASONS``.
        :param str statement: what the caller said.
        :raises UserError: when it isn't an incoming call, or nothing was said.
        :raises AccessError: when it is somebody else's call.
        """
        self.ensure_one()
        self._check_own_call()
        if self.direction != "in":
            raise UserError(self.env._("Only somebody who called the centre can be refused."))
        # The log is read only; this is one of the two things its operator adds (checked above), hence sudo.
        self.sudo().write({"refused": True, "user_id": self.user_id.id or self.env.uid})
        blocked_numbers = self.env["contact.center.blocked.number"]
        if not self.number:
            return blocked_numbers
        return blocked_numbers.refuse_call(self.number, reason, statement, self.partner_id.id, self.id)

    def _check_own_call(self):
        """Let pass the operator of this one call, anyone at the centre while it has none, and supervisors.

        :raises AccessError: for everybody else.
        """
        self.check_access("read")
        user = self.env.user
        if not user.has_group("contact_center_base.group_operator") or (
            self.user_id
            and self.user_id != user
            and not self.env.su
            and not user.has_group("contact_center_base.group_supervisor")
        ):
            raise AccessError(self.env._("This call was taken by %s.", self.user_id.name or self.env._("an operator")))

    # ------------------------------------------------------------
    # Events of the telephone exchange
    # ------------------------------------------------------------

    @api.model
    def _register_event(self, payload):
        """Take one event of the telephone exchange of the current city; the same event again changes nothing.

        :param dict payload: decoded JSON, see ``docs/api-calls.md``.
        :return: dict with ``call_id``, ``outcome``, ``extension`` of the operator and ``blocked_until`` (ISO date), the
            last two ``None`` when there is none.
        :raises AccessError: when the user isn't a telephone exchange.
        :raises UserError: when the event can't be understood.
        :raises MissingError: when the call isn't known and the event isn't enough to log it.
        """
        if not self.env.user.has_group("contact_center_base.group_pbx"):
            raise AccessError(
                self.env._("This key may not report calls. Give its user the right “Telephone exchange” first.")
            )
        # The key of an exchange opens nothing but this method (checked above), so the system does all of it.
        calls = self.sudo()
        company = calls.env.company
        try:
            event = pbx.parse(payload, fields.Datetime.now(), company.country_id.code)
        except pbx.PayloadError as error:
            raise UserError(self._describe_payload_error(error)) from error
        call = calls._find_or_create_by_event(event, company)
        call._apply_event(event)
        return {
            "call_id": call.pbx_call_id,
            "outcome": call.outcome,
            "extension": call.user_id.contact_center_extension or None,
            "blocked_until": fields.Date.to_string(call.blocked_number_id.blocked_until) or None,
        }

    @api.model
    def _describe_payload_error(self, error):
        """Return the sentence for whoever sets up the exchange."""
        names = {"field": error.field, "value": error.value}
        return {
            "missing": lambda: self.env._("The field “%(field)s” is missing.", **names),
            "text": lambda: self.env._("The field “%(field)s” must be a text of reasonable length.", **names),
            "unknown": lambda: self.env._("The field “%(field)s” can't be “%(value)s”.", **names),
            "number": lambda: self.env._(
                "“%(value)s” is no phone number. Send it with its country code, or null when the caller hides it.",
                **names,
            ),
            "time": lambda: self.env._(
                "“%(value)s” is no moment. Send it like 2026-03-01T09:30:00+02:00, with the offset.", **names
            ),
            "future": lambda: self.env._(
                "“%(value)s” lies in the future. Check the clock and the time zone of the exchange.", **names
            ),
            "url": lambda: self.env._("The recording must be a link that starts with https://."),
        }[error.problem]()

    @api.model
    def _find_or_create_by_event(self, event, company):
        """Return the one call an event belongs to, logged now when the event is the first of it."""
        call = self.search([("company_id", "=", company.id), ("pbx_call_id", "=", event.call_id)])
        if call:
            return call
        if event.kind != "ring" and not event.tells_number:
            raise MissingError(
                self.env._(
                    "No call “%s” is known. Send its ring first, or the number together with this event.", event.call_id
                )
            )
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                call = self.create([self._prepare_call_values(event, company)])
        except UniqueViolation as error:
            # Two events of a new call came at once. This transaction can't see the call that the other one has just
            # logged; on this error Odoo runs the whole request again, and then it can.
            raise ConcurrencyError("the call has just been logged by another event") from error
        if call.direction == "in" and call.blocked_number_id:
            call.blocked_number_id._log_attempt("phone", call)
        return call

    @api.model
    def _prepare_call_values(self, event, company):
        applicants = self.env["res.partner"]._find_applicants(event.number, company=company)
        direction = event.direction or "in"
        blocked = self.env["contact.center.blocked.number"]._find_block(event.number, company)
        return {
            "company_id": company.id,
            "pbx_call_id": event.call_id,
            "direction": direction,
            "number": event.number,
            "started_at": event.at,
            # A phone that several people share says nothing of who calls: the operator asks.
            "partner_id": applicants.id if len(applicants) == 1 else False,
            "blocked_number_id": blocked.id if direction == "in" else False,
        }

    def _apply_event(self, event):
        """Add what an event says to this one call, and tell its operator."""
        self.ensure_one()
        known = {
            name: self[name]
            for name in (
                "started_at",
                "answered_at",
                "ended_at",
                "abandoned",
                "number",
                "direction",
                "line",
                "recording_url",
            )
        }
        changes = pbx.merge(known, event)
        rung_before = self.user_id
        operator = self._find_operator_of(event)
        if operator and operator != rung_before:
            changes["user_id"] = operator.id
        if not changes:
            return
        self.write(changes)
        if rung_before and "user_id" in changes:
            rung_before._bus_send("contact_center.call_over", {"call_id": self.id})
        if self.outcome == "ringing":
            # Only the id: messages of the bus are kept for a day, and the card is personal data.
            if "user_id" in changes:
                self.user_id._bus_send("contact_center.call_ringing", {"call_id": self.id})
        elif "ended_at" in changes:
            self.user_id._bus_send("contact_center.call_over", {"call_id": self.id})

    def _find_operator_of(self, event):
        """Return the operator whom an event names for this one call; empty when it isn't to change the operator.

        Who answers is the operator. Until then it is the one whose phone rang last.
        """
        users = self.env["res.users"]
        if not event.extension:
            return users
        decides = event.kind == "answer" or not self.user_id or (event.kind == "ring" and not self.answered_at)
        if not decides:
            return users
        return users.search(
            [("company_id", "=", self.company_id.id), ("contact_center_extension", "=", event.extension)], limit=1
        )

    # ------------------------------------------------------------
    # The caller's card
    # ------------------------------------------------------------

    def get_card(self):
        """Return the card of the caller of this one call: :meth:`get_caller_card` with the ``call_id``."""
        self.ensure_one()
        return dict(self.get_caller_card(self.number), call_id=self.id)

    @api.model
    def get_caller_card(self, number):
        """Return what an operator needs to know at once of who calls from a number.

        :param str number: in any spelling; empty when hidden.
        :return: dict with ``number``; ``applicants`` (``id``, ``name``, ``kind``); ``blocked`` (``id``, ``until``,
            ``reason``, or ``False``); ``requests``, open ones, at most ten, the latest first (``id``, ``number``,
            ``state``, ``state_label``, ``category``, ``deadline_text``; of one that the user may not read only number
            and state, its ``id`` is ``False``); ``contacts``, the last five calls that have ended (``date``,
            ``direction``, ``outcome``, ``operator``, ``request``); ``address``, the last one known. All texts in the
            user's language.
        """
        self.check_access("read")
        company = self.env.company
        number = normalise(number, company.country_id.code) or number or False
        applicants = self.env["res.partner"]._find_applicants(number, company=company)
        return {
            "number": number,
            "applicants": [self._prepare_card_applicant(partner) for partner in applicants],
            "blocked": self.env["contact.center.blocked.number"]._describe_block(number, company),
            "requests": self._prepare_card_requests(number, applicants, company),
            "contacts": self._prepare_card_contacts(number, company),
            "address": self._get_card_address(number, applicants, company),
        }

    @api.model
    def _prepare_card_applicant(self, partner):
        kinds = dict(partner._fields["applicant_kind"]._description_selection(self.env))
        return {"id": partner.id, "name": partner.display_name, "kind": kinds.get(partner.applicant_kind, "")}

    @api.model
    def _prepare_card_requests(self, number, applicants, company):
        Request = self.env["contact.center.request"]
        domain = Request._get_caller_domain(number, applicants, company)
        domain &= Domain("state", "in", workflow.OPEN_STATES)
        # Everybody may know number and state of a restricted request (KP-2.7), nothing else of it is passed on below.
        requests = Request.sudo().search(domain, limit=CARD_REQUESTS).sudo(False)
        readable = requests._filtered_access("read")
        states = dict(Request._fields["state"]._description_selection(self.env))
        rows = []
        for request in requests:
            known = request in readable
            shown = request.sudo()  # as above
            rows.append(
                {
                    "id": known and request.id,
                    "number": shown.number,
                    "state": shown.state,
                    "state_label": states[shown.state],
                    "category": shown.category_id.name or "" if known else "",
                    "deadline_text": shown.deadline_text or "" if known else "",
                }
            )
        return rows

    @api.model
    def _prepare_card_contacts(self, number, company):
        if not number:
            return []
        domain = [("company_id", "=", company.id), ("number", "=", number), ("ended_at", "!=", False)]
        calls = self.search(domain, limit=CARD_CONTACTS)
        directions = dict(self._fields["direction"]._description_selection(self.env))
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return [
            {
                "date": format_datetime(self.env, call.started_at, tz=company._get_time_zone().key, dt_format="short"),
                "direction": directions[call.direction],
                "outcome": outcomes[call.outcome],
                "operator": call.user_id.name or "",
                # The number of a request is no secret, also of a restricted one (KP-2.7), hence sudo.
                "request": call.request_id.sudo().number or "",
            }
            for call in calls
        ]

    @api.model
    def _get_card_address(self, number, applicants, company):
        Request = self.env["contact.center.request"]
        domain = Request._get_caller_domain(number, applicants, company) & Domain("street_id", "!=", False)
        request = Request.search(domain, limit=1)
        if request:
            return request.address
        partner = applicants.filtered("street")[:1]
        return ", ".join(filter(None, (partner.street, partner.city)))

    # ------------------------------------------------------------
    # Indicators
    # ------------------------------------------------------------

    @api.model
    def get_indicators(self, date_from, date_to, company=None):
        """Return how incoming calls were handled (PO-6.4), for calls that have ended.

        :param date_from: first day, in the time zone of the city.
        :param date_to: last day, included.
        :param company: the city, by default the current one.
        :return: dict with the numbers of calls ``offered``, ``answered`` (also refused ones), ``abandoned``,
            ``missed``, ``refused`` and ``out_of_hours``; ``average_wait`` of answered calls,
            ``average_abandoned_wait`` and ``average_handling`` in seconds; ``service_level``, the % of offered calls
            that were answered in time, and ``service_level_target``; ``first_contact_resolution``, the % of answered
            calls, without refused ones, that were resolved at first contact. Averages and shares are ``None`` when
            there was no such call.
        """
        company = company or self.env.company
        zone = company._get_time_zone()
        start = fields.Datetime.to_datetime(date_from).replace(tzinfo=zone)
        end = fields.Datetime.to_datetime(date_to).replace(tzinfo=zone) + timedelta(days=1)
        domain = [
            ("company_id", "=", company.id),
            ("direction", "=", "in"),
            ("outcome", "not in", ("ringing", "talking")),
            ("started_at", ">=", naive(start)),
            ("started_at", "<", naive(end)),
        ]
        names = {
            "offered": "__count",
            "answered": "answered:sum",
            "abandoned": "abandoned:sum",
            "missed": "missed:sum",
            "refused": "refused:sum",
            "out_of_hours": "out_of_hours_count:sum",
            "average_wait": "answer_wait:avg",
            "average_abandoned_wait": "abandoned_wait:avg",
            "average_handling": "handling_seconds:avg",
            "service_level": "service_level:avg",
            "first_contact_resolution": "first_contact_resolution:avg",
        }
        [row] = self.env["contact.center.call.report"]._read_group(domain, aggregates=list(names.values()))
        figures = dict(zip(names, row, strict=True))
        counts = ("offered", "answered", "abandoned", "missed", "refused", "out_of_hours")
        figures.update({name: figures[name] or 0 for name in counts})
        return dict(figures, service_level_target=company.contact_center_service_level_share)


assert {code for code, _label in DIRECTIONS} == set(pbx.DIRECTIONS)
