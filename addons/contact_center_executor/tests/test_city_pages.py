"""What executors and their works add to the public pages of a city."""

from odoo.addons.contact_center_base.tests.common import clause

from .test_works_pages import WorksPagesCase


class TestCityPages(WorksPagesCase):
    @clause("KP-2.6")
    def test_home_page_tells_of_the_works(self):
        self.assertIn("Repair of a main", self.get("/contact-center/testopil").text)

    def test_works_stand_beside_the_requests_they_concern(self):
        near, far = (self.make_request(street_id=self.street.id, house=house) for house in ("12", "13"))
        self.env.flush_all()
        page = "/contact-center/testopil/requests"
        self.assertIn("Repair of a main", self.get(f"{page}/{near.number}").text)
        self.assertNotIn("Repair of a main", self.get(f"{page}/{far.number}").text)
