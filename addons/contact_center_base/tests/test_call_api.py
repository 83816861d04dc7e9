"""The calls API over HTTP, and with two connections at once."""

import json
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import ConcurrencyError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import CityMixin, clause

URL = "/contact_center/calls"


@tagged("post_install", "-at_install")
class TestCallApi(CityMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
        cls.pbx = cls.make_user("pbx", "group_pbx")
        cls.operator.contact_center_extension = "201"
        cls.key = cls.make_key(cls.pbx)

    @classmethod
    def make_key(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "exchange", fields.Datetime.now() + timedelta(days=1))

    def post(self, payload, key=None, **headers):
        data = payload if isinstance(payload, (str, bytes)) else json.dumps(payload)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key or self.key}", **headers}
        return self.url_open(URL, data=data, headers=headers)

    def ring(self, **values):
        return {"event": "ring", "call_id": "http-1", "number": "0501234567", "extension": "201", **values}

    @clause("PO-6.4")
    def test_a_ring_is_logged(self):
        response = self.post(self.ring())
        self.assertEqual(response.status_code, 200)
        self.assertEqual(
            response.json(), {"call_id": "http-1", "outcome": "ringing", "extension": "201", "blocked_until": None}
        )
        call = self.env["contact.center.call"].search([("pbx_call_id", "=", "http-1")])
        self.assertEqual((call.company_id, call.user_id, call.number), (self.city, self.operator, "+380501234567"))

    @mute_logger("odoo.http")
    def test_what_the_exchange_did_wrong_is_told(self):
        for payload, status, words in (
            ({"event": "ring"}, 422, "call_id"),
            (self.ring(event="dance"), 422, "dance"),
            (self.ring(number="abc"), 422, "abc"),
            (self.ring(at="2026-03-02T10:00:00"), 422, "offset"),
            ({"event": "answer", "call_id": "never-rung"}, 404, "Send its ring first"),
        ):
            response = self.post(payload)
            self.assertEqual(response.status_code, status, payload)
            self.assertIn(words, response.json()["message"])
            self.assertEqual(list(response.json()), ["message"])

    @mute_logger("odoo.http")
    def test_what_is_no_json_object(self):
        for body in ("{", "[1, 2]", '"ring"', "null", b"\xff\xfe"):
            response = self.post(body)
            self.assertEqual(response.status_code, 400, body)
            self.assertEqual(list(response.json()), ["message"])
        response = self.post("event=ring", **{"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(response.status_code, 415)
        self.assertIn("application/json", response.json()["message"])

    def test_unknown_fields_are_passed_over(self):
        response = self.post({**self.ring(), "self": 1, "payload": {"event": "hangup"}})
        self.assertEqual((response.status_code, response.json()["outcome"]), (200, "ringing"))

    @mute_logger("odoo.http")
    def test_wrong_key(self):
        response = self.post(self.ring(), key="0" * 40)
        self.assertEqual(response.status_code, 401)
        self.assertEqual(list(response.json()), ["message"], "no trace for strangers")
        response = self.url_open(URL, data="{}", headers={"Content-Type": "application/json"})
        self.assertEqual(response.status_code, 401)

    @mute_logger("odoo.http")
    def test_a_key_without_the_right(self):
        response = self.post(self.ring(), key=self.make_key(self.operator))
        self.assertEqual(response.status_code, 403)
        self.assertIn("may not report calls", response.json()["message"])
        self.assertFalse(self.env["contact.center.call"].search([("pbx_call_id", "=", "http-1")]))


@tagged("post_install", "-at_install")
class TestParallelDelivery(BaseCase):
    """Two events of one call at once, on two connections that commit."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.city_id = env["res.company"].create({"name": f"Two Events {uuid4()}"}).id
            self.user_id = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": "Exchange",
                        "login": f"two_events_{self.city_id}",
                        "company_id": self.city_id,
                        "company_ids": [Command.set([self.city_id])],
                        "group_ids": [Command.link(env.ref("contact_center_base.group_pbx").id)],
                    }
                )
                .id
            )
        self.addCleanup(self.forget_city)

    def forget_city(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM contact_center_call WHERE company_id = %s", [self.city_id])
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.users"].browse(self.user_id).unlink()
            env["res.company"].browse(self.city_id).active = False

    def report(self, cr, event, seconds):
        return api.Environment(cr, self.user_id, {})["contact.center.call"]._register_event(
            {"event": event, "call_id": "p-1", "number": "+380501234567", "at": f"2026-03-02T08:00:{seconds:02}Z"}
        )

    @clause("PO-6.4")
    def test_two_events_of_a_new_call_make_one_call(self):
        with closing(self.registry.cursor()) as late:
            late.execute("SELECT 1")  # the snapshot begins here
            with closing(self.registry.cursor()) as first:
                self.report(first, "ring", 0)
                first.commit()
            with self.assertRaises(ConcurrencyError):
                self.report(late, "answer", 9)
        # Odoo runs a request that failed so once more.
        with closing(self.registry.cursor()) as again:
            self.report(again, "answer", 9)
            again.commit()
            again.execute("SELECT outcome, wait_seconds FROM contact_center_call WHERE company_id = %s", [self.city_id])
            self.assertEqual(again.fetchall(), [("talking", 9)])
