"""What two people or two workers do at once: real connections, committed for real and cleaned up after."""

from contextlib import contextmanager
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

# Tables whose rows of the city are deleted after a test, those that refer to others first.
TABLES = ("petition", "works", "request_event", "clock_interval", "assignment", "request", "executor", "district")


@tagged("post_install", "-at_install")
class ConcurrencyCase(BaseCase):
    """A city of its own with one executor, on a database that others use too."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.city_id = None
        with self.connection() as env:
            self.city_id = env["res.company"].create({"name": f"Two at Once {uuid4()}"}).id
        self.addCleanup(self.forget_city)
        with self.connection() as env:
            self.set_up_city(env)

    def set_up_city(self, env):
        """Create what the tests of a class work with; it is committed."""
        raise NotImplementedError

    def make_executor(self, env):
        partner = env["res.partner"].create({"name": "City Light", "is_company": True, "company_id": self.city_id})
        return env["contact.center.executor"].create({"partner_id": partner.id})

    @contextmanager
    def connection(self):
        """Yield an environment on a connection of its own; what is done is committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.city_id]} if self.city_id else {})

    def forget_city(self):
        with self.connection() as env:
            env["contact.center.assignment"].search([("company_id", "=", self.city_id)]).activity_ids.unlink()
            env.cr.execute("ALTER TABLE contact_center_request_event DISABLE TRIGGER USER")
            for table in TABLES:
                env.cr.execute(f"DELETE FROM contact_center_{table} WHERE company_id = %s", [self.city_id])
            env.cr.execute("ALTER TABLE contact_center_request_event ENABLE TRIGGER USER")
            env["contact.center.deadline.rule"].search([("company_id", "=", self.city_id)]).unlink()
            env["res.company"].browse(self.city_id).active = False
