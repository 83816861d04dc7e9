import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.contact_center_base.mail_reply import is_automatic, read_files, read_reply

_logger = logging.getLogger(__name__)


class ContactCenterReplyMixin(models.AbstractModel):
    """Takes mails that answer our e-mails: what a person who works on an assignment writes becomes a comment.

    Who writes is known by the address only, as everywhere in Odoo's gateway; the way to an assignment is the id of an
    e-mail that only its readers have got. Everybody else is told that the mail wasn't taken, and nothing more.
    """

    _name = "contact.center.reply.mixin"
    _description = "Answers by Mail"

    def _receive_mail(self, message, message_dict, _defaults):
        """Take a mail to this one record, or refuse it with an answer to its sender.

        :param message: the ``EmailMessage``.
        :param dict message_dict: what ``mail.thread`` read in it.
        :returns: whether it is settled; else it is posted as any other mail.
        """
        if not self._takes_mail(message_dict):
            return False
        if is_automatic(message):
            _logger.info("Mail %s was left out: a machine wrote it.", message_dict["message_id"])
            return True
        author = self._find_mail_author(message_dict)
        if not author:
            reason = self.env._("This address only takes answers of those who work on a request.")
            self._refuse_mail(message, message_dict, reason)
            return True
        try:
            # Half a comment is none.
            with self.env.cr.savepoint():
                self._as_mail_author(author)._comment_by_mail(message_dict)
        except UserError as error:
            self.with_context(lang=author.lang)._refuse_mail(message, message_dict, str(error))
        return True

    def _takes_mail(self, message_dict):
        """Hook: whether a mail to this record (or to a missing one) is for :meth:`_receive_mail` to settle."""
        return True

    def _find_mail_author(self, message_dict):
        """Return the account that sent a mail and may read this one record; who got our e-mail goes first."""
        address = email_normalize(message_dict["email_from"])
        # Who has which address is for the system to know, hence sudo.
        senders = self.env["res.users"].sudo().search([("partner_id.email_normalized", "=", address)])
        readers = senders.filtered(lambda user: self.exists() and self._as_mail_author(user).has_access("read"))
        addressees = self.env["mail.message"].sudo().browse(message_dict.get("parent_id")).partner_ids  # as above
        return readers.sorted(lambda user: user.partner_id not in addressees)[:1] if address else senders.browse()

    def _as_mail_author(self, user):
        """Return this one record as a user sees it in the portal, in their language."""
        return self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids, lang=user.lang)

    def _comment_by_mail(self, message_dict):
        """Add what the current user wrote in a mail to this one assignment, with its files.

        :raises UserError: when there is nothing in it, or a file or the comment can't be taken.
        """
        reply = read_reply(message_dict.get("body"))
        files = read_files(message_dict, reply)
        if not (reply.text or files):
            raise UserError(self.env._("There was nothing in it but the e-mail that you answered."))
        comment = self.comment(reply.text, attachment_ids=self._add_files(files).ids if files else ())
        # So that the gateway knows the mail when it is delivered once more; messages are not for executors to write.
        comment.sudo().message_id = message_dict["message_id"]
