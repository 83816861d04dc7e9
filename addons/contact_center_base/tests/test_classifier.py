import base64
import csv

from odoo.exceptions import AccessError, UserError
from odoo.tools import file_open

from ..models.contact_center_category_table import COLUMNS
from ..tabular import read_table, write_csv, write_xlsx
from .common import ContactCenterCase

DEMO_CLASSIFIERS = {
    "kr": "contact_center_base/demo/classifier_kr.csv",
    "poz": "contact_center_base/demo/classifier_poz.csv",
}


class ClassifierCase(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for language in ("uk_UA", "pl_PL"):
            cls.env["res.lang"]._activate_lang(language)
        cls.Category = cls.env["contact.center.category"].with_user(cls.supervisor)

    def import_rows(self, *rows, **options):
        """Import rows given as dictionaries and return the result."""
        header = list(dict.fromkeys(name for row in rows for name in row))
        return self.import_file(write_csv(header, ([row.get(name) for name in header] for row in rows)), **options)

    def import_file(self, data, **options):
        return self.Category._import_table(read_table(data, "classifier.csv", {"code"}), **options)

    def find(self, code):
        return self.Category.search([("code", "=", code)])


class TestClassifierImport(ClassifierCase):
    def assertRejected(self, result, expected):
        """The rejected lines are the expected ones, each with its piece of the reason."""
        self.assertEqual([line for line, _row, _reason in result.rejected], list(expected), result.rejected)
        for line, _row, reason in result.rejected:
            self.assertIn(expected[line], reason)

    def test_rows_in_any_order(self):
        result = self.import_rows(
            {"code": "A.B.C", "parent_code": "A.B", "name_en": "Leaf"},
            {"code": "A.B", "parent_code": "A", "name_en": "Twig"},
            {"code": "A", "parent_code": "", "name_en": "Branch"},
        )
        self.assertEqual((result.created, result.rejected), (3, []))
        self.assertEqual(self.find("A.B.C").complete_name, "Branch / Twig / Leaf")

    def test_every_column(self):
        self.rule.code = "days_3"
        self.import_rows(
            {
                "code": "WATER",
                "name_uk": "Немає води",
                "name_pl": "Brak wody",
                "name_en": "No water",
                "synonyms": "сухий кран; нема воды",
                "class": "complaint",
                "term_code": "days_3",
                "priority": "3",
                "place_required": "так",
                "photo_required": "0",
                "restricted": "1",
                "public": "no",
                "duplicate_distance_m": "70",
                "duplicate_days": "5",
                "executor": "City Light",
                "answer_template": "Воду ввімкнено.",
            }
        )
        node = self.find("WATER")
        self.assertEqual(
            [node.with_context(lang=language).name for language in ("uk_UA", "pl_PL", "en_US")],
            ["Немає води", "Brak wody", "No water"],
        )
        self.assertRecordValues(
            node,
            [
                {
                    "synonyms": "сухий кран; нема воды",
                    "request_class": "complaint",
                    "deadline_rule_id": self.rule.id,
                    "priority": "3",
                    "place_required": True,
                    "photo_required": False,
                    "restricted": True,
                    "public": False,
                    "duplicate_distance": 70,
                    "duplicate_days": 5,
                    "owner_id": self.works.id,
                    "answer_template": "Воду ввімкнено.",
                    "company_id": self.city.id,
                }
            ],
        )

    def test_known_nodes_are_changed_and_absent_columns_left(self):
        result = self.import_rows({"code": "LAMP", "name_en": "Lamp is out", "synonyms": "dark"}, {"code": "HOLE"})
        self.assertEqual((result.created, result.updated, result.unchanged), (0, 1, 1))
        self.assertEqual((self.lamp.name, self.lamp.synonyms), ("Lamp is out", "dark"))
        self.assertTrue(self.lamp.place_required)
        self.assertEqual(self.lamp.owner_id, self.works)
        self.import_rows({"code": "LAMP", "executor": "", "place_required": ""})
        self.assertFalse(self.lamp.owner_id)
        self.assertTrue(self.lamp.place_required)

    def test_a_bad_row_keeps_only_itself_out(self):
        result = self.import_rows(
            {"code": "GOOD", "name_en": "Good"},
            {"code": "", "name_en": "No code"},
            {"code": "NAMELESS"},
            {"code": "GOOD", "name_en": "Again"},
            {"code": "CLASS", "name_en": "x", "class": "wish"},
            {"code": "TERM", "name_en": "x", "term_code": "days_999"},
            {"code": "FLAG", "name_en": "x", "restricted": "perhaps"},
            {"code": "NUMBER", "name_en": "x", "duplicate_days": "-1"},
            {"code": "EXECUTOR", "name_en": "x", "executor": "Nobody & sons"},
            {"code": "ORPHAN", "name_en": "x", "parent_code": "NOWHERE"},
            {"code": "CHILD", "name_en": "x", "parent_code": "ORPHAN"},
            {"code": "FINE", "name_en": "Fine", "parent_code": "GOOD"},
        )
        self.assertEqual(result.created, 2)
        self.assertEqual(self.find("FINE").parent_id, self.find("GOOD"))
        self.assertRejected(
            result,
            {
                3: "code is missing",
                4: "needs a name",
                5: "Line 2",
                6: "wish",
                7: "days_999",
                8: "perhaps",
                9: "-1",
                10: "Nobody & sons",
                11: "NOWHERE",
                12: "ORPHAN",
            },
        )

    def test_cycles_are_rejected(self):
        result = self.import_rows(
            {"code": "A", "parent_code": "B", "name_en": "A"},
            {"code": "B", "parent_code": "A", "name_en": "B"},
            {"code": "SELF", "parent_code": "SELF", "name_en": "S"},
            {"code": "UNDER", "parent_code": "B", "name_en": "U"},
        )
        self.assertEqual(result.created, 0)
        self.assertRejected(result, {2: "below itself", 3: "below itself", 4: "below itself", 5: "“B”"})

    def test_parent_and_child_change_places(self):
        self.pothole.parent_id = self.lamp
        result = self.import_rows({"code": "LAMP", "parent_code": "HOLE"}, {"code": "HOLE", "parent_code": ""})
        self.assertEqual((result.updated, result.rejected), (2, []))
        self.assertEqual(self.lamp.parent_id, self.pothole)

    def test_broken_quotes_are_rejected(self):
        result = self.import_file(b'code,name_en\nX,"ab"c\nY,Fine\nZ,a,b\n')
        self.assertEqual(result.created, 1)
        self.assertRejected(result, {2: "quotation", 4: "header"})

    def test_unknown_executors_are_added_on_demand(self):
        rows = [{"code": code, "name_en": code, "executor": "Water works"} for code in ("W1", "W2")]
        self.assertEqual(len(self.import_rows(*rows).rejected), 2)
        self.assertEqual(self.import_rows(*rows, create_executors=True).created, 2)
        partner = self.find("W1").owner_id
        self.assertEqual((partner.is_company, partner.company_id), (True, self.city))
        self.assertEqual(self.find("W2").owner_id, partner)

    def test_names_of_an_inactive_language_are_reported(self):
        self.env["res.lang"]._activate_lang("en_US")
        self.env["res.lang"].search([("code", "=", "pl_PL")]).active = False
        result = self.import_rows({"code": "X", "name_pl": "Woda", "name_en": "Water"})
        self.assertEqual((result.created, result.skipped_columns), (1, ("name_pl",)))

    def test_other_cities_stay_out(self):
        other_city = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_category("FAR", "Far away", company_id=other_city.id)
        self.import_rows({"code": "FAR", "name_en": "Near"})
        self.assertEqual(foreign.name, "Far away")
        self.assertEqual(self.find("FAR").company_id, self.city)

    def test_who_may_import(self):
        with self.assertRaises(AccessError):
            self.Category.with_user(self.operator)._import_table(
                read_table(write_csv(["code", "name_en"], [["X", "X"]]), "classifier.csv")
            )


class TestClassifierRoundTrip(ClassifierCase):
    def export(self, write):
        return write(COLUMNS, self.Category._get_export_rows())

    def load_demo(self, name):
        """Import a demo classifier with the terms it names."""
        with file_open(DEMO_CLASSIFIERS[name], "rb") as file:
            data = file.read()
        codes = {row["term_code"] for _line, row in read_table(data, name).rows} - {""}
        known = self.env["contact.center.deadline.rule"].search([("company_id", "=", self.city.id)]).mapped("code")
        for code in codes.difference(known):
            self.make_rule(code, code=code)
        return self.import_file(data, create_executors=True)

    def test_export_and_import_change_nothing(self):
        for city in DEMO_CLASSIFIERS:
            self.assertEqual(self.load_demo(city).rejected, [])
        self.lamp.synonyms = "=formula; line\nbreak; 'quoted'; \"double\""
        count = self.Category.search_count([])
        for write in (write_csv, write_xlsx):
            with self.subTest(write.__name__):
                data = self.export(write)
                result = self.import_file(data)
                self.assertEqual((result.unchanged, result.updated, result.created), (count, 0, 0))
                self.assertEqual(result.rejected, [])
                self.assertEqual(list(read_table(data, "").rows), list(read_table(self.export(write), "").rows))

    def test_phrases_find_their_node_within_the_first_five(self):
        with file_open("contact_center_base/tests/data/classifier_phrases.csv") as file:
            phrases = list(csv.DictReader(file))
        self.assertGreaterEqual(len(phrases), 100)
        for city in DEMO_CLASSIFIERS:
            with self.env.cr.savepoint() as savepoint:
                self.assertEqual(self.load_demo(city).rejected, [])
                for row in phrases:
                    if row["city"] == city:
                        with self.subTest(row["phrase"]):
                            found = self.Category.search_by_words(row["phrase"], limit=5)
                            self.assertIn(row["expected_code"], found.mapped("code"))
                savepoint.rollback()


class TestClassifierDialogs(ClassifierCase):
    def make_dialog(self, data, **values):
        return (
            self.env["contact.center.category.import"]
            .with_user(self.supervisor)
            .create({"file": base64.b64encode(data), "filename": "classifier.csv", **values})
        )

    def test_check_changes_nothing_and_import_does(self):
        dialog = self.make_dialog(b"code;name_en\nNEW;New\nLAMP;Lamp\n;Nameless\n")
        dialog.action_check()
        self.assertRecordValues(
            dialog, [{"state": "checked", "created_count": 1, "updated_count": 1, "rejected_count": 1}]
        )
        self.assertFalse(self.find("NEW"))
        self.assertEqual(self.lamp.name, "Street lamp is off")
        dialog.action_import()
        self.assertEqual(dialog.state, "done")
        self.assertTrue(self.find("NEW"))
        self.assertEqual(self.lamp.name, "Lamp")

    def test_report_names_line_and_reason_and_can_be_imported_again(self):
        dialog = self.make_dialog(b"code;name_en;class\nNEW;New;wish\n")
        dialog.action_check()
        report = base64.b64decode(dialog.report)
        (_line, row), *others = read_table(report, "report").rows
        self.assertFalse(others)
        self.assertEqual((row["code"], row["line"]), ("NEW", "2"))
        self.assertIn("wish", row["reason"])
        self.assertEqual(self.import_file(report.replace(b"wish", b"request", 1)).created, 1)

    def test_reasons_are_in_the_readers_language(self):
        with self.assertRaisesRegex(UserError, "classifier.csv"):
            self.make_dialog(b"name_en\nX\n").action_check()
        with self.assertRaises(UserError):
            self.env["contact.center.category.import"].create({}).action_check()

    def test_export_offers_a_file(self):
        for file_format in ("csv", "xlsx"):
            dialog = (
                self.env["contact.center.category.export"]
                .with_user(self.supervisor)
                .create({"file_format": file_format})
            )
            dialog.action_export()
            codes = [row["code"] for _line, row in read_table(base64.b64decode(dialog.file), dialog.filename).rows]
            self.assertCountEqual(codes, ["LAMP", "HOLE", "CORR", "HOURS"])

    def test_extra_questions(self):
        def open_dialog():
            Dialog = self.env["contact.center.category.questions"].with_user(self.supervisor)
            return Dialog.with_context(default_category_id=self.lamp.id).create({})

        dialog = open_dialog()
        Line = self.env["contact.center.category.questions.line"].with_user(self.supervisor)
        Line.create({"wizard_id": dialog.id, "question": "Number of the post"})
        Line.create(
            {"wizard_id": dialog.id, "question": "How many", "kind": "selection", "choices": "one; several; one"}
        )
        dialog.action_apply()
        first, second = self.lamp.question_definition
        self.assertEqual((first["string"], first["type"]), ("Number of the post", "char"))
        self.assertEqual([label for _value, label in second["selection"]], ["one", "several"])
        self.assertEqual(self.lamp.question_summary, "• Number of the post\n• How many")

        dialog = open_dialog()
        self.assertEqual(dialog.line_ids.mapped("choices"), ["", "one; several"])
        dialog.line_ids[1].choices = "several; all"
        dialog.action_apply()
        kept = {label: value for value, label in second["selection"]}["several"]
        self.assertEqual(self.lamp.question_definition[0]["name"], first["name"])
        self.assertEqual(self.lamp.question_definition[1]["selection"][0], [kept, "several"])

    def test_a_choice_needs_choices(self):
        dialog = self.env["contact.center.category.questions"].create({"category_id": self.lamp.id})
        self.env["contact.center.category.questions.line"].create(
            {"wizard_id": dialog.id, "question": "Which", "kind": "selection", "choices": " ; "}
        )
        with self.assertRaisesRegex(UserError, "Which"):
            dialog.action_apply()
