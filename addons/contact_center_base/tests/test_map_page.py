"""What residents see of the city's requests on the map, in its list, and of each by itself."""

import base64
from datetime import timedelta
from io import BytesIO

from freezegun import freeze_time
from PIL import Image

from odoo import Command, fields

from .common import clause
from .pages import CityPagesCase

SECRET = "Only the staff knows this"


class MapCase(CityPagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hole = cls.make_request(
            street_id=cls.street.id, house="5", flat="12", latitude=47.9105123, longitude=33.3918456
        )

    def numbers(self, **params):
        """Return the numbers of the requests that the list shows."""
        return self.read(self.get("map", **params)).xpath("//main//article/h2/a/@href")

    def assertShown(self, *requests, **params):
        expected = [self.path(f"requests/{request.number}") for request in requests]
        self.assertEqual(sorted(self.numbers(**params)), sorted(expected), params)

    def points(self, **params):
        """Return the features that the map shows."""
        return self.get("map.json", **params).json()["features"]

    def finish(self, request, days_ago=0):
        """End a request as done so many days before now."""
        with freeze_time(fields.Datetime.now() - timedelta(days=days_ago)):
            request.with_user(self.supervisor).action_take()
            request.with_user(self.supervisor)._transition("done", result="Mended", informed_by="phone")


class TestMapPage(MapCase):
    @clause("MA-2.2.7", "KP-2.6")
    def test_state_is_public_as_soon_as_it_changes(self):
        self.assertIn("New", self.get("map").text)
        self.finish(self.hole)
        [badge] = self.read(self.get("map")).xpath("//main//article//span[contains(@class, 'o_cc_state_done')]")
        self.assertEqual(badge.text, "Done")
        self.assertEqual(self.points()[0]["properties"]["state"], "done")
        self.assertIn("Done", self.get(f"requests/{self.hole.number}").text)

    def test_what_is_not_public_appears_nowhere(self):
        hidden = [
            self.make_request(self.restricted_officer, category_id=self.corruption.id, latitude=47.9, longitude=33.4),
            self.make_request(request_class="appeal", latitude=47.9, longitude=33.4),
            self.make_request(category_id=self.opening_hours.id, latitude=47.9, longitude=33.4),
        ]
        self.assertShown(self.hole)
        self.assertEqual([point["id"] for point in self.points()], [self.hole.number])
        for request in hidden:
            self.assertNotIn(request.number, self.get("map").text)
            self.assertShown(words=request.number)
            self.assertEqual(self.get(f"requests/{request.number}").status_code, 404)

    def test_nothing_tells_the_applicant(self):
        self.hole.message_post(body=SECRET)
        for page in ("map", "map.json", f"requests/{self.hole.number}"):
            text = self.get(page).text
            for secret in ("Оксана", "oksana", "380501234567", "A hole in the road", "47.91051", SECRET):
                self.assertNotIn(secret, text, page)

    def test_requests_are_not_found_by_who_brought_them(self):
        named = self.make_request(
            email="secret@example.com", place_note="ask for Petrenko", description="Deep enough for a knee"
        )
        for words in ("Ткач", "secret@example.com", "Petrenko", "enough for a knee"):
            self.assertShown(words=words)
        named.publish_text = True
        self.assertShown(named, words="enough for a knee")

    def test_filters(self):
        lamp = self.make_request(category_id=self.lamp.id, place_note="Yard", district_id=self.other_district.id)
        for params, shown in (
            ({}, (self.hole, lamp)),
            ({"topic": self.lamp.id}, (lamp,)),
            ({"district": self.district.id}, (self.hole,)),
            ({"state": "open"}, (self.hole, lamp)),
            ({"state": "done"}, ()),
            ({"words": "Соборна"}, (self.hole,)),
            ({"words": "Леніна"}, (self.hole,)),
            ({"words": "lamp"}, (lamp,)),
            ({"words": self.hole.number.lower()}, (self.hole,)),
        ):
            self.assertShown(*shown, **params)

    def test_topics_count_with_what_is_below_them(self):
        roads = self.make_category("ROAD", "Roads")
        self.pothole.parent_id = roads
        self.assertShown(self.hole, topic=roads.id)

    def test_ended_ones_stay_for_a_while(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=60)):
            old = self.make_request()
        self.finish(old, days_ago=45)
        self.assertShown(self.hole)
        self.assertShown(self.hole, old, days=90)
        self.assertShown(old, days=90, state="done")

    def test_map_holds_what_has_a_point_within_its_borders(self):
        self.make_request()
        [point] = self.points()
        self.assertEqual(point["geometry"], {"type": "Point", "coordinates": [33.3918, 47.9105]})
        self.assertTrue(self.points(bbox="33.3,47.9,33.4,48"))
        self.assertFalse(self.points(bbox="33.4,47.9,33.5,48"))
        for box in ("x", "1,2,3", "1,2,3,nan", "1,2,3,inf", "9" * 5000):
            self.assertEqual(self.get("map.json", bbox=box).status_code, 400, box[:20])

    def test_map_that_did_not_change_is_not_sent_again(self):
        answer = self.get("map.json")
        self.assertEqual(answer.headers["Content-Type"], "application/geo+json")
        known = {"If-None-Match": answer.headers["ETag"]}
        self.assertEqual(self.url_open(self.path("map.json"), headers=known).status_code, 304)
        self.finish(self.hole)
        self.env.flush_all()
        self.assertEqual(self.url_open(self.path("map.json"), headers=known).status_code, 200)

    def test_open_requests_can_be_joined(self):
        card = self.read(self.get(f"requests/{self.hole.number}"))
        [form] = card.xpath(f"//main//a[starts-with(@href, '{self.path('new')}?')]/@href")
        self.assertNotIn("47.91051", form)
        buttons = self.read(self.url_open(form)).xpath("//main//button[@name='join']/@value")
        self.assertEqual(buttons, [self.hole.number])
        self.finish(self.hole)
        self.assertNotIn(self.path("new?"), self.get(f"requests/{self.hole.number}").text)

    def test_many_are_shown_page_by_page(self):
        self.make_request().copy()
        for _number in range(20):
            self.make_request()
        self.assertEqual(len(self.numbers()), 20)
        self.assertEqual(len(self.read(self.url_open(self.path("map/page/2"))).xpath("//main//article")), 3)

    def test_other_cities_have_their_own(self):
        self.env["res.company"].create({"name": "Inshe", "contact_center_code": "inshe"})
        self.env.flush_all()
        for page in ("map", "map.json", f"requests/{self.hole.number}"):
            self.assertNotIn(self.hole.number, self.url_open(f"/contact-center/inshe/{page}").text.replace(page, ""))
        self.assertEqual(self.url_open(f"/contact-center/inshe/requests/{self.hole.number}").status_code, 404)

    def test_bad_input_is_answered_in_words(self):
        for value in ("'", "\\", "\x00", "%", "_", "9" * 5000, "<script>alert(1)</script>", "²", "-1"):
            for name in ("words", "topic", "district", "state", "days"):
                answer = self.get("map", **{name: value})
                self.assertEqual(answer.status_code, 200, (name, value[:20]))
                self.assertNotIn("<script>alert", answer.text)
            self.assertEqual(self.get("map.json", words=value).status_code, 200)
        for path in ("requests/x", "requests/%00", f"requests/{'9' * 5000}", "requests/%ff%fe"):
            self.assertEqual(self.get(path).status_code, 404, path[:20])
        self.assertEqual(self.url_open("/contact-center/%00/map").status_code, 404)


