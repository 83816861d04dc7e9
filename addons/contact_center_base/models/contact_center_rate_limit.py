import hashlib
import hmac
from math import ceil

from odoo import api, fields, models
from odoo.sql_db import Cursor

# Of two workers that count at once the second waits for the first and goes on from its figure.
_TAKE = """
    INSERT INTO contact_center_rate_limit AS known (key, free_at)
         VALUES (%(key)s, clock_timestamp() AT TIME ZONE 'UTC' + %(step)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE
            SET free_at = GREATEST(known.free_at, clock_timestamp() AT TIME ZONE 'UTC') + %(step)s * interval '1 second'
          WHERE known.free_at
                <= clock_timestamp() AT TIME ZONE 'UTC' + (%(period)s - %(step)s + 0.001) * interval '1 second'
      RETURNING key
"""
_WAIT = """
    SELECT EXTRACT(EPOCH FROM free_at - clock_timestamp() AT TIME ZONE 'UTC') - (%(period)s - %(step)s)
      FROM contact_center_rate_limit
     WHERE key = %(key)s
"""


class ContactCenterRateLimit(models.Model):
    """How often somebody did something lately, counted by the database and so the same for all workers.

    Each row holds when its visitor would be back to an unused allowance (the generic cell rate algorithm): an
    allowance of N in a period comes back evenly, one every N-th part of the period. What was taken stays taken, also
    when the visitor's own transaction fails. Visitors are kept as keyed hashes: nobody reads
    an address or a phone here.
    """

    _name = "contact.center.rate.limit"
    _description = "Rate Limit"
    _rec_name = "key"
    _log_access = False

    key = fields.Char(required=True)
    free_at = fields.Datetime(required=True, index=True)

    _key_unique = models.UniqueIndex("(key)", "This visitor is counted already.")

    @api.model
    def _take(self, scope, visitor, count, period):
        """Count one act of a visitor, and return how many seconds to wait where the allowance is used up, else 0.

        :param str scope: what is done, e.g. ``"report"``; each has its own allowance.
        :param str visitor: who does it: an IP address, a phone, a key.
        :param int count: how many are allowed at once.
        :param int period: seconds in which the whole allowance comes back.
        """
        values = {"key": self._hash(scope, visitor), "step": period / count, "period": period}
        # A cursor of its own: the count lasts whatever becomes of the act, and nobody waits for its end.
        with self.env.registry.cursor() as cr:
            if isinstance(cr, Cursor):  # in tests everything happens in one transaction
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute(_TAKE, values)
            if cr.fetchone():
                return 0
            cr.execute(_WAIT, values)
            [seconds] = cr.fetchone()
        return max(ceil(seconds), 1)

    @api.model
    def _hash(self, scope, visitor):
        # The key of the database is for the system to know, hence sudo.
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hmac.new(secret.encode(), f"{scope}\n{visitor}".encode(), hashlib.sha256).hexdigest()

    @api.autovacuum
    def _gc_free(self):
        """Forget visitors whose whole allowance is back."""
        return self.search([("free_at", "<", fields.Datetime.now())], limit=10_000).unlink()
