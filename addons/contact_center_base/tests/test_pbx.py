"""Events of a telephone exchange, without a database."""

from datetime import datetime, timedelta
from itertools import permutations

from odoo.tests import BaseCase

from .. import pbx
from .common import clause

NOW = datetime(2026, 3, 2, 12, 0, 0)
NOTHING_KNOWN = dict.fromkeys(
    ("started_at", "answered_at", "ended_at", "abandoned", "number", "direction", "line", "recording_url")
)


def event(kind, seconds=0, **values):
    at = (NOW + timedelta(seconds=seconds)).isoformat() + "Z"
    return pbx.parse({"event": kind, "call_id": "1", "at": at, **values}, NOW, "UA")


class TestParse(BaseCase):
    def assertProblem(self, field, problem, payload):
        with self.assertRaises(pbx.PayloadError) as caught:
            pbx.parse(payload, NOW, "UA")
        self.assertEqual((caught.exception.field, caught.exception.problem), (field, problem))

    def test_numbers_in_any_spelling(self):
        for spelling in ("0501234567", "+380 50 123-45-67", "380501234567"):
            self.assertEqual(event("ring", number=spelling).number, "+380501234567")

    def test_hidden_and_short_numbers(self):
        for hidden in (None, "", "Anonymous"):
            self.assertIsNone(event("ring", number=hidden).number)
            self.assertTrue(event("ring", number=hidden).tells_number)
        self.assertEqual(event("ring", number="103").number, "103")
        self.assertFalse(event("hangup").tells_number)

    def test_moments(self):
        payload = {"event": "ring", "call_id": "1"}
        self.assertEqual(pbx.parse(payload, NOW).at, NOW)
        local = pbx.parse(dict(payload, at="2026-03-02T13:30:00.9+02:00"), NOW)
        self.assertEqual(local.at, datetime(2026, 3, 2, 11, 30))
        self.assertProblem("at", "time", dict(payload, at="2026-03-02T13:30:00"))
        self.assertProblem("at", "time", dict(payload, at="yesterday"))
        self.assertProblem("at", "future", dict(payload, at="2026-03-02T15:30:00+02:00"))

    def test_what_is_wrong_is_named(self):
        self.assertProblem("event", "missing", {"call_id": "1"})
        self.assertProblem("event", "unknown", {"event": "boom", "call_id": "1"})
        self.assertProblem("call_id", "missing", {"event": "ring", "call_id": " "})
        self.assertProblem("call_id", "text", {"event": "ring", "call_id": ["1"]})
        self.assertProblem("call_id", "text", {"event": "ring", "call_id": "1" * 200})
        self.assertProblem("number", "number", {"event": "ring", "call_id": "1", "number": "me"})
        self.assertProblem("direction", "unknown", {"event": "ring", "call_id": "1", "direction": "up"})
        self.assertProblem("recording", "url", {"event": "ring", "call_id": "1", "recording": "javascript:alert(1)"})


class TestMerge(BaseCase):
    def merged(self, events):
        known = dict(NOTHING_KNOWN)
        for item in events:
            known.update(pbx.merge(known, item))
        return known

    @clause("PO-6.4")
    def test_the_order_of_events_does_not_matter(self):
        events = [
            event("ring", -60, number="0501234567", direction="in", line="1520"),
            event("answer", -50),
            event("hangup", -10, recording="https://pbx.example/1.ogg"),
        ]
        results = [self.merged(order) for order in permutations(events)]
        self.assertEqual(results[0]["started_at"], NOW - timedelta(seconds=60))
        self.assertEqual(results[0]["answered_at"], NOW - timedelta(seconds=50))
        self.assertEqual(results[0]["ended_at"], NOW - timedelta(seconds=10))
        for result in results[1:]:
            self.assertEqual(result, results[0])

    def test_the_same_event_again_changes_nothing(self):
        for kind in pbx.KINDS:
            known = self.merged([event(kind, number="0501234567")])
            self.assertEqual(pbx.merge(known, event(kind, number="0501234567")), {})