class TestPublicPhotos(MapCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # In the database they go with the test, and nobody cleans up the folder of files meanwhile.
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        exif = Image.Exif()
        exif[0x9286] = SECRET  # the comment that a camera writes
        buffer = BytesIO()
        Image.new("RGB", (2000, 1000), "red").save(buffer, "JPEG", exif=exif)
        cls.photo, cls.paper = cls.env["ir.attachment"].create(
            [
                {"name": "hole.jpg", "datas": base64.b64encode(buffer.getvalue())},
                {"name": "paper.txt", "raw": SECRET.encode(), "mimetype": "text/plain"},
            ]
        )
        cls.hole.sudo().photo_ids = [Command.set((cls.photo | cls.paper).ids)]

    def show(self, photo, request=None):
        return self.get(f"requests/{(request or self.hole).number}/photos/{photo.id}")

    def test_photos_are_shown_with_consent_only(self):
        self.assertEqual(self.show(self.photo).status_code, 404)
        self.hole.publish_text = True
        answer = self.show(self.photo)
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "image/jpeg"))
        images = self.read(self.get(f"requests/{self.hole.number}")).xpath("//main//img/@src")
        self.assertEqual(images, [self.path(f"requests/{self.hole.number}/photos/{self.photo.id}")])
        self.hole.restricted = True
        self.assertEqual(self.show(self.photo).status_code, 404)

    def test_what_the_camera_wrote_stays_here(self):
        self.hole.publish_text = True
        content = self.show(self.photo).content
        self.assertNotIn(SECRET.encode(), content)
        self.assertFalse(Image.open(BytesIO(content)).getexif())

    def test_nothing_but_the_pictures_of_the_request(self):
        self.hole.publish_text = True
        other = self.make_request(publish_text=True)
        logo = self.env["ir.attachment"].create({"name": "x.png", "datas": self.photo.datas})
        self.assertEqual(self.show(self.paper).status_code, 404)
        self.assertEqual(self.show(logo).status_code, 404)
        self.assertEqual(self.show(self.photo, other).status_code, 404)
        self.assertEqual(self.get(f"requests/{self.hole.number}/photos/{'9' * 5000}").status_code, 404)

    def test_broken_pictures_are_not_found(self):
        broken = self.env["ir.attachment"].create({"name": "x.png", "raw": b"no picture", "mimetype": "image/png"})
        broken.mimetype = "image/png"
        self.hole.sudo().write({"publish_text": True, "photo_ids": [Command.set(broken.ids)]})
        self.assertEqual(self.show(broken).status_code, 404)
