"""Mails to the city's address: which become requests, which go to one, which are left out."""

from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import CHANNELS
from ..models.contact_center_mail_mixin import DESCRIPTION_LIMIT, FILE_LIMIT
from .common import ContactCenterCase, clause

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
ADDRESS = "1580@city.example.com"


class MailCase(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "city.example.com"})
        cls.city.write({"alias_domain_id": cls.domain.id, "email": "centre@city.example.com"})
        cls.city.contact_center_alias_name = "1580"
        cls.Request = cls.env["contact.center.request"]
        cls.sent = 0

    def setUp(self):
        super().setUp()
        # Limits are counted with a cursor of its own; here it shares the test's transaction.
        self.enterContext(self.enter_registry_test_mode())

    def mail(self, text="A deep hole in the road.", sender="oksana@example.com", **headers):
        """Return a mail to the city; header names are given with underscores."""
        message = EmailMessage()
        type(self).sent += 1
        values = {
            "From": sender,
            "To": ADDRESS,
            "Subject": "Pothole",
            "Message-Id": f"<{self.sent}@example.com>",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        for name, value in values.items():
            if value is not None:
                message[name] = value
        message.set_content(text)
        return message

    def deliver(self, message):
        """Let the gateway process a mail; return the requests and the mails that this makes."""
        requests, mails = self.Request.search([]), self.env["mail.mail"].search([])
        content = message if isinstance(message, bytes) else message.as_bytes()
        with mute_logger("odoo.addons.mail.models.mail_thread", "odoo.addons.mail.models.mail_mail"):
            self.env["mail.thread"].message_process(None, content)
        return self.Request.search([]) - requests, self.env["mail.mail"].search([]) - mails

    def register(self, *args, **headers):
        """Return the one request that a mail makes."""
        request, _mails = self.deliver(self.mail(*args, **headers))
        self.assertEqual(len(request), 1)
        return request

    def comments(self, request):
        return request.message_ids.filtered(lambda message: message.message_type == "email")


@tagged("post_install", "-at_install")
class TestMailIntake(MailCase):
    def test_a_mail_becomes_a_request_of_its_sender(self):
        request = self.register()
        self.assertEqual(request.partner_id, self.resident)
        self.assertEqual((request.channel, request.state, request.company_id), ("email", "new", self.city))
        self.assertEqual((request.email, request.inform_by), ("oksana@example.com", "email"))
        self.assertEqual(request.description, "Pothole\n\nA deep hole in the road.")
        [registered] = request.event_ids.filtered(lambda event: event.kind == "registered")
        self.assertEqual(registered.role, "applicant")
        self.assertIn("A deep hole in the road.", self.comments(request).body)

    def test_who_is_not_known_becomes_an_applicant_once(self):
        first = self.register("Яма на дорозі", sender="Іван Франко <ivan@example.com>")
        second = self.register("Ще одна", sender="I. Franko <IVAN@example.com>")
        self.assertEqual((first.partner_id.name, first.partner_id.company_id), ("Іван Франко", self.city))
        self.assertEqual(first.partner_id.applicant_kind, "resident")
        self.assertEqual(second.partner_id, first.partner_id)

    def test_an_applicant_is_answered_in_the_language_of_the_mail(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        request = self.register("Dziura w chodniku, proszę naprawić", sender="jan@example.com")
        self.assertEqual(request.partner_id.lang, "pl_PL")

    def test_the_topic_is_proposed_and_not_set(self):
        request = self.register("There is a big pothole", Subject=None)
        self.assertFalse(request.category_id)
        self.assertEqual(request.proposed_category_id, self.pothole)
        request.with_user(self.operator).action_take_proposed_category()
        self.assertEqual(request.category_id, self.pothole)
        self.assertFalse(request.proposed_category_id)

    def test_no_photo_is_demanded_of_whoever_chose_no_topic(self):
        self.pothole.photo_required = True
        request = self.register()
        request.with_user(self.operator).category_id = self.pothole
        self.assertEqual(request.category_id, self.pothole)

    def test_the_signature_is_left_out_and_kept_with_the_mail(self):
        request = self.register("It is dark here.\n\n-- \nOksana, Flat 5", Subject="Lamp")
        self.assertEqual(request.description, "Lamp\n\nIt is dark here.")
        self.assertIn("Flat 5", self.comments(request).body)

    def test_what_is_forwarded_is_what_it_says(self):
        request = self.register("> Our lift is out of order\n> since Monday", Subject="Fwd: Lift")
        self.assertIn("Our lift is out of order", request.description)
        self.assertTrue(request.description.startswith("Lift"))

    def test_without_subject_or_text(self):
        self.assertEqual(self.register(Subject=None).description, "A deep hole in the road.")
        self.assertEqual(self.register("").description, "Pothole")
        requests, mails = self.deliver(self.mail("", Subject=None))
        self.assertFalse(requests)
        self.assertIn("nothing in it", mails.body_html)

    def test_a_huge_text_is_cut_and_staff_are_told(self):
        request = self.register("hole " * 2_000_000)
        self.assertEqual(len(request.description), DESCRIPTION_LIMIT)
        self.assertIn("Left out", request.message_ids[0].body)
        self.assertTrue(request.message_ids[0].is_internal or request.message_ids[0].subtype_id.internal)

    def test_what_mail_programs_get_wrong(self):
        head = b"From: oksana@example.com\r\nTo: 1580@city.example.com\r\n"
        for number, rest in enumerate(
            (
                b"Content-Type: text/plain; charset=x-nobody-knows\r\n\r\nA hole \xcf\xf0",
                b"Content-Type: text/plain; charset=utf-8\r\n\r\nA hole \xff\xfe\x00 here",
                b"Content-Type: text/plain\r\n\r\nA hole \xd1\x8f",
                b"Content-Type: text/html; charset=utf-8\r\n\r\n<?xml version='1.0' encoding='utf-8'?><p>A hole<script>"
                b"alert(1)</script>",
                b"Subject: A hole\r\nContent-Type: multipart/mixed\r\n\r\nA hole without a boundary",
                b"Subject: =?utf-8?B?\xff\xff?=\r\nDate: yesterday\r\nContent-Type: text/plain\r\n\r\nA hole",
                b"Subject: =?x-nobody?Q?=00?=\r\nContent-Transfer-Encoding: base64\r\n\r\nA hole",
                b"Content-Type: nonsense\r\nReferences: <<<>\r\n\r\nA hole",
            )
        ):
            with self.subTest(rest):
                identity = b"Message-Id: <wrong-%d@example.com>\r\n" % number
                request, _mails = self.deliver(head + identity + rest)
                self.assertEqual(len(request), 1)
                self.assertNotIn("\x00", request.description)
                self.assertNotIn("script", self.comments(request).body)

    def test_nobody_is_shown_what_strangers_embed(self):
        message = self.mail()
        message.add_alternative('<p>A hole <img src="https://spy.example.com/1.png"/></p>', subtype="html")
        request, _mails = self.deliver(message)
        self.assertNotIn("spy.example.com", self.comments(request).body)

    def test_a_restricted_topic_is_not_chosen_by_mail(self):
        self.assertFalse(self.register("Corruption", Subject="Corruption").restricted)

    def test_each_city_has_its_own_address(self):
        other = self.env["res.company"].create({"name": "Second", "alias_domain_id": self.domain.id})
        other.contact_center_alias_name = "second"
        request = self.register(To="second@city.example.com")
        self.assertEqual(request.company_id, other)
        self.assertNotEqual(request.partner_id, self.resident)

    def test_the_address_changes_with_the_setting(self):
        alias = self.city.contact_center_alias_id
        self.city.contact_center_alias_name = "call-centre"
        self.assertEqual(self.city.contact_center_alias_id, alias)
        self.assertEqual(alias.alias_full_name, "call-centre@city.example.com")

    @clause("PO-6.1a")
    def test_every_channel_ends_in_the_same_register(self):
        mailed = self.register()
        others = [self.make_request(channel=code) for code, _label in CHANNELS if code != "email"]
        requests = mailed.browse([mailed.id, *(request.id for request in others)])
        self.assertEqual(set(requests.mapped("channel")), {code for code, _label in CHANNELS})
        numbers = sorted(int(number.rpartition("-")[2]) for number in requests.mapped("number"))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(CHANNELS))))
        self.assertEqual(set(requests.with_user(self.operator).mapped("state")), {"new"})


