"""What residents read of works without a login, and the pages on which executors keep them."""

import json
import re
from datetime import timedelta

from lxml import etree, html

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ExecutorMixin, clause

SECRET = "Only the staff knows this"


@tagged("post_install", "-at_install")
class WorksPagesCase(ExecutorMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
        cls.city.contact_center_code = "testopil"
        for user in (cls.light_operator, cls.roads_operator):
            user.password = "Portal-pages-1"
        # The real clock runs in requests to the server.
        cls.now = fields.Datetime.now()
        cls.works = cls.register(name="Repair of a main", text="Water comes by lorry.", contact="+380564000222")

    @classmethod
    def register(cls, **values):
        """Register emergency works of City Light that go on in the street of the test city."""
        values = {
            "kind": "emergency",
            "start": cls.now - timedelta(hours=1),
            "planned_end": cls.now + timedelta(hours=5),
            "place_ids": [{"street_id": cls.street.id, "number_from": 2, "number_to": 40, "parity": "even"}],
            **values,
        }
        works = cls.env["contact.center.works"].with_user(cls.light_operator).register(values)
        works.sudo().message_post(body=SECRET)
        cls.env.flush_all()
        return works

    def get(self, path, **params):
        return self.url_open(path, params=params or None)

    def log_in(self, user):
        self.authenticate(user.login, "Portal-pages-1")


class TestWorksPublic(WorksPagesCase):
    @clause("KR-2.8")
    def test_list_and_card_are_public(self):
        page = self.get("/contact-center/testopil/works")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Repair of a main", page.text)
        card = self.get(f"/contact-center/testopil/works/{self.works.number}")
        for text in ("Water comes by lorry.", "+380564000222", "2–40", "City Light"):
            self.assertIn(text, card.text)

    def test_nothing_but_what_is_public_gets_out(self):
        self.works.with_user(self.supervisor).late_reason = SECRET
        base = "/contact-center/testopil/works"
        pages = ["", f"/{self.works.number}", ".json", ".rss", ".ics", f"/{self.works.number}/calendar.ics"]
        for page in pages:
            with self.subTest(page):
                response = self.get(base + page)
                self.assertEqual(response.status_code, 200)
                self.assertNotIn(SECRET, response.text)
                self.assertNotIn(self.light_operator.name, response.text)
        [row] = json.loads(self.get(f"{base}.json").content)["works"]
        self.assertEqual(
            set(row),
            {
                "number", "kind", "kind_label", "state", "state_label", "name", "utility", "executor", "districts",
                "address", "start", "planned_end", "ended_at", "cancelled_at", "cancel_reason", "contact", "text",
                "latitude", "longitude", "area", "registered", "changed", "url",
            },
        )  # fmt: skip

    def test_search_by_street_and_house(self):
        for params, found in (
            ({"street": "Соборна"}, True),
            ({"street": "Леніна", "house": "12"}, True),
            ({"street": "Соборна", "house": "13"}, False),
            ({"street": "Nowhere"}, False),
            ({"kind": "planned"}, False),
            ({"period": "past"}, False),
            ({"district": str(self.district.id)}, True),
            ({"district": str(self.other_district.id)}, False),
            ({"district": "x'--", "kind": "x", "period": "x"}, True),
        ):
            with self.subTest(params):
                self.assertEqual("Repair of a main" in self.get("/contact-center/testopil/works", **params).text, found)
        self.assertIn("no street", self.get("/contact-center/testopil/works", street="Nowhere").text)

    def test_ended_works_go_to_the_past(self):
        self.works.end()
        self.env.flush_all()
        self.assertNotIn("Repair of a main", self.get("/contact-center/testopil/works").text)
        self.assertIn("Repair of a main", self.get("/contact-center/testopil/works", period="past").text)

    def test_other_cities_and_wrong_addresses(self):
        self.env["res.company"].create({"name": "Otherpil", "contact_center_code": "otherpil"})
        self.assertNotIn("Repair of a main", self.get("/contact-center/otherpil/works").text)
        for path in ("nowhere/works", f"otherpil/works/{self.works.number}", "testopil/works/W-1", "nowhere/works.ics"):
            with self.subTest(path):
                self.assertEqual(self.get(f"/contact-center/{path}").status_code, 404)
        self.assertIn("/contact-center/testopil/works", self.get("/contact-center/works").text)

    def test_feeds_hold_the_works(self):
        calendar = self.get("/contact-center/testopil/works.ics")
        self.assertEqual(calendar.headers["Content-Type"], "text/calendar; charset=utf-8")
        self.assertIn("Repair of a main", calendar.text)
        self.assertIn(f"UID:{self.works.number}@testopil", calendar.text)
        news = self.get("/contact-center/testopil/works.rss")
        item = etree.fromstring(news.content).find("channel/item")
        self.assertIn("Repair of a main", item.findtext("title"))
        self.assertTrue(item.findtext("link").endswith(f"/contact-center/testopil/works/{self.works.number}"))

    def test_what_was_entered_is_text_and_no_markup(self):
        self.register(name="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
        self.assertNotIn("<script>alert(1)", self.get("/contact-center/testopil/works").text)

    def test_page_speaks_the_readers_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        page = self.get("/uk/contact-center/testopil/works")
        self.assertEqual(page.status_code, 200)
        self.assertIn('lang="uk-UA"', page.text[:500])

    @clause("KR-2.8")
    def test_who_reports_is_told_of_works_there(self):
        path = "/contact-center/testopil/new"
        [form] = html.fromstring(self.get(path).content).xpath("//main//form")
        data = {**dict(form.form_values()), "street": self.street.name, "house": "4", "step": "look"}
        page = html.fromstring(self.url_open(path, data=data).content)
        known = page.get_element_by_id("part_known")
        self.assertIn("Water comes by lorry.", known.text_content())
        self.assertTrue(known.xpath(f".//a[@href='/contact-center/testopil/works/{self.works.number}']"))


class TestWorksPortal(WorksPagesCase):
    def post(self, path, **values):
        page = self.get("/my/works/new")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        return self.url_open(path, data={"csrf_token": token, **values}, allow_redirects=False)

    def form(self, **values):
        """Return what the form sends for planned works in two days, in the time of the city."""
        start = self.city._to_local(self.now + timedelta(days=2)).replace(tzinfo=None)
        return {
            "kind": "planned",
            "name": "Flushing of pipes",
            "utility": "heating",
            "start": start.isoformat(timespec="minutes"),
            "planned_end": (start + timedelta(hours=6)).isoformat(timespec="minutes"),
            "place_street": ["вулиця Соборна", ""],
            "place_number_from": ["1", ""],
            "place_number_to": ["", ""],
            "place_parity": ["odd", "all"],
            "text": "No hot water\r\nfor a day",
            **values,
        }

    def get_new(self):
        return self.env["contact.center.works"].search([("id", ">", self.works.id), ("company_id", "=", self.city.id)])

    @clause("KR-8.1.6a")
    def test_executor_registers_without_javascript(self):
        self.log_in(self.light_operator)
        response = self.post("/my/works/new", **self.form())
        self.assertEqual(response.status_code, 303)
        works = self.get_new()
        self.assertEqual((works.executor_id, works.create_uid), (self.light, self.light_operator))
        self.assertEqual(works.text, "No hot water\nfor a day")
        place = works.place_ids
        self.assertEqual((place.street_id, place.number_from, place.parity), (self.street, 1, "odd"))
        start = fields.Datetime.to_datetime(works.start)
        self.assertEqual(start, (self.now + timedelta(days=2)).replace(second=0, microsecond=0))

    def test_refused_form_comes_back_with_the_reason(self):
        self.log_in(self.light_operator)
        soon = self.city._to_local(self.now + timedelta(hours=3)).replace(tzinfo=None).isoformat(timespec="minutes")
        for values, reason in (
            ({"start": soon}, "24 hours"),
            ({"name": ""}, "what is done"),
            ({"start": "tomorrow"}, "no date"),
            ({"planned_end": ""}, "planned end"),
            ({"place_street": ["Nowhere", ""]}, "no such street"),
            ({"place_number_from": ["two", ""]}, "in digits"),
            ({"area": "{"}, "draw it anew"),
            ({"area": '{"type": "Point"}'}, "draw it anew"),
            ({"kind": "party"}, "a choice"),
            ({"executor_id": str(self.roads.id)}, ""),
        ):
            with self.subTest(values):
                response = self.post("/my/works/new", **self.form(**values))
                self.assertIn(response.status_code, (422, 403))
                self.assertIn(reason, html.fromstring(response.content).text_content())
                self.assertIn("No hot water", response.text)
                self.assertFalse(self.get_new())

    @clause("KR-8.1.6c")
    def test_executor_changes_and_ends(self):
        self.log_in(self.light_operator)
        card = f"/my/works/{self.works.id}"
        self.assertIn("Repair of a main", self.get(card).text)
        changed = self.form(name="Repair of the main")
        self.assertEqual(self.post(card, **changed).status_code, 303)
        self.assertEqual(self.works.name, "Repair of the main")
        self.assertEqual(self.works.start, self.now - timedelta(hours=1))
        self.assertEqual(self.post(f"{card}/end").status_code, 303)
        self.assertEqual(self.works.state, "ended")
        self.assertEqual(self.post(f"{card}/cancel", reason="x").status_code, 422)
        self.assertIn("Repair of the main", self.get("/my/works?period=past").text)

    def test_works_of_others_do_not_exist(self):
        self.log_in(self.roads_operator)
        self.assertNotIn("Repair of a main", self.get("/my/works").text)
        card = f"/my/works/{self.works.id}"
        self.assertEqual(self.get(card).status_code, 404)
        for path in (card, f"{card}/end", f"{card}/cancel"):
            self.assertEqual(self.post(path, **self.form(reason="x")).status_code, 404)
        self.assertEqual(self.works.state, "under_way")

    def test_pages_are_for_executors_only(self):
        resident = self.env["res.users"].create(
            {
                "name": "Resident",
                "login": "cc_resident",
                "password": "Portal-pages-1",
                "group_ids": [fields.Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.log_in(resident)
        for path in ("/my/works", "/my/works/new", f"/my/works/{self.works.id}"):
            self.assertEqual(self.get(path).status_code, 404)
