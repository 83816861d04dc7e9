import csv
import doctest
import hashlib
import io
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import BaseCase

from .. import open_data
from ..models import contact_center_dataset
from .common import ContactCenterCase, clause
from .pages import CityPagesCase


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode())))


class TestFiles(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(open_data).failed, 0)

    def test_both_formats_say_the_same(self):
        columns = [open_data.Column("name", "string", "Name"), open_data.Column("count", "integer", "Number")]
        rows = [(f"Яма №{number}", number) for number in range(open_data.CHUNK * 2 + 1)]
        table = rows_of(b"".join(open_data.write_rows("csv", columns, rows)))
        objects = json.loads(b"".join(open_data.write_rows("json", columns, rows)))
        self.assertEqual([(row["name"], int(row["count"])) for row in table], rows)
        self.assertEqual([(row["name"], row["count"]) for row in objects], rows)

    def test_a_long_table_comes_in_pieces(self):
        columns = [open_data.Column("count", "integer", "Number")]
        read = []

        def rows():
            for number in range(open_data.CHUNK * 3):
                read.append(number)
                yield (number,)

        next(open_data.write_rows("csv", columns, rows()))
        self.assertEqual(len(read), open_data.CHUNK)

    def test_formulas_do_not_run(self):
        columns = [open_data.Column("name", "string", "Name")]
        data = b"".join(open_data.write_rows("csv", columns, [("=HYPERLINK()",)]))
        self.assertIn(b"'=HYPERLINK()", data)


class OpenDataMixin:
    @classmethod
    def build_data(cls):
        cls.city.contact_center_code = "testopil"
        cls.Dataset = cls.env["contact.center.dataset"]
        cls.Dataset._add_missing()
        found = cls.Dataset.search([("company_id", "=", cls.city.id)])
        cls.dataset = {row.code: row for row in found}

    @classmethod
    def register_earlier(cls, days=2, **values):
        """Register a request some days ago, as history from elsewhere is taken over."""
        request = cls.make_request(**values)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE contact_center_request SET registered_at = registered_at - %s * interval '1 day' WHERE id = %s",
            [days, request.id],
        )
        request.invalidate_recordset()
        return request

    def iterate(self, code, since=None):
        dataset = self.dataset[code]
        columns = [column.name for column in dataset._get_columns()]
        rows = dataset._iter_rows(since, dataset._get_last_day())
        return [dict(zip(columns, row, strict=True)) for row in rows]


