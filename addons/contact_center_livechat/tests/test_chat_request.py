"""Requests and consultations from live chats: what is taken over, once, and who reads what was said."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.contact_center_base.tests.common import ContactCenterCase, clause
from odoo.addons.contact_center_base.tests.test_access import OPERATIONS, ROLES, expected

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@tagged("post_install", "-at_install")
class TestChatRequest(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        livechat = cls.env.ref("im_livechat.im_livechat_group_user")
        (cls.operator | cls.operator_2 | cls.restricted_officer).group_ids = [Command.link(livechat.id)]
        cls.button = cls.env["im_livechat.channel"].create({"name": "City", "user_ids": cls.operator.ids})
        cls.guest = cls.env["mail.guest"].create({"name": "Petro"})
        cls.chat = cls.make_chat(guest_id=cls.guest.id)
        cls.say("Hello! When is the office open? Call me: 050 765 43 21", author_guest_id=cls.guest.id)
        cls.say("From 8 to 17.", author_id=cls.operator.partner_id.id)

    @classmethod
    def make_chat(cls, **visitor):
        """Return a live chat of the operator with a visitor."""
        return cls.env["discuss.channel"].create(
            {
                "name": "Petro",
                "channel_type": "livechat",
                "livechat_channel_id": cls.button.id,
                "livechat_operator_id": cls.operator.partner_id.id,
                "channel_member_ids": [
                    Command.create({"partner_id": cls.operator.partner_id.id, "livechat_member_type": "agent"}),
                    Command.create({**visitor, "livechat_member_type": "visitor"}),
                ],
            }
        )

    @classmethod
    def say(cls, text, chat=None, **author):
        values = {"body": text, "message_type": "comment", "subtype_xmlid": "mail.mt_comment", **author}
        if author.get("author_guest_id"):
            values = {**values, "author_id": False, "email_from": "Petro"}
            guest = values.pop("author_guest_id")
            message = (chat or cls.chat).message_post(**values)
            message.write({"author_guest_id": guest, "author_id": False})
            return message
        return (chat or cls.chat).message_post(**values)

    def dialog(self, chat=None, user=None, **values):
        """Return the filled-in dialog that a chat opens."""
        form = Form(
            self.env["contact.center.chat.request"]
            .with_user(user or self.operator)
            .with_context(default_chat_id=(chat or self.chat).id)
        )
        for name, value in values.items():
            form[name] = value
        return form.save()

    def make(self, **values):
        """Return the request that the dialog makes."""
        before = self.env["contact.center.request"].search([])
        self.dialog(**values).action_make()
        return self.env["contact.center.request"].search([]) - before

    @clause("KR-2.9")
    def test_a_chat_becomes_an_answered_consultation_with_its_transcript(self):
        request = self.make(category_id=self.opening_hours, result="From 8 to 17.")
        self.assertEqual((request.request_class, request.state, request.channel), ("consultation", "done", "messenger"))
        self.assertEqual((request.result, request.informed_by), ("From 8 to 17.", "messenger"))
        self.assertEqual(request.chat_id, self.chat)
        self.assertIn("Petro: Hello! When is the office open?", request.transcript)
        self.assertIn("From 8 to 17.", request.transcript)

    def test_a_consultation_needs_its_answer(self):
        dialog = self.env["contact.center.chat.request"].with_user(self.operator)
        with self.assertRaisesRegex(UserError, "Write what the visitor was told"):
            dialog.create({"chat_id": self.chat.id, "description": "When?", "result": " "}).action_make()

    def test_a_chat_becomes_a_request_of_its_visitor(self):
        request = self.make(kind="request", category_id=self.pothole)
        self.assertEqual((request.state, request.channel), ("new", "messenger"))
        self.assertEqual((request.partner_id.name, request.phone), ("Petro", "+380507654321"))
        self.assertIn("When is the office open?", request.description)
        self.assertNotIn("From 8 to 17.", request.description)

    def test_who_chats_with_an_account_is_the_applicant(self):
        chat = self.make_chat(partner_id=self.resident.id)
        self.say("A lamp is broken", chat, author_id=self.resident.id)
        request = self.make(chat=chat, kind="request")
        self.assertEqual(request.partner_id, self.resident)

    def test_an_anonymous_chat_makes_no_applicant(self):
        chat = self.make_chat(guest_id=self.env["mail.guest"].create({"name": "Visitor"}).id)
        self.say("A question", chat, author_guest_id=self.guest.id)
        self.assertFalse(self.make(chat=chat, kind="request").partner_id)

    def test_files_of_the_visitor_come_along(self):
        self.say("Look", author_guest_id=self.guest.id).attachment_ids = [
            Command.create({"name": "hole.png", "raw": PNG, "res_model": "discuss.channel", "res_id": self.chat.id}),
            Command.create({"name": "bad.png", "raw": b"MZ\x90\x00 programme", "res_model": "discuss.channel"}),
        ]
        request = self.make(kind="request")
        self.assertEqual((request.photo_ids.name, request.photo_ids.res_model), ("hole.png", request._name))
        self.assertIn("bad.png", request.message_ids[0].body)

    def test_the_second_request_is_asked_about(self):
        first = self.make(kind="request")
        dialog = self.dialog(kind="request")
        self.assertEqual(dialog.known_ids, first)
        with self.assertRaisesRegex(UserError, "already"):
            dialog.action_make()
        self.assertTrue(self.make(kind="request", again=True))
        self.assertEqual(len(self.chat.contact_center_request_ids), 2)

    def test_the_visitor_is_told_the_number_if_wanted(self):
        request = self.make(kind="request")
        self.assertIn(request.number, self.chat.message_ids[0].body)
        self.make(kind="request", again=True, tell_visitor=False)
        self.assertIn(request.number, self.chat.message_ids[0].body)

    def test_the_transcript_is_closed_with_the_request(self):
        request = self.make(kind="request")
        self.assertTrue(self.chat.with_user(self.operator_2).has_access("read"))
        request.restricted = True
        for record in (request, self.chat):
            self.assertFalse(record.with_user(self.operator_2).has_access("read"), record)
            self.assertTrue(record.with_user(self.restricted_officer).has_access("read"), record)
        self.assertTrue(self.chat.with_user(self.operator).has_access("read"), "Who chats goes on chatting.")
        with self.assertRaises(AccessError):
            self.chat.with_user(self.operator_2).message_ids.read(["body"])

    def test_a_chat_is_for_those_who_may_read_it(self):
        outsider = self.make_user("no_chats", "group_operator")
        with self.assertRaises(AccessError):
            self.dialog(user=outsider, kind="request")
        dialog = self.env["contact.center.chat.request"].with_user(outsider)
        with self.assertRaises(AccessError):
            dialog.create({"chat_id": self.chat.id, "kind": "request", "description": "x"}).action_make()

    def test_nobody_claims_a_chat_by_hand(self):
        with self.assertRaises(UserError):
            self.make_request(chat_id=self.chat.id)
        request = self.make_request()
        with self.assertRaises(UserError):
            request.with_user(self.operator).write({"chat_id": self.chat.id})

    def test_only_live_chats(self):
        group = self.env["discuss.channel"].with_user(self.operator)._create_group(self.operator.partner_id.ids)
        with self.assertRaisesRegex(UserError, "live chat"):
            self.dialog(chat=group, kind="request", description="x").action_make()

    def test_the_chat_opens_from_the_request(self):
        request = self.make(kind="request")
        request.with_user(self.operator).action_open_chat()
        with self.assertRaises(AccessError):
            request.with_user(self.make_user("no_chats", "group_operator")).action_open_chat()

    def test_access(self):
        for role in ROLES:
            model = self.env["contact.center.chat.request"].with_user(getattr(self, role))
            granted = {operation for operation in OPERATIONS if model.has_access(operation)}
            self.assertEqual(granted, expected("rwc/rwc/rwc - - -", role), role)
        portal = new_test_user(self.env, "cc_chat_portal", groups="base.group_portal")
        self.assertFalse(self.env["contact.center.chat.request"].with_user(portal).has_access("read"))

    def test_residents_find_the_chat_of_their_city(self):
        menu = self.env["ir.qweb"]._render(
            "contact_center_base.city_menu", {"city": self.city, "city_url": "/c", "city_page": ""}
        )
        self.assertNotIn("/im_livechat/", menu)
        self.city.contact_center_chat_id = self.button
        menu = self.env["ir.qweb"]._render(
            "contact_center_base.city_menu", {"city": self.city, "city_url": "/c", "city_page": ""}
        )
        self.assertIn(f"/im_livechat/support/{self.button.id}", menu)

    @clause("KP-3.10")
    def test_chat_goes_with_the_last_request_made_of_it(self):
        first = self.make(description="Opening hours", kind="consultation", result="8 to 17")
        second = self.make(again=True, description="Another matter", kind="consultation", result="Yes")
        privacy = self.env["contact.center.privacy"].sudo()
        messages = self.chat.message_ids
        privacy._erase_requests(first.sudo())
        self.assertFalse(first.transcript)
        self.assertTrue(self.chat.exists())
        privacy._erase_requests(second.sudo())
        self.assertFalse(self.chat.exists() or self.guest.exists() or messages.exists())
