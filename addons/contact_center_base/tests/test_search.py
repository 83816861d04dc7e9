from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ..models import contact_center_lookup_mixin
from .common import ContactCenterCase, clause


@tagged("post_install", "-at_install")
class TestSearch(ContactCenterCase):
    """One search box finds a request by whatever is known of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lake_street, cls.polish_street = cls.env["contact.center.street"].create(
            [{"name": "Озерна", "kind": "вулиця"}, {"name": "Łazarz", "kind": "ulica"}]
        )
        cls.on_soborna = cls.make_request(
            street_id=cls.street.id, house="12а", description="Глибока яма біля під'їзду", phone="050 123 45 67"
        )
        cls.on_lake_street = cls.make_request(
            street_id=cls.lake_street.id, description="Не горять ліхтарі", partner_id=False
        )
        cls.in_poland = cls.make_request(
            street_id=cls.polish_street.id, description="Dziura w jezdni", partner_id=False
        )

    def find(self, typed, user=None):
        requests = self.env["contact.center.request"].with_user(user or self.operator)
        return requests.search([("anything", "ilike", typed)])

    def assertFinds(self, typed, request):
        self.assertEqual(self.find(typed), request, typed)

    @clause("RO-2.1")
    def test_number_in_pieces(self):
        number = self.on_soborna.number
        prefix, year, serial = number.split("-")
        for typed in (number, number.lower(), f"{prefix} {serial}", f"{year}-{serial}", serial, serial.lstrip("0")):
            self.assertFinds(typed, self.on_soborna)

    def test_number_of_another_year(self):
        _prefix, year, serial = self.on_soborna.number.split("-")
        self.assertFalse(self.find(f"{int(year) - 1}-{serial}"))

    def test_phone_in_any_spelling(self):
        for typed in ("+380501234567", "0501234567", "050 123-45-67", "(050) 123 45 67", "38 050 1234567"):
            self.assertIn(self.on_soborna, self.find(typed), typed)
            self.assertNotIn(self.on_lake_street, self.find(typed), typed)

    def test_other_phone_of_the_applicant(self):
        self.resident.other_phone_ids.create({"partner_id": self.resident.id, "number": "056 400 11 22"})
        self.assertFinds("+38 056 4001122", self.on_soborna)

    def test_joined_applicant(self):
        neighbour = self.env["res.partner"].create(
            {"name": "Зіновій Чуб", "phone": "+380671112233", "applicant_kind": "resident", "company_id": self.city.id}
        )
        self.on_lake_street.with_user(self.operator).join(neighbour)
        self.assertFinds("067 111 22 33", self.on_lake_street)
        self.assertFinds("чуб зіновій", self.on_lake_street)

    def test_applicant(self):
        self.assertFinds("ткач оксана", self.on_soborna)

    def test_street_by_its_former_names(self):
        for typed in ("Соборна", "Леніна", "поштова 12а", "вул. Леніна", "ул. Соборная 12а"):
            self.assertFinds(typed, self.on_soborna)

    def test_street_renamed_later(self):
        self.lake_street.write({"name": "Тиха", "former_names": "Озерна"})
        self.assertFinds("тиха", self.on_lake_street)
        self.assertFinds("озерна", self.on_lake_street)

    def test_without_letter_marks(self):
        self.assertFinds("Озёрна", self.on_lake_street)
        self.assertFinds("озерна", self.on_lake_street)
        self.assertFinds("Lazarz", self.in_poland)
        self.assertFinds("ŁAZARZ", self.in_poland)

    def test_words_in_other_forms(self):
        for typed in ("ліхтар", "ліхтаря", "лихтари", "ліхт"):
            self.assertFinds(typed, self.on_lake_street)

    def test_words_from_several_places(self):
        self.assertFinds("яма Соборна Ткач", self.on_soborna)
        self.assertFalse(self.find("яма Озерна"))

    def test_more_answers_than_are_handed_on_one_by_one(self):
        self.make_request(description="Ще одна яма")
        self.patch(contact_center_lookup_mixin, "FEW", 1)
        self.assertEqual(len(self.find("яма")), 2)

    def test_nothing_typed_that_means_something(self):
        self.assertFalse(self.find("!!!"))
        self.assertFalse(self.find("' | & :*"))

    def test_restricted_is_not_found(self):
        secret = self.make_request(
            user=self.restricted_officer, category_id=self.corruption.id, description="Вимагають хабар"
        )
        self.assertFalse(self.find("хабар"))
        self.assertFalse(self.find(secret.number))
        self.assertEqual(self.find("хабар", self.restricted_officer), secret)

    def test_new_for_too_long_counts_working_days(self):
        requests = self.env["contact.center.request"].with_user(self.supervisor)
        with freeze_time(datetime(2026, 3, 6, 10)):  # a Friday
            friday = self.make_request()
        too_long = [("is_new_too_long", "=", True), ("id", "=", friday.id)]
        with freeze_time(datetime(2026, 3, 9, 12)):  # the Monday after
            self.assertFalse(requests.search(too_long))
            self.assertFalse(friday.is_new_too_long)
        friday.invalidate_recordset(["is_new_too_long"])
        with freeze_time(datetime(2026, 3, 10, 12)):
            self.assertEqual(requests.search(too_long), friday)
            self.assertTrue(friday.is_new_too_long)
            friday.with_user(self.operator).action_take()
            self.assertFalse(requests.search(too_long))

    def test_clock_groups_agree_with_the_requests(self):
        with freeze_time(datetime(2026, 3, 2, 8)):
            late, due_today, waiting = (self.make_request() for _number in range(3))
        with freeze_time(datetime(2026, 3, 2, 9)):
            waiting.with_user(self.operator).ask_applicant("Де саме?", "phone")
        with freeze_time(datetime(2026, 3, 4, 8)):
            fresh = self.make_request()
        requests = late | due_today | waiting | fresh
        for moment in (datetime(2026, 3, 4, 9), datetime(2026, 3, 5, 9), datetime(2026, 3, 12, 9)):
            with freeze_time(moment):
                requests.invalidate_recordset(["clock_stage"])
                groups = dict(requests._read_group([("id", "in", requests.ids)], ["clock_stage"], ["id:recordset"]))
                self.assertEqual(groups, dict(requests.grouped("clock_stage")), moment)
                for stage, members in groups.items():
                    self.assertEqual(
                        requests.search([("id", "in", requests.ids), ("clock_stage", "=", stage)]), members.sorted()
                    )
