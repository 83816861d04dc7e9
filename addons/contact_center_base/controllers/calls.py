from odoo import http
from odoo.http import request

from .json_api import JsonApiDispatcher


class CallController(http.Controller):
    @http.route(
        "/contact_center/calls",
        type=JsonApiDispatcher.routing_type,
        auth="bearer",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def report_event(self, payload):
        """Take one event of a telephone exchange; see ``docs/api-calls.md``."""
        return request.env["contact.center.call"]._register_event(payload)
