"""What the controllers of executors' pages have in common."""

import logging

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request

_logger = logging.getLogger(__name__)

URL = "/my/assignments"
#: Pictures that browsers show and that hold no code.
SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")
OPERATOR = "contact_center_executor.group_executor"
HEAD = "contact_center_executor.group_executor_head"


class ExecutorPages:
    """Helpers of the routes below /my that belong to people of executors.

    Whatever somebody may not read doesn't exist for them: the answer is the same as for a wrong address.
    """

    def _get_executor(self, group=OPERATOR):
        """Return the organisation of the current user, if its people have these pages.

        :raises NotFound: for everybody else.
        """
        user = request.env.user
        if not (user.contact_center_executor_id and user.has_group(group)):
            raise NotFound
        return user.contact_center_executor_id.with_env(request.env)

    def _get_assignment(self, assignment_id):
        """Return the assignment with an id.

        :raises NotFound: when there is none that the current user may read.
        """
        self._get_executor()
        assignment = request.env["contact.center.assignment"].search([("id", "=", assignment_id)])
        if not assignment:
            raise NotFound
        return assignment

    def _attempt(self, act):
        """Carry out what a form asks for, whole or not at all; return why it was refused, or ``None``."""
        try:
            with request.env.cr.savepoint():
                act()
        except UserError as error:
            _logger.info("%s was refused to %s: %s", request.httprequest.path, request.env.user.login, error)
            return str(error)
        return None

    def _read_uploads(self, name="files"):
        """Return ``[(name, content)]`` of the files that came with a form."""
        uploads = request.httprequest.files.getlist(name)
        return [(self._read_text(upload.filename), upload.read()) for upload in uploads if upload.filename]

    def _read_text(self, value):
        """Return the text that a field of a form holds, without what PostgreSQL can't keep."""
        return (value or "").replace("\x00", "").strip()

    def _read_id(self, value):
        """Return the id that a field of a form holds, or ``False``: what is no number chooses nothing."""
        return int(value) if str(value or "").isdecimal() else False

    def _read_date(self, value):
        """Return the date that a field of a form holds, or ``False``.

        :raises UserError: when it isn't one.
        """
        try:
            return fields.Date.to_date(value or False)
        except ValueError as error:
            raise UserError(request.env._("“%s” is no date: write the year, the month and the day.", value)) from error
