from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from ..proof_of_work import is_proof

SCOPE = "contact_center_form_token"
#: Hours for which a form may stay open.
LIFETIME_HOURS = 12
#: Seconds that nobody needs less than to fill in a form by hand.
FASTEST_SECONDS = 3


class FormToken(NamedTuple):
    """What a token says: ``key`` names the form, ``issued`` is when it was shown, in seconds since 1970."""

    key: str
    issued: float


class ContactCenterFormToken(models.AbstractModel):
    """Tokens of forms that everybody may send, which keep robots off without an outside service.

    Signed by the database, so nothing is stored: a token tells when its form was shown and gives the form a name by
    which sending it twice is noticed. That name is the puzzle of :mod:`~..proof_of_work` too.
    """

    _name = "contact.center.form.token"
    _description = "Tokens of Public Forms"

    @api.model
    def _issue(self, company):
        """Return a new token for a form of one city."""
        values = [company.id, uuid4().hex, fields.Datetime.now().timestamp()]
        # The key of the database signs it, hence sudo.
        return hash_sign(self.sudo().env, SCOPE, values, expiration_hours=LIFETIME_HOURS)

    @api.model
    def _read(self, company, text):
        """Return the :class:`FormToken` of a text, or ``None`` when it is wrong, expired or of another city."""
        try:
            # As above: the key of the database, hence sudo.
            values = verify_hash_signed(self.sudo().env, SCOPE, text or "")
        except (ValueError, UnicodeError):
            return None
        if not values or values[0] != company.id:
            return None
        return FormToken(*values[1:])

    @api.model
    def _check(self, token, trap=""):
        """Check that a person may have sent a form.

        :param token: the :class:`FormToken`, or ``None``.
        :param str trap: what a field holds that people don't see.
        :raises UserError: when the form was open for too long, was sent too fast, or the trap is filled in.
        """
        if not token:
            raise UserError(self.env._("This page was open for too long. Look through the form and send it again."))
        if trap:
            raise UserError(self.env._("Leave the field “Leave this empty” empty and send the form again."))
        shown = fields.Datetime.now() - timedelta(seconds=FASTEST_SECONDS)
        if token.issued > shown.timestamp():
            raise UserError(self.env._("That was very fast. Look through the form and send it again."))

    @api.model
    def _is_proven(self, token, proof):
        """Tell whether the puzzle of a token was solved."""
        return bool(token and proof) and is_proof(token.key, proof)
