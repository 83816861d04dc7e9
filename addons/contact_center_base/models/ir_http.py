from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Add the map background. Without an address of tiles, maps have a plain one and ask no other server."""
        parameters = self.env["ir.config_parameter"].sudo()  # only these two values go out
        return {
            **super().session_info(),
            "contact_center_tiles": {
                "url": parameters.get_param("contact_center.tile_url", ""),
                "attribution": parameters.get_param("contact_center.tile_attribution", ""),
            },
        }
