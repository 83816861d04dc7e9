from odoo import fields, models


class ContactCenterDistrict(models.Model):
    """An administrative part of a city by which reports and duties are divided (KR-9.1.2)."""

    _name = "contact.center.district"
    _description = "City District"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code used by imports and open data.")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)

    _code_company_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL", "Another district of this city has the same code."
    )
