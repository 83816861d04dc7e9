"""Open311 GeoReport v2 over HTTP, also with a client that others wrote."""

import logging
from datetime import datetime, timedelta
from unittest.mock import patch

from georeport import GeoReport
from psycopg2.errors import UniqueViolation

from odoo.tests import freeze_time
from odoo.tools import mute_logger

from ..controllers import open311
from .open311 import ROOT, Open311Case

QUESTIONS = [
    {"name": "deep", "type": "selection", "string": "How deep?", "selection": [["1", "To the ankle"], ["2", "Deeper"]]},
    {"name": "wet", "type": "boolean", "string": "Is there water in it?"},
]


class TestOpen311Reading(Open311Case):
    def test_discovery(self):
        content = self.read(self.call("discovery.json"), "discovery")
        self.assertIn("bbox", content["endpoints"][0]["extensions"])
        self.assertTrue(content["endpoints"][0]["url"].endswith(ROOT))
        self.read(self.call("discovery.xml"), "discovery")
        self.assertEqual(self.url_open(ROOT).content, self.call("discovery.xml").content)
        self.assertEqual(self.url_open(f"{ROOT}/openapi.json").json(), self.openapi)

    def test_services(self):
        self.lamp.synonyms = "lantern; dark\nstreet light"
        services = {row["service_code"]: row for row in self.read(self.call("services.json"), "services")}
        self.assertEqual(services.keys(), {"LAMP", "HOLE"}, "nothing restricted, no consultations")
        self.assertEqual(services["LAMP"]["keywords"], "lantern,dark,street light")
        self.read(self.call("services.xml"), "services")
        self.pothole.public = False
        self.assertEqual(len(self.read(self.call("services.xml"), "services")), 1)

    def test_extra_questions(self):
        self.pothole.question_definition = QUESTIONS
        content = self.read(self.call("services/HOLE.json"), "service_definition")
        self.assertEqual([row["datatype"] for row in content["attributes"]], ["singlevaluelist", "singlevaluelist"])
        self.assertEqual(content["attributes"][0]["values"][1], {"key": "2", "name": "Deeper"})
        self.read(self.call("services/HOLE.xml"), "service_definition")
        self.read(self.call("services/LAMP.xml"), "service_definition")
        self.pothole.code = "ROAD.HOLE"
        self.read(self.call("services/ROAD.HOLE.json"), "service_definition")

    def test_unknown_services(self):
        for code in ("NONE", "CORR", "HOURS", "%00", "%F0%9F%98%80", "a%2Fb"):
            for fmt in ("json", "xml"):
                self.read_error(self.call(f"services/{code}.{fmt}"), 404)

    def test_requests(self):
        request = self.make_request(
            street_id=self.street.id, house="5", latitude=47.9105123, longitude=33.3918456, owner_id=self.works.id
        )
        [row] = self.read(self.call("requests.json"), "requests")
        self.assertEqual(row["service_request_id"], request.number)
        self.assertEqual((row["status"], row["status_notes"]), ("open", "New"))
        self.assertEqual((row["service_code"], row["service_name"]), ("HOLE", "Pothole"))
        self.assertEqual((row["address"], row["lat"], row["long"]), ("вулиця Соборна 5", 47.9105, 33.3918))
        self.assertEqual(row["agency_responsible"], "City Light")
        self.assertIsNone(row["description"], "nobody agreed to show it")
        moment = datetime.fromisoformat(row["requested_datetime"])
        self.assertEqual(moment.replace(tzinfo=None) - moment.utcoffset(), request.registered_at.replace(microsecond=0))
        self.assertIn(moment.utcoffset(), (timedelta(hours=2), timedelta(hours=3)))
        tree = self.read(self.call("requests.xml"), "requests")
        self.assertEqual(tree.findtext("request/service_request_id"), request.number)
        self.assertEqual(self.read(self.call(f"requests/{request.number}.json"), "requests"), [row])
        self.read(self.call(f"requests/{request.number}.xml"), "requests")

    def test_what_is_not_public(self):
        for values in ({"category_id": self.corruption.id}, {"restricted": True}, {"request_class": "appeal"}):
            request = self.make_request(self.restricted_officer, publish_text=True, **values)
            for fmt in ("json", "xml"):
                self.read_error(self.call(f"requests/{request.number}.{fmt}"), 404)
                self.read_error(self.call(f"tokens/{request.number}.{fmt}"), 404)
            for params in ({}, {"service_request_id": request.number}, {"service_code": request.category_id.code}):
                self.assertEqual(self.read(self.call("requests.json", **params), "requests"), [])
        self.assertEqual(len(self.read(self.call("requests.xml"), "requests")), 0)

    def test_filters(self):
        now = self.make_request()
        with self.freeze_shift(now, days=-100):
            old = self.make_request(category_id=self.lamp.id, place_note="x", latitude=47.5, longitude=33.5)
        with self.freeze_shift(now, days=-1):
            done = self.make_request()
            done.with_user(self.operator).action_take()
            done.with_user(self.operator)._transition("done", result="Filled", informed_by="phone")

        def find(**params):
            rows = self.read(self.call("requests.json", **params), "requests")
            return [row["service_request_id"] for row in rows]

        long_ago = str(old.registered_at.date())
        for expected, params in (
            ([now, done], {}),
            ([now], {"status": "open"}),
            ([done], {"status": "closed"}),
            ([now, done], {"status": "open,closed"}),
            ([now, done], {"status": "", "start_date": "", "bbox": ""}),
            ([old], {"start_date": long_ago, "end_date": long_ago}),
            ([old, done], {"service_request_id": f"{old.number},{done.number},X", "status": "open"}),
            ([old], {"updated_before": str((old.registered_at + timedelta(days=2)).date())}),
            ([now, done], {"updated_after": str((old.registered_at + timedelta(days=2)).date())}),
            ([], {"service_code": "LAMP"}),
            ([old], {"service_code": "LAMP,X", "start_date": long_ago}),
            ([now], {"page_size": "1"}),
            ([done], {"page_size": "1", "page": "2"}),
            ([], {"page": "10000"}),
            ([old], {"start_date": long_ago, "bbox": "33.4,47.4,33.6,47.6"}),
            ([], {"start_date": long_ago, "bbox": "33.6,47.4,33.7,47.6"}),
            ([], {"bbox": "-180,-90,180,90"}),
        ):
            expected = [request.number for request in expected]
            found = find(**params)
            self.assertEqual(sorted(found) if "service_request_id" in params else found, expected, params)

    def test_no_box_tells_more_than_the_rounded_place(self):
        self.make_request(latitude=47.91052, longitude=33.39184)
        answers = {
            len(self.read(self.call("requests.json", bbox=f"33,47,34,{north}"), "requests"))
            for north in ("47.91046", "47.9105", "47.91051", "47.91054")
        }
        self.assertEqual(answers, {1})
        self.assertFalse(self.read(self.call("requests.json", bbox="33,47,34,47.9104"), "requests"))

    def test_bad_values(self):
        for params in (
            {"status": "done"},
            {"start_date": "x"},
            {"start_date": "2025-01-01", "end_date": "2025-12-31"},
            {"page": "0"},
            {"page_size": "5000"},
            {"bbox": "1"},
        ):
            for fmt in ("json", "xml"):
                self.read_error(self.call(f"requests.{fmt}", **params), 400, next(iter(params)))

    def test_what_is_no_call(self):
        paths = ("nothing.json", "services", "services/HOLE", "requests/.json", "requests.txt")
        for path in (*paths, "requests/a%0Ab.json", "/x//y/z.xml"):
            self.read_error(self.call(path), 404)

    def test_other_methods(self):
        for method, path in (("PUT", "requests.json"), ("DELETE", "requests/1.xml"), ("POST", "services.json")):
            answer = self.opener.request(method, self.base_url() + f"{ROOT}/{path}")
            self.read_error(answer, 405)
            self.assertIn("GET", answer.headers["Allow"])
        answer = self.opener.options(self.base_url() + f"{ROOT}/requests.json")
        self.assertEqual((answer.status_code, answer.headers["Access-Control-Allow-Origin"]), (204, "*"))
        self.assertEqual(self.url_open(f"{ROOT}/services.json", method="HEAD").status_code, 200)

    def test_our_own_fault_tells_nothing(self):
        model = type(self.env["contact.center.open311"])
        for fmt in ("json", "xml"):
            with (
                patch.object(model, "_describe_services", side_effect=ZeroDivisionError("secret")),
                mute_logger("odoo.addons.contact_center_base.controllers.open311"),
            ):
                answer = self.call(f"services.{fmt}")
            self.read_error(answer, 500, "our fault")
            self.assertNotIn("secret", answer.text)

    def test_several_cities(self):
        other = self.env["res.company"].create({"name": "Inshe", "contact_center_code": "inshe"})
        self.make_request()
        self.read_error(self.call("services.json", key=""), 400, "inshe, testopil")
        self.read_error(self.call("services.xml", jurisdiction_id="nowhere"), 404, "nowhere")
        self.read_error(self.call("services.json", jurisdiction_id="inshe"), 403, "another city")
        self.assertEqual(len(self.read(self.call("requests.json", jurisdiction_id="testopil"), "requests")), 1)
        self.assertEqual(self.read(self.call("requests.json", key="", jurisdiction_id="inshe"), "requests"), [])
        self.assertIn("inshe", self.call("discovery.json").json()["contact"])
        other.contact_center_code = self.city.contact_center_code = False
        self.read_error(self.call("services.json"), 404)

    def test_a_foreign_client(self):
        self.pothole.question_definition = QUESTIONS
        requests = self.make_request() + self.make_request(category_id=self.lamp.id, place_note="x")
        self.env.flush_all()
        for fmt in ("json", "xml"):
            client = GeoReport(self.base_url() + ROOT, jurisdiction="testopil", output_format=fmt)
            with self.allow_requests(all_requests=True):
                services = client.get_service_list()
                definition = client.get_service_definition("HOLE")
                found = client.get_service_requests(status="open", service_code="HOLE,LAMP")
                one = client.get_service_request(requests[0].number)
            self.assertEqual({service["service_code"] for service in services}, {"HOLE", "LAMP"})
            self.assertEqual(definition["service_code"], "HOLE")
            self.assertEqual({row["service_request_id"] for row in found}, set(requests.mapped("number")))
            self.assertEqual(one["service_code"], "HOLE")


