from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

QUESTION_TYPES = [
    ("char", "Short text"),
    ("text", "Long text"),
    ("boolean", "Yes or no"),
    ("integer", "Whole number"),
    ("float", "Decimal number"),
    ("date", "Date"),
    ("selection", "One of several choices"),
]


class ContactCenterCategoryQuestions(models.TransientModel):
    """Edits what a request of a classifier node is asked besides the description."""

    _name = "contact.center.category.questions"
    _description = "Extra Questions of a Classifier Node"

    category_id = fields.Many2one("contact.center.category", "Classifier node", required=True, readonly=True)
    line_ids = fields.One2many("contact.center.category.questions.line", "wizard_id", "Questions")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        category = self.env["contact.center.category"].browse(values.get("category_id"))
        values["line_ids"] = [
            Command.create(values) for values in map(self._prepare_line_values, category.question_definition or [])
        ]
        return values

    @api.model
    def _prepare_line_values(self, question):
        return {
            "key": question["name"],
            "question": question["string"],
            "kind": question["type"] if question["type"] in dict(QUESTION_TYPES) else "char",
            "choices": "; ".join(label for _value, label in question.get("selection") or []),
        }

    def action_apply(self):
        """Write the questions to the node; answers already given to the questions that stay are kept."""
        self.ensure_one()
        present = {question["name"]: question for question in self.category_id.question_definition or []}
        self.category_id.question_definition = [line._get_question(present.get(line.key)) for line in self.line_ids]
        return {"type": "ir.actions.act_window_close"}


class ContactCenterCategoryQuestionsLine(models.TransientModel):
    _name = "contact.center.category.questions.line"
    _description = "Extra Question of a Classifier Node"
    _order = "sequence, id"

    wizard_id = fields.Many2one("contact.center.category.questions", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    key = fields.Char(readonly=True)
    question = fields.Char(required=True)
    kind = fields.Selection(QUESTION_TYPES, "Answer", required=True, default="char")
    choices = fields.Char(help="Separated by semicolons.")

    def _get_question(self, present):
        """Return the definition of this one question.

        :param present: its definition so far, None for a new one. The values of choices whose label stays are kept.
        :raises ValidationError: when there is nothing to choose from.
        """
        question = {
            **(present if present and present["type"] == self.kind else {}),
            "name": self.key or f"q{self.id}",
            "string": self.question,
            "type": self.kind,
        }
        if self.kind == "selection":
            labels = list(dict.fromkeys(filter(None, map(str.strip, (self.choices or "").split(";")))))
            if not labels:
                raise ValidationError(self.env._("Write the choices of “%s”, separated by semicolons.", self.question))
            values = {label: value for value, label in (present or {}).get("selection") or []}
            question["selection"] = [
                [values.get(label, f"{self.id}_{position}"), label] for position, label in enumerate(labels)
            ]
        return question
