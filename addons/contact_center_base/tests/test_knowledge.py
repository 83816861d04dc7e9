import time
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase
from odoo.tools import mute_logger

from ..knowledge import anonymise, snippet
from .common import ContactCenterCase, clause


class TestSnippet(BaseCase):
    def test_only_the_marks_are_markup(self):
        found = snippet("<script>alert('lamp')</script> & <mark>lamps</mark>", "lamp")
        self.assertNotIn("<script>", found)
        self.assertEqual(found.count("<mark>"), 2)
        self.assertIn("&lt;mark&gt;<mark>lamps</mark>&lt;/mark&gt;", found)
        self.assertIn("&amp;", found)

    def test_the_query_cannot_bring_markup_in(self):
        self.assertNotIn("<img", snippet("An <img src=x onerror=alert(1)> of lamps", "<img src=x> lamps"))

    def test_the_piece_with_most_answers_is_shown(self):
        text = "паспорт " + "слово " * 200 + "заява на паспорт дитини " + "слово " * 200
        found = snippet(text, "заява паспорт")
        self.assertEqual(found.count("<mark>"), 2)
        self.assertTrue(found.startswith("… ") and found.endswith(" …"))
        self.assertLess(len(found), 300)

    def test_texts_without_an_answer_begin_at_the_beginning(self):
        self.assertEqual(snippet("Short text", "lamp"), "Short text")
        self.assertEqual(snippet("", "lamp"), "")
        self.assertTrue(snippet("a" * 1000, "lamp").endswith(" …"))


class TestAnonymise(BaseCase):
    def test_nothing_that_names_a_person_is_kept(self):
        for words, kept in (
            ("Субсидія, +38 (050) 123-45-67", "субсидія"),
            ("паспорт oksana.tkach@example.com", "паспорт"),
            ("ІПН 1234567890 серія КН123456", "іпн серія"),
            ("https://example.com/?name=Oksana запис", "запис"),
            ("вул. Соборна 12а", "вул соборна"),
        ):
            self.assertEqual(anonymise(words), kept)


