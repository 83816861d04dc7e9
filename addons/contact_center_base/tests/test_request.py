from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from ..const import CHANNELS, REQUEST_CLASSES
from .common import ContactCenterCase, clause


class TestRegistration(ContactCenterCase):
    def test_number_column_clock_and_history_are_given(self):
        request = self.make_request()
        year = self.city._to_local(request.registered_at).year
        self.assertRegex(request.number, rf"^CC-{year}-\d{{6}}$")
        self.assertEqual(request.state, "new")
        self.assertEqual(request.deadline_rule_id, self.rule)
        self.assertGreater(request.deadline, request.registered_at)
        self.assertEqual(request.event_ids.mapped("kind"), ["registered"])

    def test_numbers_go_up_and_start_anew_each_year(self):
        Request = self.env["contact.center.request"]
        values = {"category_id": self.pothole.id, "description": "x"}
        first, second = Request.create([values, values])
        self.assertEqual(int(second.number[-6:]), int(first.number[-6:]) + 1)
        # 23:30 UTC on 31 December is already the new year in the city.
        old = Request._create_registered(
            [dict(values, registered_at="2018-12-31 12:00:00"), dict(values, registered_at="2018-12-31 23:30:00")]
        )
        self.assertEqual(old.mapped("number"), ["CC-2018-000001", "CC-2019-000001"])

    def test_what_the_system_gives_nobody_enters(self):
        for values in ({"number": "CC-1"}, {"state": "done"}, {"registered_at": "2020-01-01 00:00:00"}):
            with self.assertRaises(UserError):
                self.make_request(**values)
        request = self.make_request()
        for values in ({"number": "CC-1"}, {"registered_at": "2020-01-01 00:00:00"}, {"finished_at": False}):
            with self.assertRaises(UserError):
                request.write(values)

    def test_every_channel_is_one_register(self):
        for channel, _label in CHANNELS:
            self.assertEqual(self.make_request(channel=channel).channel, channel)

    def test_the_node_proposes_class_priority_and_executor(self):
        self.lamp.priority = "2"
        request = self.make_request(category_id=self.lamp.id, street_id=self.street.id)
        self.assertEqual((request.request_class, request.priority, request.owner_id), ("request", "2", self.works))
        complaint = self.make_request(category_id=self.lamp.id, street_id=self.street.id, request_class="complaint")
        self.assertEqual(complaint.request_class, "complaint")

    @clause("RO-1.4")
    def test_each_class_has_its_own_clock_and_the_law_is_above_the_node(self):
        day = self.make_rule("One day", amount=1, unit="working_days")
        month = self.make_rule("One month", amount=1, unit="months", default_for_class="appeal")
        self.pothole.deadline_rule_id = day
        self.assertEqual(self.make_request().deadline_rule_id, day)
        appeal = self.make_request(request_class="appeal")
        self.assertEqual(appeal.deadline_rule_id, month)
        self.assertEqual(
            {code for code, _label in REQUEST_CLASSES} - {"request"},
            {
                "consultation",
                "complaint",
                "proposal",
                "appeal",
                "public_information",
            },
        )

    def test_a_node_without_a_term_takes_the_one_above(self):
        day = self.make_rule("One day", amount=1, unit="working_days")
        child = self.make_category("HOLE-BIG", "Very big pothole", parent_id=self.pothole.id)
        self.pothole.deadline_rule_id = day
        self.assertEqual(self.make_request(category_id=child.id).deadline_rule_id, day)

    def test_demands_of_the_node(self):
        with self.assertRaisesRegex(ValidationError, "needs a place"):
            self.make_request(category_id=self.lamp.id)
        for place in ({"street_id": self.street.id}, {"latitude": 47.9, "longitude": 33.4}, {"place_note": "bus stop"}):
            self.make_request(category_id=self.lamp.id, **place)
        self.pothole.photo_required = True
        self.make_request(channel="phone")
        with self.assertRaisesRegex(ValidationError, "needs a photo"):
            self.make_request(channel="web")

    def test_a_place_off_the_earth_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no place on Earth"):
            self.make_request(latitude=91.0, longitude=10.0)

    def test_photos_follow_the_access_of_the_request(self):
        photo = self.env["ir.attachment"].with_user(self.operator).create({"name": "hole.png", "raw": b"png"})
        request = self.make_request(photo_ids=photo.ids)
        self.assertEqual((photo.res_model, photo.res_id), (request._name, request.id))

    def test_phone_is_kept_in_e164(self):
        self.assertEqual(self.make_request(phone="050 123-45-67").phone, "+380501234567")
        self.assertEqual(self.make_request(phone="1520").phone, "1520")

    def test_form_of_an_operator(self):
        form = Form(self.env["contact.center.request"].with_user(self.operator))
        form.category_id = self.pothole
        form.description = "A hole"
        form.partner_id = self.resident
        request = form.save()
        self.assertEqual(request.inform_by, "phone")


