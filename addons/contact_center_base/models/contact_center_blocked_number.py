from dataclasses import dataclass

from odoo import api, fields, models
from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..phone import normalise

#: KR-5.7: what lets an operator refuse to take a request.
REASONS = [
    ("swearing", "Swearing"),
    ("insults", "Insults, humiliation of staff"),
    ("incitement", "Incitement to hatred or to overthrow the order"),
    ("threats", "Threats"),
    ("other", "Other"),
]
STATES = [
    ("memo", "Memo"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("blocked", "Blocked"),
    ("lifted", "Lifted"),
    ("expired", "Expired"),
]
EXPIRY_BATCH = 200


@dataclass(frozen=True)
class Step:
    """One step of the chain: from which states, to which one, and whose step it is (name of the group)."""

    sources: tuple
    target: str
    group: str


#: KR-5.7: the operator writes the memo, the head agrees, the unit that runs the telephones blocks.
STEPS = {
    "approve": Step(("memo",), "approved", "group_head"),
    "reject": Step(("memo", "approved"), "rejected", "group_head"),
    "block": Step(("approved",), "blocked", "group_technical_admin"),
    "lift": Step(("blocked",), "lifted", "group_technical_admin"),
}


class ContactCenterBlockedNumber(models.Model):
    """A refused caller: the operator's memo, the head's decision, the block and its end (KR-5.7).

    Nobody may write here directly: each step is a method that lets only its role pass and notes who did it and when.
    """

    _name = "contact.center.blocked.number"
    _description = "Blocked Number"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", "City", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    number = fields.Char(required=True, readonly=True)
    # Who executes a block needs the number only, not the person (KP-3.10).
    partner_id = fields.Many2one(
        "res.partner", "Applicant", readonly=True, index="btree_not_null", groups="contact_center_base.group_operator"
    )
    call_id = fields.Many2one(
        "contact.center.call",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        groups="contact_center_base.group_operator",
    )
    refused_at = fields.Datetime("Refused on", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Operator", required=True, readonly=True, ondelete="restrict", default=lambda self: self.env.user
    )
    reason = fields.Selection(REASONS, required=True, readonly=True)
    statement = fields.Text("What was said", required=True, readonly=True)
    memo = fields.Html(compute="_compute_memo", sanitize=False)
    state = fields.Selection(STATES, required=True, readonly=True, default="memo", index=True, tracking=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)
    rejection_reason = fields.Text("Why rejected", readonly=True)
    blocked_by_id = fields.Many2one("res.users", "Blocked by", readonly=True)
    blocked_at = fields.Datetime("Blocked on", readonly=True)
    blocked_until = fields.Date("Blocked until", readonly=True, tracking=True, help="The last day of the block.")
    lifted_by_id = fields.Many2one("res.users", "Lifted by", readonly=True)
    lifted_at = fields.Datetime("Ended on", readonly=True)
    lift_reason = fields.Text("Why lifted", readonly=True)
    attempt_ids = fields.One2many("contact.center.blocked.attempt", "blocked_number_id", "Attempts while blocked")
    attempt_count = fields.Integer("Attempts", compute="_compute_attempt_count")

    _active_block_unique = models.UniqueIndex(
        "(company_id, number) WHERE state = 'blocked'", "This number is already blocked. Lift the present block first."
    )
    _number_index = models.Index("(company_id, number)")
    _until_check = models.Constraint(
        "CHECK(state != 'blocked' OR blocked_until IS NOT NULL)", "Say until which day the number is blocked."
    )

    # ------------------------------------------------------------
    # Compute and CRUD
    # ------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("number", "reason", "statement", "user_id", "refused_at", "company_id")
    def _compute_memo(self):
        """Fill the facts of the refusal into the template, in the reader's language."""
        for record in self:
            record.memo = self.env["ir.qweb"]._render(
                "contact_center_base.contact_center_blocked_number_memo", {"record": record}
            )

    def _compute_attempt_count(self):
        counts = dict(
            self.env["contact.center.blocked.attempt"]._read_group(
                [("blocked_number_id", "in", self.ids)], ["blocked_number_id"], ["__count"]
            )
        )
        for record in self:
            record.attempt_count = counts.get(record, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Memos and blocks can't be deleted: reject or lift it instead."))

    def _mail_get_partner_fields(self, introspect_fields=False):
        # Messages about a refused caller are for colleagues and never for the caller.
        return []

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_approve(self):
        """Agree to these memos as the head; the technical administrators are told."""
        self._take_step("approve", decided_by_id=self.env.uid, decided_at=fields.Datetime.now())
        self._notify_group("group_technical_admin", self.env._("A number is to be blocked"))

    def action_open_step(self):
        """Open the dialog of the step named in the context (``step``) for these records."""
        steps = dict(self.env["contact.center.blocked.number.step"]._fields["step"]._description_selection(self.env))
        step = self.env.context["step"]
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.blocked.number.step",
            "view_mode": "form",
            "target": "new",
            "name": steps[step],
            "context": {"default_blocked_number_ids": self.ids, "default_step": step},
        }

    def action_view_attempts(self):
        """Open what came from this one number while it was blocked."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("contact_center_base.contact_center_blocked_attempt_action")
        return dict(action, domain=[("blocked_number_id", "=", self.id)])

    # ------------------------------------------------------------
    # The chain
    # ------------------------------------------------------------

    @api.model
    def refuse_call(self, number, reason, statement, partner_id=False, call_id=False):
        """Refuse a caller as an operator of the current city and return the memo about it, for the head to decide.

        :param str number: in any spelling.
        :param str reason: code of ``REASONS``.
        :param str statement: what the caller said.
        :param int partner_id: the caller, when known.
        :param int call_id: the ``contact.center.call``, when the exchange reported it.
        :raises UserError: when the number or what was said is missing.
        :raises AccessError: when the user is no operator.
        """
        if not self.env.user.has_group("contact_center_base.group_operator"):
            raise AccessError(self.env._("Only operators refuse callers."))
        if reason not in dict(REASONS):
            raise UserError(self.env._("Choose why the caller is refused."))
        if not (statement or "").strip():
            raise UserError(self.env._("Write what the caller said: the head decides on it."))
        self.env["res.partner"].browse(partner_id or []).check_access("read")
        self.env["contact.center.call"].browse(call_id or []).check_access("read")
        number = normalise(number, self.env.company.country_id.code, strict=self.env)
        # Memos are written by this method only, for operators (checked above), hence sudo.
        memo = (
            self.sudo()  # as above
            .with_context(mail_create_nolog=True)
            .create(
                [
                    {
                        "number": number,
                        "reason": reason,
                        "statement": statement.strip(),
                        "partner_id": partner_id,
                        "call_id": call_id,
                    }
                ]
            )
        )
        # The words that the head is asked to decide on stay in the log, should the template change.
        memo.message_post(body=memo.memo)
        memo._notify_group("group_head", self.env._("A refused caller waits for your decision"))
        return memo.with_env(self.env)

    def reject(self, reason):
        """Reject these memos as the head, with the reason.

        :raises UserError: without a reason, or when it is too late.
        """
        self._take_step(
            "reject",
            decided_by_id=self.env.uid,
            decided_at=fields.Datetime.now(),
            rejection_reason=self._check_reason(reason),
        )

    def block(self, until):
        """Block these numbers as the technical administrator.

        :param until: last day of the block, a date in the time zone of the city.
        :raises UserError: when the day is over, or another memo has already blocked the number.
        """
        until = fields.Date.to_date(until)
        for record in self:
            if not until or until < record.company_id._get_today():
                raise UserError(self.env._("Say until which day %s is blocked: today or later.", record.number))
            block = self._find_block(record.number, record.company_id)
            if block:
                raise UserError(
                    self.env._(
                        "%(number)s is already blocked until %(until)s. Lift that block first.",
                        number=record.number,
                        until=format_date(self.env, block.blocked_until),
                    )
                )
        self._take_step("block", blocked_by_id=self.env.uid, blocked_at=fields.Datetime.now(), blocked_until=until)

    def lift(self, reason):
        """Unblock these numbers before their time as the technical administrator, with the reason.

        :raises UserError: without a reason.
        """
        self._take_step(
            "lift",
            lifted_by_id=self.env.uid,
            lifted_at=fields.Datetime.now(),
            lift_reason=self._check_reason(reason),
        )

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason."))
        return reason.strip()

    def _take_step(self, name, **values):
        """Make a step of the chain with each of many records.

        :param str name: key of ``STEPS``.
        :param values: who, when and what else the step notes.
        :raises AccessError: when it isn't the step of the user's role.
        :raises UserError: when a record isn't in the state that the step starts from.
        """
        step = STEPS[name]
        group = self.env.ref(f"contact_center_base.{step.group}")
        if self.env.uid != SUPERUSER_ID and group not in self.env.user.all_group_ids:
            raise AccessError(
                # Names of groups are no secret, hence sudo.
                self.env._("This step is up to another role: %s.", group.sudo().name)
            )
        self.check_access("read")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state not in step.sources:
                raise UserError(
                    self.env._(
                        "%(number)s is “%(state)s” and can't become “%(target)s” from there.",
                        number=record.number,
                        state=labels[record.state],
                        target=labels[step.target],
                    )
                )
        # The table of steps has just decided that this user makes this one, hence sudo.
        self.sudo().write({"state": step.target, **values})

    def _notify_group(self, group, subject):
        """Send these memos to everybody of a group who works in their city."""
        # Who belongs to a group is not for everybody to read, hence sudo.
        users = self.env.ref(f"contact_center_base.{group}").sudo().all_user_ids
        for company, records in self.sudo().grouped("company_id").items():  # as above
            of_city = users.filtered_domain([("company_ids", "in", company.ids)])
            for record in records:
                record.message_notify(
                    partner_ids=of_city.partner_id.ids, subject=f"{subject}: {record.number}", body=record.memo
                )

    # ------------------------------------------------------------
    # While blocked
    # ------------------------------------------------------------

    @api.model
    def _describe_block(self, number, company=None):
        """Return ``id``, ``until`` and ``reason`` of the block of a number, put for the reader; ``False`` if none."""
        block = self._find_block(number, company)
        if not block:
            return False
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        until = format_date(self.env, block.blocked_until)
        return {"id": block.id, "until": until, "reason": reasons[block.reason]}

    @api.model
    def _find_block(self, number, company=None):
        """Return the block that holds now for a number in a city, in sudo mode; empty when there is none.

        :param str number: in any spelling.
        :param company: the city, by default the current one.
        """
        company = company or self.env.company
        # Exchanges and public forms must know of a block and read nothing else of it, hence sudo.
        blocks = self.sudo()
        number = normalise(number, company.country_id.code)
        if not number:
            return blocks.browse()
        return blocks.search(
            [
                ("company_id", "=", company.id),
                ("number", "=", number),
                ("state", "=", "blocked"),
                ("blocked_until", ">=", company._get_today()),
            ]
        )

    def _log_attempt(self, channel, call=None):
        """Note that this one blocked number turned to the city all the same.

        :param str channel: code of a channel (``phone``, ``web`` …).
        :param call: the ``contact.center.call``, if it was one.
        """
        self.ensure_one()
        # Attempts are noted by the system, whoever receives them, hence sudo.
        self.env["contact.center.blocked.attempt"].sudo().create(
            [{"blocked_number_id": self.id, "channel": channel, "call_id": call.id if call else False}]
        )

    @api.model
    def _cron_expire(self):
        """End a batch of the blocks whose last day is over in their city."""
        over = [
            Domain("company_id", "=", company.id) & Domain("blocked_until", "<", company._get_today())
            for company in self.env["res.company"].search([])
        ]
        domain = Domain("state", "=", "blocked") & Domain.OR(over)
        records = self.search(domain, limit=EXPIRY_BATCH, order="id").try_lock_for_update()
        if not records:
            return
        records.write({"state": "expired", "lifted_at": fields.Datetime.now()})
        remaining = self.search_count(domain) if len(records) == EXPIRY_BATCH else 0
        self.env["ir.cron"]._commit_progress(len(records), remaining=remaining)
