"""Who may do what: every model of the addon, every role, every operation."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method

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
    "contact.center.rating": "r/r/r r - -",
    "contact.center.rating.decide": "-/rwc/rwc - - -",
    "contact.center.notice": "r/r/r - - -",
    "contact.center.notice.setting": "-/r/r - - rwcu",
    "contact.center.request.report": "r/r/r r r -",
    "contact.center.phone": "rwcu/rwcu/rwcu r - -",
    "contact.center.access.log": "-/-/r - - -",
    "contact.center.erasure": "-/-/rwc - - -",
    "contact.center.tombstone": "-/r/r - - -",
    "contact.center.retention.rule": "-/-/rwcu - - rwcu",
    "contact.center.consent": "r/r/r - - -",
    "contact.center.consent.text": "r/r/rwcu - - rwcu",
    "contact.center.category": "r/rwc/rwc r r rwcu",
    "contact.center.dataset": "-/r/r - r rw",
    "contact.center.dataset.file": "-/r/r - r r",
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
    "contact.center.confirmation": "-/-/- - - -",
    "contact.center.api.key": "-/-/- - - rwcu",
    "contact.center.confirmed.contact": "-/-/- - - -",
    "contact.center.public.figure": "-/-/- - - -",
    "contact.center.rate.limit": "-/-/- - - -",
}


def expected(row, role):
    """Return the set of operations that a row of the matrix grants to a role."""
    ladder, control_body, analyst, technical_admin = row.split()
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
                self.assertEqual(granted, expected(MATRIX[model], role), f"{model}, {role}")

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

    @clause("KP-2.7")
    def test_dialogs_show_nothing_of_it(self):
        self.request.with_user(self.restricted_officer).ask_applicant("When was it?")
        self.request.sudo().result = "He was dismissed"
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            ask = self.env["contact.center.ask"].with_user(self.operator_2).create({"request_id": self.request.id})
            ask.read(["question"])
        with self.assertRaises(AccessError):
            move = self.env["contact.center.transition"].with_user(self.operator_2)
            move.create({"request_ids": self.request.ids, "target": "done"}).read(["result"])

    @clause("KP-2.7")
    def test_an_ordinary_request_gets_no_answer_of_it(self):
        ordinary = self.make_request()
        with self.assertRaises(UserError):
            ordinary.with_user(self.restricted_officer).link_to(self.request.with_user(self.restricted_officer))

    @clause("KP-2.8")
    def test_who_worked_on_it_lets_go_when_it_becomes_restricted(self):
        request = self.make_request(user_id=self.operator_2.id)
        request.with_user(self.operator_2).action_take()
        request.with_user(self.operator_2).message_post(body="I have called him")
        request.with_user(self.operator_2).ask_applicant("Who asked you for money?", "phone")
        request.message_subscribe(self.restricted_officer.partner_id.ids)
        request.with_user(self.operator_2).category_id = self.corruption
        request = request.sudo()
        self.assertEqual(request.message_partner_ids, self.restricted_officer.partner_id)
        self.assertFalse(request.user_id)
        self.assertTrue(request.activity_ids, "somebody still has to call the applicant")
        self.assertFalse(request.activity_ids.user_id)
        self.assertEqual(set(request.activity_ids.mapped("res_name")), {request.number})

    def test_the_form_is_saved_also_when_its_user_loses_sight_of_the_request(self):
        request = self.make_request()
        request.with_user(self.operator_2).action_take()
        as_operator = request.with_user(self.operator_2)
        self.assertEqual(as_operator.web_save({"house": "5"}, {"house": {}}), [{"id": request.id, "house": "5"}])
        self.assertEqual(as_operator.web_save({"restricted": True}, {"description": {}}), [])
        self.assertTrue(request.sudo().restricted)


class TestRemoteCalls(ContactCenterCase):
    """What no form offers but any user may send."""

    def test_nobody_writes_what_follows_from_the_term(self):
        request = self.make_request().with_user(self.supervisor)
        main = self.make_request()
        for values in ({"deadline": "2099-01-01"}, {"alerted_at": "2020-01-01"}, {"main_request_id": main.id}):
            with self.assertRaises(UserError, msg=values):
                request.write(values)
            with self.assertRaises(UserError, msg=values):
                self.make_request(**values)

    def test_another_term_is_noted_in_the_history(self):
        request = self.make_request()
        request.with_user(self.supervisor).deadline_rule_id = self.make_rule("Ten days", amount=10)
        self.assertIn("Ten days", request.event_ids[-1].comment)

    def test_linking_a_file_to_a_request_does_not_open_it(self):
        secret = self.env["ir.attachment"].create(
            {"name": "salary.txt", "raw": b"secret", "res_model": "res.partner", "res_id": self.resident.id}
        )
        colleagues = self.env["ir.attachment"].with_user(self.supervisor).create({"name": "draft", "raw": b"draft"})
        secret.res_model, secret.res_id = "contact.center.import", 0
        own = self.env["ir.attachment"].with_user(self.operator).create({"name": "photo", "raw": b"photo"})
        for file in (secret, colleagues):
            with self.assertRaises(AccessError):
                self.make_request(photo_ids=file.ids)
            with self.assertRaises(AccessError):
                self.make_request().write({"photo_ids": [Command.link(file.id)]})
        request = self.make_request()
        request.write({"photo_ids": [Command.link(own.id)]})
        self.assertEqual(own.with_user(self.operator_2).raw, b"photo")

    def test_nobody_is_put_down_as_an_applicant_of_another_city(self):
        other_city = self.env["res.company"].create({"name": "Inshe"})
        stranger = self.env["res.partner"].create(
            {"name": "Stranger", "applicant_kind": "resident", "company_id": other_city.id}
        )
        with self.assertRaises(UserError):
            self.make_request(partner_id=stranger.id)
        with self.assertRaises(AccessError):
            self.env["contact.center.blocked.number"].with_user(self.operator).refuse_call(
                "+380671112233", "threats", "I will come", partner_id=stranger.id
            )

    def test_files_of_the_server_are_for_the_command_line(self):
        with self.assertRaises(AccessError):
            get_public_method(self.env["contact.center.import"].with_user(self.technical_admin), "run_file")

    def test_only_readers_of_articles_judge_searches(self):
        for user in (self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.env["contact.center.knowledge.search"].with_user(user).mark_not_helped(1)


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

    def test_a_colleague_who_is_an_applicant_stays_visible(self):
        self.operator.partner_id.applicant_kind = "resident"
        self.assertTrue(self.operator.partner_id.with_user(self.employee).read(["name", "email"]))

    def test_forms_of_others_ask_for_nothing_they_may_not_read(self):
        for user in (self.employee, self.analyst, self.technical_admin):
            for record in (self.works, self.operator, self.pothole):
                if record.with_user(user).has_access("read"):
                    ours = [
                        name
                        for name in record.with_user(user).fields_get()
                        if record._fields[name]._modules == ("contact_center_base",)
                    ]
                    self.assertTrue(record.with_user(user).read(ours), f"{user.login} {record}")


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
