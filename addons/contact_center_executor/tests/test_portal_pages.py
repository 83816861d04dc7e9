"""The pages of executors over HTTP: what they show, what they do, and what isn't there for others."""

from lxml import html

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.contact_center_base.tests.journeys import JourneyCase

from .common import ExecutorMixin, clause
from .test_portal import PNG

# The first page of the board may not ask the database more often than this, however much there is on it.
BOARD_QUERIES = 25


@tagged("post_install", "-at_install")
class PortalCase(ExecutorMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
        cls.assignment = cls.make_assignment(description="The lamp at the stop is off")
        cls.url = f"/my/assignments/{cls.assignment.id}"

    def setUp(self):
        super().setUp()
        self.log_in(self.light_operator)

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def open_page(self, url, status=200):
        """Return the tree of a page."""
        response = self.url_open(url)
        self.assertEqual(response.status_code, status, url)
        return html.fromstring(response.content)

    def post(self, url, values=None, files=None, **headers):
        data = {"csrf_token": http.Request.csrf_token(self), **(values or {})}
        response = self.url_open(url, data=data, files=files, headers=headers, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def step(self, name, values=None, files=None, url=None):
        """Take a step on the card and check that it was taken."""
        response = self.post(f"{url or self.url}/{name}", values, files)
        self.assertEqual((response.status_code, response.text if response.status_code != 303 else ""), (303, ""))

    def refuse(self, name, values=None, files=None):
        """Take a step on the card that is refused; return the tree of the page."""
        response = self.post(f"{self.url}/{name}", values, files)
        self.assertEqual(response.status_code, 200, "the card comes again, with the reason")
        tree = html.fromstring(response.content)
        self.assertTrue(tree.xpath("//div[@role='alert']"))
        return tree


class TestBoardPages(PortalCase):
    @clause("KR-8.1.4", "RO-4.1")
    def test_the_board_shows_what_there_is_to_do(self):
        page = self.open_page("/my/assignments")
        self.assertEqual(page.xpath("//div[hasclass('o_cc_row')]//a/@href"), [self.url])
        self.assertIn("Not opened yet", page.text_content())
        chips = page.xpath("//nav[hasclass('o_cc_chips')]//a[contains(@href, 'column=new')]//strong/text()")
        self.assertEqual(chips, ["1"])

    def test_the_list_has_as_many_rows_as_the_number_says(self):
        for _number in range(45):
            self.make_assignment()
        page = self.open_page("/my/assignments?column=new")
        self.assertEqual(page.xpath("//strong[hasclass('o_cc_total')]/text()"), ["46"])
        rows = [len(page.xpath("//div[hasclass('o_cc_row')]"))]
        rows.append(len(self.open_page("/my/assignments/page/2?column=new").xpath("//div[hasclass('o_cc_row')]")))
        self.assertEqual(rows, [40, 6])

    def test_filters_are_kept_and_bad_ones_told(self):
        page = self.open_page("/my/assignments?search=stop&date_from=2020-13-45&category_id=x&state=burnt&page=2")
        self.assertIn("is no date", page.xpath("//div[@role='alert']")[0].text_content())
        self.assertEqual(page.xpath("//input[@name='search']/@value"), ["stop"])
        page = self.open_page("/my/assignments?search=nothing-like-that")
        self.assertIn("Nothing matches", page.text_content())

    def test_an_empty_board_says_so(self):
        self.log_in(self.roads_operator)
        self.assertIn("Nothing to do at present", self.open_page("/my/assignments").text_content())

    def test_the_number_of_queries_does_not_grow_with_the_rows(self):
        counts = []
        for _round in range(2):
            for _number in range(10):
                self.make_assignment()
            self.url_open("/my/assignments")
            before = self.cr.sql_log_count
            self.url_open("/my/assignments")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[0], BOARD_QUERIES)
        self.assertEqual(counts[0], counts[1])

    def test_the_way_in(self):
        self.assertTrue(self.open_page("/my").xpath("//a[@href='/my/assignments']"))
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["assignment_count"]})
        self.assertEqual(counters, {"assignment_count": 1})
        self.log_in(self.roads_operator)
        self.assertEqual(
            self.make_jsonrpc_request("/my/counters", {"counters": ["assignment_count", "assignment_overdue_count"]}),
            {"assignment_count": 0, "assignment_overdue_count": 0},
        )

    def test_how_one_wishes_to_be_written_to(self):
        self.open_page("/my/notifications")
        self.post("/my/notifications", {"digest": "daily"})
        self.assertEqual(self.light_operator.contact_center_digest, "daily")
        self.assertIn("Choose one", self.post("/my/notifications", {"digest": "never"}).text)
        self.assertEqual(self.light_operator.contact_center_digest, "daily")


