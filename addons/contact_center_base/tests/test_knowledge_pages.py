"""What residents find among the answers of the centre without a login."""

from datetime import date, timedelta

from lxml import etree

from odoo import Command

from .common import clause
from .pages import CityPagesCase

SECRET = "Only the staff knows this"


class TestKnowledgePages(CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamps = cls.make_article(
            "Street lighting",
            summary="Lamps are mended within three days.",
            documents="Number of the pole\nName of the street",
            procedure="Call or report it here.",
            body="<p>Photos help.</p>",
            category_ids=[Command.set(cls.lamp.ids)],
        )

    @classmethod
    def make_article(cls, name, state="published", company=None, **values):
        """Return an article for residents, by default published in the test city, in English."""
        return cls.env["contact.center.article"].create(
            [
                {
                    "name": name,
                    "public": True,
                    "language": "en",
                    "kind": "explanation",
                    "company_id": (company or cls.city).id,
                    "state": state,
                    **values,
                }
            ]
        )

    def names(self, **params):
        """Return the titles that the list shows."""
        return self.read(self.get("knowledge", **params)).xpath("//main//li/h2/a/text()")

    @clause("KP-3.5", "KP-2.6")
    def test_published_answers_are_read_without_a_login(self):
        page = self.read(self.get("knowledge"))
        [link] = page.xpath("//main//li/h2/a/@href")
        article = self.read(self.url_open(link)).text_content()
        for text in ("Street lighting", "within three days", "Number of the pole", "Call or report", "Photos help."):
            self.assertIn(text, article)

    def test_only_public_articles_in_force_are_shown(self):
        other = self.env["res.company"].create({"name": "Inshe", "contact_center_code": "inshe"})
        hidden = [
            self.make_article("Instruction", public=False, summary=SECRET),
            self.make_article("Draft", state="draft", summary=SECRET),
            self.make_article("Expired", valid_until=date.today() - timedelta(days=2), summary=SECRET),
            self.make_article("Elsewhere", company=other, summary=SECRET),
        ]
        revision = self.lamps.browse(self.lamps.action_revise()["res_id"])
        revision.summary = SECRET
        self.assertEqual(self.names(), ["Street lighting"])
        for words in ("instruction", "draft", "expired", "elsewhere", "staff"):
            self.assertNotIn(SECRET, self.get("knowledge", words=words).text, words)
            self.assertEqual(self.names(words=words), [], words)
        self.assertNotIn(SECRET, self.get("knowledge.rss").text)
        for article in [*hidden, revision]:
            self.assertEqual(self.get(f"knowledge/{article.id}").status_code, 404, article.name)

    def test_address_stays_when_the_text_is_revised(self):
        revision = self.lamps.browse(self.lamps.action_revise()["res_id"])
        revision.summary = "Lamps are mended within a day."
        revision.action_publish()
        self.assertIn("within a day", self.get(f"knowledge/{self.lamps.id}").text)

    def test_words_are_found_in_any_form_and_marked(self):
        self.make_article("Playgrounds")
        page = self.read(self.get("knowledge", words="lamp"))
        self.assertEqual(page.xpath("//main//li/h2/a/text()"), ["Street lighting"])
        self.assertEqual(page.xpath("//main//li//mark/text()")[0], "Lamps")
        self.assertIn("Nothing was found", self.get("knowledge", words="zebra").text)

    def test_topics_narrow(self):
        self.make_article("Playgrounds")
        self.assertEqual(self.names(topic=self.lamp.id), ["Street lighting"])
        self.assertEqual(self.names(topic=self.lamp.id, words="playgrounds"), [])
        self.assertEqual(len(self.names(topic=self.pothole.id)), 2, "it belongs to no article, so it asks for nothing")

    def test_each_matter_stands_in_the_readers_language(self):
        polish = self.make_article("Latarnie uliczne", language="pl", original_id=self.lamps.id)
        ukrainian = self.make_article("Дитячі майданчики", language="uk")
        self.assertEqual(self.names(), ["Street lighting", "Дитячі майданчики"])
        self.env["res.lang"]._activate_lang("pl_PL")
        page = self.read(self.url_open(f"/pl{self.path('knowledge')}"))
        self.assertEqual(page.xpath("//main//li/h2/a/text()"), ["Latarnie uliczne", "Дитячі майданчики"])
        self.assertEqual(page.xpath("//main//li[h2]/@lang"), ["pl", "uk"])
        links = self.read(self.get(f"knowledge/{self.lamps.id}")).xpath("//a[@hreflang='pl']/@href")
        self.assertIn(self.path(f"knowledge/{polish.id}"), links)
        self.assertEqual(self.names(words="майданчик"), [ukrainian.name], "words of another language are understood")

    def test_most_asked_come_first(self):
        often, once, never = (self.make_article(name) for name in ("Zoo", "Water", "Gas"))
        for article in (often, once, often):
            self.make_request(article_id=article.id)
        asked = self.read(self.get("knowledge")).xpath("//section//li/a/text()")
        self.assertEqual(asked, [often.name, once.name])
        self.assertNotIn(never.name, asked)

    def test_searches_are_logged_without_personal_data(self):
        self.get("knowledge", words="lamp +380501234567 o@example.com")
        search = self.env["contact.center.knowledge.search"].search([("company_id", "=", self.city.id)])
        self.assertRecordValues(search, [{"words": "lamp", "role": "applicant", "hit_count": 1}])
        self.get("knowledge", words="zebra")
        self.assertEqual(search.search([("company_id", "=", self.city.id)], limit=1).helped, "no")

    def test_robots_are_held_back(self):
        for _number in range(60):
            limit = self.env["contact.center.rate.limit"]._take("knowledge", "127.0.0.1", 60, 60)
        self.assertFalse(limit)
        answer = self.get("knowledge", words="lamp")
        self.assertEqual(answer.status_code, 429)
        self.assertTrue(int(answer.headers["Retry-After"]))
        self.assertEqual(self.get("knowledge").status_code, 200, "reading isn't searching")

    def test_feed_holds_the_latest_first(self):
        self.make_article("Playgrounds", summary="Who <mends> them & when")
        rss = etree.fromstring(self.get("knowledge.rss").content)
        items = rss.findall("channel/item")
        self.assertEqual([item.findtext("title") for item in items], ["Playgrounds", "Street lighting"])
        self.assertEqual(items[0].findtext("description"), "Who <mends> them & when")
        self.assertTrue(items[1].findtext("link").endswith(self.path(f"knowledge/{self.lamps.id}")))

    def test_an_article_leads_to_the_report_of_its_topic(self):
        personal = self.make_category("PERS", "Staff of the city", public=False)
        self.lamps.category_ids += personal
        links = self.read(self.get(f"knowledge/{self.lamps.id}")).xpath("//main//a/@href")
        self.assertIn(self.path(f"new?category_id={self.lamp.id}"), links)
        self.assertNotIn(self.path(f"new?category_id={personal.id}"), links)

    def test_texts_are_text_and_no_markup(self):
        article = self.make_article("<script>alert(1)</script>", summary="<img src=x onerror=alert(1)>")
        for page in ("knowledge", f"knowledge/{article.id}"):
            for forbidden in ("<script>alert(1)", "<img src=x"):
                self.assertNotIn(forbidden, self.get(page).text)

    def test_bad_input_is_answered_in_words(self):
        for words in ("'", "\\", "!&|():*", "a:* & b", "\x00lamp", "%", "x" * 5000, "<script>alert(1)</script>"):
            answer = self.get("knowledge", words=words)
            self.assertEqual(answer.status_code, 200, words[:20])
            self.assertNotIn("<script>alert", answer.text)
        for topic in ("x'--", "9" * 5000, "-1", "²"):
            self.assertEqual(self.get("knowledge", topic=topic).status_code, 200, topic[:20])
        self.assertEqual(self.url_open(f"{self.path('knowledge')}?words=%ff%fe").status_code, 200)
        for number in ("0", "x", "9" * 30, "9" * 5000, "1'--"):
            self.assertEqual(self.get(f"knowledge/{number}").status_code, 404, number[:20])
