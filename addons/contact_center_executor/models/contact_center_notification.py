from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.contact_center_base.const import EMERGENCY
from odoo.addons.contact_center_base.mail_reply import MARKER
from odoo.addons.contact_center_base.models.queue import work_off
from odoo.addons.contact_center_base.moments import aware, naive

from ..const import NEWS_FOR_HEADS, NEWS_KINDS, URGENT_NEWS
from ..digest import sending_moment


class ContactCenterNotification(models.Model):
    """News about an assignment that a person is to be written about: at once or with the next digest.

    What is due is put into one e-mail for each person. A row is deleted in the transaction that queues its e-mail, so
    that nothing is lost or sent twice, whenever the job is killed.
    """

    _name = "contact.center.notification"
    _description = "Notification"
    _order = "send_at, id"
    _rec_name = "kind"

    partner_id = fields.Many2one("res.partner", "Recipient", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users",
        "Account",
        index="btree_not_null",
        ondelete="cascade",
        help="By whose rights and wishes they are written to. Empty: a contact without an account.",
    )
    assignment_id = fields.Many2one("contact.center.assignment", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, index=True)
    kind = fields.Selection(NEWS_KINDS, required=True)
    text = fields.Text()
    queued_at = fields.Datetime("Happened", required=True, default=fields.Datetime.now)
    send_at = fields.Datetime("To be sent", compute="_compute_send_at", store=True)

    _due_index = models.Index("(send_at, partner_id)")

    @api.depends("kind", "queued_at", "assignment_id.priority", "user_id.contact_center_digest")
    def _compute_send_at(self):
        """Emergencies and returns for rework go out at once (KR-10.3), the rest as the person wishes, not at night."""
        for notification in self:
            moment = aware(notification.queued_at)
            if not (notification.kind in URGENT_NEWS or notification.assignment_id.priority == EMERGENCY):
                digest = notification.user_id.contact_center_digest or "at_once"
                moment = sending_moment(digest, moment, notification._get_calendar())
            notification.send_at = naive(moment)

    def _get_calendar(self):
        """Return the plain calendar by which the person of this one notification works."""
        executor = self.user_id.contact_center_executor_id
        return executor._get_calendar() if executor else self.assignment_id.company_id._get_clock_calendar()

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    def _queue(self, assignments, kind, text=None, users=None, partners=None):
        """Note that people are to be written to about many assignments.

        By default these are the people of their executors (the heads, where it is up to them), unless a colleague of
        theirs did it: the portal shows them that. Who acts isn't written to about it.

        :param assignments: recordset of ``contact.center.assignment``.
        :param str kind: what happened, one of ``const.NEWS_KINDS``.
        :param str text: what was said, if anything.
        :param users: the accounts to write to instead.
        :param partners: contacts without an account to write to besides.
        :returns: the notifications.
        """
        rows = []
        for executor, of_executor in assignments.grouped("executor_id").items():
            # Addresses of readers are for the system to know, hence sudo.
            readers = (self._get_readers(executor, kind) if users is None else users).sudo() - self.env.user
            accounts = [{"user_id": user.id, "partner_id": user.partner_id.id} for user in readers]
            contacts = [{"partner_id": partner.id} for partner in partners or ()]
            for assignment in of_executor:
                news = {"assignment_id": assignment.id, "kind": kind, "text": text}
                rows += [{**news, **reader} for reader in (*accounts, *contacts)]
        # Nobody has the right to write into the queue, hence sudo.
        return self.sudo().create(rows)

    @api.model
    def _get_readers(self, executor, kind):
        """Return the accounts of one executor that are written to about what the user has done."""
        if kind in NEWS_FOR_HEADS:
            return executor._get_heads()
        by_colleague = self.env.user.contact_center_executor_id == executor
        return self.env["res.users"] if by_colleague else executor._get_users()

    @api.model
    def _cron_send(self):
        """Write one e-mail to each person about everything that is due for them."""
        domain = Domain("send_at", "<=", fields.Datetime.now())
        firsts = [first for _partner, first in self._read_group(domain, ["partner_id"], ["id:min"])]
        work_off(self.browse(firsts), domain, type(self)._send_due)

    def _send_due(self):
        """Write to the person of this one notification about it and everything else that is due for them."""
        domain = Domain("partner_id", "=", self.partner_id.id) & Domain("send_at", "<=", fields.Datetime.now())
        due = self.search(domain).try_lock_for_update()
        for notifications in due._filter_entitled().grouped("company_id").values():
            notifications._send()
        due.unlink()

    def _filter_entitled(self):
        """Return those of many notifications whose reader can be written to and still may read the assignment."""
        entitled = self.browse()
        for user, notifications in self.grouped("user_id").items():
            if not user:
                # Contacts have no rights to ask for: they are told of what every reader of the executor may know.
                entitled += notifications.filtered(
                    lambda row: row.partner_id.active and not row.assignment_id.restricted
                )
            elif user.active:
                reader = user.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).env
                readable = notifications.assignment_id.with_env(reader)._filtered_access("read")
                entitled += notifications.filtered(lambda row, readable=readable: row.assignment_id in readable)
        return entitled.filtered("partner_id.email").sorted()

    def _send(self):
        """Queue one e-mail about these notifications of one person in one city.

        An answer to an e-mail about a single assignment becomes a comment there; hence such an e-mail belongs to the
        thread of that assignment, one about several to the executor's.
        """
        partner, company = self.partner_id, self.company_id
        lang = partner.lang or company.partner_id.lang
        news = self.with_company(company).with_context(lang=lang, tz=partner.tz or company.resource_calendar_id.tz)
        assignments = news.assignment_id
        thread = assignments if len(assignments) == 1 else assignments.executor_id[:1]
        thread.message_notify(
            subject=news._get_subject(),
            body=news._render_body(),
            partner_ids=partner.ids,
            author_id=company.partner_id.id,
            email_from=company.email_formatted or None,
            email_layout_xmlid="contact_center_executor.notification_layout",
            email_add_signature=False,
            force_email_lang=lang,
            force_send=False,
        )

    def _get_subject(self):
        """Return the subject of one e-mail about these notifications."""
        labels = dict(self._fields["kind"]._description_selection(self.env))
        assignments = self.assignment_id
        if len(assignments) > 1:
            subject = self.env._("News about requests (%s)", len(assignments))
        else:
            subject = f"{assignments.number}: {labels[self[-1:].kind]}"
        urgent = any(assignment.priority == EMERGENCY for assignment in assignments)
        return self.env._("Emergency: %s", subject) if urgent else subject

    def _render_body(self):
        """Return the text of one e-mail about these notifications."""
        labels = dict(self._fields["kind"]._description_selection(self.env))
        urgent_first = self.sorted(lambda row: (row.assignment_id.priority != EMERGENCY, row.queued_at, row.id))
        sections = [
            {"assignment": assignment, "url": news[:1]._get_url(), "news": news, "labels": labels}
            for assignment, news in urgent_first.grouped("assignment_id").items()
        ]
        values = {"sections": sections, "marker": MARKER, "answerable": bool(self.user_id) and len(sections) == 1}
        body = self.env["ir.qweb"]._render("contact_center_executor.notification_body", values, minimal_qcontext=True)
        return Markup(body)  # rendered just now: what people wrote is escaped in it

    def _get_url(self):
        """Return where the reader of this one notification opens the assignment; nothing for those without account."""
        if not self.user_id:
            return False
        base = self.assignment_id.get_base_url()
        if self.user_id.share:
            return f"{base}/my/assignments/{self.assignment_id.id}"
        return f"{base}/mail/view?model={self.assignment_id._name}&res_id={self.assignment_id.id}"
