"""Who may do what: every model of the addon, every role, every operation."""

from odoo import Command
from odoo.exceptions import AccessError

from .common import ContactCenterCase, clause

OPERATIONS = ("read", "write", "create", "unlink")

ROLES = (
    "operator",
    "supervisor",
    "head",
    "control_body",
    "analyst",
    "technical_admin",
    "restricted_officer",
    "employee",
)

# Model -> role -> letters of the allowed operations (r, w, c, u). A senior has at least what a junior has, so the
# ladder is written once: "operator/supervisor/head control_body analyst technical_admin". "-" is nothing.
MATRIX = {
    "contact.center.request": "rwc/rwc/rwc r - -",
    "contact.center.request.event": "r/r/r r - -",
    "contact.center.clock.interval": "r/r/r r - -",
    "contact.center.participant": "rwc/rwc/rwc r - -",
    "contact.center.question": "rwc/rwc/rwc r - -",
    "contact.center.request.report": "r/r/r r r -",
    "contact.center.phone": "rwcu/rwcu/rwcu r - -",
    "contact.center.category": "r/rwc/rwc r r rwcu",
    "contact.center.deadline.rule": "r/rwc/rwc r r rwcu",
    "contact.center.stage": "r/r/r r r rwcu",
    "contact.center.district": "r/rwc/rwc r r rwcu",
    "contact.center.street": "r/rwc/rwc r r rwcu",
    "contact.center.street.segment": "r/rwcu/rwcu r - rwcu",
    "contact.center.transition": "rwc/rwc/rwc rwc - -",
    "contact.center.link": "rwc/rwc/rwc - - -",
    "contact.center.ask": "rwc/rwc/rwc - - -",
    "contact.center.extend": "-/rwc/rwc - - -",
    "contact.center.call": "r/r/r - - -",
    "contact.center.call.report": "r/r/r r r -",
    "contact.center.call.refuse": "rwc/rwc/rwc - - -",
    "contact.center.blocked.number": "r/r/r - - r",
    "contact.center.blocked.number.step": "-/-/rwc - - rwc",
    "contact.center.blocked.attempt": "r/r/r - - r",
    "contact.center.operator.skill": "r/rwcu/rwcu - - -",
    "contact.center.lending": "r/rwcu/rwcu - - -",
    "contact.center.desk.receipt": "rwc/rwc/rwc - - -",
    "contact.center.article": "rwc/rwcu/rwcu r r r",
    "contact.center.article.version": "r/r/r r r r",
    "contact.center.knowledge.search": "-/r/r - r -",
    "contact.center.synonym": "r/rwcu/rwcu r r rwcu",
    "contact.center.import": "-/rwcu/rwcu - - rwcu",
    "contact.center.import.profile": "-/rwcu/rwcu - - rwcu",
    "contact.center.import.column": "-/rwcu/rwcu - - rwcu",
    "contact.center.import.value": "-/rwcu/rwcu - - rwcu",
    "contact.center.import.batch": "-/r/r - - r",
    "contact.center.import.error": "-/r/r - - r",
    "contact.center.category.import": "-/rwc/rwc - - rwc",
    "contact.center.category.export": "-/rwc/rwc - - rwc",
    "contact.center.category.questions": "-/rwc/rwc - - rwc",
    "contact.center.category.questions.line": "-/rwcu/rwcu - - rwcu",
    "contact.center.holiday.load": "-/rwc/rwc - - rwc",
}


def expected(model, role):
    """Return the set of operations that the matrix grants to a role."""
    ladder, control_body, analyst, technical_admin = MATRIX[model].split()
    operator, supervisor, head = ladder.split("/")
    letters = {
        "operator": operator,
        "supervisor": supervisor,
        "head": head,
        "control_body": control_body,
        "analyst": analyst,
        "technical_admin": technical_admin,
        "restricted_officer": operator,
        "employee": "",
    }[role]
    return {operation for operation in OPERATIONS if operation[0] in letters}


class TestAccessMatrix(ContactCenterCase):
    def test_every_model_is_in_the_matrix(self):
        ours = {name for name in self.env if name.startswith("contact.center.")}
        concrete = {
            name
            for name in ours
            if not self.env[name]._abstract and self.env[name]._original_module == "contact_center_base"
        }
        self.assertEqual(concrete, set(MATRIX))

    def test_matrix(self):
        for model in MATRIX:
            for role in ROLES:
                granted = {
                    operation
                    for operation in OPERATIONS
                    if self.env[model].with_user(getattr(self, role)).has_access(operation)
                }
                self.assertEqual(granted, expected(model, role), f"{model}, {role}")

    def test_portal_and_public_get_nothing(self):
        portal = self.env["res.users"].create(
            {"name": "Portal", "login": "cc_portal", "group_ids": [Command.set(self.env.ref("base.group_portal").ids)]}
        )
        for user in (portal, self.env.ref("base.public_user")):
            for model in MATRIX:
                for operation in OPERATIONS:
                    self.assertFalse(self.env[model].with_user(user).has_access(operation), f"{model}, {operation}")


