"""The register of works: who registers what when, how cards are closed, which works concern a place."""

import doctest
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged

from odoo.addons.contact_center_base.feeds import to_rss

from .. import works_area, works_form
from ..works_feed import Entry, to_icalendar
from .common import ExecutorCase, clause

SQUARE = {"type": "Polygon", "coordinates": [[[33.4, 47.9], [33.5, 47.9], [33.5, 48.0], [33.4, 48.0], [33.4, 47.9]]]}
# A Wednesday noon in Kyiv.
NOW = datetime(2026, 3, 11, 10)


class WorksCase(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))

    def register(self, user=None, **values):
        """Register works as a portal user, by default planned ones of City Light for the day after tomorrow."""
        values = {
            "kind": "planned",
            "name": "Repair of a main",
            "utility": "water",
            "start": NOW + timedelta(hours=48),
            "planned_end": NOW + timedelta(hours=54),
            "place_ids": [{"street_id": self.street.id, "number_from": 2, "number_to": 40, "parity": "even"}],
            **values,
        }
        return self.env["contact.center.works"].with_user(user or self.light_operator).register(values)

    def flush_tracking(self):
        """Let what was changed come into the chatter, as at the end of a request to the server."""
        self.env.flush_all()
        self.cr.flush()

    def register_emergency(self, user=None, **values):
        """Register emergency works that began just now and last two hours."""
        moments = {"start": NOW, "planned_end": NOW + timedelta(hours=2)}
        return self.register(user, **{"kind": "emergency", **moments, **values})

    def find(self, **place):
        """Return the works that the operator is shown at a place."""
        return self.env["contact.center.works"].with_user(self.operator)._find_at(self.city, **place)


