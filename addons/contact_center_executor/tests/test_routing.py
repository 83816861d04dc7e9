"""Routing: who gets which request, and why."""

import base64

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import file_open, mute_logger

from odoo.addons.contact_center_base.workflow import Move

from .common import ExecutorCase, clause

MONDAY_MORNING = "2026-01-12 08:00:00"
MONDAY_NIGHT = "2026-01-12 21:30:00"  # 23:30 in Kyiv


class RoutingCase(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["contact.center.routing.rule"]
        cls.lighting = cls.make_category("LIGHT", "Lighting")
        cls.lamp.parent_id = cls.lighting
        cls.water = cls.make_executor("City Water", code="WATER")

    @classmethod
    def make_routing_rule(cls, executor, **values):
        """Return a rule; names of categories, districts and streets are given as recordsets."""
        for name in ("category_ids", "district_ids", "street_ids", "co_executor_ids"):
            if name in values:
                values[name] = [Command.set(values[name].ids)]
        return cls.Rule.create({"executor_id": executor.id, **values})

    def route(self, **values):
        """Return the new assignments of a lamp in the centre, registered by the operator."""
        values = {"category_id": self.lamp.id, "street_id": self.street.id, "house": "5", **values}
        return self.make_request(**values).assignment_ids


@freeze_time(MONDAY_MORNING)
class TestRouting(RoutingCase):
    @clause("KR-5.12")
    def test_the_first_rule_that_matches_decides(self):
        self.make_routing_rule(self.roads, category_ids=self.lighting, sequence=20)
        rule = self.make_routing_rule(self.water, category_ids=self.lamp, district_ids=self.district, sequence=10)
        [assignment] = self.route()
        self.assertEqual((assignment.executor_id, assignment.routing_rule_id), (self.water, rule))
        self.assertEqual(self.route(house="101").executor_id, self.roads)
        self.assertEqual(self.route(category_id=self.pothole.id).executor_id, self.env["contact.center.executor"])

    def test_the_default_executor_gets_what_no_rule_names(self):
        self.make_routing_rule(self.water, category_ids=self.pothole)
        [assignment] = self.route()
        self.assertEqual(assignment.executor_id, self.light)
        self.assertIn("Street lamp is off", assignment.routing_note)

    @clause("MA-3.1.2")
    def test_executors_get_an_instruction_and_co_executors_their_part(self):
        self.make_routing_rule(
            self.light, category_ids=self.lamp, co_executor_ids=self.roads | self.water, instruction="Close the lane"
        )
        assignments = self.route()
        self.assertEqual(
            {(part.executor_id, part.role) for part in assignments},
            {(self.light, "lead"), (self.roads, "co"), (self.water, "co")},
        )
        self.assertEqual(set(assignments.mapped("instruction")), {"Close the lane"})
        self.assertEqual(assignments.request_id.owner_id, self.light.partner_id)

    def test_the_rule_of_a_street_counts_in_its_districts_only(self):
        self.make_routing_rule(self.water, street_ids=self.street, district_ids=self.other_district)
        self.assertEqual(self.route(house="101").executor_id, self.water)
        self.assertEqual(self.route(house="5").executor_id, self.light)

    def test_the_class_decides(self):
        self.make_routing_rule(self.water, request_class="complaint")
        self.assertEqual(self.route(request_class="complaint").executor_id, self.water)
        self.assertEqual(self.route().executor_id, self.light)

    def test_hours_are_those_of_the_city(self):
        self.make_routing_rule(self.water, hour_from=23, hour_to=1)
        self.assertEqual(self.route().executor_id, self.light)
        with freeze_time(MONDAY_NIGHT):
            self.assertEqual(self.route().executor_id, self.water)

    def test_working_hours_are_those_of_the_calendar(self):
        self.make_routing_rule(self.water, working_time="outside")
        self.assertEqual(self.route().executor_id, self.light)
        with freeze_time(MONDAY_NIGHT):
            self.assertEqual(self.route().executor_id, self.water)
        self.env["resource.calendar.leaves"].create(
            {"company_id": self.city.id, "date_from": "2026-01-12 00:00:00", "date_to": "2026-01-12 22:00:00"}
        )
        self.assertEqual(self.route().executor_id, self.water)

    def test_a_rule_counts_as_long_as_it_is_valid(self):
        self.make_routing_rule(self.water, date_from="2026-01-13", date_to="2026-01-13")
        self.assertEqual(self.route().executor_id, self.light)
        with freeze_time("2026-01-13 08:00:00"):
            self.assertEqual(self.route().executor_id, self.water)
        with freeze_time("2026-01-14 08:00:00"):
            self.assertEqual(self.route().executor_id, self.light)

    def test_the_own_term_replaces_that_of_the_topic_but_not_that_of_the_law(self):
        fast = self.make_rule("One hour", amount=1, unit="hours")
        by_law = self.make_rule("Thirty days", amount=30, unit="calendar_days", default_for_class="appeal")
        self.make_routing_rule(self.water, category_ids=self.lamp, deadline_rule_id=fast.id)
        request = self.route().request_id
        self.assertEqual(request.deadline_rule_id, fast)
        self.assertEqual(str(request.deadline), "2026-01-12 15:00:00")
        self.assertIn("One hour", request.event_ids.filtered(lambda event: event.kind == "changed").comment)
        self.assertEqual(self.route(request_class="appeal").request_id.deadline_rule_id, by_law)

    def test_the_request_says_which_rule_it_was_and_why(self):
        rule = self.make_routing_rule(
            self.water,
            name="Lamps",
            category_ids=self.lighting,
            district_ids=self.district,
            street_ids=self.street,
            request_class="request",
            working_time="within",
        )
        request = self.route().request_id
        self.assertEqual(request.routing_rule_id, rule)
        self.assertEqual(
            request.routing_note,
            "Rule “Lamps”: topic “Lighting / Street lamp is off”; district “Centre”; street “вулиця Соборна”; "
            "class “Request”; Monday 10:00, In working hours.",
        )
        assigned = request.event_ids.filtered(lambda event: event.kind == "assigned")
        self.assertIn(request.routing_note, assigned.comment)

    def test_the_reason_is_in_the_citys_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.city.partner_id.lang = "uk_UA"
        self.lamp.with_context(lang="uk_UA").name = "Не горить ліхтар"
        self.make_routing_rule(self.water, name="Lamps", category_ids=self.lamp, working_time="within")
        note = self.route().routing_note
        self.assertIn("Не горить ліхтар", note)
        self.assertIn("понеділок", note)

    def test_restricted_requests_and_consultations_are_not_sent_out(self):
        self.make_routing_rule(self.water)
        self.assertFalse(self.route(category_id=self.corruption.id))
        self.assertFalse(self.route(category_id=self.opening_hours.id))

    def test_changes_count_at_once(self):
        rule = self.make_routing_rule(self.water, category_ids=self.lighting)
        self.assertEqual(self.route().executor_id, self.water)
        self.lamp.parent_id = False
        self.assertEqual(self.route().executor_id, self.light)
        rule.category_ids = self.lamp
        self.assertEqual(self.route().executor_id, self.water)
        self.water.active = False
        self.assertEqual(self.route().executor_id, self.light)

    def test_what_is_archived_or_deleted_does_not_widen_a_rule(self):
        self.make_routing_rule(self.water, district_ids=self.other_district)
        self.other_district.active = False
        self.assertEqual(self.route().executor_id, self.light)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.other_district.unlink()

    def test_other_cities_have_other_rules(self):
        self.make_routing_rule(self.water)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        Rule = self.Rule.with_company(other)
        self.assertFalse(Rule._get_matcher(other).rules)
        with self.assertRaises(UserError):
            Rule.create({"company_id": other.id, "executor_id": self.water.id})

    def test_senseless_rules_are_refused(self):
        for values in (
            {"hour_from": 8, "hour_to": 8},
            {"hour_to": 25},
            {"hour_from": -1},
            {"date_from": "2026-02-01", "date_to": "2026-01-01"},
            dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), False),
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError, msg=values), self.cr.savepoint():
                self.make_routing_rule(self.water, **values)
        with self.assertRaisesRegex(ValidationError, "leads already"):
            self.make_routing_rule(self.water, co_executor_ids=self.water)

    def test_a_rule_is_called_by_its_conditions(self):
        rule = self.make_routing_rule(
            self.water,
            category_ids=self.lamp,
            district_ids=self.district,
            hour_from=22,
            hour_to=6.5,
            sat=False,
            sun=False,
        )
        self.assertEqual(
            rule.display_name, "Street lamp is off · Centre · Mon, Tue, Wed, Thu, Fri · 22:00–06:30 → City Water"
        )
        self.assertEqual(self.make_routing_rule(self.light).display_name, "Every request → City Light")

    def test_rules_that_are_never_reached_are_found(self):
        wide = self.make_routing_rule(self.water, category_ids=self.lighting, sequence=1)
        dead = self.make_routing_rule(self.roads, category_ids=self.lamp, sequence=2)
        self.assertEqual(dead.covered_by_id, wide)
        self.assertEqual(self.Rule.search([("covered_by_id", "!=", False)]), dead)
        self.assertIn(wide, self.Rule.search([("covered_by_id", "=", False)]))
        dead.sequence = 0
        self.assertFalse(dead.covered_by_id)

    def test_supervisors_make_rules_and_operators_read_them(self):
        rule = self.Rule.with_user(self.supervisor).create({"executor_id": self.water.id})
        self.assertTrue(rule.with_user(self.operator).condition_text)
        with self.assertRaises(AccessError):
            rule.with_user(self.operator).sequence = 1
        with self.assertRaises(AccessError):
            rule.with_user(self.light_head).read(["executor_id"])


