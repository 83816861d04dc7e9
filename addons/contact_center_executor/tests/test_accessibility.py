"""Every page of executors and the public pages of works, by WCAG 2.2 AA."""

from datetime import timedelta

from odoo import fields

from odoo.addons.contact_center_base.tests.accessibility import AccessibilityCase

from .common import ExecutorMixin

MY, WORKS = "/my/assignments", "/contact-center/<string:code>/works"
#: Routes that show no page of their own: files, feeds, answers to scripts, and steps that lead back to a page.
NO_PAGES = {
    "/contact-center/works",  # leads to the works of the only city
    f"{WORKS}.ics",
    f"{WORKS}.json",
    f"{WORKS}.rss",
    f"{WORKS}/<string:number>/calendar.ics",
    f"{MY}/<int:assignment_id>/files/<int:file_id>",
    f"{MY}/<int:assignment_id>/live",
}


class TestPagesAreAccessible(ExecutorMixin, AccessibilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.light_head.password = cls.light_head.login
        cls.assignment = cls.make_assignment()
        cls.make_assignment(priority="3")
        cls.assignment.with_user(cls.light_operator).comment("When shall we come?")
        now = fields.Datetime.now()
        cls.works = (
            cls.env["contact.center.works"]
            .with_user(cls.light_operator)
            .register(
                {
                    "kind": "emergency",
                    "name": "Repair of a main",
                    "start": now - timedelta(hours=1),
                    "planned_end": now + timedelta(hours=5),
                    "place_ids": [{"street_id": cls.street.id, "number_from": 2, "number_to": 40}],
                }
            )
        )
        number, works, assignment = cls.works.number, cls.works.id, cls.assignment.id
        cls.public_pages = {
            WORKS: cls.path(cls, "works"),
            f"{WORKS}/page/<int:page>": cls.path(cls, "works/page/1"),
            f"{WORKS}/<string:number>": cls.path(cls, f"works/{number}"),
        }
        cls.own_pages = {
            MY: MY,
            f"{MY}/page/<int:page>": f"{MY}/page/1?view=list",
            f"{MY}/<int:assignment_id>": f"{MY}/{assignment}",
            "/my/executor": "/my/executor",
            "/my/notifications": "/my/notifications",
            "/my/works": "/my/works",
            "/my/works/page/<int:page>": "/my/works/page/1",
            "/my/works/new": "/my/works/new",
            "/my/works/<int:works_id>": f"/my/works/{works}",
        }

    def test_public_pages(self):
        self.assertAccessible(self.public_pages.values())

    def test_pages_of_executors(self):
        self.assertAccessible(self.own_pages.values(), self.light_head)

    def test_no_page_is_forgotten(self):
        known = NO_PAGES | self.public_pages.keys() | self.own_pages.keys()
        self.assertFalse(self.get_pages("contact_center_executor") - known)