class TestCardPages(PortalCase):
    @clause("RO-4.1", "RO-4.2")
    def test_opening_the_card_is_seeing_it(self):
        page = self.open_page(self.url)
        self.assertIn("The lamp at the stop is off", page.text_content())
        self.env.invalidate_all()
        self.assertTrue(self.assignment.seen_at)
        self.assertFalse(self.assignment.head_seen_at)
        self.log_in(self.light_head)
        self.open_page(self.url)
        self.env.invalidate_all()
        self.assertTrue(self.assignment.head_seen_at)

    def test_the_contact_is_shown_only_where_allowed(self):
        self.assertNotIn(self.resident.phone, self.url_open(self.url).text)
        self.lamp.show_contact = True
        page = self.open_page(self.url)
        self.assertEqual(page.xpath("//a[starts-with(@href, 'tel:')]/@href"), [f"tel:{self.resident.phone}"])

    @clause("KR-8.1.2", "RO-4.3a", "KR-8.3")
    def test_from_accepting_to_the_proposal(self):
        self.step("accept")
        self.assertEqual(self.assignment.state, "accepted")
        self.step("responsible", {"partner_id": self.light_operator.partner_id.id})
        self.assertEqual(
            (self.assignment.state, self.assignment.responsible_id), ("in_progress", self.light_operator.partner_id)
        )
        self.step("files", files={"files": ("lamp.png", PNG, "image/png")})
        self.step("propose", self.result())
        self.assertEqual((self.assignment.state, self.assignment.request_state), ("proposed", "proposed"))
        self.step("take-back", {"reason": "The wrong lamp"})
        self.assertEqual(self.assignment.state, "in_progress")

    def test_a_refused_proposal_keeps_what_was_entered(self):
        self.step("accept")
        page = self.refuse("propose", self.result(result="Almost done", result_phone=""))
        self.assertIn("Phone of the responsible person", page.xpath("//div[@role='alert']")[0].text_content())
        self.assertEqual(page.xpath("//textarea[@name='result']/text()"), ["Almost done"])
        self.assertEqual(page.xpath("//input[@name='informed_by'][@checked]/@value"), ["phone"])
        self.assertFalse(self.assignment.result, "nothing is half-saved")
        for wrong in ({"result_date": "yesterday"}, {"informed_by": "pigeon"}, {"result_date": "2999-01-01"}):
            self.refuse("propose", self.result(**wrong))

    @clause("KR-8.1.3")
    def test_comments_to_the_centre_and_for_the_applicant(self):
        self.step("comment", {"body": "On our way <script>alert(1)</script>", "audience": "centre"})
        self.step("comment", {"body": "", "audience": "applicant"}, {"files": ("lamp.png", PNG, "image/png")})
        page = self.open_page(self.url)
        told = page.xpath("//li[hasclass('o_cc_comment')]")
        self.assertIn("<script>alert(1)</script>", told[0].text_content())
        self.assertEqual(len(page.xpath("//li[hasclass('o_cc_comment_applicant')]")), 1)
        page = self.refuse("comment", {"body": " ", "audience": "applicant"})
        self.assertEqual(page.xpath("//input[@name='audience'][@checked]/@value"), ["applicant"])

    def test_signs_that_the_database_does_not_keep(self):
        self.step("comment", {"body": "Zero\x00sign"})
        self.assertIn("Zerosign", self.assignment._get_comments().body)
        self.assertEqual(self.url_open("/my/assignments?search=%00stop&district_id=99999999999").status_code, 200)

    def test_the_live_part_has_no_form_that_could_lose_what_is_entered(self):
        page = self.open_page(f"{self.url}/live")
        self.assertEqual(
            {part.get("data-live") for part in page.xpath("//*[@data-live]")}, {"head", "files", "comments", "history"}
        )
        self.assertFalse(page.xpath("//textarea"))

    @clause("KR-8.2.1")
    def test_petition_from_the_card(self):
        self.step("petition", {"kind": "executor", "change": "other", "reason": "The pole isn't ours"})
        petition = self.assignment.petition_ids
        self.assertEqual((petition.kind, petition.state), ("executor", "submitted"))
        self.assertIn("The pole isn't ours", self.open_page(self.url).text_content())
        page = self.refuse("petition", {"kind": "long_term_plan", "reason": "No money", "plan_year": "soon"})
        self.assertEqual(page.xpath("//textarea[@id='reason_long_term_plan']/text()"), ["No money"])
        self.step(f"petitions/{petition.id}/withdraw")
        self.assertEqual(petition.state, "withdrawn")

    @clause("KR-8.2.2a")
    def test_evidence_of_a_petition(self):
        until = self.city._get_today().replace(year=self.city._get_today().year + 1)
        values = {"kind": "extension", "until": str(until), "reason": "The lamp is ordered"}
        self.refuse("petition", values)
        self.step("petition", values, {"files": ("act.txt", b"The act", "text/plain")})
        evidence = self.assignment.petition_ids.attachment_ids
        self.assertEqual(self.url_open(f"{self.url}/files/{evidence.id}").content, b"The act")
        self.assertNotIn(evidence, self.assignment._get_files(), "evidence is no photo of the result")


