from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import PRIORITIES, REQUEST_CLASSES
from ..lexicon import Document, Index, split_synonyms


class ContactCenterCategory(models.Model):
    """A node of the classifier: what residents turn to the city about."""

    _name = "contact.center.category"
    _description = "Classifier Node"
    _inherit = ["contact.center.cached.mixin"]
    _parent_store = True
    # Codes tell the tree (ROAD, ROAD.POTHOLE), so what belongs together stands together.
    _order = "code, id"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable code used by imports, Open311 and open data.")
    complete_name = fields.Char(compute="_compute_complete_name", recursive=True, search="_search_complete_name")
    parent_id = fields.Many2one(
        "contact.center.category", "Parent node", index=True, ondelete="restrict", check_company=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("contact.center.category", "parent_id", "Sub-nodes")
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    synonyms = fields.Text(
        help="Everyday words, frequent misspellings and words of other languages, separated by semicolons or new lines."
    )
    # Defaults of a request
    request_class = fields.Selection(REQUEST_CLASSES, "Class", required=True, default="request")
    deadline_rule_id = fields.Many2one(
        "contact.center.deadline.rule",
        "Term",
        check_company=True,
        help="Empty: the term of the parent node or of the class.",
    )
    priority = fields.Selection(PRIORITIES, required=True, default="1")
    restricted = fields.Boolean(
        help="Only named persons see the content of such requests (corruption, personal safety)."
    )
    public = fields.Boolean(default=True, help="Residents may choose it themselves and see such requests on the map.")
    owner_id = fields.Many2one(
        "res.partner",
        "Default executor",
        domain=[("is_company", "=", True)],
        help="Organisation that usually executes.",
    )
    answer_template = fields.Text(
        translate=True, help="Proposed as the answer when a request of this node is resolved."
    )
    # Demands
    place_required = fields.Boolean("Demands a place")
    photo_required = fields.Boolean("Demands a photo", help="From residents who report by themselves.")
    question_definition = fields.PropertiesDefinition("Extra questions")
    question_summary = fields.Text("Questions", compute="_compute_question_summary")
    # Duplicates
    duplicate_distance = fields.Integer("Duplicates within (m)", default=250)
    duplicate_days = fields.Integer("Duplicates within (days)", default=30)
    request_count = fields.Integer(
        compute="_compute_request_count",
        groups="contact_center_base.group_operator,contact_center_base.group_control_body",
    )

    _code_company_unique = models.UniqueIndex(
        "(company_id, code)", "Another node of this city's classifier has the same code."
    )
    _duplicate_limits_check = models.Constraint(
        "CHECK(duplicate_distance >= 0 AND duplicate_days >= 0)", "Limits of the duplicate search can't be below zero."
    )

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for category in self:
            category.complete_name = " / ".join(filter(None, (category.parent_id.complete_name, category.name)))

    @api.model
    def _search_complete_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(value, str):
            return NotImplemented
        return Domain("id", "child_of", self._search(Domain("name", operator, value)))

    @api.depends("question_definition")
    def _compute_question_summary(self):
        for category in self:
            questions = category.question_definition or []
            category.question_summary = "\n".join(f"• {question['string']}" for question in questions)

    def _compute_request_count(self):
        counts = dict(
            self.env["contact.center.request"]._read_group(
                [("category_id", "in", self.ids)], ["category_id"], ["__count"]
            )
        )
        for category in self:
            category.request_count = counts.get(category, 0)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A node can't stand below itself."))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_requests(self):
        """Open the requests of this one node and of the nodes below it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_center_base.contact_center_request_action")
        return dict(action, domain=[("category_id", "child_of", self.id)], context={"default_category_id": self.id})

    def action_edit_questions(self):
        """Open the dialog that edits the extra questions of this one node."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extra questions"),
            "res_model": "contact.center.category.questions",
            "view_mode": "form",
            "target": "new",
            "context": {"default_category_id": self.id},
        }

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    def _get_deadline_rule(self):
        """Return the term of this one node: its own or the nearest one above; may be empty."""
        node = self
        while node and not node.deadline_rule_id:
            node = node.parent_id
        return node.deadline_rule_id

    @api.model
    @tools.ormcache("company_id")
    def _search_index(self, company_id):
        """Return the word index over all active nodes of one city, in every language a name is kept in."""
        # The index is shared by all users of the city; names of nodes are no secret, hence sudo.
        categories = self.sudo().search([("company_id", "=", company_id)])
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        names = {category.id: set() for category in categories}
        for language in languages:
            for category in categories.with_context(lang=language):
                names[category.id].add(category.name)
        return Index(
            Document(
                category.id,
                names=tuple(sorted(names[category.id])),
                synonyms=split_synonyms(category.synonyms or ""),
                context=tuple(name for parent in category._get_ancestors() for name in sorted(names[parent.id])),
                code=category.code,
            )
            for category in categories
        )

    def _get_ancestors(self):
        """Return the nodes above this one node, the nearest first."""
        ancestors = self.browse()
        node = self.parent_id
        while node:
            ancestors += node
            node = node.parent_id
        return ancestors

    @api.model
    def search_by_words(self, words, limit=5, company=None):
        """Return the nodes that fit what the applicant says, the best first.

        :param str words: the applicant's words in any of the languages, misspelt or not.
        :param int limit: how many nodes at most.
        :param company: the city, by default the current one.
        """
        company = company or self.env.company
        found = self._search_index(company.id).search(words or "", limit=limit)
        return self.browse(node_id for node_id, _score in found).exists()
