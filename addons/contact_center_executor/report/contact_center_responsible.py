from odoo import fields, models
from odoo.tools import SQL

from ..const import EXECUTOR_KINDS


class ContactCenterResponsible(models.Model):
    """The register of executors' people who receive and process requests (KP-3.3, KR-8.1.1).

    An executor without anybody stands in it with an empty person, so that the gap is seen.
    """

    _name = "contact.center.responsible"
    _description = "Responsible Person"
    _auto = False
    _order = "executor_name, name, id"
    _rec_name = "name"
    _depends = {
        "contact.center.executor": ["partner_id", "name", "kind", "active", "company_id", "responsible_ids"],
        "res.partner": ["name", "function", "phone", "email", "active"],
        "res.users": ["partner_id", "active", "contact_center_executor_id"],
    }

    executor_id = fields.Many2one("contact.center.executor", readonly=True)
    executor_name = fields.Char("Name of the executor", readonly=True)
    kind = fields.Selection(EXECUTOR_KINDS, readonly=True)
    company_id = fields.Many2one("res.company", "City", readonly=True)
    partner_id = fields.Many2one("res.partner", "Person", readonly=True)
    name = fields.Char(readonly=True)
    function = fields.Char("Position", readonly=True)
    phone = fields.Char(readonly=True)
    email = fields.Char("E-mail", readonly=True)
    in_portal = fields.Boolean("Works in the portal", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (ORDER BY executor.id, person.id) AS id,
                   executor.id AS executor_id,
                   executor.name AS executor_name,
                   executor.kind,
                   executor.company_id,
                   person.id AS partner_id,
                   person.name,
                   person.function,
                   person.phone,
                   person.email,
                   EXISTS (
                       SELECT FROM res_users account
                        WHERE account.partner_id = person.id
                          AND account.active
                          AND account.contact_center_executor_id = executor.id
                   ) AS in_portal
              FROM contact_center_executor executor
              LEFT JOIN (
                       contact_center_executor_responsible_rel rel
                  JOIN res_partner person ON person.id = rel.res_partner_id AND person.active
              ) ON rel.contact_center_executor_id = executor.id
             WHERE executor.active
            """
        )
