from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

OUTCOMES = [
    ("sent", "E-mail sent"),
    ("reached", "Reached"),
    ("crew", "A crew is on the way"),
    ("no_answer", "No answer"),
    ("refused", "Refused"),
]


class ContactCenterDispatchContact(models.Model):
    """One contact with the dispatch service of an executor about an emergency (MA-2.2.2, MA-3.1.4); a log."""

    _name = "contact.center.dispatch.contact"
    _description = "Contact with a Dispatch Service"
    _order = "date desc, id desc"
    _rec_name = "assignment_id"
    _check_company_auto = True

    assignment_id = fields.Many2one("contact.center.assignment", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, precompute=True, index=True)
    executor_id = fields.Many2one(related="assignment_id.executor_id", store=True, precompute=True, index=True)
    restricted = fields.Boolean(related="assignment_id.restricted", store=True, precompute=True)
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, ondelete="restrict", default=lambda self: self.env.user
    )
    called = fields.Char(
        "Whom",
        required=True,
        compute="_compute_called",
        store=True,
        readonly=False,
        precompute=True,
        help="Phone or e-mail address, and who answered.",
    )
    outcome = fields.Selection(OUTCOMES, required=True)
    note = fields.Text("What was said")

    # ------------------------------------------------------------
    # Compute and constraints
    # ------------------------------------------------------------

    @api.depends("assignment_id")
    def _compute_called(self):
        """Propose the dispatch service's phone."""
        for contact in self:
            contact.called = contact.called or contact.executor_id.dispatch_phone

    @api.constrains("date")
    def _check_date(self):
        if any(contact.date > fields.Datetime.now() for contact in self):
            raise ValidationError(self.env._("A contact that is yet to come can't be noted."))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Note contacts, each by whoever notes it, and write them into the histories of the requests."""
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        contacts = super().create(vals_list)
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        for contact in contacts:
            said = ", ".join(filter(None, (contact.called, outcomes[contact.outcome], contact.note)))
            contact.assignment_id._record_events("dispatched", said)
        return contacts

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of contacts can't be changed: note another contact."))
