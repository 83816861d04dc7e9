from odoo import api, models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        return {**super().session_info(), **self._get_map_background()}

    @api.model
    def get_frontend_session_info(self):
        return {**super().get_frontend_session_info(), **self._get_map_background()}

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        return [*super()._get_translation_frontend_modules_name(), "contact_center_base"]

    def _get_map_background(self):
        """Return the background of maps. Without an address of tiles it is plain and no other server is asked."""
        parameters = self.env["ir.config_parameter"].sudo()  # only these two values go out
        return {
            "contact_center_tiles": {
                "url": parameters.get_param("contact_center.tile_url", ""),
                "attribution": parameters.get_param("contact_center.tile_attribution", ""),
            },
        }
