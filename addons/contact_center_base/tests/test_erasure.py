import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tools import mute_logger

from .common import ContactCenterCase, clause


class TestErasure(ContactCenterCase):
    def make_erasure(self, user=None, **values):
        values = {"partner_ids": self.resident.ids, **values}
        return self.env["contact.center.erasure"].with_user(user or self.head).create([values])

    def finish(self, request):
        request.with_user(self.operator)._transition("done", result="Mended", informed_by="phone")
        return request

    @clause("KP-3.10")
    def test_open_requests_stand_in_the_way(self):
        request = self.make_request()
        erasure = self.make_erasure()
        self.assertEqual(erasure.open_numbers, request.number)
        with self.assertRaisesRegex(UserError, request.number):
            erasure.action_erase()
        self.finish(request)
        erasure.action_erase()
        self.assertFalse(self.resident.exists())
        self.assertEqual(request.description, "")

    @clause("KP-3.10")
    def test_register_tells_who_when_and_how_much_but_not_whose(self):
        self.finish(self.make_request())
        erasure = self.make_erasure(basis="consent")
        erasure.action_erase()
        self.assertEqual((erasure.state, erasure.decided_by_id, erasure.basis), ("done", self.head, "consent"))
        self.assertEqual(erasure.counts["contact.center.request"], 1)
        self.assertFalse(erasure.partner_ids)

    def test_preview_counts_what_is_erased(self):
        self.finish(self.make_request())
        erasure = self.make_erasure()
        preview = self.env["contact.center.privacy"]._count_people(self.resident, self.city)
        erasure.action_erase()
        self.assertEqual(preview["contact.center.request"], erasure.counts["contact.center.request"])

    def test_only_the_head_decides(self):
        for user in (self.supervisor, self.technical_admin, self.analyst):
            with self.assertRaises(AccessError):
                self.make_erasure(user)

    def test_refusal_says_why(self):
        erasure = self.make_erasure()
        with self.assertRaises(UserError):
            erasure.action_refuse()
        erasure.refusal = "The law keeps it for three years"
        erasure.action_refuse()
        with self.assertRaisesRegex(UserError, "decided"):
            erasure.action_erase()
        self.assertTrue(self.resident.exists())

    def test_phone_finds_all_entries_of_a_person(self):
        other = self.resident.copy({"name": "O. Tkach"})
        erasure = self.env["contact.center.erasure"].with_user(self.head).new({"contact": "050 123 45 67"})
        erasure._onchange_contact()
        self.assertEqual(erasure.partner_ids._origin, self.resident | other)

    def test_requests_left_with_the_phone_alone_go_too(self):
        nameless = self.finish(self.make_request(partner_id=False, phone="+380501234567"))
        self.make_erasure().action_erase()
        self.assertFalse(nameless.phone)
        self.assertEqual(nameless.description, "")

    def test_another_one_with_the_same_phone_keeps_the_request(self):
        daughter = self.env["res.partner"].create({"name": "Daughter", "applicant_kind": "resident"})
        request = self.make_request(partner_id=daughter.id, phone="+380501234567")
        self.make_erasure().action_erase()
        self.assertEqual((request.partner_id, request.description), (daughter, "A hole in the road"))
        self.assertFalse(request.phone)

    def test_block_in_force_keeps_the_number_and_nothing_else(self):
        values = {
            "number": "+380501234567",
            "partner_id": self.resident.id,
            "reason": "threats",
            "statement": "Said it",
        }
        in_force, over = self.env["contact.center.blocked.number"].create([values, values])
        in_force.write({"state": "blocked", "blocked_until": "2100-01-01"})
        over.state = "expired"
        self.make_erasure().action_erase()
        self.assertEqual((in_force.number, over.number), ("+380501234567", ""))
        self.assertFalse((in_force | over).partner_id or in_force.statement or over.statement)

    def test_phone_that_an_account_only_claims_finds_nothing(self):
        stranger = self.make_request(partner_id=False, phone="+380671112233")
        portal = self.env.ref("base.group_portal")
        account = self.env["res.users"].create({"name": "P", "login": "cc_p", "group_ids": [(6, 0, portal.ids)]})
        account.partner_id.phone = "+380671112233"
        privacy = self.env["contact.center.privacy"]
        self.assertFalse(privacy._find_requests_of(account.partner_id, self.city))
        self.env["contact.center.confirmed.contact"]._confirm(account, "phone", "+380671112233")
        self.assertEqual(privacy._find_requests_of(account.partner_id, self.city), stranger)

    def test_colleague_stays_a_colleague(self):
        colleague = self.operator_2.partner_id
        colleague.applicant_kind = "resident"
        request = self.finish(self.make_request(partner_id=colleague.id))
        self.make_erasure(partner_ids=colleague.ids).action_erase()
        self.assertTrue(self.operator_2.active and colleague.exists())
        self.assertFalse(request.partner_id or colleague.applicant_kind)

    def test_who_is_referred_to_elsewhere_stays_without_a_name(self):
        portal = self.env["res.users"].create({"name": "Portal", "login": "resident", "email": "p@example.com"})
        person = portal.partner_id
        self.env["res.partner.bank"].create({"partner_id": person.id, "acc_number": "1"})
        self.env["mail.message"].create({"author_id": person.id, "body": "said"})
        portal.write({"group_ids": [(6, 0, self.env.ref("base.group_portal").ids)]})
        self.make_erasure(partner_ids=person.ids).action_erase()
        self.assertFalse(person.exists() and (person.email or person.name == "Portal"))


class TestHistoryDoor(ContactCenterCase):
    """History can be emptied by the erasure, and by nothing else."""

    def setUp(self):
        super().setUp()
        self.request = self.make_request()
        self.env.flush_all()

    def refuse(self, query):
        with (
            self.assertRaises(psycopg2.errors.InsufficientPrivilege),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query, [self.request.id])

    @clause("KP-3.10")
    def test_door_is_closed(self):
        for query in (
            "UPDATE contact_center_request_event SET comment = NULL, date = date WHERE request_id = %s",
            "DELETE FROM contact_center_request_event WHERE request_id = %s",
        ):
            self.refuse(query)

    def test_door_closes_behind_an_erasure(self):
        self.request._transition("done", result="Mended", informed_by="phone")
        self.env["contact.center.privacy"].sudo()._erase_requests(self.request.sudo())
        self.refuse("DELETE FROM contact_center_request_event WHERE request_id = %s")

    def test_open_door_lets_nothing_be_rewritten(self):
        self.env.cr.execute("SET LOCAL contact_center.erasing = 'on'")
        for change in ("comment = 'other'", "role = 'head'", "date = now()", "state_to = 'done'"):
            self.refuse(f"UPDATE contact_center_request_event SET {change} WHERE request_id = %s")
        self.env.cr.execute("SET LOCAL contact_center.erasing = 'off'")

    def test_nobody_reaches_it_by_rpc(self):
        for model, names in {
            "contact.center.request.event": ("_erase_comments", "_delete_histories"),
            "contact.center.privacy": ("_erase_requests", "_delete_requests", "_erase_people", "_update"),
            "contact.center.access.log": ("_delete_about", "_note"),
        }.items():
            for name in names:
                with self.assertRaises(AccessError):
                    get_public_method(self.env[model], name)
