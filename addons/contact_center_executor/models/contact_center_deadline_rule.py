from odoo import fields, models


class ContactCenterDeadlineRule(models.Model):
    _inherit = "contact.center.deadline.rule"

    restart_on_reassign = fields.Boolean(
        "Begins anew with another executor", help="Else the next executor has what the former one left of the term."
    )
