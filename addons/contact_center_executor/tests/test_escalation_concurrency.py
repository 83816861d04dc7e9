"""Two workers run the job of escalations at once."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from odoo.addons.contact_center_base.models.queue import work_off

from .concurrency import ConcurrencyCase


class TestTwoWorkers(ConcurrencyCase):
    def set_up_city(self, env):
        # An emergency: the hour at which the test runs makes no difference.
        request = env["contact.center.request"].create([{"description": "x", "priority": "3"}])
        assignment = request.assign(self.make_executor(env))
        assignment.accept_by = fields.Datetime.now() - timedelta(minutes=1)
        self.assignment_id = assignment.id

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
