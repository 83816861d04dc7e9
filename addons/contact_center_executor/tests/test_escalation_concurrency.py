"""Two workers run the job at once: two real connections, committed for real and cleaned up after."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.contact_center_base.models.queue import work_off


@tagged("post_install", "-at_install")
class TestTwoWorkers(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.city_id = None
        with self.connection() as env:
            self.city_id = env["res.company"].create({"name": f"Two Workers {uuid4()}"}).id
        self.addCleanup(self.forget_city)
        with self.connection() as env:
            partner = env["res.partner"].create({"name": "City Light", "is_company": True, "company_id": self.city_id})
            executor = env["contact.center.executor"].create({"partner_id": partner.id})
            # An emergency: the hour at which the test runs makes no difference.
            request = env["contact.center.request"].create([{"description": "x", "priority": "3"}])
            assignment = request.assign(executor)
            assignment.accept_by = fields.Datetime.now() - timedelta(minutes=1)
            self.assignment_id = assignment.id

    @contextmanager
    def connection(self):
        """Yield an environment on a connection of its own; what is done is committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.city_id]} if self.city_id else {})

    def forget_city(self):
        with self.connection() as env:
            env["contact.center.assignment"].browse(self.assignment_id).activity_ids.unlink()
            env.cr.execute("ALTER TABLE contact_center_request_event DISABLE TRIGGER USER")
            for table in ("request_event", "clock_interval", "assignment", "request", "executor"):
                env.cr.execute(f"DELETE FROM contact_center_{table} WHERE company_id = %s", [self.city_id])
            env.cr.execute("ALTER TABLE contact_center_request_event ENABLE TRIGGER USER")
            env["res.company"].browse(self.city_id).active = False

    def work_off(self, env):
        """Do the job's step with the assignment as a worker does."""
        assignment = env["contact.center.assignment"].browse(self.assignment_id)
        due = Domain("next_escalation_at", "<=", fields.Datetime.now())
        work_off(assignment, due, type(assignment)._escalate)

    def test_people_are_told_once(self):
        with self.connection() as first:
            assignment = first["contact.center.assignment"].browse(self.assignment_id)
            assignment.lock_for_update(allow_referencing=True)
            assignment._escalate()
            first.flush_all()
            with self.connection() as second:
                self.work_off(second)
        with self.connection() as third:
            self.work_off(third)
        with self.connection() as env:
            escalations = env["contact.center.assignment"].browse(self.assignment_id).escalation_ids
            self.assertEqual(escalations.mapped("step"), ["unaccepted"])
