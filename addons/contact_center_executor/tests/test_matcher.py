"""Which rule wins, by plain Python without records."""

from dataclasses import replace
from datetime import date, datetime

from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..routing import Facts, Matcher, OwnerRule, Rule, Window, plan_by_owners

# Nodes: 1 > 2 > 3, and 5. Districts 10 and 11, streets 20 and 21.
CITY, LIGHT, LAMP, ROADS = (1,), (2, 1), (3, 2, 1), (5,)
MONDAY = datetime(2026, 1, 12, 10, 30)
NIGHT = Window(minute_from=22 * 60, minute_to=6 * 60)


def facts(**values):
    return Facts(
        **{"categories": LAMP, "district": 10, "street": 20, "request_class": "request", "moment": MONDAY} | values
    )


@tagged("post_install", "-at_install")
class TestMatcher(BaseCase):
    def find(self, *rules, **values):
        rule = Matcher(rules).find(facts(**values))
        return rule and rule.id

    def test_first_match_wins(self):
        general, special = Rule(1), Rule(2, paths=(LAMP,), districts=frozenset({10}))
        self.assertEqual(self.find(general, special), 1)
        self.assertEqual(self.find(special, general), 2)

    def test_a_node_stands_for_the_nodes_below_it(self):
        self.assertEqual(self.find(Rule(1, paths=(CITY,))), 1)
        self.assertIsNone(self.find(Rule(1, paths=(LAMP,)), categories=LIGHT))
        self.assertEqual(self.find(Rule(1, paths=(ROADS, LIGHT))), 1)
        self.assertIsNone(self.find(Rule(1, paths=(CITY,)), categories=()))

    def test_all_conditions_must_hold(self):
        rule = Rule(1, paths=(LAMP,), districts=frozenset({10}), streets=frozenset({20}), request_class="complaint")
        self.assertEqual(self.find(rule, request_class="complaint"), 1)
        for other in (
            {"categories": ROADS},
            {"district": 11},
            {"district": None},
            {"street": 21},
            {"street": None},
            {},
        ):
            self.assertIsNone(self.find(rule, **{"request_class": "complaint" if other else "request", **other}), other)

    def test_many_rules_give_the_same_as_asking_each(self):
        rules = [
            Rule(
                number,
                paths=((), (LAMP,), (LIGHT, ROADS), (ROADS,))[number % 4],
                districts=frozenset(((), (10,), (11,), (10, 11))[number % 5 % 4]),
                request_class=(None, "request", "complaint")[number % 3],
            )
            for number in range(60, 0, -1)
        ]
        for categories in (LAMP, LIGHT, ROADS, ()):
            for district in (None, 10, 11):
                for request_class in ("request", "complaint"):
                    asked = facts(categories=categories, district=district, request_class=request_class)
                    expected = next((rule for rule in rules if rule.holds(asked)), None)
                    self.assertIs(Matcher(rules).find(asked), expected)

    def test_misses_tell_what_was_lacking_nearest_first(self):
        other_topic = Rule(1, paths=(ROADS,), districts=frozenset({11}))
        near = Rule(2, paths=(LAMP,), districts=frozenset({11}))
        farther = Rule(3, paths=(LIGHT,), districts=frozenset({11}), request_class="complaint")
        winner, after = Rule(4), Rule(5, districts=frozenset({11}))
        misses = Matcher([other_topic, farther, near, winner, after]).misses(facts(), 3)
        self.assertEqual(
            [(miss.rule.id, miss.lacks) for miss in misses],
            [(2, ("district",)), (3, ("district", "class"))],
        )

    def test_a_rule_behind_a_wider_one_is_never_reached(self):
        wide = Rule(1, paths=(LIGHT,))
        inside = Rule(2, paths=(LAMP,), districts=frozenset({10}), window=NIGHT)
        for outside in (
            Rule(3),
            Rule(3, paths=(ROADS,)),
            Rule(3, paths=(LAMP, ROADS)),
        ):
            self.assertEqual(Matcher([wide, inside, outside]).covered, {2: 1})
        for narrower in (
            replace(wide, districts=frozenset({11})),
            replace(wide, streets=frozenset({20})),
            replace(wide, request_class="request"),
            replace(wide, window=Window(working="within")),
            replace(wide, window=Window(last_day=date(2030, 1, 1))),
            replace(wide, window=Window(minute_from=22 * 60)),
            replace(wide, window=Window(weekdays=frozenset(range(5)))),
        ):
            self.assertEqual(Matcher([narrower, inside]).covered, {}, narrower)
        self.assertEqual(Matcher([inside, wide]).covered, {})


