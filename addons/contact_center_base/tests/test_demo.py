from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file

from ..demo_life import CONSULTATIONS
from ..models.contact_center_demo import CITIES
from ..workflow import CLOSING_REASONS, STATES


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Databases of tests have no demo data, so the file is loaded for this test alone.
        if not cls.env.ref("contact_center_base.company_kr", raise_if_not_found=False):
            convert_file(
                cls.env(su=True), "contact_center_base", "demo/contact_center_demo.xml", {}, mode="init", noupdate=True
            )
            cls.env.flush_all()
        cls.cities = {key: cls.env.ref(f"contact_center_base.company_{key}") for key in CITIES}

    def _search(self, model, city, *domain):
        return self.env[model].search([("company_id", "=", city.id), *domain])

    def test_classifier_has_nodes_with_terms_and_executors(self):
        for key, city in self.cities.items():
            categories = self._search("contact.center.category", city)
            leaves = categories.filtered(lambda category: not category.child_ids)
            self.assertGreaterEqual(len(categories), 60)
            self.assertFalse(leaves.filtered(lambda category: not category._get_deadline_rule()))
            to_execute = leaves.filtered(lambda category: category.request_class != "consultation")
            self.assertFalse(to_execute.filtered(lambda category: not category.owner_id).mapped("code"))
            name = categories.filtered(lambda category: category.code.endswith((".POTHOLE", ".DZIURA")))
            self.assertEqual(
                name.with_context(lang=CITIES[key].lang).name, {"kr": "Ями на дорозі", "poz": "Dziury w jezdni"}[key]
            )

    def test_nobody_is_written_to(self):
        for city in self.cities.values():
            notices = self._search("contact.center.notice", city)
            self.assertEqual(set(notices.mapped("state")) - {"dropped"}, {"sent"})
            self.assertFalse(notices.sudo().mail_id)

    def test_requests_stand_in_every_state_and_every_stage_of_the_clock(self):
        for city in self.cities.values():
            requests = self._search("contact.center.request", city, ("request_class", "!=", "consultation"))
            self.assertGreaterEqual(len(requests), 200)
            self.assertEqual(set(requests.mapped("state")), set(STATES))
            self.assertLessEqual({"running", "due", "overdue", "off"}, set(requests.mapped("clock_stage")))
            running = requests.filtered(lambda request: not request.finished_at)
            self.assertTrue(running.filtered("restricted"))
            self.assertTrue(running.filtered(lambda request: request.priority == "3"))
            self.assertTrue(running.filtered("linked_request_ids"))
            self.assertTrue(requests.photo_ids)
            self.assertEqual({request.closing_reason for request in requests} - {False}, set(CLOSING_REASONS))

    def test_histories_lie_in_the_past_and_end_in_the_state(self):
        now = fields.Datetime.now()
        for city in self.cities.values():
            for request in self._search("contact.center.request", city):
                events = request.event_ids
                self.assertEqual(events[0].kind, "registered")
                self.assertLessEqual(max(events.mapped("date")), now)
                self.assertEqual(events.filtered("state_to")[-1].state_to, request.state, request.number)
                if request.finished_at:
                    self.assertGreaterEqual(request.finished_at, request.registered_at)

    def test_every_login_has_its_role_in_its_city(self):
        demo = self.env["contact.center.demo"]
        roles = set()
        for row in demo._read("logins"):
            with self.subTest(login=row["login"]):
                user = self.env["res.users"].search([("login", "=", row["login"])])
                self.assertEqual(user.company_ids.mapped("name"), [row["city"]])
                group = (
                    self.env["res.groups"]
                    .with_context(lang="en_US")
                    .search(
                        [
                            ("name", "=", row["role"]),
                            ("privilege_id.name", "in", ("Contact centre", "Restricted requests")),
                        ]
                    )
                )
                self.assertTrue(group)
                self.assertIn(group, user.all_group_ids)
                self.assertEqual(user.tz, user.company_id.resource_calendar_id.tz)
                self.assertTrue(user.with_user(user)._login({"type": "password", **row}, {"interactive": False}))
                roles.add(row["role"])
        self.assertEqual(len(roles), 7)

    def test_administrator_heads_both_cities(self):
        admin = self.env.ref("base.user_admin")
        self.assertTrue(admin.has_group("contact_center_base.group_head"))
        for city in self.cities.values():
            self.assertIn(city, admin.company_ids)

    def test_nothing_crosses_the_cities(self):
        links = {
            "contact.center.request": (
                "category_id",
                "partner_id",
                "owner_id",
                "street_id",
                "district_id",
                "article_id",
            ),
            "contact.center.call": ("partner_id", "request_id", "user_id"),
            "contact.center.category": ("owner_id", "deadline_rule_id", "parent_id"),
            "contact.center.article": ("owner_id", "category_ids", "reviewer_id"),
            "contact.center.street": ("district_id",),
            "contact.center.blocked.number": ("user_id", "decided_by_id", "blocked_by_id"),
        }
        for city in self.cities.values():
            for model, names in links.items():
                records = self._search(model, city)
                self.assertTrue(records, model)
                for name in names:
                    self.assertLessEqual(records[name].company_id, city, f"{model}.{name}")

    def test_each_city_sees_its_own_requests_only(self):
        for key, city in self.cities.items():
            operator = self.env.ref(f"contact_center_base.user_operator_{key}")
            Request = self.env["contact.center.request"].with_user(operator)
            self.assertEqual(Request.search([]).company_id, city)
            other = next(other for other in self.cities.values() if other != city)
            with self.assertRaises(AccessError):
                Request.browse(self._search("contact.center.request", other)[0].id).check_access("read")

    def test_calls_consultations_and_articles_tell_of_a_working_centre(self):
        for city in self.cities.values():
            consultations = self._search("contact.center.request", city, ("request_class", "=", "consultation"))
            self.assertGreaterEqual(len(consultations), CONSULTATIONS)
            self.assertTrue(consultations.article_id)
            calls = self._search("contact.center.call", city)
            self.assertLessEqual(
                {"answered", "abandoned", "missed", "refused", "not_reached"}, set(calls.mapped("outcome"))
            )
            figures = self.env["contact.center.call"].get_indicators(
                fields.Date.subtract(fields.Date.today(), days=90), fields.Date.today(), city
            )
            self.assertGreater(figures["first_contact_resolution"], 0)
            self.assertGreater(figures["service_level"], 50)
            articles = self._search("contact.center.article", city)
            self.assertLessEqual({"draft", "approval", "published"}, set(articles.mapped("state")))
            self.assertEqual(max(articles.mapped("version_number")), 2)
            searches = self._search("contact.center.knowledge.search", city)
            self.assertLessEqual({"yes", "no"}, set(searches.mapped("helped")))

    def test_refused_callers_stand_in_each_step(self):
        for city in self.cities.values():
            blocks = self._search("contact.center.blocked.number", city)
            self.assertEqual(
                set(blocks.mapped("state")), {"memo", "approved", "rejected", "blocked", "lifted", "expired"}
            )
            self.assertTrue(blocks.filtered(lambda block: block.state == "blocked").attempt_ids)

    def test_former_names_and_segments_of_streets_are_known(self):
        [street] = self.env["contact.center.street"].search_by_words("Гагаріна", limit=1, company=self.cities["kr"])
        self.assertEqual(street.name, "Університетський")
        self.assertNotEqual(street._get_district("60"), street._get_district("10"))

    def test_holidays_stay_with_their_city(self):
        leaves = self._search("resource.calendar.leaves", self.cities["poz"])
        self.assertIn((11, 11), {(leave.date_to.month, leave.date_to.day) for leave in leaves})
        # Holidays are worked in Ukraine under martial law.
        self.assertFalse(self._search("resource.calendar.leaves", self.cities["kr"]))
