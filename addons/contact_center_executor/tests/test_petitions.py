"""Petitions of executors: who files what, who decides, what follows (KR-8.2, RO-4.4b)."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.contact_center_base import files

from .common import ExecutorCase, clause

PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 64
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


class PetitionCase(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heating = cls.make_executor("City Heating", code="HEAT")
        cls.rule.write({"maximum_amount": 30, "maximum_unit": "calendar_days"})

    def upload(self, user, content=PHOTO, name="act.jpg", **values):
        """Return a file that a user has just uploaded, as the portal does it."""
        return self.env["ir.attachment"].with_user(user).sudo().create([{"name": name, "raw": content, **values}])

    def file(self, assignment, kind, user=None, **values):
        """File a complete petition as the executor's operator."""
        user = user or self.light_operator
        defaults = {
            "executor": {"change": "other", "proposed_executor_id": self.roads.id},
            "extension": {"until": "2026-01-23"},
            "long_term_plan": {"plan_year": 2028, "plan_document": "Programme 17"},
            "cannot_solve": {},
        }
        values = {"reason": "The pole belongs to the railway", **defaults[kind], **values}
        return assignment.with_user(user).petition(kind, values, self.upload(user).ids)

    def get_last_comment(self, assignment, kind):
        return assignment.sudo().request_id.event_ids.filtered(lambda event: event.kind == kind)[-1].comment


