"""The words of Open311 without a database: parameters in, XML and JSON out."""

import doctest
import json
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from lxml import etree

from odoo.tests import BaseCase

from .. import masking
from ..open311 import BadParameter, describe_questions, read_answer, read_answers, read_query, render, render_error

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)


class TestParameters(BaseCase):
    def read(self, **params):
        return read_query(params, KYIV, NOW)

    def refuse(self, words, **params):
        with self.assertRaisesRegex(BadParameter, words):
            self.read(**params)

    def test_by_default_the_last_ninety_days(self):
        query = self.read()
        self.assertLess(query.start, NOW - timedelta(days=89))
        self.assertGreaterEqual(query.end, NOW)
        self.assertEqual((query.page, query.page_size), (1, 1000))

    def test_an_empty_parameter_equals_an_absent_one(self):
        names = ("service_request_id", "service_code", "status", "start_date", "end_date", "bbox", "page", "page_size")
        self.assertEqual(self.read(**dict.fromkeys(names, " ")), self.read())

    def test_numbers_override_the_rest(self):
        query = self.read(service_request_id="CC-1, CC-2,,CC-1", status="nonsense")
        self.assertEqual(query.numbers, ("CC-1", "CC-2"))

    def test_moments(self):
        for text, expected in (
            ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)),
            ("2026-03-01T09:30:00.5+02:00", datetime(2026, 3, 1, 7, 30, tzinfo=timezone.utc)),
            # A plus that nobody encoded.
            ("2026-03-01T09:30:00 02:00", datetime(2026, 3, 1, 7, 30, tzinfo=timezone.utc)),
            ("2026-03-01T09:30", datetime(2026, 3, 1, 7, 30, tzinfo=timezone.utc)),
            ("2026-03-01", datetime(2026, 2, 28, 22, tzinfo=timezone.utc)),
        ):
            self.assertEqual(self.read(start_date=text).start, expected, text)
        self.assertEqual(self.read(end_date="2026-03-01").end.date(), datetime(2026, 3, 1).date())

    def test_what_is_no_moment(self):
        for text in (
            "yesterday",
            "2026-02-30",
            "2026-3-1",
            "2026-03-01T25:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00",
            "٢٠٢٦-٠٣-٠١",
            "2026-03-01T09:30:00+99:99",
        ):
            self.refuse("start_date", start_date=text)

    def test_the_end_of_times(self):
        self.refuse("too far", start_date="9999-12-01")
        self.refuse("too far", end_date="0001-01-05")

    def test_span(self):
        self.refuse("90 days", start_date="2026-01-01", end_date="2026-04-02")
        self.refuse("after", start_date="2026-02-01", end_date="2026-01-01")
        query = self.read(start_date="2026-01-01", end_date="2026-04-01")
        self.assertEqual((query.end - query.start).days, 90)
        self.assertEqual(self.read(start_date="2025-01-01T00:00:00Z").end, datetime(2025, 4, 1, tzinfo=timezone.utc))

    def test_what_changed_isnt_held_to_when_it_was_registered(self):
        query = self.read(updated_after="2020-01-01")
        self.assertTrue(query.by_change)
        self.assertFalse(query.start or query.end)

    def test_statuses(self):
        self.assertEqual(self.read(status="Open,closed").statuses, {"open", "closed"})
        self.refuse("status", status="done")

    def test_pages(self):
        self.assertEqual(self.read(page="3", page_size="50").page_size, 50)
        for text in ("0", "-1", "1.5", "x", "10000000000000000", "１"):
            self.refuse("page ", page=text)
        self.refuse("page_size", page_size="1001")

    def test_bbox(self):
        self.assertEqual(self.read(bbox="33.1, 47.8,33.5,48").bbox, (33.1, 47.8, 33.5, 48.0))
        for text in ("1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,1,2,3", "inf,1,2,3", "5,1,2,3", "1,50,2,40", "1,2,3,91"):
            self.refuse("bbox", bbox=text)


class TestAnswers(BaseCase):
    definition = [
        {"name": "a", "type": "selection", "string": "Where?", "selection": [["1", "Left"], ["2", "Right"]]},
        {"name": "b", "type": "tags", "string": "What?", "tags": [["x", "X", 1], ["y", "Y", 2]]},
        {"name": "c", "type": "boolean", "string": "Dark?"},
        {"name": "d", "type": "integer", "string": "How many?"},
        {"name": "e", "type": "date", "string": "Since?"},
        {"name": "f", "type": "many2one", "string": "Who?", "comodel": "res.users"},
    ]

    def setUp(self):
        super().setUp()
        self.questions = {question.code: question for question in describe_questions(self.definition)}

    def test_datatypes(self):
        datatypes = {code: question.datatype for code, question in self.questions.items()}
        lists = {"a": "singlevaluelist", "b": "multivaluelist", "c": "singlevaluelist"}
        self.assertEqual(datatypes, {**lists, "d": "number", "e": "datetime"})
        self.assertEqual(self.questions["c"].values, (("true", "Yes"), ("false", "No")))

    def test_names_in_forms(self):
        items = [
            ("attribute[a]", "1"),
            ("attribute[b][]", "x"),
            ("attribute[b][]", "y"),
            ("attribute[c]", " "),
            ("z", "1"),
        ]
        self.assertEqual(read_answers(items), {"a": ["1"], "b": ["x", "y"]})

    def test_values(self):
        for code, texts, expected in (
            ("a", ["2"], "2"),
            ("b", ["y", "x", "y"], ["y", "x"]),
            ("c", ["TRUE"], True),
            ("d", ["12"], 12),
            ("e", ["2026-03-01T23:30:00Z"], "2026-03-02"),
        ):
            self.assertEqual(read_answer(self.questions[code], texts, KYIV), expected)

    def test_what_answers_nothing(self):
        for code, texts in (
            ("a", ["3"]),
            ("a", ["1", "2"]),
            ("b", ["z"]),
            ("c", ["perhaps"]),
            ("d", ["many"]),
            ("d", ["1.5"]),
            ("d", ["99999999999999999999"]),
            ("e", ["soon"]),
        ):
            with self.assertRaisesRegex(BadParameter, rf"attribute\[{code}\]"):
                read_answer(self.questions[code], texts, KYIV)


class TestRendering(BaseCase):
    def test_lists_are_bare_in_json_and_named_in_xml(self):
        rows = [{"service_code": "A & B", "metadata": False, "order": 1, "group": None}]
        self.assertEqual(json.loads(render("json", "services", rows)), rows)
        [row] = etree.fromstring(render("xml", "services", rows)).xpath("/services/service")
        self.assertEqual([child.text for child in row], ["A & B", "false", "1", None])

    def test_what_xml_has_no_way_to_write(self):
        text = render("xml", "services", [{"name": "a\x00\x0b\ud800\ufffe<b>✓"}])
        self.assertEqual(etree.fromstring(text).findtext("service/name"), "a<b>✓")

    def test_errors(self):
        self.assertEqual(json.loads(render_error("json", 404, "No.")), [{"code": 404, "description": "No."}])
        error = etree.fromstring(render_error("xml", 404, "No."))
        self.assertEqual(error.xpath("/errors/error/code/text() | /errors/error/description/text()"), ["404", "No."])


class TestMasking(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(masking).failed, 0)
