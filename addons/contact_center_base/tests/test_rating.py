"""Ratings by applicants and their wishes to have a matter done again (KR-10.1)."""

from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..models.contact_center_rating import PHOTO_LIMIT, TEXT_LIMIT
from .common import ContactCenterCase, clause

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x00\x00\x01\x01\x00\x05\x18\xd8N\x00\x00\x00\x00IEND\xaeB`\x82"
)
GOOD = {"value": 5, "solved": True, "comment": "Thank you", "missing": ""}
BAD = {"value": 1, "solved": False, "comment": "", "missing": "The hole is back"}


class RatingCase(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.city.contact_center_alert_user_id = cls.supervisor
        cls.request = cls.make_request(owner_id=cls.works.id)
        cls.finish(cls.request)

    @classmethod
    def finish(cls, request):
        """Bring a request to its end: done."""
        request._transition("done", result="The hole is filled", informed_by="phone")

    def rate(self, said=None, request=None, person=None, photos=()):
        """Rate a request, by default that of the test, as its applicant does."""
        request = (request or self.request).sudo()
        return request._rate(request.partner_id if person is None else person, {**GOOD, **(said or {})}, photos)

    def decide(self, rating, user=None):
        return rating.with_user(user or self.supervisor)

    def kinds(self):
        return self.request.event_ids.mapped("kind")


class TestRating(RatingCase):
    def test_applicant_rates_what_is_done(self):
        rating = self.rate()
        self.assertEqual((rating.value, rating.solved, rating.comment), (5, True, "Thank you"))
        self.assertEqual((rating.round, rating.return_state), (1, "none"))
        self.assertEqual((rating.owner_id, rating.category_id), (self.works, self.pothole))
        self.assertEqual(self.request.rating, 5)
        event = self.request.event_ids[-1]
        self.assertEqual((event.kind, event.role), ("rated", "applicant"))
        self.assertIn("Thank you", event.comment)

    def test_only_the_applicant_rates(self):
        request = self.make_request()
        neighbour = self.env["res.partner"].create({"name": "Neighbour", "company_id": self.city.id})
        request.join(neighbour)
        self.finish(request)
        for stranger in (neighbour, self.works, self.env["res.partner"]):
            self.assertFalse(request.sudo()._can_rate(stranger))
            self.assertEqual(request.sudo()._read_rating_for_applicant(stranger), {})
            with self.assertRaisesRegex(UserError, "Only the person who brought"):
                self.rate(request=request, person=stranger)

    def test_holder_of_the_link_rates_an_anonymous_request(self):
        request = self.make_request(partner_id=False)
        self.finish(request)
        self.assertEqual(self.rate(request=request).value, 5)

    def test_nothing_else_than_done_is_rated(self):
        request = self.make_request()
        with self.assertRaisesRegex(UserError, "as soon as it is done"):
            self.rate(request=request)
        values = {"closing_reason": "withdrawn", "result": "Mended it myself", "informed_by": "portal"}
        request.sudo()._as_applicant()._transition("closed", **values)
        with self.assertRaisesRegex(UserError, "as soon as it is done"):
            self.rate(request=request)

    def test_only_within_the_days_of_the_city(self):
        self.city.contact_center_rating_days = 3
        with freeze_time(self.request.finished_at + timedelta(days=2, hours=23)):
            self.assertTrue(self.rate())
        with (
            freeze_time(self.request.finished_at + timedelta(days=3, seconds=1)),
            self.assertRaisesRegex(UserError, "time for rating this request is over"),
        ):
            self.rate({"value": 1})
        self.assertEqual(self.request.rating, 5)

    def test_changed_it_stays_one_rating(self):
        first = self.rate(BAD)
        second = self.rate({"value": 4})
        self.assertEqual(first, second)
        self.assertEqual((self.request.rating, len(self.request.applicant_rating_ids)), (4, 1))

    def test_the_same_once_more_changes_nothing(self):
        self.rate(BAD)
        before = len(self.request.event_ids)
        self.rate(BAD)
        self.assertEqual(len(self.request.event_ids), before)
        self.assertEqual(len(self.request.activity_ids), 1)

    @mute_logger("odoo.sql_db")
    def test_the_database_takes_one_rating_for_each_round(self):
        rating = self.rate()
        values = {"request_id": self.request.id, "round": 1, "value": 2, "rated_at": fields.Datetime.now()}
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            rating.create([values])
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            rating.create([{**values, "round": 2, "value": 6}])

    def test_what_is_wrong_is_named_at_its_field(self):
        Rating = self.env["contact.center.rating"]
        for said, field in (
            ({"value": False}, "value"),
            ({"value": 6}, "value"),
            ({"solved": None}, "solved"),
            ({"solved": False}, "missing"),
            ({"comment": "x" * (TEXT_LIMIT + 1)}, "comment"),
        ):
            self.assertEqual(set(Rating._find_problems({**GOOD, **said}, [])), {field}, said)
            with self.assertRaises(UserError):
                self.rate(said)
        self.assertFalse(self.request.applicant_rating_ids)

    def test_photos_are_pictures_and_few(self):
        for photos, words in (
            ([("virus.png", b"MZ\x90\x00" + b"\0" * 100)], "aren't taken"),
            ([("notes.txt", b"plain words")], "isn't a picture"),
            ([("hole.png", PNG)] * (PHOTO_LIMIT + 1), "too many"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.rate(BAD, photos=photos)
        self.assertFalse(self.request.applicant_rating_ids)

    def test_new_photos_take_the_place_of_former_ones(self):
        rating = self.rate(BAD, photos=[("hole.png", PNG), ("street.png", PNG)])
        self.assertEqual(set(rating.photo_ids.mapped("name")), {"hole.png", "street.png"})
        self.rate({**BAD, "value": 2})
        self.assertEqual(len(rating.photo_ids), 2)
        self.rate(BAD, photos=[("new.png", PNG)])
        self.assertEqual(rating.photo_ids.name, "new.png")
        self.rate(GOOD)
        self.assertFalse(rating.photo_ids)


class TestReturn(RatingCase):
    @clause("KR-10.1")
    def test_not_solved_asks_for_rework_and_staff_agree(self):
        rating = self.rate(BAD)
        self.assertEqual((rating.return_state, self.request.state), ("asked", "done"))
        self.assertEqual(self.request.with_user(self.supervisor).open_return_id, rating)
        self.decide(rating).agree_return("Ask the other crew")
        self.assertEqual((rating.return_state, self.request.state), ("agreed", "rework"))
        self.assertEqual(rating.decided_by_id, self.supervisor)
        moved = self.request.event_ids.filtered(lambda event: event.state_to == "rework")
        self.assertEqual(moved.comment, "The hole is back\nAsk the other crew")
        self.assertEqual(moved.user_id, self.supervisor)
        self.assertIn("return_decided", self.kinds())

    def test_refused_with_a_reason_that_the_applicant_reads(self):
        rating = self.rate(BAD)
        with self.assertRaisesRegex(UserError, "Write why"):
            self.decide(rating).refuse_return(" ")
        self.decide(rating).refuse_return("It is another hole")
        self.assertEqual((rating.return_state, self.request.state), ("refused", "done"))
        given = self.request.sudo()._read_rating_for_applicant(self.resident)["given"]
        self.assertEqual((given["return_state"], given["decision"]), ("refused", "It is another hole"))

    def test_decided_once_and_the_rating_stays(self):
        rating = self.rate(BAD)
        self.decide(rating).refuse_return("It is another hole")
        with self.assertRaisesRegex(UserError, "no wish to decide on"):
            self.decide(rating, self.head).agree_return()
        with self.assertRaisesRegex(UserError, "The centre has decided"):
            self.rate(GOOD)

    def test_supervisors_decide(self):
        rating = self.rate(BAD)
        self.assertFalse(self.decide(rating, self.operator).may_decide)
        self.assertTrue(self.decide(rating).may_decide)
        for user in (self.operator, self.control_body, self.analyst):
            with self.assertRaises(AccessError):
                self.decide(rating, user).agree_return()
            with self.assertRaises(AccessError):
                self.decide(rating, user).refuse_return("No")
        self.assertEqual(rating.return_state, "asked")

    def test_supervisor_gets_an_activity_until_it_is_decided(self):
        rating = self.rate(BAD)
        self.assertEqual(self.request.activity_ids.user_id, self.supervisor)
        self.assertIn("The hole is back", self.request.activity_ids.note)
        self.decide(rating, self.head).refuse_return("It is another hole")
        # What is left is to tell the applicant, who wants to be called.
        self.assertEqual(self.request.activity_ids.user_id, self.head)
        self.assertIn("It is another hole", self.request.activity_ids.note)

    def test_applicant_takes_the_wish_back(self):
        rating = self.rate(BAD)
        self.rate(GOOD)
        self.assertEqual((rating.return_state, rating.missing), ("none", False))
        self.assertFalse(self.request.activity_ids)
        with self.assertRaisesRegex(UserError, "no wish to decide on"):
            self.decide(rating).agree_return()

    def test_returned_by_staff_the_wish_is_fulfilled(self):
        rating = self.rate(BAD)
        self.request.with_user(self.operator)._transition("rework", comment="He called, too")
        self.assertEqual((rating.return_state, rating.decided_by_id), ("agreed", self.operator))
        self.assertFalse(self.request.activity_ids)

    def test_done_again_it_is_rated_again(self):
        first = self.rate(BAD)
        self.decide(first).agree_return()
        with self.assertRaisesRegex(UserError, "as soon as it is done"):
            self.rate(GOOD)
        self.finish(self.request)
        second = self.rate({"value": 4})
        self.assertEqual((first.round, second.round), (1, 2))
        self.assertEqual((first.value, second.value, self.request.rating), (1, 4, 4))
        told = self.request.sudo()._read_rating_for_applicant(self.resident)
        self.assertEqual(told["given"]["value"], 4)
        self.assertEqual([former["value"] for former in told["former"]], [1])

    def test_linked_request_goes_on_by_itself(self):
        main = self.make_request()
        linked = self.make_request()
        linked.link_to(main)
        self.finish(main)
        self.assertEqual(linked.state, "done")
        self.decide(self.rate(BAD, request=linked)).agree_return()
        self.assertEqual((linked.state, main.state), ("rework", "done"))
        self.assertFalse(linked.main_request_id)

    def test_back_at_work_it_can_be_overdue(self):
        self.decide(self.rate(BAD)).agree_return()
        self.assertFalse(self.request.finished_at)
        with self.freeze_shift(self.request, days=60):
            overdue = self.env["contact.center.request"].search([("is_overdue", "=", True)])
            self.assertIn(self.request, overdue)

    def test_dialog_decides(self):
        rating = self.rate(BAD)
        Decide = self.env["contact.center.rating.decide"].with_user(self.supervisor)
        Decide.create([{"rating_id": rating.id, "decision": "refused", "reason": "Not ours"}]).action_apply()
        self.assertEqual((rating.return_state, rating.decision), ("refused", "Not ours"))


class TestRatingAccess(RatingCase):
    def test_nobody_writes_ratings(self):
        rating = self.rate()
        for user in (self.operator, self.supervisor, self.head):
            with self.assertRaises(AccessError):
                rating.with_user(user).value = 1
        with self.assertRaises(UserError):
            self.request.with_user(self.head).rating = 5

    def test_ratings_of_restricted_requests_are_for_the_named_persons(self):
        request = self.make_request(category_id=self.corruption.id, user=self.restricted_officer)
        request.with_user(self.restricted_officer)._transition("done", result="Heard", informed_by="phone")
        rating = self.rate(BAD, request=request)
        for user in (self.operator, self.supervisor, self.head, self.control_body):
            with self.assertRaises(AccessError, msg=user.login):
                rating.with_user(user).read(["missing"])
        self.assertEqual(rating.with_user(self.restricted_officer).missing, "The hole is back")
        self.assertFalse(request.activity_ids, "who gets the alerts may not read it")
        told = request.sudo()._read_rating_for_applicant(self.resident)
        self.assertEqual((told["topic"], told["result"]), ("", ""))
        self.env.flush_all()
        report = self.env["contact.center.request.report"].with_user(self.analyst).browse(request.id)
        self.assertFalse(report.rating)

    def test_analysts_read_the_figures(self):
        self.rate({"value": 4})
        self.finish(other := self.make_request())
        self.rate({"value": 1}, request=other)
        self.env.flush_all()
        Report = self.env["contact.center.request.report"].with_user(self.analyst)
        domain = [("id", "in", (self.request + other + self.make_request()).ids)]
        self.assertEqual(Report._read_group(domain, [], ["rating:avg", "rated:sum"]), [(2.5, 2)])
