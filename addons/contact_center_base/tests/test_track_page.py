import base64
import re

from ..const import INFORM_CHANNELS
from .common import clause
from .pages import CODE, CityPagesCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NOTE = "She calls every day"
OTHER_EMAIL = "neighbour@example.com"


class TrackCase(CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.make_request(phone="+380501234567", email="Oksana@Example.com", flat="77")
        cls.request.message_post(body=NOTE, subtype_xmlid="mail.mt_note")
        cls.neighbour = cls.env["res.partner"].create(
            {"name": "Neighbour", "email": OTHER_EMAIL, "company_id": cls.city.id}
        )
        cls.request.sudo().join(cls.neighbour, note="Near my house")
        cls.photo = cls.env["ir.attachment"].create({"name": "hole.png", "raw": PIXEL})
        cls.request.sudo().photo_ids = cls.photo

    def link(self, person=None, request=None):
        """Return the path of a request's page."""
        return (request or self.request).sudo()._get_applicant_path(person)

    def show(self, person=None, request=None):
        """Return the text of a request's page."""
        self.env.flush_all()
        answer = self.url_open(self.link(person, request))
        self.assertEqual(answer.status_code, 200)
        return " ".join(self.read(answer).xpath("//main")[0].text_content().split())

    def act(self, act, person=None, request=None, files=None, **values):
        """Send the form of an act from the page of the link, and return the answer."""
        path = self.link(person, request)
        self.env.flush_all()
        page = self.read(self.url_open(path))
        [form] = page.xpath(f"//main//form[contains(@action, '/{act}')]")
        data = {name: value for name, value in form.form_values() if name not in values}
        answer = self.url_open(form.get("action"), data={**data, **values}, files=files)
        self.env.invalidate_all()
        return answer

    def alert(self, answer):
        return " ".join(self.read(answer).xpath("string(//main//*[@role='alert'])").split())

    def end(self, request=None):
        (request or self.request)._transition("done", result="Filled with asphalt", informed_by="phone")


class TestTrackPage(TrackCase):
    @clause("MA-2.2.7")
    def test_page_tells_state_term_and_executor(self):
        self.request.owner_id = self.works
        text = self.show()
        for words in (self.request.number, "New", "due", "City Light", "A hole in the road", "flat 77", "Registered"):
            self.assertIn(words, text)

    @clause("MA-2.2.7")
    def test_page_tells_the_result_once_it_is_agreed(self):
        self.request._transition("in_progress")
        self.request._transition("proposed", result="Filled with asphalt", informed_by="phone")
        self.assertNotIn("Filled with asphalt", self.show())
        self.end()
        self.assertIn("Filled with asphalt", self.show())

    def test_nothing_of_the_staff_is_shown(self):
        self.request._transition("in_progress")
        self.request._transition("proposed", result="Filled", informed_by="phone")
        self.request._transition("rework", comment="The executor lies again")
        self.request.write({"house": "5", "user_id": self.operator.id})
        text = self.show()
        for words in (NOTE, "lies again", "Near my house", "Details changed", self.operator.name, "Neighbour"):
            self.assertNotIn(words, text)

    def test_extension_is_told_with_its_reason(self):
        self.request.with_user(self.supervisor).extend_deadline(2, "working_days", "Asphalt is out of stock")
        self.assertIn("Asphalt is out of stock", self.show())

    def test_clock_that_stands_still_is_told(self):
        self.rule.pause_on_waiting = True
        self.request.ask_applicant("Which lane?")
        self.assertIn("stands still", self.show())

    def test_public_article_is_linked_and_others_are_not(self):
        article = self.env["contact.center.article"].create({"name": "Roads and holes", "summary": "We mend them."})
        self.request.article_id = article
        self.assertNotIn("Roads and holes", self.show())
        article.write({"public": True})
        article._set_state("published")
        self.end()
        self.assertIn("Roads and holes", self.show())

    def test_messages_to_the_applicant_are_shown(self):
        self.request.message_post(
            body="We come on Monday",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.resident.ids,
        )
        self.assertIn("We come on Monday", self.show())
        self.assertNotIn("We come on Monday", self.show(self.neighbour))

    # Joined persons

    def test_joined_person_sees_state_and_result_and_nothing_of_the_applicant(self):
        self.request.ask_applicant("Which lane?")
        self.request.answer_question("The left one")
        self.end()
        text = self.show(self.neighbour)
        self.assertIn("Filled with asphalt", text)
        for words in ("A hole in the road", "Which lane?", "The left one", "flat 77", self.resident.name):
            self.assertNotIn(words, text)

    def test_joined_person_reads_the_words_that_may_be_shown(self):
        self.pothole.public = True
        self.request.publish_text = True
        self.assertIn("A hole in the road", self.show(self.neighbour))

    def test_joined_person_leaves(self):
        path = self.link(self.neighbour)
        self.assertEqual(self.act("leave", self.neighbour).status_code, 200)
        self.assertFalse(self.request.participant_ids)
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_joined_person_neither_withdraws_nor_answers(self):
        self.request.ask_applicant("Which lane?")
        path, token = self.link(self.neighbour), self.get_csrf(self.neighbour)
        for act in ("withdraw", "answer"):
            answer = self.url_open(f"{path}/{act}", data={"text": "x", "csrf_token": token})
            self.assertIn("isn't possible", self.alert(answer))
        self.env.invalidate_all()
        self.assertEqual(self.request.state, "waiting")

    def get_csrf(self, person=None):
        self.env.flush_all()
        return self.read(self.url_open(self.link(person))).xpath("//main//input[@name='csrf_token']/@value")[0]

    # Restricted requests

    def test_of_a_restricted_request_only_number_state_and_result(self):
        request = self.make_request(
            category_id=self.corruption.id, description="The inspector asked for money", email="x@example.com"
        )
        text = self.show(request=request)
        self.assertIn(request.number, text)
        request.with_user(self.restricted_officer).ask_applicant("How much money?")
        self.end(request.sudo())
        text = self.show(request=request)
        self.assertIn("Filled with asphalt", text)
        for words in ("inspector", "How much", "Corruption", "What happened"):
            self.assertNotIn(words, text)

    def test_files_of_a_restricted_request_stay_closed(self):
        request = self.make_request(category_id=self.corruption.id).sudo()
        request.photo_ids = self.make_photo()
        path = f"{self.link(request=request)}/files/{request.photo_ids.id}"
        self.env.flush_all()
        self.assertEqual(self.url_open(path).status_code, 404)

    def make_photo(self):
        return self.env["ir.attachment"].create({"name": "proof.png", "raw": PIXEL})

    # Links and files

    def test_wrong_links_lead_to_a_new_one(self):
        token = self.link().rpartition("/")[2]
        other = self.env["res.company"].create({"name": "Inshe", "contact_center_code": "inshe"})
        self.env.flush_all()
        wrong = [self.path("track/guessed"), self.path(f"track/{token[:-3]}"), f"/contact-center/inshe/track/{token}"]
        for path in wrong:
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, 404, path)
            self.assertTrue(self.read(answer).xpath("//main//input[@name='number']"))
            self.assertEqual(self.url_open(f"{path}/files/{self.photo.id}").status_code, 404)
        self.assertTrue(other)

    def test_pages_have_a_title(self):
        titles = [self.read(self.get(page)).findtext(".//title") for page in ("track", "track/guessed")]
        self.assertEqual(titles, ["Follow a request", "This link doesn't work"])

    def test_page_is_kept_from_caches_search_engines_and_other_sites(self):
        self.env.flush_all()
        headers = self.url_open(self.link()).headers
        self.assertEqual(headers["Referrer-Policy"], "same-origin")
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertIn("noindex", headers["X-Robots-Tag"])

    def test_own_photo_is_sent_and_no_other_file(self):
        secret = self.env["ir.attachment"].create(
            {"name": "note.png", "raw": PIXEL, "res_model": self.request._name, "res_id": self.request.id}
        )
        self.env.flush_all()
        photo = self.url_open(f"{self.link()}/files/{self.photo.id}?small=1")
        self.assertEqual((photo.status_code, photo.headers["Content-Type"]), (200, "image/png"))
        self.assertEqual(self.url_open(f"{self.link()}/files/{secret.id}").status_code, 404)
        self.assertEqual(self.url_open(f"{self.link(self.neighbour)}/files/{self.photo.id}").status_code, 404)
        self.assertEqual(self.url_open(f"{self.link()}/files/{2**70}").status_code, 404)


