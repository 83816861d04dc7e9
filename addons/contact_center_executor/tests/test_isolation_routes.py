"""No address of the server tells an executor, or anybody else, of others' work or changes it."""

import re
from threading import current_thread
from unittest.mock import patch

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .isolation import ASSIGNMENT, FOREIGN_ID, PREFIX, IsolationMixin, leaks, plausible_arguments

#: Addresses that lead away from the database or end the session; none of them knows a record.
SKIPPED = re.compile(
    r"/web/(database|session/(logout|destroy|authenticate)|login|signup|reset_password|become|tests|bundle|assets)"
    r"|/websocket$|/jsonrpc|/xmlrpc|/json/2|.*(font_to_img|unsplash|gif|gmail|outlook|generate_text|ice_servers|shape)"
    r"|.*(link_preview|media_library|translate|image_info|video_url)|/report/(barcode|check)|/mail/rtc"
)
#: Larger than any id: databases refuse to compare it with one.
HUGE = 2**70
#: Of the city in addresses.
CODE = "testopil"


@tagged("post_install", "-at_install")
class TestIsolationRoutes(IsolationMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Calls are counted by a cursor of its own, which a test doesn't open inside one that only reads.
        cls.set_registry_readonly_mode(False)
        cls.build_isolation()
        # The routing map is made for the database of the thread's request; here is none.
        cls.startClassPatcher(patch.object(current_thread(), "dbname", cls.env.cr.dbname, create=True))
        cls.rules = cls.collect_rules()
        cls.city.contact_center_code = CODE
        works = cls.env[f"{PREFIX}works"].browse(cls.foreign[f"{PREFIX}works"][0])
        works.number = "W-2026-00077"
        cls.works_number = works.number

    @classmethod
    def collect_rules(cls):
        """Return the routes that take something from whoever calls them, ours whatever they take."""
        rules = {}
        for rule in cls.env["ir.http"].routing_map().iter_rules():
            endpoint = getattr(rule.endpoint, "original_endpoint", rule.endpoint)
            takes = rule.arguments or plausible_arguments(endpoint, optional=True)
            if (takes or cls.is_ours(endpoint)) and not SKIPPED.match(rule.rule):
                rules[rule.rule] = (rule, endpoint)
        return sorted(rules.items())

    @staticmethod
    def is_ours(endpoint):
        return endpoint.__module__.startswith("odoo.addons.contact_center_")

    def test_there_are_routes_to_try(self):
        self.assertTrue(any(self.is_ours(endpoint) for _url, (_rule, endpoint) in self.rules))
        self.assertIn("/web/content/<int:id>", dict(self.rules))

    def test_forms_are_protected_from_other_sites(self):
        for url, (rule, endpoint) in self.rules:
            routing = rule.endpoint.routing
            if self.is_ours(endpoint) and routing["type"] == "http":
                self.assertTrue(routing.get("csrf", True), url)

    def test_the_head_of_another_executor_gets_nothing(self):
        self.try_all(self.roads_head)

    def test_who_works_for_no_executor_gets_nothing(self):
        self.try_all(self.lost)

    def test_visitors_get_nothing(self):
        self.try_all(None)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.sql_db")
    def try_all(self, user):
        """Try each address with everything foreign, by every method it takes."""
        self.authenticate(user and user.login, user and user.login)
        problems = []
        for url, (rule, endpoint) in self.rules:
            arguments = plausible_arguments(endpoint, optional=True)
            given = {name: value for name, value in arguments.items() if name not in rule.arguments}
            for method in self.each_method(rule):
                for address, own in self.each_address(url, user == self.roads_head):
                    problems += self.try_address(user, rule, endpoint, method, address, given, own)
        self.assertFalse(problems, "\n".join(problems))

    def each_method(self, rule):
        if rule.endpoint.routing["type"] == "jsonrpc":
            return ["POST"]
        return sorted((rule.methods or {"GET", "POST"}) & {"GET", "POST"})

    def each_address(self, url, wide):
        """Yield addresses of a route that mean what belongs to others, and whether it does to the one who asks.

        :param bool wide: also for every model and for ids that don't fit into the database.
        """
        if "<string:model>" in url:
            for model in sorted(self.foreign) if wide else ("ir.attachment", ASSIGNMENT):
                texts = [name for name, field in self.env[model]._fields.items() if field.type in ("char", "binary")]
                field = "raw" if model == "ir.attachment" else texts[0]
                yield self.fill(url, self.foreign[model][0], model=model, field=field), False
        elif "<reportname>" in url:
            for report in self.env["ir.actions.report"].search([("model", "=like", f"{PREFIX}%")]):
                yield self.fill(url, FOREIGN_ID, converter="html", reportname=report.report_name), False
        elif url.startswith(("/web/content/<int", "/web/image/<int", "/mail/attachment")):
            for attachment_id in self.foreign["ir.attachment"][: 6 if wide else 2]:
                yield self.fill(url, attachment_id), False
        else:
            yield self.fill(url, FOREIGN_ID), False
            if wide and "<int:" in url:
                yield self.fill(url, HUGE), False
            if "<int:assignment_id>" in url:
                yield self.fill(url, FOREIGN_ID, assignment_id=self.own.id), True

    def fill(self, url, record_id, **names):
        """Return an address of a route: with the named values, the id wherever one is wanted, and else some text."""
        names = {"code": CODE, "number": self.works_number, "width": 16, "height": 16, **names}

        def value(match):
            converter, _colon, name = match[1].rpartition(":")
            if name in names:
                return str(names[name])
            if converter.startswith(("int", "model")) or name.endswith("ids"):
                return str(record_id)
            if converter.startswith("any("):
                return converter[4:-1].split(",")[0].strip()
            return "x"

        return re.sub(r"<([^<>]*)>", value, url)

    def try_address(self, user, rule, endpoint, method, address, given, own):
        """Send one request; yield what is wrong when it tells or changes something of others, or breaks."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint()
        before = self.count_writes()
        response = self.send(rule, method, address, given)
        changed = self.count_writes() != before
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        told = f"{user.login if user else 'nobody'}: {method} {address} {given}: {response.status_code}"
        sent = response.content + str(response.headers).encode()
        if leaks(sent):
            yield f"tells: {told}"
        if self.is_ours(endpoint) and response.status_code >= 500:
            yield f"breaks: {told}"
        # Whoever names something of others beside an own assignment changes nothing either.
        if changed and rule.arguments and (not own or len(rule.arguments) > 1):
            yield f"changes: {told}"

    def send(self, rule, method, address, given):
        if rule.endpoint.routing["type"] == "jsonrpc":
            return self.url_open(address, json=self.build_rpc_payload(given))
        form = {name: value for name, value in given.items() if isinstance(value, (str, int, list))}
        if method == "GET":
            return self.opener.request("GET", self.base_url() + address, params=form, timeout=30, allow_redirects=False)
        form["csrf_token"] = Request.csrf_token(self)
        return self.opener.request("POST", self.base_url() + address, data=form, timeout=30, allow_redirects=False)
