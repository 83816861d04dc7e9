from odoo import api, fields, models


class ContactCenterRoutingOwner(models.TransientModel):
    """Makes routing rules out of who executed imported requests, after a look at what would be made."""

    _name = "contact.center.routing.owner"
    _description = "Rules from Imported Requests"

    company_id = fields.Many2one("res.company", "City", required=True, default=lambda self: self.env.company)
    rule_count = fields.Integer("New rules", compute="_compute_counts")
    executor_count = fields.Integer("New executors", compute="_compute_counts")

    @api.depends("company_id")
    def _compute_counts(self):
        Rule = self.env["contact.center.routing.rule"]
        Executor = self.env["contact.center.executor"].with_context(active_test=False)
        for wizard in self:
            plan = Rule._plan_from_owners(wizard.company_id)
            owners = {row.owner for row in plan}
            wizard.rule_count = len(plan)
            wizard.executor_count = len(owners) - Executor.search_count([("partner_id", "in", list(owners))])

    def action_make(self):
        """Make the rules, send out the imported requests that nobody works on, and show the rules."""
        self.ensure_one()
        rules = self.env["contact.center.routing.rule"]._make_from_owners(self.company_id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_center_executor.contact_center_routing_rule_action"
        )
        return {**action, "domain": [("id", "in", rules.ids)], "context": {}}