class TestWorksRegistration(WorksCase):
    @clause("KR-8.1.6a")
    def test_planned_works_need_a_day(self):
        self.register(start=NOW + timedelta(hours=24))
        with self.assertRaisesRegex(UserError, "24 hours before"):
            self.register(start=NOW + timedelta(hours=23, minutes=59))

    @clause("KR-8.1.6a")
    def test_supervisor_accepts_short_notice_with_a_reason(self):
        values = {
            "name": "Urgent repair",
            "executor_id": self.light.id,
            "start": NOW + timedelta(hours=5),
            "planned_end": NOW + timedelta(hours=9),
            "district_ids": [Command.link(self.district.id)],
        }
        Works = self.env["contact.center.works"]
        with self.assertRaises(UserError):
            Works.with_user(self.supervisor).create([values])
        with self.assertRaises(AccessError):
            Works.with_user(self.operator).create([{**values, "late_reason": "Frost is coming"}])
        works = Works.with_user(self.supervisor).create([{**values, "late_reason": "Frost is coming"}])
        self.assertEqual((works.create_uid, works.late_reason), (self.supervisor, "Frost is coming"))

    @clause("KR-8.1.6b")
    def test_emergency_is_registered_at_once(self):
        works = self.register_emergency()
        self.assertEqual(works.state, "under_way")
        with self.assertRaisesRegex(UserError, "when they have begun"):
            self.register_emergency(start=NOW + timedelta(hours=3), planned_end=NOW + timedelta(hours=5))

    @clause("KR-2.8")
    def test_important_events_are_announced_before_and_end_by_themselves(self):
        event = self.register(
            kind="event", name="City day", start=NOW + timedelta(hours=1), planned_end=NOW + timedelta(hours=2)
        )
        with self.assertRaisesRegex(UserError, "begun already"):
            self.register(kind="event", start=NOW - timedelta(hours=1), planned_end=NOW + timedelta(hours=2))
        with freeze_time(NOW + timedelta(hours=3)):
            event.invalidate_recordset()
            self.assertEqual(event.state, "ended")
            self.assertFalse(event.next_reminder_at)

    def test_works_of_the_past_are_refused(self):
        with self.assertRaisesRegex(UserError, "is over"):
            self.register_emergency(start=NOW - timedelta(hours=4), planned_end=NOW - timedelta(hours=1))

    def test_end_before_the_start_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "later than the start"), self.env.cr.savepoint():
            self.register(planned_end=NOW + timedelta(hours=47))

    def test_works_are_somewhere(self):
        with self.assertRaisesRegex(ValidationError, "Say where"):
            self.register(place_ids=[])

    def test_what_is_no_area_is_refused(self):
        for area in ({"type": "Point"}, {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}, [1], "x"):
            with self.subTest(area), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.register(area=area)

    def test_what_nobody_enters_is_refused(self):
        for values in ({"ended_at": NOW}, {"late_reason": "x"}, {"number": "W-1"}, {"kind": "party"}, {"utility": "x"}):
            with self.subTest(values), self.assertRaises(UserError):
                self.register(**values)

    @clause("KR-8.1.7")
    def test_who_entered_what_is_told(self):
        works = self.register()
        self.assertEqual(works.create_uid, self.light_operator)
        self.flush_tracking()
        works.with_user(self.light_head).change({"planned_end": NOW + timedelta(hours=60)})
        self.flush_tracking()
        works.with_user(self.light_operator).change({"place_ids": [{"street_id": self.street.id}]})
        self.flush_tracking()
        tracked = works.sudo().message_ids.tracking_value_ids
        changed = {value.field_id.name: value.mail_message_id.author_id for value in tracked}
        self.assertEqual(changed["planned_end"], self.light_head.partner_id)
        self.assertEqual(changed["address"], self.light_operator.partner_id)

    def test_only_own_works(self):
        works = self.register()
        for act in (
            lambda card: card.change({"name": "x"}),
            lambda card: card.end(),
            lambda card: card.cancel("x"),
            lambda card: card.read(["name"]),
        ):
            with self.assertRaises(AccessError):
                act(works.with_user(self.roads_operator))
        with self.assertRaises(AccessError):
            self.register(self.roads_operator, executor_id=self.light.id)
        self.assertFalse(self.env["contact.center.works"].with_user(self.roads_operator).search([]))

    def test_nobody_of_an_executor_writes_past_the_methods(self):
        works = self.register().with_user(self.light_operator)
        for act in (lambda: works.write({"name": "x"}), lambda: works.place_ids.write({"number_to": 9}), works.unlink):
            with self.assertRaises(AccessError):
                act()

    def test_staff_keep_to_the_rules(self):
        works = self.register().with_user(self.supervisor)
        for values in ({"ended_at": NOW}, {"kind": "event"}, {"number": "W-1"}, {"planned_end": NOW}):
            with self.subTest(values), self.assertRaises(UserError), self.env.cr.savepoint():
                works.write(values)
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            works.sudo().unlink()

    def test_start_moves_only_with_a_days_notice(self):
        works = self.register()
        works.change({"start": NOW + timedelta(hours=25)})
        with self.assertRaisesRegex(UserError, "24 hours"), self.env.cr.savepoint():
            works.change({"start": NOW + timedelta(hours=20)})
        with freeze_time(NOW + timedelta(hours=20)):
            works.change({"start": NOW + timedelta(hours=26)})  # postponed, which surprises nobody
        with freeze_time(NOW + timedelta(hours=27)), self.assertRaisesRegex(UserError, "have begun"):
            works.change({"start": NOW + timedelta(hours=40)})

    def test_numbers_count_by_city(self):
        first, second = self.register(), self.register()
        self.assertRegex(first.number, r"^W-2026-\d{5}$")
        self.assertEqual(int(second.number[-5:]), int(first.number[-5:]) + 1)

    def test_works_of_another_city_stay_there(self):
        other = self.env["res.company"].create({"name": "Otherpil"})
        works = self.register()
        foreigner = self.make_user("foreigner", "group_head", company=other)
        there = works.with_user(foreigner).with_context(allowed_company_ids=other.ids)
        self.assertFalse(there.search([]))
        with self.assertRaises(AccessError):
            there.read(["name"])