class TestFilePages(PortalCase):
    def setUp(self):
        super().setUp()
        self.photo = self.env["ir.attachment"].create(
            {"name": "applicant.png", "raw": PNG, "res_model": "contact.center.request"}
        )
        self.assignment.sudo().request_id.photo_ids = self.photo

    @clause("MA-4.1.6")
    def test_photos_are_streamed_to_whoever_may_read_the_assignment(self):
        response = self.url_open(f"{self.url}/files/{self.photo.id}")
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "image/png"))
        self.assertEqual(self.url_open(f"{self.url}/files/{self.photo.id}?small=1").status_code, 200)
        # Odoo's own addresses don't know that an executor may see them.
        self.assertNotEqual(self.url_open(f"/web/content/{self.photo.id}").content, PNG)

    def test_what_browsers_could_run_is_only_downloaded(self):
        page = self.env["ir.attachment"].create({"name": "page.html", "raw": b"<script>1</script>"})
        self.assignment.sudo().request_id.photo_ids += page
        response = self.url_open(f"{self.url}/files/{page.id}")
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_files_of_others_are_not_there(self):
        stray = self.env["ir.attachment"].create({"name": "stray.png", "raw": PNG})
        theirs = self.make_assignment(self.roads, category_id=self.pothole.id)
        their_photo = theirs.with_user(self.roads_operator)._add_files([("their.png", PNG)])
        for file in (stray, their_photo):
            self.assertEqual(self.url_open(f"{self.url}/files/{file.id}").status_code, 404)
        url = f"/my/assignments/{theirs.id}/files/{their_photo.id}"
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_the_queue_is_told_what_is_wrong(self):
        answer = self.post(f"{self.url}/files", files={"files": ("lamp.png", PNG)}, Accept="application/json")
        self.assertEqual((answer.status_code, answer.json()), (200, {"problem": None}))
        bad = {"files": ("lamp.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")}
        answer = self.post(f"{self.url}/files", files=bad, Accept="application/json")
        self.assertIn("lamp.svg", answer.json()["problem"])
        self.assertEqual(self.assignment._get_result_photos().mapped("name"), ["lamp.png"])

    def test_without_scripts(self):
        self.step("files", files=[("files", ("a.png", PNG)), ("files", ("b.png", PNG))])
        own = self.assignment._get_result_photos()
        self.assertEqual(set(own.mapped("name")), {"a.png", "b.png"})
        self.step(f"files/{own[0].id}/remove")
        self.assertEqual(len(own.exists()), 1)
        self.refuse("files")


class TestScriptsLanguage(PortalCase):
    def test_what_scripts_of_pages_say_is_translated(self):
        modules = self.url_open("/website/translations?lang=pl_PL").json()["modules"]
        for addon, source in (("contact_center_base", "Zoom in"), ("contact_center_executor", "Waits to be sent")):
            texts = {text["id"]: text["string"] for text in modules[addon]["messages"]}
            self.assertNotIn(texts[source], ("", source))


