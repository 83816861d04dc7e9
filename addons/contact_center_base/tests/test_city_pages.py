from .common import clause
from .pages import CODE, CityPagesCase


class TestCityPages(CityPagesCase):
    @clause("KP-2.6")
    def test_home_leads_to_what_residents_need(self):
        page = self.read(self.get())
        for target in ("new", "track", "map", "knowledge", "statistics"):
            self.assertTrue(page.xpath(f"//a[@href='{self.path(target)}']"), target)

    def test_wrong_city_is_not_found(self):
        self.assertEqual(self.url_open(f"/contact-center/{CODE}x").status_code, 404)

    def test_choice_of_cities(self):
        other = self.env["res.company"].create({"name": "Inshe", "contact_center_code": "inshe"})
        self.env.flush_all()
        page = self.read(self.url_open("/contact-center"))
        for city in (self.city, other):
            self.assertTrue(page.xpath(f"//a[@href='/contact-center/{city.contact_center_code}']"))

    def test_languages_are_plain_links(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        page = self.read(self.get())
        [link] = page.xpath("//ul[@aria-label='Language']//a[@lang='uk-UA']/@href")
        self.assertEqual(self.read(self.url_open(link)).get("lang"), "uk-UA")
