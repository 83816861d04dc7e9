from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from .common import ContactCenterCase

HOUR = 3600


class TestRateLimit(ContactCenterCase):
    def setUp(self):
        super().setUp()
        # As in production the counter has a cursor of its own; here it shares the test's transaction.
        shared = self.enter_registry_test_mode()
        shared.__enter__()
        self.addCleanup(shared.__exit__, None, None, None)
        self.limit = self.env["contact.center.rate.limit"]

    def take(self, visitor="192.0.2.1", scope="report", count=3):
        return self.limit._take(scope, visitor, count, HOUR)

    def test_allowance_then_wait_for_its_next_part(self):
        self.assertEqual([self.take() for _ in range(3)], [0, 0, 0])
        self.assertAlmostEqual(self.take(), HOUR / 3, delta=5)

    def test_visitors_and_acts_have_allowances_of_their_own(self):
        for _ in range(3):
            self.take()
        self.assertEqual(self.take(visitor="192.0.2.2"), 0)
        self.assertEqual(self.take(scope="code"), 0)

    def test_refused_attempts_do_not_prolong_the_wait(self):
        for _ in range(3):
            self.take()
        waits = [self.take() for _ in range(5)]
        self.assertLessEqual(waits[-1], waits[0])

    def test_allowance_comes_back_part_by_part(self):
        for _ in range(3):
            self.take()
        self.limit.invalidate_model()
        row = self.limit.search([])
        row.free_at -= timedelta(seconds=HOUR / 3)
        self.env.flush_all()
        self.assertEqual(self.take(), 0)
        self.assertTrue(self.take())

    def test_nobody_is_named(self):
        self.take(visitor="+380501234567")
        self.limit.invalidate_model()
        self.assertNotIn("380501234567", self.limit.search([]).key)

    def test_who_is_free_again_is_forgotten(self):
        self.take()
        self.limit.invalidate_model()
        self.limit.search([]).free_at = fields.Datetime.now() - timedelta(seconds=1)
        self.limit._gc_free()
        self.assertFalse(self.limit.search([]))


@tagged("post_install", "-at_install")
class TestWorkersCountTogether(BaseCase):
    def test_of_many_at_once_only_the_allowance_passes(self):
        registry = Registry(get_db_name())
        visitor = str(uuid4())

        def take(_number):
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                return env["contact.center.rate.limit"]._take("report", visitor, 5, HOUR)

        with ThreadPoolExecutor(8) as workers:
            waits = list(workers.map(take, range(24)))
        self.assertEqual(waits.count(0), 5)
