from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file

from odoo.addons.contact_center_base.models.contact_center_demo import CITIES

from ..assignment_workflow import RESULT_FIELDS, STATES
from ..const import WORKS_STATES
from ..demo_work import STATES as PART_STATES
from ..petition_kinds import KINDS
from ..petition_kinds import STATES as PETITION_STATES

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

    # ------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------

    def _find_executed(self, city):
        """Return the requests of a city that are for executors."""
        return self._search(
            "contact.center.request",
            city,
            ("request_class", "!=", "consultation"),
            ("restricted", "=", False),
            ("main_request_id", "=", False),
        )

    def test_every_request_has_one_lead_in_the_state_that_fits(self):
        for city in self.cities.values():
            requests = self._find_executed(city)
            without = requests.filtered(lambda request: not request.lead_id)
            self.assertLessEqual(len(without), len(requests) / 20, without.category_id.mapped("code"))
            for request in requests - without:
                expected = {PART_STATES[request.state]}
                if request.state == "done":
                    expected.add("withdrawn")  # the centre answered by itself
                if "in_progress" in expected:
                    expected.add("accepted")
                self.assertIn(request.lead_id.state, expected, request.number)
                self.assertEqual(request.owner_id, request.lead_id.executor_id.partner_id)
            self.assertEqual(set(requests.assignment_ids.mapped("state")), set(STATES))
            self.assertTrue(requests.assignment_ids.filtered(lambda part: part.role == "co"))

    def test_what_happened_to_a_part_is_in_order_and_in_the_past(self):
        now = fields.Datetime.now()
        for city in self.cities.values():
            for part in self._search("contact.center.assignment", city):
                moments = [part.assigned_at, part.accepted_at, part.proposed_at, part.finished_at]
                known = [moment for moment in moments if moment]
                self.assertEqual(known, sorted(known), part.number)
                for moment in (*known, part.seen_at, part.head_seen_at):
                    self.assertLessEqual(moment or now, now)

    def test_results_are_complete(self):
        for city in self.cities.values():
            for part in self._search("contact.center.assignment", city, ("state", "in", ("proposed", "done"))):
                self.assertFalse([name for name in RESULT_FIELDS if not part[name]], part.number)
                self.assertTrue(part.responsible_id)

    def test_history_of_requests_tells_of_the_executors_steps(self):
        for city in self.cities.values():
            done = self._search("contact.center.assignment", city, ("state", "=", "done"), ("role", "=", "lead"))[:1]
            events = done.request_id.event_ids.filtered("executor_id")
            self.assertEqual(events[:1].kind, "assigned")
            self.assertIn("executor", set(events.mapped("role")))

    def test_executor_and_centre_talk(self):
        for city in self.cities.values():
            parts = self._search("contact.center.assignment", city)
            messages = self.env["mail.message"].search(
                [("model", "=", parts._name), ("res_id", "in", parts.ids), ("message_type", "=", "comment")]
            )
            authors = messages.author_id.user_ids
            self.assertTrue(authors.filtered("share"))
            self.assertTrue(authors.filtered(lambda user: not user.share))
            self.assertIn(self.env.ref("contact_center_executor.mt_to_applicant"), messages.subtype_id)

    def test_indicators_and_ranks_look_alive(self):
        today = fields.Date.today()
        for city in self.cities.values():
            executors = self._search("contact.center.executor", city)
            figures = executors._get_indicators(fields.Date.subtract(today, days=90), today)
            self.assertGreaterEqual(len([row for row in figures.values() if row["rank"]]), 8)
            for name in ("late", "open_overdue", "returned", "unseen", "works"):
                self.assertTrue(any(row[name] for row in figures.values()), name)

    def test_nobody_is_flooded_at_the_first_start(self):
        now = fields.Datetime.now()
        for city in self.cities.values():
            parts = self._search("contact.center.assignment", city)
            self.assertFalse(self.env["contact.center.notification"].search([("assignment_id", "in", parts.ids)]))
            self.assertFalse(parts.filtered(lambda part: part.next_escalation_at and part.next_escalation_at < now))
            self.assertTrue(parts.escalation_ids)

    # ------------------------------------------------------------
    # What executors ask for and announce
    # ------------------------------------------------------------

    def test_petitions_of_each_kind_stand_in_each_state(self):
        for city in self.cities.values():
            petitions = self._search("contact.center.petition", city)
            self.assertEqual(set(petitions.mapped("kind")), set(KINDS))
            states = {code for code, _label in PETITION_STATES} - {"withdrawn"}
            self.assertEqual(set(petitions.mapped("state")), states)
            self.assertTrue(petitions.filtered("is_overdue"))
            self.assertTrue(petitions.filtered("late"))
            granted = petitions.filtered(lambda petition: petition.state == "granted" and petition.kind == "extension")
            self.assertTrue(all(petition.request_id.additional_control for petition in granted))

    def test_heads_and_control_bodies_have_something_to_decide(self):
        Petition = self.env["contact.center.petition"]
        for key, head in {"kr": "svitlo_head_kr", "poz": "aquanet_head_poz"}.items():
            user = self.env.ref(f"contact_center_executor.user_{head}")
            self.assertTrue(Petition.with_user(user).search([("awaits_me", "=", True)]))
            control_body = self.env.ref(f"contact_center_base.user_control_body_{key}")
            self.assertTrue(Petition.with_user(control_body).search([("awaits_me", "=", True)]))

    def test_explanations_are_given_missing_and_overdue(self):
        for city in self.cities.values():
            explanations = self._search("contact.center.explanation", city)
            self.assertTrue(explanations.filtered("answered_at"))
            self.assertTrue(explanations.filtered("is_overdue"))
            self.assertTrue(explanations.filtered(lambda row: not row.answered_at and not row.is_overdue))

    def test_dispatch_services_were_called_about_emergencies(self):
        for city in self.cities.values():
            contacts = self._search("contact.center.dispatch.contact", city)
            self.assertEqual(set(contacts.mapped("outcome")), {"no_answer", "crew"})
            self.assertEqual(set(contacts.assignment_id.mapped("priority")), {"3"})

    def test_works_stand_in_each_state_and_residents_have_asked(self):
        states = {code for code, _label in WORKS_STATES} - {"cancelled"}
        for city in self.cities.values():
            works = self._search("contact.center.works", city)
            self.assertEqual(set(works.mapped("state")), states)
            self.assertEqual(set(works.mapped("kind")), {"planned", "emergency", "event"})
            self.assertTrue(works.filtered("consultation_count"))
            self.assertTrue(works.filtered("ended_late"))

    # ------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------

    def test_executors_see_their_own_work(self):
        for row in self.env["contact.center.demo"]._read("logins", addon="contact_center_executor"):
            user = self.env["res.users"].search([("login", "=", row["login"])])
            parts = self.env["contact.center.assignment"].with_user(user).search([])
            self.assertTrue(parts, row["login"])
            self.assertEqual(parts.sudo().executor_id, user.contact_center_executor_id)

    def test_nothing_crosses_the_cities(self):
        links = {
            "contact.center.executor": ("partner_id", "parent_id", "category_ids", "district_ids", "responsible_ids"),
            "contact.center.assignment": ("request_id", "executor_id", "routing_rule_id", "responsible_id"),
            "contact.center.routing.rule": ("executor_id", "co_executor_ids", "category_ids", "district_ids"),
            "contact.center.petition": ("assignment_id", "proposed_executor_id", "responsible_id"),
            "contact.center.works": ("executor_id", "district_ids", "request_ids"),
        }
        for city in self.cities.values():
            for model, names in links.items():
                records = self._search(model, city)
                self.assertTrue(records, model)
                for name in names:
                    self.assertLessEqual(records[name].company_id, city, f"{model}.{name}")
