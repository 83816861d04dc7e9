import base64
import csv
import gzip
import io
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from odoo import Command, api, sql_db
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import BaseCase
from odoo.tools import SQL, file_open, mute_logger

from ..importing import Outcome, RowError, RowMapping, explain
from ..models import contact_center_import
from ..models.contact_center_import import ImportBusy
from ..tabular import read_table, write_xlsx
from .common import ContactCenterCase

NOW = datetime(2026, 5, 1)
COLUMNS = ["Номер", "Дата", "Тема", "Стан", "Вулиця", "Буд.", "Широта", "Довгота", "Закрито", "Телефон"]


def sample():
    """Return the real rows of Los Angeles that come with the tests."""
    with file_open("contact_center_base/tests/data/la311_small.csv", "rb") as file:
        return file.read()


def table(*rows, encoding="utf-8", delimiter=";", columns=COLUMNS):
    """Return a CSV of the old hotline."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([columns, *rows])
    return text.getvalue().encode(encoding)


def row(number, date="01.04.2026 10:30", topic="Яма", state="Нова", street="вулиця Соборна", house="5", **cells):
    """Return the cells of one row of the old hotline."""
    return [number, date, topic, state, street, house, *(cells.get(name, "") for name in COLUMNS[6:])]


@tagged("post_install", "-at_install")
class TestRowMapping(BaseCase):
    """What a row means, without any records."""

    def setUp(self):
        super().setUp()
        self.mapping = RowMapping(
            columns={
                "source_number": ["No"],
                "registered_at": ["In"],
                "started_at": ["Visit", "Changed"],
                "finished_at": ["Out"],
                "state": ["State"],
                "street": ["Side", "Street"],
                "place_note": ["Corner"],
                "latitude": ["Lat"],
                "anonymous": ["Hidden"],
                "phone": ["Phone"],
            },
            outcomes={"open": Outcome(), "solved": Outcome(("in_progress", "done"))},
            formats=["%d.%m.%Y %H:%M", "%d.%m.%Y"],
        )

    def read_cells(self, **cells):
        return self.mapping.read_row({"No": "1", "In": "02.03.2026 10:00", "State": "open", **cells}, NOW)

    def dates(self, **cells):
        return [move.date for move in self.read_cells(State="solved", **cells).moves]

    def assertRefused(self, code, **cells):
        with self.assertRaises(RowError) as caught:
            self.read_cells(**cells)
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(explain(caught.exception, SimpleNamespace(_=lambda text: text)))

    def test_history_follows_the_columns(self):
        self.assertEqual(
            self.dates(Visit="03.03.2026 09:00", Out="04.03.2026 12:00"),
            [datetime(2026, 3, 2, 10), datetime(2026, 3, 3, 9), datetime(2026, 3, 4, 12)],
        )

    def test_first_filled_column_counts(self):
        self.assertEqual(self.dates(Changed="03.03.2026 11:00", Out="04.03.2026 12:00")[1], datetime(2026, 3, 3, 11))

    def test_work_lies_between_registration_and_end(self):
        self.assertEqual(self.dates(Visit="01.03.2026", Out="04.03.2026 12:00")[1], datetime(2026, 3, 2, 10))
        self.assertEqual(self.dates(Visit="05.03.2026", Out="04.03.2026 12:00")[1], datetime(2026, 3, 4, 12))

    def test_bare_date_of_the_same_day_is_no_earlier_end(self):
        self.assertEqual(self.dates(Out="02.03.2026")[2], datetime(2026, 3, 2, 10))
        self.assertRefused("ends_early", State="solved", Out="01.03.2026")
        self.assertRefused("ends_early", State="solved", Out="02.03.2026 09:59")

    def test_street_is_joined_and_wins_over_the_corner(self):
        self.assertEqual(
            self.read_cells(Side="N", Street="MAIN ST", Corner="at the fountain").names["street"], "N MAIN ST"
        )
        self.assertEqual(self.read_cells(Corner="at the fountain").values["place_note"], "at the fountain")

    def test_anonymous_applicant_leaves_no_contact(self):
        self.assertEqual(self.read_cells(Phone="123").applicant, {"phone": "123"})
        self.assertEqual(self.read_cells(Phone="123", Hidden="так").applicant, {})

    def test_senseless_cells_are_refused(self):
        self.assertRefused("empty", No="")
        self.assertRefused("moment", In="yesterday")
        self.assertRefused("future", In="02.05.2026")
        self.assertRefused("value", State="lost")
        self.assertRefused("empty", State="solved")
        self.assertRefused("number", Lat="north")
        self.assertRefused("coordinate", Lat="118.2")
        self.assertRefused("coordinate", Lat="nan")
        self.assertRefused("flag", Hidden="perhaps")
        self.assertRefused("misshapen", **{"": "one cell too many"})


class ImportCase(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A copy, so that nothing else imported by the profile gets into the way.
        cls.los_angeles = cls.env.ref("contact_center_base.import_profile_la311").copy(
            {"code": "test_la311", "source_system": "test_la311", "city_name": "Test Angeles"}
        )
        cls.hotline = cls.env["contact.center.import.profile"].create(
            {
                "name": "Old hotline",
                "code": "old_hotline",
                "company_id": cls.city.id,
                "source_system": "hotline",
                "date_formats": "%d.%m.%Y %H:%M\n%d.%m.%Y",
                "description_template": "{Тема}",
                "result_template": "{Стан}",
                "column_ids": [
                    Command.create({"name": name, "target": target})
                    for name, target in zip(
                        COLUMNS,
                        (
                            "source_number",
                            "registered_at",
                            "category",
                            "state",
                            "street",
                            "house",
                            "latitude",
                            "longitude",
                            "finished_at",
                            "phone",
                        ),
                        strict=True,
                    )
                ],
                "value_ids": [
                    Command.create({"target": "state", "name": "Нова"}),
                    Command.create({"target": "state", "name": "Виконана", "value": "in_progress, done"}),
                    Command.create({"target": "state", "name": "Пропозиція", "value": "proposed"}),
                    Command.create({"target": "category", "name": "Яма", "value": "HOLE"}),
                    Command.create({"target": "category", "name": "Ліхтар", "value": "LAMP"}),
                ],
            }
        )
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def run_file(self, content, name="requests.csv", profile="old_hotline", **options):
        """Import a file as the command line does, with commits that end with the test."""
        path = self.folder / name
        path.write_bytes(content)
        options.setdefault("company", self.city)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            options["company"] = options["company"] and options["company"].with_env(env)
            return env["contact.center.import"].run_file(path, profile, errors=self.folder / "errors.csv", **options)

    def refusal(self, *args, **options):
        """Return the message with which an import is refused; unlike ``assertRaises`` it undoes nothing by itself."""
        try:
            self.run_file(*args, **options)
        except UserError as error:
            return str(error)
        self.fail("The import was not refused")

    def run_scheduler(self):
        with self.enter_registry_test_mode():
            self.env.ref("contact_center_base.ir_cron_import_requests").method_direct_trigger()

    def requests(self, system="hotline"):
        return self.env["contact.center.request"].search([("source_system", "=", system)], order="id")

    def imports(self, profile):
        return self.env["contact.center.import"].search([("profile_id", "=", profile.id)])

    def rejected(self):
        """Return the rows of the error file as ``{line: (reason, cells)}``."""
        errors = read_table((self.folder / "errors.csv").read_bytes(), "errors.csv")
        return {int(cells["Line"]): (cells["Reason"], cells) for _line, cells in errors.rows}

    def make_import(self, user, content, **values):
        values = {"profile_id": self.hotline.id, "file_name": "requests.csv", **values}
        values["file"] = base64.b64encode(content)
        return self.env["contact.center.import"].with_user(user).create(values)


class TestImport(ImportCase):
    def test_real_rows_come_with_history_and_deadline(self):
        report = self.run_file(gzip.compress(sample()), "la311.csv.gz", "test_la311", company=None)
        self.assertEqual(report, {"rows": 200, "created": 200, "unchanged": 0, "rejected": 0})
        city = self.env["res.company"].search([("name", "=", "Test Angeles")])
        self.assertEqual(city.resource_calendar_id.tz, "America/Los_Angeles")
        requests = self.requests("test_la311").with_company(city)
        self.assertEqual(requests.company_id, city)
        self.assertTrue(all(request.deadline and request.finished_at and request.owner_id for request in requests))
        self.assertEqual(set(requests.mapped("state")), {"done", "closed"})
        closed = requests.filtered(lambda request: request.state == "closed")
        self.assertEqual(set(closed.mapped("closing_reason")), {"withdrawn", "not_competent"})
        self.assertEqual(len(requests.category_id), 12)
        self.assertTrue(all(request.street_id or request.place_note for request in requests))
        first = requests.filtered(lambda row: row.source_number == "1-870704814")
        self.assertRecordValues(
            first.event_ids,
            [
                {"kind": "registered", "state_to": "new", "date": datetime(2018, 1, 1, 8, 0, 9)},
                {"kind": "moved", "state_to": "in_progress", "date": datetime(2018, 1, 6, 8, 0)},
                {"kind": "moved", "state_to": "done", "date": datetime(2018, 1, 6, 18, 18, 29)},
            ],
        )
        # Ten working days with Monday, 1 January as the first: Friday, 12 January, 17:00 in Los Angeles.
        self.assertEqual(first.deadline, datetime(2018, 1, 13, 1, 0))
        self.assertEqual(
            (first.channel, first.owner_id.name, first.street_id.name, first.house, first.district_id.name),
            ("api", "Bureau of Sanitation", "S BERENDO ST", "356", "Central APC"),
        )
        self.assertEqual(set(first.get_state_durations()), {"new", "in_progress"})

    def test_nobody_is_written_to(self):
        before = self.env["mail.mail"].search_count([])
        self.run_file(table(row("1", state="Виконана", Закрито="02.04.2026"), row("2", Телефон="+380509876543")))
        self.assertEqual(len(self.requests()), 2)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_same_file_twice_changes_nothing(self):
        content = table(row("1"), row("2", state="Виконана", Закрито="02.04.2026"))
        self.run_file(content)
        requests, events = self.requests(), self.requests().event_ids
        report = self.run_file(content)
        self.assertEqual(report, {"rows": 2, "created": 0, "unchanged": 2, "rejected": 0})
        self.assertEqual((self.requests(), self.requests().event_ids), (requests, events))

    def test_repeated_row_is_one_request(self):
        report = self.run_file(table(row("1"), row("1")))
        self.assertEqual((report["created"], report["unchanged"]), (1, 1))

    def test_killed_import_leaves_complete_batches_and_goes_on(self):
        batches = []
        process_batch = contact_center_import.ContactCenterImport._process_batch

        def killed_in_the_third(job, *args):
            process_batch(job, *args)
            batches.append(args[0])
            if len(batches) == 3:
                raise KeyboardInterrupt

        Import = contact_center_import.ContactCenterImport
        with (
            patch.object(contact_center_import, "BATCH_SIZE", 40),
            patch.object(Import, "_process_batch", killed_in_the_third),
            suppress(KeyboardInterrupt),
        ):
            self.run_file(sample(), "la311.csv", "test_la311")
        self.assertEqual(len(self.requests("test_la311")), 80)
        job = self.imports(self.los_angeles)
        self.assertEqual((job.state, job.position), ("running", 80))
        report = self.run_file(sample(), "la311.csv", "test_la311")
        self.assertEqual(report, {"rows": 200, "created": 200, "unchanged": 0, "rejected": 0})
        self.assertEqual(self.imports(self.los_angeles), job)
        events = self.requests("test_la311").event_ids
        self.assertEqual(len(events.filtered(lambda event: event.kind == "registered")), 200)

    def test_dry_run_leaves_nothing(self):
        self.hotline.create_streets = True
        report = self.run_file(table(row("1", street="проспект Миру"), row("2", state="?")), dry_run=True)
        self.assertEqual((report["created"], report["rejected"]), (1, 1))
        self.assertFalse(self.requests())
        self.assertFalse(self.env["contact.center.street"].search([("name", "=", "проспект Миру")]))
        self.assertEqual(self.run_file(table(row("1", street="проспект Миру")))["created"], 1)

    def test_two_at_once_get_a_message_and_no_duplicates(self):
        other = sql_db.db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(other.close)
        key = f"contact.center.import/{self.city.id}/hotline"
        other.execute(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", key))
        self.assertIn("Another import from “hotline” into Testopil is running", self.refusal(table(row("1"))))
        other.rollback()
        self.assertFalse(self.requests())
        self.assertEqual(self.run_file(table(row("1")))["created"], 1)

    def test_applicant_is_found_by_phone(self):
        self.run_file(table(row("1", Телефон="050 123-45-67"), row("2")))
        first, second = self.requests()
        self.assertEqual((first.partner_id, first.phone), (self.resident, "+380501234567"))
        self.assertFalse(second.partner_id)

    def test_open_rows_are_not_answered_yet(self):
        self.run_file(table(row("1"), row("2", state="Виконана", Закрито="02.04.2026")))
        new, done = self.requests()
        self.assertEqual((new.state, new.result, new.informed_by, new.finished_at), ("new", False, False, False))
        self.assertEqual((done.state, done.result, done.informed_by), ("done", "Виконана", "not_possible"))
        self.assertTrue(new.next_alert_at)
        self.assertFalse(done.next_alert_at)

    def test_reopened_request_doesnt_count_the_time_it_was_done(self):
        self.run_file(table(row("1", state="Виконана", Закрито="02.04.2026")))
        request = self.requests()
        deadline = request.deadline
        request.with_user(self.operator)._transition("rework", comment="Again")
        self.assertGreater(request.deadline, deadline)


class TestImportTables(ImportCase):
    def test_encodings_and_delimiters(self):
        for number, (encoding, delimiter) in enumerate(
            [("utf-8", ","), ("utf-8-sig", ";"), ("cp1251", ";"), ("utf-16", "\t")], start=1
        ):
            with self.subTest(encoding=encoding, delimiter=delimiter):
                content = table(row(str(number)), encoding=encoding, delimiter=delimiter)
                self.assertEqual(self.run_file(content)["created"], 1)
        self.assertEqual(self.requests().street_id, self.street)

    def test_latin_1(self):
        content = sample().replace(b"BERENDO", "BERENDÓ".encode("latin-1"))
        self.assertEqual(self.run_file(content, profile="test_la311")["created"], 200)

    def test_xlsx(self):
        report = self.run_file(write_xlsx(COLUMNS, [row("1"), row("2", date="2026-04-01 10:30:00")]), "requests.xlsx")
        self.assertEqual(report["created"], 2)
        self.assertEqual(len(set(self.requests().mapped("registered_at"))), 1)

    def test_order_and_number_of_columns_dont_matter(self):
        columns = [*reversed(COLUMNS), *(f"Extra {number}" for number in range(200))]
        content = table([*reversed(row("1")), *["x"] * 200], columns=columns)
        self.assertEqual(self.run_file(content)["created"], 1)

    def test_error_file_holds_the_rejected_rows(self):
        rows = [
            row("1"),
            row("", topic="no number"),
            row("3", date="31.02.2026"),
            row("4", state="Десь"),
            row("5", Широта="118.3", Довгота="34.0"),
            row("6", state="Виконана", Закрито="31.03.2026"),
            row("7", street="вулиця Небувала"),
            [*row("8"), "one cell too many"],
            row("9", topic="Ліхтар", street=""),
            row("10"),
        ]
        report = self.run_file(table(*rows))
        self.assertEqual((report["created"], report["rejected"]), (2, 8))
        self.assertEqual(self.requests().mapped("source_number"), ["1", "10"])
        rejected = self.rejected()
        self.assertEqual(list(rejected), [3, 4, 5, 6, 7, 8, 9, 10])
        for line, words in {
            3: "“Номер” is empty",
            4: "“31.02.2026” in “Дата” is no date",
            5: "“Десь” in “Стан” has no meaning in the profile; it knows Нова",
            6: "“118.3” in “Широта” is outside -90 … 90; are the columns swapped?",
            7: "“Закрито” (31.03.2026) is earlier than the registration",
            8: "The city has no street “вулиця Небувала”",
            9: "The cells don't fit the header",
            10: "“Street lamp is off” needs a place",
        }.items():
            self.assertIn(words, rejected[line][0])
        self.assertEqual([rejected[3][1][name] for name in COLUMNS], rows[1])

    def test_mended_error_file_is_accepted(self):
        self.run_file(table(row("1"), row("2", state="Десь")))
        mended = (self.folder / "errors.csv").read_text("utf-8-sig").replace("Десь", "Нова")
        self.assertEqual(self.run_file(mended.encode())["created"], 1)

    def test_illegal_history_gets_the_message_of_an_illegal_move(self):
        self.run_file(table(row("1", state="Пропозиція")))
        request = self.make_request()
        with self.assertRaises(UserError) as caught:
            request._transition("proposed")
        self.assertEqual(self.rejected()[2][0], str(caught.exception).replace(request.number, "1"))

    def test_unreadable_files_say_what_is_wrong(self):
        for words, content in {
            "requests.csv is empty": b"",
            "requests.csv has a header, but no rows": table(),
            "requests.csv is no table": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
            "lacks the columns: Закрито, Телефон": table(row("1")[:8], columns=COLUMNS[:8]),
            "requests.csv is damaged": gzip.compress(sample())[:1000],
        }.items():
            with self.subTest(words):
                self.assertIn(words, self.refusal(content))
        self.assertFalse(self.imports(self.hotline))

    def test_paths_that_hold_no_file(self):
        Import = self.env["contact.center.import"]
        with self.assertRaisesRegex(UserError, "is a folder"):
            Import.run_file(self.folder, "la311")
        with self.assertRaisesRegex(UserError, "is not there"):
            Import.run_file(self.folder / "missing.csv", "la311")

    def test_unknown_profile_names_the_known_ones(self):
        with self.assertRaisesRegex(UserError, "no import profile “la312”.*la311"):
            self.run_file(sample(), profile="la312")


class TestImportProfile(ImportCase):
    def test_profile_must_say_number_and_date(self):
        with self.assertRaisesRegex(ValidationError, "Say which column holds: Number in the other system"):
            self.hotline.column_ids.filtered(lambda line: line.target == "source_number").target = "house"
            self.hotline._check_columns()

    def test_values_must_exist_here(self):
        for values in ({"target": "state", "value": "lost"}, {"target": "channel", "value": "pigeon"}):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "is none of"):
                self.hotline.value_ids = [Command.create({"name": "New one", **values})]

    def test_missing_records_are_added_where_allowed(self):
        content = table(row("1", topic="Дерево впало!", street="проспект  Миру"), row("2", street="Проспект миру"))
        self.run_file(content)
        self.assertFalse(self.requests())
        self.hotline.write({"create_categories": True, "create_streets": True})
        self.run_file(content)
        first, second = self.requests()
        self.assertEqual(first.street_id, second.street_id)
        self.assertRecordValues(first.category_id, [{"name": "Дерево впало!", "code": "дерево_впало"}])

    def test_city_gets_a_term_only_if_it_has_none(self):
        self.hotline.write({"term_amount": 30, "term_unit": "calendar_days"})
        self.run_file(table(row("1")))
        self.assertEqual(self.requests().deadline_rule_id, self.rule)


class TestImportJob(ImportCase):
    def test_scheduler_carries_it_out_for_who_may_not_read_requests(self):
        job = self.make_import(self.technical_admin, table(row("1"), row("2", state="?")))
        job.action_start()
        self.assertEqual((job.state, job.scheduled, job.row_count), ("running", True, 2))
        self.run_scheduler()
        self.assertEqual((job.state, job.created_count, job.rejected_count, job.progress), ("done", 1, 1, 100))
        self.assertIn(self.technical_admin, job.activity_ids.user_id)
        self.assertEqual(self.requests().event_ids.user_id, self.technical_admin)
        self.assertIn("?", base64.b64decode(job.error_file).decode("utf-8-sig"))
        with self.assertRaises(AccessError):
            self.requests().with_user(self.technical_admin).check_access("read")

    def test_files_are_seen_by_their_user_and_supervisors_only(self):
        job = self.make_import(self.technical_admin, table(row("1")))
        other = new_test_user(
            self.env,
            "cc_other_admin",
            groups="base.group_user,contact_center_base.group_technical_admin",
            company_id=self.city.id,
            company_ids=[Command.set(self.city.ids)],
        )
        for user in (other, self.operator, self.analyst, self.control_body, self.employee):
            with self.subTest(user=user.login):
                self.assertFalse(job.with_user(user).has_access("read"))
        for user in (self.supervisor, self.head):
            self.assertTrue(job.with_user(user).has_access("read"))

    def test_cancelled_import_stops_and_goes_on_when_asked(self):
        job = self.make_import(self.supervisor, table(row("1"), row("2")))
        job.action_start()
        job.action_cancel()
        self.run_scheduler()
        self.assertEqual((job.state, job.position), ("cancelled", 0))
        job.action_start()
        self.run_scheduler()
        self.assertEqual((job.state, job.created_count), ("done", 2))

    def test_second_of_the_same_system_waits(self):
        self.make_import(self.supervisor, table(row("1"))).action_start()
        with self.assertRaisesRegex(ImportBusy, "Another import"):
            self.make_import(self.head, table(row("1"))).action_start()

    def test_scheduler_stops_when_its_time_is_over(self):
        job = self.make_import(self.supervisor, table(row("1"), row("2"), row("3")))
        job.action_start()
        IrCron = type(self.env["ir.cron"])
        commit_progress = IrCron._commit_progress

        def out_of_time(cron, *args, **kwargs):
            commit_progress(cron, *args, **kwargs)
            return 0

        with (
            patch.object(contact_center_import, "BATCH_SIZE", 1),
            patch.object(IrCron, "_commit_progress", out_of_time),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["contact.center.import"]._cron_process()
        self.assertEqual((job.state, job.position), ("running", 1))

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_file_that_became_unreadable_fails_with_the_reason(self):
        job = self.make_import(self.supervisor, table(row("1")))
        job.action_start()
        self.hotline.column_ids = [Command.create({"name": "Новий стовпець", "target": "flat"})]
        self.run_scheduler()
        self.assertEqual(job.state, "failed")
        self.assertIn("lacks the columns: Новий стовпець", job.message)

    def test_begun_import_keeps_its_file(self):
        job = self.make_import(self.supervisor, table(row("1")))
        job.action_start()
        with self.assertRaisesRegex(UserError, "has begun"):
            job.dry_run = True
        with self.assertRaisesRegex(UserError, "Cancel the import first"):
            job.unlink()
