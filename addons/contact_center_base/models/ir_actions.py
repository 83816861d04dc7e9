from odoo import fields, models


class IrActionsAct_WindowView(models.Model):
    _inherit = "ir.actions.act_window.view"

    view_mode = fields.Selection(selection_add=[("leaflet_map", "Map")], ondelete={"leaflet_map": "cascade"})
