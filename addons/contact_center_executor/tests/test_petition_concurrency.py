"""What two people do at once about petitions."""

from contextlib import closing

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .concurrency import ConcurrencyCase


class TestTwoDecideAtOnce(ConcurrencyCase):
    def set_up_city(self, env):
        env["contact.center.deadline.rule"].create({"name": "Ten days", "amount": 10, "default_for_class": "request"})
        request = env["contact.center.request"].create([{"description": "x"}])
        assignment = request.assign(self.make_executor(env))
        self.assignment_id = assignment.id
        self.petition_id = assignment.petition("executor", {"reason": "Not ours", "change": "other"}).id

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
