from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .contact_center_explanation import FORMS


class ContactCenterAssignment(models.Model):
    """Explanations demanded from officials for late or partial execution (MA-4.1.5)."""

    _inherit = "contact.center.assignment"

    explanation_ids = fields.One2many("contact.center.explanation", "assignment_id", "Explanations")

    def demand_explanation(self, partner_id, text, due_date, form="written"):
        """Demand an explanation about this one assignment and return the ``contact.center.explanation``.

        :param int partner_id: id of the person of the executor who has to explain.
        :param str text: what is to be explained, plain text.
        :param due_date: until when, a date in the city.
        :param str form: ``written`` or ``oral``.
        :raises AccessError: for whoever isn't of the centre.
        :raises UserError: without a text, for a day that is over, or a person of another organisation.
        """
        self.ensure_one()
        self.check_access("read")
        if self.env["contact.center.request"]._get_roles().isdisjoint({"operator", "supervisor", "head", "system"}):
            raise AccessError(self.env._("The centre demands explanations."))
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Write what is to be explained."))
        due_date = due_date and self._read_date(due_date)
        if not due_date or due_date < self.company_id._get_today():
            raise UserError(self.env._("Say until when the explanation is due: today or later."))
        if form not in dict(FORMS):
            raise UserError(self.env._("Choose whether the explanation is given in writing or orally."))
        person = self.executor_id._find_person(partner_id)
        values = {"assignment_id": self.id, "person_id": person.id, "text": text, "due_date": due_date, "form": form}
        # Explanations are written by methods only, and that the centre demands was just checked, hence sudo.
        explanation = self.env["contact.center.explanation"].sudo().create([values])
        said = f"{person.name}: {text}"
        self._record_events("explained", said)
        self._notify("explanation", said)
        return explanation.with_env(self.env)
