"""What the controllers of executors' pages have in common."""

from werkzeug.exceptions import NotFound

from odoo.http import request

from odoo.addons.contact_center_base.controllers.pages import FormPages

URL = "/my/assignments"
#: Pictures that browsers show and that hold no code.
SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")
OPERATOR = "contact_center_executor.group_executor"
HEAD = "contact_center_executor.group_executor_head"


class ExecutorPages(FormPages):
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
