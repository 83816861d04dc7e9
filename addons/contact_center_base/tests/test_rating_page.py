"""Rating by the secret link: the page to which messages lead, and the form on the page of a request."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError

from ..models import contact_center_applicant_mixin
from .common import clause
from .pages import CityPagesCase
from .test_rating import PNG

SAID = {"value": "2", "solved": "no", "missing": "The hole is back", "comment": ""}


class TestRatingPage(CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.make_request()
        cls.request._transition("done", result="The hole is filled", informed_by="phone")
        cls.token = cls.request._sign_link()

    def post(self, said, token=None, **kwargs):
        """Send the form of the page and return the answer."""
        return self.send(f"rate/{token or self.token}", {**SAID, **said}, **kwargs)

    def refresh(self):
        self.env.invalidate_all()
        return self.request.applicant_rating_ids

    @clause("KR-10.1")
    def test_applicant_asks_for_rework_by_the_link(self):
        answer = self.post({}, files=[("photos", ("hole.png", PNG, "image/png"))])
        rating = self.refresh()
        self.assertEqual((rating.value, rating.return_state, rating.missing), (2, "asked", "The hole is back"))
        self.assertEqual(rating.photo_ids.mimetype, "image/png")
        self.assertTrue(answer.history[0].headers["Location"].endswith(f"/track/{self.token}#rating"))

    def test_opening_the_link_saves_nothing(self):
        page = self.read(self.get(f"rate/{self.token}", value="4"))
        self.assertEqual(page.xpath("//input[@name='value'][@checked]/@value"), ["4"])
        self.assertFalse(self.refresh())

    def test_what_cant_be_chosen_is_left_out(self):
        for value in ("6", "0", "-1", "x", "<script>", "4\x00", "٤"):
            page = self.get(f"rate/{self.token}", value=value)
            self.assertEqual(page.status_code, 200)
            if value != "4\x00":
                self.assertFalse(self.read(page).xpath("//input[@name='value'][@checked]"), value)

    def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(self):
        page = self.read(self.post({"missing": "", "comment": "I wait"}))
        self.assertTrue(page.xpath("//*[@role='alert']"))
        [field] = page.xpath("//textarea[@name='missing'][@aria-invalid='true']")
        self.assertTrue(page.xpath(f"//*[@id='{field.get('aria-describedby')}']"))
        self.assertEqual(page.xpath("//textarea[@name='comment']")[0].text, "I wait")
        self.assertEqual(page.xpath("//input[@name='value'][@checked]/@value"), ["2"])
        self.assertFalse(self.refresh())

    def test_nonsense_is_refused_calmly(self):
        for said in (
            {"value": "9" * 400, "solved": "maybe"},
            {"value": "", "solved": "", "missing": ""},
            {"missing": "x" * 10_000_000},
            {"comment": "\x00" * 5000 + "x" * 5000},
        ):
            answer = self.post(said)
            self.assertEqual(answer.status_code, 200)
            self.assertTrue(self.read(answer).xpath("//*[@role='alert']"))
        self.assertFalse(self.refresh())

    def test_what_was_said_is_text_and_no_markup(self):
        self.post({"missing": "<script>alert(1)</script>", "comment": "<img src=x onerror=alert(2)>"})
        page = self.get(f"rate/{self.token}").text
        self.assertIn("&lt;script&gt;alert(1)", page)
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("<img src=x", page)

    def test_wrong_files_are_named(self):
        answer = self.post({}, files=[("photos", ("hole.png", b"MZ\x90\x00" + b"\0" * 100, "image/png"))])
        self.assertTrue(self.read(answer).xpath("//input[@name='photos'][@aria-invalid='true']"))
        self.assertFalse(self.refresh())

    def test_sent_twice_it_is_one_rating(self):
        self.post({})
        events = len(self.request.event_ids)
        self.post({})
        self.assertEqual((len(self.refresh()), len(self.request.event_ids)), (1, events))

    def test_guessed_and_expired_links_open_nothing(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=contact_center_applicant_mixin.LINK_DAYS + 1)):
            expired = self.request._sign_link()
        for token in (expired, self.token[:-3], "1", "ї", "a" * 3000):
            answer = self.get(f"rate/{token}")
            self.assertEqual(answer.status_code, 404, token)
            self.assertNotIn(self.request.number, answer.text)
        self.assertIn("get a new link", self.get(f"rate/{expired}").text)

    def test_link_of_somebody_who_joined_rates_nothing(self):
        other = self.make_request()
        neighbour = self.env["res.partner"].create({"name": "Neighbour", "company_id": self.city.id})
        other.join(neighbour)
        other._transition("done", result="Only the applicant knows", informed_by="phone")
        token = other._sign_link(neighbour)
        page = self.get(f"rate/{token}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Only the applicant knows", page.text)
        self.assertFalse(self.read(page).xpath("//main//form[@method='post']"))
        with self.assertRaises(UserError):
            other.sudo()._rate(neighbour, {"value": 1, "solved": True, "comment": "", "missing": ""})

    def test_link_works_in_its_city_only(self):
        self.env["res.company"].create({"name": "Inshe", "contact_center_code": "inshe"})
        self.env.flush_all()
        self.assertEqual(self.url_open(f"/contact-center/inshe/rate/{self.token}").status_code, 404)

    def test_decision_is_read_on_the_page(self):
        self.post({})
        self.assertIn("The centre decides on it soon", self.get(f"rate/{self.token}").text)
        self.refresh().with_user(self.supervisor).refuse_return("It is <b>another</b> hole")
        page = self.get(f"rate/{self.token}")
        self.assertIn("It is &lt;b&gt;another&lt;/b&gt; hole", page.text)
        self.assertFalse(self.read(page).xpath("//main//form[@method='post']"))

    def test_too_late_is_said(self):
        self.request.sudo()._write_moved({"finished_at": fields.Datetime.now() - timedelta(days=15)})
        self.assertIn("The time for rating this request is over", self.get(f"rate/{self.token}").text)

    def test_one_address_sends_only_so_many(self):
        Limit = self.env["contact.center.rate.limit"]
        while not Limit._take("rate", "127.0.0.1", 30, 3600):
            pass
        self.assertEqual(self.post({}).status_code, 429)
        self.assertFalse(self.refresh())
