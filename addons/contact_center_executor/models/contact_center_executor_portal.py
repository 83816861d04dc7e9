from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from ..const import PORTAL_GROUPS


class ContactCenterExecutor(models.Model):
    """Access of executors' people to the portal: who has it, in which role, and their invitation."""

    _inherit = "contact.center.executor"

    def give_portal_access(self, person, role="operator"):
        """Give a person of this one executor access to the portal and invite them by e-mail.

        Whoever has an account of the portal already gets this executor and role.

        :param person: one ``res.partner`` of the organisation, with an e-mail address.
        :param str role: ``operator`` or ``head``.
        :returns: the user.
        :raises AccessError: for whoever doesn't keep executors.
        :raises UserError: for somebody of another organisation, without an e-mail address, or with another account.
        """
        self.ensure_one()
        self.check_access("write")
        # Accounts belong to the administrator; who keeps executors gives their people theirs, hence sudo.
        person = person.sudo()
        self._check_person(person)
        user = person.with_context(active_test=False).user_ids[:1] or self._create_portal_user(person)
        user.write({"active": True, "contact_center_executor_id": self.id, **self._prepare_portal_role(role)})
        if not user.login_date:
            user._invite_to_portal()
        return user.sudo(self.env.su)

    def _check_person(self, person):
        """Check that a person can get an account as one of this one executor's people.

        :raises UserError: when not, with what to do.
        """
        organisation = self.sudo().partner_id  # the tree of organisations is nobody's secret here
        if person.is_company or not person.filtered_domain([("id", "child_of", organisation.id)]):
            raise UserError(
                self.env._("%(person)s isn't a person of “%(executor)s”.", person=person.name, executor=self.name)
            )
        if not email_normalize(person.email):
            raise UserError(self.env._("%s needs a valid e-mail address: the invitation goes there.", person.name))
        if person.with_context(active_test=False).user_ids.filtered(lambda user: not user.share):
            raise UserError(
                self.env._("%s is a colleague with an account in this system: no access to the portal.", person.name)
            )

    def _create_portal_user(self, person):
        """Return a new portal user for a person of this one executor.

        :raises UserError: when somebody else logs in with their e-mail address.
        """
        login = email_normalize(person.email)
        Users = self.env["res.users"].sudo()  # as in give_portal_access
        if Users.with_context(active_test=False).search_count([("login", "=", login)], limit=1):
            raise UserError(self.env._("Somebody else logs in as %s: enter another e-mail address.", login))
        values = {
            "login": login,
            "partner_id": person.id,
            "company_id": self.company_id.id,
            "company_ids": [Command.set(self.company_id.ids)],
        }
        return Users.with_context(no_reset_password=True)._create_user_from_template(values)

    def _prepare_portal_role(self, role):
        """Return the values of a user who acts for an executor as its ``operator`` or ``head`` and nothing else."""
        commands = [
            Command.link(self.env.ref(group).id) if code == role else Command.unlink(self.env.ref(group).id)
            for code, group in PORTAL_GROUPS.items()
        ]
        return {"group_ids": commands}