class KnowledgeCase(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The synonyms that come with the addon may change; the tests bring their own.
        cls.env["contact.center.synonym"].search([]).active = False
        cls.Article = cls.env["contact.center.article"].with_user(cls.operator)
        cls.residence = cls.make_article(
            "Реєстрація місця проживання",
            summary="Зареєструвати місце проживання можна в ЦНАПі або через Дію.",
            documents="Паспорт; ордер або договір оренди житла",
            place="Проспект Миру, 5",
            opening_hours="Пн–Пт 8:00–17:00",
            language="uk",
        )
        cls.lamps = cls.make_article(
            "Street lighting",
            kind="explanation",
            body="<p>Lamps are mended within three days.</p>",
            category_ids=[Command.set(cls.lamp.ids)],
        )

    @classmethod
    def make_article(cls, name, state="published", user=None, **values):
        """Return an article written and published by the supervisor."""
        Article = cls.env["contact.center.article"].with_user(user or cls.supervisor)
        return Article.create({"name": name, "state": state, "language": "en", **values})

    def search(self, words, user=None, **options):
        """Return the articles that a search by the operator finds."""
        results = self.Article.with_user(user or self.operator).search_articles(words, **options)
        return self.Article.browse(result["id"] for result in results)

    def last_search(self):
        return self.env["contact.center.knowledge.search"].search([], limit=1)


class TestArticleSearch(KnowledgeCase):
    @clause("PO-7.2.4")
    def test_scripts_and_instructions_are_at_hand_during_the_call(self):
        script = self.make_article(
            "What to say about gas",
            kind="script",
            body="<p>Leave the flat.</p>",
            category_ids=[Command.set(self.pothole.ids)],
        )
        instruction = self.make_article("Shift handover", kind="work_instruction", body="<p>Read the log first.</p>")
        draft = self.make_article("Gas, not approved", state="draft", kind="script")
        desk = self.env["contact.center.desk"].with_user(self.operator)
        by_node = desk.suggest_articles("", self.pothole.id)
        self.assertEqual([result["id"] for result in by_node], script.ids)
        self.assertIn("Leave the flat.", str(desk.read_article(script.id)))
        self.assertEqual(self.search("handover"), instruction)
        self.assertNotIn(draft, self.search("gas"))

    @clause("PO-7.1.1", "PO-7.1.2")
    def test_result_of_a_service_card(self):
        (result,) = self.Article.search_articles("зареєструватися за місцем проживання")
        self.assertEqual(result["id"], self.residence.id)
        self.assertEqual(result["name"], "Реєстрація місця проживання")
        self.assertEqual((result["kind"], result["language"], result["valid"]), ("service_card", "uk", True))
        self.assertIn("<mark>", result["snippet"])
        self.assertTrue(result["url"].endswith(f"/{self.residence.id}"))

    def test_words_in_any_form_and_half_typed(self):
        for words in (
            "реєстрацію",
            "проживанням",
            "реєстр",
            "проживан",
            "РЕЄСТРАЦІЯ",
            "htєcnhfwsz",
            "orenda zhytla",
            "оренди",
        ):
            with self.subTest(words):
                self.assertIn(self.residence, self.search(words))
        self.assertIn(self.lamps, self.search("lamp"))

    def test_every_text_is_searched(self):
        for words in ("паспорт", "Миру", "Пн", "Дію"):
            with self.subTest(words):
                self.assertEqual(self.search(words), self.residence)

    def test_title_before_summary_before_text(self):
        in_text = self.make_article("C", body="<p>Subsidy</p>")
        in_summary = self.make_article("B", summary="Subsidy")
        in_title = self.make_article("Subsidy")
        self.assertEqual(self.search("subsidies"), in_title + in_summary + in_text)

    def test_more_words_count_more(self):
        one = self.make_article("Subsidy")
        two = self.make_article("Benefits", body="<p>A subsidy for heating</p>")
        self.assertEqual(self.search("heating subsidy"), two + one)

    @clause("PO-7.1.2")
    def test_synonyms_of_three_languages(self):
        Synonym = self.env["contact.center.synonym"]
        synonym = Synonym.create({"words": "субсидія; dodatek mieszkaniowy; housing benefit"})
        polish = self.make_article("Dodatki mieszkaniowe", summary="Dodatek dla najemców.", language="pl")
        self.assertEqual(self.search("субсидії"), polish)
        self.assertEqual(self.search("housing benefits"), polish)
        self.assertFalse(self.search("housing"), "half of a phrase is not the phrase")
        (result,) = self.Article.search_articles("субсидія")
        self.assertIn("<mark>Dodatek</mark>", result["snippet"])
        synonym.words = "субсидія; subsidy"
        self.assertFalse(self.search("субсидії"))

    def test_synonyms_of_another_city_are_not_used(self):
        other_city = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["contact.center.synonym"].create({"words": "lantern; street light", "company_id": other_city.id})
        self.assertFalse(self.search("lantern"))

    def test_node_of_the_classifier(self):
        pole = self.make_category("LAMP.POLE", "Lamp post leans", parent_id=self.lamp.id)
        self.assertEqual(self.search("", category=pole), self.lamps)
        self.assertEqual(self.search("", category=pole.id), self.lamps)
        self.assertFalse(self.search("", category=self.pothole))
        self.assertFalse(self.search(""))
        other = self.make_article("Street fair and lamps")
        self.assertEqual(self.search("lamps"), other + self.lamps)
        self.assertEqual(self.search("lamps", category=pole), self.lamps + other)

    def test_language(self):
        self.assertEqual(self.search("паспорт street", language="uk"), self.residence)
        self.assertEqual(self.search("паспорт street", language="en"), self.lamps)

    def test_limit(self):
        self.make_article("More lamps")
        self.assertEqual(len(self.search("lamps", limit=1)), 1)
        self.assertEqual(self.last_search().hit_count, 2)

    def test_expired_articles_are_found_and_marked(self):
        self.lamps.valid_until = fields.Date.today() - timedelta(days=1)
        self.assertFalse(self.Article.search_articles("lamps")[0]["valid"])
        self.lamps.valid_until = fields.Date.today() + timedelta(days=1)
        self.assertTrue(self.Article.search_articles("lamps")[0]["valid"])

    def test_only_published_articles_of_the_city(self):
        self.make_article("Lamps of tomorrow", state="draft")
        other_city = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["contact.center.article"].create(
            {"name": "Lamps elsewhere", "company_id": other_city.id, "state": "published"}
        )
        self.assertEqual(self.search("lamps"), self.lamps)
        with self.assertRaises(AccessError):
            self.search("lamps", company=other_city)
        with self.assertRaises(AccessError):
            foreign.with_user(self.supervisor).read(["name"])

    def test_no_text_of_an_article_becomes_markup(self):
        self.make_article(
            "XSS", summary="<script>alert(1)</script> tram", body="<p>&lt;img src=x onerror=alert(1)&gt; tram</p>"
        )
        (result,) = self.Article.search_articles("tram <b>")
        self.assertNotRegex(result["snippet"], "<(?!/?mark>)")

    def test_odd_queries(self):
        for words in ("'", "\\", "!&|():*", "a:* & b", "🙂", "  ", "%", "x" * 5000, "слово " * 500, "\u0000lamp"[1:]):
            with self.subTest(words[:20]):
                self.Article.search_articles(words)

    @mute_logger("odoo.models.unlink")
    def test_ten_thousand_articles_are_searched_fast(self):
        body = (
            "<p>" + "Мешканець подає заяву, паспорт та довідку про склад сімʼї до адміністратора центру. " * 10 + "</p>"
        )
        self.env.cr.execute(
            """
            INSERT INTO contact_center_article
                   (name, kind, language, company_id, state, body, search_title, search_summary, search_body)
            SELECT name || ' ' || number, kind, language, company_id, 'published', %s,
                   search_title || ' t' || number, search_summary, %s || ' b' || number
              FROM contact_center_article CROSS JOIN generate_series(1, 10000) AS number
             WHERE id = %s
            """,
            [body, self.residence.search_body * 10, self.residence.id],
        )
        self.env.cr.execute("ANALYZE contact_center_article")
        self.search("t77")
        for words in ("t777", "які документи потрібні для реєстрації місця проживання дитини"):
            with self.subTest(words):
                start = time.monotonic()
                found = self.search(words)
                self.assertTrue(found)
                self.assertLess(time.monotonic() - start, 1.0)


class TestSearchBar(KnowledgeCase):
    def search_bar(self, words, **options):
        domain = [("state", "!=", "archived"), ("words", "ilike", words)]
        return self.Article.web_search_read(domain, {"name": {}}, **options)

    def test_best_answers_first(self):
        self.make_article("A guide to the city", body="<p>Street lighting and lamps</p>")
        names = [record["name"] for record in self.search_bar("street lighting")["records"]]
        self.assertEqual(names, ["Street lighting", "A guide to the city"])
        by_use = self.search_bar("street lighting", order="id desc")["records"]
        self.assertEqual([record["name"] for record in by_use], names[::-1])

    def test_nothing_typed_that_means_anything(self):
        self.assertEqual(self.search_bar("!!")["length"], 0)

    def test_the_search_is_logged_once(self):
        Log = self.env["contact.center.knowledge.search"]
        before = Log.search_count([])
        self.search_bar("lamps")
        self.search_bar("lamps", offset=80)
        self.Article.web_search_read([("name", "ilike", "lamps")], {"name": {}})
        self.assertEqual(Log.search_count([]), before + 1)
        self.assertEqual((self.last_search().words, self.last_search().hit_count), ("lamps", 1))


class TestSearchLog(KnowledgeCase):
    @clause("PO-7.1.2")
    def test_without_personal_data(self):
        with freeze_time("2026-03-03 10:42:17"):
            self.Article.search_articles("лампа Ткач 0501234567 o@example.com", category=self.lamp, language="uk")
        search = self.last_search()
        self.assertRecordValues(
            search,
            [
                {
                    "words": "лампа ткач",
                    "hit_count": 0,
                    "helped": "no",
                    "role": "operator",
                    "language": "uk",
                    "category_id": self.lamp.id,
                    "company_id": self.city.id,
                    "article_id": False,
                }
            ],
        )
        self.assertEqual(fields.Datetime.to_string(search.date), "2026-03-03 10:00:00")
        self.assertNotIn("create_uid", search._fields)

    def test_used_article_helped(self):
        (result,) = self.Article.search_articles("lamps")
        search = self.last_search()
        self.assertEqual((search.helped, search.hit_count, search.id), ("unknown", 1, result["search_id"]))
        Log = self.env["contact.center.knowledge.search"].with_user(self.operator)
        Log.mark_helped(result["search_id"], self.lamps.id)
        self.assertEqual((search.helped, search.article_id), ("yes", self.lamps))
        Log.mark_not_helped(result["search_id"])
        self.assertEqual((search.helped, search.article_id.id), ("no", False))

    def test_going_on_typing_is_one_search(self):
        (first,) = self.Article.search_articles("lam")
        (second,) = self.Article.search_articles("lamps", search_id=first["search_id"])
        self.assertEqual(first["search_id"], second["search_id"])
        self.assertEqual(self.last_search().words, "lamps")
        self.env["contact.center.knowledge.search"].mark_helped(second["search_id"], self.lamps.id)
        (third,) = self.Article.search_articles("lighting", search_id=second["search_id"])
        self.assertNotEqual(third["search_id"], second["search_id"])

    def test_searches_of_other_cities_stay_untouched(self):
        other_city = self.env["res.company"].create({"name": "Elsewhere"})
        Log = self.env["contact.center.knowledge.search"]
        foreign = Log.sudo()._log("lamps", 3, other_city)
        Log.with_user(self.operator).mark_helped(foreign.id, self.lamps.id)
        self.assertEqual(foreign.helped, "unknown")

    def test_who_reads_and_nobody_writes(self):
        self.Article.search_articles("lamps")
        search = self.last_search()
        for user in (self.supervisor, self.analyst):
            self.assertEqual(search.with_user(user).words, "lamps")
        for user in (self.operator, self.control_body, self.technical_admin):
            with self.assertRaises(AccessError):
                search.with_user(user).read(["words"])
        for user in (self.supervisor, self.analyst):
            with self.assertRaises(AccessError):
                search.with_user(user).write({"helped": "yes"})


class TestArticleWorkflow(KnowledgeCase):
    def test_operators_propose_and_supervisors_approve(self):
        article = self.make_article("Playgrounds", state="draft", user=self.operator)
        article.summary = "Who mends them"
        article.action_submit()
        self.assertEqual(article.state, "approval")
        with self.assertRaises(AccessError):
            article.action_publish()
        with self.assertRaises(AccessError):
            article.write({"summary": "Changed after handing in"})
        article.with_user(self.supervisor).action_publish()
        self.assertEqual((article.state, article.version_number), ("published", 1))
        self.assertRecordValues(
            article.version_ids, [{"user_id": self.supervisor.id, "author_id": self.operator.id, "number": 1}]
        )

    def test_nobody_passes_the_table_of_moves(self):
        article = self.make_article("Playgrounds", state="draft", user=self.operator)
        for change in (
            lambda: article.write({"state": "published"}),
            lambda: self.make_article("X", user=self.operator),
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertEqual(article.state, "draft")
        with self.assertRaises(UserError):
            self.lamps.write({"state": "approval"})

    def test_operators_leave_other_articles_alone(self):
        draft = self.make_article("Draft of the supervisor", state="draft")
        for article in (draft, self.lamps):
            with self.assertRaises(AccessError):
                article.with_user(self.operator).write({"valid_until": fields.Date.today()})

    def test_what_each_role_may(self):
        for user, may in (
            (self.operator, "rc"),
            (self.supervisor, "rcwu"),
            (self.head, "rcwu"),
            (self.control_body, "r"),
            (self.analyst, "r"),
            (self.technical_admin, "r"),
            (self.employee, ""),
        ):
            articles = self.env["contact.center.article"].with_user(user)
            with self.subTest(user.login):
                self.assertEqual(articles.has_access("read"), "r" in may)
                self.assertEqual(articles.has_access("create"), "c" in may)
                self.assertEqual(articles.browse(self.lamps.id).has_access("write"), "w" in may)
                self.assertEqual(articles.has_access("unlink"), "u" in may)
        for user, may in (
            (self.operator, False),
            (self.supervisor, True),
            (self.technical_admin, True),
            (self.analyst, False),
        ):
            self.assertEqual(self.env["contact.center.synonym"].with_user(user).has_access("write"), may)

    def test_a_published_text_changes_by_a_revision_only(self):
        with self.assertRaises(UserError):
            self.lamps.body = "<p>Lamps are mended within a year.</p>"
        revision = self.Article.browse(self.lamps.with_user(self.operator).action_revise()["res_id"])
        self.assertEqual((revision.state, revision.name, revision.body), ("draft", self.lamps.name, self.lamps.body))
        revision.write({"body": "<p>Lamps are mended within two days.</p>", "valid_until": date(2030, 1, 1)})
        self.assertEqual(self.lamps.with_user(self.operator).action_revise()["res_id"], revision.id)
        self.assertIn("three days", self.lamps.body)
        revision.action_submit()
        revision.with_user(self.supervisor).action_publish()
        self.assertIn("two days", self.lamps.body)
        self.assertEqual(
            (self.lamps.state, self.lamps.version_number, self.lamps.valid_until, self.lamps.category_ids),
            ("published", 2, date(2030, 1, 1), self.lamp),
        )
        self.assertEqual(revision.state, "archived")
        self.assertEqual(self.search("lamps"), self.lamps)

    def test_of_two_revisions_the_second_starts_again(self):
        first, second = self.lamps._revise(), self.lamps._revise()
        first.action_publish()
        with self.assertRaisesRegex(UserError, "in the meantime"):
            second.action_publish()

    def test_versions_are_kept_compared_and_restored(self):
        revision = self.lamps._revise()
        revision.write({"body": "<p>Lamps are mended within two days.</p>", "fee": "Free <of> charge"})
        revision.action_publish()
        old, new = self.lamps.version_ids.sorted("number")
        self.assertEqual((new.number, old.number), (2, 1))
        self.assertIn("three days", old.content_html)
        self.assertIn("Free &lt;of&gt; charge", new.content_html)
        self.assertEqual(new.compared_id, old)
        self.assertIn("<ins>", new.comparison)
        self.assertIn("<del>", new.comparison)
        self.assertFalse(old.comparison)
        restored = self.Article.browse(old.action_restore()["res_id"]).with_user(self.supervisor)
        self.assertEqual((restored.state, restored.fee), ("draft", False))
        restored.action_publish()
        self.assertIn("three days", self.lamps.body)
        self.assertEqual(self.lamps.version_number, 3)

    def test_versions_never_change(self):
        version = self.lamps.version_ids
        for change in (
            lambda: version.sudo().write({"content": {}}),
            lambda: version.sudo().unlink(),
            lambda: self.lamps.unlink(),
        ):
            with self.assertRaises(UserError):
                change()

    def test_archive_and_back(self):
        self.lamps.action_withdraw()
        self.assertFalse(self.search("lamps"))
        self.lamps.action_back_to_draft()
        self.lamps.body = "<p>Lamps are new.</p>"
        self.lamps.action_publish()
        self.assertEqual(self.lamps.version_number, 2)

    def test_translations(self):
        context = self.residence.action_translate()["context"]
        self.assertEqual(context["default_original_id"], self.residence.id)
        polish = self.make_article("Meldunek", language="pl", original_id=self.residence.id)
        english = self.make_article("Registering an address", original_id=self.residence.id)
        self.assertEqual(polish.translation_ids, self.residence + english)
        self.assertEqual(self.residence.translation_ids, polish + english)
        with self.assertRaises(UserError):
            polish.action_translate()
        with self.assertRaises(ValidationError):
            self.make_article("Chain", language="uk", original_id=polish.id)
        with self.assertRaises(ValidationError):
            self.residence.original_id = self.lamps

    @clause("MA-2.2.5")
    def test_use_in_answers_is_counted(self):
        Request = self.env["contact.center.request"].with_user(self.operator)
        for _index in range(2):
            Request.register_consultation(
                {"category_id": self.opening_hours.id, "result": "8 to 17"},
                article=self.residence.with_user(self.operator),
            )
        self.assertEqual((self.residence.used_count, self.lamps.used_count), (2, 0))
        self.residence.invalidate_recordset()
        self.assertEqual(self.residence.with_user(self.analyst).used_count, 2)
        ids = (self.lamps + self.residence).ids
        by_use = self.Article.search([("id", "in", ids)], order="used_count desc")
        self.assertEqual(by_use, self.residence + self.lamps)

    def test_the_text_is_sanitized(self):
        article = self.make_article("Tram", body='<p onclick="steal()">Tram<script>alert(1)</script></p>')
        self.assertNotIn("script", article.body)
        self.assertNotIn("onclick", article.body)


class TestReview(KnowledgeCase):
    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("contact_center_base.ir_cron_ask_for_review").method_direct_trigger()

    def get_reviews(self):
        return self.lamps.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == self.env.ref("contact_center_base.mail_activity_type_article_review")
            )
        )

    def test_the_reviewer_is_asked_once(self):
        self.lamps.write({"valid_until": fields.Date.today() - timedelta(days=1), "reviewer_id": self.head.id})
        self.residence.valid_until = fields.Date.today() + timedelta(days=1)
        self.run_cron()
        self.run_cron()
        self.assertEqual(self.get_reviews().user_id, self.head)
        self.assertEqual(len(self.get_reviews()), 1)
        self.assertFalse(self.residence.activity_ids)

    def test_without_a_reviewer_whoever_approved_is_asked(self):
        self.lamps.valid_until = fields.Date.today() - timedelta(days=1)
        self.run_cron()
        self.assertEqual(self.get_reviews().user_id, self.supervisor)

    def test_one_that_fails_does_not_hold_up_the_others(self):
        broken = self.make_article("Broken", valid_until=fields.Date.today() - timedelta(days=1))
        expired = self.make_article("Expired", valid_until=fields.Date.today() - timedelta(days=1))
        Article = type(broken)
        ask = Article._ask_for_review

        def fail_once(article):
            if article == broken:
                raise ValueError
            ask(article)

        self.patch(Article, "_ask_for_review", fail_once)
        with self.assertLogs("odoo.addons.contact_center_base.models.queue", "ERROR"):
            self.run_cron()
        self.assertFalse(broken.activity_ids)
        self.assertTrue(expired.activity_ids)
