from odoo import api, fields, models


class ContactCenterRoutingRule(models.Model):
    """Who gets which requests. Rules are asked in their order; the first one that matches decides."""

    _name = "contact.center.routing.rule"
    _description = "Routing Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    executor_id = fields.Many2one(
        "contact.center.executor", "Lead executor", required=True, index=True, check_company=True
    )

    def _compute_name(self):
        for rule in self:
            rule.name = rule.executor_id.name

    @api.model
    def _match(self, requests):
        """Return ``{request: (rule, note)}`` for those of many requests that a rule matches.

        ``note`` says in the city's language which rule it was and why.
        """
        return {}

    def _prepare_assignments(self, request, note):
        """Return the values of the assignments by which this one rule gives one request to its executors."""
        return [
            {
                "request_id": request.id,
                "executor_id": self.executor_id.id,
                "role": "lead",
                "routing_rule_id": self.id,
                "routing_note": note,
            }
        ]
