from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file

from odoo.addons.contact_center_base.models.contact_center_demo import CITIES

FILES = (
    ("contact_center_base", "demo/contact_center_demo.xml", "contact_center_base.company_kr"),
    (
        "contact_center_executor",
        "demo/contact_center_executor_demo.xml",
        "contact_center_executor.executor_kr_svitlo",
    ),
)


@tagged("post_install", "-at_install")
class TestExecutorDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Databases of tests have no demo data, so the files are loaded for this test alone.
        for addon, path, first in FILES:
            if not cls.env.ref(first, raise_if_not_found=False):
                convert_file(cls.env(su=True), addon, path, {}, mode="init", noupdate=True)
                cls.env.flush_all()
        cls.cities = {key: cls.env.ref(f"contact_center_base.company_{key}") for key in CITIES}

    def _search(self, model, city, *domain):
        return self.env[model].search([("company_id", "=", city.id), *domain])

    def test_every_login_has_its_role_at_an_executor_of_its_city(self):
        demo = self.env["contact.center.demo"]
        roles = {"Executor's operator": "group_executor", "Executor's head": "group_executor_head"}
        rows = demo._read("logins", addon="contact_center_executor")
        self.assertEqual({row["role"] for row in rows}, set(roles))
        for row in rows:
            with self.subTest(login=row["login"]):
                user = self.env["res.users"].search([("login", "=", row["login"])])
                self.assertEqual(user.contact_center_executor_id.company_id.name, row["city"])
                self.assertEqual(user.company_ids, user.contact_center_executor_id.company_id)
                group = self.env.ref(f"contact_center_executor.{roles[row['role']]}")
                self.assertIn(group, user.group_ids)
                self.assertTrue(user.with_user(user)._login({"type": "password", **row}, {"interactive": False}))

    def test_one_executor_of_each_city_can_not_be_reached(self):
        for city in self.cities.values():
            executors = self._search("contact.center.executor", city)
            self.assertGreaterEqual(len(executors), 20)
            self.assertEqual(len(executors.filtered("problem")), 1)

    def test_executors_own_what_the_classifier_gives_out(self):
        for city in self.cities.values():
            partners = self._search("contact.center.executor", city).partner_id
            nodes = self._search("contact.center.category", city, ("restricted", "=", False), ("owner_id", "!=", False))
            left = nodes - nodes.filtered_domain([("owner_id", "in", partners.ids)])
            self.assertLessEqual(len(left), len(nodes) / 20, left.mapped("code"))

    def test_control_body_controls_some_executors_and_gave_one_up(self):
        for key, city in self.cities.items():
            user = self.env.ref(f"contact_center_base.user_control_body_{key}")
            executors = self._search("contact.center.executor", city)
            controlled = self.env["contact.center.executor"].concat(
                *(executor for executor in executors if user in executor._get_control_bodies())
            )
            self.assertTrue(controlled)
            given_up = self._search("contact.center.control.area", city, ("date_to", "!=", False)).executor_id
            self.assertTrue(given_up - controlled)
