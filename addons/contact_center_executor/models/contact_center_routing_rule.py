from babel.dates import get_day_names

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime
from odoo.tools.misc import babel_locale_parse, format_date, format_duration, get_lang

from odoo.addons.contact_center_base import workflow
from odoo.addons.contact_center_base.const import REQUEST_CLASSES

from ..routing import Facts, Matcher, Rule, Window, plan_by_owners
from ..routing.window import ALWAYS, EVERY_DAY

# As the widget of weekdays has them, Monday first.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_TIMES = [("within", "In working hours"), ("outside", "Outside working hours")]
# So many names a condition is described by.
NAMES_SHOWN = 3
# Imported requests are sent out in portions, so that not all of them are in memory at once.
PORTION = 1000


class ContactCenterRoutingRule(models.Model):
    """Who gets which requests. Rules are asked in their order; the first one all of whose conditions hold decides.

    How rules are compared with a request is plain Python in the package ``routing``; this model feeds it, keeps the
    result in memory and says in words what was decided.
    """

    _name = "contact.center.routing.rule"
    _description = "Routing Rule"
    _inherit = ["contact.center.cached.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(help="Empty: the rule is called by its conditions.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    # Which requests. What is archived still is a condition, and what is one isn't deleted: else the rule would get
    # more requests than anybody wanted.
    category_ids = fields.Many2many(
        "contact.center.category",
        string="Topics",
        check_company=True,
        ondelete="restrict",
        context={"active_test": False},
        help="Classifier nodes with all nodes below them. Empty: every topic.",
    )
    district_ids = fields.Many2many(
        "contact.center.district",
        string="Districts",
        check_company=True,
        ondelete="restrict",
        context={"active_test": False},
        help="Empty: everywhere, also where the district isn't known.",
    )
    street_ids = fields.Many2many(
        "contact.center.street",
        string="Streets",
        check_company=True,
        ondelete="restrict",
        context={"active_test": False},
        help="Together with districts: only the part of the streets that lies in them.",
    )
    request_class = fields.Selection(REQUEST_CLASSES, "Class", help="Empty: every class.")
    # When
    mon = fields.Boolean(default=True)
    tue = fields.Boolean(default=True)
    wed = fields.Boolean(default=True)
    thu = fields.Boolean(default=True)
    fri = fields.Boolean(default=True)
    sat = fields.Boolean(default=True)
    sun = fields.Boolean(default=True)
    hour_from = fields.Float(
        "From", default=0, help="Local time. Hours over midnight belong to the day on which they begin."
    )
    hour_to = fields.Float("To", default=24)
    working_time = fields.Selection(WORKING_TIMES, help="By the calendar of the city. Empty: at any time.")
    date_from = fields.Date("Valid from")
    date_to = fields.Date("Valid until", help="The last day.")
    # Who gets them
    executor_id = fields.Many2one(
        "contact.center.executor", "Lead executor", required=True, index=True, check_company=True
    )
    co_executor_ids = fields.Many2many(
        "contact.center.executor",
        "contact_center_routing_rule_co_executor_rel",
        string="Co-executors",
        check_company=True,
        ondelete="restrict",
    )
    instruction = fields.Text(help="What the executors are asked to do.")
    deadline_rule_id = fields.Many2one(
        "contact.center.deadline.rule",
        "Own term",
        check_company=True,
        ondelete="restrict",
        help="Instead of the term of the topic. A term that the law gives stays.",
    )
    # What becomes of it
    condition_text = fields.Char("Which requests", compute="_compute_condition_text")
    covered_by_id = fields.Many2one(
        "contact.center.routing.rule",
        "Never reached because of",
        compute="_compute_covered_by_id",
        search="_search_covered_by_id",
        help="An earlier rule that takes all its requests.",
    )
    assignment_count = fields.Integer(compute="_compute_assignment_count")

    _hours_check = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from < 24 AND hour_to > 0 AND hour_to <= 24 AND hour_from <> hour_to)",
        "Hours lie between 0:00 and 24:00 and don't end when they begin.",
    )
    _dates_check = models.Constraint("CHECK(date_from <= date_to)", "A rule can't end before it begins.")
    _weekdays_check = models.Constraint(
        "CHECK(mon OR tue OR wed OR thu OR fri OR sat OR sun)", "Choose at least one day of the week."
    )

    # ------------------------------------------------------------
    # Compute and constraints
    # ------------------------------------------------------------

    @api.depends("name", "condition_text", "executor_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.name or f"{rule.condition_text} → {rule.executor_id.name or ''}"

    @api.depends(
        "category_ids.name",
        "district_ids.name",
        "street_ids.search_name",
        "request_class",
        *WEEKDAYS,
        "hour_from",
        "hour_to",
        "working_time",
        "date_from",
        "date_to",
    )
    @api.depends_context("lang")
    def _compute_condition_text(self):
        classes = dict(self._fields["request_class"]._description_selection(self.env))
        for rule in self:
            conditions = [
                _shorten(rule.category_ids.mapped("name")),
                _shorten(rule.district_ids.mapped("name")),
                _shorten(street._get_label() for street in rule.street_ids),
                classes.get(rule.request_class),
                *rule._describe_window(),
            ]
            rule.condition_text = " · ".join(filter(None, conditions)) or self.env._("Every request")

    def _describe_window(self):
        """Return when this one rule holds, as a list of texts in the user's language."""
        window = self._get_window()
        names = get_day_names("abbreviated", locale=babel_locale_parse(get_lang(self.env).code))
        days = [names[day] for day in sorted(window.weekdays)] if window.weekdays != EVERY_DAY else []
        dates = [format_date(self.env, date) if date else "…" for date in (self.date_from, self.date_to)]
        return [
            ", ".join(days),
            "" if window.all_day else f"{format_duration(self.hour_from)}–{format_duration(self.hour_to)}",
            dict(self._fields["working_time"]._description_selection(self.env)).get(self.working_time),
            "–".join(dates) if self.date_from or self.date_to else "",
        ]

    @api.depends("sequence", "active", "category_ids", "district_ids", "street_ids", "condition_text")
    def _compute_covered_by_id(self):
        covered = {}
        for company in self.company_id:
            covered.update(self._get_matcher(company).covered)
        for rule in self:
            rule.covered_by_id = covered.get(rule._origin.id)

    @api.model
    def _search_covered_by_id(self, operator, value):
        if operator != "in" or any(value):
            return NotImplemented
        covered = [rule_id for company in self.env.companies for rule_id in self._get_matcher(company).covered]
        return [("id", "not in", covered)]

    def _compute_assignment_count(self):
        counts = dict(
            self.env["contact.center.assignment"]._read_group(
                [("routing_rule_id", "in", self.ids)], ["routing_rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.assignment_count = counts.get(rule, 0)

    @api.constrains("executor_id", "co_executor_ids")
    def _check_co_executor_ids(self):
        for rule in self:
            if rule.executor_id in rule.co_executor_ids:
                raise ValidationError(
                    self.env._("“%s” leads already: it can't be a co-executor too.", rule.executor_id.name)
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_assignments(self):
        """Open the assignments that this one rule made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "contact.center.assignment",
            "view_mode": "list,form",
            "domain": [("routing_rule_id", "=", self.id)],
        }

    # ------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache("company.id")
    def _get_matcher(self, company):
        """Return the plain :class:`~..routing.Matcher` of the rules of one city; those of archived executors are out.

        It is kept until a rule, an executor or a classifier node changes.
        """
        # The same for everybody whose request is sent out, hence sudo.
        rules = self.sudo().search([("company_id", "=", company.id), ("executor_id.active", "=", True)])
        return Matcher(rule._compile() for rule in rules)

    def _compile(self):
        """Return the plain :class:`~..routing.Rule` of this one rule."""
        return Rule(
            self.id,
            paths=tuple(_path(category) for category in self.category_ids),
            districts=frozenset(self.district_ids.ids),
            streets=frozenset(self.street_ids.ids),
            request_class=self.request_class or None,
            window=self._get_window(),
        )

    def _get_window(self):
        """Return the plain :class:`~..routing.Window` of this one rule."""
        return Window(
            weekdays=frozenset(day for day, name in enumerate(WEEKDAYS) if self[name]),
            minute_from=round(self.hour_from * 60),
            minute_to=round(self.hour_to * 60),
            working=self.working_time or None,
            first_day=self.date_from or None,
            last_day=self.date_to or None,
        )

    @api.model
    def _get_facts(self, requests, moment):
        """Return ``{request: facts}`` of many requests of one city that are sent out at a moment (naive UTC)."""
        company = requests.company_id
        local = company._to_local(moment)
        working = not self._get_matcher(company).asks_working or company._next_working_moment(moment) == moment
        return {
            request: Facts(
                categories=_path(request.category_id),
                district=request.district_id.id or None,
                street=request.street_id.id or None,
                request_class=request.request_class,
                moment=local,
                working=working,
            )
            for request in requests
        }

    @api.model
    def _match(self, requests, moment=None):
        """Return ``{request: (rule, note)}`` for those of many requests that a rule matches.

        ``note`` says in the city's language which rule it was and why.

        :param moment: when they are sent out (naive UTC), by default now.
        """
        moment = moment or fields.Datetime.now()
        found = {}
        for company, of_city in requests.grouped("company_id").items():
            # In the language in which the city's history is written.
            of_city = of_city.with_context(lang=company.partner_id.lang)
            matcher = self._get_matcher(company)
            matches = {}
            for request, facts in self._get_facts(of_city, moment).items():
                if match := matcher.find(facts):
                    matches[request] = match
            rules = self.browse({match.id for match in matches.values()})
            explaining = {rule.id: rule for rule in rules.with_context(lang=company.partner_id.lang)}
            by_id = {rule.id: rule for rule in rules}
            times = {
                match: explaining[match.id]._explain_time(moment)
                for match in set(matches.values())
                if match.window != ALWAYS
            }
            for request, match in matches.items():
                note = explaining[match.id]._explain_match(match, request, times.get(match))
                found[request] = (by_id[match.id], note)
        return found

    def _explain_match(self, match, request, time):
        """Return which rule this one is and why it gets one request, in the language of both.

        :param match: its plain :class:`~..routing.Rule`.
        :param str time: how the moment reads, if it matters to the rule.
        """
        reasons = [
            self.env._("topic “%s”", request.category_id.complete_name) if match.categories else None,
            self.env._("district “%s”", request.district_id.name) if match.districts else None,
            self.env._("street “%s”", request.street_id._get_label()) if match.streets else None,
            self.env._("class “%s”", request._history_label("request_class")) if match.request_class else None,
            time,
        ]
        return self.env._(
            "Rule “%(rule)s”: %(reasons)s.",
            rule=self.display_name,
            reasons="; ".join(filter(None, reasons)) or self.env._("it gets every request"),
        )

    def _explain_time(self, moment):
        """Return how a moment reads that fits the window of this one rule."""
        zone = self.company_id._get_time_zone().key
        text = format_datetime(self.env, moment, tz=zone, dt_format="EEEE HH:mm")
        working = dict(self._fields["working_time"]._description_selection(self.env)).get(self.working_time)
        return ", ".join(filter(None, (text, working)))

    def _prepare_assignments(self, request, note):
        """Return the values of the assignments by which this one rule gives one request to its executors."""
        common = {
            "request_id": request.id,
            "routing_rule_id": self.id,
            "routing_note": note,
            "instruction": self.instruction,
        }
        co_executors = [{**common, "executor_id": executor.id, "role": "co"} for executor in self.co_executor_ids]
        return [{**common, "executor_id": self.executor_id.id, "role": "lead"}, *co_executors]

    # ------------------------------------------------------------
    # Rules from the owners of imported requests
    # ------------------------------------------------------------

    @api.model
    def _plan_from_owners(self, company):
        """Return the plain :class:`~..routing.OwnerRule` rows that the owners of imported requests of a city suggest.

        Topics that somebody gets already, by a rule of their own or as default executor, are left out; what belongs
        deeper in the classifier stands first.
        """
        # Whoever sets up routing needn't be allowed to read requests, of which only numbers are used, hence sudo.
        Request = self.env["contact.center.request"].sudo()
        rows = Request._read_group(
            [
                ("company_id", "=", company.id),
                ("source_number", "!=", False),
                ("owner_id", "!=", False),
                ("restricted", "=", False),
                ("request_class", "!=", "consultation"),
                ("category_id", "not in", self._get_provided_categories(company).ids),
            ],
            ["category_id", "district_id", "owner_id"],
            ["__count"],
        )
        plan = plan_by_owners(
            (category.id, district.id, owner.id, count) for category, district, owner, count in rows if category
        )
        paths = {category.id: category.parent_path for category, *_rest in rows if category}
        return sorted(plan, key=lambda row: -paths[row.category].count("/"))

    @api.model
    def _get_provided_categories(self, company):
        """Return the nodes of a city for which there is a rule or a default executor that works here."""
        executors = self.env["contact.center.executor"]._get_by_partner(company)
        of_rules = self.search([("company_id", "=", company.id)]).category_ids
        return of_rules | of_rules.search([("company_id", "=", company.id), ("owner_id", "in", list(executors))])

    @api.model
    def _make_from_owners(self, company):
        """Make rules out of who executed imported requests of a city, and send out those that nobody works on.

        Owners that are no executors yet become such. Run again it only adds what is missing.

        :returns: the new rules.
        """
        plan = self._plan_from_owners(company)
        executors = self._ensure_executors(company, {row.owner for row in plan})
        plan = [row for row in plan if executors[row.owner].active]
        last = self.search([("company_id", "=", company.id)], order="sequence desc", limit=1).sequence
        rules = self.create(
            [
                {
                    "company_id": company.id,
                    "sequence": last + number,
                    "category_ids": [fields.Command.link(row.category)],
                    "district_ids": [fields.Command.link(district) for district in row.districts],
                    "executor_id": executors[row.owner].id,
                }
                for number, row in enumerate(plan, start=1)
            ]
        )
        self._route_imported(company)
        return rules

    @api.model
    def _ensure_executors(self, company, partner_ids):
        """Return ``{organisation id: executor}`` of a city, archived ones too; missing ones are added."""
        Executor = self.env["contact.center.executor"]
        known = Executor.with_context(active_test=False).search([("partner_id", "in", list(partner_ids))])
        missing = partner_ids - set(known.partner_id.ids)
        added = Executor.create([{"partner_id": partner, "company_id": company.id} for partner in sorted(missing)])
        return {executor.partner_id.id: executor for executor in known | added}

    @api.model
    def _route_imported(self, company):
        """Send out the open imported requests of a city that nobody works on."""
        # Routing is automatic, see _route of the request; whoever sets it up needn't read requests, hence sudo.
        requests = self.env["contact.center.request"].sudo()
        requests = requests.search(
            [
                ("company_id", "=", company.id),
                ("source_number", "!=", False),
                ("state", "in", workflow.OPEN_STATES),
                ("assignment_ids", "=", False),
            ],
            order="id",
        )
        for portion in tools.split_every(PORTION, requests.ids, requests.browse):
            portion._route(taken_over=True)
            self.env.flush_all()
            portion.invalidate_recordset()


def _path(category):
    """Return the ids of one classifier node and of those above it, the node first; of no node an empty tuple."""
    return tuple(int(node) for node in reversed((category.parent_path or "").split("/")[:-1]))


def _shorten(names):
    """Return some names as one text; of many only the first ones."""
    names = list(names)
    more = ["…"] if len(names) > NAMES_SHOWN else []
    return ", ".join(names[:NAMES_SHOWN] + more)
