from datetime import date, datetime

from odoo.exceptions import AccessError, UserError

from .common import ContactCenterCase


class TestHolidays(ContactCenterCase):
    def load(self, country="base.pl", year_from=2026, year_to=2026, user=None, **values):
        """Load the holidays and return the free days of the city."""
        dialog = (
            self.env["contact.center.holiday.load"]
            .with_user(user or self.supervisor)
            .create({"country_id": self.env.ref(country).id, "year_from": year_from, "year_to": year_to, **values})
        )
        dialog.action_load()
        return self.env["resource.calendar.leaves"].search(
            [("company_id", "=", self.city.id), ("resource_id", "=", False)]
        )

    def test_whole_days_of_the_city(self):
        self.calendar.tz = "Europe/Warsaw"
        leaves = self.load()
        constitution_day = leaves.filtered(lambda leave: leave.date_from.date() == date(2026, 5, 2))
        self.assertRecordValues(
            constitution_day,
            [
                {
                    "date_from": datetime(2026, 5, 2, 22, 0, 0),
                    "date_to": datetime(2026, 5, 3, 21, 59, 59),
                    "calendar_id": False,
                    "time_type": "leave",
                }
            ],
        )

    def test_names_are_in_the_language_of_the_city(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.city.partner_id.lang = "pl_PL"
        self.assertIn("Boże Narodzenie (pierwszy dzień)", self.load().mapped("name"))

    def test_loading_twice_adds_nothing(self):
        first = self.load()
        self.assertEqual(self.load(), first)
        self.assertEqual(self.load(calendar_id=self.calendar.id), first)
        self.assertGreater(len(self.load(year_to=2027)), len(first))

    def test_one_calendar_only(self):
        leaves = self.load(calendar_id=self.calendar.id)
        self.assertEqual(leaves.calendar_id, self.calendar)
        other = self.env["resource.calendar"].create({"name": "Other", "company_id": self.city.id})
        self.assertEqual(len(self.load(calendar_id=other.id)), 2 * len(leaves))

    def test_worked_holidays_are_no_free_days_unless_wished(self):
        self.assertFalse(self.load("base.ua", 2026, 2026))
        self.assertTrue(self.load("base.ua", 2026, 2026, with_worked=True))

    def test_terms_know_the_new_free_days(self):
        before = self.calendar._get_clock_calendar(self.city)
        self.load()
        after = self.calendar._get_clock_calendar(self.city)
        self.assertGreater(len(after.leaves), len(before.leaves))

    def test_wrong_years(self):
        for years in ((2027, 2026), (2026, 2046), (2, 3)):
            with self.assertRaises(UserError):
                self.load("base.pl", *years)

    def test_who_may_load(self):
        self.assertTrue(self.load(user=self.technical_admin))
        with self.assertRaises(AccessError):
            self.load(user=self.operator)
