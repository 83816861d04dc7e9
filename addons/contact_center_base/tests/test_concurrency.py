"""What two people do at once: two real database connections, committed for real and cleaned up after."""

from contextlib import closing, contextmanager
from uuid import uuid4

from psycopg2 import errors

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTwoAtOnce(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.connection() as env:
            self.city_id = env["res.company"].create({"name": f"Two Operators {uuid4()}"}).id
        with self.connection() as env:
            self.register(env)  # the year has begun
        self.addCleanup(self.forget_city)

    @contextmanager
    def connection(self):
        """Yield an environment on a connection of its own; what is done is committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(
                cr, SUPERUSER_ID, {"allowed_company_ids": [self.city_id]} if hasattr(self, "city_id") else {}
            )

    def forget_city(self):
        with self.connection() as env:
            env.cr.execute("ALTER TABLE contact_center_request_event DISABLE TRIGGER USER")
            for table in ("notice", "request_event", "question", "clock_interval", "request"):
                env.cr.execute(f"DELETE FROM contact_center_{table} WHERE company_id = %s", [self.city_id])
            env.cr.execute("ALTER TABLE contact_center_request_event ENABLE TRIGGER USER")
            company = env["res.company"].browse(self.city_id)
            company.contact_center_sequence_id.unlink()
            company.active = False

    def register(self, env, **values):
        return env["contact.center.request"].create([{"description": "x", "company_id": self.city_id, **values}])

    def test_never_the_same_number(self):
        with self.connection() as first, self.connection() as second:
            numbers = [self.register(env).number for env in (first, second, first, second)]
        self.assertEqual(len(set(numbers)), 4)

    @mute_logger("odoo.sql_db")
    def test_not_even_in_the_first_moment_of_a_year(self):
        with closing(self.registry.cursor()) as cr:
            second = api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.city_id]})
            self.assertTrue(
                second["res.company"].browse(self.city_id).contact_center_sequence_id.name
            )  # the snapshot begins here
            with self.connection() as first:
                number = (
                    first["contact.center.request"]
                    ._create_registered(
                        [{"description": "x", "company_id": self.city_id, "registered_at": "2031-01-05 10:00:00"}]
                    )
                    .number
                )
            with self.assertRaises(errors.SerializationFailure):
                second["contact.center.request"]._create_registered(
                    [{"description": "x", "company_id": self.city_id, "registered_at": "2031-01-05 10:00:00"}]
                )
        # Odoo runs a call that failed so once more.
        with self.connection() as again:
            other = (
                again["contact.center.request"]
                ._create_registered(
                    [{"description": "x", "company_id": self.city_id, "registered_at": "2031-01-05 10:00:00"}]
                )
                .number
            )
        self.assertEqual((number, other), ("CC-2031-000001", "CC-2031-000002"))

    def rate(self, env, request_id, value):
        """Rate an anonymous request that is done, as whoever holds its link."""
        said = {"value": value, "solved": True, "comment": "", "missing": ""}
        return env["contact.center.request"].browse(request_id)._rate(env["res.partner"], said)

    @mute_logger("odoo.sql_db")
    def test_two_forms_at_once_are_one_rating(self):
        with self.connection() as env:
            request = self.register(env)
            request._transition("done", result="x", informed_by="phone")
        with closing(self.registry.cursor()) as cr:
            second = api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.city_id]})
            self.assertFalse(second["contact.center.request"].browse(request.id).rating)  # the snapshot begins here
            with self.connection() as first:
                rating_id = self.rate(first, request.id, 2).id
            with self.assertRaises(errors.SerializationFailure):
                self.rate(second, request.id, 3)
        # Odoo runs a call that failed so once more.
        with self.connection() as again:
            rating = self.rate(again, request.id, 3)
            self.assertEqual((rating.id, rating.value), (rating_id, 3))

    def prepare_question(self):
        with self.connection() as env:
            request = self.register(env, phone="+380501234567")
            request.ask_applicant("Which entrance?", "phone")
            return request.id

    def test_never_both_resolve_the_same_question(self):
        request_id = self.prepare_question()
        with self.connection() as first, self.connection() as second:
            first["contact.center.request"].browse(request_id).answer_question("The second")
            first.flush_all()
            with self.assertRaisesRegex(UserError, "A colleague is changing this request"):
                second["contact.center.request"].browse(request_id).answer_question("The third")
            second.cr.rollback()
        with self.connection() as env:
            request = env["contact.center.request"].browse(request_id)
            self.assertEqual(request.question_ids.mapped("answer"), ["The second"])
            with self.assertRaisesRegex(UserError, "no open question"):
                request.answer_question("The third")

    def test_of_two_workers_one_sends_a_message(self):
        with self.connection() as env:
            notice = self.register(env, email="oksana@example.com", inform_by="email").notice_ids
            notice.send_at = fields.Datetime.now()
        with self.connection() as first, self.connection() as second:
            held = first["contact.center.notice"].browse(notice.id).try_lock_for_update(allow_referencing=True)
            held._send_due()
            first.flush_all()
            second["contact.center.notice"]._cron_send()
            second.cr.rollback()
        with self.connection() as env:
            mine = env["contact.center.notice"].browse(notice.id)
            domain = [("model", "=", mine.request_id._name), ("res_id", "=", mine.request_id.id)]
            mails = env["mail.mail"].search(domain)
            self.assertEqual(len(mails), 1)
            self.assertEqual(mine.state, "sent")
            mails.unlink()

    @mute_logger("odoo.sql_db")
    def test_a_decision_on_an_old_view_of_the_request_is_run_again(self):
        request_id = self.prepare_question()
        with closing(self.registry.cursor()) as cr:
            late = api.Environment(cr, SUPERUSER_ID, {})
            self.assertEqual(
                late["contact.center.request"].browse(request_id).state, "waiting"
            )  # the snapshot begins here
            with self.connection() as first:
                first["contact.center.request"].browse(request_id).answer_question("The second")
            with self.assertRaises(errors.SerializationFailure):
                late["contact.center.request"].browse(request_id).answer_question("The third")

    def test_of_two_moves_one_wins(self):
        with self.connection() as env:
            request_id = self.register(env).id
        with self.connection() as first, self.connection() as second:
            first["contact.center.request"].browse(request_id)._transition("in_progress")
            first.flush_all()
            with self.assertRaisesRegex(UserError, "A colleague is changing"):
                second["contact.center.request"].browse(request_id)._transition(
                    "closed", closing_reason="withdrawn", result="x", informed_by="phone"
                )
            second.cr.rollback()
        with self.connection() as env:
            events = env["contact.center.request"].browse(request_id).event_ids
            self.assertEqual(events.mapped("state_to"), ["new", "in_progress"])
            self.assertLessEqual(events[-1].date, fields.Datetime.now())
