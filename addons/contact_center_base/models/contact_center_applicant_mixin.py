from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign, verify_hash_signed

LINK_SCOPE = "contact_center_applicant_link"
#: Days for which a link that an applicant was given opens the request.
LINK_DAYS = 365


class ContactCenterApplicantMixin(models.AbstractModel):
    """What those who brought or joined a request may see of it and do, by a secret link or in the cabinet.

    A *person* here is the applicant of the request or somebody who joined it (``res.partner``), or empty: whoever
    holds the link of a request without an applicant.
    """

    _name = "contact.center.applicant.mixin"
    _description = "Applicants of Requests"

    submission_key = fields.Char(
        copy=False, groups=fields.NO_ACCESS, help="Names the form or message it came by, so it comes once."
    )

    _submission_unique = models.UniqueIndex(
        "(submission_key) WHERE submission_key IS NOT NULL", "This form was sent already."
    )

    # ------------------------------------------------------------
    # Bringing
    # ------------------------------------------------------------

    @api.model
    def _create_submitted(self, vals):
        """Register what an applicant sent and return the request; the same submission makes one request only.

        Of two transactions that bring one at the same time the second waits for the first, and is run again by the
        server: then it finds the request of the first.

        :param dict vals: values of the request, with its ``submission_key``.
        """
        # Strangers have no rights on requests, and what was found is theirs: they know its key. Hence the system.
        Request = self._as_applicant()
        known = Request.search([("submission_key", "=", vals["submission_key"])])
        if known:
            return known
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return Request.create([vals])
        except UniqueViolation as error:
            if error.diag.constraint_name != "contact_center_request_submission_unique":
                raise
            raise ConcurrencyError("this submission is under way already") from error

    # ------------------------------------------------------------
    # Links
    # ------------------------------------------------------------

    def _sign_link(self, person=None):
        """Return the secret part of the address at which a person follows this one request.

        Nothing of it is stored. It expires, and it dies at once when the person is no longer part of the request.
        """
        self.ensure_one()
        person = self.partner_id if person is None else person
        # The key of the database signs it, hence sudo.
        return hash_sign(self.sudo().env, LINK_SCOPE, [self.id, person.id or 0], expiration_hours=24 * LINK_DAYS)

    @api.model
    def _find_by_link(self, token):
        """Return ``(request, person)`` of a secret link, both empty when it is wrong, expired or of no use any more.

        The request comes with the rights of the system: whoever holds the link was checked here. Nothing but what
        methods for applicants give may be shown of it.
        """
        system = self.sudo()
        nothing = system.browse(), system.env["res.partner"]
        try:
            values = verify_hash_signed(system.env, LINK_SCOPE, token or "")
        except (ValueError, UnicodeError):
            return nothing
        if not values:
            return nothing
        request_id, person_id = values
        request = system.browse(request_id).exists()
        person = system.env["res.partner"].browse(person_id).exists()
        # A link of somebody who was erased or taken off the request isn't one of nobody.
        if not request or person.id != (person_id or False) or person != request._get_person(person):
            return nothing
        return request, person

    def _get_person(self, partner):
        """Return the given partner if part of this one request, else nobody."""
        people = self.partner_id | self.participant_ids.partner_id
        return partner & people

    def _get_applicant_path(self, person=None, page="track"):
        """Return the path of a page of a person about this one request, by default the one to follow it at."""
        return f"/contact-center/{self.company_id.contact_center_code}/{page}/{self._sign_link(person)}"

    def _get_applicant_url(self, person=None, page="track"):
        """Return the whole address of that page, or nothing in a city without public pages."""
        if not self.company_id.contact_center_code:
            return ""
        return self.company_id.get_base_url() + self._get_applicant_path(person, page)

    # ------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------

    def _as_applicant(self):
        """Return these requests as their applicant changes them; that it is the applicant was checked by the caller.

        Moves are held to the table of moves in the role ``applicant``, and the history names that role.
        """
        # Applicants have no rights on requests of their own: the table of moves decides what they do. Hence the system.
        return self.with_user(api.SUPERUSER_ID).with_context(contact_center_applicant=True)
