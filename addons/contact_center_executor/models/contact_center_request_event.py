from odoo import fields, models

EXECUTOR_EVENT_KINDS = [
    ("assigned", "Assigned"),
    ("assignment", "Executor's step"),
    ("commented", "Comment"),
    ("petitioned", "Petition"),
    ("decided", "Decision on a petition"),
    ("explained", "Explanation"),
    ("dispatched", "Dispatch service"),
    ("escalated", "Escalation"),
    ("works", "Works"),
]


class ContactCenterRequestEvent(models.Model):
    _inherit = "contact.center.request.event"

    kind = fields.Selection(
        selection_add=EXECUTOR_EVENT_KINDS, ondelete={code: "cascade" for code, _ in EXECUTOR_EVENT_KINDS}
    )
    executor_id = fields.Many2one(
        "contact.center.executor",
        index="btree_not_null",
        ondelete="restrict",
        help="Whose part of the work it is about.",
    )