class TestRestricted(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.make_request(category_id=cls.corruption.id, description="The inspector asked for money")
        cls.document = cls.env["ir.attachment"].create(
            {"name": "proof.txt", "raw": b"proof", "res_model": cls.request._name, "res_id": cls.request.id}
        )
        cls.request.with_user(cls.restricted_officer).message_post(body="He will be heard on Friday")
        cls.request.with_user(cls.restricted_officer).action_take()
        cls.outsiders = cls.operator + cls.operator_2 + cls.supervisor + cls.head + cls.control_body

    @clause("KP-2.7", "KP-2.8")
    def test_only_the_named_read_the_content(self):
        for user in self.outsiders + self.analyst + self.technical_admin:
            with self.assertRaises(AccessError, msg=user.login):
                self.request.with_user(user).read(["description"])
        self.assertEqual(self.request.with_user(self.restricted_officer).description, "The inspector asked for money")

    @clause("KP-2.7")
    def test_nor_anything_that_hangs_on_it(self):
        self.request.with_user(self.restricted_officer).ask_applicant("When was it?")
        for user in self.outsiders:
            request = self.request.with_user(user)
            for model in (
                "contact.center.request",
                "contact.center.request.event",
                "contact.center.question",
                "contact.center.clock.interval",
                "contact.center.participant",
            ):
                field = "id" if model == "contact.center.request" else "request_id"
                self.assertFalse(
                    self.env[model].with_user(user).search([(field, "=", request.id)]), f"{model} {user.login}"
                )
            with self.assertRaises(AccessError):
                self.document.with_user(user).read(["raw"])
            messages = self.env["mail.message"].with_user(user)
            self.assertFalse(messages.search([("model", "=", request._name), ("res_id", "=", request.id)]))

    @clause("KP-2.7")
    def test_others_see_number_and_state_and_no_more(self):
        for user in self.outsiders[1:] + self.analyst:
            row = self.env["contact.center.request.report"].with_user(user).browse(self.request.id)
            self.assertEqual((row.number, row.state), (self.request.sudo().number, "in_progress"))
            for field in ("category_id", "district_id", "owner_id", "user_id", "channel", "request_class", "priority"):
                self.assertFalse(row[field], field)

    def test_its_name_gives_the_number_only(self):
        request = self.request.sudo()
        self.assertEqual(request.display_name, request.number)

    def test_whoever_registers_it_sees_it_until_somebody_takes_it(self):
        request = self.make_request(category_id=self.corruption.id)
        self.assertTrue(request.with_user(self.operator).description)
        with self.assertRaises(AccessError):
            request.with_user(self.operator_2).read(["description"])
        request.with_user(self.restricted_officer).action_take()
        with self.assertRaises(AccessError):
            request.with_user(self.operator).read(["description"])

    def test_it_is_not_offered_as_a_duplicate(self):
        self.corruption.duplicate_distance = 500
        request = self.make_request(category_id=self.corruption.id, latitude=47.9, longitude=33.4)
        request.with_user(self.restricted_officer).action_take()
        found = self.env["contact.center.request"].with_user(self.operator)._find_nearby(self.corruption, 47.9, 33.4)
        self.assertEqual(found, [])

    def test_nobody_is_let_in_by_opening_the_request(self):
        ordinary = self.make_request()
        with self.assertRaises(AccessError):
            self.request.with_user(self.operator).write({"restricted": False})
        ordinary.with_user(self.operator).restricted = True
        self.assertTrue(ordinary.sudo().restricted)


class TestApplicantsArePersonalData(ContactCenterCase):
    @clause("RO-2.3")
    def test_technical_administrator_needs_no_content(self):
        request = self.make_request().with_user(self.technical_admin)
        with self.assertRaises(AccessError):
            request.read(["number"])
        self.assertTrue(self.env["contact.center.category"].with_user(self.technical_admin).has_access("write"))

    def test_employees_analysts_and_administrators_read_no_applicants(self):
        for user in (self.employee, self.analyst, self.technical_admin):
            with self.assertRaises(AccessError):
                self.resident.with_user(user).read(["phone"])
            self.assertTrue(self.works.with_user(user).name)
        self.assertTrue(self.resident.with_user(self.operator).phone)


class TestCities(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_city = cls.env["res.company"].create({"name": "Inshe"})
        cls.stranger = cls.make_user("stranger", "group_head", "group_restricted", company=cls.other_city)

    def test_nothing_crosses(self):
        request = self.make_request()
        request.join(self.works)
        stranger = self.env(user=self.stranger, context={"allowed_company_ids": self.other_city.ids})
        for records in (
            request,
            request.event_ids,
            request.participant_ids,
            self.pothole,
            self.rule,
            self.street,
            self.district,
            self.street.segment_ids,
            self.env["contact.center.request.report"].browse(request.id),
        ):
            self.assertTrue(records, records)
            self.assertFalse(records.with_env(stranger)._filtered_access("read"), records._name)