@tagged("post_install", "-at_install")
class TestWindow(BaseCase):
    def lacks(self, window, moment, working=True):
        return set(window.lacks(moment, working))

    def test_hours_over_midnight_belong_to_the_day_they_begin(self):
        friday_night = replace(NIGHT, weekdays=frozenset({4}))
        self.assertFalse(self.lacks(friday_night, datetime(2026, 1, 16, 22, 0)))
        self.assertFalse(self.lacks(friday_night, datetime(2026, 1, 17, 5, 59)))
        self.assertEqual(self.lacks(friday_night, datetime(2026, 1, 16, 5, 59)), {"weekdays"})
        self.assertEqual(self.lacks(friday_night, datetime(2026, 1, 17, 6, 0)), {"hours", "weekdays"})
        self.assertEqual(self.lacks(friday_night, datetime(2026, 1, 16, 21, 59)), {"hours"})

    def test_the_end_is_no_part_of_the_hours(self):
        morning = Window(minute_from=8 * 60, minute_to=12 * 60)
        self.assertFalse(self.lacks(morning, datetime(2026, 1, 12, 8, 0)))
        self.assertTrue(self.lacks(morning, datetime(2026, 1, 12, 12, 0)))
        self.assertFalse(self.lacks(Window(), datetime(2026, 1, 12, 23, 59, 59)))

    def test_the_last_day_of_validity_counts_with_its_night(self):
        january = replace(NIGHT, first_day=date(2026, 1, 12), last_day=date(2026, 1, 31))
        self.assertFalse(self.lacks(january, datetime(2026, 2, 1, 3, 0)))
        self.assertEqual(self.lacks(january, datetime(2026, 2, 1, 23, 0)), {"dates"})
        self.assertEqual(self.lacks(january, datetime(2026, 1, 12, 3, 0)), {"dates"})

    def test_working_hours(self):
        self.assertEqual(self.lacks(Window(working="outside"), MONDAY, working=True), {"working"})
        self.assertFalse(self.lacks(Window(working="outside"), MONDAY, working=False))
        self.assertFalse(self.lacks(Window(working="within"), MONDAY, working=True))

    def test_covering_hours_over_midnight(self):
        self.assertTrue(Window().covers(NIGHT))
        self.assertTrue(NIGHT.covers(replace(NIGHT, minute_from=23 * 60, minute_to=5 * 60)))
        self.assertFalse(NIGHT.covers(Window()))
        # Friday's night reaches into Saturday.
        friday = frozenset({4})
        self.assertFalse(Window(weekdays=friday).covers(replace(NIGHT, weekdays=friday)))


@tagged("post_install", "-at_install")
class TestOwners(BaseCase):
    def test_the_most_frequent_owner_gets_a_node_and_districts_apart_their_own(self):
        plan = plan_by_owners(
            [
                (1, 10, 100, 5),
                (1, None, 100, 1),
                (1, 11, 200, 3),
                (1, 11, 100, 1),
                (1, 12, 200, 2),
                (2, 10, 300, 1),
            ]
        )
        self.assertEqual(plan, [OwnerRule(1, (11, 12), 200), OwnerRule(1, (), 100), OwnerRule(2, (), 300)])

    def test_the_same_counts_give_the_same_rules(self):
        rows = [(1, None, 200, 2), (1, None, 100, 2)]
        self.assertEqual(plan_by_owners(rows), plan_by_owners(reversed(rows)))
        self.assertEqual(plan_by_owners(rows), [OwnerRule(1, (), 100)])
