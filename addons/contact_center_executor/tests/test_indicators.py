"""Indicators: what is counted of executors' work, and how they are ranked by it."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import BaseCase

from ..indicators import rank
from ..wilson import lower_bound
from .common import ExecutorCase, clause

MONTH = (date(2026, 1, 1), date(2026, 1, 31))


class TestWilson(BaseCase):
    def test_values_of_the_formula(self):
        # Newcombe, Statistics in Medicine 17 (1998), table I: Wilson's interval without continuity correction.
        for successes, trials, expected in ((81, 263, 0.2553), (15, 148, 0.0624), (0, 20, 0.0), (1, 29, 0.0061)):
            self.assertAlmostEqual(lower_bound(successes, trials), expected, places=4)
        self.assertAlmostEqual(lower_bound(29, 29), 0.8830, places=4)

    def test_a_higher_confidence_is_more_careful(self):
        self.assertLess(lower_bound(80, 100, confidence=0.99), lower_bound(80, 100, confidence=0.9))

    def test_of_nothing_there_is_nothing_to_say(self):
        self.assertIsNone(lower_bound(0, 0))

    def test_impossible_counts_are_refused(self):
        for successes, trials, confidence in ((2, 1, 0.95), (-1, 1, 0.95), (1, 2, 1), (1, 2, 0)):
            with self.assertRaises(ValueError):
                lower_bound(successes, trials, confidence)

    def test_equals_share_a_place(self):
        self.assertEqual(rank({"a": 0.5, "b": 0.9, "c": 0.5, "d": None, "e": 0.1}), {"b": 1, "a": 2, "c": 2, "e": 4})


class TestIndicators(ExecutorCase):
    def give(self, executor, moment, **values):
        """Return the assignment of a new request, given to an executor at a moment."""
        with freeze_time(moment):
            assignment = self.make_assignment(executor, **values)
            assignment.flush_recordset()
        return assignment

    def finish(self, assignment, moment):
        """Let an executor propose an assignment at a moment and the centre agree to it at once."""
        with freeze_time(moment):
            self.work_through(assignment)
            assignment.with_user(self.operator).agree()

    def count(self, assignments, figure):
        """Return what a figure counts of January, and check that its list holds the very same number."""
        with freeze_time("2026-01-30 12:00:00"):
            executor = assignments.executor_id
            value = executor._get_indicators(*MONTH)[executor][figure]
            domain = self.env["contact.center.assignment"]._get_figure_domains(self.city, *MONTH)[figure]
            found = self.env["contact.center.assignment"].with_user(self.head).search(domain)
            found = found.filtered(lambda assignment: assignment.executor_id == executor)
        self.assertEqual(len(found), value)
        return value

    @clause("KP-3.7")
    def test_received_counts_what_was_given_in_the_period(self):
        # In Kyiv it is two hours later than in UTC: the second one was given on the first of February.
        given = self.give(self.light, "2026-01-31 21:59:00") + self.give(self.light, "2026-01-31 22:01:00")
        given += self.give(self.light, "2025-12-31 22:00:00")
        with freeze_time("2026-02-02 08:00:00"):
            domain = self.env["contact.center.assignment"]._get_figure_domains(self.city, *MONTH)["received"]
            self.assertEqual(self.env["contact.center.assignment"].search(domain), given[2] + given[0])
            self.assertEqual(self.light._get_indicators(*MONTH)[self.light]["received"], 2)

    @clause("KP-3.7")
    def test_what_is_finished_in_time_and_late_is_told_apart(self):
        in_time, late = self.give(self.light, "2026-01-12 08:00:00"), self.give(self.light, "2026-01-12 08:00:00")
        self.finish(in_time, "2026-01-13 08:00:00")
        self.finish(late, "2026-01-20 08:00:00")
        self.assertEqual(
            [self.count(in_time, figure) for figure in ("finished", "on_time", "late", "open_overdue")], [2, 1, 1, 0]
        )

    @clause("KP-3.7")
    def test_open_work_whose_term_ended_is_overdue(self):
        overdue = self.give(self.light, "2026-01-12 08:00:00")
        with freeze_time("2026-01-30 08:00:00"):
            self.give(self.light, "2026-01-30 08:00:00")
            indicators = self.light._get_indicators(*MONTH)[self.light]
        self.assertEqual((indicators["open_overdue"], indicators["overdue"]), (1, 1))
        self.assertEqual(self.count(overdue, "open_overdue"), 1)

    def test_work_taken_away_late_stays_late(self):
        assignment = self.give(self.light, "2026-01-12 08:00:00")
        with freeze_time("2026-01-20 08:00:00"):
            assignment.request_id.assign(self.roads, reason="Too slow")
        self.assertEqual((self.count(assignment, "late"), self.count(assignment, "finished")), (1, 0))

    @clause("KP-3.7")
    def test_times_are_days_from_assigning_to_the_proposal(self):
        for days in (1, 2, 9):
            self.finish(self.give(self.light, "2026-01-12 08:00:00"), f"2026-01-{12 + days} 08:00:00")
        self.finish(self.give(self.roads, "2026-01-12 08:00:00"), "2026-01-16 08:00:00")
        indicators = self.light._get_indicators(*MONTH)[self.light]
        self.assertEqual((indicators["average_days"], indicators["median_days"]), (4, 2))
        self.assertEqual(self.light._get_city_indicators(*MONTH)["median_days"], 3)

    @clause("KP-3.7")
    def test_rework_share(self):
        first, second = self.give(self.light, "2026-01-12 08:00:00"), self.give(self.light, "2026-01-12 08:00:00")
        with freeze_time("2026-01-13 08:00:00"):
            self.work_through(first)
            first.with_user(self.operator).return_for_rework("Still dark")
            first.with_user(self.light_operator).propose(self.result())
            first.with_user(self.operator).agree()
        self.finish(second, "2026-01-13 09:00:00")
        self.assertEqual(self.count(first, "returned"), 1)
        self.assertEqual(self.light._get_indicators(*MONTH)[self.light]["rework_share"], 0.5)

    @clause("KP-3.7")
    def test_extended_terms(self):
        extended = self.give(self.light, "2026-01-12 08:00:00")
        self.give(self.light, "2026-01-12 08:00:00")
        with freeze_time("2026-01-13 08:00:00"):
            extended.request_id.with_user(self.supervisor).extend_deadline(2, "working_days", "A part is ordered")
            extended.request_id.with_user(self.supervisor).extend_deadline(2, "working_days", "It is late")
        self.assertEqual(self.count(extended, "extended"), 1)

    @clause("RO-4.1")
    def test_unseen_for_a_working_day(self):
        seen, late = self.give(self.light, "2026-01-12 08:00:00"), self.give(self.light, "2026-01-12 08:00:00")
        never = self.give(self.light, "2026-01-12 08:00:00")
        # Given on a Friday after hours: the weekend isn't a working day.
        weekend = self.give(self.light, "2026-01-16 18:00:00")
        with freeze_time("2026-01-12 20:00:00"):
            seen.with_user(self.light_operator).mark_seen()
            self.assertFalse(never.seen_late)
        with freeze_time("2026-01-18 20:00:00"):
            (late + weekend).with_user(self.light_operator).mark_seen()
        self.assertEqual(self.count(never, "unseen"), 2)
        self.env.invalidate_all()
        self.assertEqual([assignment.seen_late for assignment in (seen, late, never)], [False, True, True])

    def test_restricted_requests_are_not_counted(self):
        assignment = self.give(self.light, "2026-01-12 08:00:00")
        assignment.request_id.sudo().restricted = True
        self.assertEqual(self.count(assignment, "received"), 0)

    @clause("KP-3.7")
    def test_a_single_lucky_case_does_not_win(self):
        for _number in range(12):
            self.finish(self.give(self.light, "2026-01-12 08:00:00"), "2026-01-13 08:00:00")
        self.finish(self.give(self.light, "2026-01-12 08:00:00"), "2026-01-20 08:00:00")
        self.finish(self.give(self.roads, "2026-01-12 08:00:00"), "2026-01-13 08:00:00")
        idle = self.make_executor("City Parks")
        indicators = (self.light + self.roads + idle)._get_indicators(*MONTH)
        self.assertLess(indicators[self.light]["on_time_share"], indicators[self.roads]["on_time_share"])
        self.assertEqual([indicators[row]["rank"] for row in (self.light, self.roads, idle)], [1, 2, None])

    def test_the_city_is_all_of_its_executors_and_no_others(self):
        other_city = self.env["res.company"].create({"name": "Inshe"})
        self.env["contact.center.executor"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Inshe Light", "is_company": True}).id,
                "company_id": other_city.id,
            }
        )
        self.finish(self.give(self.light, "2026-01-12 08:00:00"), "2026-01-13 08:00:00")
        self.finish(self.give(self.roads, "2026-01-12 08:00:00"), "2026-01-20 08:00:00")
        of_city = self.light.with_user(self.light_head)._get_city_indicators(*MONTH)
        self.assertEqual((of_city["finished"], of_city["on_time_share"], of_city["executors"]), (2, 0.5, 2))

    def test_more_executors_take_no_more_queries(self):
        self.light._get_indicators(*MONTH)
        self.env.invalidate_all()
        with self.assertQueryCount(14):
            self.light._get_indicators(*MONTH)
        many = self.light + self.roads
        for number in range(10):
            many += self.make_executor(f"Organisation {number}")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(14):
            many._get_indicators(*MONTH)