@freeze_time(MONDAY_MORNING)
class TestRoutingAgain(RoutingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_routing_rule(cls.water, category_ids=cls.lamp, district_ids=cls.other_district)

    def test_a_corrected_place_is_routed_again_only_when_asked(self):
        request = self.route().request_id.with_user(self.operator)
        request.house = "101"
        self.assertEqual(request.lead_id.executor_id, self.light)
        action = request.action_route()
        self.assertEqual((request.lead_id.executor_id, request.owner_id), (self.water, self.water.partner_id))
        self.assertEqual(action["params"]["message"], f"{request.number} goes to “City Water”.")
        former = request.assignment_ids - request.lead_id
        self.assertEqual(former.state, "withdrawn")
        self.assertIn("Routed again", "".join(request.event_ids.mapped(lambda event: event.comment or "")))

    def test_what_somebody_works_on_stays(self):
        assignment = self.route()
        assignment.with_user(self.light_operator).action_accept()
        request = assignment.request_id.with_user(self.operator)
        request.house = "101"
        with self.assertRaisesRegex(UserError, "City Light"):
            request.action_route()
        other = self.route().request_id.with_user(self.operator)
        other.house = "101"
        message = (request | other).action_route()["params"]["message"]
        self.assertEqual(message, "Sent out: 1. Left as they are: 1.")
        self.assertEqual((request.lead_id, other.lead_id.executor_id), (assignment, self.water))

    def test_where_the_rules_name_the_same_nothing_changes(self):
        request = self.route().request_id.with_user(self.operator)
        before, events = request.assignment_ids, request.event_ids
        self.assertIn("stays with its executor", request.action_route()["params"]["message"])
        self.assertEqual((request.assignment_ids, request.event_ids), (before, events))

    def test_where_nobody_gets_it_the_message_says_so(self):
        request = self.make_request().with_user(self.operator)
        self.assertIn("Nobody gets", request.action_route()["params"]["message"])

    def test_the_own_term_goes_with_the_rule(self):
        fast = self.make_rule("One hour", amount=1, unit="hours")
        self.make_routing_rule(self.roads, category_ids=self.lamp, district_ids=self.district, deadline_rule_id=fast.id)
        request = self.route().request_id.with_user(self.operator)
        self.assertEqual(request.deadline_rule_id, fast)
        request.house = "101"
        request.action_route()
        self.assertEqual((request.lead_id.executor_id, request.deadline_rule_id), (self.water, self.rule))

    def test_executors_do_not_route(self):
        request = self.route().request_id
        with self.assertRaises(AccessError):
            request.with_user(self.light_head).action_route()


@freeze_time(MONDAY_MORNING)
class TestSimulator(RoutingCase):
    def simulate(self, user=None, **values):
        values = {"category_id": self.lamp.id, "street_id": self.street.id, "house": "5", **values}
        return self.env["contact.center.routing.simulator"].with_user(user or self.operator).create(values)

    def test_it_answers_as_the_request_is_sent_out(self):
        fast = self.make_rule("One hour", amount=1, unit="hours")
        self.make_routing_rule(
            self.water,
            category_ids=self.lighting,
            working_time="outside",
            co_executor_ids=self.roads,
            deadline_rule_id=fast.id,
            instruction="Bring a lamp",
        )
        for moment, executor in ((MONDAY_MORNING, self.light), (MONDAY_NIGHT, self.water)):
            simulation = self.simulate(moment=moment)
            with freeze_time(moment):
                parts = self.route()
            lead = parts.filtered(lambda part: part.role == "lead")
            self.assertEqual(simulation.executor_id, executor)
            self.assertEqual(simulation.executor_id, lead.executor_id)
            self.assertEqual(simulation.co_executor_ids, (parts - lead).executor_id)
            self.assertEqual(simulation.rule_id, lead.routing_rule_id)
            self.assertEqual(simulation.reason, lead.routing_note)
            self.assertEqual(simulation.deadline_rule_id, parts.request_id.deadline_rule_id)
            self.assertEqual(simulation.instruction or False, lead.instruction)

    def test_it_leaves_no_request(self):
        before = self.env["contact.center.request"].search_count([])
        self.assertTrue(self.simulate().executor_id)
        self.env.flush_all()
        self.assertEqual(self.env["contact.center.request"].search_count([]), before)

    def test_it_says_why_the_rules_before_did_not_match(self):
        self.make_routing_rule(self.water, name="North", category_ids=self.lamp, district_ids=self.other_district)
        self.make_routing_rule(self.roads, name="Holes", category_ids=self.pothole)
        self.make_routing_rule(self.roads, name="Complaints", request_class="complaint", working_time="outside")
        misses = str(self.simulate().misses)
        self.assertIn("North</a>: another district<", misses)
        self.assertIn("Complaints</a>: another class, not at that time by working hours<", misses)
        self.assertLess(misses.index("North"), misses.index("Complaints"))
        self.assertNotIn("Holes", misses)

    def test_the_topic_is_found_by_words_and_the_district_by_the_address(self):
        form = Form(self.env["contact.center.routing.simulator"].with_user(self.operator))
        form.words = "pothole"
        self.assertEqual(form.category_id, self.pothole)
        form.street_id = self.street
        form.house = "101"
        self.assertEqual(form.district_id, self.other_district)
        self.assertIn("Nobody", form.reason)

    def test_it_says_why_nobody_gets_it(self):
        self.make_routing_rule(self.water)
        self.assertIn("named persons", self.simulate(category_id=self.corruption.id).reason)
        self.assertIn("Consultations", self.simulate(category_id=self.opening_hours.id).reason)

    def test_the_technical_administrator_may_ask_too(self):
        self.assertEqual(self.simulate(self.technical_admin).executor_id, self.light)


@freeze_time(MONDAY_MORNING)
class TestCoverage(RoutingCase):
    def coverage(self, category, district=None):
        """Return the coverage of a topic in a district, by default where the district isn't known."""
        self.env.flush_all()
        rows = self.env["contact.center.routing.coverage"].with_user(self.supervisor)
        rows.invalidate_model()
        row = rows.search([("category_id", "=", category.id), ("district_id", "=", district and district.id)])
        return row.coverage

    def test_a_topic_is_covered_by_its_default_executor_or_a_rule(self):
        self.assertEqual(self.coverage(self.lamp, self.district), "full")
        self.assertEqual(self.coverage(self.pothole, self.district), "nobody")
        self.make_routing_rule(self.roads, category_ids=self.pothole, district_ids=self.district)
        self.assertEqual(self.coverage(self.pothole, self.district), "full")
        self.assertEqual(self.coverage(self.pothole, self.other_district), "nobody")
        self.assertEqual(self.coverage(self.pothole), "nobody")
        rule = self.make_routing_rule(self.roads)
        self.assertEqual(self.coverage(self.pothole), "full")
        rule.active = False
        self.assertEqual(self.coverage(self.pothole), "nobody")

    def test_a_node_above_covers_the_topics_below_it(self):
        self.lamp.owner_id = False
        self.assertEqual(self.coverage(self.lamp), "nobody")
        self.make_routing_rule(self.light, category_ids=self.lighting)
        self.assertEqual(self.coverage(self.lamp), "full")
        self.assertFalse(self.coverage(self.lighting))

    def test_what_counts_now_and_then_covers_a_part(self):
        for values in (
            {"hour_from": 8},
            {"working_time": "within"},
            {"street_ids": self.street},
            {"request_class": "complaint"},
            {"sun": False},
            {"date_to": "2026-12-31"},
        ):
            rule = self.make_routing_rule(self.roads, category_ids=self.pothole, **values)
            self.assertEqual(self.coverage(self.pothole), "part", values)
            rule.unlink()

    def test_a_rule_of_an_archived_executor_covers_nothing(self):
        self.make_routing_rule(self.roads, category_ids=self.pothole)
        self.roads.active = False
        self.assertEqual(self.coverage(self.pothole), "nobody")

    def test_what_is_not_sent_out_is_left_out(self):
        self.assertFalse(self.coverage(self.corruption))
        self.assertFalse(self.coverage(self.opening_hours))

    def test_gaps_are_what_nobody_gets(self):
        """The report and the routing itself say the same of each topic in each district."""
        self.make_routing_rule(self.roads, category_ids=self.pothole, district_ids=self.district)
        self.make_routing_rule(self.water, category_ids=self.lighting | self.pothole, district_ids=self.other_district)
        self.env.flush_all()
        rows = self.env["contact.center.routing.coverage"].search([("company_id", "=", self.city.id)])
        self.assertEqual(len(rows), 2 * 3)
        for row in rows:
            parts = self.route(
                category_id=row.category_id.id, district_id=row.district_id.id, street_id=False, place_note="x"
            )
            self.assertEqual(row.coverage == "full", bool(parts), (row.category_id.name, row.district_id.name))

    def test_a_row_leads_to_the_rule_that_it_lacks(self):
        rows = self.env["contact.center.routing.coverage"].with_user(self.supervisor)
        gaps = rows.search([("category_id", "=", self.pothole.id), ("district_id", "!=", False)])
        self.assertEqual(set(gaps.mapped("coverage")), {"nobody"})
        action = gaps.action_add_rule()
        with Form(self.Rule.with_user(self.supervisor).with_context(**action["context"])) as form:
            form.executor_id = self.roads
        self.assertEqual(
            (form.record.category_ids, form.record.district_ids), (self.pothole, self.district | self.other_district)
        )
        self.assertEqual({self.coverage(self.pothole, place) for place in form.record.district_ids}, {"full"})


class TestTakenOver(RoutingCase):
    """Requests that another system kept."""

    def take_over(self, *states, **values):
        values = {
            "category_id": self.lamp.id,
            "street_id": self.street.id,
            "description": "No light",
            "source_system": "old",
            "source_number": f"{self.env.cr.now()}-{states}-{values}",
            "result": "Repaired",
            "informed_by": "phone",
            **values,
        }
        moves = [Move(state, f"2026-01-0{day} 08:00:00", "x") for day, state in enumerate(("new", *states), start=1)]
        moves = [
            move._replace(date=self.env["contact.center.request"]._fields["deadline"].to_datetime(move.date))
            for move in moves
        ]
        return self.env["contact.center.request"]._register_with_history([(values, moves)])

    def test_parts_enter_the_state_that_fits(self):
        for states, expected in (
            ((), "new"),
            (("in_progress",), "accepted"),
            (("waiting",), "accepted"),
            (("in_progress", "proposed"), "proposed"),
            (("in_progress", "proposed", "rework"), "rework"),
        ):
            with self.subTest(states=states):
                request = self.take_over(*states)
                self.assertEqual(request.state, states[-1] if states else "new")
                self.assertEqual((request.lead_id.state, request.lead_id.executor_id), (expected, self.light))
        self.assertFalse(self.take_over("in_progress", "done").assignment_ids)

    def test_a_proposal_taken_over_can_be_agreed_to(self):
        self.make_routing_rule(self.light, category_ids=self.lamp, co_executor_ids=self.roads)
        request = self.take_over("in_progress", "proposed")
        lead = request.lead_id
        self.assertEqual((lead.result, lead.informed_by), ("Repaired", "phone"))
        self.assertTrue(lead.review_by)
        self.assertEqual(request.assignment_ids, lead)
        lead.with_user(self.operator).agree()
        self.assertEqual((lead.state, request.state), ("done", "done"))

    def test_nobody_is_written_to(self):
        notifications = self.env["contact.center.notification"]
        before = notifications.search_count([])
        self.take_over()
        self.assertEqual(notifications.search_count([]), before)
        self.route()
        self.assertGreater(notifications.search_count([]), before)


class TestRulesFromOwners(RoutingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A copy by which what the file calls closed is still in work.
        cls.profile = cls.env.ref("contact_center_base.import_profile_la311").copy(
            {"code": "test_la311", "source_system": "test_la311"}
        )
        cls.profile.value_ids.filtered(lambda line: line.name == "Closed").value = "in_progress"

    def import_sample(self):
        """Import the real rows of Los Angeles into the city and return the requests."""
        with file_open("contact_center_base/tests/data/la311_small.csv", "rb") as file:
            job = self.env["contact.center.import"].create(
                {
                    "profile_id": self.profile.id,
                    "company_id": self.city.id,
                    "file": base64.b64encode(file.read()),
                    "file_name": "la311.csv",
                }
            )
        job.action_start()
        self.run_cron(self.env.ref("contact_center_base.ir_cron_import_requests"))
        return self.env["contact.center.request"].search([("source_system", "=", "test_la311")])

    @clause("KR-5.12")
    def test_imported_requests_are_routed_by_rules_made_from_their_owners(self):
        requests = self.import_sample()
        self.assertEqual(len(requests), 200)
        self.assertFalse(requests.assignment_ids)
        wizard = self.env["contact.center.routing.owner"].with_user(self.supervisor).create({})
        counted = (wizard.rule_count, wizard.executor_count)
        wizard.action_make()
        rules = self.Rule.search([])
        owners = requests.owner_id
        executors = self.env["contact.center.executor"].search([("partner_id", "in", owners.ids)])
        self.assertEqual(executors.partner_id, requests.filtered("lead_id").owner_id)
        self.assertEqual(counted, (len(rules), len(executors)))
        waiting = requests.filtered(lambda request: request.state == "in_progress")
        self.assertEqual(len(waiting), 187)
        self.assertEqual(waiting.assignment_ids.request_id, waiting)
        self.assertEqual(set(waiting.assignment_ids.mapped("state")), {"accepted"})
        self.assertFalse((requests - waiting).assignment_ids)
        lamp = waiting.filtered(lambda request: request.category_id.name == "Single Streetlight Issue")
        self.assertEqual(set(lamp.mapped("lead_id.executor_id.name")), {"Bureau of Street Lighting"})
        self.assertIn("Single Streetlight Issue", lamp[0].routing_note)

    def test_again_adds_only_what_is_missing(self):
        self.import_sample()
        self.Rule._make_from_owners(self.city)
        rules = self.Rule.search([])
        self.assertFalse(self.Rule._make_from_owners(self.city))
        self.assertEqual(self.Rule.search([]), rules)

    def test_topics_with_a_default_executor_are_left_out(self):
        for owner, node in ((self.roads, self.lamp), (self.water, self.pothole)):
            self.make_request(
                category_id=node.id,
                street_id=self.street.id,
                source_system="old",
                source_number=node.code,
                owner_id=owner.partner_id.id,
            )
        rules = self.Rule._make_from_owners(self.city)
        self.assertEqual((rules.category_ids, rules.executor_id), (self.pothole, self.water))

    def test_the_deeper_node_stands_first(self):
        below = self.make_category("HOLE.DEEP", "Deep hole", parent_id=self.pothole.id)
        for owner, node in ((self.roads, self.pothole), (self.water, below)):
            self.make_request(
                category_id=node.id, source_system="old", source_number=node.code, owner_id=owner.partner_id.id
            )
        rules = self.Rule._make_from_owners(self.city)
        self.assertEqual(rules.sorted("sequence").category_ids.ids, [below.id, self.pothole.id])

    def test_only_who_sets_up_routing_makes_rules(self):
        with self.assertRaises(AccessError):
            self.env["contact.center.routing.owner"].with_user(self.operator).create({})
