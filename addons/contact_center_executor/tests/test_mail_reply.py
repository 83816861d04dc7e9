"""Answers by mail: whose become comments, what of them, and what the others are told."""

from email.message import EmailMessage

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.contact_center_base.mail_reply import MARKER, is_automatic, read_reply

from .common import ExecutorCase

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@tagged("post_install", "-at_install")
class TestReadReply(BaseCase):
    def test_what_odoo_marked_as_quoted_is_left_out(self):
        reply = read_reply('<p>The lamp burns.</p><blockquote data-o-mail-quote="1">CC-2026-000001</blockquote>')
        self.assertEqual(reply.text, "The lamp burns.")

    def test_nothing_below_our_first_line(self):
        reply = read_reply(f"<div>Done today.</div><div>{MARKER}</div><div>City Light must…</div>")
        self.assertEqual(reply.text, "Done today.")

    def test_the_introduction_of_a_quote_is_left_out(self):
        for introduction in (
            "On Mon, 12 Jan 2026 at 10:15, City &lt;city@example.com&gt; wrote:",
            "пн, 12 січ. 2026 р. о 10:15 Місто &lt;city@example.com&gt;<br/>пише:",
            "-----Original Message-----<br/>From: City<br/>Subject: CC-2026-000001",
            "Від: Місто &lt;city@example.com&gt;<br/>Надіслано: 12 січня 2026 р.<br/>Тема: CC-2026-000001",
        ):
            with self.subTest(introduction):
                reply = read_reply(f"<p>Done today.</p><p>{introduction}</p><p>{MARKER}</p><p>News</p>")
                self.assertEqual(reply.text, "Done today.")

    def test_what_was_written_is_kept_as_it_is(self):
        text = "Done.\n\nStill to do:\nBrigade: 2\nPhone: 380564000111"
        reply = read_reply("<p>Done.</p><p>Still to do:<br/>Brigade: 2<br/>Phone: 380564000111</p>")
        self.assertEqual([line for line in reply.text.splitlines() if line], [x for x in text.splitlines() if x])

    def test_pictures_between_the_lines_are_named(self):
        reply = read_reply('<p>See <img src="cid:photo"/></p><div data-o-mail-quote="1"><img src="cid:logo"/></div>')
        self.assertEqual(reply.images, {"photo"})

    def test_machines_give_themselves_away(self):
        for headers in (
            {"Auto-Submitted": "auto-replied"},
            {"X-Autoreply": "yes"},
            {"Precedence": "bulk"},
        ):
            self.assertTrue(is_automatic(headers), headers)
        for headers in ({}, {"Auto-Submitted": "no"}, {"Precedence": "first-class"}):
            self.assertFalse(is_automatic(headers), headers)


