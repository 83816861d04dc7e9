"""What two people do at once with one card of works: two real connections, committed for real and cleaned up after."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install")
class TestTwoCloseAtOnce(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.city_id = None
        with self.connection() as env:
            self.city_id = env["res.company"].create({"name": f"Two Closers {uuid4()}"}).id
        self.addCleanup(self.forget_city)
        now = fields.Datetime.now()
        with self.connection() as env:
            partner = env["res.partner"].create({"name": "City Light", "is_company": True, "company_id": self.city_id})
            executor = env["contact.center.executor"].create({"partner_id": partner.id})
            values = {
                "kind": "emergency",
                "name": "Repair",
                "executor_id": executor.id,
                "start": now - timedelta(hours=1),
                "planned_end": now + timedelta(hours=1),
                "district_ids": [Command.create({"name": "Centre"})],
            }
            self.works_id = env["contact.center.works"].create([values]).id

    @contextmanager
    def connection(self):
        """Yield an environment on a connection of its own; what is done is committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.city_id]} if self.city_id else {})

    def forget_city(self):
        with self.connection() as env:
            for table in ("works", "executor", "district"):
                env.cr.execute(f"DELETE FROM contact_center_{table} WHERE company_id = %s", [self.city_id])
            env["res.company"].browse(self.city_id).active = False

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