@freeze_time("2026-01-12 08:00:00")  # a Monday, within working hours
class TestFiling(PetitionCase):
    @clause("KR-8.2.2a")
    def test_additional_control_needs_reason_date_and_evidence(self):
        assignment = self.make_assignment().with_user(self.light_operator)
        evidence = self.upload(self.light_operator).ids
        for values, files_, message in (
            ({"until": "2026-01-23"}, evidence, "reason"),
            ({"reason": "  ", "until": "2026-01-23"}, evidence, "reason"),
            ({"reason": "Cable"}, evidence, "New date"),
            ({"reason": "Cable", "until": "2026-01-23"}, (), "evidence"),
            ({"reason": "Cable", "until": "2026-01-09"}, evidence, "choose a day to come"),
            ({"reason": "Cable", "until": "2026-01-14"}, evidence, "later than that already"),
            ({"reason": "Cable", "until": "soon"}, evidence, "no date"),
            ({"reason": "Cable", "until": "2026-01-23", "state": "granted"}, evidence, "doesn't belong here"),
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, message):
                assignment.petition("extension", values, files_)
        petition = assignment.petition("extension", {"reason": "Cable", "until": "2026-01-23"}, evidence)
        self.assertEqual((petition.state, petition.until), ("submitted", date(2026, 1, 23)))
        self.assertEqual(petition.sudo().attachment_ids.ids, evidence)

    def test_one_open_petition_of_a_kind(self):
        assignment = self.make_assignment()
        first = self.file(assignment, "extension")
        with self.assertRaisesRegex(UserError, "open already"):
            self.file(assignment, "extension")
        self.file(assignment, "cannot_solve")
        first.withdraw()
        self.file(assignment, "extension")

    @mute_logger("odoo.sql_db")
    def test_the_database_holds_to_one_open_petition_of_a_kind(self):
        assignment = self.make_assignment()
        self.file(assignment, "extension")
        Petition = self.env["contact.center.petition"]
        with self.assertRaises(Exception) as caught, self.cr.savepoint():
            Petition.create([{"assignment_id": assignment.id, "kind": "extension_again", "reason": "x"}])
            Petition.flush_model()
        self.assertIn("open_unique", str(caught.exception))

    def test_a_co_executor_asks_for_another_executor_only(self):
        lead = self.make_assignment()
        part = lead.request_id.assign(self.roads, role="co")
        with self.assertRaisesRegex(UserError, "lead executor"):
            self.file(part, "cannot_solve", self.roads_operator)
        self.assertEqual(part.with_user(self.roads_operator).get_petition_kinds(), ["executor"])
        self.file(part, "executor", self.roads_operator, proposed_executor_id=self.heating.id)

    def test_nothing_to_petition_for_when_it_is_proposed(self):
        assignment = self.make_assignment()
        self.work_through(assignment)
        with self.assertRaisesRegex(UserError, "proposed or finished"):
            self.file(assignment, "extension")

    def test_others_neither_file_nor_see_it(self):
        assignment = self.make_assignment()
        with self.assertRaises(AccessError):
            self.file(assignment, "extension", self.roads_operator)
        with self.assertRaises(AccessError):
            self.file(assignment, "extension", self.control_body)
        petition = self.file(assignment, "extension")
        with self.assertRaises(AccessError):
            petition.with_user(self.roads_head).read(["reason"])
        with self.assertRaises(AccessError):
            petition.with_user(self.roads_head).withdraw()
        self.assertEqual(self.env["contact.center.petition"].with_user(self.light_head).search([]), petition)

    def test_nobody_writes_petitions_directly(self):
        petition = self.file(self.make_assignment(), "extension")
        for user in (self.light_head, self.supervisor, self.head, self.control_body):
            with self.assertRaises(AccessError, msg=user.login):
                petition.with_user(user).write({"state": "granted"})
        with self.assertRaises(UserError):
            petition.sudo().unlink()

    def test_a_plan_is_for_a_year_to_come(self):
        assignment = self.make_assignment()
        for year in (2025, 2026, 20277, "next"):
            with self.subTest(year), self.assertRaises(UserError):
                self.file(assignment, "long_term_plan", plan_year=year)
        self.assertEqual(self.file(assignment, "long_term_plan", plan_year="2027").plan_year, 2027)

    def test_text_stays_plain_text(self):
        petition = self.file(self.make_assignment(), "cannot_solve", reason="<script>alert(1)</script>")
        self.assertEqual(petition.reason, "<script>alert(1)</script>")
        note = petition.sudo().activity_ids.note
        self.assertNotIn("<script>", note)
        self.assertIn("alert(1)", note)

    def test_an_executor_of_another_city_is_not_proposed(self):
        other_city = self.env["res.company"].create({"name": "Inshe"})
        partner = self.env["res.partner"].create({"name": "Strangers", "is_company": True, "company_id": other_city.id})
        stranger = self.env["contact.center.executor"].create({"partner_id": partner.id, "company_id": other_city.id})
        with self.assertRaisesRegex(UserError, "executor of the city"):
            self.file(self.make_assignment(), "executor", proposed_executor_id=stranger.id)

    @clause("MA-5.1")
    def test_the_centre_files_for_an_executor_that_called(self):
        assignment = self.make_assignment()
        wizard = self.env["contact.center.petition.file"].with_user(self.operator)
        evidence = self.upload(self.operator, res_model=wizard._name)
        with Form(wizard.with_context(default_assignment_id=assignment.id)) as form:
            form.kind = "extension"
            form.until = "2026-01-20"
            form.reason = "They called"
            form.attachment_ids.add(evidence)
        action = form.save().action_apply()
        petition = self.env["contact.center.petition"].browse(action["res_id"])
        self.assertEqual((petition.user_id, petition.attachment_ids), (self.operator, evidence))


