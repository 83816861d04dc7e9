from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign, verify_hash_signed

LINK_SCOPE = "contact_center_applicant_link"
#: Days for which a link that an applicant was given opens the request.
LINK_DAYS = 365
#: Requests of several years may share a number typed without its year; no more of them are looked at.
SAME_NUMBER_LIMIT = 20


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
        system = self.sudo()  # whoever holds the link has no rights; it is checked below
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

    @api.model
    def _send_links(self, company, number, kind, value):
        """Send the links of the requests with a number to a contact, where it is one that was left on them.

        :param company: the city of the requests.
        :param str number: as it was typed, perhaps without prefix, year or zeros.
        :param str kind: ``phone`` or ``email``, with its normalised ``value``.
        :returns: how many links were sent; whoever asked must not learn it.
        """
        # Whoever gets the message left the contact, and nobody is told who did, hence sudo.
        requests = self.sudo().with_context(allowed_company_ids=company.ids)
        own, partners = requests._find_by_contacts({kind: [value]})
        numbered = requests._get_typed_number_domain(number) & Domain("company_id", "=", company.id)
        found = requests.search(own & numbered, limit=SAME_NUMBER_LIMIT)
        for request in found:
            url = request._get_applicant_url(request._choose_person(partners))
            text = self.env._("Request %(number)s: %(url)s", number=request.number, url=url)
            self.env["contact.center.confirmation"]._write_to_contact(
                company, kind, value, self.env._("Your request %s", request.number), text
            )
        return len(found)

    # ------------------------------------------------------------
    # Whose requests they are
    # ------------------------------------------------------------

    @api.model
    def _find_by_contacts(self, contacts, partners=None):
        """Return the domain of the requests brought or joined by whoever has contacts, and the people they are.

        Further phones of an applicant don't count: they may be those of a neighbour.

        :param dict contacts: normalised values by kind, ``phone`` and ``email``; each was proved or is written to.
        :param partners: people who are known to be the same person.
        """
        # Only ids of people whose contacts were given are looked for, hence sudo. The ids instead of subqueries let
        # the database use an index on each side.
        system = self.sudo()
        phones, emails = contacts.get("phone", []), contacts.get("email", [])
        partners = (partners or system.env["res.partner"]).sudo()  # as above
        if phones:
            partners |= partners.search([("phone_sanitized", "in", phones)])._without_unproved(phones)
        if emails:
            partners |= partners.search([("email_normalized", "in", emails)])._without_unproved(emails)
        domains = [system._get_applicant_domain(partners)]
        if phones:
            domains.append(Domain("phone", "in", phones))
        if emails:
            domains.append(Domain("email", "in", emails))
        return Domain.OR(domains), partners

    def _choose_person(self, partners):
        """Return as whom somebody follows this one request who is one of many people, or left a contact on it."""
        joined = self.participant_ids.partner_id & partners
        return joined[:1] if joined and self.partner_id not in partners else self.partner_id

    @api.model
    def _get_own_domain(self, user):
        """Return the domain of the requests that an account's holder brought or joined, in whichever city.

        They are those of the account itself, and those of whoever has one of its confirmed contacts. Restricted ones
        are followed by their secret link only: several people may read what is sent to one contact.
        """
        own, _partners = self._find_own(user)
        return own

    @api.model
    def _find_own(self, user):
        """Return the domain of the requests of an account's holder, and the people that the holder is."""
        # Confirmed contacts of this account only, hence sudo.
        confirmed = self.env["contact.center.confirmed.contact"].sudo().search([("user_id", "=", user.id)])
        contacts = {kind: rows.mapped("value") for kind, rows in confirmed.grouped("kind").items()}
        own, partners = self._find_by_contacts(contacts, user.partner_id)
        return own & Domain("restricted", "=", False), partners

    @api.model
    def _find_own_by_id(self, user, request_id):
        """Return ``(request, person)`` of a request of an account's holder, both empty when it is no own one.

        The request comes with the rights of the system, as that of a link does.
        """
        system = self.sudo()  # only what is the holder's own is found
        own, partners = system._find_own(user)
        request = system.search(own & Domain("id", "=", request_id))
        return request, request._choose_person(partners) if request else partners.browse()

    # ------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------

    def _as_applicant(self):
        """Return these requests as their applicant changes them; that it is the applicant was checked by the caller.

        Moves are held to the table of moves in the role ``applicant``, and the history names that role.
        """
        # Applicants have no rights on requests of their own: the table of moves decides what they do. Hence the system.
        return self.with_user(api.SUPERUSER_ID).with_context(contact_center_applicant=True)
