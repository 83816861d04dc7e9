"""Every page of residents, by WCAG 2.2 AA."""

from odoo.tests import new_test_user

from .accessibility import WCAG, AccessibilityCase

CITY, MY = "/contact-center/<string:code>", "/my/requests"
#: Routes that show no page of their own: files, feeds and data for scripts.
NO_PAGES = {
    "/contact-center",  # leads to the only city
    f"{CITY}/data/<string:dataset>.<string:form>",
    f"{CITY}/data/datapackage.json",
    f"{CITY}/knowledge.rss",
    f"{CITY}/map.json",
    f"{CITY}/new/known",
    f"{CITY}/requests/<string:number>/photos/<string:photo>",
    f"{CITY}/track/<string:token>/files/<int:file_id>",
    f"{MY}/<int:request_id>/files/<int:file_id>",
    "/my/privacy/data.zip",
}


class TestPagesAreAccessible(AccessibilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        env["res.lang"]._activate_lang("uk_UA")
        cls.resident_user = new_test_user(
            env, "cc_olena", groups="base.group_portal", partner_id=cls.resident.id, password="cc_olena", lang="en_US"
        )
        place = {"latitude": 47.91, "longitude": 33.39, "street_id": cls.street.id, "house": "5", "publish_text": True}
        cls.open = cls.make_request(**place)
        cls.open.ask_applicant("On which floor?")
        cls.done = cls.make_request(**place)
        cls.done._transition("done", result="It was mended.", informed_by="email")
        cls.article = env["contact.center.article"].create(
            {
                "name": "How to get a certificate",
                "summary": "Come with your passport.",
                "kind": "explanation",
                "language": "en",
                "state": "published",
                "public": True,
            }
        )
        dataset = env["contact.center.dataset"]
        dataset._add_missing()
        dataset.search([("company_id", "=", cls.city.id)])._publish()
        cls.public_pages = {
            CITY: "",
            f"{CITY}/data": "data",
            f"{CITY}/knowledge": "knowledge",
            f"{CITY}/knowledge/<string:number>": f"knowledge/{cls.article.id}",
            f"{CITY}/knowledge/page/<int:page>": "knowledge/page/1",
            f"{CITY}/map": "map",
            f"{CITY}/map/page/<int:page>": "map/page/1",
            f"{CITY}/new": "new",
            f"{CITY}/new/thanks/<string:token>": f"new/thanks/{cls.open._sign_link()}",
            f"{CITY}/privacy": "privacy",
            f"{CITY}/rate/<string:token>": f"rate/{cls.done._sign_link()}",
            f"{CITY}/requests/<string:number>": f"requests/{cls.open.number}",
            f"{CITY}/statistics": "statistics",
            f"{CITY}/track": "track",
            f"{CITY}/track/<string:token>": f"track/{cls.open._sign_link()}",
        }
        cls.own_pages = {
            MY: MY,
            f"{MY}/page/<int:page>": f"{MY}/page/1",
            f"{MY}/<int:request_id>": f"{MY}/{cls.done.id}",
            "/my/contacts": "/my/contacts",
            "/my/privacy": "/my/privacy",
        }

    def test_public_pages(self):
        self.assertAccessible(map(self.path, self.public_pages.values()))

    def test_cabinet(self):
        self.assertAccessible(self.own_pages.values(), self.resident_user)

    def test_pages_of_the_portal(self):
        self.assertAccessible(["/my", "/my/account", "/my/security"], self.resident_user, WCAG)

    def test_login_and_sign_up(self):
        self.assertAccessible(["/web/login", "/web/signup", "/web/reset_password"], rules=WCAG)

    def test_no_page_is_forgotten(self):
        known = NO_PAGES | self.public_pages.keys() | self.own_pages.keys()
        self.assertFalse(self.get_pages("contact_center_base") - known)
