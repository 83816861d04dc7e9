from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ContactCenterCase, clause

ROLES = ("operator", "supervisor", "head", "control_body", "analyst", "technical_admin", "restricted_officer")


@tagged("post_install", "-at_install")
class TestViews(ContactCenterCase):
    """Every screen opens for everybody whose menu leads to it."""

    def get_visible_menus(self, user):
        Menu = self.env["ir.ui.menu"].with_user(user)
        root = self.env.ref("contact_center_base.menu_root")
        return Menu.search([("id", "child_of", root.id), ("id", "in", list(Menu._visible_menu_ids()))])

    def open_action(self, action, user):
        """Load the views of a window action as the web client does and read what its list shows first."""
        views = [(view_id, view_type) for view_id, view_type in action.views if view_type != "search"]
        model = self.env[action.res_model].with_user(user)
        result = model.get_views([*views, (action.search_view_id.id, "search")], {"action_id": action.id})
        self.assertEqual(set(result["views"]), {view_type for _view_id, view_type in views} | {"search"})
        return result

    def test_menus_open_for_every_role(self):
        for role in ROLES:
            user = getattr(self, role)
            menus = self.get_visible_menus(user)
            self.assertTrue(menus, role)
            for menu in menus.filtered("action"):
                action = menu.sudo().action
                if action._name != "ir.actions.act_window":
                    continue
                with self.subTest(role=role, menu=menu.complete_name):
                    self.assertTrue(self.env[action.res_model].with_user(user).has_access("read"))
                    self.open_action(action, user)

    def test_views_load_for_whoever_reads_the_model(self):
        views = self.env["ir.ui.view"].search(
            [("model", "=like", "contact.center.%"), ("inherit_id", "=", False), ("type", "!=", "qweb")]
        )
        for role in ROLES:
            user = getattr(self, role)
            for view in views:
                model = self.env[view.model].with_user(user)
                if model.has_access("read"):
                    with self.subTest(role=role, view=view.name):
                        model.get_views([(view.id, view.type)])

    def test_first_screen_of_a_role_shows_its_work(self):
        """The control body comes to what waits for its decision, the operator to the own requests."""
        mine = self.env.ref("contact_center_base.menu_request_mine")
        proposed = self.env.ref("contact_center_base.menu_request_proposed")
        self.assertIn(mine, self.get_visible_menus(self.operator))
        self.assertNotIn(mine, self.get_visible_menus(self.control_body))
        self.assertIn(proposed, self.get_visible_menus(self.control_body))

    def test_analyst_sees_figures_only(self):
        sections = self.get_visible_menus(self.analyst)
        self.assertIn(self.env.ref("contact_center_base.menu_request_report"), sections)
        self.assertNotIn(self.env.ref("contact_center_base.menu_request_all"), sections)

    @clause("RO-2.1")
    def test_list_of_a_period_by_class_and_state(self):
        complaint = self.make_request(request_class="complaint")
        taken = self.make_request(request_class="complaint")
        taken.with_user(self.operator).action_take()
        self.make_request()
        action = self.env.ref("contact_center_base.contact_center_request_action_complaint")
        requests = self.env["contact.center.request"].with_user(self.operator)
        of_class = [("request_class", "in", ["complaint", "proposal"]), ("company_id", "=", self.city.id)]
        self.assertIn("request_class", action.domain)
        today = [("registered_at", ">=", "today"), ("registered_at", "<", "today +1d")]
        self.assertEqual(requests.search([*of_class, *today]), taken | complaint)
        self.assertEqual(requests.search([*of_class, *today, ("state", "=", "new")]), complaint)
        self.assertFalse(requests.search([*of_class, ("registered_at", "<", "today -1d")]))

    @clause("KP-2.7")
    def test_restricted_list_gives_number_and_state(self):
        secret = self.make_request(user=self.restricted_officer, category_id=self.corruption.id)
        action = self.env.ref("contact_center_base.contact_center_request_report_action_restricted")
        arch = self.open_action(action, self.operator)["views"]["list"]["arch"]
        self.assertNotIn("category_id", arch)
        rows = self.env["contact.center.request.report"].with_user(self.operator)
        row = rows.search([("number", "=", secret.number)])
        self.assertEqual((row.state, row.restricted, row.category_id.id), ("new", True, False))

    def test_control_card_tells_the_whole_story(self):
        request = self.make_request()
        request.with_user(self.operator).action_take()
        request.with_user(self.operator).ask_applicant("Where exactly?", "phone")
        request.with_user(self.operator).answer_question("By the shop")
        request.with_user(self.supervisor).extend_deadline(2, "working_days", "Spare parts")
        report = self.env["ir.actions.report"].with_user(self.operator)
        html, _type = report._render_qweb_html("contact_center_base.contact_center_control_card", request.ids)
        html = html.decode()
        for text in (request.number, "Where exactly?", "By the shop", "Spare parts", "Time in each state"):
            self.assertIn(text, html)
        self.assertIn("Supervisor", html, "the role in which the term was extended")

    def test_bulk_move_leaves_out_what_cannot_move(self):
        new, ended = self.make_request(), self.make_request()
        ended.with_user(self.operator)._transition("done", result="Done", informed_by="phone")
        wizard = self.env["contact.center.transition"].with_user(self.operator)
        wizard = wizard.create({"request_ids": (new | ended).ids, "target": "in_progress"})
        self.assertEqual((wizard.request_count, wizard.skipped_ids), (1, ended))
        message = wizard.action_apply()["params"]["message"]
        self.assertEqual((new.state, ended.state), ("in_progress", "done"))
        self.assertIn("1 requests moved on, 1 stay", message)

    def test_single_move_that_cannot_be_made_says_why(self):
        ended = self.make_request()
        ended.with_user(self.operator)._transition("done", result="Done", informed_by="phone")
        wizard = self.env["contact.center.transition"].with_user(self.operator)
        wizard = wizard.create({"request_ids": ended.ids, "target": "in_progress"})
        with self.assertRaisesRegex(UserError, "can't become"):
            wizard.action_apply()

    def test_control_card_of_a_restricted_request_is_refused(self):
        secret = self.make_request(user=self.restricted_officer, category_id=self.corruption.id)
        report = self.env["ir.actions.report"].with_user(self.operator)
        with self.assertRaises(AccessError):
            report._render_qweb_html("contact_center_base.contact_center_control_card", secret.ids)
