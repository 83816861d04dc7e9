"""Several executors side by side: what one may not know carries a mark, and the mark must never reach it.

Nothing here names a model, a field, a method or a route that has to stay closed: they are taken from the registry and
from the routing map, so that what is added later is covered by itself.
"""

import base64
import json
from collections import defaultdict
from inspect import Parameter, signature

from odoo import fields
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .common import ExecutorMixin

#: Part of every text that the executor who looks may not know.
MARK = "zq7secret"
#: To look for the mark without sending it: answers may repeat what was asked.
PART = MARK[:-1]
#: Whatever the first foreign executor has, in each model one record has this id: a route or a method that takes "an
#: id" finds it there, whichever model it means.
FOREIGN_ID = 990_001
#: In the same models, what the executor who looks has itself.
OWN_ID = 980_001
PREFIX = "contact.center."
TEXT_TYPES = ("char", "text", "html")
EXECUTOR, ASSIGNMENT, REQUEST = (f"{PREFIX}{name}" for name in ("executor", "assignment", "request"))
#: What an executor is told of a request that is its own; all else that the request says carries the mark.
SHOWN_OF_REQUEST = {"number", "description", "house", "flat", "place_note"}
#: Technical columns: with a mark in them the record would be a broken one.
KEPT = {"parent_path", "lang", "tz", "login", "password", "res_model", "model", "res_field", "url", "mimetype"}
KEPT |= {"store_fname", "checksum", "commercial_company_name"}
#: Which organisations execute is public (RO-2.6), their people aren't; works are announced to everybody (KR-2.8).
PUBLIC = {(EXECUTOR, "name")}
#: Numbers and houses of public requests stand on the city's map.
PUBLIC |= {(REQUEST, name) for name in ("number", "house")}
PUBLIC |= {(f"{PREFIX}works", name) for name in ("number", "name", "contact", "text", "address", "cancel_reason")}
#: Six letters of the mark, wherever it stands in something that is sent in base64.
_ENCODED = [base64.b64encode(MARK[start : start + 6].encode()).decode() for start in range(3)]


def leaks(answer):
    """Tell whether an answer (of a method, a route, or an error) holds the mark, plain or encoded."""
    if isinstance(answer, bytes):
        answer = answer.decode("utf-8", "replace")
    if not isinstance(answer, str):
        answer = json.dumps(answer, default=_as_text, ensure_ascii=False, skipkeys=True)
    return MARK in answer.lower() or any(code in answer for code in _ENCODED)


def _as_text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else repr(value)


