from odoo import api, fields, models
from odoo.fields import Domain

from ..assignment_workflow import OPEN_STATES
from .contact_center_assignment import STAFF

CONTROL = "contact_center_base.group_control_body"


class ContactCenterExecutor(models.Model):
    """What staff and the control body see of an executor's work at a glance."""

    _inherit = "contact.center.executor"

    open_count = fields.Integer("Open", compute="_compute_assignment_counts", groups=STAFF)
    overdue_count = fields.Integer("Overdue", compute="_compute_assignment_counts", groups=STAFF)
    works_count = fields.Integer("Works", compute="_compute_works_count", groups=STAFF)
    in_my_area = fields.Boolean(compute="_compute_in_my_area", search="_search_in_my_area", groups=CONTROL)

    def _compute_assignment_counts(self):
        """Count the open and the overdue assignments of all these executors, with one query for each."""
        Assignment = self.env["contact.center.assignment"]
        own = Domain("executor_id", "in", self.ids)
        opened, overdue = (
            dict(Assignment._read_group(own & domain, ["executor_id"], ["__count"]))
            for domain in (Domain("state", "in", OPEN_STATES), Domain("is_overdue", "=", True))
        )
        for executor in self:
            executor.open_count = opened.get(executor, 0)
            executor.overdue_count = overdue.get(executor, 0)

    def _compute_works_count(self):
        """Count the works of these executors that aren't over."""
        domain = Domain("executor_id", "in", self.ids) & self._get_open_works_domain()
        counts = dict(self.env["contact.center.works"]._read_group(domain, ["executor_id"], ["__count"]))
        for executor in self:
            executor.works_count = counts.get(executor, 0)

    @api.model
    def _get_open_works_domain(self):
        return Domain("state", "in", ("announced", "under_way", "overdue"))

    @api.depends_context("uid")
    def _compute_in_my_area(self):
        mine = self.filtered_domain(self._get_own_area_domain())
        for executor in self:
            executor.in_my_area = executor in mine

    @api.model
    def _search_in_my_area(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._get_own_area_domain()
        return mine if True in value else ~mine

    @api.model
    def _get_own_area_domain(self):
        """Return the domain of the executors that the current user controls today, with those below them (RO-2.7)."""
        areas = self.env["contact.center.control.area"].search([("user_id", "=", self.env.uid)])
        today = {company: company._get_today() for company in areas.company_id}
        in_force = areas.filtered(lambda area: area._covers(today[area.company_id]))
        return Domain("id", "child_of", in_force.executor_id.ids)

    def action_view_assignments(self):
        """Open the assignments of these executors with the filter that the context names."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_center_executor.contact_center_assignment_action"
        )
        filters = {name: value for name, value in self.env.context.items() if name.startswith("search_default_")}
        return {**action, "domain": [("executor_id", "in", self.ids)], "context": filters}

    def action_view_works(self):
        """Open the works of these executors that aren't over."""
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_center_executor.contact_center_works_action")
        domain = Domain("executor_id", "in", self.ids) & self._get_open_works_domain()
        return {**action, "domain": list(domain), "context": {}}
