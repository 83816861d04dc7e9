"""Open311 under calls that a machine thinks up from the description of the interface."""

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from odoo.tools import mute_logger

from .open311 import ROOT, Open311Case

#: Part of every text that nobody may learn here.
MARK = "zq7secret"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Calls of each kind; the same ones in each run.
CALLS = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class TestOpen311Fuzz(Open311Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {
            "description": f"{MARK} words",
            "flat": MARK,
            "place_note": MARK,
            "email": f"{MARK}@example.com",
            "partner_id": cls.env["res.partner"].create({"name": MARK, "company_id": cls.city.id}).id,
        }
        cls.make_request(street_id=cls.street.id, house="5", **values)
        cls.make_request(cls.restricted_officer, restricted=True, publish_text=True, **values)
        cls.make_request(cls.restricted_officer, category_id=cls.corruption.id, house=MARK, **values)
        cls.corruption.name = MARK
        cls.schema = schemathesis.openapi.from_dict(cls.openapi)

    def test_answers_keep_to_the_description_and_tell_nothing(self):
        kinds = [found.ok() for found in self.schema.get_all_operations()]
        self.assertEqual(len(kinds), 7)
        for kind in kinds:
            for mode, checks in (
                (schemathesis.GenerationMode.POSITIVE, CHECKS),
                (schemathesis.GenerationMode.NEGATIVE, [not_a_server_error]),
            ):
                with self.subTest(call=kind.label, mode=mode.value):
                    self.send_many(kind.as_strategy(generation_mode=mode), checks)

    def send_many(self, strategy, checks):
        @CALLS
        @given(case=strategy)
        def send(case):
            case.headers["X-API-Key"] = self.key
            answer = case.call(base_url=self.base_url() + ROOT)
            self.assertNotIn(MARK, answer.text)
            case.validate_response(answer, checks=checks)

        self.env.flush_all()
        with self.allow_requests(all_requests=True), mute_logger("odoo.http"):
            send()
