"""What two people do at once about petitions: two real connections, committed for real and cleaned up after."""

from contextlib import closing, contextmanager
from uuid import uuid4

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTwoDecideAtOnce(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.city_id = None
        with self.connection() as env:
            self.city_id = env["res.company"].create({"name": f"Two Deciders {uuid4()}"}).id
        self.addCleanup(self.forget_city)
        with self.connection() as env:
            env["contact.center.deadline.rule"].create(
                {"name": "Ten days", "amount": 10, "default_for_class": "request"}
            )
            partner = env["res.partner"].create({"name": "City Light", "is_company": True, "company_id": self.city_id})
            executor = env["contact.center.executor"].create({"partner_id": partner.id})
            request = env["contact.center.request"].create([{"description": "x"}])
            assignment = request.assign(executor)
            self.assignment_id = assignment.id
            self.petition_id = assignment.petition("executor", {"reason": "Not ours", "change": "other"}).id

    @contextmanager
    def connection(self):
        """Yield an environment on a connection of its own; what is done is committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.city_id]} if self.city_id else {})

    def forget_city(self):
        with self.connection() as env:
            env.cr.execute("ALTER TABLE contact_center_request_event DISABLE TRIGGER USER")
            for table in ("petition", "request_event", "clock_interval", "assignment", "request", "executor"):
                env.cr.execute(f"DELETE FROM contact_center_{table} WHERE company_id = %s", [self.city_id])
            env.cr.execute("ALTER TABLE contact_center_request_event ENABLE TRIGGER USER")
            env["contact.center.deadline.rule"].search([("company_id", "=", self.city_id)]).unlink()
            env["res.company"].browse(self.city_id).active = False

    def get_petition(self, env):
        return env["contact.center.petition"].browse(self.petition_id)

    def test_of_two_who_decide_one_wins(self):
        with self.connection() as first, self.connection() as second:
            self.get_petition(first).refuse("It is yours")
            first.flush_all()
            with self.assertRaisesRegex(UserError, "A colleague is"):
                self.get_petition(second).withdraw()
            second.cr.rollback()
        with self.connection() as env:
            self.assertEqual(self.get_petition(env).state, "refused")
            with self.assertRaisesRegex(UserError, "is “Refused” already"):
                self.get_petition(env).refuse("No")

    @mute_logger("odoo.sql_db")
    def test_a_decision_on_an_old_view_is_run_again(self):
        with closing(self.registry.cursor()) as cr:
            late = api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.city_id]})
            self.assertEqual(self.get_petition(late).state, "submitted")  # the snapshot begins here
            with self.connection() as first:
                self.get_petition(first).refuse("It is yours")
            with self.assertRaises(errors.SerializationFailure):
                self.get_petition(late).withdraw()

    def test_two_do_not_file_the_same(self):
        with self.connection() as env:
            self.get_petition(env).withdraw()
        values = {"reason": "Not ours", "change": "other"}
        with self.connection() as first, self.connection() as second:
            first["contact.center.assignment"].browse(self.assignment_id).petition("executor", values)
            first.flush_all()
            with self.assertRaisesRegex(UserError, "A colleague is changing"):
                second["contact.center.assignment"].browse(self.assignment_id).petition("executor", values)
            second.cr.rollback()