class TestConsultation(ContactCenterCase):
    @clause("KP-3.2", "MA-2.2.5")
    def test_in_one_step_and_without_an_executor(self):
        request = (
            self.env["contact.center.request"]
            .with_user(self.operator)
            .register_consultation(
                {"category_id": self.opening_hours.id, "result": "Open until 17:00.", "partner_id": self.resident.id}
            )
        )
        self.assertEqual((request.state, request.request_class), ("done", "consultation"))
        self.assertEqual(request.informed_by, "phone")
        self.assertFalse(request.owner_id)
        counted = self.env["contact.center.request.report"].search([("request_class", "=", "consultation")])
        self.assertIn(request.id, counted.ids)


class TestApplicants(ContactCenterCase):
    def test_one_number_in_any_spelling_is_one_applicant(self):
        Partner = self.env["res.partner"].with_user(self.operator)
        for spelling in ("+380501234567", "050 123 45 67", "(050) 123-45-67", "380501234567", "00380501234567"):
            self.assertEqual(Partner._find_applicants(phone=spelling), self.resident, spelling)
        self.assertEqual(Partner._find_applicants(email=" Oksana@Example.com"), self.resident)
        self.assertFalse(Partner._find_applicants(phone="nonsense"))

    def test_other_phones_count_too(self):
        self.resident.with_user(self.operator).other_phone_ids = [(0, 0, {"number": "0567 12 34 56".replace(" ", "")})]
        self.assertEqual(self.resident.other_phone_ids.number, "+380567123456")
        self.assertEqual(self.env["res.partner"]._find_applicants(phone="+38 056 712 34 56"), self.resident)
        with self.assertRaisesRegex(UserError, "is no phone number"):
            self.resident.other_phone_ids = [(0, 0, {"number": "abc"})]

    def test_found_or_created(self):
        Partner = self.env["res.partner"].with_user(self.operator)
        self.assertEqual(Partner._find_or_create_applicant({"phone": "0501234567"}), self.resident)
        self.assertEqual(
            Partner._find_or_create_applicant({"phone": "0501234567", "name": "оксана ткач"}), self.resident
        )
        # Somebody else of the same household uses the same phone.
        other = Partner._find_or_create_applicant({"phone": "0501234567", "name": "Петро Ткач"})
        self.assertNotEqual(other, self.resident)
        self.assertEqual((other.phone, other.company_id), ("+380501234567", self.city))


class TestPlaces(ContactCenterCase):
    def test_a_street_is_found_by_its_former_names(self):
        Street = self.env["contact.center.street"].with_user(self.operator)
        for words in ("Собор", "вулиця Соборна", "Леніна", "пошто"):
            self.assertIn(self.street.id, dict(Street.name_search(words)), words)
        self.assertIn("Леніна", self.street.display_name)

    def test_the_house_decides_on_the_district(self):
        request = self.make_request(street_id=self.street.id, house="12a")
        self.assertEqual(request.district_id, self.district)
        request.house = "150/2"
        self.assertEqual(request.district_id, self.other_district)
        request.district_id = self.district
        self.assertEqual(request.district_id, self.district)

    def test_segments_tell_odd_from_even(self):
        segment = self.street.segment_ids
        segment.parity = "odd"
        self.assertEqual(self.street._get_district("101"), self.other_district)
        self.assertEqual(self.street._get_district("102"), self.district)
        with self.assertRaises(ValidationError):
            segment.number_to = 1
