from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request as http_request
from odoo.tools import SQL

from ..append_only import open_for_erasure, protect


class ContactCenterAccessLog(models.Model):
    """Who looked into which restricted request, in which hour (KP-3.10); lines are only ever added.

    The requests are known by their numbers to whoever reads this, which is all that it tells of them.
    """

    _name = "contact.center.access.log"
    _description = "Access to Restricted Requests"
    _order = "date desc, id desc"
    _rec_name = "request_id"
    _log_access = False

    date = fields.Datetime("First in this hour", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True, index=True, ondelete="restrict")
    request_id = fields.Many2one("contact.center.request", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", "City", required=True, readonly=True)
    address = fields.Char("Computer", readonly=True, help="Address of the computer, where it is known.")

    _hour_unique = models.UniqueIndex("(request_id, user_id, date_trunc('hour', date))")
    _date_index = models.Index("(company_id, date DESC, id DESC)")

    def init(self):
        protect(self.env.cr, self._table)

    def write(self, vals):
        if self:
            raise UserError(self.env._("The register of who looked into restricted requests can't be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The register of who looked into restricted requests can't be changed."))

    @api.model
    def _note(self, requests):
        """Note that the current user looks into many restricted requests; once in an hour for each.

        :param requests: recordset of ``contact.center.request``.
        """
        # What the line tells of the request is known to everybody who knows of it, hence sudo.
        rows = [(request.id, request.company_id.id) for request in requests.sudo()]
        if self.env.cr.readonly:
            # The page is read on a connection that can't write.
            with self.env.registry.cursor() as cr:
                self._insert(cr, rows)
        else:
            # With the reading itself: a request that is made in this transaction is known to no other one yet.
            self.env.flush_all()
            self._insert(self.env.cr, rows)

    @api.model
    def _delete_about(self, requests):
        """Delete the lines about requests whose retention time is over."""
        with open_for_erasure(self.env.cr):
            self.env.execute_query(
                SQL("DELETE FROM contact_center_access_log WHERE request_id IN %s RETURNING id", requests._ids)
            )
        self.invalidate_model()

    def _insert(self, cr, rows):
        address = http_request.httprequest.remote_addr if http_request else None
        now = fields.Datetime.now()
        values = SQL(", ").join(
            SQL("(%s, %s, %s, %s, %s)", now, self.env.uid, request_id, company_id, address)
            for request_id, company_id in rows
        )
        cr.execute(
            SQL(
                "INSERT INTO contact_center_access_log (date, user_id, request_id, company_id, address)"
                " VALUES %s ON CONFLICT DO NOTHING",
                values,
            )
        )