class TestTrackActs(TrackCase):
    def test_answer_with_a_photo_lets_the_work_go_on(self):
        self.request._transition("in_progress")
        self.request.ask_applicant("Which lane?")
        answer = self.act("answer", text="The left one", files={"files": ("lane.png", PIXEL, "image/png")})
        self.assertIn("The work goes on", answer.text)
        self.assertEqual(self.request.state, "in_progress")
        self.assertEqual(self.request.question_ids.answer, "The left one")
        self.assertEqual(len(self.request.photo_ids), 2)
        event = self.request.event_ids.filtered(lambda row: row.kind == "answered")
        self.assertEqual((event.role, event.comment), ("applicant", "The left one"))

    def test_answer_that_is_refused_leaves_nothing(self):
        self.request.ask_applicant("Which lane?")
        answer = self.act("answer", text="See here", files={"files": ("run.exe", b"MZ\x90", "image/png")})
        self.assertTrue(self.alert(answer))
        self.assertIn("See here", answer.text)
        self.assertEqual((self.request.state, self.request.photo_ids), ("waiting", self.photo))

    def test_comment_reaches_the_staff_and_its_author(self):
        self.request.user_id = self.operator
        self.act("comment", text="It is deeper <b>now</b>")
        message = self.request.message_ids[0]
        self.assertEqual(message.author_id, self.resident)
        self.assertTrue(message.subtype_id.internal)
        self.assertIn("added", self.request.event_ids.mapped("kind"))
        self.assertEqual(self.request.activity_ids.user_id, self.operator)
        self.assertIn("It is deeper <b>now</b>", self.show())
        self.act("comment", text="And deeper")
        self.assertEqual(len(self.request.activity_ids), 1)

    def test_photo_of_who_joined_is_not_one_of_the_applicant(self):
        self.act("comment", self.neighbour, text="Here", files={"files": ("me.png", PIXEL, "image/png")})
        self.assertEqual(self.request.photo_ids, self.photo)
        self.assertEqual(self.request.message_ids[0].attachment_ids.name, "me.png")
        self.assertNotIn("me.png", self.show())

    def test_comment_on_an_anonymous_request_has_no_author(self):
        request = self.make_request(partner_id=False)
        self.act("comment", request=request, text="Behind the shop")
        self.assertFalse(request.message_ids[0].author_id)
        self.assertIn("Behind the shop", self.show(request=request))

    def test_empty_and_endless_texts_are_refused(self):
        for text in ("", " \n", "\x00", "x" * 6_000):
            self.assertTrue(self.alert(self.act("comment", text=text)), text[:5])
        self.assertNotIn("added", self.request.event_ids.mapped("kind"))

    def test_applicant_withdraws(self):
        request = self.make_request()
        self.act("withdraw", request=request, text="Mended by myself")
        self.assertEqual((request.state, request.closing_reason), ("closed", "withdrawn"))
        self.assertEqual(request.event_ids.filtered(lambda row: row.state_to == "closed").role, "applicant")

    def test_what_others_wait_for_is_not_withdrawn(self):
        answer = self.url_open(f"{self.link()}/withdraw", data={"text": "x", "csrf_token": self.get_csrf()})
        self.assertIn("isn't possible", self.alert(answer))
        self.env.invalidate_all()
        self.assertEqual(self.request.state, "new")

    def get_csrf(self):
        self.env.flush_all()
        return self.read(self.url_open(self.link())).xpath("//main//input[@name='csrf_token']/@value")[0]

    def test_each_chooses_how_to_be_informed(self):
        self.act("inform", channel="portal")
        self.act("inform", self.neighbour, channel="email")
        self.assertEqual(self.request.inform_by, "portal")
        self.assertEqual(self.request.participant_ids.inform_by, "email")

    def test_ways_without_a_contact_are_refused(self):
        before = self.request.participant_ids.inform_by
        for channel in ("sms", "letter", "nonsense"):
            self.assertTrue(self.alert(self.act("inform", self.neighbour, channel=channel)))
        self.assertEqual(self.request.participant_ids.inform_by, before)
        self.assertIn("sms", dict(INFORM_CHANNELS))

    def test_forms_without_a_token_are_refused(self):
        self.env.flush_all()
        self.assertEqual(self.url_open(f"{self.link()}/comment", data={"text": "x"}).status_code, 400)

    def test_acts_are_few(self):
        for _ in range(20):
            answer = self.act("comment", text="Once more")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.act("comment", text="Too much").status_code, 429)


