from odoo import fields, models


class IrFilters(models.Model):
    """The favourites that everybody gets read in each user's language."""

    _inherit = "ir.filters"

    name = fields.Char(translate=True)
