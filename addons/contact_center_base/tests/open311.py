"""Calls of Open311 and what their answers have to be like; tests of the interface build on it."""

import json

import jsonschema_rs
from lxml import etree

from odoo.tests import HttpCase, tagged
from odoo.tools import file_open, file_path

from .common import CityMixin
from .pages import CODE

ROOT = "/open311/v2"
OPENAPI = "contact_center_base/static/open311/openapi.json"
#: Root of an answer -> what it is in the description of the interface, and whether a list of them.
SHAPES = {
    "discovery": ("Discovery", False),
    "services": ("Service", True),
    "service_definition": ("ServiceDefinition", False),
    "requests": ("Request", True),
    "receipts": ("Receipt", True),
    "tokens": ("Token", True),
    "errors": ("Error", True),
}


@tagged("post_install", "-at_install")
class Open311Case(CityMixin, HttpCase):
    """The test city behind Open311, with a key that reads and reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Calls are counted by a cursor of its own, which a test doesn't open inside one that only reads.
        cls.set_registry_readonly_mode(False)
        cls.build_city()
        # Whatever other cities a database has, one alone is public here.
        cls.env["res.company"].search([]).contact_center_code = False
        cls.city.contact_center_code = CODE
        cls.record = cls.env["contact.center.api.key"].create(
            {"name": "City app", "can_report": True, "read_limit": 100000, "report_limit": 10000}
        )
        cls.key = cls.record._make()
        with file_open(OPENAPI) as file:
            cls.openapi = json.load(file)
        cls.relaxng = etree.RelaxNG(etree.parse(file_path("contact_center_base/tests/data/open311.rng")))

    def call(self, path, key=None, **params):
        """Return the answer to a call that reads; by the key unless another one (or an empty one) is given."""
        self.env.flush_all()
        headers = {"X-API-Key": self.key if key is None else key}
        return self.url_open(f"{ROOT}/{path}", params=params, headers=headers)

    def report(self, path="requests.json", **params):
        """Return the answer to the report of a pothole; ``_`` in names of parameters stays, ``None`` leaves one out."""
        values = {"api_key": self.key, "service_code": "HOLE", "lat": "47.91", "long": "33.39", **params}
        self.env.flush_all()
        return self.url_open(f"{ROOT}/{path}", data={name: text for name, text in values.items() if text is not None})

    def read(self, answer, shape, status=200):
        """Check an answer against the description of the interface and return what it says in JSON, or its tree."""
        self.assertEqual(answer.status_code, status, answer.text[:500])
        kind = answer.headers["Content-Type"]
        if kind.startswith("text/xml"):
            self.assertEqual(kind, "text/xml; charset=utf-8")
            tree = etree.fromstring(answer.content)
            self.assertTrue(self.relaxng.validate(tree), self.relaxng.error_log)
            return tree
        self.assertEqual(kind, "application/json; charset=utf-8")
        content = answer.json()
        jsonschema_rs.validate(self.get_schema(shape), content, validate_formats=True)
        return content

    def get_schema(self, shape):
        """Return a JSON schema; OpenAPI 3.0 says ``nullable`` where JSON Schema has a type of its own."""
        name, many = SHAPES[shape]
        text = json.dumps(self.openapi["components"]).replace("#/components/", "#/")
        components = self.tell_null(json.loads(text))
        shape = {"$ref": f"#/schemas/{name}"}
        return {**components, **({"type": "array", "items": shape} if many else shape)}

    def tell_null(self, schema):
        if isinstance(schema, list):
            return [self.tell_null(part) for part in schema]
        if not isinstance(schema, dict):
            return schema
        schema = {name: self.tell_null(part) for name, part in schema.items()}
        if schema.pop("nullable", False) is True:
            schema["type"] = [schema["type"], "null"]
        return schema

    def read_error(self, answer, status, words=""):
        """Check that a call was refused, in the format asked for."""
        content = self.read(answer, "errors", status)
        [code, text] = (
            [content[0]["code"], content[0]["description"]]
            if isinstance(content, list)
            else [int(content.findtext("error/code")), content.findtext("error/description")]
        )
        self.assertEqual(code, status)
        self.assertIn(words, text)
        self.assertNotIn("Traceback", text)