@freeze_time("2026-01-12 08:00:00")
class TestMailReply(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "city.example.com"})
        cls.city.write({"alias_domain_id": cls.domain.id, "email": "centre@city.example.com"})
        for user in (cls.light_operator, cls.light_head, cls.roads_operator):
            user.email = f"{user.login}@example.com"

    def setUp(self):
        super().setUp()
        self.assignment = self.make_assignment()
        self.mail = self.send(self.light_operator)

    def send(self, user):
        """Send what is due and return the e-mail that a user gets."""
        self.run_cron(self.env.ref("contact_center_executor.ir_cron_send_notifications"))
        return self.env["mail.mail"].search([("recipient_ids", "in", user.partner_id.ids)], order="id desc", limit=1)

    def answer(self, sender, text="The lamp burns.", mail=None, files=(), **headers):
        """Let the gateway process an answer to an e-mail of ours, quoted as a mail program does."""
        mail = mail or self.mail
        message = EmailMessage()
        message["From"] = sender
        message["To"] = mail.reply_to
        message["Subject"] = f"Re: {mail.subject}"
        message["Message-Id"] = headers.pop("message_id", f"<{text[:8].strip()}.{len(files)}@example.com>")
        message["In-Reply-To"] = message["References"] = mail.message_id
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        quoted = f"On Mon, 12 Jan 2026 at 10:15, City <{mail.reply_to}> wrote:\n\n> {MARKER}\n> {mail.subject}\n"
        message.set_content(f"{text}\n\n{quoted}")
        for name, content in files:
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        before = self.env["mail.mail"].search([])
        with mute_logger("odoo.addons.mail.models.mail_thread", "odoo.addons.mail.models.mail_mail"):
            self.env["mail.thread"].message_process(None, message.as_bytes())
        return self.env["mail.mail"].search([]) - before

    def comments(self, assignment=None):
        messages = (assignment or self.assignment).sudo().message_ids
        return messages.filtered(lambda message: message.message_type in ("comment", "email"))

    def test_our_mails_are_answered_to_the_gateway(self):
        self.assertIn("catchall@city.example.com", self.mail.reply_to)
        self.assertIn(MARKER, self.mail.body_html)

    def test_an_answer_of_the_executor_becomes_a_comment(self):
        self.answer(self.light_operator.email)
        comment = self.comments()
        self.assertEqual(comment.author_id, self.light_operator.partner_id)
        self.assertIn("The lamp burns.", comment.body)
        for quoted in ("wrote", MARKER, self.assignment.number):
            self.assertNotIn(quoted, comment.body)
        event = self.assignment.request_id.event_ids.filtered(lambda event: event.kind == "commented")
        self.assertEqual((event.user_id, event.role), (self.light_operator, "executor"))

    def test_a_colleague_to_whom_it_was_forwarded_answers_too(self):
        self.answer(self.light_head.email)
        self.assertEqual(self.comments().author_id, self.light_head.partner_id)

    def test_delivered_twice_it_is_one_comment(self):
        for _time in range(2):
            self.answer(self.light_operator.email, message_id="<same@example.com>")
        self.assertEqual(len(self.comments()), 1)

    def test_strangers_and_other_executors_are_refused_and_told_nothing(self):
        for sender in ("stranger@example.com", self.roads_operator.email, self.resident.email):
            with self.subTest(sender):
                refusal = self.answer(sender, f"From {sender}")
                self.assertIn("was not taken", refusal.body_html)
                for secret in (self.assignment.number, "City Light", self.lamp.name, self.street.name):
                    self.assertNotIn(secret, refusal.body_html)
        self.assertFalse(self.comments())

    def test_who_left_is_refused(self):
        self.light_operator.active = False
        self.assertIn("was not taken", self.answer(self.light_operator.email).body_html)
        self.assertFalse(self.comments())

    def test_machines_are_not_heard_and_not_answered(self):
        self.assertFalse(self.answer(self.light_operator.email, Auto_Submitted="auto-replied"))
        self.assertFalse(self.answer("stranger@example.com", Auto_Submitted="auto-replied"))
        self.assertFalse(self.comments())

    def test_photos_come_along(self):
        refusal = self.answer(self.light_operator.email, files=[("lamp.png", PNG)])
        self.assertFalse(refusal, refusal.body_html)
        self.assertEqual(self.comments().attachment_ids.mapped("name"), ["lamp.png"])

    def test_a_file_that_is_not_taken_refuses_the_whole_mail_with_the_reason(self):
        refusal = self.answer(self.light_operator.email, files=[("lamp.png", PNG), ("lamp.jpg", b"MZ\x90\x00" * 99)])
        self.assertIn("lamp.jpg", refusal.body_html)
        self.assertFalse(self.comments())
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", self.assignment._name), ("res_id", "=", self.assignment.id)]
            )
        )

    def test_an_answer_without_words_is_refused(self):
        self.assertIn("nothing in it", self.answer(self.light_operator.email, " ").body_html)

    def test_an_answer_about_several_is_refused_with_what_to_do(self):
        one, two = self.make_assignment(house="2"), self.make_assignment(house="3")
        mail = self.send(self.light_operator)
        refusal = self.answer(self.light_operator.email, mail=mail)
        self.assertIn("several requests", refusal.body_html)
        self.assertNotIn("several", self.answer("stranger@example.com", "x", mail=mail).body_html)
        self.assertFalse(self.comments(one) + self.comments(two))

    def test_nobody_gives_assignments_by_mail(self):
        model = self.env["ir.model"]._get("contact.center.assignment")
        self.env["mail.alias"].create({"alias_name": "work", "alias_model_id": model.id})
        before = self.env["contact.center.assignment"].search_count([])
        self.mail.reply_to = f"work@{self.domain.name}"
        self.mail.message_id = "<unknown@example.com>"
        self.answer(self.light_operator.email)
        self.assertEqual(self.env["contact.center.assignment"].search_count([]), before)