class TestWorksClosing(WorksCase):
    @clause("KR-8.1.6c")
    def test_end_closes_the_card(self):
        works = self.register_emergency()
        with freeze_time(NOW + timedelta(hours=1)):
            works.end()
            self.assertEqual(works.ended_at, NOW + timedelta(hours=1))
            self.assertEqual(works.state, "ended")
            for act in (works.end, lambda: works.cancel("x"), lambda: works.change({"name": "x"})):
                with self.assertRaisesRegex(UserError, "closed"):
                    act()

    def test_end_lies_within_the_works(self):
        works = self.register_emergency()
        for moment in (NOW - timedelta(hours=1), NOW + timedelta(hours=1)):
            with self.subTest(moment), self.assertRaisesRegex(UserError, "between the start"):
                works.end(moment)
        with self.assertRaisesRegex(UserError, "cancel it"):
            self.register().end()

    def test_cancelling_needs_a_reason(self):
        works = self.register()
        with self.assertRaisesRegex(UserError, "Write why"):
            works.cancel(" ")
        works.cancel("The pipes haven't come")
        self.assertEqual((works.state, works.cancel_reason), ("cancelled", "The pipes haven't come"))

    def test_state_is_found_as_it_is_shown(self):
        cards = self.register() + self.register_emergency() + self.register_emergency() + self.register_emergency()
        cards[2].end()
        cards[3].cancel("By mistake")
        for hours in (0, 3, 50, 60):
            with freeze_time(NOW + timedelta(hours=hours)):
                cards.invalidate_recordset()
                for state, _label in cards._fields["state"].selection:
                    found = cards.search([("state", "=", state), ("id", "in", cards.ids)])
                    self.assertEqual(found, cards.filtered(lambda card, state=state: card.state == state))

    @clause("KR-8.1.6c")
    def test_reminded_an_hour_after_the_end_and_then_daily(self):
        works = self.register_emergency()
        end = works.planned_end
        sent = []
        for hours, expected in ((0.9, 0), (1, 1), (2, 1), (24.9, 1), (25, 2)):
            with freeze_time(end + timedelta(hours=hours)):
                self.run_cron(self.env.ref("contact_center_executor.ir_cron_remind_works"))
                sent.append((works.sudo().reminder_count, expected))
        self.assertEqual([count for count, _expected in sent], [expected for _count, expected in sent])
        mails = self.env["mail.mail"].search([("model", "=", works._name), ("res_id", "=", works.id)])
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        self.assertIn(self.light_operator.partner_id, mails.recipient_ids)
        with freeze_time(end + timedelta(hours=26)):
            works.end()
        self.assertFalse(works.sudo().next_reminder_at)
        self.assertTrue(works.ended_late)

    def test_planned_works_are_reminded_of_in_working_hours(self):
        # From Friday to Friday 20:00 in Kyiv: the reminder comes on Monday at 8.
        works = self.register(start=datetime(2026, 3, 13, 10), planned_end=datetime(2026, 3, 13, 18))
        self.assertEqual(works.sudo().next_reminder_at, datetime(2026, 3, 16, 6))

    def test_neglected_cards_are_known(self):
        kept, late, silent, reminded = (self.register_emergency() for _number in range(4))
        with freeze_time(NOW + timedelta(hours=1)):
            kept.end()
        with freeze_time(NOW + timedelta(hours=4)):
            reminded.sudo()._remind()
            reminded.change({"planned_end": NOW + timedelta(hours=6)})
            late.end()
            neglected = self.env["contact.center.works"].search(kept._get_neglected_domain())
        self.assertEqual(neglected, (late + silent + reminded).with_env(neglected.env).sorted())

    def test_requests_that_waited_are_told_and_listed(self):
        works = self.register_emergency()
        request = self.make_request(street_id=self.street.id, house="12")
        elsewhere = self.make_request(street_id=self.street.id, house="13")
        card = works.with_user(self.operator)
        self.assertEqual(card._find_requests(), request)
        wizard = self.env["contact.center.works.link"].with_user(self.operator)
        wizard.with_context(**card.action_link_requests()["context"]).create({}).action_apply()
        self.assertEqual((request.works_id.id, elsewhere.works_id.id), (works.id, False))
        self.assertEqual(card.open_request_count, 1)
        action = card.action_end()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), request)
        said = request.event_ids.filtered(lambda event: event.kind == "works").mapped("comment")
        self.assertEqual(len(said), 2)
        self.assertIn("have ended", said[-1])


