"""Indicators: what is counted of executors' work, and how they are ranked by it."""

import json
from ast import literal_eval
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase
from odoo.tools.json import json_default

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

    def rate(self, assignment, value, moment):
        """Let the applicant of a finished assignment's request rate it at a moment."""
        request = assignment.request_id.sudo()
        said = {"value": value, "solved": True, "comment": "", "missing": ""}
        with freeze_time(moment):
            return request._rate(request.partner_id, said)

    def test_ratings_of_the_executors_work(self):
        given = [self.give(self.light, "2026-01-12 08:00:00") for _value in range(3)]
        for assignment, value in zip(given, (5, 4, 1), strict=True):
            self.finish(assignment, "2026-01-13 08:00:00")
            self.rate(assignment, value, "2026-01-14 08:00:00")
        other = self.give(self.roads, "2026-01-12 08:00:00")
        self.finish(other, "2026-01-29 08:00:00")
        self.rate(other, 2, "2026-02-01 08:00:00")
        indicators = self.light._get_indicators(*MONTH)[self.light]
        self.assertEqual((indicators["ratings"], indicators["satisfied"]), (3, 2))
        self.assertAlmostEqual(indicators["rating_average"], 10 / 3)
        self.assertEqual(indicators["satisfied_bound"], lower_bound(2, 3))
        self.assertIsNone(self.roads._get_indicators(*MONTH)[self.roads]["satisfied_share"])
        self.assertEqual(self.light._get_city_indicators(*MONTH)["ratings"], 3)

    def test_what_the_centre_answered_by_itself_is_rated_for_nobody(self):
        assignment = self.give(self.light, "2026-01-12 08:00:00")
        with freeze_time("2026-01-13 08:00:00"):
            request = assignment.request_id.with_user(self.operator)
            request._transition("done", result="It was never off", informed_by="phone")
        self.assertFalse(self.rate(assignment, 1, "2026-01-13 09:00:00").executor_id)

    def test_a_linked_request_is_rated_for_the_executor_of_its_main_one(self):
        main = self.give(self.light, "2026-01-12 08:00:00")
        linked = self.give(self.roads, "2026-01-12 08:00:00")
        linked.request_id.with_user(self.operator).link_to(main.request_id)
        self.finish(main, "2026-01-13 08:00:00")
        self.assertEqual(self.rate(linked, 3, "2026-01-14 08:00:00").executor_id, self.light)

    def test_the_former_executor_keeps_the_rating_of_its_work(self):
        assignment = self.give(self.light, "2026-01-12 08:00:00")
        self.finish(assignment, "2026-01-13 08:00:00")
        rating = self.rate(assignment, 1, "2026-01-14 08:00:00")
        with freeze_time("2026-01-15 08:00:00"):
            request = assignment.request_id.with_user(self.supervisor)
            request._transition("rework", comment="It is off again")
            request.assign(self.roads, reason="Not theirs")
        self.assertEqual(rating.executor_id, self.light)

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

    def test_residents_see_the_same_figures(self):
        for hour in range(8, 13):
            self.finish(self.give(self.light, "2026-01-12 08:00:00"), f"2026-01-13 {hour:02}:00:00")
        self.finish(self.give(self.roads, "2026-01-12 08:00:00"), "2026-01-13 08:00:00")
        with freeze_time("2026-01-30 12:00:00"):
            best, few = self.env["contact.center.public.figure"]._count(self.city, "month")["executors"]
        indicators = self.light._get_indicators(*MONTH)[self.light]
        self.assertEqual((best["id"], best["finished"], best["rank"]), (self.light.id, indicators["finished"], 1))
        self.assertAlmostEqual(best["on_time"], 100 * indicators["on_time_share"])
        self.assertEqual(best["median_days"], indicators["median_days"])
        self.assertEqual((few["id"], few["finished"]), (self.roads.id, 1))
        self.assertEqual((few["on_time"], few["median_days"], few["rank"]), (None, None, 2), "one case tells little")

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
        many = self.light + self.roads
        for number in range(10):
            many += self.make_executor(f"Organisation {number}")
        self.env.flush_all()
        counts = []
        for executors in (self.light, self.light, many):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            executors._get_indicators(*MONTH)
            counts.append(self.cr.sql_log_count - before)
        _warming_up, for_one, for_many = counts
        self.assertEqual(for_one, for_many)
        self.assertLess(for_many, 20)


