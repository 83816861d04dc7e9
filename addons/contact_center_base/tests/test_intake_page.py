"""How residents report a problem on the public page, as browsers without scripts send it."""

import io
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo import fields
from odoo.tests import new_test_user

from ..controllers import intake
from ..files import check_files
from ..models import contact_center_form_token
from ..proof_of_work import solve
from .common import clause
from .pages import CityPagesCase

SCRIPT = "<script>alert(1)</script>"


def make_photo(kind="JPEG", size=(40, 30)):
    """Return a photo with what cameras note in it."""
    picture = Image.new("RGB", size, "orange")
    noted = Image.Exif()
    noted[0x010F] = "SecretCamera"
    noted[0x8825] = {1: "N", 2: (47.0, 54.0, 0.0)}
    content = io.BytesIO()
    picture.save(content, kind, exif=noted)
    return content.getvalue()


class IntakeCase(CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Robots are too fast and tests are, too; see TestRobots.
        cls.startClassPatcher(patch.object(contact_center_form_token, "FASTEST_SECONDS", 0))
        cls.point = {"latitude": "47.9000", "longitude": "33.3900"}
        cls.street.write({"latitude": 47.9, "longitude": 33.39})

    def fill(self, **values):
        return {
            "description": "The lamp is off",
            "category_id": str(self.lamp.id),
            "street": "Соборна",
            "house": "12",
            "consent": "1",
            **values,
        }

    def report(self, photos=None, **values):
        """Send the form filled in and return the answer."""
        files = [("photos", photo) for photo in photos or []]
        return self.send("new", self.fill(**values), files=files or None)

    def find(self):
        """Return the requests that were reported, the latest first."""
        self.env.invalidate_all()
        return self.env["contact.center.request"].search([("company_id", "=", self.city.id)])

    def assert_refused(self, answer, message):
        self.assertEqual(answer.status_code, 200)
        self.assertIn(message, " ".join(self.read(answer).xpath("//main//*[@role='alert']")[0].text_content().split()))
        self.assertFalse(self.find())


class TestReporting(IntakeCase):
    @clause("MA-1.1", "PO-6.1a")
    def test_report_without_scripts(self):
        answer = self.report(phone="050 111 22 33", name="Іван Гук")
        request = self.find()
        self.assertEqual(
            (request.description, request.category_id, request.street_id, request.house, request.channel),
            ("The lamp is off", self.lamp, self.street, "12", "web"),
        )
        self.assertEqual((request.phone, request.partner_id.name), ("+380501112233", "Іван Гук"))
        self.assertEqual(request.event_ids.mapped("role"), ["applicant"])
        page = self.read(answer)
        self.assertIn(request.number, page.text_content())
        [link] = page.xpath("//a[contains(@class, 'o_cc_link')]/@href")
        found, person = request._find_by_link(link.rpartition("/")[2])
        self.assertEqual((found, person), (request, request.partner_id))

    def test_two_steps(self):
        answer = self.send("new", self.fill(category_id="", step="look", description="street lamp"))
        page = self.read(answer)
        self.assertTrue(page.xpath(f"//div[@id='part_topics']//input[@value='{self.lamp.id}']"))
        self.assertEqual(page.get_element_by_id("intake_description").value, "street lamp")
        self.assertFalse(self.find())

    def test_nobody_needs_to_say_who_they_are(self):
        self.report()
        self.assertFalse(self.find().partner_id)

    @clause("KP-2.2")
    def test_kinds_of_applicants_and_who_gets_it(self):
        kinds = {"displaced": "0501112233", "association": "0501112244", "resident": "0501112255"}
        for kind, phone in kinds.items():
            self.report(phone=phone, kind=kind)
            request = self.find()[0]
            self.assertEqual(request.partner_id.applicant_kind, kind)
            self.assertEqual((request.owner_id, request.state), (self.works, "new"))
            self.assertTrue(request.deadline)

    def test_known_applicant_is_neither_changed_nor_shown(self):
        answer = self.report(phone=self.resident.phone, email="other@example.com", kind="business")
        self.assertEqual(self.find().partner_id, self.resident)
        self.assertNotIn(self.resident.name, answer.text)
        self.assertEqual((self.resident.email, self.resident.applicant_kind), ("oksana@example.com", "resident"))

    def test_logged_in(self):
        user = new_test_user(
            self.env,
            "cc_portal_resident",
            groups="base.group_portal",
            password="Reports-1",
            company_id=self.city.id,
            company_ids=[(6, 0, self.city.ids)],
        )
        self.authenticate(user.login, "Reports-1")
        self.report()
        self.assertEqual((self.find().partner_id, self.find().channel), (user.partner_id, "portal"))

    def test_sent_twice_is_one_report(self):
        values = self.fill()
        page = self.read(self.get("new"))
        form = page.xpath("//main//form[@method='post']")[0]
        data = {**dict(form.form_values()), **values}
        first, second = (self.url_open(self.path("new"), data=data) for _ in range(2))
        self.assertEqual(len(self.find()), 1)
        for answer in (first, second):
            self.assertIn(self.find().number, answer.text)

    def test_extra_questions(self):
        self.lamp.question_definition = [
            {"name": "pole", "type": "integer", "string": "Number of the pole"},
            {"name": "side", "type": "selection", "string": "Side", "selection": [["l", "Left"], ["r", "Right"]]},
        ]
        self.report(answer_pole="17", answer_side="r", answer_other="x")
        self.assertEqual(dict(self.find().answers), {"pole": 17, "side": "Right"})

    def test_wrong_answer_to_a_question(self):
        self.lamp.question_definition = [{"name": "pole", "type": "integer", "string": "Number of the pole"}]
        self.assert_refused(self.report(answer_pole="many"), "doesn't answer the question")

    def test_words_may_be_shown_only_if_agreed(self):
        self.report()
        self.assertFalse(self.find().publish_text)

    def test_consent_is_kept(self):
        if not self.env["contact.center.consent.text"]._get_current(self.city):
            self.skipTest("there is no text to agree to")
        self.assert_refused(self.report(phone="0501112233", consent=""), "Agree")
        self.report(phone="0501112233")
        request = self.find()
        consent = self.env["contact.center.consent"].search([("request_id", "=", request.id)])
        self.assertEqual((consent.partner_id, consent.channel), (request.partner_id, "web"))


class TestDemands(IntakeCase):
    def test_what_is_missing_is_said(self):
        for values, message in (
            ({"description": ""}, "Write what is wrong"),
            ({"category_id": ""}, "Choose what it is about"),
            ({"street": "", "house": ""}, "Say where it is"),
            ({"street": "Неіснуюча"}, "There is no street"),
            ({"phone": "abc"}, "is no phone number"),
            ({"email": "abc@"}, "e-mail"),
            ({"latitude": "47.9"}, "Write both numbers"),
            ({"latitude": "nan", "longitude": "inf"}, "Write both numbers"),
            ({"latitude": "52.4", "longitude": "16.9"}, "outside the city"),
            ({"description": "x" * 5001}, "longer than 5000"),
            ({"house": "1" * 21}, "longer than 20"),
        ):
            with self.subTest(values=str(values)[:40]):
                self.assert_refused(self.report(**values), message)

    def test_topics_that_are_not_for_residents(self):
        self.lamp.public = False
        self.assert_refused(self.report(), "Choose what it is about")
        self.lamp.write({"public": True, "active": False})
        self.assert_refused(self.report(), "Choose what it is about")

    def test_topic_of_another_city(self):
        other = self.env["res.company"].create({"name": "Inshe"})
        foreign = self.make_category("X", "Foreign", company_id=other.id)
        self.assert_refused(self.report(category_id=str(foreign.id)), "Choose what it is about")

    def test_several_streets_of_one_name(self):
        others = self.env["contact.center.street"].create([{"name": "Соборна", "kind": "провулок"}])
        answer = self.report()
        self.assert_refused(answer, "Several streets")
        self.assertTrue(self.read(answer).xpath(f"//input[@type='radio'][@name='street_id'][@value='{others.id}']"))
        self.report(street_id=str(others.id))
        self.assertEqual(self.find().street_id, others)

    def test_photo_demanded(self):
        self.lamp.photo_required = True
        self.assert_refused(self.report(), "needs a photo")
        self.report(photos=[("lamp.jpg", make_photo(), "image/jpeg")])
        self.assertTrue(self.find().photo_ids)

    def test_contact_demanded(self):
        self.city.contact_center_web_contact = "required"
        self.assert_refused(self.report(), "the city asks for one")

    def test_contact_to_be_confirmed(self):
        self.city.contact_center_web_contact = "confirmed"
        Confirmation = type(self.env["contact.center.confirmation"])
        self.assert_refused(self.report(phone="0501112233", confirmation="000000"), "Confirm your contact")
        with patch.object(Confirmation, "_check_code", return_value=True) as check:
            self.report(phone="0501112233", confirmation="123456")
        self.assertEqual(check.call_args.args[1:], ("+380501112233", "report", "123456"))
        self.assertEqual(self.find().phone, "+380501112233")

    def test_code_is_sent_on_demand(self):
        self.city.contact_center_web_contact = "confirmed"
        answer = self.send("new", self.fill(email="ivan@example.com", step="code"))
        self.assertIn("A code was sent to ivan@example.com", answer.text)
        self.assertTrue(self.env["mail.mail"].search([("email_to", "=", "ivan@example.com")]))

    def test_points_of_the_city(self):
        is_in_city = self.env["contact.center.street"]._is_in_city
        self.assertTrue(is_in_city(self.city, 47.91, 33.4))
        self.assertFalse(is_in_city(self.city, 52.4, 16.9))
        self.street.write({"latitude": 0, "longitude": 0})
        self.assertTrue(is_in_city(self.city, 52.4, 16.9))


class TestBadInput(IntakeCase):
    def test_scripts_stay_text(self):
        texts = ("description", "house", "place_note", "name")
        answer = self.report(**dict.fromkeys(texts, SCRIPT[:20]), street="", email="a@b.example")
        request = self.find()
        self.assertEqual(request.description, SCRIPT[:20])
        self.assertNotIn(SCRIPT[:20], answer.text)

    def test_nothing_breaks_the_page(self):
        page = self.read(self.get("new"))
        form = page.xpath("//main//form[@method='post']")[0]
        whole = {**dict(form.form_values()), **self.fill()}
        for name in [*whole, "street_id", "answer_x", "join", "step", "code", "confirmation", "website", "parts"]:
            if name == "csrf_token":
                continue
            for value in ("\x00\x00", "x" * 200_000, SCRIPT, "9" * 400, b"\xff\xfe\xed\xa0\x80", "-1", "'; --"):
                with self.subTest(name=name, value=str(value)[:10]):
                    answer = self.url_open(self.path("new"), data={**whole, "category_id": "", name: value})
                    self.assertIn(answer.status_code, (200, 429))
                    self.assertNotIn(SCRIPT, answer.text)
        self.assertFalse(self.find())

    def test_a_file_in_the_place_of_a_text(self):
        answer = self.send("new", {"category_id": str(self.lamp.id)}, files={"description": ("a.txt", b"text")})
        self.assert_refused(answer, "Write what is wrong")

    def test_guessed_links_lead_nowhere(self):
        for token in ("x", "%00", "A" * 5000, "1/2"):
            self.assertEqual(self.get(f"new/thanks/{token}").status_code, 404)

    def test_link_of_another_city(self):
        other = self.env["res.company"].create({"name": "Inshe", "contact_center_code": "inshe"})
        request = self.make_request()
        self.env.flush_all()
        path = f"/contact-center/{other.contact_center_code}/new/thanks/{request._sign_link()}"
        self.assertEqual(self.url_open(path).status_code, 404)


class TestPhotos(IntakeCase):
    def test_notes_of_the_camera_are_removed(self):
        for kind, ending in (("JPEG", "jpg"), ("PNG", "png")):
            with self.subTest(kind=kind):
                content = make_photo(kind)
                self.assertIn(b"SecretCamera", content)
                self.report(photos=[(f"lamp.{ending}", content, "image/x")])
                photo = self.find()[0].photo_ids
                self.assertNotIn(b"SecretCamera", photo.raw)
                self.assertFalse(dict(Image.open(io.BytesIO(photo.raw)).getexif()))
                self.assertEqual((photo.res_model, photo.res_id), ("contact.center.request", self.find()[0].id))

    def test_photo_that_fills_the_memory(self):
        content = io.BytesIO()
        Image.new("1", (10_000, 6_000)).save(content, "PNG")
        self.assertLess(len(content.getvalue()), 100_000)
        answer = self.report(photos=[("bomb.png", content.getvalue(), "image/png")])
        self.assert_refused(answer, "more than 50 million points")
        with self.assertRaisesRegex(Exception, "million points"):
            check_files(self.env, [("bomb.png", content.getvalue())])

    def test_what_is_no_photo(self):
        for name, content, message in (
            ("page.html", b"<html><script>alert(1)</script></html>", "aren't taken"),
            ("note.txt", b"only text", "choose photos"),
            ("lamp.jpg", make_photo("PNG"), "isn't what its name says"),
            ("lamp.jpg", make_photo()[:200], "picture is broken"),
            ("empty.jpg", b"", "is empty"),
        ):
            with self.subTest(name=name):
                self.assert_refused(self.report(photos=[(name, content, "image/jpeg")]), message)
        self.assertFalse(self.env["ir.attachment"].search([("name", "in", ("page.html", "note.txt"))]))

    def test_too_many(self):
        photo = ("lamp.jpg", make_photo(), "image/jpeg")
        self.assert_refused(self.report(photos=[photo] * 6), "at most 5 files")


class TestKnown(IntakeCase):
    def make_lamp(self, **values):
        return self.make_request(category_id=self.lamp.id, street_id=self.street.id, house="12", **values)

    def look(self, **values):
        return self.read(self.send("new", self.fill(step="look", **values))).get_element_by_id("part_known")

    def test_known_nearby_is_shown_first(self):
        request = self.make_lamp(description="Only for the city")
        known = self.look()
        self.assertTrue(known.xpath(f".//button[@name='join'][@value='{request.number}']"))
        self.assertNotIn("Only for the city", known.text_content())
        self.assertNotIn(self.resident.name, known.text_content())

    def test_restricted_is_not_shown_nearby(self):
        self.make_lamp(restricted=True)
        self.assertFalse(self.look().text_content().strip())

    def test_join(self):
        request = self.make_lamp()
        answer = self.report(join=request.number, phone="0501112233")
        self.assertEqual(request.participant_ids.partner_id.phone, "+380501112233")
        self.assertEqual(self.find(), request)
        [link] = self.read(answer).xpath("//a[contains(@class, 'o_cc_link')]/@href")
        self.assertEqual(request._find_by_link(link.rpartition("/")[2])[1], request.participant_ids.partner_id)

    def test_join_needs_a_contact(self):
        request = self.make_lamp()
        self.assertIn("whoever joins is told the outcome", self.report(join=request.number).text)
        self.assertFalse(request.participant_ids)

    def test_nobody_gets_the_link_of_the_applicant(self):
        request = self.make_lamp()
        answer = self.report(join=request.number, phone=self.resident.phone)
        self.assertIn("You are part of it already", answer.text)
        self.assertNotIn("/track/", answer.text.replace('/track"', ""))

    def test_what_is_not_public_can_not_be_joined(self):
        request = self.make_lamp(restricted=True)
        answer = self.report(join=request.number, phone="0501112233")
        self.assertIn("can't be joined", self.read(answer).text_content())
        self.assertFalse(request.participant_ids)


class TestRobots(IntakeCase):
    def test_trap(self):
        self.assert_refused(self.report(website="http://spam.example"), "Leave this empty")

    def test_too_fast(self):
        with patch.object(contact_center_form_token, "FASTEST_SECONDS", 30):
            self.assert_refused(self.report(), "That was very fast")

    def test_open_for_too_long(self):
        old = self.env["contact.center.form.token"]
        with patch.object(contact_center_form_token, "LIFETIME_HOURS", -1):
            expired = old._issue(self.city)
        self.assert_refused(self.report(form_token=expired), "open for too long")

    def test_token_of_another_city(self):
        other = self.env["res.company"].create({"name": "Inshe"})
        foreign = self.env["contact.center.form.token"]._issue(other)
        self.assert_refused(self.report(form_token=foreign), "open for too long")

    def test_limit_of_an_address(self):
        with patch.object(intake, "REPORTS_PLAIN", ("intake_plain", 2, 3600)):
            answers = [self.report() for _ in range(3)]
        self.assertEqual([answer.status_code for answer in answers], [200, 200, 429])
        self.assertGreater(int(answers[-1].headers["Retry-After"]), 0)
        self.assertEqual(len(self.find()), 2)

    def test_proof_of_work_lifts_the_limit_of_an_address(self):
        Token = self.env["contact.center.form.token"]
        text = Token._issue(self.city)
        proof = solve(Token._read(self.city, text).key)
        with patch.object(intake, "REPORTS_PLAIN", ("intake_plain", 1, 3600)):
            self.report()
            self.assertEqual(self.report(form_token=text, proof=proof).status_code, 200)
            self.assertEqual(self.report(proof="1").status_code, 429)
        self.assertEqual(len(self.find()), 2)

    def test_limit_of_a_contact(self):
        with patch.object(intake, "REPORTS_CONTACT", ("intake_contact", 1, 3600)):
            answers = [self.report(phone=phone) for phone in ("050 111 22 33", "+380501112233", "0671112233")]
        self.assertEqual([answer.status_code for answer in answers], [200, 429, 200])

    def test_token_says_when_its_form_was_shown(self):
        Token = self.env["contact.center.form.token"]
        token = Token._read(self.city, Token._issue(self.city))
        self.assertAlmostEqual(token.issued, fields.Datetime.now().timestamp(), delta=timedelta(seconds=5).seconds)
