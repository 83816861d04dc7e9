"""Executors: whom the centre turns to, who works in the portal, who controls them."""

from odoo.exceptions import AccessError, UserError, ValidationError

from .common import ExecutorCase, clause


class TestProblems(ExecutorCase):
    @clause("KR-8.1.1")
    def test_an_executor_nobody_answers_for_is_listed(self):
        parks = self.make_executor("City Parks")
        self.assertEqual(parks.problem, "no responsible person, no active user")
        Executor = self.env["contact.center.executor"].with_user(self.operator)
        self.assertEqual(Executor.search([("problem", "!=", False)]), parks)
        self.assertEqual(Executor.search([("problem", "=", False)]), self.light | self.roads)
        self.light.responsible_ids = False
        self.roads.user_ids.active = False
        self.assertEqual(Executor.search([("problem", "!=", False)]), parks | self.light | self.roads)
        self.assertEqual(self.roads.problem, "no active user")

    def test_an_executor_does_not_report_to_itself(self):
        self.roads.parent_id = self.light
        with self.assertRaises(UserError):
            self.light.parent_id = self.roads
            self.env.flush_all()

    def test_what_got_requests_is_archived_and_not_deleted(self):
        self.make_assignment()
        with self.assertRaisesRegex(ValidationError, "archive"):
            self.light.unlink()


class TestRegister(ExecutorCase):
    @clause("KP-3.3", "KR-8.1.1")
    def test_responsible_persons_stand_with_phone_and_mail(self):
        person = self.light_head.partner_id
        person.write({"function": "Chief engineer", "email": "chief@light.example"})
        row = self.env["contact.center.responsible"].with_user(self.operator).search([("partner_id", "=", person.id)])
        self.assertEqual(
            (row.executor_id, row.name, row.function, row.phone, row.email, row.in_portal),
            (self.light, person.name, "Chief engineer", person.phone, "chief@light.example", True),
        )
        self.operator.group_ids += self.env.ref("base.group_allow_export")
        self.assertEqual(row.export_data(["executor_name", "phone"])["datas"], [["City Light", person.phone]])

    @clause("KR-8.1.1")
    def test_a_gap_is_seen(self):
        parks = self.make_executor("City Parks")
        rows = self.env["contact.center.responsible"].with_user(self.supervisor).search([("partner_id", "=", False)])
        self.assertEqual(rows.executor_id, parks)

    def test_another_city_has_its_own(self):
        city = self.env["res.company"].create({"name": "Inshe"})
        stranger = self.make_user("stranger", "group_head", company=city)
        stranger = self.env(user=stranger, context={"allowed_company_ids": city.ids})
        self.assertFalse(stranger["contact.center.responsible"].search([]))


