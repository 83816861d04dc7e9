from .common import CityMixin
from .journeys import JourneyCase


class TestJourneys(CityMixin, JourneyCase):
    """Walks the roles of the centre through their work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
        cls.env["contact.center.article"].create(
            {
                "name": "When the town hall is open",
                "language": "en",
                "summary": "From Monday to Friday, 8 to 17.",
                "category_ids": cls.opening_hours.ids,
                "state": "published",
            }
        )

    def walk_as(self, role, journey, path):
        self.walk(role, f"contact_center_journey_{journey}", path)

    def make_lamp(self):
        return self.make_request(category_id=self.lamp.id, street_id=self.street.id, house="12")

    def walk_as_operator(self):
        lamp = self.make_lamp()
        memos = "/odoo/contact-center-blocked-numbers"
        self.walk_as(self.operator, "operator", "/odoo/requests")
        self.assertEqual(lamp.participant_ids.partner_id.name, "Іван Гук")
        consultation = self.env["contact.center.request"].search([("category_id", "=", self.opening_hours.id)])
        self.assertEqual((consultation.state, consultation.result), ("done", "From Monday to Friday, 8 to 17."))

        memo = self.env["contact.center.blocked.number"].search([("company_id", "=", self.city.id)])
        self.walk_as(self.head, "head", memos)
        self.assertEqual((memo.state, memo.decided_by_id), ("approved", self.head))
        self.walk_as(self.technical_admin, "technical_administrator_blocks", memos)
        self.assertEqual((memo.state, memo.blocked_by_id), ("blocked", self.technical_admin))
        self.walk_as(self.operator, "blocked_caller", "/odoo/desk")
        self.walk_as(self.technical_admin, "technical_administrator_lifts", memos)
        self.assertEqual((memo.state, memo.lift_reason), ("lifted", "Apologised"))

    def walk_as_supervisor(self):
        lamp, pothole = self.make_lamp(), self.make_request()
        (lamp + pothole)._transition("in_progress")
        pothole._transition("proposed", result="Repaired", informed_by="phone")
        deadline = lamp.deadline
        self.walk_as(self.supervisor, "supervisor", "/odoo/requests")
        self.assertGreater(lamp.deadline, deadline)
        self.assertEqual(pothole.state, "rework")

    def walk_as_control_body(self):
        lamp, pothole = self.make_lamp(), self.make_request()
        self.walk_as(self.control_body, "control_body", "/odoo/requests")
        self.assertEqual((lamp.state, lamp.plan_document), ("planned", "Decision 15-2"))
        self.assertEqual((pothole.state, pothole.closing_reason), ("closed", "cannot_solve"))

    def walk_as_analyst(self):
        self.make_request()
        self.walk_as(self.analyst, "analyst", "/odoo/action-contact_center_base.contact_center_request_report_action")

    def test_operator_and_a_blocked_number(self):
        self.walk_as_operator()

    def test_operator_and_a_blocked_number_on_a_phone(self):
        self.take_phone()
        self.walk_as_operator()

    def test_supervisor(self):
        self.walk_as_supervisor()

    def test_supervisor_on_a_phone(self):
        self.take_phone()
        self.walk_as_supervisor()

    def test_control_body(self):
        self.walk_as_control_body()

    def test_control_body_on_a_phone(self):
        self.take_phone()
        self.walk_as_control_body()

    def test_analyst(self):
        self.walk_as_analyst()

    def test_analyst_on_a_phone(self):
        self.take_phone()
        self.walk_as_analyst()
