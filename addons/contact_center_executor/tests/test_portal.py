"""The board of an executor, its history, and what is said and shown on assignments."""

import base64
import json
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..const import BOARD_COLUMNS
from ..models.contact_center_assignment_talk import LIVE
from .common import ExecutorCase, clause

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


@freeze_time("2026-01-12 08:00:00")  # a Monday, within working hours
class TestBoard(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Assignment = cls.env["contact.center.assignment"].with_user(cls.light_operator)
        with freeze_time("2026-01-12 08:00:00"):
            cls.parts = {code: cls.make_assignment() for code, _label in BOARD_COLUMNS}
            cls.put_everywhere(cls.parts)

    @classmethod
    def put_everywhere(cls, parts):
        """Bring one assignment into each column."""
        (parts["in_progress"] + parts["proposed"]).with_user(cls.light_operator).action_accept()
        parts["proposed"].with_user(cls.light_operator).propose(cls.result())
        cls.work_through(parts["rework"])
        parts["rework"].with_user(cls.operator).return_for_rework("Still dark")
        parts["plan"].request_id.with_user(cls.control_body)._transition(
            "planned", plan_year=2027, plan_document="Decision 1"
        )
        # A term of three working days : long over, and over today.
        now = fields.Datetime.now()
        for code, age in {"overdue": timedelta(days=9), "due_soon": timedelta(days=4, hours=2)}.items():
            parts[code].request_id.sudo().term_restarted_at = now - age
        cls.env.flush_all()

    def find_columns(self):
        domains = self.Assignment._get_column_domains()
        return {code: self.Assignment.search(domain) for code, domain in domains.items()}

    @clause("KR-8.1.4", "RO-4.1")
    def test_each_open_assignment_stands_in_one_column(self):
        self.assertEqual(self.find_columns(), self.parts)
        for code, assignment in self.parts.items():
            self.assertEqual(assignment.with_user(self.light_operator).board_column, code)
            self.assertEqual(self.Assignment.search([("board_column", "=", code)]), assignment)

    def test_a_finished_one_stands_nowhere(self):
        self.parts["proposed"].with_user(self.operator).agree()
        self.assertFalse(self.parts["proposed"].board_column)
        self.assertEqual(self.Assignment.search([("board_column", "=", False)]), self.parts["proposed"])

    def test_the_numbers_are_those_of_the_rows(self):
        self.make_assignment()
        for filters in ({}, {"state": "new"}, {"search": "lamp"}, {"district_id": self.other_district.id}):
            domain = self.Assignment._get_board_domain(filters)
            rows = self.Assignment._get_columns(domain, "urgency", 100)
            self.assertEqual(self.Assignment._count_columns(domain), {code: len(found) for code, found in rows.items()})
            self.assertEqual(sum(map(len, rows.values())), self.Assignment.search_count(domain), filters)

    def test_the_most_urgent_comes_first(self):
        later = self.make_assignment()
        self.parts["new"].request_id.sudo().term_restarted_at = fields.Datetime.now() - timedelta(hours=3)
        rows = self.Assignment._get_columns(self.Assignment._get_board_domain({}), "urgency", 1)
        self.assertEqual(rows["new"], self.parts["new"])
        rows = self.Assignment._get_columns(self.Assignment._get_board_domain({}), "newest", 5)
        self.assertEqual(rows["new"][:2], later + self.parts["new"])

    def test_filters(self):
        place = {"street_id": self.street.id, "house": "150"}
        hole = self.make_assignment(category_id=self.pothole.id, description="A deep hole at the school", **place)
        hole.with_user(self.light_head).name_responsible(self.light_operator.partner_id.id)
        everything = self.Assignment.search([])
        hole = hole.with_user(self.light_operator)
        today = fields.Date.today()
        for filters, found in (
            ({"category_id": self.pothole.id}, hole),
            ({"district_id": self.other_district.id}, hole),
            ({"request_class": "complaint"}, hole.browse()),
            ({"state": "in_progress", "responsible_id": self.light_operator.partner_id.id}, hole),
            ({"responsible_id": 0}, everything - hole),
            ({"search": "deep hole"}, hole),
            ({"search": hole.number}, hole),
            ({"search": "Соборна 150"}, hole),
            ({"search": "Леніна 150"}, hole),
            ({"search": "Соборна"}, everything),
            ({"search": "100%_"}, hole.browse()),
            ({"date_from": today, "date_to": today}, everything),
            ({"date_to": today - timedelta(days=1)}, hole.browse()),
            ({"date_from": today + timedelta(days=1)}, hole.browse()),
        ):
            domain = self.Assignment._get_board_domain(filters)
            self.assertEqual(self.Assignment.search(domain, order="id"), found.sorted("id"), filters)

    @clause("RO-2.4")
    def test_only_the_own_organisation_is_counted_and_found(self):
        theirs = self.make_assignment(self.roads, category_id=self.pothole.id, description="Their hole")
        Assignment = self.Assignment.with_user(self.roads_operator)
        domain = Assignment._get_board_domain({"search": "hole"})
        self.assertEqual(sum(Assignment._count_columns(domain).values()), 1)
        self.assertEqual(Assignment.search(domain), theirs)
        self.assertFalse(self.Assignment.search(self.Assignment._get_board_domain({"search": "hole"})))

    @clause("RO-4.3a")
    def test_the_head_sees_who_holds_what(self):
        self.parts["overdue"].with_user(self.light_head).name_responsible(self.light_operator.partner_id.id)
        workload = self.Assignment.with_user(self.light_head)._get_workload()
        nobody = self.env["res.partner"]
        self.assertEqual(workload, [(self.light_operator.partner_id, 1, 1), (nobody, len(BOARD_COLUMNS) - 1, 0)])


@freeze_time("2026-01-12 08:00:00")
class TestTalk(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assignment = cls.make_assignment()
        cls.ours = cls.assignment.with_user(cls.light_operator)

    def read_live(self):
        """Return ``{id of a partner: ids of assignments}`` of what was pushed to browsers in this transaction."""
        self.env.cr.precommit.run()
        pushed = {}
        for row in self.env["bus.bus"].search([]):
            message, channel = json.loads(row.message), json.loads(row.channel)
            if message["type"] == LIVE:
                pushed.setdefault(channel[-1], []).extend(message["payload"]["ids"])
        return pushed

    @clause("KR-8.1.3", "KR-8.1.7")
    def test_a_comment_is_kept_with_who_wrote_it(self):
        self.ours.comment("We are on our way.\n<b>now</b>")
        comment = self.ours._get_comments()
        self.assertEqual(comment.author_id, self.light_operator.partner_id)
        self.assertIn("&lt;b&gt;now&lt;/b&gt;", comment.body)
        event = self.assignment.request_id.event_ids[-1]
        self.assertEqual((event.kind, event.user_id, event.executor_id), ("commented", self.light_operator, self.light))

    @clause("KR-8.1.3")
    def test_comments_for_the_applicant_are_told_apart(self):
        to_centre = self.ours.comment("The cable is stolen.")
        to_applicant = self.ours.comment("It works on Monday.", to_applicant=True)
        subtype = self.env.ref("contact_center_executor.mt_to_applicant")
        self.assertEqual((to_centre + to_applicant).filtered(lambda row: row.subtype_id == subtype), to_applicant)

    @clause("MA-5.1")
    def test_the_centre_answers_and_its_notes_stay_its_own(self):
        self.assignment.with_user(self.operator).comment("Take the ladder.")
        chatter = self.assignment.sudo().message_post(
            body="From the chatter", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        note = self.assignment.sudo().message_post(
            body="They are lazy", message_type="comment", subtype_xmlid="mail.mt_note", attachments=[("n.txt", b"note")]
        )
        comments = self.ours._get_comments()
        self.assertEqual(len(comments), 2)
        self.assertIn(chatter, comments)
        self.assertNotIn(note.attachment_ids, self.ours._get_readable_files())

    @clause("KR-8.1.3")
    def test_everybody_concerned_hears_at_once(self):
        self.assignment.message_subscribe(self.operator.partner_id.ids)
        self.read_live()
        self.env["bus.bus"].search([]).unlink()
        self.ours.comment("Now live.")
        pushed = self.read_live()
        concerned = (self.light_operator + self.light_head + self.operator).partner_id
        self.assertEqual(set(pushed), set(concerned.ids))
        self.assertEqual({row for ids in pushed.values() for row in ids}, set(self.assignment.ids))

    def test_who_may_not_comment(self):
        with self.assertRaises(AccessError):
            self.assignment.with_user(self.roads_operator).comment("Not mine")
        with self.assertRaises(AccessError):
            self.assignment.with_user(self.control_body).comment("Only reading")
        for empty in ("", "  \n", None):
            with self.assertRaisesRegex(UserError, "Write what"):
                self.ours.comment(empty)

    @clause("MA-4.1.6")
    def test_files_are_handed_in_once(self):
        files = [("lamp.png", PNG), ("act.txt", b"The lamp was replaced.")]
        first = self.ours._add_files(files)
        self.assertEqual(self.ours._add_files(files), first, "sent again because the answer got lost")
        self.assertEqual(self.ours._get_files(), first)
        self.assertEqual(first.create_uid, self.light_operator)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.ours._add_files([("lamp.png", b"MZ\x90\x00" + b"\0" * 100)])

    def test_files_of_a_comment(self):
        file = self.ours._add_files([("lamp.png", PNG)])
        self.assertEqual(self.ours.comment("", file.ids).attachment_ids, file)
        foreign = self.env["ir.attachment"].create({"name": "secret.txt", "raw": b"secret"})
        with self.assertRaisesRegex(UserError, "Only files that you handed in"):
            self.ours.comment("Look", foreign.ids)

    def test_own_files_can_be_removed_before_closing_is_proposed(self):
        file, said, proposed = self.ours._add_files([(f"{name}.png", PNG + name.encode()) for name in "abc"])
        self.ours.comment("Look", said.ids)
        for forbidden in (said, self.env["ir.attachment"].create({"name": "x", "raw": b"x"})):
            with self.assertRaisesRegex(UserError, "Only own files"):
                self.ours._remove_file(forbidden.id)
        with self.assertRaisesRegex(UserError, "Only own files"):
            self.assignment.with_user(self.light_head)._remove_file(file.id)
        self.ours._remove_file(file.id)
        self.assertFalse(file.exists())
        self.work_through(self.ours)
        with self.assertRaisesRegex(UserError, "Only own files"):
            self.ours._remove_file(proposed.id)


@freeze_time("2026-01-12 08:00:00")
class TestCard(ExecutorCase):
    @clause("KR-8.1.7")
    def test_the_history_tells_own_steps_and_nothing_of_others(self):
        assignment = self.make_assignment()
        request = assignment.request_id
        assignment.with_user(self.light_operator).action_accept()
        other = request.assign(self.roads, role="co", instruction="Dig")
        other.with_user(self.roads_head).name_responsible(self.roads_operator.partner_id.id)
        other.with_user(self.roads_operator).comment("Their comment")
        lines = assignment.with_user(self.light_operator)._get_history()
        self.assertEqual([line["label"] for line in lines], ["Executor's step", "Assigned", "Registered"])
        self.assertEqual(lines[0]["who"], self.light_operator.name)
        told = str(lines)
        for secret in ("City Roads", self.roads_operator.name, "Their comment", self.operator.name, "Default executor"):
            self.assertNotIn(secret, told)

    def test_the_form_of_the_result_is_prefilled(self):
        self.lamp.answer_template = "The lamp works again."
        assignment = self.make_assignment().with_user(self.light_operator)
        result = assignment._prepare_result()
        self.assertEqual(
            (result["result"], result["result_unit"], result["result_person"], result["result_phone"]),
            ("The lamp works again.", "City Light", self.light_operator.name, "+380564000111"),
        )
        self.assertEqual(result["result_date"], fields.Date.to_date("2026-01-12"))
        self.assertFalse(result["informed_by"], "how the applicant was informed is for a person to say")

    def test_links_to_maps(self):
        assignment = self.make_assignment(latitude=47.9, longitude=33.4).with_user(self.light_operator)
        self.assertEqual(assignment._get_map_links()[0], "geo:47.900000,33.400000?q=47.900000,33.400000")
        assignment = self.make_assignment().with_user(self.light_operator)
        app, web = assignment._get_map_links()
        self.assertTrue(app.startswith("geo:0,0?q=%D0"), "an address is searched for")
        self.assertTrue(web.startswith("https://"))
