from contextlib import closing
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, HttpCase, get_db_name, tagged

from odoo.addons.web.tests import test_js

from .common import CityMixin, ContactCenterCase, clause


class DeskCase(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.env["contact.center.desk"].with_user(cls.operator).with_context(allowed_company_ids=cls.city.ids)
        cls.article = cls.env["contact.center.article"].create(
            {
                "name": "When the town hall is open",
                "language": "en",
                "summary": "From Monday to Friday, 8 to 17.",
                "documents": "Passport",
                "category_ids": cls.opening_hours.ids,
                "state": "published",
            }
        )

    def values(self, **values):
        """Return what an operator enters: the resident reports a lamp, in a conversation of its own."""
        self.token = getattr(self, "token", 0) + 1
        return {
            "token": f"token-{self.token}",
            "partner_id": self.resident.id,
            "phone": "+380501234567",
            "words": "the lamp is off",
            "category_id": self.lamp.id,
            "street_id": self.street.id,
            "house": "12",
            **values,
        }


class TestDeskLookup(DeskCase):
    def test_number_in_any_spelling(self):
        for spelling in ("+380501234567", "050 123-45-67", "0501234567", "oksana@example.com", "Оксана", "Ткач"):
            with self.subTest(spelling):
                caller = self.desk.lookup_caller(spelling)
                self.assertEqual([applicant["name"] for applicant in caller["applicants"]], ["Оксана Ткач"])

    def test_number_of_a_request(self):
        request = self.make_request()
        self.assertEqual(self.desk.lookup_caller(request.number.lower())["applicants"][0]["id"], self.resident.id)

    def test_open_requests_and_contacts(self):
        open_request = self.make_request()
        finished = self.make_request()
        finished._transition("done", result="Patched", informed_by="phone")
        joined = self.make_request(partner_id=False)
        joined.join(self.resident)
        caller = self.desk.lookup_caller("0501234567")
        self.assertEqual(
            {request["number"] for request in caller["open_requests"]}, {open_request.number, joined.number}
        )
        self.assertEqual([request["number"] for request in caller["contacts"]], [finished.number])

    def test_restricted_requests_stay_hidden(self):
        secret = self.make_request(user=self.restricted_officer, category_id=self.corruption.id)
        numbers = [request["number"] for request in self.desk.lookup_caller("0501234567")["open_requests"]]
        self.assertNotIn(secret.number, numbers)

    @clause("KR-5.7")
    def test_blocked_number_is_announced(self):
        memo = self.desk.env["contact.center.blocked.number"].refuse_call("0671112233", "threats", "Threatened")
        memo.with_user(self.head).action_approve()
        memo.with_user(self.technical_admin).block("2999-12-31")
        blocked = self.desk.lookup_caller("067 111 22 33")["blocked"]
        self.assertEqual(blocked["reason"], "Threats")
        self.assertIn("2999", blocked["until"])

    def test_who_may_not_read_applicants_finds_nobody(self):
        desk = self.desk.with_user(self.employee)
        with self.assertRaises(AccessError):
            desk.lookup_caller("0501234567")

    def test_street_by_former_name_and_prefix(self):
        for words, former in (("Леніна", "Леніна"), ("поштов", "Поштова"), ("соб", False), ("вул. Соборна", False)):
            with self.subTest(words):
                [street] = self.desk.suggest_streets(words)
                self.assertEqual((street["id"], street["former"]), (self.street.id, former))

    def test_renamed_street_is_found_at_once(self):
        self.street.name = "Шевченка"
        self.assertEqual([street["id"] for street in self.desk.suggest_streets("шевченко")], self.street.ids)

    def test_district_follows_the_house(self):
        place = {"street_id": self.street.id, "house": "150"}
        self.assertEqual(self.desk.nearby(False, place)["district"], self.other_district.name)

    def test_suggestions_of_words_and_of_the_chosen_node(self):
        suggested = self.desk.suggest("pothole")
        self.assertEqual(suggested["categories"][0]["id"], self.pothole.id)
        chosen = self.desk.suggest("when", self.opening_hours.id)
        self.assertEqual(chosen["categories"], [])
        self.assertEqual([article["id"] for article in chosen["articles"]], self.article.ids)
        labels = [section["label"] for section in self.desk.read_article(self.article.id)]
        self.assertEqual(labels, ["Summary", "Documents needed"])

    def test_nearby_tells_age_distance_and_joined(self):
        request = self.make_request(
            category_id=self.lamp.id, street_id=self.street.id, latitude=47.9, longitude=33.4, description="Dark"
        )
        request.join(self.env["res.partner"].create({"name": "Neighbour", "company_id": self.city.id}))
        [found] = self.desk.nearby(self.lamp.id, {"latitude": 47.9005, "longitude": 33.4})["requests"]
        self.assertEqual((found["id"], found["age"], found["joined"], found["photo"]), (request.id, 0, 1, False))
        self.assertAlmostEqual(found["metres"], 56, delta=1)


class TestDeskEndings(DeskCase):
    def get_request(self, result):
        return self.env["contact.center.request"].browse(result["request_id"])

    @clause("KP-3.2")
    def test_register(self):
        result = self.desk.register(self.values(description="Lamp No. 5", house="150", request_class="complaint"))
        request = self.get_request(result)
        self.assertEqual(result["number"], request.number)
        self.assertEqual(request.partner_id, self.resident)
        self.assertEqual(request.create_uid, self.operator)
        self.assertEqual((request.description, request.request_class), ("Lamp No. 5", "complaint"))
        self.assertEqual(request.district_id, self.other_district)
        self.assertIn(request.number, result["speech"][0])

    def test_registered_twice_is_registered_once(self):
        values = self.values()
        first = self.desk.register(values)
        self.assertEqual(self.desk.register(values), first)
        self.assertEqual(self.env["contact.center.request"].search_count([("partner_id", "=", self.resident.id)]), 1)

    def test_new_applicant_is_made_once(self):
        values = {"partner_id": False, "name": "Іван Гук", "phone": "067 111 22 33", "kind": "displaced"}
        requests = [self.get_request(self.desk.register(self.values(**values))) for _attempt in range(2)]
        partner = requests[0].partner_id
        self.assertEqual(requests[1].partner_id, partner)
        self.assertEqual(
            (partner.name, partner.phone, partner.applicant_kind), ("Іван Гук", "+380671112233", "displaced")
        )

    def test_anonymous_leaves_no_trace_of_the_caller(self):
        request = self.get_request(self.desk.register(self.values(anonymous=True)))
        self.assertFalse(request.partner_id or request.phone or request.email)

    def test_what_is_missing_is_named(self):
        empty = {"token": "empty"}
        self.assertEqual(set(self.desk.register(empty)["errors"]), {"caller", "words", "category"})
        self.assertEqual(set(self.desk.answer(empty)["errors"]), {"category", "answer"})
        self.assertEqual(set(self.desk.join(0, empty)["errors"]), {"caller"})
        self.assertEqual(set(self.desk.refuse(empty)["errors"]), {"caller", "reason", "said"})
        self.assertEqual(set(self.desk.register(self.values(street_id=False))["errors"]), {"place"})
        self.assertEqual(
            set(self.desk.register(self.values(street_id=False, street_text="Nowhere"))["errors"]), {"place"}
        )
        self.assertEqual(set(self.desk.register(self.values(phone="12"))["errors"]), {"caller"})
        self.assertEqual(set(self.desk.register(self.values(partner_id=False))["errors"]), {"caller"})
        self.assertFalse(self.env["contact.center.desk.receipt"].search([]))

    def test_refused_by_the_model_leaves_nothing(self):
        values = self.values(latitude=200.0)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.desk.register(values)
        self.assertTrue(self.desk.register(dict(values, latitude=47.9))["number"])

    def test_join(self):
        request = self.make_request(partner_id=False)
        result = self.desk.join(request.id, self.values())
        self.assertEqual(result["number"], request.number)
        self.assertEqual(request.participant_ids.partner_id, self.resident)

    @clause("KP-3.2", "MA-2.2.5")
    def test_consultation_from_an_article(self):
        values = self.values(partner_id=False, category_id=self.opening_hours.id, street_id=False, words="when open")
        [article] = self.desk.suggest("when open", self.opening_hours.id)["articles"]
        result = self.desk.answer(dict(values, search_id=article["search_id"]), self.article.id)
        request = self.get_request(result)
        self.assertEqual((request.state, request.request_class), ("done", "consultation"))
        self.assertEqual((request.article_id, request.result), (self.article, self.article.summary))
        self.assertFalse(request.partner_id, "nobody becomes an applicant only because the phone rang")
        search = self.env["contact.center.knowledge.search"].browse(article["search_id"])
        self.assertEqual(search.helped, "yes")

    @clause("KR-5.7")
    def test_refuse_writes_one_memo(self):
        values = self.values(reason="insults", said="Shouted")
        self.desk.refuse(values)
        self.desk.refuse(values)
        memo = self.env["contact.center.blocked.number"].search([])
        self.assertEqual((len(memo), memo.number, memo.statement), (1, "+380501234567", "Shouted"))

    def test_extra_answers(self):
        self.lamp.question_definition = [{"name": "pole", "type": "integer", "string": "Number of the pole"}]
        self.assertEqual(self.desk.get_category(self.lamp.id)["questions"][0]["string"], "Number of the pole")
        request = self.get_request(self.desk.register(self.values(answers={"pole": 17})))
        self.assertEqual(request.answers["pole"], 17)

    def test_call_knows_what_came_of_it(self):
        call = self.env["contact.center.call"].create({"number": "+380501234567", "user_id": self.operator.id})
        result = self.desk.register(self.values(call_id=call.id))
        self.assertEqual(call.request_id.number, result["number"])
        self.assertEqual(call.partner_id, self.resident)


@tagged("post_install", "-at_install")
class TestReceipt(BaseCase):
    def test_of_two_clicks_at_once_one_ends_the_call(self):
        token = str(uuid4())
        registry = Registry(get_db_name())

        def take(cr):
            return api.Environment(cr, SUPERUSER_ID, {})["contact.center.desk.receipt"]._take(token)

        with (
            closing(registry.cursor()) as first,
            closing(registry.cursor()) as second,
            closing(registry.cursor()) as again,
        ):
            second.execute("SELECT 1 FROM contact_center_desk_receipt")  # it sees nothing that is committed from now on
            take(first).result = {"number": "CC-1"}
            first.flush()
            first.commit()
            with self.assertRaises(ConcurrencyError):
                take(second)
            second.rollback()
            # The server runs a call that failed so once more.
            receipt = take(again)
            self.assertEqual(receipt.result, {"number": "CC-1"})
            receipt.unlink()
            again.commit()


@tagged("post_install", "-at_install")
class TestMapView(ContactCenterCase):
    def make_view(self, arch):
        return self.env["ir.ui.view"].create({"name": "map", "model": "contact.center.request", "arch": arch})

    def test_fields_of_the_map_go_to_the_browser(self):
        views = self.env["contact.center.request"].get_views([(False, "leaflet_map")])
        fields = views["models"]["contact.center.request"]["fields"]
        self.assertLessEqual({"latitude", "longitude", "state", "category_id", "address"}, fields.keys())

    def test_wrong_maps_are_refused(self):
        for arch in (
            '<leaflet_map latitude="latitude"/>',
            '<leaflet_map latitude="latitude" longitude="nowhere"/>',
            '<leaflet_map latitude="latitude" longitude="longitude" colour="state" zoom="3"/>',
            '<leaflet_map latitude="latitude" longitude="longitude"><group/></leaflet_map>',
            '<leaflet_map latitude="latitude" longitude="longitude"><marker value="new"/></leaflet_map>',
        ):
            with self.subTest(arch), self.assertRaises(ValidationError):
                self.make_view(arch)


@tagged("post_install", "-at_install")
class TestDeskInBrowser(CityMixin, HttpCase):
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

    @clause("KP-3.2", "MA-2.2.5", "KR-5.7")
    def test_four_endings_of_a_call(self):
        self.start_tour("/odoo/desk", "contact_center_operator_desk", login=self.operator.login)
        joined, consultation = self.env["contact.center.request"].search(
            [("company_id", "=", self.city.id)], order="id"
        )
        self.assertEqual((joined.partner_id, joined.district_id), (self.resident, self.district))
        self.assertEqual(joined.participant_ids.partner_id.name, "Іван Гук")
        self.assertEqual((consultation.state, consultation.request_class), ("done", "consultation"))
        self.assertEqual(consultation.result, "From Monday to Friday, 8 to 17.")
        memo = self.env["contact.center.blocked.number"].search([("company_id", "=", self.city.id)])
        self.assertEqual((memo.number, memo.reason), ("+380679998877", "insults"))


@tagged("post_install", "-at_install")
class TestBrowserUnits(HttpCase):
    """Runs the unit tests of this addon's browser code."""

    def test_units(self):
        suite = test_js.HOOTCommon._generate_hash(self, "@contact_center_base")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
