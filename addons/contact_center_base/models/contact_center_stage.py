from odoo import api, fields, models
from odoo.exceptions import UserError

STATE_SELECTION = [
    ("new", "New"),
    ("in_progress", "In progress"),
    ("waiting", "Waiting for the applicant"),
    ("proposed", "Proposed for closing"),
    ("rework", "Rework"),
    ("planned", "Long-term plan"),
    ("done", "Done"),
    ("closed", "Closed"),
]


class ContactCenterStage(models.Model):
    """A kanban column. Each stands in exactly one workflow state; a city may have several columns of one state."""

    _name = "contact.center.stage"
    _description = "Request Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    state = fields.Selection(STATE_SELECTION, required=True, help="What the workflow knows of requests in this column.")
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded in kanban")
    company_id = fields.Many2one("res.company", "City", help="Empty: the column serves every city.")
    active = fields.Boolean(default=True)

    def write(self, vals):
        if "state" in vals:
            changed = self.filtered(lambda stage: stage.state != vals["state"])
            # Requests the user may not see count as well, hence sudo: their history would be rewritten silently.
            if changed and self.env["contact.center.request"].sudo().search_count(
                [("stage_id", "in", changed.ids)], limit=1
            ):
                raise UserError(
                    self.env._(
                        "The column “%s” holds requests, so its state can't change. "
                        "Add a new column and archive this one.",
                        changed[0].name,
                    )
                )
        return super().write(vals)

    @api.model
    def _first_by_state(self, company):
        """Return ``{state: stage}`` with the first column of each state for one company; its own columns come first."""
        stages = self.search([("company_id", "in", [False, company.id])])
        by_state = {}
        for stage in stages.sorted(lambda stage: (not stage.company_id, stage.sequence, stage.id)):
            by_state.setdefault(stage.state, stage)
        return by_state
