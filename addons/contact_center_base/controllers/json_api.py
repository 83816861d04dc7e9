import logging
from http import HTTPStatus

from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from odoo.exceptions import UserError
from odoo.http import Json2Dispatcher, Response

_logger = logging.getLogger(__name__)


def explain_error(exc, path):
    """Return ``(status, message, headers)`` of the answer to another system for which something went wrong.

    What is our own fault goes into our log with its trace, and out without it.

    :param path: what was asked for.
    """
    if isinstance(exc, UserError):
        return exc.http_status, str(exc), []
    if isinstance(exc, HTTPException):
        headers = [(name, value) for name, value in exc.get_headers() if name != "Content-Type"]
        return exc.code, exc.description, headers
    _logger.error("%s failed", path, exc_info=exc)
    return HTTPStatus.INTERNAL_SERVER_ERROR, "This is our fault. Send it again later.", []


class JsonApiDispatcher(Json2Dispatcher):
    """Routes of ``type="contact_center_json"``, for other systems: one JSON object in, JSON out.

    The endpoint gets the object whole, as ``payload``: names that strangers choose can't clash with its arguments. It
    returns what is to be sent, or raises. Every error, also that of a wrong key, is ``{"message": …}`` with the status
    that fits it; traces stay in our log.
    """

    routing_type = "contact_center_json"

    @classmethod
    def is_compatible_with(cls, request):
        # A wrong content type is answered in JSON as well, see below.
        return True

    def dispatch(self, endpoint, args):
        if self.request.httprequest.mimetype not in self.mimetypes:
            raise UnsupportedMediaType("Send JSON, declared as Content-Type: application/json.")
        try:
            payload = self.request.get_json_data()
        except ValueError as error:
            raise BadRequest(f"The body is no JSON: {error}") from error
        if not isinstance(payload, dict):
            raise BadRequest("Send one JSON object.")
        self.request.params = dict(args, payload=payload)
        result = self.request.registry["ir.http"]._dispatch(endpoint)
        return result if isinstance(result, Response) else self.request.make_json_response(result)

    def handle_error(self, exc):
        if isinstance(exc, HTTPException) and exc.response:
            return exc.response
        status, message, headers = explain_error(exc, self.request.httprequest.path)
        return self.request.make_json_response({"message": message}, headers=headers, status=status)
