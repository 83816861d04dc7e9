import io
import json
import zipfile

from odoo.tests import new_test_user

from .common import clause
from .pages import CityPagesCase


class TestCabinetPrivacy(CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = new_test_user(cls.env, "cc_resident", groups="base.group_portal", name="Ivan", lang="en_US")
        cls.own = cls.make_request(partner_id=cls.account.partner_id.id, description="My fence fell")
        cls.other = cls.make_request(description="Somebody else's fence")

    def setUp(self):
        super().setUp()
        self.authenticate("cc_resident", "cc_resident")

    def unpack(self, answer):
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        return archive, json.loads(archive.read("data.json"))

    @clause("KP-3.10")
    def test_residents_get_a_copy_of_their_own_data_only(self):
        answer = self.url_open("/my/privacy/data.zip")
        archive, data = self.unpack(answer)
        self.assertIn("My fence fell", [row.get("Description") for row in data["Request"]])
        self.assertNotIn("Somebody else", answer.content.decode("latin-1"))
        page = archive.read("data.html").decode()
        self.assertIn(self.own.number, page)
        self.assertNotIn("Somebody else", page)

    def test_scripts_in_a_request_stay_text_in_the_copy(self):
        self.own.description = "<script>alert(1)</script>"
        self.env.flush_all()
        page = self.unpack(self.url_open("/my/privacy/data.zip"))[0].read("data.html").decode()
        self.assertNotIn("<script>", page)
        self.assertIn("&lt;script&gt;", page)

    @clause("KP-3.10")
    def test_wish_to_be_erased_waits_for_the_head(self):
        self.send("/my/privacy", {"sure": "1"})
        self.send("/my/privacy", {"sure": "1"})
        wish = self.env["contact.center.erasure"].search([])
        self.assertEqual((len(wish), wish.state, wish.partner_ids), (1, "asked", self.account.partner_id))
        self.assertTrue(wish.by_applicant)
        self.assertIn("you asked for it", self.url_open("/my/privacy").text)

    def test_wish_without_the_tick_is_refused_with_a_word(self):
        answer = self.send("/my/privacy", {"city": "9" * 12})
        self.assertTrue(self.read(answer).xpath("//*[@role='alert']"))
        self.assertFalse(self.env["contact.center.erasure"].search([]))

    def test_reasons_of_a_refusal_are_shown(self):
        wish = self.env["contact.center.erasure"]._ask(self.account.partner_id, self.city)
        wish.with_user(self.head).write({"refusal": "Kept by law"})
        wish.with_user(self.head).action_refuse()
        self.env.flush_all()
        self.assertIn("Kept by law", self.url_open("/my/privacy").text)

    def test_copies_of_others_are_for_the_head(self):
        path = f"/contact-center-privacy/{self.resident.id}/data.zip"
        self.assertEqual(self.url_open(path).status_code, 404)
        self.authenticate("cc_supervisor", "cc_supervisor")
        self.assertEqual(self.url_open(path).status_code, 404)
        self.authenticate("cc_head", "cc_head")
        self.assertIn("Somebody else's fence", json.dumps(self.unpack(self.url_open(path))[1]))

    def test_head_gets_no_restricted_request_in_a_copy(self):
        self.make_request(self.restricted_officer, category_id=self.corruption.id, description="Secret bribe")
        self.authenticate("cc_head", "cc_head")
        answer = self.url_open(f"/contact-center-privacy/{self.resident.id}/data.zip")
        self.assertNotIn("Secret bribe", json.dumps(self.unpack(answer)[1]))