class TestOpen311Keys(Open311Case):
    def test_wrong_keys(self):
        self.read_error(self.call("services.json", key="cc_wrong"), 403, "wrong or void")
        self.read_error(self.call("services.xml", key="é"), 403)
        self.read_error(self.report(api_key="wrong"), 403)
        self.read_error(self.report("requests.xml", api_key=None), 403, "needs an api_key")
        self.record.can_report = False
        self.read_error(self.report(), 403)
        self.record.write({"can_report": True, "can_read": False})
        self.read_error(self.call("services.json"), 403)
        self.assertFalse(self.env["contact.center.request"].search([("channel", "=", "api")]))

    def test_three_ways_to_send_a_key(self):
        for answer in (
            self.call("services.json"),
            self.call("services.json", key="", api_key=self.key),
            self.report(api_key=self.key),
        ):
            self.assertEqual(answer.status_code, 200)
        self.record.invalidate_recordset()
        self.assertTrue(self.record.last_used_at)

    def test_limits(self):
        self.record.write({"read_limit": 2, "report_limit": 1})
        with freeze_time():
            answers = [self.call("services.json") for _call in range(3)]
            self.assertEqual([answer.status_code for answer in answers], [200, 200, 429])
            self.read_error(answers[-1], 429, "seconds")
            self.assertGreater(int(answers[-1].headers["Retry-After"]), 0)
            self.assertEqual(self.report().status_code, 200)
            self.read_error(self.report("requests.xml", description="Another"), 429)
        with patch.object(open311, "STRANGER_LIMIT", 1):
            self.assertEqual([self.call("services.json", key=key).status_code for key in ("", "x")], [200, 429])

    def test_no_key_in_the_log(self):
        with self.assertLogs("werkzeug", logging.INFO) as logs:
            self.call("services.json", key="", api_key=self.key)
            self.call("services.json", key="", page="1", api_key="abc")
        self.assertIn("api_key=…", "".join(logs.output))
        self.assertNotIn(self.key, "".join(logs.output))


