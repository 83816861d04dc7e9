from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.contact_center_base.const import REQUEST_CLASSES

# So many rules that nearly matched are told.
NEAR_MISSES = 5


class ContactCenterRoutingSimulator(models.TransientModel):
    """Answers "who would get this" by the very methods that send a request out, without a request."""

    _name = "contact.center.routing.simulator"
    _description = "Who Would Get This"
    _inherit = ["contact.center.place.mixin"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", "City", required=True, default=lambda self: self.env.company)
    # Nothing of a simulation needs an index: it is forgotten within hours.
    district_id = fields.Many2one(index=False)
    street_id = fields.Many2one(index=False)
    words = fields.Char("What it is about", help="In the applicant's words.")
    category_id = fields.Many2one(
        "contact.center.category",
        "Topic",
        compute="_compute_category_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    request_class = fields.Selection(
        REQUEST_CLASSES, "Class", compute="_compute_request_class", store=True, readonly=False
    )
    moment = fields.Datetime("Sent out on", required=True, default=fields.Datetime.now)
    # The answer
    rule_id = fields.Many2one("contact.center.routing.rule", compute="_compute_answer")
    executor_id = fields.Many2one("contact.center.executor", "Lead executor", compute="_compute_answer")
    co_executor_ids = fields.Many2many("contact.center.executor", string="Co-executors", compute="_compute_answer")
    instruction = fields.Text(compute="_compute_answer")
    deadline_rule_id = fields.Many2one("contact.center.deadline.rule", "Term", compute="_compute_answer")
    reason = fields.Text("Why", compute="_compute_answer")
    misses = fields.Html("Why not the rules before", compute="_compute_answer", sanitize=False)

    @api.depends("words")
    def _compute_category_id(self):
        """Take the node that fits the words best; one chosen from the tree stays."""
        for simulation in self:
            found = simulation.category_id
            if simulation.words:
                found = found.search_by_words(simulation.words, limit=1, company=simulation.company_id)
            simulation.category_id = found

    @api.depends("category_id")
    def _compute_request_class(self):
        for simulation in self:
            simulation.request_class = simulation.category_id.request_class or simulation.request_class or "request"

    @api.depends("category_id", "request_class", "street_id", "house", "district_id", "moment")
    @api.depends_context("lang")
    def _compute_answer(self):
        for simulation in self:
            request = simulation._imagine_request()
            moment = simulation.moment or fields.Datetime.now()
            rule, rows = request._find_executors(moment).get(request, (request.routing_rule_id, []))
            by_role = {role: [row["executor_id"] for row in rows if row["role"] == role] for role in ("lead", "co")}
            simulation.rule_id = rule
            simulation.executor_id = by_role["lead"][:1] and by_role["lead"][0]
            simulation.co_executor_ids = by_role["co"]
            simulation.instruction = rule.instruction
            simulation.deadline_rule_id = request._choose_term(rule)
            simulation.reason = rows[0]["routing_note"] if rows else simulation._explain_nobody(request)
            simulation.misses = simulation._describe_misses(request, moment)

    def _imagine_request(self):
        """Return the request of this one simulation, which is in memory only."""
        # Nothing is read or kept of real requests, hence sudo: the technical administrator may ask too.
        return (
            self.env["contact.center.request"]
            .sudo()
            .new(
                {
                    "company_id": self.company_id.id,
                    "category_id": self.category_id.id,
                    "request_class": self.request_class,
                    "street_id": self.street_id.id,
                    "house": self.house,
                    "district_id": self.district_id.id,
                    "restricted": self.category_id.restricted,
                    "state": "new",
                }
            )
        )

    def _explain_nobody(self, request):
        """Return why nobody would get the request of this one simulation."""
        if request.restricted:
            return self.env._("Restricted requests stay with the named persons of the centre.")
        if request.request_class == "consultation":
            return self.env._("Consultations are answered by the centre itself.")
        return self.env._("Nobody: no rule matches, and the topic has no default executor. Add a rule.")

    def _describe_misses(self, request, moment):
        """Return the rules for the topic that stand before the one that wins and what they lacked, as a list."""
        Rule = self.env["contact.center.routing.rule"]
        facts = Rule._get_facts(request, moment)[request]
        misses = Rule._get_matcher(self.company_id).misses(facts, NEAR_MISSES)
        labels = self._get_condition_labels()
        rules = {rule.id: rule.display_name for rule in Rule.browse(miss.rule.id for miss in misses)}
        item = Markup("<li><a href='/odoo/contact-center-routing/%s'>%s</a>: %s</li>")
        lines = [
            item % (miss.rule.id, rules[miss.rule.id], ", ".join(labels[code] for code in labels if code in miss.lacks))
            for miss in misses
        ]
        return Markup("<ul class='mb-0'>%s</ul>") % Markup().join(lines) if lines else False

    @api.model
    def _get_condition_labels(self):
        """Return ``{condition: text that it doesn't hold}`` of the conditions besides the topic."""
        return {
            "district": self.env._("another district"),
            "street": self.env._("another street"),
            "class": self.env._("another class"),
            "dates": self.env._("not valid on that day"),
            "weekdays": self.env._("another day of the week"),
            "hours": self.env._("another time of the day"),
            "working": self.env._("not at that time by working hours"),
        }
