from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import DIGESTS, PORTAL_GROUPS, PORTAL_ROLES


class ResUsers(models.Model):
    _inherit = "res.users"

    contact_center_executor_id = fields.Many2one(
        "contact.center.executor",
        "Works for the executor",
        index="btree_not_null",
        ondelete="restrict",
        help="The executor whose requests this portal user sees, with those of the organisations below.",
    )
    contact_center_executor_role = fields.Selection(
        PORTAL_ROLES, "Role at the executor", compute="_compute_contact_center_executor_role", compute_sudo=True
    )
    contact_center_digest = fields.Selection(
        DIGESTS,
        "E-mails about requests",
        default="at_once",
        required=True,
        help="Emergencies and returns for rework are always written at once.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "contact_center_executor_id", "contact_center_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "contact_center_digest"]

    @api.depends("all_group_ids", "contact_center_executor_id")
    def _compute_contact_center_executor_role(self):
        """Name the senior role that each has at its executor."""
        for user in self:
            roles = [code for code, group in PORTAL_GROUPS.items() if user.has_group(group)]
            user.contact_center_executor_role = user.contact_center_executor_id and roles and roles[-1]

    @api.constrains("contact_center_executor_id", "company_ids")
    def _check_contact_center_executor_id(self):
        for user in self.filtered("contact_center_executor_id"):
            if user.contact_center_executor_id.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s can't work for “%(executor)s”: it belongs to another city.",
                        user=user.name,
                        executor=user.contact_center_executor_id.name,
                    )
                )

    def _get_invalidation_fields(self):
        # Record rules are kept in memory for each user; the one on assignments asks for the executor.
        return {*super()._get_invalidation_fields(), "contact_center_executor_id"}

    # ------------------------------------------------------------
    # Access of executors' people to the portal
    # ------------------------------------------------------------

    def action_invite_to_portal(self):
        """Invite people of executors again, who lost the first invitation."""
        self._check_kept_by_user()
        self._invite_to_portal()

    def action_switch_executor_role(self):
        """Make the operators among these people of executors heads, and the heads operators."""
        self._check_kept_by_user()
        for user in self:
            role = "operator" if user.contact_center_executor_role == "head" else "head"
            # Accounts belong to the administrator; that the executor is this user's to keep was checked, hence sudo.
            user.sudo().write(user.contact_center_executor_id._prepare_portal_role(role))

    def action_take_portal_access(self):
        """Take the access to the portal from these people of executors; what they did stays theirs."""
        self._check_kept_by_user()
        self.sudo().active = False  # as above

    def _check_kept_by_user(self):
        """Check that these are portal users of executors which the current user keeps.

        :raises AccessError: for whoever doesn't keep executors.
        :raises UserError: for all other accounts.
        """
        self.env["contact.center.executor"].check_access("write")
        self.contact_center_executor_id.check_access("write")
        if self.filtered(lambda user: not (user.share and user.contact_center_executor_id)):
            raise UserError(self.env._("Only accounts of executors' people are kept here."))

    def _invite_to_portal(self):
        """Queue the invitations by which these portal users choose their passwords."""
        template = self.env.ref("auth_signup.portal_set_password_email")
        for user in self.sudo():  # whoever may invite was checked; signing up is the system's
            user.partner_id.signup_prepare()
            template.sudo().with_context(lang=user.lang, medium="portalinvite").send_mail(user.id)  # as above
