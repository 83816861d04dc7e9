from odoo.exceptions import UserError

from .common import ContactCenterCase

ANSWER = {"result": "Repaired.", "informed_by": "phone"}


class TestNearby(ContactCenterCase):
    def find(self, latitude=47.9000, longitude=33.4000, **place):
        found = (
            self.env["contact.center.request"]
            .with_user(self.operator)
            ._find_nearby(self.pothole, latitude, longitude, **place)
        )
        return [request for request, _metres in found]

    def test_same_node_within_its_distance_and_days(self):
        near = self.make_request(latitude=47.9010, longitude=33.4000)  # 111 m north
        far = self.make_request(latitude=47.9030, longitude=33.4000)  # 334 m north
        other_node = self.make_request(category_id=self.corruption.id, latitude=47.9, longitude=33.4)
        self.assertEqual(self.find(), [near])
        self.pothole.duplicate_distance = 400
        self.assertEqual(self.find(), [near, far])
        self.assertNotIn(other_node, self.find())
        with self.freeze_shift(near, days=31):
            self.assertEqual(self.find(), [])

    def test_distances_are_metres(self):
        self.make_request(latitude=47.9010, longitude=33.4000)
        [(_request, metres)] = self.env["contact.center.request"]._find_nearby(self.pothole, 47.9, 33.4)
        self.assertAlmostEqual(metres, 111.2, delta=0.5)

    def test_the_address_is_enough(self):
        request = self.make_request(street_id=self.street.id, house="5A")
        self.make_request(street_id=self.street.id, house="6")
        self.assertEqual(self.find(0, 0, street=self.street, house="5a"), [request])

    def test_what_has_ended_or_is_linked_is_not_offered(self):
        main = self.make_request(latitude=47.9, longitude=33.4)
        linked = self.make_request(latitude=47.9, longitude=33.4)
        linked.link_to(main)
        self.assertEqual(self.find(), [main])
        main._transition("done", **ANSWER)
        self.assertEqual(self.find(), [])


class TestJoining(ContactCenterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls.env["res.partner"].create({"name": "Neighbour", "applicant_kind": "resident"})

    def test_join_once(self):
        request = self.make_request()
        request.join(self.neighbour, note="Since Monday")
        request.join(self.neighbour)
        request.join(self.resident)
        self.assertEqual(request.participant_ids.partner_id, self.neighbour)
        self.assertEqual(request.participant_count, 1)
        self.assertEqual(request.event_ids.filtered(lambda event: event.kind == "joined")[0].comment, "Since Monday")

    def test_joined_applicants_wait_for_the_outcome(self):
        request = self.make_request()
        participant = request.join(self.neighbour)
        request._transition("done", **ANSWER)
        self.assertFalse(participant.informed_at)
        participant.action_mark_informed()
        self.assertTrue(participant.informed_at)
        self.assertEqual(request.event_ids[-1].kind, "informed")

    def test_nobody_joins_what_has_ended_nor_anonymously(self):
        request = self.make_request()
        with self.assertRaisesRegex(UserError, "Say who joins"):
            request.join(self.env["res.partner"])
        request._transition("done", **ANSWER)
        with self.assertRaisesRegex(UserError, "register a new request"):
            request.join(self.neighbour)


class TestLinking(ContactCenterCase):
    def test_linked_requests_end_with_the_main_one(self):
        main, first, second = (self.make_request() for _n in range(3))
        second._transition("in_progress")
        (first + second).link_to(main)
        self.assertEqual(main.linked_request_count, 2)
        main._transition("done", **ANSWER)
        for request in first + second:
            self.assertEqual((request.state, request.result), ("done", "Repaired."))
            self.assertEqual(request.event_ids[-1].role, "system")

    def test_undo_until_the_main_one_ends(self):
        main, linked = self.make_request(), self.make_request()
        linked.link_to(main)
        linked.action_unlink_from_main()
        self.assertFalse(linked.main_request_id)
        linked.link_to(main)
        main._transition("closed", closing_reason="withdrawn", **ANSWER)
        self.assertEqual(linked.state, "closed")
        with self.assertRaisesRegex(UserError, "took the linked requests along"):
            linked.action_unlink_from_main()

    def test_links_stay_one_level_deep(self):
        top, middle, bottom = (self.make_request() for _n in range(3))
        bottom.link_to(middle)
        middle.link_to(top)
        self.assertEqual(bottom.main_request_id, top)
        late = self.make_request()
        late.link_to(bottom)
        self.assertEqual(late.main_request_id, top)

    def test_nonsense_is_refused(self):
        main, ended = self.make_request(), self.make_request()
        with self.assertRaisesRegex(UserError, "to itself"):
            main.link_to(main)
        ended._transition("done", **ANSWER)
        with self.assertRaisesRegex(UserError, "only open requests"):
            ended.link_to(main)
        with self.assertRaisesRegex(UserError, "has ended"):
            main.link_to(ended)
