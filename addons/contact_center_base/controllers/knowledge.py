from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools.mail import html2plaintext

from odoo.addons.portal.controllers.portal import pager

from ..feeds import News, to_rss
from ..moments import aware
from .pages import FEED_HEADERS, ROOT, SHOWN, CityPages

PAGE = "knowledge"
PAGE_SIZE = 20
NEWS_LIMIT = 50
#: How often somebody may search: more than people type, less than robots ask.
SEARCHES = (60, 60)


class KnowledgeController(CityPages, http.Controller):
    """Questions and answers for residents (KP-3.5, KP-2.6): public articles to search, to read, to print, to follow.

    Whatever leaves here comes from ``_read_public`` of the articles.
    """

    # A search is logged, so this one isn't for a replica.
    @http.route(
        [f"{ROOT}/<string:code>/knowledge", f"{ROOT}/<string:code>/knowledge/page/<int:page>"],
        **{**SHOWN, "readonly": False},
    )
    def list_articles(self, code, page=1, words="", topic="", **_kwargs):
        """Show the articles that answer a question, or all of them with the most asked first."""
        city = self._get_city(code)
        words = self._read_text(words)
        topics = self._get_articles()._get_public_topics(city)
        category = topics.filtered(lambda node: node.id == self._read_id(topic))
        if words and (refusal := self._hold_back(city, ("knowledge", self._get_visitor(), *SEARCHES))):
            return refusal
        Article = self._get_articles()
        values = {
            **self._prepare_page(city, PAGE),
            "url": self._get_url(city, PAGE),
            "words": words,
            "topics": topics,
            "category": category,
            "asked": [],
            "pager": None,
        }
        if words:
            found = Article._search_public(city, words, category, limit=PAGE_SIZE)
            highlighted = Article._get_highlighted_words(words, city)
            values["rows"] = [
                {**row, "snippet": article._describe_result(highlighted)["snippet"]}
                for article, row in zip(found, found._read_public(), strict=True)
            ]
        else:
            domain = Article._get_public_list_domain(city, category)
            url_args = {"topic": category.id} if category else {}
            values["pager"] = pager(
                values["url"], Article.search_count(domain), page=page, step=PAGE_SIZE, url_args=url_args
            )
            found = Article.search(domain, limit=PAGE_SIZE, offset=values["pager"]["offset"])
            values["rows"] = found._read_public()
            if not category and values["pager"]["page"]["num"] == 1:
                values["asked"] = Article._get_most_asked(city)._read_public()
        return request.render("contact_center_base.knowledge_list", values)

    @http.route(f"{ROOT}/<string:code>/knowledge/<string:number>", **SHOWN)
    def show_article(self, code, number, **_kwargs):
        """Show one article; its address stays the same when its text is revised."""
        city = self._get_city(code)
        domain = self._get_articles()._get_public_domain(city)
        article = self._get_articles().search([*domain, ("id", "=", self._read_id(number))])
        if not article:
            raise NotFound
        values = {
            **self._prepare_page(city, PAGE),
            "url": self._get_url(city, PAGE),
            "row": article._read_public()[0],
            "translations": article._get_public_translations(),
        }
        return request.render("contact_center_base.knowledge_article", values)

    @http.route(f"{ROOT}/<string:code>/knowledge.rss", **SHOWN)
    def list_news(self, code, **_kwargs):
        """Return the articles of a city as news, the latest approved first."""
        city = self._get_city(code)
        articles = self._get_articles()._get_latest_public(city, NEWS_LIMIT)
        url = self._get_base_url(city, PAGE)
        feed = to_rss(
            title=request.env._("Questions and answers: %s", city.city or city.name),
            description=request.env._("New and changed answers of the contact centre"),
            url=url,
            feed_url=f"{url}.rss",
            language=request.env.lang.partition("_")[0],
            entries=[self._prepare_news(city, url, row) for row in articles._read_public()],
        )
        return request.make_response(feed, [*FEED_HEADERS, ("Content-Type", "application/rss+xml; charset=utf-8")])

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _get_articles(self):
        return request.env["contact.center.article"].sudo()  # only public articles are searched and shown

    def _prepare_news(self, city, url, row):
        """Return the entry of a feed for a row of ``_read_public``."""
        texts = [row["summary"], *(html2plaintext(text) for _name, _label, text in row["parts"][:1])]
        return News(
            uid=f"article-{row['id']}@{city.contact_center_code}.contact-center",
            title=row["name"],
            description=next(filter(None, texts), ""),
            url=f"{url}/{row['id']}",
            published=aware(row["changed"]),
        )
