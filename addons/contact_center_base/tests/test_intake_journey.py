from unittest.mock import patch

from ..models import contact_center_form_token
from .common import CityMixin
from .journeys import JourneyCase
from .pages import CODE


class TestIntakeJourney(CityMixin, JourneyCase):
    """Reports a lamp in the browser; the tour fails when that takes more than six actions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
        cls.city.contact_center_code = CODE
        cls.street.write({"latitude": 47.9, "longitude": 33.39})
        # A tour is faster than a person.
        cls.startClassPatcher(patch.object(contact_center_form_token, "FASTEST_SECONDS", 0))

    def walk_through(self):
        self.start_tour(f"/contact-center/{CODE}/new", "contact_center_intake")
        self.env.invalidate_all()
        request = self.env["contact.center.request"].search([("company_id", "=", self.city.id)])
        self.assertEqual((request.category_id, request.phone), (self.lamp, "+380501112233"))
        self.assertAlmostEqual(request.latitude, 47.9001)

    def test_on_a_wide_screen(self):
        self.walk_through()

    def test_on_a_phone(self):
        self.take_phone()
        self.walk_through()