@tagged("post_install", "-at_install")
class TestMailFiles(MailCase):
    def send_files(self, *files):
        message = self.mail()
        for name, content in files:
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        request, _mails = self.deliver(message)
        return request

    def test_files_belong_to_the_request(self):
        request = self.send_files(("hole.png", PNG))
        self.assertEqual((request.photo_ids.res_model, request.photo_ids.res_id), (request._name, request.id))
        self.assertEqual(request.photo_ids.mimetype, "image/png")
        self.assertEqual(self.comments(request).attachment_ids, request.photo_ids)

    def test_files_of_a_restricted_request_are_closed_with_it(self):
        request = self.send_files(("hole.png", PNG))
        self.assertTrue(request.photo_ids.with_user(self.operator_2).has_access("read"))
        request.restricted = True
        self.assertFalse(request.photo_ids.with_user(self.operator_2).has_access("read"))

    def test_content_decides_what_a_file_is(self):
        request = self.send_files(("photo", PNG), ("virus.png", b"MZ\x90\x00 programme" * 10), ("page.exe", PNG))
        self.assertEqual(set(request.photo_ids.mapped("name")), {"photo.png", "page.exe.png"})
        self.assertIn("virus.png", request.message_ids[0].body)

    def test_too_many_files_are_named(self):
        request = self.send_files(*((f"{number}.png", PNG) for number in range(300)))
        self.assertEqual(len(request.photo_ids), FILE_LIMIT)
        note = request.message_ids[0]
        self.assertIn(f"{FILE_LIMIT}.png", note.body)
        self.assertIn("260 more files", note.body)
        self.assertTrue(note.subtype_id.internal)

    def test_pictures_between_the_lines_are_taken(self):
        message = self.mail()
        message.add_alternative('<p>Look: <img src="cid:one"/></p>', subtype="html")
        message.get_payload()[1].add_related(PNG, "image", "png", cid="<one>", filename="one.png")
        request, _mails = self.deliver(message)
        self.assertEqual(request.photo_ids.name, "one.png")


