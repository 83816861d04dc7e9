"""Walks everybody who has to do with executors through their work, on a wide screen and on a phone."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.contact_center_base.tests.journeys import JourneyCase

from .common import ExecutorMixin, clause
from .test_portal import PNG


class ExecutorJourneyCase(ExecutorMixin, JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
        cls.now = fields.Datetime.now()

    def walk_as(self, user, journey, path):
        self.walk(user, f"contact_center_journey_{journey}", path)
        self.env.invalidate_all()

    def make_evidence(self):
        """Return the id of a photo that the executor's operator has just uploaded."""
        # Files of the portal are kept as the system, hence sudo.
        files = self.env["ir.attachment"].with_user(self.light_operator).sudo()
        return files.create({"name": "act.png", "raw": PNG}).ids

    def petition(self, kind, reason, assignment=None, **values):
        """Petition as the executor's operator, by default about a new assignment."""
        assignment = (assignment or self.make_assignment()).with_user(self.light_operator)
        return assignment.petition(kind, {"reason": reason, **values}, self.make_evidence())


class TestExecutorOperatorJourney(ExecutorJourneyCase):
    def walk_through(self):
        lamp = self.make_assignment()
        pothole = self.make_assignment(category_id=self.pothole.id)
        self.walk_as(self.light_operator, "executor_operator", "/my/assignments")
        self.assertEqual((lamp.state, lamp.result), ("proposed", "The bulb was replaced"))
        self.assertEqual(lamp._get_result_photos().mapped("name"), ["lamp.png"])
        petition = self.env["contact.center.petition"].search([("assignment_id", "=", pothole.id)])
        self.assertEqual(
            (petition.kind, petition.state, petition.attachment_ids.mapped("name")),
            ("long_term_plan", "submitted", ["lamp.png"]),
        )

    @clause("KR-8.1.2", "KR-8.1.3")
    def test_on_a_wide_screen(self):
        self.walk_through()

    def test_on_a_phone(self):
        self.take_phone()
        self.walk_through()


class TestExecutorHeadJourney(ExecutorJourneyCase):
    def make_missed(self):
        """Return an assignment in progress whose additional control ran out yesterday."""
        with freeze_time(self.now - timedelta(days=15)):
            assignment = self.make_assignment()
            person = self.light_operator.partner_id
            assignment.with_user(self.light_operator).name_responsible(person.id)
            until = fields.Date.to_string(self.now - timedelta(days=1))
            self.petition("extension", "A cable", assignment, until=until).with_user(self.supervisor).grant()
        self.env.invalidate_all()
        return assignment

    def walk_through(self):
        until = fields.Date.to_string(self.now + timedelta(days=7))
        petition = self.petition("extension", "The cable is late", self.make_missed(), until=until)
        self.assertEqual(petition.state, "to_confirm")
        lamp = self.make_assignment()
        self.walk_as(self.light_head, "executor_head", "/my/executor")
        person = self.light_operator.partner_id
        self.assertEqual((lamp.state, lamp.responsible_id), ("in_progress", person))
        self.assertEqual((petition.state, petition.responsible_id), ("submitted", person))

    @clause("RO-4.3a")
    def test_on_a_wide_screen(self):
        self.walk_through()

    def test_on_a_phone(self):
        self.take_phone()
        self.walk_through()


class TestCentreOperatorJourney(ExecutorJourneyCase):
    def make_works(self):
        """Return works that go on where the caller lives."""
        return (
            self.env["contact.center.works"]
            .with_user(self.light_operator)
            .register(
                {
                    "kind": "emergency",
                    "name": "Cable is being replaced",
                    "utility": "electricity",
                    "start": self.now,
                    "planned_end": self.now + timedelta(hours=4),
                    "place_ids": [{"street_id": self.street.id}],
                }
            )
        )

    def make_proposals(self):
        """Return four proposals that the centre considers now, whatever day it is."""
        assignments = self.env["contact.center.assignment"].concat(
            *(
                self.work_through(self.make_assignment(house=str(number)), result=f"Lamp {number} works")
                for number in range(1, 5)
            )
        )
        # What is proposed out of hours is considered on the next working day; nobody may write that, hence sudo.
        assignments.sudo().review_from = self.now
        return assignments

    def walk_through(self):
        works = self.make_works()
        proposals = self.make_proposals()
        self.walk_as(self.operator, "works_at_the_desk", "/odoo/desk")
        answered = self.env["contact.center.request"].search([("works_id", "=", works.id)])
        self.assertEqual((answered.state, answered.request_class), ("done", "consultation"))
        self.walk_as(self.operator, "proposals", "/odoo/proposals")
        self.assertEqual(proposals.mapped("state"), ["done", "rework", "done", "done"])

    @clause("KR-9.2.4")
    def test_on_a_wide_screen(self):
        self.walk_through()

    def test_on_a_phone(self):
        self.take_phone()
        self.walk_through()


class TestControlBodyJourney(ExecutorJourneyCase):
    def walk_through(self):
        year = self.now.year + 2
        petitions = (
            self.petition(
                "long_term_plan", "The whole street is to be paved", plan_year=year, plan_document="Programme 17"
            )
            + self.petition("cannot_solve", "It is far away")
            + self.petition("cannot_solve", "The pole is private")
        ).sudo()  # read as the system, whoever petitioned
        self.walk_as(self.control_body, "petitions", "/odoo/contact-center-petitions")
        self.assertEqual(petitions.mapped("state"), ["granted", "refused", "granted"])
        plan, refused, unsolved = petitions.request_id
        self.assertEqual((plan.state, plan.plan_document), ("planned", "Programme 18"))
        self.assertNotEqual(refused.state, "closed")
        self.assertEqual((unsolved.state, unsolved.result), ("closed", "The pole belongs to its owner"))

    @clause("KR-8.2.3", "RO-4.4b")
    def test_on_a_wide_screen(self):
        self.walk_through()

    def test_on_a_phone(self):
        self.take_phone()
        self.walk_through()
