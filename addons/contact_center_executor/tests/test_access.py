"""Who may do what: every model of the addon, every role of the centre and of executors, every operation."""

from odoo import Command
from odoo.exceptions import AccessError

from odoo.addons.contact_center_base.tests.test_access import OPERATIONS, ROLES, expected

from .common import ExecutorCase

# Model -> what staff may do, written as in the base addon ("operator/supervisor/head control_body analyst
# technical_admin"), and after the bar what executors' people may do, operators and heads alike.
MATRIX = {
    "contact.center.executor": "r/rwc/rwc r r rwcu | r",
    "contact.center.control.area": "r/rwcu/rwcu r - rwcu | -",
    "contact.center.assignment": "r/r/r r - - | r",
    "contact.center.escalation": "r/r/r r - - | -",
    "contact.center.notification": "-/-/- - - r | -",
    "contact.center.petition": "r/r/r r - - | r",
    "contact.center.explanation": "r/r/r r - - | r",
    "contact.center.dispatch.contact": "rc/rc/rc r - - | -",
    "contact.center.works": "rwc/rwc/rwc r r - | r",
    "contact.center.works.place": "rwcu/rwcu/rwcu r r - | r",
    "contact.center.routing.rule": "r/rwcu/rwcu r - rwcu | -",
    "contact.center.routing.coverage": "-/r/r - - r | -",
    "contact.center.responsible": "r/r/r r - r | -",
    "contact.center.assign": "rwc/rwc/rwc rwc - - | -",
    "contact.center.review": "rwc/rwc/rwc - - - | -",
    "contact.center.result": "rwc/rwc/rwc - - - | -",
    "contact.center.name.responsible": "rwc/rwc/rwc - - - | -",
    "contact.center.portal.access": "-/rwc/rwc - - rwc | -",
    "contact.center.indicators": "-/rwc/rwc rwc rwc - | -",
    "contact.center.indicators.line": "-/r/r r r - | -",
    "contact.center.petition.file": "rwc/rwc/rwc - - - | -",
    "contact.center.petition.decide": "rwc/rwc/rwc rwc - - | -",
    "contact.center.explanation.demand": "rwc/rwc/rwc - - - | -",
    "contact.center.explanation.answer": "rwc/rwc/rwc - - - | -",
    "contact.center.routing.simulator": "rwc/rwc/rwc rwc - rwc | -",
    "contact.center.routing.owner": "-/rwc/rwc - - rwc | -",
    "contact.center.works.cancel": "rwc/rwc/rwc - - - | -",
    "contact.center.works.link": "rwc/rwc/rwc - - - | -",
}


class TestAccessMatrix(ExecutorCase):
    def get_granted(self, model, user):
        """Return the set of operations that a user may do with a model."""
        return {operation for operation in OPERATIONS if self.env[model].with_user(user).has_access(operation)}

    def test_every_model_is_in_the_matrix(self):
        concrete = {
            name
            for name in self.env
            if name.startswith("contact.center.")
            and not self.env[name]._abstract
            and self.env[name]._original_module == "contact_center_executor"
        }
        self.assertEqual(concrete, set(MATRIX))

    def test_staff(self):
        for model, row in MATRIX.items():
            for role in ROLES:
                granted = self.get_granted(model, getattr(self, role))
                self.assertEqual(granted, expected(row.split("|")[0], role), f"{model}, {role}")

    def test_executors(self):
        for model, row in MATRIX.items():
            letters = row.split("|")[1].strip()
            wanted = {operation for operation in OPERATIONS if operation[0] in letters}
            for user in (self.light_operator, self.light_head):
                self.assertEqual(self.get_granted(model, user), wanted, f"{model}, {user.login}")

    def test_executors_get_nothing_of_the_base_addon(self):
        ours = {name for name in self.env if name.startswith("contact.center.")}
        for model in ours - set(MATRIX):
            if self.env[model]._original_module == "contact_center_base" and not self.env[model]._abstract:
                for user in (self.light_operator, self.light_head):
                    self.assertEqual(self.get_granted(model, user), set(), f"{model}, {user.login}")

    def test_other_portal_users_and_the_public_get_nothing(self):
        group = self.env.ref("base.group_portal")
        portal = self.env["res.users"].create(
            {"name": "Portal", "login": "cc_portal", "group_ids": [Command.set(group.ids)]}
        )
        for model in MATRIX:
            for user in (portal, self.env.ref("base.public_user")):
                self.assertEqual(self.get_granted(model, user), set(), f"{model}, {user.login}")


class TestCities(ExecutorCase):
    def test_nothing_crosses(self):
        assignment = self.make_assignment()
        city = self.env["res.company"].create({"name": "Inshe"})
        stranger = self.make_user("stranger", "group_head", "group_restricted", company=city)
        env = self.env(user=stranger, context={"allowed_company_ids": city.ids})
        for records in (
            self.light,
            self.light.control_area_ids,
            assignment,
            self.env["contact.center.routing.rule"].create({"executor_id": self.light.id}),
            self.env["contact.center.responsible"].search([]),
        ):
            self.assertTrue(records, records)
            self.assertFalse(records.with_env(env)._filtered_access("read"), records._name)

    def test_an_executor_reads_itself_and_those_below_only(self):
        below = self.make_executor("Lamps of the North", parent_id=self.light.id)
        Executor = self.env["contact.center.executor"].with_user(self.light_head)
        self.assertEqual(Executor.search([]), self.light | below)
        with self.assertRaises(AccessError):
            self.roads.with_user(self.light_head).read(["name"])


class TestStaffOnlyFields(ExecutorCase):
    def test_figures_and_notes_of_staff_are_closed_to_executors(self):
        assignment = self.make_assignment().with_user(self.light_head)
        for record, names in (
            (assignment, ("routing_note", "routing_rule_id", "photo_ids", "review_overdue")),
            (self.light.with_user(self.light_head), ("open_count", "overdue_count", "in_my_area")),
        ):
            for name in names:
                with self.assertRaises(AccessError, msg=name):
                    record.read([name])
