from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import DIGESTS


class ResUsers(models.Model):
    _inherit = "res.users"

    contact_center_executor_id = fields.Many2one(
        "contact.center.executor",
        "Works for the executor",
        index="btree_not_null",
        ondelete="restrict",
        help="The executor whose requests this portal user sees, with those of the organisations below.",
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
