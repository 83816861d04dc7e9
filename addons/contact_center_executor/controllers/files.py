from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .card import CardPages
from .pages import SHOWN, URL

#: Longer side of a thumbnail, in pixels.
THUMBNAIL = 256


class FileController(CardPages, http.Controller):
    """Files of assignments: whoever may read an assignment gets its files here (MA-4.1.6)."""

    @http.route(f"{URL}/<int:assignment_id>/files/<int:file_id>", type="http", auth="user", website=True, readonly=True)
    def read(self, assignment_id, file_id, small=None, **_kwargs):
        """Stream a file of an assignment; ``small`` gives a thumbnail of a picture."""
        assignment = self._get_assignment(assignment_id)
        file = assignment._get_readable_files().filtered(lambda file: file.id == file_id)
        if not file:
            raise NotFound
        streams = request.env["ir.binary"]
        if file.mimetype not in SHOWN:
            return streams._get_stream_from(file, "raw").get_response(as_attachment=True)
        size = {"width": THUMBNAIL, "height": THUMBNAIL} if small else {}
        return streams._get_image_stream_from(file, "raw", **size).get_response()

    @http.route(f"{URL}/<int:assignment_id>/files", type="http", auth="user", website=True, methods=["POST"])
    def add(self, assignment_id, **_kwargs):
        """Take files from the form of the card; its queue sends them one by one and wants JSON back."""
        if request.httprequest.accept_mimetypes.best != "application/json":
            return self._step(assignment_id, self._add_uploads)
        assignment = self._get_assignment(assignment_id)
        problem = self._attempt(lambda: self._add_uploads(assignment))
        return request.make_json_response({"problem": problem})

    def _add_uploads(self, assignment):
        uploads = self._read_uploads()
        if not uploads:
            raise UserError(request.env._("Choose a photo or another file first."))
        return assignment._add_files(uploads)

    @http.route(
        f"{URL}/<int:assignment_id>/files/<int:file_id>/remove",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def remove(self, assignment_id, file_id, **_kwargs):
        """Remove an own file before closing is proposed."""
        return self._step(assignment_id, lambda assignment: assignment._remove_file(file_id))