class TestWorksLookup(WorksCase):
    def test_house_in_the_range_and_of_the_parity(self):
        works = self.register_emergency()
        for house, expected in (("12", works), ("40a", works), ("13", False), ("42", False), ("", works)):
            with self.subTest(house):
                self.assertEqual(self.find(street=self.street, house=house).ids, expected.ids if expected else [])

    def test_point_in_the_area(self):
        works = self.register_emergency(place_ids=[], area=SQUARE)
        self.assertEqual(self.find(latitude=47.95, longitude=33.45).ids, works.ids)
        self.assertFalse(self.find(latitude=47.95, longitude=33.55))

    def test_most_certain_first(self):
        district = self.register_emergency(place_ids=[], district_ids=self.district.ids)
        house = self.register_emergency()
        self.assertEqual(self.find(street=self.street, house="12").ids, [house.id, district.id])

    def test_ended_cancelled_and_far_off_works_are_left_out(self):
        soon = self.register(start=NOW + timedelta(hours=40))
        self.register(start=NOW + timedelta(hours=50))
        ended, cancelled = self.register_emergency(), self.register_emergency()
        ended.end()
        cancelled.cancel("By mistake")
        self.assertEqual(self.find(street=self.street, house="12").ids, soon.ids)

    def test_desk_shows_them_and_answers_in_one_click(self):
        works = self.register_emergency(text="Water comes by lorry.")
        desk = self.env["contact.center.desk"].with_user(self.operator).with_context(allowed_company_ids=self.city.ids)
        place = {"street_id": self.street.id, "house": "12"}
        [notice] = desk.nearby(False, place)["notices"]
        self.assertIn(works.number, notice["title"])
        self.assertIn("Water comes by lorry.", notice["text"])
        values = {"token": "one", "words": "no water", "phone": "+380671112233", **place}
        result = desk.answer_notice(notice["reference"], values)
        self.assertEqual(desk.answer_notice(notice["reference"], values), result)
        consultation = self.env["contact.center.request"].browse(result["request_id"])
        self.assertEqual((consultation.works_id.id, consultation.state), (works.id, "done"))
        self.assertIn("Water comes by lorry.", consultation.result)
        self.assertEqual(works.consultation_count, 1)

    def test_unknown_notice_answers_nobody(self):
        desk = self.env["contact.center.desk"].with_user(self.operator)
        for reference in ("works-0", "works-x", "weather-1"):
            with self.subTest(reference), self.assertRaisesRegex(UserError, "any more"):
                desk.answer_notice(reference, {"token": reference, "words": "?"})


@tagged("-at_install", "post_install")
class TestWorksPlain(BaseCase):
    """What needs no records: areas, forms, feeds."""

    entry = Entry(
        uid="W-1@test",
        title="Water, off; \\ «main»",
        description="First line\nsecond " + "довгий рядок " * 20,
        place="Соборна 2–40",
        url="https://example.com/w?a=1&b=2",
        start=datetime.fromisoformat("2026-03-11T10:00:00+02:00"),
        end=datetime.fromisoformat("2026-03-11T12:00:00+02:00"),
        published=datetime.fromisoformat("2026-03-10T10:00:00+02:00"),
        changed=datetime.fromisoformat("2026-03-10T11:00:00+02:00"),
    )

    def test_examples(self):
        for module in (works_area, works_form):
            self.assertFalse(doctest.testmod(module).failed)

    def test_calendar_holds_to_rfc_5545(self):
        text = to_icalendar("Works", [self.entry])
        self.assertTrue(all(len(line.encode()) <= 75 for line in text.split("\r\n")))
        unfolded = text.replace("\r\n ", "")
        self.assertIn("SUMMARY:Water\\, off\\; \\\\ «main»\r\n", unfolded)
        self.assertIn("DTSTART:20260311T080000Z\r\n", unfolded)
        self.assertIn("DESCRIPTION:First line\\nsecond", unfolded)
        self.assertIn("UID:W-1@test\r\n", unfolded)

    def test_texts_add_no_lines_to_a_calendar(self):
        bad = "x\rATTENDEE:mailto:x@example.com\x00"
        text = to_icalendar("Works", [Entry(**{**vars(self.entry), "title": bad})])
        self.assertNotIn("\rATTENDEE", text)

    def test_news_are_well_formed(self):
        bad = Entry(**{**vars(self.entry), "description": "<b>&\x0b"})
        rss = etree.fromstring(to_rss("Works", "All", "https://example.com", "https://example.com/f", "uk", [bad]))
        self.assertEqual(rss.findtext("channel/item/title"), self.entry.title)
        self.assertEqual(rss.findtext("channel/item/description"), "<b>&")
        self.assertEqual(rss.findtext("channel/item/pubDate"), "Tue, 10 Mar 2026 10:00:00 +0200")
