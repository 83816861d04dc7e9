"""No method that can be called from outside tells an executor of others' work or changes it."""

import json
from types import SimpleNamespace
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import tagged

from odoo.addons.bus.models.bus import channel_with_db, json_dump

from .isolation import ASSIGNMENT, FOREIGN_ID, MARK, PREFIX, absurd_arguments, leaks, plausible_arguments
from .test_isolation import IsolationCase

#: What the web client shows as a message: Odoo words the violation of a constraint by itself.
WORDED = (UserError, IntegrityError)
#: A client that sends a list for a text gets Python's own error.
SENSELESS = (*WORDED, AttributeError, TypeError, ValueError)


@tagged("post_install", "-at_install")
class TestIsolationMethods(IsolationCase):
    def test_records_change_by_methods_only(self):
        for user in self.lookers:
            for model in self.our_models():
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(model.with_user(user).has_access(operation), f"{user.login} {operation} {model}")

    def test_nobody_joins_the_talk_of_others(self):
        for user in self.lookers:
            for name, ids in self.foreign.items():
                if not name.startswith(PREFIX):
                    continue
                values = {"model": name, "res_id": ids[0], "body": "Hello", "message_type": "comment"}
                answer = self.ask(user, "mail.message", "create", values)
                self.assertIsInstance(answer, AccessError, f"{user.login} writes to {name}")
                file = {"res_model": name, "res_id": ids[0], "name": "file.txt", "raw": "Hello"}
                answer = self.ask(user, "ir.attachment", "create", file)
                self.assertIsInstance(answer, AccessError, f"{user.login} uploads to {name}")

    def test_methods_refuse_what_is_of_others(self):
        problems = []
        for user in (self.roads_head, self.lost):
            for model, name, method in self.each_method():
                for record_id in self.foreign.get(model, [FOREIGN_ID])[:2]:
                    for optional in (False, True):
                        arguments = plausible_arguments(method, optional)
                        problems += self.try_method(user, model, name, method, [record_id], arguments)
        self.assertFalse(problems, "\n".join(problems))

    def test_methods_take_nonsense_calmly(self):
        """Values of wrong kinds for own records tell nothing and don't reach the database."""
        problems = []
        for model, name, method in self.each_method():
            own = self.own_ids.get(model, ())[:1]
            if own or getattr(method, "_api_model", False):
                for arguments in absurd_arguments(method):
                    problems += self.try_method(self.roads_head, model, name, method, own, arguments, own=True)
        self.assertFalse(problems, "\n".join(problems))

    def try_method(self, user, model, name, method, ids, arguments, own=False):
        """Call a method; yield what is wrong when it tells or changes something, or fails without a message."""
        positional = () if getattr(method, "_api_model", False) else (ids,)
        answer, changed = self.call(user, model, name, *positional, **arguments)
        told = f"{user.login}: {model}.{name}{positional}{arguments}: {answer!r:.300}"
        if leaks(str(answer) if isinstance(answer, Exception) else answer):
            yield f"tells: {told}"
        elif isinstance(answer, Exception) and not isinstance(answer, SENSELESS if own else WORDED):
            yield f"fails: {told}"
        elif changed and positional and not own:
            yield f"changes: {told}"

    def each_method(self):
        """Yield every method of this addon that can be called remotely, on each model that has it."""
        for model_name, model in sorted(self.env.items()):
            for name in dir(type(model)):
                if name.startswith("_") or hasattr(BaseModel, name):
                    continue
                defined = getattr(type(model), name, None)
                if not getattr(defined, "__module__", "").startswith("odoo.addons.contact_center_executor"):
                    continue
                try:
                    yield model_name, name, get_public_method(model, name)
                except (AccessError, AttributeError):
                    continue

    def test_messages_of_the_portal_are_written_by_methods_only(self):
        """By Odoo's own method one could write to anybody in the name of the city."""
        for name, ids in self.own_ids.items():
            if "message_ids" in self.env[name]:
                answer, _changed = self.call(
                    self.roads_head, name, "message_post", ids[:1], body="Pay here", partner_ids=self.resident.ids
                )
                self.assertIsInstance(answer, AccessError, name)

    def test_what_the_centre_keeps_for_itself_becomes_no_evidence(self):
        hidden = self.attach(self.own_below, name=f"{MARK}.pdf", raw=b"%PDF-1.4 " + MARK.encode())
        values = {"change": "other", "reason": "Look"}
        for file_id in (hidden.id, *self.foreign["ir.attachment"][:3]):
            answer = self.ask(
                self.below_operator,
                ASSIGNMENT,
                "petition",
                self.own_below.ids,
                "executor",
                values,
                attachment_ids=[file_id],
            )
            self.assertIsInstance(answer, AccessError)

    def test_defaults_of_a_client_do_not_get_into_what_the_system_writes(self):
        """Odoo forgets them where a method goes on in sudo mode; nobody else creates these records."""
        forged = {"default_date": "2020-01-01", "default_decision": "Granted", "default_decided_at": "2020-01-01"}
        own = self.own_below.with_user(self.below_operator).with_context(**forged)
        before = self.own_below.request_id.event_ids
        own.petition("executor", {"change": "other", "reason": "It is theirs"})
        petition = self.own_below.petition_ids.sorted("id")[-1:]
        self.assertEqual((petition.state, petition.decision, petition.decided_at), ("submitted", False, False))
        self.assertGreater((self.own_below.request_id.event_ids - before).date.year, 2020)

    def test_whoever_it_was_taken_from_does_not_see_the_applicant_any_more(self):
        self.own_below.request_id.show_contact = True
        self.assertTrue(self.own_below.with_user(self.below_operator).applicant_name)
        self.own_below.request_id.assign(self.light, reason="It is theirs", role="lead")
        self.assertEqual(self.own_below.state, "withdrawn")
        answer = self.ask(
            self.below_operator, ASSIGNMENT, "read", self.own_below.ids, ["applicant_name", "applicant_phone"]
        )
        self.assertFalse(answer[0]["applicant_name"])

    def test_what_is_told_live_reaches_own_people_only(self):
        """A browser listens to channels of the user's own and to those that it names: none is of others."""
        self.env.cr.precommit.run()
        last = self.env["bus.bus"].search([], order="id desc", limit=1).id
        foreign = self.env[ASSIGNMENT].browse(self.foreign[ASSIGNMENT][0])
        foreign.with_user(self.light_operator).comment("On our way")
        foreign.with_user(self.operator).comment("Good")
        self.env.cr.precommit.run()
        told = {tuple(json.loads(row.channel)) for row in self.env["bus.bus"].search([("id", ">", last)])}
        self.assertIn((self.cr.dbname, "res.partner", self.light_head.partner_id.id), told)
        named = [channel[1] for channel in told if len(channel) == 2]
        self.assertFalse(told & self.listen(self.roads_head, named))
        self.assertTrue(told & self.listen(self.light_head, named))

    def listen(self, user, named):
        """Return the channels to which the browser of a user may listen, those that it names included."""
        session = SimpleNamespace(session=SimpleNamespace(uid=user.id))
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", session):
            channels = self.env["ir.websocket"].with_user(user)._build_bus_channel_list(list(named))
        return {tuple(json.loads(json_dump(channel_with_db(self.cr.dbname, channel)))) for channel in channels}
