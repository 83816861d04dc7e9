from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..const import EXECUTOR_KINDS


class ContactCenterExecutor(models.Model):
    """An organisation that executes requests of a city, in the tree of organisations it reports to (RO-2.6)."""

    _name = "contact.center.executor"
    _description = "Executor"
    _inherit = ["contact.center.cached.mixin", "contact.center.reply.mixin", "contact.center.portal.thread.mixin"]
    _parent_store = True
    _order = "name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Organisation",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_company", "=", True)],
    )
    name = fields.Char(related="partner_id.name", store=True, index="trigram")
    code = fields.Char(help="Short name used by imports, reports and open data.")
    kind = fields.Selection(EXECUTOR_KINDS, required=True, default="utility")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    parent_id = fields.Many2one(
        "contact.center.executor",
        "Reports to",
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Its people see the requests of this executor too.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("contact.center.executor", "parent_id", "Organisations below")
    category_ids = fields.Many2many(
        "contact.center.category", string="Topics", check_company=True, help="What it is competent for."
    )
    district_ids = fields.Many2many("contact.center.district", string="Territory", check_company=True)
    resource_calendar_id = fields.Many2one(
        "resource.calendar", "Working hours", check_company=True, help="Empty: those of the city."
    )
    # People
    user_ids = fields.One2many("res.users", "contact_center_executor_id", "Portal users")
    responsible_ids = fields.Many2many(
        "res.partner",
        "contact_center_executor_responsible_rel",
        string="Responsible for the contact centre",
        check_company=True,
        domain="[('id', 'child_of', partner_id), ('is_company', '=', False)]",
        help="Persons with phone and e-mail whom the centre turns to (KR-8.1.1).",
    )
    escalation_ids = fields.Many2many(
        "res.partner",
        "contact_center_executor_escalation_rel",
        string="Escalation contacts",
        check_company=True,
        help="Are told when work is overdue, besides the executor's heads.",
    )
    dispatch_phone = fields.Char("Dispatch service", help="Phone that answers round the clock (MA-3.1.4).")
    dispatch_email = fields.Char("Dispatch service's e-mail")
    control_area_ids = fields.One2many("contact.center.control.area", "executor_id", "Control bodies")
    # What is wrong with it
    problem = fields.Char(compute="_compute_problem", search="_search_problem", help="Why it can't be reached.")

    _partner_unique = models.UniqueIndex("(partner_id)", "This organisation is an executor already.")
    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL", "Another executor of this city has the same code."
    )

    # ------------------------------------------------------------
    # Compute and constraints
    # ------------------------------------------------------------

    @api.depends("responsible_ids", "user_ids.active")
    @api.depends_context("lang")
    def _compute_problem(self):
        """Say what keeps an executor from being reached (KR-8.1.1): nobody responsible, nobody in the portal."""
        for executor in self:
            problems = []
            if not executor.responsible_ids:
                problems.append(self.env._("no responsible person"))
            # Accounts aren't for everybody to read, only whether there is one, hence sudo.
            if not executor.sudo().user_ids:
                problems.append(self.env._("no active user"))
            executor.problem = ", ".join(problems)

    @api.model
    def _search_problem(self, operator, value):
        if operator != "in" or set(value) != {False}:
            return NotImplemented
        # As above: only whether there is an account.
        used = self.env["res.users"].sudo()._search([("contact_center_executor_id", "!=", False)])
        with_user = Domain("user_ids", "in", used)
        return Domain("responsible_ids", "!=", False) & with_user

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("An executor can't report to itself."))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assigned(self):
        # Work of an executor counts whoever may read it, hence sudo.
        used = self.env["contact.center.assignment"].sudo().search([("executor_id", "in", self.ids)], limit=1)
        if used:
            raise ValidationError(
                self.env._("“%s” has got requests: archive it instead of deleting it.", used.executor_id.name)
            )

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache("company.id")
    def _get_by_partner(self, company):
        """Return ``{id of an organisation: id of its executor}`` of one city."""
        # The same for every user of the city, hence sudo.
        executors = self.sudo().search([("company_id", "=", company.id)])
        return {executor.partner_id.id: executor.id for executor in executors}

    def _get_users(self, group=None):
        """Return the active portal users of these executors.

        :param str group: full xml id of a group that they must have.
        """
        # Who works for an executor is for the system to know, hence sudo.
        users = self.sudo().user_ids
        return users.filtered(lambda user: user.has_group(group)) if group else users

    def _find_person(self, partner_id):
        """Return the person of this one executor that an id stands for, in sudo mode.

        :param int partner_id: id of a ``res.partner``.
        :raises UserError: for somebody who doesn't belong to the executor.
        """
        # People are compared by the tree of organisations, which executors needn't read, hence sudo.
        people = self.env["res.partner"].sudo()
        organisation = self.sudo().partner_id  # as above
        person = people.search(
            [("id", "=", partner_id), ("id", "child_of", organisation.id), ("is_company", "=", False)]
        )
        if not person:
            raise UserError(self.env._("Choose a person of “%s”: others can't be responsible.", organisation.name))
        return person

    def _get_people(self):
        """Return the persons of this one executor's organisation: who can be responsible for its work."""
        # Who works for an organisation isn't readable in general, hence sudo; the caller checks who asks.
        return (
            self.env["res.partner"]
            .sudo()
            .search([("id", "child_of", self.sudo().partner_id.id), ("is_company", "=", False)], order="name, id")
        )

    def _get_heads(self):
        """Return the heads of this one executor, or the nearest ones above when it has none itself."""
        executor = self
        while executor:
            heads = executor._get_users("contact_center_executor.group_executor_head")
            if heads:
                return heads
            executor = executor.sudo().parent_id  # the tree above is configuration
        return self.env["res.users"]

    def _get_control_bodies(self, date=None):
        """Return the users who control this one executor on a date (RO-2.7), the nearest in the tree.

        :param date: date in the city, by default today.
        """
        self.ensure_one()
        date = date or self.company_id._get_today()
        executor = self.sudo()  # who controls whom is known to everybody
        while executor:
            areas = executor.control_area_ids.filtered(lambda area: area._covers(date))
            if areas:
                return areas.user_id.sudo(self.env.su)
            executor = executor.parent_id
        return self.env["res.users"]

    def _get_calendar(self):
        """Return the plain working calendar of this one executor."""
        # Calendars are configuration, hence sudo.
        executor = self.sudo()
        company = executor.company_id
        return (executor.resource_calendar_id or company.resource_calendar_id)._get_clock_calendar(company)

    # ------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------

    def _takes_mail(self, message_dict):
        """Settle answers to our e-mails about several assignments; others are posted to this executor as usual."""
        # Which e-mail is answered is for the gateway to know, hence sudo.
        answered = self.env["mail.message"].sudo().browse(message_dict.get("parent_id"))
        return answered.message_type == "user_notification"

    def _comment_by_mail(self, message_dict):
        raise UserError(
            self.env._("The e-mail that you answered is about several requests. Open the one you mean and write there.")
        )
