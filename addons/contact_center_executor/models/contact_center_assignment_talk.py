from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, plaintext2html

from odoo.addons.contact_center_base.files import check_files, find_type

from ..assignment_workflow import FINISHED_STATES

#: What a browser that shows assignments listens for; the message holds their ids only.
LIVE = "contact_center_executor/assignment"
#: How messages come that people wrote, in the system or by mail.
SAID = ("comment", "email")


class ContactCenterAssignment(models.Model):
    """What the centre and an executor say and show to each other on every step (KR-8.1.3, MA-4.1.6, MA-5.1).

    A comment is for the other side or, in a subtype of its own, for the applicant. Notes of the centre's staff are
    messages too, but internal ones: executors never see them or their files.
    """

    _inherit = "contact.center.assignment"

    # ------------------------------------------------------------
    # Comments
    # ------------------------------------------------------------

    def comment(self, body, attachment_ids=(), to_applicant=False):
        """Write a comment on this one assignment, as the current user (KR-8.1.3).

        :param str body: plain text; whatever looks like HTML stays text.
        :param attachment_ids: ids of files that the user handed in for this assignment.
        :param bool to_applicant: whether it is for the applicant to read; else it is between centre and executor.
        :returns: the message.
        :raises UserError: for an empty comment and files of others.
        :raises AccessError: for whoever is neither of the executor nor of the centre.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_executor_role()
        body = str(body or "").strip()
        files = self._get_own_files().filtered(lambda file: file.id in attachment_ids)
        if len(files) < len(set(attachment_ids)):
            raise UserError(self.env._("Only files that you handed in here can go with a comment."))
        if not (body or files):
            raise UserError(self.env._("Write what you want to say."))
        subtype = "contact_center_executor.mt_to_applicant" if to_applicant else "mail.mt_comment"
        author = self.env.user.partner_id
        # Executors have no right to write assignments; that this user comments here was just checked, hence sudo.
        message = (
            self.sudo()
            .with_context(mail_notify_force_send=False)
            .message_post(
                body=plaintext2html(body),
                message_type="comment",
                subtype_xmlid=subtype,
                author_id=author.id,
                email_from=author.email_formatted or self.company_id.email_formatted or author.name,
            )
        )
        # Odoo takes no files of portal users but those of its own composer; these were just checked to be theirs.
        message.attachment_ids = files
        return message

    def _get_comments(self):
        """Return what was said between the centre and the executor of this one assignment, the oldest first."""
        # Whoever may read the assignment may read what was said on it, without the staff's own notes, hence sudo.
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "in", SAID),
                    ("is_internal", "=", False),
                    ("subtype_id.internal", "=", False),
                ],
                order="id",
            )
        )

    def _message_post_after_hook(self, message, msg_values):
        """Let both sides know of a comment, also when it came from the chatter or by mail."""
        result = super()._message_post_after_hook(message, msg_values)
        internal = message.is_internal or not message.subtype_id or message.subtype_id.internal
        if message.message_type in SAID and not internal:
            text = html2plaintext(message.body).strip()
            event = self._record_events("commented", text)
            self._notify("comment", text)
            if message.subtype_id == self.env.ref("contact_center_executor.mt_to_applicant"):
                # Executors have no right to requests; that this one may comment here was checked before, hence sudo.
                request = self.sudo().request_id
                request._contact_applicant(text, request.inform_by, event=event)
        return result

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def _add_files(self, files):
        """Take files that the current user hands in for this one assignment (MA-4.1.6) and return them.

        A file that arrives twice, because a phone lost the answer to the first try, is kept once.

        :param files: list of ``(name, content)``, the content as bytes.
        :raises UserError: for files that aren't taken, and on a finished assignment.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_executor_role()
        if self.state in FINISHED_STATES:
            raise UserError(self.env._("%s is finished: it takes no more files.", self.display_name))
        check_files(self.env, files)
        before = self._get_own_files()
        attachments = self._create_files(files, res_model=self._name, res_id=self.id)
        known = {(file.name, file.checksum): file for file in before}
        twins = attachments.filtered(lambda file: (file.name, file.checksum) in known)
        taken = attachments.browse(known.get((file.name, file.checksum), file).id for file in attachments)
        twins.unlink()
        self._push()
        return taken

    def _hold_files(self, files):
        """Take files that go with what the current user is about to send about this one assignment, and return them.

        They belong to nobody until then.

        :param files: list of ``(name, content)``, the content as bytes.
        :raises UserError: for files that aren't taken.
        """
        self.check_access("read")
        self._check_executor_role()
        check_files(self.env, files)
        return self._create_files(files)

    def _create_files(self, files, **place):
        # Portal users have no access to files at all; that this one works on the assignment was checked, hence sudo.
        attachments = self.env["ir.attachment"].sudo()
        return attachments.create(
            [{"name": name, "raw": content, "mimetype": find_type(content), **place} for name, content in files]
        )

    def _remove_file(self, attachment_id):
        """Remove a file that the current user handed in for this one assignment, while it isn't proposed.

        :param int attachment_id: id of the file.
        :raises UserError: for any other file, and when it is too late.
        """
        self.ensure_one()
        self.check_access("read")
        file = self._get_removable_files().filtered(lambda own: own.id == attachment_id)
        if not file:
            raise UserError(
                self.env._("Only own files can be removed, before closing is proposed and not from a comment.")
            )
        file.unlink()
        self._push()

    def _get_removable_files(self):
        """Return the files of this one assignment that the current user may still remove."""
        own = self._get_own_files()
        too_late = self.state in ("proposed", *FINISHED_STATES)
        return own.browse() if too_late else own - self._get_comments().attachment_ids

    def _get_own_files(self):
        """Return the files that the current user handed in for this one assignment."""
        # They belong to the user, who has no right to read attachments in general, hence sudo.
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "=", self.id), ("create_uid", "=", self.env.uid)],
                order="id",
            )
        )

    def _get_files(self):
        """Return the files of this one assignment that its executor sees, the oldest first.

        They are the applicant's, also those of a wish for rework that was agreed to, what people of executors handed
        in, and those of comments; not the staff's own.
        """
        # Whoever may read the assignment may read these, though neither the request nor attachments, hence sudo.
        handed_in = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id), ("create_uid.share", "=", True)])
        )
        request = self.sudo().request_id  # as above
        missing = request.applicant_rating_ids.filtered(lambda rating: rating.return_state == "agreed").photo_ids
        return (request.photo_ids | missing | handed_in | self._get_comments().attachment_ids).sorted("id")

    def _get_readable_files(self):
        """Return every file that people of the executor of this one assignment may open."""
        # Evidence belongs to whoever may read the petition, and this one's executor may, hence sudo.
        return self._get_files() | self.sudo().petition_ids.attachment_ids

    # ------------------------------------------------------------
    # Live
    # ------------------------------------------------------------

    def _notify(self, kind, text=None):
        result = super()._notify(kind, text)
        self._push()
        return result

    def _push(self):
        """Tell the browsers of those who work on these assignments and of the staff who follow them to look again."""
        # Only ids go out, hence sudo. Most have no followers: asking for all at once is much faster than the field.
        followers = self.env["mail.followers"].sudo()
        followers = followers.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        for executor, assignments in self.sudo().grouped("executor_id").items():  # as above
            ids = set(assignments.ids)
            above = executor.browse(int(part) for part in executor.parent_path.split("/") if part)
            following = followers.filtered(lambda follower, ids=ids: follower.res_id in ids).partner_id
            staff = following.user_ids.filtered(lambda user: not user.share)
            for user in above._get_users() | staff:
                user._bus_send(LIVE, {"ids": assignments.ids})
