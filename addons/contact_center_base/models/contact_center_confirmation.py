import hashlib
import hmac
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq, email_normalize, plaintext2html, single_email_re

from ..phone import normalise

MINUTE, DAY = 60, 24 * 60 * 60
#: For how long a code is good.
CODE_MINUTES = 15
CODE_DIGITS = 6
#: Guesses at one code.
ATTEMPTS = 5
#: How many messages go to one contact, and how many one address may ask for: several people share one.
CONTACT_ALLOWANCES = (("contact_quarter", 3, 15 * MINUTE), ("contact_day", 10, DAY))
ADDRESS_ALLOWANCE = ("contact_address", 30, 60 * MINUTE)
#: The longest e-mail address there is.
LONGEST_CONTACT = 254


class ContactCenterConfirmation(models.Model):
    """A code that was sent to a phone or an e-mail address: whoever repeats it can read what is sent there.

    Neither contact nor code is kept, only keyed hashes of them. There is one live code for a contact and a purpose;
    a new one replaces it, and the right answer uses it up.
    """

    _name = "contact.center.confirmation"
    _description = "Confirmation of a Contact"
    _rec_name = "key"
    _log_access = False

    key = fields.Char(required=True, help="Whose code it is and for what, as a keyed hash.")
    code = fields.Char(required=True, help="The code, as a keyed hash.")
    expires_at = fields.Datetime(required=True, index=True)

    _key_unique = models.UniqueIndex("(key)", "A code was sent to this contact at this very moment.")

    # ------------------------------------------------------------
    # Contacts
    # ------------------------------------------------------------

    @api.model
    def _normalise_contact(self, company, text):
        """Return ``(kind, value)`` of a contact as it was typed: ``phone`` in E.164, or ``email`` in small letters.

        :param company: the city in whose spelling phones are understood.
        :raises UserError: when it is neither.
        """
        text = (text or "").replace("\x00", "").strip()
        if not text:
            raise UserError(self.env._("Enter your phone number or e-mail address."))
        if len(text) > LONGEST_CONTACT:
            raise UserError(self.env._("This is too long for a phone number or an e-mail address."))
        if "@" not in text:
            return "phone", normalise(text, company.country_id.code, strict=self.env)
        email = email_normalize(text)
        if not (email and single_email_re.match(email)):
            raise UserError(self.env._("“%s” is no e-mail address. Write it like name@example.com.", text))
        return "email", email

    @api.model
    def _hold_back_contact(self, value):
        """Count a message to a contact that a visitor asks for.

        :param str value: normalised phone or e-mail address.
        :raises UserError: when the contact got enough of them, or the visitor's address asked for enough.
        """
        # Visitors have no rights on the counters, hence sudo.
        Limit = self.env["contact.center.rate.limit"].sudo()
        waits = []
        if request:
            scope, count, period = ADDRESS_ALLOWANCE
            waits.append(Limit._take(scope, request.httprequest.remote_addr or "", count, period))
        if not any(waits):
            waits += [Limit._take(scope, value, count, period) for scope, count, period in CONTACT_ALLOWANCES]
        if wait := max(waits):
            raise UserError(
                self.env._(
                    "Too many messages were asked for. Try again in %s min., or use the last one.", -(-wait // MINUTE)
                )
            )

    @api.model
    def _write_to_contact(self, company, kind, value, subject, text):
        """Queue a message to a contact that may belong to nobody we know; it leaves within a minute.

        :param company: the city in whose name it is sent.
        :param str kind: ``phone`` or ``email``, with its normalised ``value``.
        :param str text: plain text in the language of whoever gets it.
        """
        # Visitors have no rights on messages; what is sent to whom was decided by the caller, hence sudo.
        system = self.sudo().with_company(company).env
        if kind == "phone":
            system["sms.sms"].create([{"number": value, "body": text}])
            return
        values = {"subject": subject, "body_html": plaintext2html(text), "email_to": value, "auto_delete": True}
        if company.email_formatted:
            values["email_from"] = company.email_formatted
        system["mail.mail"].create([values])
        system.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    # ------------------------------------------------------------
    # Codes
    # ------------------------------------------------------------

    @api.model
    def _send_code(self, company, contact, purpose):
        """Send a new code to a contact; it is good for 15 minutes, and any earlier one isn't good any more.

        :param company: the city in whose name it is sent.
        :param str contact: phone or e-mail address in any spelling.
        :param str purpose: for what it is good, e.g. ``"report"``.
        :returns: ``(kind, value)`` of the contact.
        :raises UserError: when it is no contact, or too many messages were asked for.
        """
        kind, value = self._normalise_contact(company, contact)
        self._hold_back_contact(value)
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        key = self._hash(purpose, str(company.id), value)
        values = {
            "code": self._hash(key, code),
            "expires_at": fields.Datetime.now() + timedelta(minutes=CODE_MINUTES),
        }
        # Codes belong to nobody, hence sudo.
        known = self.sudo().search([("key", "=", key)])
        if known:
            known.write(values)
        else:
            known.create([{"key": key, **values}])
        city = company.city or company.name
        text = self.env._(
            "%(code)s is your code for the contact centre of %(city)s. It is good for %(minutes)s minutes. "
            "If you didn't ask for it, do nothing: somebody mistyped.",
            code=code,
            city=city,
            minutes=CODE_MINUTES,
        )
        self._write_to_contact(company, kind, value, self.env._("Your code for the contact centre"), text)
        return kind, value

    @api.model
    def _check_code(self, company, contact, purpose, code):
        """Return whether a code is the one that was sent to a contact; the right one is used up by this.

        Each guess counts, also when the transaction of whoever guesses fails.

        :raises UserError: when it is no contact.
        """
        value = self._normalise_contact(company, contact)[1]
        key = self._hash(purpose, str(company.id), value)
        # Codes belong to nobody, hence sudo.
        sent = self.sudo().search([("key", "=", key), ("expires_at", ">", fields.Datetime.now())])
        if not sent:
            return False
        # A guess comes back only when the code is over.
        period = ATTEMPTS * CODE_MINUTES * MINUTE
        if self.env["contact.center.rate.limit"].sudo()._take("code", sent.code, ATTEMPTS, period):  # as above
            return False
        typed = "".join(filter(str.isdigit, (code or "")[:LONGEST_CONTACT]))
        if not consteq(sent.code, self._hash(key, typed)):
            return False
        sent.unlink()
        return True

    @api.model
    def _hash(self, *parts):
        # The key of the database is for the system to know, hence sudo.
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hmac.new(secret.encode(), "\n".join(("confirmation", *parts)).encode(), hashlib.sha256).hexdigest()

    @api.autovacuum
    def _gc_expired(self):
        """Forget codes that are over."""
        return self.search([("expires_at", "<=", fields.Datetime.now())], limit=10_000).unlink()
