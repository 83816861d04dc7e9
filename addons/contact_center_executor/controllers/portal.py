from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .pages import OPERATOR, ExecutorPages


class ExecutorHome(ExecutorPages, CustomerPortal):
    """The way into the pages of executors, and how their people wish to be written to."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        asked = {"assignment_count", "assignment_overdue_count"}.intersection(counters)
        if not asked:
            return values
        counts = {}
        if request.env.user.contact_center_executor_id and request.env.user.has_group(OPERATOR):
            Assignment = request.env["contact.center.assignment"]
            counts = Assignment._count_columns(Assignment._get_board_domain({}))
        known = {"assignment_count": sum(counts.values()), "assignment_overdue_count": counts.get("overdue", 0)}
        return {**values, **{name: known[name] for name in asked}}

    @http.route("/my/notifications", type="http", auth="user", website=True, methods=["GET", "POST"])
    def notifications(self, digest=None, **_kwargs):
        """Show and take how the current user wants to be written to about ordinary matters."""
        self._get_executor()
        user = request.env.user
        saved = problem = None
        if request.httprequest.method == "POST":
            choices = dict(user._fields["contact_center_digest"].selection)
            if digest in choices:
                user.contact_center_digest = digest
                saved = True
            else:
                problem = request.env._("Choose one of the three.")
        values = {**self._prepare_portal_layout_values(), "page_name": "notifications", "saved": saved}
        values.update(
            problem=problem,
            choices=user._fields["contact_center_digest"]._description_selection(request.env),
            chosen=user.contact_center_digest,
        )
        return request.render("contact_center_executor.portal_notifications", values)