class TestStrangers(PortalCase):
    """What isn't somebody's doesn't exist for them."""

    def list_pages(self, assignment):
        url = f"/my/assignments/{assignment.id}"
        posts = ("accept", "responsible", "propose", "take-back", "comment", "petition", "files")
        return [url, f"{url}/live", f"{url}/files/1"], [f"{url}/{step}" for step in posts]

    @clause("RO-2.4")
    def test_others_get_the_answer_of_a_wrong_address(self):
        theirs = self.make_assignment(self.roads, category_id=self.pothole.id)
        nothing = self.env["contact.center.assignment"].browse(self.env["ir.sequence"].search([], limit=1).id + 10**6)
        for assignment in (theirs, nothing):
            pages, posts = self.list_pages(assignment)
            for url in pages:
                self.assertEqual(self.url_open(url).status_code, 404, url)
            for url in posts:
                self.assertEqual(self.post(url, self.result()).status_code, 404, url)
        self.assertEqual(theirs.state, "new")
        self.assertFalse(theirs.seen_at)

    def test_a_petition_is_reached_by_its_own_assignment_only(self):
        other = self.make_assignment()
        petition = other.with_user(self.light_operator).petition("executor", {"change": "other", "reason": "Not ours"})
        self.assertEqual(self.post(f"{self.url}/petitions/{petition.id}/withdraw").status_code, 404)
        self.assertEqual(petition.sudo().state, "submitted")

    def test_portal_users_without_an_executor_have_no_such_pages(self):
        for user in (self.make_portal_user("nobody", self.light), self.operator):
            user.sudo().contact_center_executor_id = False
            self.log_in(user)
            pages, _posts = self.list_pages(self.assignment)
            for url in (*pages, "/my/assignments", "/my/executor", "/my/notifications"):
                self.assertEqual(self.url_open(url).status_code, 404, url)

    @mute_logger("odoo.http")
    def test_a_form_of_another_site_is_refused(self):
        response = self.url_open(f"{self.url}/accept", data={"csrf_token": "forged"})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.assignment.state, "new")


class TestHeadPages(PortalCase):
    def setUp(self):
        super().setUp()
        self.log_in(self.light_head)

    @clause("RO-4.3a")
    def test_one_person_is_named_for_many(self):
        both = self.assignment + self.make_assignment()
        page = self.open_page("/my/executor")
        self.assertEqual(len(page.xpath("//input[@name='assignment_ids']")), 2)
        person = self.light_operator.partner_id
        values = {"partner_id": person.id, "assignment_ids": both.ids}
        self.assertEqual(self.post("/my/executor/responsible", values).status_code, 303)
        self.assertEqual((both.responsible_id, set(both.mapped("state"))), (person, {"in_progress"}))

    def test_all_or_none(self):
        theirs = self.make_assignment(self.roads, category_id=self.pothole.id)
        person = self.light_operator.partner_id
        for ids in ((self.assignment + theirs).ids, [], [10**9]):
            response = self.post("/my/executor/responsible", {"partner_id": person.id, "assignment_ids": ids})
            self.assertTrue(html.fromstring(response.content).xpath("//div[@role='alert']"), ids)
        self.assertFalse((self.assignment + theirs).responsible_id)

    @clause("KP-3.7")
    def test_own_figures_beside_those_of_the_city(self):
        self.make_assignment(self.roads, category_id=self.pothole.id)
        page = self.open_page("/my/executor")
        row = page.xpath("//tr[th[text()='Received']]")[0]
        self.assertEqual(row.xpath("td/text()"), ["1", "2"])

    def test_the_page_is_the_heads(self):
        self.log_in(self.light_operator)
        self.assertEqual(self.url_open("/my/executor").status_code, 404)
        self.assertEqual(self.post("/my/executor/responsible").status_code, 404)


class TestFiveTaps(ExecutorMixin, JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
        cls.lamp.write({"result_photo_required": True, "answer_template": "The lamp works again."})
        cls.assignment = cls.make_assignment()

    @clause("KR-8.1.2", "KR-8.3")
    def test_from_the_card_to_the_proposal_on_a_phone(self):
        self.take_phone()
        self.walk(self.light_operator, "contact_center_executor_five_taps", f"/my/assignments/{self.assignment.id}")
        self.assertEqual((self.assignment.state, self.assignment.result), ("proposed", "The lamp works again."))
        self.assertEqual(self.assignment._get_result_photos().name, "lamp.png")