class TestOpen311Reporting(Open311Case):
    def find(self, answer):
        [row] = self.read(answer, "receipts")
        return self.env["contact.center.request"].search([("number", "=", row["service_request_id"])])

    def test_a_report(self):
        self.pothole.question_definition = QUESTIONS
        answer = self.report(
            description="A hole, call 050 123-45-67",
            first_name="Оксана",
            last_name="Ткач",
            phone="0501234567",
            email="Oksana@Example.com",
            media_url="https://example.com/hole.jpg",
            device_id="d1",
            **{"attribute[deep]": "2", "attribute[wet]": "true", "attribute[unknown]": "x"},
        )
        request = self.find(answer)
        self.assertEqual((request.category_id, request.channel, request.company_id), (self.pothole, "api", self.city))
        self.assertEqual((request.partner_id, request.phone), (self.resident, "+380501234567"))
        self.assertEqual((request.source_system, request.media_url), ("City app", "https://example.com/hole.jpg"))
        answers = {row["name"]: row.get("value") for row in request.read(["answers"])[0]["answers"]}
        self.assertEqual(answers, {"deep": "2", "wet": True})
        self.assertEqual(request.event_ids.mapped("role"), ["applicant"])
        [row] = self.read(self.call(f"requests/{request.number}.json"), "requests")
        self.assertEqual(row["description"], "A hole, call •••")
        self.assertEqual((row["lat"], row["long"]), (47.91, 33.39))
        for secret in ("Оксана", "0501234567", "xample.com", "123-45-67"):
            self.assertNotIn(secret, str(row))

    def test_in_xml(self):
        tree = self.read(self.report("requests.xml"), "receipts")
        number = tree.findtext("request/service_request_id")
        token = self.read(self.call(f"tokens/{number}.xml"), "tokens")
        self.assertEqual(token.findtext("request/service_request_id"), number)
        [row] = self.read(self.call(f"tokens/{number}.json"), "tokens")
        self.assertEqual(row, {"service_request_id": number, "token": number})

    def test_without_words_the_service_is_the_description(self):
        request = self.find(self.report())
        self.assertEqual(request.description, "Pothole")
        self.assertFalse(request.partner_id)

    def test_addresses(self):
        no_point = {"lat": None, "long": None}
        request = self.find(self.report(address_string="вул. Соборна, 120а", **no_point))
        self.assertEqual((request.street_id, request.house), (self.street, "120а"))
        self.assertEqual(request.district_id, self.other_district)
        self.assertEqual(request.place_note, "вул. Соборна, 120а")
        request = self.find(self.report(address_string="behind the old mill", **no_point))
        self.assertEqual((request.street_id.ids, request.place_note), ([], "behind the old mill"))
        request = self.find(self.report(address_id=f"{self.street.id}:7/2", **no_point))
        self.assertEqual((request.street_id, request.house), (self.street, "7/2"))
        [row] = self.read(self.call(f"requests/{request.number}.json"), "requests")
        self.assertEqual(row["address_id"], f"{self.street.id}:7/2")

    def test_what_is_missing_or_makes_no_sense(self):
        self.lamp.photo_required = True
        for words, params in (
            ("service_code", {"service_code": None}),
            ("service_code", {"service_code": " "}),
            ("place", {"lat": None, "long": None}),
            ("together", {"lat": None}),
            ("lat", {"lat": "91"}),
            ("lat", {"lat": "nan"}),
            ("long", {"long": "east"}),
            ("no place", {"lat": "0", "long": "0"}),
            ("address_id", {"address_id": "x"}),
            ("address_id", {"address_id": "999999999"}),
            ("address_string", {"address_string": "x" * 501}),
            ("description", {"description": "x" * 4001}),
            ("phone", {"phone": "abc"}),
            ("email", {"email": "abc"}),
            ("media_url", {"media_url": "javascript:alert(1)"}),
            ("media_url", {"media_url": "http://[x"}),
            ("photo", {"service_code": "LAMP"}),
            ("first_name", {"first_name": "x" * 101}),
        ):
            for fmt in ("json", "xml"):
                self.read_error(self.report(f"requests.{fmt}", **params), 400, words)
        self.read_error(self.report(service_code="CORR"), 404)
        self.pothole.question_definition = QUESTIONS
        self.read_error(self.report(**{"attribute[deep]": "3"}), 400, "attribute[deep]")
        self.assertFalse(self.env["contact.center.request"].search([("channel", "=", "api")]), "nothing half-saved")

    def test_a_photo_elsewhere_is_enough(self):
        self.pothole.photo_required = True
        self.assertTrue(self.find(self.report(media_url="https://example.com/1.jpg")))

    def test_odd_bodies(self):
        url = f"{ROOT}/requests.json?api_key={self.key}"
        for body, kind, status in (
            (b"service_code=HOLE&lat=1&long=1&description=a%00b%FF%FE", "application/x-www-form-urlencoded", 200),
            (b'{"service_code": "HOLE"}', "application/json", 400),
            (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
            (b"service_code=HOLE&description=" + b"x" * 300_000, "application/x-www-form-urlencoded", 413),
        ):
            answer = self.url_open(url, data=body, headers={"Content-Type": kind})
            self.read(answer, "receipts" if status == 200 else "errors", status)

    def test_the_same_report_twice(self):
        words = {"description": "A hole", "phone": "0501234567"}
        with freeze_time("2026-03-02 10:09:59") as frozen:
            request = self.find(self.report(**words))
            self.assertEqual(self.find(self.report(**words)), request)
            frozen.tick(timedelta(minutes=10))
            self.assertEqual(self.find(self.report(**words)), request)
            self.assertNotEqual(self.find(self.report(**words, device_id="other")), request)
            frozen.tick(timedelta(minutes=11))
            self.assertNotEqual(self.find(self.report(**words)), request)

    def test_others_know_nothing_of_it(self):
        other = self.env["contact.center.api.key"].create({"name": "Other app", "can_report": True})
        request = self.find(self.report())
        self.assertNotEqual(self.find(self.report(api_key=other._make())), request)

    def test_two_at_once_make_one_request(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            requests = self.make_request() + self.make_request()
            requests.sudo().write({"submission_key": "open311:1:x"})
            self.env.flush_all()