class IsolationMixin(ExecutorMixin):
    """The city where "City Roads" looks around: with an executor below it, one above, others in both of two cities."""

    @classmethod
    def build_isolation(cls):
        cls.build_city()
        cls.below = cls.make_executor("City Roads North", parent_id=cls.roads.id)
        cls.above = cls.make_executor("City Holding")
        cls.roads.parent_id = cls.above
        cls.above_operator = cls.make_portal_user("above_operator", cls.above)
        cls.below_operator = cls.make_portal_user("below_operator", cls.below)
        portal = {"company_id": cls.city.id, "company_ids": [fields.Command.set(cls.city.ids)], "lang": "en_US"}
        cls.plain = new_test_user(cls.env, "cc_plain", groups="base.group_portal", **portal)
        cls.lost = new_test_user(cls.env, "cc_lost", groups="contact_center_executor.group_executor_head", **portal)
        cls.public = cls.env.ref("base.public_user")
        cls.build_other_city()
        cls.build_own()
        cls.build_foreign()
        cls.env.invalidate_all()
        cls.env.registry.clear_all_caches()

    @classmethod
    def build_other_city(cls):
        """Add another city with an executor that has the same people's roles."""
        env = cls.env
        cls.other_city = env["res.company"].create({"name": "Inshe", "country_id": env.ref("base.ua").id})
        cls.other_city.resource_calendar_id = env["resource.calendar"].create(
            {
                "name": "Elsewhere",
                "tz": "Europe/Kyiv",
                "company_id": cls.other_city.id,
                "attendance_ids": cls.office_hours(),
            }
        )
        partner = env["res.partner"].create(
            {"name": "Elsewhere Roads", "is_company": True, "company_id": cls.other_city.id}
        )
        cls.elsewhere = env[EXECUTOR].create({"partner_id": partner.id, "company_id": cls.other_city.id})
        cls.stranger = new_test_user(
            env,
            "cc_elsewhere",
            groups="contact_center_executor.group_executor_head",
            company_id=cls.other_city.id,
            company_ids=[fields.Command.set(cls.other_city.ids)],
            contact_center_executor_id=cls.elsewhere.id,
            lang="en_US",
        )
        values = {"company_id": cls.other_city.id}
        rule = env["contact.center.deadline.rule"].create(
            {"name": "A week", "amount": 7, "default_for_class": "request", **values}
        )
        cls.elsewhere_category = env["contact.center.category"].create(
            {"code": "ELSE", "name": "Pothole elsewhere", "deadline_rule_id": rule.id, **values}
        )

    @classmethod
    def build_own(cls):
        """Give "City Roads" and the executor below a part each; the applicant isn't for them to know."""
        values = {"category_id": cls.pothole.id}
        cls.own = cls.make_assignment(cls.roads, description="A hole in the road", **values).with_env(cls.env)
        cls.own_below = cls.make_assignment(cls.below, description="A hole below", **values).with_env(cls.env)
        cls.own.message_post(body="When will you come?", message_type="comment", subtype_xmlid="mail.mt_comment")
        cls.attach(cls.own, name="own.txt", raw=b"The own file")
        own = cls.own + cls.own_below
        for request in own.request_id:
            cls.mark(request, skip=SHOWN_OF_REQUEST)
            cls.converse(request)
        staff_only = {name for name, field in own._fields.items() if field.groups}
        cls.mark(own, skip=own._fields.keys() - staff_only)
        for part in own:
            note = part.message_post(body="Between colleagues", subtype_xmlid="mail.mt_note")
            cls.mark(note)
        cls.mark(cls.resident)
        cls.own_ids = {ASSIGNMENT: own.ids, EXECUTOR: own.executor_id.ids, REQUEST: own.request_id.ids}

    @classmethod
    def build_foreign(cls):
        """Give every other executor whatever executors have, all of it marked, with known ids."""
        cls.restart_sequences(FOREIGN_ID)
        parts = cls.env[ASSIGNMENT]
        for executor in (cls.light, cls.above, cls.elsewhere):
            parts += cls.make_foreign_assignment(executor)
        # On a request of its own an executor doesn't learn what its co-executor answers either.
        parts += cls.own.request_id.assign(cls.light, role="co", instruction="Dig")
        users = cls.light._get_users() + cls.above._get_users() + cls.elsewhere._get_users()
        requests = parts.request_id - cls.own.request_id
        cls.foreign = defaultdict(list)
        for records in (parts, requests, parts.executor_id, users, users.partner_id, requests.partner_id):
            cls.foreign[records._name] += records.ids
        for records in (*parts, *requests, *parts.executor_id):
            cls.converse(records)
        cls.insert_missing()
        cls.insert_own()
        # What the tests create themselves comes behind the rows that were inserted past the sequences.
        cls.restart_sequences(FOREIGN_ID + 1000)
        cls.collect_foreign()
        for name, ids in cls.foreign.items():
            if name != "res.users":
                cls.mark(cls.env[name].browse(ids))

    @classmethod
    def make_foreign_assignment(cls, executor):
        person = cls.env["res.partner"].create(
            {
                "name": "Applicant",
                "company_id": executor.company_id.id,
                "phone": "+380501110000",
                "email": "a@x.example",
            }
        )
        elsewhere = executor == cls.elsewhere
        request = (
            cls.env[REQUEST]
            .with_company(executor.company_id)
            .create(
                {
                    "category_id": (cls.elsewhere_category if elsewhere else cls.pothole).id,
                    "company_id": executor.company_id.id,
                    "description": "Theirs",
                    "partner_id": person.id,
                    "phone": "+380501110000",
                }
            )
        )
        return request.assign(executor, reason="It is theirs")

    @classmethod
    def converse(cls, record):
        """Hang marked messages, files, tasks and followers on a record."""
        for subtype in ("mail.mt_comment", "mail.mt_note"):
            message = record.message_post(
                body="Said", subtype_xmlid=subtype, attachments=[(f"{MARK}.txt", MARK.encode())]
            )
            cls.mark(message)
        cls.attach(record, name=f"{MARK}.txt", raw=MARK.encode())
        cls.attach(record, name=f"{MARK}.txt", raw=MARK.encode(), access_token="f8b6e4c0-0000-4000-8000-000000000000")
        if "activity_ids" in record:
            activity = record.activity_schedule("mail.mail_activity_data_todo", user_id=cls.operator.id)
            cls.mark(activity)

    @classmethod
    def attach(cls, record, **values):
        return cls.env["ir.attachment"].create({"res_model": record._name, "res_id": record.id, **values})

    # ------------------------------------------------------------
    # Marking
    # ------------------------------------------------------------

    @classmethod
    def mark(cls, records, skip=()):
        """Put the mark into every stored text of some records, past what methods and constraints would say to it."""
        cls.env.flush_all()
        columns = [
            SQL("%s = %s", SQL.identifier(field.name), cls.marked(field, SQL("id")))
            for field in records._fields.values()
            if field.store
            and field.column_type
            and field.type in TEXT_TYPES
            and not field.company_dependent
            and field.name not in KEPT
            and field.name not in skip
            and (records._name, field.name) not in PUBLIC
        ]
        if columns and records:
            table = SQL.identifier(records._table)
            # Some tables refuse changes; the rows to look for are made here, whatever the tables are for.
            cls.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", table))
            cls.env.cr.execute(
                SQL("UPDATE %s SET %s WHERE id = ANY(%s)", table, SQL(", ").join(columns), list(records.ids))
            )
            cls.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", table))
        records.invalidate_recordset(flush=False)

    @classmethod
    def marked(cls, field, number):
        """Return the SQL of a marked text that differs from record to record."""
        text = SQL("%s || ' ' || %s::text", f"{MARK} {field.name}", number)
        return SQL("jsonb_build_object('en_US', %s)", text) if field.translate else text

    @classmethod
    def our_models(cls):
        """Return every model of the suite that has a table of its own."""
        return [
            model
            for name, model in sorted(cls.env.items())
            if name.startswith(PREFIX) and model._auto and not model._abstract and not model._transient
        ]

    @classmethod
    def restart_sequences(cls, first_id):
        """Let the ids of what is created from here on begin with a known one."""
        cls.env.flush_all()
        models = [*cls.our_models(), *(cls.env[name] for name in ("mail.message", "ir.attachment", "res.partner"))]
        for model in models:
            sequence = SQL.identifier(f"{model._table}_id_seq")
            cls.env.cr.execute(SQL("ALTER SEQUENCE %s RESTART WITH %s", sequence, first_id))

    @classmethod
    def insert_missing(cls):
        """Insert a row that belongs to the first foreign executor into every model of the suite that can have one."""
        cls.env.flush_all()
        waiting = [model for model in cls.our_models() if model._name not in cls.foreign]
        inserted = True
        while inserted:
            inserted = [model for model in waiting if cls.belongs_to_foreign(model)]
            for model in inserted:
                cls.insert_row(model, cls.foreign, FOREIGN_ID)
                cls.foreign[model._name].append(FOREIGN_ID)
                waiting.remove(model)

    @classmethod
    def insert_own(cls):
        """Give "City Roads" a row in each model that it reads, in which only what is for the centre is marked."""
        for model in cls.our_models():
            if model._name in cls.foreign.keys() - cls.own_ids.keys() and model.with_user(cls.roads_head).has_access(
                "read"
            ):
                cls.insert_row(model, cls.own_ids, OWN_ID)
                cls.own_ids[model._name] = [OWN_ID]
                own = model.browse(OWN_ID)
                cls.mark(own, skip={name for name, field in model._fields.items() if not field.groups})
                if "message_ids" in model:
                    cls.mark(own.message_post(body="Between colleagues", subtype_xmlid="mail.mt_note"))

    @classmethod
    def belongs_to_foreign(cls, model):
        """Tell whether records of a model hang on what is foreign, and what else they need is there."""
        links = [
            field
            for field in model._fields.values()
            if field.type == "many2one" and field.store and field.comodel_name.startswith(PREFIX)
        ]
        needed = [field.comodel_name for field in links if field.required]
        return any(field.comodel_name in cls.foreign for field in links) and all(
            name in cls.foreign or cls.env[name].search_count([], limit=1) for name in needed
        )

    @classmethod
    def insert_row(cls, model, ids, record_id):
        """Insert a row that is filled whole and belongs to somebody.

        :param dict ids: of the records that it points to, by model.
        """
        columns = {"id": record_id}
        for place, field in enumerate(model._fields.values()):
            if field.store and field.column_type and field.name != "id":
                columns[field.name] = cls.value_of(field, place, ids, record_id)
        columns = {name: value for name, value in columns.items() if value is not None}
        table = SQL.identifier(model._table)
        # The row need not make sense, only be there. All this is rolled back with the test.
        cls.env.cr.execute(
            SQL("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", model._table)
        )
        for (check,) in cls.env.cr.fetchall():
            cls.env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", table, SQL.identifier(check)))
        cls.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (id) DO NOTHING",
                table,
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(SQL("%s", value) for value in columns.values()),
            )
        )

    @classmethod
    def value_of(cls, field, place, ids, record_id):
        """Return a plausible value of a column in a row that belongs to somebody, or ``None``.

        :param int place: of the field in its model; what is declared later gets the later date and the larger number.
        """
        if field.type == "many2one":
            if field.comodel_name == "res.company":
                return cls.city.id
            if field.comodel_name in ids:
                return ids[field.comodel_name][0]
            if field.required:
                return cls.env[field.comodel_name].with_context(active_test=False).search([], limit=1).id or None
            return None
        if field.type in TEXT_TYPES:
            if field.name in KEPT:
                # What says how a row is read isn't filled with marks.
                return "en_US" if field.name == "lang" and field.required else None
            open_to_all = record_id == OWN_ID or (field.model_name, field.name) in PUBLIC
            text = SQL("jsonb_build_object('en_US', %s::text)" if field.translate else "%s", f"Announced {record_id}")
            return text if open_to_all else cls.marked(field, SQL("%s", record_id))
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        return {
            "boolean": field.name == "active",
            "date": fields.Date.add(fields.Date.today(), days=place),
            "datetime": fields.Datetime.add(fields.Datetime.now(), minutes=place),
            "float": place / 10,
            "integer": place,
            "many2one_reference": record_id,
            "monetary": place,
        }.get(field.type)

    @classmethod
    def collect_foreign(cls):
        """Note the ids of everything that hangs on what the foreign executors have."""
        for model in cls.our_models():
            for field in model._fields.values():
                if field.type == "many2one" and field.store and field.comodel_name in (EXECUTOR, ASSIGNMENT, REQUEST):
                    cls.note(model.search([(field.name, "in", cls.foreign[field.comodel_name])]))
        for name in [name for name in cls.foreign if name.startswith(PREFIX)]:
            here = [("res_id", "in", cls.foreign[name])]
            cls.note(cls.env["mail.message"].search([("model", "=", name), *here]))
            cls.note(cls.env["ir.attachment"].search([("res_model", "=", name), *here]))
            cls.note(cls.env["mail.followers"].search([("res_model", "=", name), *here]))
            cls.note(cls.env["mail.activity"].search([("res_model", "=", name), *here]))
        messages = cls.foreign["mail.message"]
        cls.note(cls.env["mail.notification"].search([("mail_message_id", "in", messages)]))

    @classmethod
    def note(cls, records):
        known = {*cls.foreign[records._name], *cls.own_ids.get(records._name, ())}
        cls.foreign[records._name] += [record_id for record_id in records.ids if record_id not in known]

    # ------------------------------------------------------------
    # Calling
    # ------------------------------------------------------------

    def call(self, user, model, method, *args, **kwargs):
        """Call a method as a remote client of a user does, and undo what it did.

        :returns: the answer, or the exception; and whether a record of the suite was changed.
        """
        self.env.invalidate_all()
        savepoint = self.env.cr.savepoint()
        before = self.count_writes()
        try:
            with mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"):
                env = self.env(user=user.id, su=False, context={"lang": "en_US", "tz": "Europe/Kyiv"})
                answer = call_kw(env[model], method, list(args), kwargs)
                self.env.flush_all()
        except Exception as error:  # whatever it is, it is an answer here
            answer = error
        changed = False
        if not isinstance(answer, Exception):
            changed = self.count_writes() != before
        self.env.cr.precommit.clear()
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        return answer, changed

    def count_writes(self):
        """Return how many rows of the suite's tables this transaction has written until now.

        Counted visits and what was looked for among the articles is everybody's to write.
        """
        self.env.cr.execute(
            """
            SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
              FROM pg_stat_xact_user_tables WHERE relname LIKE 'contact_center_%%'
               AND relname NOT IN ('contact_center_rate_limit', 'contact_center_knowledge_search')
            """
        )
        return self.env.cr.fetchone()[0]