class TestPortalAccess(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Ганна Світла",
                "email": "hanna@light.example",
                "parent_id": cls.light.partner_id.id,
                "company_id": cls.city.id,
            }
        )

    @clause("KP-3.3")
    def test_a_person_gets_an_account_and_an_invitation(self):
        user = self.light.with_user(self.supervisor).give_portal_access(self.person, "head")
        self.assertEqual((user.login, user.contact_center_executor_id), ("hanna@light.example", self.light))
        self.assertTrue(user.share)
        self.assertTrue(user.has_group("contact_center_executor.group_executor_head"))
        self.assertEqual(user.sudo().company_ids, self.city)
        mail = self.env["mail.mail"].search([("model", "=", "res.users"), ("res_id", "=", user.id)])
        self.assertEqual(mail.state, "outgoing")
        self.assertIn("hanna@light.example", f"{mail.email_to} {mail.recipient_ids.mapped('email')}")

    def test_the_role_is_changed_both_ways(self):
        user = self.light_operator.with_user(self.technical_admin)
        for role in ("head", "operator"):
            user.action_switch_executor_role()
            self.assertEqual(self.light_operator.contact_center_executor_role, role)

    def test_access_is_taken_and_given_again(self):
        self.light_operator.with_user(self.supervisor).action_take_portal_access()
        self.assertFalse(self.light_operator.active)
        person = self.light_operator.partner_id
        person.email = "light@light.example"
        self.assertEqual(self.light.with_user(self.supervisor).give_portal_access(person), self.light_operator)
        self.assertTrue(self.light_operator.active)

    def test_only_who_keeps_executors_gives_access(self):
        for user in (self.operator, self.control_body, self.analyst, self.light_head):
            with self.assertRaises(AccessError):
                self.light.with_user(user).give_portal_access(self.person)
            with self.assertRaises(AccessError):
                self.light_operator.with_user(user).action_take_portal_access()
            with self.assertRaises(AccessError):
                self.light_operator.with_user(user).action_switch_executor_role()
            with self.assertRaises(AccessError):
                self.light_operator.with_user(user).action_invite_to_portal()

    def test_accounts_of_others_are_not_touched(self):
        for user in (self.head, self.env.ref("base.user_admin")):
            for method in ("action_take_portal_access", "action_switch_executor_role", "action_invite_to_portal"):
                with self.assertRaises(UserError):
                    getattr(user.with_user(self.supervisor), method)()
        self.assertTrue(self.head.active)

    def test_who_can_not_get_access_is_told_why(self):
        executor = self.light.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "isn't a person of"):
            executor.give_portal_access(self.resident)
        with self.assertRaisesRegex(UserError, "isn't a person of"):
            executor.give_portal_access(self.light.partner_id)
        self.person.email = "nonsense"
        with self.assertRaisesRegex(UserError, "valid e-mail"):
            executor.give_portal_access(self.person)
        self.person.email = self.operator.login = "taken@light.example"
        with self.assertRaisesRegex(UserError, "Somebody else"):
            executor.give_portal_access(self.person)
        self.operator.partner_id.parent_id = self.light.partner_id
        with self.assertRaisesRegex(UserError, "colleague"):
            executor.give_portal_access(self.operator.partner_id)

    def test_the_dialog_makes_the_person_too(self):
        values = {"executor_id": self.roads.id, "name": "Іван Шлях", "phone": "+380564000222", "responsible": True}
        dialog = self.env["contact.center.portal.access"].with_user(self.supervisor).create(values)
        with self.assertRaisesRegex(UserError, "e-mail"):
            dialog.action_apply()
        dialog.email = "ivan@roads.example"
        dialog.action_apply()
        user = self.roads.user_ids.filtered(lambda user: user.login == "ivan@roads.example")
        self.assertEqual(user.contact_center_executor_role, "operator")
        self.assertIn(user.partner_id, self.roads.responsible_ids)
        self.assertEqual(user.partner_id.parent_id, self.roads.partner_id)


class TestControlAreas(ExecutorCase):
    @clause("RO-2.7")
    def test_an_area_holds_in_its_time_and_for_the_organisations_below(self):
        below = self.make_executor("Lamps of the North", parent_id=self.light.id)
        Executor = self.env["contact.center.executor"].with_user(self.control_body)
        self.assertEqual(Executor.search([("in_my_area", "=", True)]), self.light | below)
        self.assertFalse(self.roads.with_user(self.control_body).in_my_area)
        self.light.control_area_ids.date_to = "2020-12-31"
        self.assertFalse(Executor.search([("in_my_area", "=", True)]))

    @clause("RO-2.7")
    def test_petitions_and_delays_go_to_the_body_in_charge(self):
        below = self.make_executor("Lamps of the North", parent_id=self.light.id)
        self.assertEqual(below._get_control_bodies(), self.control_body)
        self.assertFalse(self.roads._get_control_bodies())

    def test_an_area_does_not_end_before_it_begins(self):
        with self.assertRaises(ValidationError):
            self.light.control_area_ids.date_to = "2019-12-31"
