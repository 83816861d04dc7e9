import logging
import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, plaintext2html
from odoo.tools.mail import parse_contact_from_email
from odoo.tools.mimetypes import get_extension

from .. import workflow
from ..files import ALLOWED_TYPES, check_files, find_type
from ..mail_reply import clean_subject, clean_text, is_automatic, read_files, read_reply, read_text

_logger = logging.getLogger(__name__)

HOUR, DAY = 3600, 24 * 3600
#: Characters of what somebody wrote that a request takes, and of the whole mail that is kept with it.
DESCRIPTION_LIMIT = 20_000
KEPT_LIMIT = 100_000
#: Files that one mail brings, and how many of the others are named.
FILE_LIMIT = 20
NAMED_LIMIT = 20
#: Letters of a mail by which its topic is guessed.
GUESS_LIMIT = 300
# Who is told that too much came from there: each sender once a day, and not everybody of a flood of made-up senders.
TOLD_PER_DOMAIN = 30
_NUMBER = re.compile(r"[\w/-]*\d[\w/-]*")
_LETTERS = {"uk_UA": set("іїєґ"), "pl_PL": set("ąćęłńśźż")}


class ContactCenterMailMixin(models.AbstractModel):
    """Takes mails: what somebody writes to the city's address becomes a request, an answer goes to its request.

    Who writes is known by the address only, as everywhere in Odoo's gateway. So whatever a mail says, it never makes a
    request end, shows anything of it, or gets into a request of somebody else.
    """

    _name = "contact.center.mail.mixin"
    _description = "Requests by E-mail"

    proposed_category_id = fields.Many2one(
        "contact.center.category",
        "Perhaps",
        compute="_compute_proposed_category_id",
        help="The topic that the words of the description fit best; nothing is set until somebody takes it.",
    )

    @api.depends("category_id", "description", "company_id")
    def _compute_proposed_category_id(self):
        for request in self:
            words = "" if request.category_id else (request.description or "")[:GUESS_LIMIT]
            found = request.category_id.search_by_words(words, limit=1, company=request.company_id) if words else None
            request.proposed_category_id = found

    def action_take_proposed_category(self):
        """Give these requests the topic that their words fit best."""
        for request in self.filtered("proposed_category_id"):
            request.category_id = request.proposed_category_id

    # ------------------------------------------------------------
    # Receiving
    # ------------------------------------------------------------

    def _receive_mail(self, message, message_dict, defaults):
        """Take a mail to this one request, or to none, which makes a new one.

        :param message: the ``EmailMessage``.
        :param dict message_dict: what ``mail.thread`` read in it.
        :param dict defaults: values for a new request, from the address to which it was sent.
        :returns: whether it is settled; else it is posted as any other mail.
        """
        # The gateway runs as whoever fetches the mails; what a sender may do is decided here, hence the system.
        request = self._as_applicant().exists()
        sender = email_normalize(message_dict["email_from"])
        city = request.company_id or request.env["res.company"].browse(defaults.get("company_id")) or self.env.company
        reason = request._get_reason_to_leave_out(city, message, sender)
        if reason:
            _logger.info("Mail %s was left out: %s.", message_dict["message_id"], reason)
            return True
        if request and request._is_written_by_staff(sender):
            return False
        request = request.with_company(city).with_context(lang=city.partner_id.lang)
        if request._count_mail(city, sender):
            request._tell_of_limit(message, message_dict, sender)
            return True
        if not (request and request._is_written_by_applicant(sender)):
            request = request._find_by_subject(city, message_dict.get("subject"), sender)
        try:
            # Half a mail is none.
            with self.env.cr.savepoint():
                request._take_mail(message_dict, sender, defaults)
        except UserError as error:
            request._refuse_mail(message, message_dict, str(error))
        return True

    def _get_reason_to_leave_out(self, city, message, sender):
        """Return why nobody reads a mail, for the log, or nothing."""
        if not sender:
            return "it has no sender"
        if is_automatic(message):
            return "a machine wrote it"
        if self.env["mail.alias.domain"]._find_aliases([sender]):
            return "it comes from an address of our own"
        if city._is_mail_blocked(sender):
            return "its sender is blocked"
        return None

    def _is_written_by_staff(self, sender):
        """Tell whether a mail comes from a colleague who may read this one request: such a mail is a comment."""
        users = self.env["res.users"].search([("partner_id.email_normalized", "=", sender), ("share", "=", False)])
        return any(
            self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).has_access("read")
            for user in users
        )

    def _is_written_by_applicant(self, sender):
        """Tell whether a mail comes from somebody who brought or joined this one request."""
        return email_normalize(self.email) == sender or bool(self._find_writer(sender))

    def _find_writer(self, sender):
        """Return the applicant of this one request who has an address, the one who brought it first."""
        people = self.partner_id | self.participant_ids.partner_id
        return people.filtered(lambda partner: partner.email_normalized == sender)[:1]

    @api.model
    def _find_by_subject(self, city, subject, sender):
        """Return the request that the subject of a mail names, if its sender is part of it, else none."""
        numbers = _NUMBER.findall(clean_text(subject))[:10]
        requests = self.search([("company_id", "=", city.id), ("number", "in", numbers)]) if numbers else self.browse()
        return requests.filtered(lambda request: request._is_written_by_applicant(sender))[:1]

    # ------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------

    @api.model
    def _count_mail(self, city, sender):
        """Count a mail and tell whether too many came from its sender or its sender's domain."""
        Limit = self.env["contact.center.rate.limit"]
        domain = sender.rpartition("@")[2]
        return Limit._take("mail", sender, city.contact_center_mail_limit, DAY) or Limit._take(
            "mail domain", domain, city.contact_center_mail_domain_limit, HOUR
        )

    def _tell_of_limit(self, message, message_dict, sender):
        """Tell a sender, once a day, that too much came from there: nothing is lost without a word."""
        Limit = self.env["contact.center.rate.limit"]
        _logger.info("Mail %s was left out: too many came from there.", message_dict["message_id"])
        domain = sender.rpartition("@")[2]
        if not (Limit._take("mail told", sender, 1, DAY) or Limit._take("mail told", domain, TOLD_PER_DOMAIN, HOUR)):
            reason = self.env._(
                "Too many e-mails came from your address or your provider. Write again tomorrow, or call the contact "
                "centre."
            )
            self._refuse_mail(message, message_dict, reason)

    # ------------------------------------------------------------
    # Taking
    # ------------------------------------------------------------

    def _take_mail(self, message_dict, sender, defaults):
        """Add a mail to this one request, or make a new one of it where there is none.

        :raises UserError: when there is nothing in it.
        """
        reply = read_reply(message_dict.get("body"))
        everything = read_text(message_dict.get("body"))
        attachments, left_out = self._take_files(read_files(message_dict, reply))
        # What somebody forwards is all that a new mail says, though it looks like a quote.
        text = reply.text if self else (reply.text or everything)
        subject = "" if self else clean_subject(message_dict.get("subject"))
        text = "\n\n".join(filter(None, (subject, text)))
        if not (text or attachments):
            raise UserError(self.env._("There was nothing in it: write what it is about."))
        if len(text) > DESCRIPTION_LIMIT:
            left_out.append(self.env._("the text from character %s on", DESCRIPTION_LIMIT))
        text = text[:DESCRIPTION_LIMIT] or self.env._("See the files.")
        if self:
            self._post_mail(message_dict, self._find_writer(sender), text, attachments)
            self.photo_ids = [Command.link(attachment.id) for attachment in attachments]
            self._react_to_mail(text, sender)
            request = self
        else:
            values = self._prepare_from_mail(message_dict, sender, text)
            request = self.create([{**values, "photo_ids": [Command.set(attachments.ids)], **defaults}])
            request._post_mail(message_dict, request.partner_id, everything[:KEPT_LIMIT] or text, attachments)
        if left_out:
            note = self.env._("Left out of the e-mail:")
            request._message_log(body=plaintext2html("\n".join([note, *(f"• {what}" for what in left_out)])))

    @api.model
    def _prepare_from_mail(self, message_dict, sender, text):
        """Return the values of a request that somebody brings by mail."""
        city = self.env.company
        partner = self.env["res.partner"]._find_applicants(email=sender, company=city)[:1]
        if not partner:
            name, _address = parse_contact_from_email(clean_text(message_dict["email_from"]))
            values = {"name": name[:100], "email": sender, "lang": self._guess_language(text), "inform_by": "email"}
            partner = partner._find_or_create_applicant(values, city)
        return {
            "company_id": city.id,
            "channel": "email",
            "description": text,
            "partner_id": partner.id,
            "email": sender,
            "inform_by": "email",
        }

    @api.model
    def _guess_language(self, text):
        """Return the language of a text by its letters, by default the city's."""
        letters = set(text.lower())
        spoken = {code for code, _name in self.env["res.lang"].get_installed()}
        found = [code for code, own in _LETTERS.items() if code in spoken and own & letters]
        return found[0] if len(found) == 1 else self.env.company.partner_id.lang

    @api.model
    def _take_files(self, files):
        """Keep files of a mail; return the attachments and, of the others, what was left out and why.

        :param files: list of ``(name, content)``.
        """
        values, left_out = [], []
        for name, content in files[:FILE_LIMIT]:
            mimetype = find_type(content)
            endings = ALLOWED_TYPES.get(mimetype)
            # Phones send photos without an ending or with another program's; its content says what it is.
            if endings and get_extension(name) not in endings:
                name += endings[0]
            try:
                check_files(self.env, [(name, content)])
            except UserError as error:
                left_out.append(str(error))
            else:
                values.append({"name": name, "raw": content, "mimetype": mimetype})
        others = [name for name, _content in files[FILE_LIMIT:]]
        left_out += [self.env._("“%s”: too many files.", name) for name in others[:NAMED_LIMIT]]
        if len(others) > NAMED_LIMIT:
            left_out.append(self.env._("%s more files", len(others) - NAMED_LIMIT))
        return self.env["ir.attachment"].create(values), left_out

    def _post_mail(self, message_dict, author, text, attachments):
        """Keep a mail as a message of this one request, as plain text: HTML of strangers calls pictures of theirs."""
        # Who writes to the city reads its answers, and doesn't follow what colleagues say to each other.
        self.with_context(mail_post_autofollow_author_skip=True).message_post(
            body=plaintext2html(text),
            subject=clean_text(message_dict.get("subject")),
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=author.id,
            email_from=message_dict["email_from"],
            message_id=message_dict["message_id"],
            attachment_ids=attachments.ids,
        )

    def _react_to_mail(self, text, sender):
        """Take what the applicant of this one request wrote for the answer to an open question, else tell who cares."""
        is_asked = sender in (email_normalize(self.email), self.partner_id.email_normalized)
        if is_asked and self.open_question_id and self.state == "waiting":
            self.answer_question(text)
            return
        finished = self.state in workflow.FINISHED_STATES
        summary = (
            self.env._("The applicant wrote after the end") if finished else self.env._("The applicant wrote an e-mail")
        )
        # One reminder is enough for many mails.
        if not self.activity_ids.filtered(lambda activity: activity.summary == summary):
            self.activity_schedule("mail.mail_activity_data_todo", summary=summary, user_id=self._get_contact_user().id)

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Let applicants answer to the address of their city, which finds the request also without Odoo's marks."""
        addresses = super()._notify_get_reply_to(default=default, author_id=author_id)
        # Addresses belong to the administrator and are on every letter, hence sudo.
        for request in self.sudo():
            alias = request.company_id.contact_center_alias_id
            if alias.alias_name and alias.alias_domain_id:
                addresses[request.id] = self._notify_get_reply_to_formatted_email(alias.alias_full_name, author_id)
        return addresses

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Leave it to our own limits to find loops: they know the sender without reading a million requests."""
        return None
