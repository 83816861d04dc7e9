from odoo import api, fields, models

from ..const import REQUEST_CLASSES


class ContactCenterTombstone(models.Model):
    """What stays of a request whose retention time is over: that there was one with this number, and when (KP-3.10)."""

    _name = "contact.center.tombstone"
    _description = "Deleted Request"
    _order = "registered_at desc, id desc"
    _rec_name = "number"

    number = fields.Char(required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", "City", required=True, readonly=True)
    request_class = fields.Selection(REQUEST_CLASSES, "Class", required=True, readonly=True)
    registered_at = fields.Datetime("Registered", required=True, readonly=True)
    finished_at = fields.Datetime("Finished", readonly=True)
    deleted_at = fields.Datetime("Deleted", required=True, readonly=True, default=fields.Datetime.now)

    _number_unique = models.UniqueIndex("(company_id, number)", "This request is in the register already.")
    _registered_index = models.Index("(company_id, registered_at DESC, id DESC)")

    @api.model
    def _set_up(self, requests):
        """Add many requests that are about to be deleted, and return their lines."""
        return self.create(
            [
                {
                    "number": request.number,
                    "company_id": request.company_id.id,
                    "request_class": request.request_class,
                    "registered_at": request.registered_at,
                    "finished_at": request.finished_at,
                }
                for request in requests
            ]
        )
