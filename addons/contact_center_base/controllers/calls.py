from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request


class CallController(http.Controller):
    @http.route("/contact_center/calls", type="json2", auth="bearer", methods=["POST"], save_session=False)
    def report_event(self, **payload):
        """Take one event of a telephone exchange; see ``docs/api-calls.md``."""
        if not isinstance(request.dispatcher.jsonrequest, dict):
            raise BadRequest("Send one JSON object.")
        try:
            return request.env["contact.center.call"]._register_event(payload)
        except UserError as error:
            request.env.cr.rollback()
            return request.make_json_response({"message": str(error)}, status=error.http_status)
