"""Which events are told, by which way and when: plain Python, without a database."""

import doctest
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase

from .. import notices
from ..notices import choose_channel, find_kind, sending_moment

KYIV = ZoneInfo("Europe/Kyiv")


def local(*args, fold=0):
    return datetime(*args, tzinfo=KYIV, fold=fold)


class TestNoticeRules(BaseCase):
    def test_examples_of_the_module(self):
        self.assertEqual(doctest.testmod(notices).failed, 0)

    def test_what_stays_between_centre_and_executor_is_no_news(self):
        for source, target in (("in_progress", "proposed"), ("proposed", "rework"), ("rework", "in_progress")):
            self.assertIsNone(find_kind("moved", source, target))
        for event in ("alerted", "notified", "changed", "commented", "assigned"):
            self.assertIsNone(find_kind(event))

    def test_what_was_ended_and_goes_on_is_news(self):
        self.assertEqual(find_kind("moved", "done", "rework"), "reopened")
        self.assertEqual(find_kind("moved", "closed", "rework"), "reopened")

    def test_another_way_stands_in_where_there_is_no_address(self):
        mail, phone = "oksana@example.com", "+380501234567"
        expected = {
            ("email", mail, phone): "email",
            ("email", "", phone): "sms",
            ("email", "", ""): None,
            ("sms", mail, phone): "sms",
            ("sms", mail, ""): "email",
            ("portal", mail, phone): "email",
            ("portal", "", phone): "portal",
            ("phone", mail, phone): None,
            ("letter", mail, phone): None,
            ("in_person", mail, phone): None,
            ("messenger", mail, phone): None,
        }
        for (wish, *addresses), channel in expected.items():
            self.assertEqual(choose_channel(wish, *addresses), channel, wish)


class TestQuietHours(BaseCase):
    def assert_sent(self, moment, expected, quiet_from=21.0, quiet_to=8.0):
        self.assertEqual(sending_moment(moment, KYIV, quiet_from, quiet_to), expected.astimezone(timezone.utc))

    def test_by_day_at_once(self):
        self.assert_sent(local(2026, 6, 10, 8), local(2026, 6, 10, 8))
        self.assert_sent(local(2026, 6, 10, 20, 59), local(2026, 6, 10, 20, 59))

    def test_at_night_in_the_morning(self):
        self.assert_sent(local(2026, 6, 10, 21), local(2026, 6, 11, 8))
        self.assert_sent(local(2026, 6, 11, 0, 30), local(2026, 6, 11, 8))
        self.assert_sent(local(2026, 6, 11, 7, 59), local(2026, 6, 11, 8))

    def test_the_morning_comes_by_the_clock_on_the_wall(self):
        # Clocks go forward at 3:00 on 29 March and back at 4:00 on 25 October.
        self.assert_sent(local(2026, 3, 28, 22), local(2026, 3, 29, 8))
        self.assert_sent(local(2026, 10, 24, 22), local(2026, 10, 25, 8))
        self.assert_sent(local(2026, 10, 25, 3, 30, fold=1), local(2026, 10, 25, 8))

    def test_an_end_in_the_hour_that_clocks_skip(self):
        self.assert_sent(local(2026, 3, 28, 23), local(2026, 3, 29, 4, 30), 22.0, 3.5)

    def test_quiet_within_one_day(self):
        self.assert_sent(local(2026, 6, 10, 13, 30), local(2026, 6, 10, 15), 13.0, 15.0)
        self.assert_sent(local(2026, 6, 10, 15), local(2026, 6, 10, 15), 13.0, 15.0)

    def test_until_midnight_and_not_at_all(self):
        self.assert_sent(local(2026, 6, 10, 22), local(2026, 6, 11, 0), 21.0, 24.0)
        self.assert_sent(local(2026, 6, 10, 3), local(2026, 6, 10, 3), 8.0, 8.0)
