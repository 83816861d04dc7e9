"""The figures that residents see, and that they are those of the back office."""

from datetime import date, timedelta
from statistics import median

from freezegun import freeze_time

from odoo import fields

from .common import clause
from .pages import CityPagesCase

#: A Monday noon in Kyiv, in the middle of a month.
NOW = "2026-03-16 10:00:00"


class TestStatisticsPage(CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Figure = cls.env["contact.center.public.figure"]
        cls.roads = cls.make_category("ROAD", "Roads")
        cls.pothole.parent_id = cls.roads

    def make(self, days_ago, solved_after=None, user=None, **values):
        """Return a request registered so many days before ``NOW``, and solved so many days after that, if at all."""
        start = fields.Datetime.to_datetime(NOW) - timedelta(days=days_ago)
        with freeze_time(start):
            request = self.make_request(user, **values)
        if solved_after is not None:
            with freeze_time(start + timedelta(days=solved_after)):
                request.with_user(self.supervisor).action_take()
                request.with_user(self.supervisor)._transition("done", result="Mended", informed_by="phone")
        return request

    def count(self, period="month"):
        with freeze_time(NOW):
            return self.Figure._count(self.city, period)

    def row(self, figures, record):
        return next(row for row in figures if row["id"] == record.id)

    @clause("MA-2.2.7", "KP-2.6")
    def test_figures_are_those_of_the_back_office(self):
        for days in (1, 2, 3, 5, 9, 14):
            self.make(20, days, street_id=self.street.id, house="5")
        self.make(40, 15)
        self.make(2)
        figures = self.count()
        # What an analyst counts in the back office, in the same period.
        Report = self.env["contact.center.request.report"].with_user(self.analyst)
        start, end = self.city._get_period_bounds(date(2026, 2, 15), date(2026, 3, 16))
        of_roads = [("topic_id", "=", self.roads.id), ("request_class", "!=", "consultation")]
        received = [*of_roads, ("registered_at", ">=", start), ("registered_at", "<", end)]
        solved = Report.search(
            [*of_roads, ("state", "=", "done"), ("finished_at", ">=", start), ("finished_at", "<", end)]
        )
        row = self.row(figures["topics"], self.roads)
        self.assertEqual(row["received"], Report.search_count(received))
        self.assertEqual(row["solved"], len(solved))
        self.assertAlmostEqual(row["median_days"], median(solved.mapped("days_to_finish")))
        self.assertAlmostEqual(row["on_time"], 100 * sum(not late for late in solved.mapped("late")) / len(solved))
        self.assertEqual(row["open"], Report.search_count([*of_roads, ("state", "not in", ("done", "closed"))]))
        self.assertEqual((row["received"], row["solved"], row["open"]), (7, 7, 1))
        self.assertEqual({**row, "id": None}, {"id": None, **figures["total"]}, "there are no other topics")
        self.assertEqual(self.row(figures["districts"], self.district)["solved"], 6)

    def test_restricted_requests_are_not_counted(self):
        self.make(1, user=self.restricted_officer, category_id=self.corruption.id)
        figures = self.count()
        self.assertFalse(figures["total"]["received"])
        self.assertFalse(figures["topics"])

    def test_consultations_are_counted_apart(self):
        self.make(1, category_id=self.opening_hours.id)
        figures = self.count()
        self.assertEqual((figures["consultations"], figures["total"]["received"]), (1, 0))

    def test_few_tell_no_time_and_no_share(self):
        for number in range(4):
            self.make(9, number)
        row = self.row(self.count()["topics"], self.roads)
        self.assertEqual((row["solved"], row["median_days"], row["on_time"]), (4, None, None))
        self.make(9, 1)
        row = self.row(self.count()["topics"], self.roads)
        self.assertEqual((row["solved"], row["median_days"], row["on_time"]), (5, 1, 100))

    def test_topics_about_persons_are_named_from_five_on(self):
        personal = self.make_category("PERS", "Staff of the city", public=False)
        for _number in range(4):
            self.make(1, category_id=personal.id)
        [row] = self.count()["topics"]
        self.assertEqual((row["id"], row["received"]), (None, 4))
        self.make(1, category_id=personal.id)
        self.assertEqual(self.row(self.count()["topics"], personal)["received"], 5)

    def test_periods_end_with_today_in_the_city(self):
        # Half past midnight in Kyiv of the 16th is still the 15th in UTC.
        with freeze_time("2026-03-15 22:30:00"):
            self.make_request()
        with freeze_time("2026-03-15 21:30:00"):
            self.make_request()
        self.assertEqual(self.count("day")["total"]["received"], 1)
        self.assertEqual(self.count("month")["total"]["received"], 2)

    def test_months_have_their_figures(self):
        self.make(20, 10)
        self.make(2, category_id=self.opening_hours.id)
        months = self.count()["months"]
        self.assertEqual(len(months), 12)
        self.assertEqual(
            months[-2:],
            [
                {"month": "2026-02-01", "received": 1, "solved": 0, "consultations": 0},
                {"month": "2026-03-01", "received": 0, "solved": 1, "consultations": 1},
            ],
        )

    def test_page_shows_what_was_counted_last(self):
        self.make_request()
        self.run_cron(self.env.ref("contact_center_base.ir_cron_refresh_public_figures"))
        self.make_request()
        received = "//main//dl//dd/text()"
        self.assertEqual(self.read(self.get("statistics")).xpath(received)[0], "1")
        self.run_cron(self.env.ref("contact_center_base.ir_cron_refresh_public_figures"))
        self.assertEqual(self.read(self.get("statistics")).xpath(received)[0], "2")
        self.assertEqual(self.Figure.search_count([("company_id", "=", self.city.id)]), 4, "one for each period")

    def test_page_of_a_city_that_was_never_counted(self):
        self.make_request()
        page = self.read(self.get("statistics", period="year"))
        self.assertEqual(page.xpath("//main//dl//dd/text()")[0], "1")
        self.assertTrue(page.xpath(f"//main//th/a[@href='{self.path('map')}?topic={self.roads.id}']"))

    def test_home_page_tells_of_today(self):
        self.make_request()
        self.assertIn("requests received: 1", " ".join(self.read(self.get()).text_content().split()))

    def test_bad_input_chooses_nothing(self):
        for period in ("x'--", "9" * 5000, "\x00", "<script>"):
            self.assertEqual(self.get("statistics", period=period).status_code, 200, period[:20])
