from odoo import fields, models
from odoo.exceptions import UserError

from ..const import PORTAL_ROLES


class ContactCenterPortalAccess(models.TransientModel):
    """Gives a person of an executor access to the portal: somebody known or somebody new."""

    _name = "contact.center.portal.access"
    _description = "Access to the Portal"

    executor_id = fields.Many2one("contact.center.executor", required=True)
    organisation_id = fields.Many2one(related="executor_id.partner_id", related_sudo=False)
    partner_id = fields.Many2one(
        "res.partner",
        "Person",
        domain="[('id', 'child_of', organisation_id), ('is_company', '=', False)]",
        help="Empty: somebody new.",
    )
    name = fields.Char("Surname and name")
    function = fields.Char("Position")
    email = fields.Char("E-mail")
    phone = fields.Char()
    role = fields.Selection(PORTAL_ROLES, required=True, default="operator")
    responsible = fields.Boolean("Responsible for the contact centre too", help="Whom the centre turns to (KR-8.1.1).")

    def action_apply(self):
        """Give access and send the invitation."""
        self.ensure_one()
        person = self.partner_id or self._create_person()
        self.executor_id.give_portal_access(person, self.role)
        if self.responsible:
            self.executor_id.responsible_ids += person
        return {"type": "ir.actions.act_window_close"}

    def _create_person(self):
        """Return the new person of the executor whose name and addresses this one dialog holds.

        :raises UserError: when something is missing.
        """
        self.executor_id.check_access("write")
        if not (self.name and self.email):
            raise UserError(self.env._("Choose a person, or enter the name and the e-mail address of a new one."))
        values = {
            "name": self.name,
            "function": self.function,
            "email": self.email,
            "phone": self.phone,
            "parent_id": self.organisation_id.id,
            "company_id": self.executor_id.company_id.id,
        }
        # Whoever keeps an executor keeps its people, also without the right to edit contacts, hence sudo.
        return self.env["res.partner"].sudo().create(values).sudo(self.env.su)