@tagged("post_install", "-at_install")
class TestMailLeftOut(MailCase):
    def test_machines_make_no_requests_and_get_no_answer(self):
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"X_Auto_Response_Suppress": "All"},
            {"X_Auto_Response_Suppress": "DR, OOF"},
            {"List_Id": "<news.example.com>"},
            {"Return_Path": "<>"},
            {"From": "MAILER-DAEMON@example.com"},
            {"From": "bounce@city.example.com"},
            {"From": ADDRESS},
            {"From": "nobody"},
            {"In_Reply_To": "<1-loop-detection-bounce-email@example.com>"},
        ):
            with self.subTest(headers):
                requests, mails = self.deliver(self.mail(**headers))
                self.assertFalse(requests)
                self.assertFalse(mails)

    def test_our_own_mail_that_comes_back(self):
        request = self.register()
        message = request.message_post(body="News", partner_ids=self.resident.ids)
        requests, _mails = self.deliver(self.mail(Message_Id=message.message_id))
        self.assertFalse(requests)

    def test_delivered_twice_it_is_one_request(self):
        message = self.mail()
        self.assertEqual(len(self.deliver(message)[0]), 1)
        self.assertFalse(self.deliver(message)[0])

    def test_blocked_senders(self):
        self.city.contact_center_mail_blocked = "Spam@Example.com\n@bad.example.org"
        for sender in ("spam@example.com", "who@bad.example.org"):
            self.assertFalse(self.deliver(self.mail(sender=sender))[0])
        self.assertTrue(self.deliver(self.mail(sender="fine@example.com"))[0])

    def test_who_writes_too_often_is_told_once(self):
        self.city.contact_center_mail_limit = 2
        for _time in range(2):
            self.assertTrue(self.deliver(self.mail())[0])
        requests, mails = self.deliver(self.mail())
        self.assertFalse(requests)
        self.assertIn("Too many e-mails", mails.body_html)
        self.assertIn("auto-replied", mails.headers)
        requests, mails = self.deliver(self.mail())
        self.assertFalse(requests | self.Request)
        self.assertFalse(mails)
        self.assertTrue(self.deliver(self.mail(sender="other@example.com"))[0])

    def test_a_flood_of_one_provider_ends(self):
        self.city.contact_center_mail_domain_limit = 2
        taken = [self.deliver(self.mail(sender=f"{number}@flood.example.com"))[0] for number in range(3)]
        self.assertEqual([len(requests) for requests in taken], [1, 1, 0])
        self.assertTrue(self.deliver(self.mail(sender="quiet@example.org"))[0])


