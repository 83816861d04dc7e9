import re

from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import clause
from .pages import CityPagesCase

PHONE, EMAIL = "+380671112233", "olena@example.com"
PASSWORD = "Cabinet-pages-1"


class CabinetCase(CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.olena = cls.make_resident("olena", EMAIL)
        cls.stranger = cls.make_resident("stranger", "stranger@example.com")
        cls.by_phone = cls.make_request(phone=PHONE, partner_id=False, description="Taken by phone")

    @classmethod
    def make_resident(cls, login, email):
        return new_test_user(
            cls.env,
            f"cc_{login}",
            groups="base.group_portal",
            password=PASSWORD,
            email=email,
            company_id=cls.city.id,
            company_ids=[(6, 0, cls.city.ids)],
            lang="en_US",
        )

    def log_in(self, user=None):
        self.env.flush_all()
        user = user or self.olena
        self.authenticate(user.login, PASSWORD)

    def confirm(self, kind="phone", value=PHONE, user=None):
        return self.env["contact.center.confirmed.contact"]._confirm(user or self.olena, kind, value)

    def find_own(self, user=None):
        Request = self.env["contact.center.request"]
        return Request.search(Request._get_own_domain(user or self.olena))

    def list_numbers(self, **params):
        """Return the numbers on the page of own requests."""
        self.env.flush_all()
        page = self.read(self.url_open("/my/requests", params=params))
        return page.xpath("//main//li//a[@class='fw-bold']/text()")


class TestOwnRequests(CabinetCase):
    def test_requests_of_the_account_itself(self):
        request = self.make_request(partner_id=self.olena.partner_id.id)
        self.assertEqual(self.find_own(), request)

    def test_requests_taken_by_phone_once_the_phone_is_confirmed(self):
        self.assertFalse(self.find_own())
        self.confirm()
        self.assertEqual(self.find_own(), self.by_phone)

    def test_requests_of_an_applicant_with_the_confirmed_contact(self):
        applicant = self.env["res.partner"].create({"name": "Olena", "email": EMAIL, "company_id": self.city.id})
        request = self.make_request(partner_id=applicant.id)
        self.confirm("email", EMAIL)
        self.assertEqual(self.find_own(), request)

    def test_joined_requests(self):
        request = self.make_request()
        request.sudo().join(self.olena.partner_id)
        self.assertEqual(self.find_own(), request)

    def test_address_typed_at_sign_up_proves_nothing(self):
        self.make_request(email=EMAIL, partner_id=False)
        self.olena.partner_id.phone = PHONE
        self.assertFalse(self.find_own())

    def test_contact_is_of_the_account_that_confirmed_it_last(self):
        self.confirm()
        self.confirm(user=self.stranger)
        self.assertFalse(self.find_own())
        self.assertEqual(self.find_own(self.stranger), self.by_phone)

    def test_restricted_requests_are_followed_by_link_only(self):
        self.make_request(category_id=self.corruption.id, phone=PHONE, partner_id=self.olena.partner_id.id)
        self.confirm()
        self.assertEqual(self.find_own(), self.by_phone)

    def test_phone_written_into_a_stranger_s_account_catches_no_callers(self):
        self.stranger.partner_id.phone = PHONE
        self.assertFalse(self.env["res.partner"]._find_applicants(phone=PHONE))
        self.confirm(user=self.stranger)
        self.assertEqual(self.env["res.partner"]._find_applicants(phone=PHONE), self.stranger.partner_id)

    def test_further_phones_of_an_applicant_open_nothing(self):
        self.make_request()
        self.env["contact.center.phone"].create({"partner_id": self.resident.id, "number": PHONE})
        self.confirm()
        self.assertEqual(self.find_own(), self.by_phone)

    def test_indexes_answer(self):
        self.confirm()
        self.confirm("email", EMAIL)
        Request = self.env["contact.center.request"]
        query = Request._search(Request._get_own_domain(self.olena), order="id desc", limit=20)
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_indexscan = off")
        plan = "\n".join(row for (row,) in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
        self.assertIn("BitmapOr", plan)


class TestCabinetPages(CabinetCase):
    def setUp(self):
        super().setUp()
        self.confirm()

    def test_list_shows_own_requests_and_no_others(self):
        self.make_request()
        self.log_in()
        self.assertEqual(self.list_numbers(), [self.by_phone.number])

    def test_list_is_filtered_and_searched(self):
        ended = self.make_request(phone=PHONE, partner_id=False, category_id=self.opening_hours.id)
        ended._transition("done", result="From 8", informed_by="phone")
        self.log_in()
        self.assertEqual(self.list_numbers(show="open"), [self.by_phone.number])
        self.assertEqual(self.list_numbers(show="ended"), [ended.number])
        self.assertEqual(self.list_numbers(search="Opening"), [ended.number])
        self.assertEqual(self.list_numbers(search=self.by_phone.number), [self.by_phone.number])
        self.assertEqual(self.list_numbers(search="%' OR \x00", show="<b>"), [])

    def test_list_has_pages(self):
        for _ in range(22):
            self.make_request(phone=PHONE, partner_id=False)
        self.log_in()
        self.assertEqual(len(self.list_numbers()), 20)
        page = self.read(self.url_open("/my/requests/page/2"))
        self.assertEqual(len(page.xpath("//main//li//a[@class='fw-bold']/text()")), 3)
        self.assertEqual(self.url_open("/my/requests/page/999").status_code, 200)

    def test_detail_is_the_page_of_the_link(self):
        self.log_in()
        answer = self.url_open(f"/my/requests/{self.by_phone.id}")
        self.assertIn("Taken by phone", answer.text)
        self.send(f"/my/requests/{self.by_phone.id}", {"text": "Still there"}, form=0)
        self.env.invalidate_all()
        self.assertIn("added", self.by_phone.event_ids.mapped("kind"))

    def test_rating_in_the_cabinet(self):
        self.by_phone._transition("done", result="Filled", informed_by="phone")
        self.log_in()
        path = f"/my/requests/{self.by_phone.id}"
        page = self.read(self.url_open(path))
        [form] = page.xpath(f"//main//form[@action='{path}/rate']")
        data = {**dict(form.form_values()), "value": "4", "solved": "yes"}
        self.assertIn("4 of 5", " ".join(self.read(self.url_open(f"{path}/rate", data=data)).text_content().split()))
        self.env.invalidate_all()
        self.assertEqual(self.by_phone.rating, 4)

    @clause("KR-10.1")
    def test_asking_for_rework_in_the_cabinet(self):
        self.by_phone._transition("done", result="Filled", informed_by="phone")
        other = self.make_request()
        other._transition("done", result="Filled", informed_by="phone")
        self.log_in()
        path = f"/my/requests/{self.by_phone.id}"
        form = self.read(self.url_open(path)).xpath(f"//main//form[@action='{path}/rate']")[0]
        data = {**dict(form.form_values()), "value": "1", "solved": "no"}
        page = self.read(self.url_open(f"{path}/rate", data=data))
        self.assertTrue(page.xpath("//textarea[@name='missing'][@aria-invalid='true']"))
        data["missing"] = "The hole is back"
        self.assertEqual(self.url_open(f"/my/requests/{other.id}/rate", data=data).status_code, 404)
        self.assertIn("The centre decides on it soon", self.url_open(f"{path}/rate", data=data).text)
        self.env.invalidate_all()
        self.assertEqual(self.by_phone.applicant_rating_ids.return_state, "asked")
        self.assertFalse(other.applicant_rating_ids)

    def test_requests_of_others_are_not_there(self):
        other = self.make_request()
        self.log_in()
        token = self.read(self.url_open("/my/contacts")).xpath("//main//input[@name='csrf_token']/@value")[0]
        for request_id in (other.id, 2**31, 2**70, 0):
            self.assertEqual(self.url_open(f"/my/requests/{request_id}").status_code, 404)
            answer = self.url_open(f"/my/requests/{request_id}/comment", data={"text": "x", "csrf_token": token})
            self.assertEqual(answer.status_code, 404)
            self.assertEqual(self.url_open(f"/my/requests/{request_id}/files/1").status_code, 404)

    def test_visitors_log_in_first(self):
        self.env.flush_all()
        for path in ("/my/requests", f"/my/requests/{self.by_phone.id}", "/my/contacts"):
            self.assertIn("/web/login", self.url_open(path).url)

    def test_home_leads_there(self):
        self.log_in()
        page = self.read(self.url_open("/my"))
        self.assertTrue(page.xpath("//main//a[@href='/my/requests']"))
        counters = ["contact_center_request_count"]
        answer = self.url_open("/my/counters", json={"params": {"counters": counters}}).json()
        self.assertEqual(answer["result"], {"contact_center_request_count": 1})

    def test_residents_sign_up_by_themselves(self):
        self.assertEqual(self.env["res.users"]._get_signup_invitation_scope(), "b2c")


class TestConfirmingContacts(CabinetCase):
    def setUp(self):
        super().setUp()
        self.log_in()

    def send_form(self, action, **values):
        """Send one of the forms of the page of contacts."""
        self.env.flush_all()
        page = self.read(self.url_open("/my/contacts"))
        [form] = page.xpath(f"//main//form[contains(@action, '{action}')]")
        answer = self.url_open(form.get("action"), data={**dict(form.form_values()), **values})
        self.env.invalidate_all()
        return answer

    def read_code(self):
        return re.search(r"\b\d{6}\b", self.env["sms.sms"].search([("number", "=", PHONE)], limit=1).body)[0]

    def get_contacts(self, user=None):
        contacts = self.env["contact.center.confirmed.contact"].search([("user_id", "=", (user or self.olena).id)])
        return contacts.mapped("value")

    def test_phone_is_confirmed_by_its_code(self):
        self.send_form("/send", contact="067 111 22 33")
        self.assertFalse(self.get_contacts())
        self.assertIn("Confirmed", self.send_form("/confirm", code=self.read_code()).text)
        self.assertEqual(self.get_contacts(), [PHONE])
        self.assertEqual(self.list_numbers(), [self.by_phone.number])

    def test_who_registered_by_themselves_chooses_the_city(self):
        country = self.env.ref("base.pl").id
        elsewhere = self.env["res.company"].create(
            {"name": "Gdzie indziej", "contact_center_code": "elsewhere", "country_id": country}
        )
        company = self.env["res.company"].create({"name": "Of the portal's template"})
        self.olena.write({"company_ids": [(4, company.id)], "company_id": company.id})
        self.log_in()
        self.send_form("/send", contact="601 234 567", city=elsewhere.id)
        self.assertTrue(self.env["sms.sms"].search([("number", "=", "+48601234567")]))
        self.send_form("/send", contact="067 111 22 33", city=self.city.id)
        self.send_form("/confirm", code=self.read_code())
        self.assertEqual(self.get_contacts(), [PHONE])

    def test_wrong_codes_are_refused_and_few(self):
        self.send_form("/send", contact=PHONE)
        code = self.read_code()
        for _ in range(5):
            self.assertIn("This isn&#39;t the code", self.send_form("/confirm", code="x").text)
        self.send_form("/confirm", code=code)
        self.assertFalse(self.get_contacts())

    def test_code_of_one_account_is_worth_nothing_in_another(self):
        self.send_form("/send", contact=PHONE)
        code = self.read_code()
        self.log_in(self.stranger)
        self.send_form("/send", contact=PHONE)
        new = self.read_code()
        if code != new:
            self.send_form("/confirm", code=code)
            self.assertFalse(self.get_contacts(self.stranger))

    def test_contact_is_removed(self):
        contact = self.confirm()
        foreign = self.confirm("email", "stranger@example.com", self.stranger)
        self.send_form("/remove")
        self.assertFalse(contact.exists())
        token = self.read(self.url_open("/my/contacts")).xpath("//main//input[@name='csrf_token']/@value")[0]
        self.url_open(f"/my/contacts/{foreign.id}/remove", data={"csrf_token": token})
        self.assertTrue(foreign.exists())

    def test_odd_contacts_are_refused_with_words(self):
        for contact in ("", "x", "<script>alert(1)</script>", "1" * 100_000, "a@b"):
            page = self.read(self.send_form("/send", contact=contact))
            self.assertTrue(page.xpath("//main//*[@role='alert']"), contact[:20])