@freeze_time("2026-01-12 08:00:00")
class TestEvidence(PetitionCase):
    @clause("MA-4.1.6")
    def test_the_centre_and_nobody_else_reads_the_evidence(self):
        evidence = self.upload(self.light_operator, PDF, "act.pdf")
        assignment = self.make_assignment().with_user(self.light_operator)
        assignment.petition("extension", {"reason": "Cable", "until": "2026-01-23"}, evidence.ids)
        for user in (self.operator, self.supervisor, self.control_body):
            self.assertEqual(evidence.with_user(user).raw, PDF)
        for user in (self.employee, self.roads_head):
            with self.assertRaises(AccessError, msg=user.login):
                evidence.with_user(user).read(["raw"])

    def test_files_of_others_are_no_evidence(self):
        assignment = self.make_assignment().with_user(self.light_operator)
        secret = self.upload(self.supervisor, PDF, "secret.pdf")
        of_partner = self.upload(self.light_operator, PDF, "x.pdf", res_model="res.partner", res_id=self.resident.id)
        for foreign in (secret.id, of_partner.id, secret.id + 1000000):
            with self.assertRaises(AccessError):
                assignment.petition("extension", {"reason": "Cable", "until": "2026-01-23"}, [foreign])
        self.assertFalse(secret.res_id)

    def test_a_file_of_the_assignment_stays_there_too(self):
        assignment = self.make_assignment().with_user(self.light_operator)
        photo = self.upload(self.light_operator, res_model=assignment._name, res_id=assignment.id)
        petition = assignment.petition("cannot_solve", {"reason": "No budget"}, photo.ids)
        self.assertEqual(photo.res_id, assignment.id)
        self.assertEqual(petition.sudo().attachment_ids.raw, PHOTO)

    @clause("MA-4.1.6")
    def test_documents_and_photos_are_taken(self):
        files.check_files(
            self.env,
            [
                ("Фото.JPG", PHOTO),
                ("act.pdf", PDF),
                ("note.txt", "Акт обстеження".encode()),
                ("phone.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 32),
                ("big.jpg", PHOTO.ljust(files.MAXIMUM_SIZE, b"\x00")),
            ],
        )

    def test_what_is_not_what_its_name_says_is_refused(self):
        for name, content, message in (
            ("photo.jpg", b"MZ\x90\x00" + b"\x00" * 64, "such files aren't taken"),
            ("photo.jpg", b"\x7fELF\x02\x01\x01" + b"\x00" * 64, "such files aren't taken"),
            ("picture.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>', "aren't taken"),
            ("page.html", b"<html><script>alert(1)</script></html>", "aren't taken"),
            ("page.html", PDF, "isn't what its name says"),
            ("run.bat", b"del everything", "isn't what its name says"),
            ("noname", PHOTO, "isn't what its name says"),
            ("empty.jpg", b"", "is empty"),
            ("huge.jpg", PHOTO.ljust(files.MAXIMUM_SIZE + 1, b"\x00"), "larger than 20 MB"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, message):
                files.check_files(self.env, [(name, content)])


@freeze_time("2026-01-12 08:00:00")
class TestAnotherExecutor(PetitionCase):
    @clause("KR-8.2.1")
    def test_granted_it_goes_to_the_other_executor(self):
        assignment = self.make_assignment()
        petition = self.file(assignment, "executor")
        petition.with_user(self.operator).grant("Rails are theirs")
        request = assignment.request_id
        self.assertEqual((request.lead_id.executor_id, assignment.state), (self.roads, "withdrawn"))
        self.assertEqual((petition.state, petition.granted_executor_id), ("granted", self.roads))
        self.assertIn("Rails are theirs", self.get_last_comment(assignment, "decided"))

    @clause("KR-8.2.1")
    def test_granted_an_additional_one_takes_part(self):
        assignment = self.make_assignment()
        petition = self.file(assignment, "executor", change="additional")
        petition.with_user(self.operator).grant(executor_id=self.heating.id, instruction="Shut the valve")
        part = assignment.request_id.assignment_ids - assignment
        self.assertEqual((part.executor_id, part.role, part.instruction), (self.heating, "co", "Shut the valve"))
        self.assertEqual(assignment.state, "new")

    def test_a_co_executor_is_replaced_by_a_co_executor(self):
        lead = self.make_assignment()
        part = lead.request_id.assign(self.roads, role="co")
        petition = self.file(part, "executor", self.roads_operator, proposed_executor_id=self.heating.id)
        petition.with_user(self.operator).grant()
        new = lead.request_id.assignment_ids - lead - part
        self.assertEqual((part.state, new.executor_id, new.role, lead.state), ("withdrawn", self.heating, "co", "new"))

    def test_the_rule_of_the_term_decides_whether_it_begins_anew(self):
        for restarts in (False, True):
            self.rule.restart_on_reassign = restarts
            assignment = self.make_assignment()
            before = assignment.deadline
            petition = self.file(assignment, "executor")
            with freeze_time("2026-01-13 08:00:00"):
                petition.with_user(self.operator).grant()
            self.assertEqual(assignment.request_id.deadline > before, restarts)

    def test_whoever_works_on_it_already_is_no_other_executor(self):
        assignment = self.make_assignment()
        assignment.request_id.assign(self.roads, role="co")
        petition = self.file(assignment, "executor")
        with self.assertRaisesRegex(UserError, "already works"), self.cr.savepoint():
            petition.with_user(self.operator).grant()
        self.assertEqual((petition.state, assignment.state), ("submitted", "new"))

    def test_the_decider_says_who_gets_it_when_nobody_is_proposed(self):
        petition = self.file(self.make_assignment(), "executor", proposed_executor_id=False)
        with self.assertRaisesRegex(UserError, "Choose the executor"):
            petition.with_user(self.operator).grant()

    def test_executors_to_propose_are_told_by_name_only(self):
        assignment = self.make_assignment().with_user(self.light_operator)
        self.assertIn((self.heating.id, "City Heating"), assignment.get_proposable_executors())


@freeze_time("2026-01-12 08:00:00")
class TestAdditionalControl(PetitionCase):
    @clause("KR-8.2.2a")
    def test_granted_it_extends_the_term_and_marks_the_request(self):
        assignment = self.make_assignment()
        request = assignment.request_id
        petition = self.file(assignment, "extension")
        self.assertFalse(request.additional_control)
        petition.with_user(self.supervisor).grant("Wait for the cable")
        self.assertEqual(str(request.deadline), "2026-01-23 15:00:00")
        self.assertEqual(
            (request.additional_control, request.additional_control_until, request.additional_control_count),
            (True, request.deadline, 1),
        )
        self.assertEqual(self.env["contact.center.request"].search([("additional_control", "=", True)]), request)
        self.assertIn("extended", request.event_ids.mapped("kind"))
        self.assertTrue(assignment.with_user(self.light_operator).additional_control)

    def test_the_decider_may_grant_another_date(self):
        petition = self.file(self.make_assignment(), "extension")
        petition.with_user(self.supervisor).grant(until="2026-01-20")
        self.assertEqual((petition.granted_until, petition.until), (date(2026, 1, 20), date(2026, 1, 23)))
        self.assertEqual(petition.request_id.deadline.day, 20)

    def test_an_operator_does_not_extend(self):
        petition = self.file(self.make_assignment(), "extension")
        with self.assertRaises(AccessError):
            petition.with_user(self.operator).grant()
        with self.assertRaises(AccessError):
            petition.with_user(self.control_body).refuse("No")

    def test_never_beyond_the_maximum_of_the_rule(self):
        assignment = self.make_assignment()
        with self.assertRaisesRegex(UserError, "until 02/10/2026 at the latest"):
            self.file(assignment, "extension", until="2026-03-01")
        petition = self.file(assignment, "extension")
        with self.assertRaisesRegex(UserError, "at the latest"), self.cr.savepoint():
            petition.with_user(self.supervisor).grant(until="2026-03-01")
        self.assertEqual((petition.state, assignment.request_id.deadline.day), ("submitted", 14))
        petition.with_user(self.supervisor).grant(until="2026-02-10")
        with self.assertRaisesRegex(UserError, "maximum .* is reached"):
            self.file(assignment, "extension", until="2026-03-01")

    def get_missed(self):
        """Return an assignment whose additional control has run out two days ago."""
        assignment = self.make_assignment()
        self.file(assignment, "extension", until="2026-01-16").with_user(self.supervisor).grant()
        self.startPatcher(freeze_time("2026-01-20 08:00:00"))
        self.env.invalidate_all()
        return assignment

    @clause("KR-8.2.2b")
    def test_after_a_missed_one_the_head_confirms_and_names_who_answers(self):
        assignment = self.get_missed()
        petition = self.file(assignment, "extension", until="2026-01-27")
        self.assertEqual((petition.kind, petition.state), ("extension_again", "to_confirm"))
        with self.assertRaises(UserError):
            petition.with_user(self.supervisor).grant()
        for user in (self.light_operator, self.roads_head, self.supervisor):
            with self.assertRaises(AccessError, msg=user.login):
                petition.with_user(user).confirm(self.light_operator.partner_id.id)
        with self.assertRaisesRegex(UserError, "Choose a person"):
            petition.with_user(self.light_head).confirm(self.roads_head.partner_id.id)
        petition.with_user(self.light_head).confirm(self.light_operator.partner_id.id)
        self.assertEqual(
            (petition.state, petition.confirmed_by_id, petition.responsible_id),
            ("submitted", self.light_head, self.light_operator.partner_id),
        )
        self.assertEqual(petition.sudo().informed_ids, self.control_body)
        petition.with_user(self.supervisor).grant()
        self.assertEqual(assignment.request_id.deadline.day, 27)

    @clause("KR-8.2.2b")
    def test_the_head_files_it_with_the_name(self):
        assignment = self.get_missed()
        named = self.light_operator.partner_id
        petition = self.file(assignment, "extension", self.light_head, until="2026-01-27", responsible_id=named.id)
        self.assertEqual(
            (petition.kind, petition.state, petition.responsible_id), ("extension_again", "submitted", named)
        )

    def test_in_time_it_is_asked_for_once_more_without_the_head(self):
        assignment = self.make_assignment()
        self.file(assignment, "extension", until="2026-01-20").with_user(self.supervisor).grant()
        with freeze_time("2026-01-19 08:00:00"):
            self.env.invalidate_all()
            petition = self.file(assignment, "extension", until="2026-01-27")
        self.assertEqual((petition.kind, petition.state), ("extension", "submitted"))

    def test_a_missed_first_term_is_no_missed_additional_control(self):
        assignment = self.make_assignment()
        with freeze_time("2026-01-19 08:00:00"):
            self.env.invalidate_all()
            self.assertTrue(assignment.is_overdue)
            self.assertEqual(self.file(assignment, "extension").kind, "extension")

    def test_neither_extending_nor_rework_wipes_out_a_miss(self):
        assignment = self.get_missed()
        assignment.request_id.with_user(self.supervisor).extend_deadline(1, "working_days", "I allow it")
        self.env.invalidate_all()
        self.assertTrue(assignment.missed_deadline)
        self.assertEqual(self.file(assignment, "extension", until="2026-01-27").kind, "extension_again")

    def test_an_executor_without_a_head_gets_it_confirmed_by_phone(self):
        self.light_head.active = False
        assignment = self.get_missed()
        petition = self.file(assignment, "extension", until="2026-01-27")
        with self.assertRaises(AccessError):
            petition.with_user(self.operator).confirm(self.light_operator.partner_id.id)
        petition.with_user(self.supervisor).confirm(self.light_operator.partner_id.id)
        self.assertEqual(petition.state, "submitted")

    def test_only_the_system_marks_a_request(self):
        request = self.make_assignment().request_id
        for name, value in (("additional_control", True), ("additional_control_count", 7)):
            with self.assertRaises(UserError):
                request.with_user(self.supervisor).write({name: value})


@freeze_time("2026-01-12 08:00:00")
class TestControlBodyDecides(PetitionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls.make_user("deputy", "group_control_body")

    @clause("KR-8.2.3")
    def test_the_control_body_takes_it_into_the_long_term_plan(self):
        assignment = self.make_assignment()
        petition = self.file(assignment, "long_term_plan")
        with self.assertRaises(AccessError):
            petition.with_user(self.head).grant()
        petition.with_user(self.control_body).grant("In the programme", plan_document="Programme 17, item 4")
        request = assignment.request_id
        self.assertEqual(
            (request.state, request.plan_year, request.plan_document), ("planned", 2028, "Programme 17, item 4")
        )

    @clause("RO-4.4b", "KP-3.1")
    def test_closed_as_not_solvable_the_applicant_is_told_why(self):
        assignment = self.make_assignment()
        request = assignment.request_id
        request.inform_by = "email"
        petition = self.file(assignment, "cannot_solve")
        petition.with_user(self.control_body).grant(result="The pole belongs to the railway: call them.")
        self.assertEqual(
            (request.state, request.closing_reason, request.informed_by), ("closed", "cannot_solve", "email")
        )
        self.assertEqual(request.result, "The pole belongs to the railway: call them.")
        told = request.notice_ids.filtered(lambda notice: notice.kind == "closed")
        self.assertEqual((told.partner_id, told.channel), (self.resident, "email"))
        self.assertIn("belongs to the railway: call them", told._get_result())
        self.assertEqual((assignment.state, petition.state), ("withdrawn", "granted"))

    def test_an_operator_calls_who_is_informed_by_phone(self):
        assignment = self.make_assignment()
        assignment.request_id.user_id = self.operator
        petition = self.file(assignment, "cannot_solve", reason="Not <b>ours</b>")
        petition.with_user(self.control_body).grant()
        call = assignment.request_id.activity_ids
        self.assertEqual(call.user_id, self.operator)
        self.assertIn("Not &lt;b&gt;ours&lt;/b&gt;", call.note)

    def test_an_anonymous_applicant_can_not_be_told(self):
        assignment = self.make_assignment(partner_id=False)
        self.file(assignment, "cannot_solve").with_user(self.control_body).grant()
        self.assertEqual(assignment.request_id.informed_by, "not_possible")

    def test_what_is_linked_ends_with_it(self):
        assignment = self.make_assignment()
        linked = self.make_request()
        linked.link_to(assignment.request_id)
        self.file(assignment, "cannot_solve").with_user(self.control_body).grant()
        self.assertEqual((linked.state, linked.closing_reason), ("closed", "cannot_solve"))

    @clause("RO-4.4b")
    def test_a_justification_after_30_days_is_marked_late(self):
        self.rule.amount = 60
        assignment = self.make_assignment()
        with freeze_time("2026-02-11 08:00:00"):
            self.env.invalidate_all()
            in_time = self.file(assignment, "cannot_solve")
            self.assertFalse(in_time.late)
            in_time.withdraw()
        with freeze_time("2026-02-12 08:00:00"):
            self.env.invalidate_all()
            petition = self.file(assignment, "cannot_solve")
            self.assertTrue(petition.late)
            petition.with_user(self.control_body).grant()
        self.assertEqual(assignment.request_id.state, "closed")

    @clause("RO-2.7")
    def test_the_deputy_decides_in_whose_area_the_executor_is(self):
        petition = self.file(self.make_assignment(), "cannot_solve")
        Petition = self.env["contact.center.petition"]
        self.assertEqual(Petition.with_user(self.control_body).search([("awaits_me", "=", True)]), petition)
        self.assertFalse(Petition.with_user(self.deputy).search([("awaits_me", "=", True)]))
        with self.assertRaisesRegex(AccessError, "cc_control_body"):
            petition.with_user(self.deputy).grant()
        with freeze_time("2026-06-01 08:00:00"):
            self.light.control_area_ids.date_to = "2026-05-31"
            self.light.control_area_ids.create({"executor_id": self.light.id, "user_id": self.deputy.id})
            with self.assertRaises(AccessError):
                petition.with_user(self.control_body).refuse("Not mine any more")
            petition.with_user(self.deputy).refuse("It is ours after all")
        self.assertEqual(petition.decided_by_id, self.deputy)

    def test_any_deputy_decides_where_no_area_is_given(self):
        assignment = self.make_assignment(self.roads, category_id=self.pothole.id)
        petition = self.file(assignment, "cannot_solve", self.roads_operator)
        self.assertEqual(petition.with_user(self.deputy).awaits_me, True)
        petition.with_user(self.deputy).grant()
        self.assertEqual(petition.state, "granted")


@freeze_time("2026-01-12 08:00:00")
class TestDecisions(PetitionCase):
    def test_a_refusal_says_why(self):
        assignment = self.make_assignment()
        petition = self.file(assignment, "extension")
        with self.assertRaisesRegex(UserError, "Write why"):
            petition.with_user(self.supervisor).refuse(" ")
        petition.with_user(self.supervisor).refuse("The cable is in the store")
        self.assertEqual((petition.state, petition.decision), ("refused", "The cable is in the store"))
        self.assertIn("The cable is in the store", self.get_last_comment(assignment, "decided"))
        self.assertEqual(assignment.state, "new")

    def test_decided_once(self):
        petition = self.file(self.make_assignment(), "extension")
        petition.with_user(self.supervisor).refuse("No")
        for step in ("grant", "refuse"):
            with self.assertRaisesRegex(UserError, "is “Refused” already"):
                getattr(petition.with_user(self.head), step)("Yes")
        with self.assertRaisesRegex(UserError, "already"):
            petition.with_user(self.light_operator).withdraw()

    def test_petitions_and_decisions_are_in_the_history(self):
        assignment = self.make_assignment()
        self.file(assignment, "extension").with_user(self.supervisor).grant("Fine")
        events = assignment.request_id.event_ids.filtered(lambda event: event.kind in ("petitioned", "decided"))
        self.assertEqual(events.mapped("kind"), ["petitioned", "decided"])
        self.assertEqual(events.mapped("role"), ["executor", "supervisor"])
        self.assertEqual(events.user_id, self.light_operator | self.supervisor)
        self.assertEqual(events.executor_id, self.light)

    def test_the_executor_is_told_what_was_decided(self):
        petition = self.file(self.make_assignment(), "extension")
        with patch.object(type(self.env["contact.center.notification"]), "_queue") as queue:
            petition.with_user(self.supervisor).refuse("The cable is in the store")
        (assignments, kind, text), _kwargs = queue.call_args
        self.assertEqual((assignments, kind), (petition.assignment_id, "petition"))
        self.assertIn("The cable is in the store", text)

    def test_the_decision_is_due_after_two_working_days(self):
        petition = self.file(self.make_assignment(), "extension", until="2026-01-30")
        self.assertEqual(str(petition.decision_by.date()), "2026-01-14")
        self.assertFalse(petition.is_overdue)
        with freeze_time("2026-01-15 08:00:00"):
            self.env.invalidate_all()
            self.assertTrue(petition.is_overdue)
            overdue = self.env["contact.center.petition"].search([("is_overdue", "=", True)])
            self.assertEqual(overdue, petition)
            petition.with_user(self.supervisor).grant()
            self.assertFalse(petition.is_overdue)

    def test_the_decider_has_an_activity_until_it_is_decided(self):
        petition = self.file(self.make_assignment(), "cannot_solve")
        activity = petition.sudo().activity_ids
        self.assertEqual((activity.user_id, activity.res_id), (self.control_body, petition.request_id.id))
        petition.with_user(self.control_body).refuse("Try the crane")
        self.assertFalse(activity.exists())

    def test_what_waits_for_whom(self):
        assignment = self.make_assignment()
        executor = self.file(assignment, "executor")
        extension = self.file(assignment, "extension")
        unsolvable = self.file(assignment, "cannot_solve")
        Petition = self.env["contact.center.petition"]
        for user, expected in (
            (self.operator, executor),
            (self.supervisor, executor | extension),
            (self.control_body, unsolvable),
            (self.light_head, Petition),
        ):
            found = Petition.with_user(user).search([("awaits_me", "=", True)])
            self.assertEqual(found, expected, user.login)
            rest = Petition.with_user(user).search([("awaits_me", "=", False)])
            self.assertFalse(found & rest)
            self.assertEqual((found | rest).filtered("awaits_me"), found)

    def test_what_is_petitioned_for_ends_with_the_part(self):
        assignment = self.make_assignment()
        petition = self.file(assignment, "extension")
        self.work_through(assignment)
        self.assertEqual(petition.state, "withdrawn")
        self.assertFalse(petition.sudo().activity_ids)

    def test_the_dialog_proposes_what_was_petitioned_for(self):
        petition = self.file(self.make_assignment(), "extension")
        action = petition.with_user(self.supervisor).with_context(decision="granted").action_decide()
        wizard = self.env["contact.center.petition.decide"].with_user(self.supervisor).with_context(**action["context"])
        with Form(wizard) as form:
            self.assertEqual(form.until, date(2026, 1, 23))
            form.comment = "Fine"
        form.save().action_apply()
        self.assertEqual((petition.state, petition.decision), ("granted", "Fine"))

    def test_the_dialog_shows_nothing_of_restricted_requests(self):
        assignment = self.make_assignment()
        petition = self.file(assignment, "cannot_solve")
        assignment.request_id.sudo().restricted = True
        self.env.invalidate_all()
        wizard = self.env["contact.center.petition.decide"].with_user(self.supervisor)
        with self.assertRaises(AccessError):
            wizard.create({"petition_id": petition.id}).read(["result", "reason"])
        with self.assertRaises(AccessError):
            petition.with_user(self.light_head).read(["reason"])