def plausible_arguments(method, optional):
    """Return arguments by name for a method or an endpoint, guessed from the names of its parameters.

    :param bool optional: also give those that have a default.
    """
    arguments = {}
    for index, parameter in enumerate(signature(method).parameters.values()):
        if not index or parameter.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            continue
        if parameter.default is Parameter.empty or optional:
            arguments[parameter.name] = _plausible(parameter.name, parameter.default)
    return arguments


def _plausible(name, default):
    named = {
        "domain": [],
        "fields": ["display_name"],
        "field_names": ["display_name"],
        "specification": {"display_name": {}},
        "fields_spec": {"display_name": {}},
        "groupby": ["id"],
        "model": ASSIGNMENT,
        "model_name": ASSIGNMENT,
        "res_model": ASSIGNMENT,
        "thread_model": ASSIGNMENT,
        "operation": "read",
        "method": "read",
        "values": {},
        "vals": {},
        "data": {},
        "body": "A word",
        "ids": [FOREIGN_ID],
        "id": FOREIGN_ID,
        "field": "raw",
    }
    if name in named:
        return named[name]
    if name.endswith("_id"):
        return FOREIGN_ID
    if name.endswith("_ids"):
        return [FOREIGN_ID]
    if "date" in name or name.endswith("_at"):
        return "2026-01-12"
    if isinstance(default, (bool, int, float, str, list, dict)):
        return default or "x" if isinstance(default, str) else default
    return "x"


#: Values of kinds that no parameter expects, for each parameter in turn.
ABSURD = (None, "x", -1, 2**31, [], {}, [["x"]])


def absurd_arguments(method):
    """Yield arguments by name for a method, in which everything is of one kind, mostly the wrong one."""
    names = plausible_arguments(method, optional=False)
    for value in ABSURD if names else ():
        yield dict.fromkeys(names, value)
