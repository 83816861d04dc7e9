"""What strangers see over HTTP; tests of public pages of every addon build on it."""

from lxml import html

from odoo.tests import HttpCase, tagged

from .common import CityMixin

CODE = "testopil"


@tagged("post_install", "-at_install")
class CityPagesCase(CityMixin, HttpCase):
    """The test city with public pages, below ``/contact-center/testopil``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
        cls.city.contact_center_code = CODE

    def get(self, page="", **params):
        """Return the answer to a page of the city, e.g. ``"track"``."""
        self.env.flush_all()
        return self.url_open(self.path(page), params=params or None)

    def path(self, page=""):
        return f"/contact-center/{CODE}/{page}".rstrip("/")

    def read(self, answer):
        """Return the tree of a page."""
        return html.fromstring(answer.content)

    def send(self, page, values, files=None, form=0):
        """Send the form of a page as a browser without scripts does, hidden fields included, and return the answer.

        :param str page: where the form stands; it may be a whole path.
        :param dict values: what the visitor fills in or changes.
        :param int form: which of the forms of the page that are sent by POST.
        """
        path = page if page.startswith("/") else self.path(page)
        self.env.flush_all()
        node = self.read(self.url_open(path)).xpath("//main//form[@method='post']")[form]
        data = {name: value for name, value in node.form_values() if name not in values}
        return self.url_open(node.get("action") or path, data={**data, **values}, files=files)
