import json
from datetime import datetime, timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import mute_logger

from .common import ContactCenterCase, clause

# A Monday, 10:00 in Kyiv: the centre works.
MONDAY = datetime(2026, 3, 2, 8, 0, 0)


class CallCase(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Call = cls.env["contact.center.call"]
        cls.pbx = cls.make_user("pbx", "group_pbx")
        cls.operator.contact_center_extension = "201"
        cls.operator_2.contact_center_extension = "202"

    @classmethod
    def make_call(cls, wait=10, talk=None, start=MONDAY, **values):
        """Return a call that waited ``wait`` seconds and, with ``talk``, was answered and lasted so many seconds."""
        end = start + timedelta(seconds=wait + (talk or 0))
        return cls.Call.create(
            {
                "number": "+380501234567",
                "started_at": start,
                "answered_at": start + timedelta(seconds=wait) if talk else False,
                "ended_at": end,
                "user_id": cls.operator.id,
                "company_id": cls.city.id,
                **values,
            }
        )

    def report(self, event, call_id="77", user=None, **values):
        values = {"event": event, "call_id": call_id, "at": "2026-03-02T08:00:00Z", **values}
        user = user or self.pbx
        calls = self.Call.with_user(user).with_context(allowed_company_ids=user.company_id.ids)
        return calls._register_event(values)

    def find(self, call_id="77"):
        return self.Call.search([("pbx_call_id", "=", call_id), ("company_id", "=", self.city.id)])

    def pop_notifications(self):
        """Return ``[(partner id, type)]`` of the notifications sent since the last time."""
        values = self.env.cr.precommit.data.pop("bus.bus.values", [])
        self.env.cr.precommit.clear()
        found = []
        for row in values:
            _database, model, record_id = json.loads(row["channel"])
            self.assertEqual(model, "res.partner")
            found.append((record_id, json.loads(row["message"])["type"]))
        return found


class TestFigures(CallCase):
    @clause("PO-6.4")
    def test_waiting_and_handling_time(self):
        answered = self.make_call(wait=12, talk=95)
        self.assertEqual((answered.wait_seconds, answered.handling_seconds), (12, 95))
        missed = self.make_call(wait=40)
        self.assertEqual((missed.wait_seconds, missed.handling_seconds), (40, 0))

    @clause("PO-6.4")
    def test_outcomes(self):
        self.assertEqual(self.make_call(talk=5).outcome, "answered")
        self.assertEqual(self.make_call().outcome, "missed")
        self.assertEqual(self.make_call(abandoned=True).outcome, "abandoned")
        self.assertEqual(self.make_call(direction="out").outcome, "not_reached")
        self.assertEqual(self.make_call(ended_at=False).outcome, "ringing")
        self.assertEqual(self.make_call(talk=5, ended_at=False).outcome, "talking")

    @clause("PO-6.4")
    def test_service_level_is_what_was_promised_at_that_time(self):
        self.city.contact_center_service_level_seconds = 20
        in_time, late = self.make_call(wait=20, talk=5), self.make_call(wait=21, talk=5)
        self.assertTrue(in_time.within_service_level)
        self.assertFalse(late.within_service_level)
        self.assertFalse(self.make_call(wait=5).within_service_level)
        self.city.contact_center_service_level_seconds = 60
        self.assertFalse(late.within_service_level)

    def make_resolved_request(self, finished_at):
        request = self.make_request()
        request._transition("done", result="Told", informed_by="phone", finished_at=finished_at)
        return request

    @clause("PO-6.4")
    def test_resolved_at_first_contact(self):
        in_call = self.make_resolved_request(MONDAY + timedelta(seconds=50))
        call = self.make_call(wait=10, talk=60, request_id=in_call.id)
        self.assertTrue(call.first_contact_resolution)
        next_day = self.make_resolved_request(MONDAY + timedelta(days=1))
        self.assertFalse(self.make_call(wait=10, talk=60, request_id=next_day.id).first_contact_resolution)
        self.assertFalse(self.make_call(wait=10, talk=60).first_contact_resolution, "nothing came of it")
        self.assertFalse(self.make_call(wait=10, talk=60, request_id=self.make_request().id).first_contact_resolution)
        in_call.with_user(self.supervisor)._transition("rework", comment="It wasn't")
        self.assertFalse(call.first_contact_resolution)

    @clause("MA-5.2")
    def test_out_of_hours_is_noted(self):
        self.assertFalse(self.make_call().out_of_hours)
        night = datetime(2026, 3, 2, 1, 0, 0)
        self.assertTrue(self.make_call(start=night).out_of_hours)
        saturday = datetime(2026, 3, 7, 9, 0, 0)
        self.assertTrue(self.make_call(start=saturday).out_of_hours)

    @clause("PO-6.4")
    def test_indicators_agree_with_counting_by_hand(self):
        self.city.contact_center_service_level_seconds = 20
        resolved = self.make_resolved_request(MONDAY + timedelta(seconds=30))
        self.make_call(wait=10, talk=100, request_id=resolved.id)
        self.make_call(wait=30, talk=200)
        self.make_call(wait=20, talk=60, refused=True)
        self.make_call(wait=50, abandoned=True)
        self.make_call(wait=90)
        self.make_call(wait=5, talk=50, direction="out")
        self.make_call(ended_at=False)
        self.make_call(wait=7, talk=7, start=datetime(2026, 3, 1, 21, 59, 59))  # Sunday in Kyiv
        self.assertEqual(
            self.Call.with_user(self.analyst).get_indicators("2026-03-02", "2026-03-02"),
            {
                "offered": 5,
                "answered": 3,
                "abandoned": 1,
                "missed": 1,
                "refused": 1,
                "out_of_hours": 0,
                "average_wait": 20.0,
                "average_abandoned_wait": 50.0,
                "average_handling": 120.0,
                "service_level": 40.0,
                "first_contact_resolution": 50.0,
                "service_level_target": 80,
            },
        )
        self.assertEqual(self.Call.get_indicators("2026-03-01", "2026-03-01")["out_of_hours"], 1)

    @clause("PO-6.4")
    def test_indicators_of_a_day_without_calls(self):
        figures = self.Call.get_indicators("2026-03-02", "2026-03-02")
        self.assertEqual(figures["offered"], 0)
        self.assertEqual(figures["answered"], 0)
        self.assertFalse(figures["service_level"])

    @clause("PO-6.4")
    def test_figures_by_hour_of_the_city_and_operator(self):
        self.make_call(talk=30)
        self.make_call(talk=30, start=MONDAY + timedelta(hours=3), user_id=self.operator_2.id)
        self.make_call(start=MONDAY + timedelta(hours=3), abandoned=True, user_id=False)
        rows = (
            self.env["contact.center.call.report"]
            .with_user(self.analyst)
            ._read_group([("company_id", "=", self.city.id)], ["hour", "user_id"], ["answered:sum", "abandoned:sum"])
        )
        users = self.env["res.users"]
        self.assertEqual(rows, [(10, self.operator, 1, 0), (13, self.operator_2, 1, 0), (13, users, 0, 1)])


class TestSecrets(CallCase):
    def test_who_called_about_a_restricted_matter(self):
        request = self.make_request(category_id=self.corruption.id, partner_id=False)
        call = self.make_call(talk=60, request_id=request.id)
        self.env.invalidate_all()
        shown = [
            self.Call.with_user(user).search_count([("id", "=", call.id)])
            for user in (self.operator, self.operator_2, self.supervisor, self.head, self.restricted_officer)
        ]
        self.assertEqual(shown, [1, 0, 0, 0, 1])
        self.assertEqual(call.with_user(self.operator).request_id.sudo().display_name, request.number)

    def test_the_log_is_not_edited(self):
        call = self.make_call(talk=60)
        for user in (self.operator, self.supervisor, self.head, self.pbx):
            with self.assertRaises(AccessError):
                call.with_user(user).write({"ended_at": MONDAY})
        with self.assertRaises(UserError):
            call.unlink()

    def test_recordings_are_for_supervisors(self):
        call = self.make_call(talk=60, recording_url="https://pbx.example/1.ogg")
        self.assertEqual(call.with_user(self.supervisor).recording_url, "https://pbx.example/1.ogg")
        with self.assertRaises(AccessError):
            call.with_user(self.operator).read(["recording_url"])

    def test_the_key_of_the_exchange_opens_nothing_else(self):
        self.make_call()
        for model in ("contact.center.call", "contact.center.request", "contact.center.blocked.number"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.pbx).search([])

    def test_other_cities(self):
        call = self.make_call()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_user("stranger", "group_head", company=other)
        calls = self.Call.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(calls.search([("id", "=", call.id)]))

    def test_attach_a_request(self):
        call = self.make_call(talk=60)
        first, second = self.make_request(), self.make_request()
        call.with_user(self.operator).attach_request(first.id)
        call.with_user(self.operator).attach_request(second.id)
        self.assertEqual(call.request_id, first, "the first matter stays")
        self.assertEqual(call.partner_id, self.resident)
        with self.assertRaisesRegex(AccessError, "was taken by"):
            call.with_user(self.operator_2).attach_request(second.id)


class TestEvents(CallCase):
    def test_a_call_from_ring_to_hangup(self):
        answer = self.report("ring", number="0501234567", extension="201", line="1520")
        self.assertEqual(answer, {"call_id": "77", "outcome": "ringing", "extension": "201", "blocked_until": None})
        self.report("answer", at="2026-03-02T08:00:15Z", extension="201")
        self.report("hangup", at="2026-03-02T08:01:15Z", recording="https://pbx.example/77.ogg")
        call = self.find()
        self.assertEqual(
            (call.outcome, call.wait_seconds, call.handling_seconds, call.user_id, call.number, call.line),
            ("answered", 15, 60, self.operator, "+380501234567", "1520"),
        )
        self.assertEqual(call.partner_id, self.resident)
        self.assertEqual(call.company_id, self.city)

    def test_events_out_of_order_and_repeated(self):
        self.report("hangup", at="2026-03-02T08:01:15Z", number="0501234567")
        self.report("answer", at="2026-03-02T08:00:15Z", extension="202")
        self.report("ring", extension="201")
        self.report("hangup", at="2026-03-02T08:01:15Z", number="0501234567")
        call = self.find()
        self.assertEqual(len(call), 1)
        self.assertEqual((call.outcome, call.wait_seconds, call.handling_seconds), ("answered", 15, 60))
        self.assertEqual(call.user_id, self.operator_2)
        self.assertFalse(self.pop_notifications(), "nobody is told of a call that is over")

    def test_abandoned(self):
        self.report("ring", number=None)
        self.report("abandoned", at="2026-03-02T08:00:40Z")
        call = self.find()
        self.assertEqual((call.outcome, call.wait_seconds, call.display_name), ("abandoned", 40, "Hidden number"))

    def test_a_ring_tells_its_operator_once(self):
        self.pop_notifications()
        self.report("ring", number="0501234567", extension="201")
        self.report("ring", number="0501234567", extension="201")
        self.assertEqual(self.pop_notifications(), [(self.operator.partner_id.id, "contact_center.call_ringing")])
        self.report("ring", extension="202")
        self.assertEqual(
            self.pop_notifications(),
            [
                (self.operator.partner_id.id, "contact_center.call_over"),
                (self.operator_2.partner_id.id, "contact_center.call_ringing"),
            ],
        )
        self.report("abandoned", at="2026-03-02T08:00:40Z")
        self.assertEqual(self.pop_notifications(), [(self.operator_2.partner_id.id, "contact_center.call_over")])

    def test_an_extension_of_nobody_loses_no_call(self):
        self.assertIsNone(self.report("ring", number="0501234567", extension="999")["extension"])
        self.assertFalse(self.find().user_id)

    def test_extensions_belong_to_a_city(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        other_pbx = self.make_user("other_pbx", "group_pbx", company=other)
        self.report("ring", user=other_pbx, number="+48611234567", extension="201")
        call = self.Call.search([("company_id", "=", other.id)])
        self.assertFalse(call.user_id)
        self.report("ring", number="0501234567", extension="201")
        self.assertEqual(self.find().user_id, self.operator, "the same call id in another city is another call")

    def test_unknown_call(self):
        with self.assertRaisesRegex(MissingError, "Send its ring first"):
            self.report("answer", extension="201")

    def test_only_an_exchange_reports(self):
        for user in (self.operator, self.head, self.technical_admin):
            with self.assertRaisesRegex(AccessError, "may not report calls"):
                self.report("ring", user=user, number="0501234567")

    @clause("MA-5.2")
    def test_calls_are_taken_at_night(self):
        self.report("ring", number="0501234567", at="2026-03-02T01:00:00Z")
        self.assertTrue(self.find().out_of_hours)


class TestCard(CallCase):
    def card(self, number="050 123 45 67", user=None):
        return self.Call.with_user(user or self.operator).get_caller_card(number)

    def test_what_the_operator_sees(self):
        request = self.make_request(street_id=self.street.id, house="7")
        self.make_call(talk=60, request_id=request.id)
        card = self.card()
        self.assertEqual(card["number"], "+380501234567")
        self.assertEqual(
            card["applicants"], [{"id": self.resident.id, "name": self.resident.display_name, "kind": "Resident"}]
        )
        self.assertFalse(card["blocked"])
        [row] = card["requests"]
        self.assertEqual(
            (row["id"], row["number"], row["state_label"], row["category"]),
            (request.id, request.number, "New", "Pothole"),
        )
        self.assertEqual(row["deadline_text"], request.deadline_text)
        [contact] = card["contacts"]
        self.assertEqual(
            (contact["direction"], contact["outcome"], contact["request"]), ("Incoming", "Answered", request.number)
        )
        self.assertIn("7", card["address"])

    def test_joined_requests_count(self):
        request = self.make_request(partner_id=False)
        request.with_user(self.operator).join(self.resident)
        self.assertEqual([row["number"] for row in self.card()["requests"]], [request.number])

    def test_of_a_restricted_request_number_and_state(self):
        request = self.make_request(user=self.restricted_officer, category_id=self.corruption.id)
        self.assertEqual(
            self.card()["requests"],
            [
                {
                    "id": False,
                    "number": request.number,
                    "state": "new",
                    "state_label": "New",
                    "category": "",
                    "deadline_text": "",
                }
            ],
        )
        self.assertEqual(self.card(user=self.restricted_officer)["requests"][0]["category"], "Corruption")

    def test_unknown_and_hidden_numbers(self):
        self.make_request(partner_id=False, phone=False)
        for number in ("+380509999999", False):
            card = self.card(number)
            self.assertFalse(card["applicants"] or card["requests"] or card["contacts"] or card["address"])

    def test_other_roles_get_none(self):
        for user in (self.analyst, self.technical_admin, self.employee):
            with self.assertRaises(AccessError):
                self.card(user=user)


class TestOperators(CallCase):
    def find_operators(self, *args, **kwargs):
        found = self.env["res.users"]._find_operators(*args, **kwargs)
        return found & (self.operator + self.operator_2)

    def add_skill(self, user, category=None, language=None):
        lang = self.env["res.lang"].with_context(active_test=False).search([("code", "=", language)], limit=1)
        self.env["contact.center.operator.skill"].create(
            {"user_id": user.id, "category_id": category and category.id, "lang_id": language and lang.id}
        )

    @clause("PO-7.1.6")
    def test_topics_with_all_below_them(self):
        deeper = self.make_category("DEEP", "Deep pothole", parent_id=self.pothole.id)
        self.add_skill(self.operator, self.pothole)
        self.assertEqual(self.find_operators(deeper), self.operator + self.operator_2)
        self.assertEqual(self.find_operators(self.lamp), self.operator_2)
        self.assertEqual(self.find_operators(), self.operator + self.operator_2, "the topic isn't known yet")

    @clause("PO-7.1.6")
    def test_languages(self):
        self.add_skill(self.operator, self.lamp, "pl_PL")
        self.add_skill(self.operator, None, "uk_UA")
        self.assertIn(self.operator, self.find_operators(self.pothole, "uk_UA"))
        self.assertIn(self.operator, self.find_operators(self.lamp, "pl_PL"))
        self.assertNotIn(self.operator, self.find_operators(self.pothole, "pl_PL"))

    def lend(self, direction, start, end):
        return self.env["contact.center.lending"].create(
            {
                "user_id": self.operator.id,
                "unit_id": self.works.id,
                "direction": direction,
                "date_from": start,
                "date_to": end,
            }
        )

    @clause("PO-7.1.6")
    def test_lent_hours(self):
        hour = timedelta(hours=1)
        lending = self.lend("to_centre", MONDAY, MONDAY + 4 * hour)
        self.assertEqual(lending.hours, 4)
        self.assertNotIn(self.operator, self.find_operators(at=MONDAY - hour))
        self.assertIn(self.operator, self.find_operators(at=MONDAY))
        self.assertNotIn(self.operator, self.find_operators(at=MONDAY + 4 * hour))
        lending.direction = "from_centre"
        self.assertIn(self.operator, self.find_operators(at=MONDAY - hour))
        self.assertNotIn(self.operator, self.find_operators(at=MONDAY))

    def test_nobody_is_lent_twice_at_once(self):
        self.lend("to_centre", MONDAY, MONDAY + timedelta(hours=4))
        with self.assertRaisesRegex(UserError, "already shared with City Light"):
            self.lend("from_centre", MONDAY + timedelta(hours=3), MONDAY + timedelta(hours=5))

    def test_only_operators_of_the_city(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_user("elsewhere", "group_operator", company=other)
        found = self.env["res.users"]._find_operators()
        self.assertNotIn(stranger, found)
        self.assertNotIn(self.analyst, found)

    def test_one_extension_one_operator(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.operator_2.contact_center_extension = "201"
            self.env.flush_all()
