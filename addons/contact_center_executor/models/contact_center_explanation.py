from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain

from .contact_center_assignment import STAFF

FORMS = [("written", "In writing"), ("oral", "Orally")]


class ContactCenterExplanation(models.Model):
    """An explanation demanded from an official for late or partial execution (MA-4.1.5), and the answer.

    Nobody has the right to write explanations: ``contact.center.assignment.demand_explanation`` demands one, and it
    is answered once, by :meth:`answer`.
    """

    _name = "contact.center.explanation"
    _description = "Explanation"
    _order = "id desc"
    _rec_name = "assignment_id"
    _check_company_auto = True

    assignment_id = fields.Many2one("contact.center.assignment", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, precompute=True)
    executor_id = fields.Many2one(related="assignment_id.executor_id", store=True, precompute=True, index=True)
    restricted = fields.Boolean(related="assignment_id.restricted", store=True, precompute=True)
    person_id = fields.Many2one("res.partner", "Demanded from", required=True, index=True, ondelete="restrict")
    form = fields.Selection(FORMS, required=True, default="written")
    text = fields.Text("What is to be explained", required=True)
    demanded_by_id = fields.Many2one("res.users", "Demanded by", required=True, default=lambda self: self.env.user)
    demanded_at = fields.Datetime("Demanded on", required=True, default=fields.Datetime.now)
    due_date = fields.Date("Due", required=True)
    answer_text = fields.Text("Explanation")
    answered_by_id = fields.Many2one("res.users", "Entered by")
    answered_at = fields.Datetime("Answered on")
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", "Documents", domain=[("res_model", "=", _name)], groups=STAFF
    )
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")

    _due_index = models.Index("(company_id, due_date) WHERE answered_at IS NULL")

    # ------------------------------------------------------------
    # Compute and search
    # ------------------------------------------------------------

    @api.depends("due_date", "answered_at")
    def _compute_is_overdue(self):
        for explanation in self:
            late = bool(explanation.due_date) and explanation.due_date < explanation.company_id._get_today()
            explanation.is_overdue = late and not explanation.answered_at

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain.OR(
            Domain("company_id", "=", city.id) & Domain("due_date", "<", city._get_today())
            for city in self.env.companies
        )
        overdue = Domain("answered_at", "=", False) & late
        return overdue if True in value else ~overdue

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Demands of explanations can't be deleted: they belong to the history."))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_answer(self):
        """Open the dialog in which the centre enters the answer to this one demand."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.explanation.answer",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Enter the explanation"),
            "context": {"default_explanation_id": self.id},
        }

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    def answer(self, text, attachment_ids=()):
        """Answer this one demand: in writing as the executor, or enter as the centre what was said or written.

        :param str text: the explanation, plain text.
        :param attachment_ids: ids of files that the user has uploaded for it or to the assignment.
        :raises AccessError: for whoever acts neither for the executor nor for the centre, an oral one by the executor.
        :raises UserError: without a text, when it is answered already, or for files that aren't taken.
        """
        self.ensure_one()
        self.check_access("read")
        self.assignment_id._check_executor_role()
        if self.form == "oral" and self.env.user.contact_center_executor_id:
            raise AccessError(self.env._("This explanation is given orally: the centre enters what was said."))
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Write the explanation."))
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._("A colleague is entering this explanation at this very moment.")) from error
        if self.answered_at:
            raise UserError(self.env._("This explanation is given already."))
        files = self.assignment_id._find_evidence(attachment_ids)
        # Explanations are written by methods only, and who answers was just checked, hence sudo.
        explanation = self.sudo()
        explanation.write({"answer_text": text, "answered_by_id": self.env.uid, "answered_at": fields.Datetime.now()})
        self.assignment_id._adopt_evidence(files, explanation)
        self.assignment_id._record_events("explained", f"{explanation.person_id.name}: {text}")
