from odoo import fields

from .common import ContactCenterCase


class TestPublicPart(ContactCenterCase):
    def read(self, request):
        return request.with_user(self.env.ref("base.public_user"))._read_public()

    def test_ordinary_requests_are_public(self):
        request = self.make_request()
        [row] = self.read(request)
        self.assertEqual(row["number"], request.number)

    def test_what_is_between_city_and_applicant_is_not(self):
        personal = self.make_category("PERS", "Staff of the city", public=False)
        for values in (
            {"category_id": personal.id},
            {"category_id": self.corruption.id},
            {"request_class": "appeal"},
            {"request_class": "complaint"},
            {"request_class": "public_information"},
            {"restricted": True},
            {"category_id": False},
        ):
            request = self.make_request(self.restricted_officer, **values)
            self.assertFalse(request.is_public, values)
            self.assertFalse(self.read(request), values)

    def test_becoming_restricted_takes_it_away(self):
        request = self.make_request()
        request.restricted = True
        self.assertFalse(self.read(request))

    def test_closing_a_topic_to_the_public_takes_its_requests_away(self):
        request = self.make_request()
        self.pothole.public = False
        self.assertFalse(self.read(request))

    def test_nothing_tells_the_applicant(self):
        request = self.make_request(
            street_id=self.street.id,
            house="5",
            flat="77b",
            place_note="third floor, ask for Oksana",
            latitude=47.9105123,
            longitude=33.3918456,
            email="oksana@example.com",
        )
        [row] = self.read(request)
        shown = " ".join(str(value) for value in row.values())
        for secret in ("Оксана", "oksana", "380501234567", "77b", "floor", "47.91051", "A hole in the road"):
            self.assertNotIn(secret, shown.replace(request.number, ""))
        self.assertEqual((row["latitude"], row["longitude"]), (47.9105, 33.3918))

    def test_words_are_shown_with_consent(self):
        [row] = self.read(self.make_request(publish_text=True))
        self.assertEqual(row["text"], "A hole in the road")

    def test_last_change_is_that_of_the_history(self):
        request = self.make_request()
        self.assertEqual(request.changed_at, request.event_ids[-1].date)
        with self.freeze_shift(request, hours=2):
            request.with_user(self.operator).action_take()
            self.assertEqual(request.changed_at, fields.Datetime.now())

    def test_city_sees_its_own(self):
        Request = self.env["contact.center.request"]
        self.make_request()
        other = self.env["res.company"].create({"name": "Inshe"})
        self.assertFalse(Request.search(Request._get_public_domain(other)))
        self.assertTrue(Request.search(Request._get_public_domain(self.city)))