class TestTrackLookup(TrackCase):
    def ask(self, number=None, contact="050 123 45 67"):
        return self.send("track", {"number": number or self.request.number, "contact": contact})

    def get_mails(self, address):
        return self.env["mail.mail"].search([("email_to", "=", address)])

    def get_sms(self):
        return self.env["sms.sms"].search([("number", "=", "+380501234567")])

    @clause("MA-2.2.7")
    def test_link_is_sent_to_the_contact_that_was_left(self):
        self.ask()
        [path] = re.findall(rf"/contact-center/{CODE}/track/\S+", self.get_sms().body)
        self.assertIn(self.request.number, self.url_open(path).text)

    def test_link_by_email_in_any_spelling_and_short_number(self):
        self.ask(number=self.request.number.split("-")[-1].lstrip("0"), contact="OKSANA@example.com")
        self.assertIn(self.request.number, self.get_mails("oksana@example.com").body_html)

    def test_who_joined_gets_an_own_link(self):
        self.ask(contact=OTHER_EMAIL)
        [token] = re.findall(r"track/([\w\-=]+)", self.get_mails(OTHER_EMAIL).body_html)[:1]
        found, person = self.env["contact.center.request"]._find_by_link(token)
        self.assertEqual((found, person), (self.request, self.neighbour))

    def test_answer_is_the_same_for_strangers_and_wrong_numbers(self):
        right = self.ask().text
        for number, contact in (("CC-1999-000001", None), (None, "+380990000000"), ("' OR 1=1 %", None)):
            wrong = self.ask(number, contact or "050 123 45 67").text
            self.assertEqual(self.strip(wrong), self.strip(right), (number, contact))
        self.assertEqual(len(self.get_sms()), 1)
        self.assertFalse(self.env["sms.sms"].search([("number", "=", "+380990000000")]))

    def strip(self, text):
        return re.sub(r"csrf_token: \S+|value=\"[^\"]*\"", "", text)

    def test_further_phones_of_the_applicant_get_no_link(self):
        self.env["contact.center.phone"].create(
            {"partner_id": self.resident.id, "number": "+380990000000", "note": "Neighbour"}
        )
        self.ask(contact="+380990000000")
        self.assertFalse(self.env["sms.sms"].search([("number", "=", "+380990000000")]))

    def test_what_is_no_contact_is_named_at_the_field(self):
        answer = self.ask(contact="nonsense")
        self.assertIn("is no phone number", self.alert(answer))
        self.assertTrue(self.read(answer).xpath("//input[@id='contact'][@aria-invalid='true']"))

    def test_odd_input_breaks_nothing(self):
        for number, contact in (("\x00", "a@b.ua"), ("<script>" * 100, "x@y.ua"), ("1" * 100_000, "z@y.ua")):
            self.assertEqual(self.ask(number, contact).status_code, 200)
        self.assertEqual(self.ask(contact="9" * 1_000_000).status_code, 200)

    def test_lookups_are_few(self):
        codes = {self.ask(contact=f"someone{number}@example.com").status_code for number in range(21)}
        self.assertIn(429, codes)