@freeze_time("2026-01-30 12:00:00")
class TestScreen(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-01-12 08:00:00"):
            on_time, late, returned = (cls.make_assignment() for _number in range(3))
            cls.open_one = cls.make_assignment()
            cls.make_works("2026-01-14 12:00:00", "2026-01-14 12:30:00")
            cls.make_works("2026-01-15 12:00:00", "2026-01-16 12:30:00")
        with freeze_time("2026-01-13 08:00:00"):
            cls.open_one.request_id.with_user(cls.supervisor).extend_deadline(1, "working_days", "A part is ordered")
            for assignment in (on_time, returned):
                cls.work_through(assignment)
            returned.with_user(cls.operator).return_for_rework("Still dark")
            returned.with_user(cls.light_operator).propose(cls.result())
            (on_time + returned).with_user(cls.operator).agree()
        with freeze_time("2026-01-20 08:00:00"):
            cls.work_through(late)
            late.with_user(cls.operator).agree()
            cls.env.flush_all()

    @classmethod
    def make_works(cls, planned_end, ended_at):
        """Return works of "City Light" that were to end at one moment and were reported as ended at another."""
        return cls.env["contact.center.works"].create(
            {
                "name": "Cables",
                "kind": "emergency",
                "executor_id": cls.light.id,
                "company_id": cls.city.id,
                "district_ids": cls.district.ids,
                "start": "2026-01-12 08:00:00",
                "planned_end": planned_end,
                "ended_at": ended_at,
            }
        )

    def open_lines(self, user, **values):
        """Return the lines that a user sees of a period, by default of this month."""
        dialog = self.env["contact.center.indicators"].with_user(user).create(values)
        action = dialog.action_show()
        return self.env[action["res_model"]].with_user(user).search(action["domain"])

    @clause("KP-3.7", "MA-2.2.3", "MA-3.1.3")
    def test_each_number_opens_the_list_behind_it(self):
        line = self.open_lines(self.head).filtered(lambda line: line.executor_id == self.light)
        expected = {
            "received": 4,
            "finished": 3,
            "on_time": 2,
            "late": 1,
            "open_overdue": 1,
            "overdue": 2,
            "returned": 1,
            "extended": 1,
            "unseen": 4,
            "works": 2,
            "works_in_time": 1,
        }
        for figure, count in expected.items():
            action = line.with_context(figure=figure).action_open_figure()
            found = self.env[action["res_model"]].with_user(self.head).search_count(action["domain"])
            self.assertEqual((figure, line[figure], found), (figure, count, count))

    def test_the_domain_survives_the_way_to_the_browser(self):
        line = self.open_lines(self.head)[0].with_context(figure="extended")
        domain = json.loads(json.dumps(line.action_open_figure()["domain"], default=json_default))
        self.assertEqual(self.env["contact.center.assignment"].with_user(self.head).search_count(domain), 1)

    def test_an_unknown_figure_is_refused(self):
        with self.assertRaisesRegex(UserError, "none with this name"):
            self.open_lines(self.head)[0].with_context(figure="id").action_open_figure()

    @clause("KP-3.7")
    def test_an_analyst_gets_figures_and_no_requests(self):
        lines = self.open_lines(self.analyst)
        self.assertEqual(lines.executor_id, self.light + self.roads)
        self.assertFalse(lines[0].opens)
        with self.assertRaises(AccessError):
            action = lines[0].with_context(figure="received").action_open_figure()
            self.env[action["res_model"]].with_user(self.analyst).search(action["domain"])

    @clause("RO-2.7")
    def test_the_control_body_finds_its_own_area(self):
        lines = self.open_lines(self.control_body)
        self.assertTrue(lines[0].opens)
        self.assertEqual(lines.filtered_domain([("executor_id.in_my_area", "=", True)]).executor_id, self.light)

    def test_whoever_has_nothing_to_judge_by_stands_last(self):
        lines = self.open_lines(self.supervisor)
        self.assertEqual(lines.executor_id.ids, [self.light.id, self.roads.id])
        self.assertEqual(lines.mapped("is_ranked"), [True, False])

    def test_others_figures_are_not_read(self):
        lines = self.open_lines(self.head)
        self.assertFalse(self.env[lines._name].with_user(self.supervisor).search([("id", "in", lines.ids)]))
        for user in (self.operator, self.light_head):
            with self.assertRaises(AccessError):
                self.env["contact.center.indicators"].with_user(user).action_open()

    def test_the_way_back_leads_to_the_period_asked_for_last(self):
        self.open_lines(self.head, period="year")
        lines = self.open_lines(self.head)
        self.open_lines(self.supervisor, period="quarter")
        domain = literal_eval(self.env.ref("contact_center_executor.contact_center_indicators_line_action").domain)
        self.assertEqual(self.env[lines._name].with_user(self.head).search(domain), lines)

    def test_periods(self):
        Period = self.env["contact.center.indicators"].with_user(self.head)
        dates = {
            "month": ("2026-01-01", "2026-01-31", "2025-12-01"),
            "last_month": ("2025-12-01", "2025-12-31", "2025-11-01"),
            "quarter": ("2026-01-01", "2026-03-31", "2025-10-01"),
            "year": ("2026-01-01", "2026-12-31", "2025-01-01"),
        }
        for period, expected in dates.items():
            dialog = Period.create({"period": period})
            self.assertEqual(
                (str(dialog.date_from), str(dialog.date_to), str(dialog._get_previous_dates()[0])), expected
            )
        dialog = Period.create({"period": "custom", "date_from": "2026-01-11", "date_to": "2026-01-20"})
        self.assertEqual([str(day) for day in dialog._get_previous_dates()], ["2026-01-01", "2026-01-10"])
        dialog.date_to = "2026-01-10"
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            dialog.action_show()

    @clause("KP-3.7")
    def test_the_share_is_compared_with_the_period_before(self):
        values = {"period": "custom", "date_from": "2026-01-19", "date_to": "2026-01-24"}
        line = self.open_lines(self.head, **values).filtered(lambda line: line.executor_id == self.light)
        self.assertTrue(line.is_compared)
        self.assertEqual(line.on_time_share, 0)
        self.assertAlmostEqual(line.on_time_change, -2 / 3)