class TestDatasets(OpenDataMixin, ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_data()

    @clause("KP-5.8.8")
    def test_requests_have_what_happened_and_no_person(self):
        request = self.register_earlier(
            street_id=self.street.id,
            house="5",
            flat="12",
            latitude=47.9105123,
            longitude=33.3918456,
            email="oksana@example.com",
            publish_text=True,
        )
        [row] = self.iterate("requests")
        self.assertEqual(row["number"], request.number)
        self.assertEqual((row["category"], row["district"], row["state"]), ("Pothole", "Centre", "new"))
        self.assertEqual((row["latitude"], row["longitude"]), (47.911, 33.392))
        shown = json.dumps({**row, "number": ""}, default=str)
        for secret in ("Оксана", "oksana", "380501234567", "A hole", "Соборна", "47.9105"):
            self.assertNotIn(secret, shown)

    def test_what_is_not_public_is_left_out(self):
        self.register_earlier(user=self.restricted_officer, category_id=self.corruption.id)
        self.register_earlier(request_class="appeal")
        self.assertFalse(self.iterate("requests"))

    def test_complete_to_the_last_full_day(self):
        self.make_request()
        self.assertFalse(self.iterate("requests"))
        self.register_earlier(days=1)
        self.assertEqual(len(self.iterate("requests")), 1)

    def test_every_row_comes_once_over_many_batches(self):
        requests = [self.register_earlier(days=days) for days in (2, 2, 3, 3, 3, 4, 5)]
        self.patch(contact_center_dataset, "BATCH", 2)
        numbers = [row["number"] for row in self.iterate("requests")]
        self.assertCountEqual(numbers, [request.number for request in requests])

    def test_a_period(self):
        self.register_earlier(days=40)
        recent = self.register_earlier(days=2)
        since = self.city._get_today() - timedelta(days=10)
        self.assertEqual([row["number"] for row in self.iterate("requests", since)], [recent.number])

    def test_consultations_are_counted_by_day_and_topic(self):
        for days in (2, 2, 40):
            self.register_earlier(days=days, category_id=self.opening_hours.id)
        rows = self.iterate("consultations")
        self.assertEqual([row["count"] for row in rows], [1, 2])
        self.assertEqual(rows[1]["category"], "Opening hours")
        self.assertEqual(rows[1]["day"], self.city._get_today() - timedelta(days=2))

    def test_restricted_consultations_are_not_counted(self):
        self.register_earlier(category_id=self.opening_hours.id, restricted=True, user=self.restricted_officer)
        self.assertFalse(self.iterate("consultations"))

    def test_other_cities_are_left_out(self):
        self.register_earlier()
        self.dataset["requests"].company_id = self.env["res.company"].create({"name": "Inshe"})
        self.assertFalse(self.iterate("requests"))


class TestPublishing(OpenDataMixin, ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_data()
        cls.cron = cls.env.ref("contact_center_base.ir_cron_publish_datasets")

    def test_every_night_anew(self):
        self.register_earlier()
        self.run_cron(self.cron)
        dataset = self.dataset["requests"]
        self.assertEqual((dataset.row_count, dataset.through), (1, dataset._get_last_day()))
        written = dataset.file_ids
        self.run_cron(self.cron)
        self.assertEqual(dataset.file_ids, written)
        dataset.through -= timedelta(days=1)
        self.run_cron(self.cron)
        self.assertFalse(dataset.file_ids & written)

    def test_what_a_city_stopped_publishing_stays_stopped(self):
        self.dataset["requests"].active = False
        self.run_cron(self.cron)
        self.assertFalse(self.dataset["requests"].file_ids)

    def test_cities_without_public_pages_publish_nothing(self):
        city = self.env["res.company"].create({"name": "Inshe"})
        self.run_cron(self.cron)
        self.assertFalse(self.Dataset.search([("company_id", "=", city.id)]))

    def test_administrator_writes_anew_and_others_do_not(self):
        dataset = self.dataset["requests"]
        dataset.with_user(self.technical_admin).action_publish()
        self.assertTrue(dataset.published_at)
        with self.assertRaises(AccessError):
            dataset.with_user(self.analyst).action_publish()


class TestOpenDataPages(OpenDataMixin, CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_data()
        cls.request = cls.register_earlier()
        cls.dataset["requests"]._publish()

    @clause("KP-5.8.8")
    def test_page_leads_to_the_files(self):
        page = self.read(self.get("data"))
        for form in open_data.FORMATS:
            [link] = page.xpath(f"//a[contains(@href, '/requests.{form}')]/@href")
            self.assertEqual(self.url_open(link).status_code, 200)

    def test_csv_and_json_hold_the_request(self):
        self.assertEqual(rows_of(self.get("data/requests.csv").content)[0]["number"], self.request.number)
        self.assertEqual(self.get("data/requests.json").json()[0]["number"], self.request.number)

    def test_whoever_does_not_unpack_gets_it_unpacked(self):
        self.env.flush_all()
        answer = self.url_open(self.path("data/requests.csv"), headers={"Accept-Encoding": "identity"})
        self.assertNotIn("Content-Encoding", answer.headers)
        self.assertEqual(rows_of(answer.content)[0]["number"], self.request.number)

    def test_package_describes_the_files_truly(self):
        package = self.get("data/datapackage.json").json()
        self.assertEqual(package["licenses"][0]["name"], "CC-BY-4.0")
        self.assertEqual(package["version"], self.dataset["requests"].through.isoformat())
        for resource in package["resources"]:
            path = resource["path"].removeprefix(self.city.get_base_url())
            data = self.url_open(path).content
            self.assertEqual(resource["bytes"], len(data))
            self.assertEqual(resource["hash"], f"sha256:{hashlib.sha256(data).hexdigest()}")
        names = [field["name"] for field in package["resources"][0]["schema"]["fields"]]
        self.assertEqual(names, list(rows_of(self.get("data/requests.csv").content)[0]))

    def test_days_on_demand(self):
        day = fields.Date.to_string(self.city._get_today() - timedelta(days=2))
        self.assertEqual(len(self.get("data/requests.json", **{"from": day, "to": day}).json()), 1)
        self.assertEqual(self.get("data/requests.json", to="2020-01-01").json(), [])

    def test_wrong_days_and_names(self):
        self.assertEqual(self.get("data/requests.csv", **{"from": "31.01.2026"}).status_code, 400)
        for name in ("data/requests.xml", "data/partners.csv", "data/_write_file.csv"):
            self.assertEqual(self.get(name).status_code, 404)

    def test_stopped_dataset_is_gone(self):
        self.dataset["requests"].active = False
        self.assertEqual(self.get("data/requests.csv").status_code, 404)

    def test_too_many_periods_are_put_off(self):
        for _ in range(20):
            self.get("data/requests.csv", to="2020-01-01")
        answer = self.get("data/requests.csv", to="2020-01-01")
        self.assertEqual(answer.status_code, 429)
        self.assertTrue(int(answer.headers["Retry-After"]))
