"""What two people do at once with one card of works."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError

from .concurrency import ConcurrencyCase


class TestTwoCloseAtOnce(ConcurrencyCase):
    def set_up_city(self, env):
        now = fields.Datetime.now()
        values = {
            "kind": "emergency",
            "name": "Repair",
            "executor_id": self.make_executor(env).id,
            "start": now - timedelta(hours=1),
            "planned_end": now + timedelta(hours=1),
            "district_ids": [Command.create({"name": "Centre"})],
        }
        self.works_id = env["contact.center.works"].create([values]).id

    def test_of_two_who_close_one_wins(self):
        with self.connection() as first, self.connection() as second:
            first["contact.center.works"].browse(self.works_id).end()
            first.flush_all()
            with self.assertRaisesRegex(UserError, "A colleague is"):
                second["contact.center.works"].browse(self.works_id).cancel("By mistake")
            second.cr.rollback()
        with self.connection() as env:
            works = env["contact.center.works"].browse(self.works_id)
            self.assertEqual(works.state, "ended")
            with self.assertRaisesRegex(UserError, "closed already"):
                works.cancel("By mistake")