@tagged("post_install", "-at_install")
class TestMailReply(MailCase):
    def setUp(self):
        super().setUp()
        self.request = self.make_request(email="oksana@example.com", inform_by="email")
        self.notice = self.request.message_post(body="Your request is registered.", partner_ids=self.resident.ids)

    def reply(self, text="It is even deeper now.", sender="oksana@example.com", **headers):
        headers = {"In_Reply_To": self.notice.message_id, "Subject": f"Re: {self.request.number}", **headers}
        return self.deliver(self.mail(text, sender, **headers))

    def test_answers_go_to_the_address_of_the_city(self):
        self.assertIn(ADDRESS, self.notice.reply_to)

    def test_a_reply_becomes_a_comment_and_somebody_is_reminded_once(self):
        self.request.user_id = self.operator
        for _time in range(2):
            requests, _mails = self.reply("It is even deeper now.\n\nOn 1.2.2026 City <c@example.com> wrote:\n> News")
            self.assertFalse(requests)
        comments = self.comments(self.request)
        self.assertEqual(len(comments), 2)
        self.assertEqual((comments.author_id, comments[0].subtype_id), (self.resident, self.env.ref("mail.mt_comment")))
        self.assertIn("It is even deeper now.", comments[0].body)
        self.assertNotIn("News", comments[0].body)
        self.assertEqual(self.request.activity_ids.user_id, self.operator)
        self.assertEqual(len(self.request.activity_ids), 1)
        self.assertNotIn(self.resident, self.request.message_partner_ids)

    def test_files_of_a_reply_belong_to_the_request(self):
        message = self.mail("Look", In_Reply_To=self.notice.message_id)
        message.add_attachment(PNG, maintype="image", subtype="png", filename="deep.png")
        self.deliver(message)
        self.assertEqual((self.request.photo_ids.name, self.request.photo_ids.res_id), ("deep.png", self.request.id))

    def test_a_reply_answers_the_open_question(self):
        self.request.with_user(self.operator).ask_applicant("Which house?", "phone")
        self.reply("Number 5")
        self.assertEqual(self.request.question_ids.answer, "Number 5")
        self.assertEqual(self.request.state, "in_progress")
        [answered] = self.request.event_ids.filtered(lambda event: event.kind == "answered")
        self.assertEqual(answered.role, "applicant")

    def test_who_joined_comments_and_does_not_answer_for_the_applicant(self):
        neighbour = self.env["res.partner"].create({"name": "Neighbour", "email": "next@example.com"})
        self.request.join(neighbour)
        self.request.with_user(self.operator).ask_applicant("Which house?", "phone")
        self.reply(sender="next@example.com")
        self.assertEqual(self.comments(self.request).author_id, neighbour)
        self.assertEqual(self.request.state, "waiting")

    def test_a_finished_request_stays_finished(self):
        self.request.with_user(self.operator)._transition("done", result="Filled", informed_by="phone")
        self.reply("The hole is back")
        self.assertEqual(self.request.state, "done")
        self.assertEqual(self.request.activity_ids.summary, "The applicant wrote after the end")

    def test_strangers_never_get_into_a_request(self):
        for headers in ({}, {"In_Reply_To": None}):
            with self.subTest(headers):
                requests, _mails = self.reply("I know", "stranger@example.com", **headers)
                self.assertEqual(len(requests), 1)
                self.assertEqual(requests.partner_id.email, "stranger@example.com")
                self.assertFalse(self.comments(self.request))

    def test_the_number_in_the_subject_is_enough_for_the_applicant(self):
        requests, _mails = self.reply(In_Reply_To=None)
        self.assertFalse(requests)
        self.assertEqual(len(self.comments(self.request)), 1)

    def test_a_machine_that_answers_changes_nothing(self):
        self.request.with_user(self.operator).ask_applicant("Which house?", "phone")
        self.reply("I am on holiday", Auto_Submitted="auto-replied")
        self.assertEqual(self.request.state, "waiting")
        self.assertFalse(self.comments(self.request))

    def test_colleagues_comment_by_mail_where_they_may_read(self):
        self.operator_2.email = "operator@city.example.org"
        self.reply("I called the brigade.", self.operator_2.email)
        self.assertEqual(self.comments(self.request).author_id, self.operator_2.partner_id)
        self.request.restricted = True
        requests, _mails = self.reply("And again.", self.operator_2.email)
        self.assertEqual(len(self.comments(self.request)), 1)
        self.assertEqual(len(requests), 1)

    def test_a_comment_of_staff_does_not_reach_the_applicant_who_wrote(self):
        self.reply()
        before = self.env["mail.mail"].search([])
        self.request.with_user(self.operator).message_post(
            body="Rude remark", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        mails = self.env["mail.mail"].search([]) - before
        self.assertNotIn(self.resident, mails.recipient_ids)

    def test_an_answer_with_nothing_in_it_is_refused(self):
        requests, mails = self.reply(f"On 1.2.2026 City <c@example.com> wrote:\n> {self.request.number}")
        self.assertFalse(requests)
        self.assertFalse(self.comments(self.request))
        self.assertIn("nothing in it", mails.body_html)
