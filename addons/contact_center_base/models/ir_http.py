from werkzeug.routing import PathConverter

from odoo import api, models
from odoo.http import request


class RestConverter(PathConverter):
    """All that is left of an address, whatever it holds: line breaks and doubled slashes too."""

    regex = r"[\s\S]+?"
    part_isolating = False


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        return {**super().session_info(), **self._get_map_background()}

    @api.model
    def get_frontend_session_info(self):
        return {**super().get_frontend_session_info(), **self._get_map_background()}

    @classmethod
    def _get_converters(cls):
        return {**super()._get_converters(), "contact_center_rest": RestConverter}

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        return [*super()._get_translation_frontend_modules_name(), "contact_center_base"]

    @classmethod
    def _serve_fallback(cls):
        """Look for no file whose address PostgreSQL can't hold: a guessed address isn't found, and no error of ours."""
        if "\x00" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    def _get_map_background(self):
        """Return the background of maps. Without an address of tiles it is plain and no other server is asked."""
        parameters = self.env["ir.config_parameter"].sudo()  # only these two values go out
        return {
            "contact_center_tiles": {
                "url": parameters.get_param("contact_center.tile_url", ""),
                "attribution": parameters.get_param("contact_center.tile_attribution", ""),
            },
        }
