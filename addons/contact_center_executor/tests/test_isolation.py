"""What an executor may not know never reaches it, whatever it asks by RPC."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged

from .common import clause
from .isolation import ASSIGNMENT, FOREIGN_ID, MARK, PART, PREFIX, TEXT_TYPES, IsolationMixin, leaks


class IsolationCase(IsolationMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_isolation()
        # An operator has no right that a head doesn't have.
        cls.lookers = (cls.roads_head, cls.lost, cls.plain, cls.public)

    def ask(self, user, model, method, *args, **kwargs):
        """Call a method and check that its answer gives nothing away; return the answer."""
        answer, _changed = self.call(user, model, method, *args, **kwargs)
        told = f"{user.login}: {model}.{method}{args}{kwargs}"
        text = str(answer) if isinstance(answer, Exception) else answer
        if leaks(text):
            self.fail(f"{told} gives {text!r:.600}")
        return answer

    def readable_models(self, user):
        return [
            model.with_user(user)
            for name, model in sorted(self.env.items())
            if not model._abstract and model.with_user(user).has_access("read")
        ]

    def readable_fields(self, model, kinds=None):
        return [
            name
            for name, field in model._fields.items()
            if model._has_field_access(field, "read") and (kinds is None or field.type in kinds)
        ]


@tagged("post_install", "-at_install")
class TestIsolationReading(IsolationCase):
    def test_the_marks_are_there(self):
        """Without them the other tests would prove nothing."""
        for model in self.our_models():
            if self.belongs_to_foreign(model):
                self.assertTrue(self.foreign.get(model._name), model._name)
        self.assertIn(FOREIGN_ID, self.foreign[ASSIGNMENT])
        answer = self.ask_freely(self.operator, ASSIGNMENT, "search_read", [], ["instruction", "result"])
        self.assertTrue(leaks(answer))
        self.assertTrue(leaks(MARK.encode()))
        self.assertTrue(leaks({"datas": base64.b64encode(b"before it " + MARK.encode())}))

    def ask_freely(self, user, model, method, *args, **kwargs):
        return self.call(user, model, method, *args, **kwargs)[0]

    @clause("RO-2.4")
    def test_it_reads_its_own_and_of_those_below(self):
        for user in (self.roads_operator, self.roads_head):
            found = self.ask(user, ASSIGNMENT, "search", [])
            self.assertEqual(set(found), set((self.own + self.own_below).ids))
        self.assertEqual(self.ask(self.below_operator, ASSIGNMENT, "search", []), self.own_below.ids)
        self.assertIn(self.own.id, self.ask_freely(self.above_operator, ASSIGNMENT, "search", []))
        for user in (self.lost, self.stranger):
            self.assertFalse({*self.own_ids[ASSIGNMENT]} & {*self.ask_freely(user, ASSIGNMENT, "search", [])})
        messages = self.own.message_ids.with_user(self.roads_operator)._filtered_access("read")
        self.assertIn("When will you come?", "".join(messages.mapped("body")))

    def test_what_is_closed_gives_nothing(self):
        for user in self.lookers:
            readable = {model._name for model in self.readable_models(user)}
            for name in sorted(self.foreign.keys() - readable):
                ids = self.foreign[name]
                for method, args in (
                    ("search", ([],)),
                    ("search_count", ([],)),
                    ("read", (ids, ["id"])),
                    ("web_read", (ids, {"display_name": {}})),
                    ("formatted_read_group", ([], ["id"], ["__count"])),
                    ("name_search", ("",)),
                    ("export_data", (ids, ["id", "display_name"])),
                ):
                    answer = self.ask(user, name, method, *args)
                    if not isinstance(answer, UserError):
                        rows = answer.get("datas") if isinstance(answer, dict) else answer
                        self.assertFalse(rows, f"{user.login}: {name}.{method}{args}")

    def test_what_is_open_gives_nothing_of_others(self):
        for user in self.lookers:
            for model in self.readable_models(user):
                self.ask_everything(user, model)
                found = self.ask(user, model._name, "search", [], context={"active_test": False})
                own = {user.id} if model._name == "res.users" else set()
                foreign = self.foreign.get(model._name, ())
                self.assertFalse({*found} & {*foreign} - own, f"{user.login}: {model._name}")
                for record_id in foreign:
                    answer = self.ask(user, model._name, "read", [record_id], ["display_name"])
                    self.assertIsInstance(answer, AccessError, f"{user.login}: {model._name} {record_id}")

    def ask_everything(self, user, model):
        """Read a model in every way there is, with all its fields, and those of the records that it points to."""
        names = self.readable_fields(model)
        self.ask(user, model._name, "fields_get", [])
        self.ask(user, model._name, "default_get", names)
        self.ask(user, model._name, "name_search", "")
        self.ask(user, model._name, "name_search", PART)
        # In Odoo's own models only texts are marked, and pictures are long.
        kinds = None if model._name.startswith(PREFIX) else TEXT_TYPES
        plain = self.readable_fields(model, kinds)
        self.ask_each(user, model, "search_read", lambda names: ([], names), plain)
        # Values that somebody pretends to have before there is a record.
        pretended = {name: FOREIGN_ID for name in names if model._fields[name].type == "many2one"}
        onchange = [user.id] if model._name == "res.users" else []
        self.ask(user, model._name, "onchange", onchange, pretended, list(pretended), {name: {} for name in names})
        for name in names:
            field = model._fields[name]
            if field.relational and model._name.startswith(PREFIX):
                comodel = model.env[field.comodel_name]
                # Of what may not be read at all one field tells as much as each; in Odoo's own only texts are marked.
                kinds = None if comodel._name.startswith(PREFIX) else TEXT_TYPES
                deeper = self.readable_fields(comodel, kinds) if comodel.has_access("read") else ["display_name"]
                self.ask_each(
                    user,
                    model,
                    "web_search_read",
                    lambda subs, name=name: ([], {name: {"fields": {sub: {} for sub in subs}}}),
                    deeper,
                )
            if model._name in self.foreign and field.store and field.type not in ("binary", "json", "properties"):
                group = f"{name}:month" if field.type in ("date", "datetime") else name
                self.ask(user, model._name, "formatted_read_group", [], [group], ["__count"])

    def ask_each(self, user, model, method, arguments, names):
        """Ask for some fields at once; where one of them is refused, halve until all the others have answered."""
        answer = self.ask(user, model._name, method, *arguments(names))
        if isinstance(answer, Exception) and len(names) > 1:
            # Where even a date is refused, so are the records, and all else of them.
            if isinstance(self.ask(user, model._name, method, *arguments(["write_date"])), AccessError):
                return
            middle = len(names) // 2
            self.ask_each(user, model, method, arguments, names[:middle])
            self.ask_each(user, model, method, arguments, names[middle:])

    def test_nothing_is_found_by_what_it_does_not_show(self):
        """A filter by something hidden would let it be guessed letter by letter."""
        for user in self.lookers:
            steps = {}
            for model in self.readable_models(user):
                depth = 3 if user == self.roads_head and model._name.startswith(PREFIX) else 1
                self.search_by(user, model, list(self.each_text_path(model, steps, depth)))

    def search_by(self, user, model, paths):
        """Filter a model by the mark in some paths at once; halve them where one is refused or gives something."""
        found = self.count_by(user, model, paths, PART)
        # Some names can't be searched by: then every text finds all.
        if not isinstance(found, Exception) and found in (0, self.count_by(user, model, paths, "in no text")):
            return
        if len(paths) == 1:
            self.assertIsInstance(found, Exception, f"{user.login}: {model._name} by {paths}")
            return
        middle = len(paths) // 2
        self.search_by(user, model, paths[:middle])
        self.search_by(user, model, paths[middle:])

    def count_by(self, user, model, paths, text):
        """Return how many records have a text in one of some paths."""
        return self.ask(
            user, model._name, "search_count", list(Domain.OR(Domain(path, "ilike", text) for path in paths))
        )

    def each_text_path(self, model, steps, depth, start=""):
        """Yield the paths to texts, also to those that no list offers.

        What refuses a step refuses all behind it, so one path is enough there. Behind records of others than ours, and
        of those that Odoo looks through without asking, is nothing that is ours.
        """
        for name, field in model._fields.items():
            if not field._description_searchable:
                continue
            # What a model doesn't keep itself is looked for in the model that does.
            if start and not (field.store and model._has_field_access(field, "read")):
                continue
            if field.type in TEXT_TYPES:
                yield f"{start}{name}"
            elif field.relational and depth > 1:
                if field not in steps:
                    answer, _changed = self.call(model.env.user, model._name, "search_count", [(name, "any", [])])
                    steps[field] = not isinstance(answer, Exception)
                ours = field.comodel_name.startswith(PREFIX) or field.bypass_search_access
                if steps[field]:
                    further = model.env[field.comodel_name]
                    yield from self.each_text_path(further, steps, depth - 1 if ours else 1, f"{start}{name}.")
                elif not start:
                    self.search_by(model.env.user, model, [f"{name}.display_name"])

    def test_hidden_fields_do_not_group_or_sort(self):
        user = self.roads_head
        for model in self.readable_models(user):
            for name, field in model._fields.items():
                if field.type == "many2one" and model._name.startswith(PREFIX):
                    for hidden in ("name", "description", "phone", "body"):
                        path = f"{name}.{hidden}"
                        if hidden in model.env[field.comodel_name]:
                            self.ask(user, model._name, "formatted_read_group", [], [path], ["__count"])
                            answer = self.ask(user, model._name, "search", [], order=path)
                            self.assertIsInstance(answer, Exception, f"{user.login}: {model._name} by {path}")
