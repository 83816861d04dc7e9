import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import Cursor

#: The use of a key is noted at most once in so long a time.
USE_STEP = timedelta(minutes=1)
#: Longer than any key that we give: what is longer isn't looked for.
LONGEST_KEY = 128

# One who notes it just now is enough: nobody waits for another's note.
_NOTE_USE = """
    UPDATE contact_center_api_key
       SET last_used_at = %(now)s
     WHERE id IN (SELECT id
                    FROM contact_center_api_key
                   WHERE id = %(id)s AND (last_used_at IS NULL OR last_used_at <= %(before)s)
              FOR NO KEY UPDATE SKIP LOCKED)
"""


class ContactCenterApiKey(models.Model):
    """A key by which the program of somebody else reads or reports requests of one city through Open311.

    The key itself is shown once and never kept: its digest is enough to recognise it. It is as long as chance is
    needed, so a plain digest can't be guessed back.
    """

    _name = "contact.center.api.key"
    _description = "API Key"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char("Program", required=True, help="Who or what uses it, e.g. “City app”; requests name it.")
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        check_company=True,
        help="Colleague who knows the people behind the program and answers for the key.",
    )
    contact = fields.Char(help="How the people behind the program are reached.")
    can_read = fields.Boolean("Reads public requests", default=True)
    can_report = fields.Boolean("Reports requests")
    read_limit = fields.Integer("Readings per minute", required=True, default=600)
    report_limit = fields.Integer("Reports per minute", required=True, default=30)
    active = fields.Boolean(default=True)
    prefix = fields.Char("Begins with", readonly=True, copy=False, help="Empty: no key was made yet.")
    digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    made_at = fields.Datetime("Made on", readonly=True, copy=False)
    last_used_at = fields.Datetime("Last used", readonly=True, copy=False)

    _digest_unique = models.UniqueIndex("(digest) WHERE digest IS NOT NULL", "Another record has the same key.")
    _limits_check = models.Constraint(
        "CHECK(read_limit BETWEEN 1 AND 100000 AND report_limit BETWEEN 1 AND 10000)",
        "Limits are 1 to 100,000 readings and 1 to 10,000 reports per minute.",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_not_given(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_given([vals])
        return super().write(vals)

    @api.model
    def _check_not_given(self, vals_list):
        """Refuse a key that somebody thought of instead of having it made."""
        if not self.env.su and any({"prefix", "digest", "made_at", "last_used_at"} & vals.keys() for vals in vals_list):
            raise UserError(self.env._("Keys are made here, not written by hand: press “Make a key”."))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_make(self):
        """Make the key of this one record and show it once; the key that it had before is void from now on."""
        self.ensure_one()
        key = self._make()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.show",
            "name": self.env._("The key of “%s”", self.name),
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    def _make(self):
        """Make the key of this one record and return it.

        :raises AccessError: when the user may not change it.
        """
        self.ensure_one()
        self.check_access("write")
        prefix = f"cc_{secrets.token_hex(4)}"
        key = f"{prefix}_{secrets.token_urlsafe(32)}"
        # Nobody writes these by hand, and whether the user may have it made was checked above, hence sudo.
        self.sudo().write({"prefix": prefix, "digest": self._digest(key), "made_at": fields.Datetime.now()})
        return key

    @api.model
    def _digest(self, key):
        return hashlib.sha256(key.encode()).hexdigest()

    @api.model
    def _find(self, key):
        """Return the active record of a key as the system sees it, or an empty one."""
        # Who holds the key has shown it, hence sudo; nothing of the record goes out.
        keys = self.sudo()
        if not key or len(key) > LONGEST_KEY:
            return keys.browse()
        return keys.search([("digest", "=", self._digest(key))])

    def _check_scope(self, company, scope):
        """Check that this one key (or none, of a stranger) is good for something in a city.

        :param str scope: ``"read"`` or ``"report"``.
        :raises AccessError: when it isn't.
        """
        if self and self.company_id != company:
            raise AccessError(self.env._("This api_key belongs to another city."))
        if scope == "report" and not self:
            raise AccessError(self.env._("Reporting needs an api_key: ask the city for one."))
        if self and not self[f"can_{scope}"]:
            raise AccessError(self.env._("This api_key isn't good for that."))

    def _note_use(self):
        """Note that this one key was used just now."""
        now = fields.Datetime.now()
        if self.last_used_at and self.last_used_at > now - USE_STEP:
            return
        # A cursor of its own: calls that only read note it as well, and none fails because of another.
        with self.env.registry.cursor() as cr:
            if isinstance(cr, Cursor):  # in tests everything happens in one transaction
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute(_NOTE_USE, {"id": self.id, "now": now, "before": now - USE_STEP})
