from zoneinfo import ZoneInfo

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from .. import workflow
from ..const import CHANNELS, CLOSING_REASONS, INFORMED_BY
from ..importing import TARGETS, Outcome, RowMapping, placeholders
from .contact_center_deadline_rule import UNITS

# So many are named to whoever misspelt one.
KNOWN_PROFILES = 50
VALUE_TARGETS = [
    ("state", "State"),
    ("channel", "Channel"),
    ("category", "Classifier node"),
    ("owner", "Executor"),
    ("district", "District"),
]


class ContactCenterImportProfile(models.Model):
    """How requests of another system are read: what its columns and values mean, and what is added on the way."""

    _name = "contact.center.import.profile"
    _description = "Import Profile"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="By which the command line names it.")
    company_id = fields.Many2one("res.company", "City", index=True, help="Empty: every city may use it.")
    active = fields.Boolean(default=True)
    source_system = fields.Char(
        "Other system", required=True, help="Together with the number there it makes a request known, once and for all."
    )
    column_ids = fields.One2many("contact.center.import.column", "profile_id", "Columns", copy=True)
    value_ids = fields.One2many("contact.center.import.value", "profile_id", "Values", copy=True)
    # Reading
    date_formats = fields.Text(
        help="One a line, the likelier first, e.g. %d.%m.%Y %H:%M. Dates like 2026-12-31 23:59 are always understood."
    )
    time_zone = fields.Selection(_tz_get, help="Of the dates in the file. Empty: that of the city.")
    description_template = fields.Text(
        "Description", required=True, help="Text with columns of the file in braces, e.g. {Type}: {Address}."
    )
    result_template = fields.Text(
        "Answer", help="Answer to the applicant where a request was done or closed; columns of the file in braces."
    )
    # What the file doesn't say
    channel = fields.Selection(CHANNELS, "Channel, if none is given", required=True, default="paper")
    informed_by = fields.Selection(INFORMED_BY, "Applicants were informed by", required=True, default="not_possible")
    # What is added
    create_categories = fields.Boolean("Add missing classifier nodes")
    create_districts = fields.Boolean("Add missing districts")
    create_streets = fields.Boolean("Add missing streets")
    create_executors = fields.Boolean("Add missing executors")
    term_amount = fields.Integer("Term", help="Default term of requests in a city that has none. 0: none is added.")
    term_unit = fields.Selection(UNITS, default="working_days")
    city_name = fields.Char("City to add", help="City for imports from the command line that name no other.")
    city_country_id = fields.Many2one("res.country", "Its country")

    _code_unique = models.UniqueIndex("(code)", "Another profile has the same code.")
    _term_check = models.Constraint(
        "CHECK(term_amount >= 0 AND (term_amount = 0 OR term_unit IS NOT NULL))", "A term has an amount and a unit."
    )

    @api.constrains("column_ids")
    def _check_columns(self):
        demanded = {"source_number", "registered_at"}
        for profile in self:
            missing = demanded.difference(profile.column_ids.mapped("target"))
            if missing:
                labels = dict(profile.column_ids._fields["target"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "Say which column holds: %s. Without it a request would come in twice or have no clock.",
                        ", ".join(labels[target] for target in sorted(missing)),
                    )
                )

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    @api.model
    def _get_by_code(self, code):
        """Return the profile with a code.

        :raises UserError: naming the profiles there are, when there is none.
        """
        profile = self.search([("code", "=", code)])
        if not profile:
            known = ", ".join(self.search([], limit=KNOWN_PROFILES).mapped("code"))
            raise UserError(
                self.env._("There is no import profile “%(code)s”. Known: %(known)s.", code=code, known=known)
            )
        return profile

    def _get_columns(self):
        """Return the set of columns that a file for this one profile must have."""
        in_texts = placeholders(self.description_template) + placeholders(self.result_template)
        return {line.name for line in self.column_ids if not line.optional} | set(in_texts)

    def _get_mapping(self, city):
        """Return the plain :class:`~..importing.RowMapping` of this one profile for a city."""
        self.ensure_one()
        columns, values, outcomes = {}, {}, {}
        for line in self.column_ids:
            columns.setdefault(line.target, []).append(line.name)
        for line in self.value_ids:
            if line.target == "state":
                outcomes[line.name] = Outcome(line._get_path(), line.closing_reason or None)
            else:
                values.setdefault(line.target, {})[line.name] = line.value
        return RowMapping(
            columns=columns,
            values=values,
            outcomes=outcomes,
            formats=[line.strip() for line in (self.date_formats or "").splitlines() if line.strip()],
            zone=ZoneInfo(self.time_zone) if self.time_zone else city._get_time_zone(),
            templates={"description": self.description_template, "result": self.result_template or ""},
            defaults={
                "source_system": self.source_system,
                "company_id": city.id,
                "channel": self.channel,
                "informed_by": self.informed_by,
            },
        )

    def _find_or_create_city(self):
        """Return the city that this one profile names, added when there is none; else the current city."""
        self.ensure_one()
        if not self.city_name:
            return self.env.company
        City = self.env["res.company"]
        city = City.search([("name", "=", self.city_name)], limit=1)
        if not city:
            city = City.create({"name": self.city_name, "country_id": self.city_country_id.id})
            if self.time_zone:
                city.resource_calendar_id.tz = self.time_zone
            # Without it nobody but the system itself would see the city and could let others in.
            self.env.ref("base.group_system").all_user_ids.write({"company_ids": [Command.link(city.id)]})
        return city

    def _ensure_term(self, city):
        """Give a city without a default term of requests the one of this profile, so that every deadline is counted."""
        self.ensure_one()
        Rule = self.env["contact.center.deadline.rule"]
        if not self.term_amount or Rule.search_count(
            [("company_id", "=", city.id), ("default_for_class", "=", "request")], limit=1
        ):
            return
        Rule.create(
            {
                "name": self.env._("Requests"),
                "company_id": city.id,
                "default_for_class": "request",
                "amount": self.term_amount,
                "unit": self.term_unit,
            }
        )


class ContactCenterImportColumn(models.Model):
    """One column of a file and what it means."""

    _name = "contact.center.import.column"
    _description = "Column of an Import Profile"
    _order = "sequence, id"

    profile_id = fields.Many2one("contact.center.import.profile", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="profile_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Column", required=True, help="As the header of the file has it.")
    target = fields.Selection(
        TARGETS,
        "Meaning",
        required=True,
        help="Several columns of a street or name are joined; of several others the first that is filled counts.",
    )
    optional = fields.Boolean(help="The file may come without this column.")


class ContactCenterImportValue(models.Model):
    """What a value of a file is called here."""

    _name = "contact.center.import.value"
    _description = "Value of an Import Profile"
    _order = "target, id"

    profile_id = fields.Many2one("contact.center.import.profile", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="profile_id.company_id", store=True, precompute=True)
    target = fields.Selection(VALUE_TARGETS, "Meaning", required=True)
    name = fields.Char("In the file", required=True)
    value = fields.Char(
        "Here",
        help="Name of an executor; name or code of a node or district; code of a channel; for a state, the codes of "
        "the states that such a request went through after “new”, separated by commas.",
    )
    closing_reason = fields.Selection(CLOSING_REASONS, help="Why such requests were closed without being solved.")

    _name_unique = models.UniqueIndex("(profile_id, target, name)", "The profile already explains this value.")

    @api.constrains("target", "value")
    def _check_value(self):
        channels = dict(CHANNELS)
        for line in self:
            if line.target == "state":
                unknown = set(line._get_path()).difference(workflow.STATES)
                known = workflow.STATES
            elif line.target == "channel":
                unknown = {line.value or ""}.difference(channels)
                known = channels
            else:
                continue
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(value)s” is none of: %(known)s.", value=", ".join(sorted(unknown)), known=", ".join(known)
                    )
                )

    def _get_path(self):
        """Return the codes of the states after ``new`` that this one line names, as a tuple."""
        return tuple(state.strip() for state in (self.value or "").split(",") if state.strip())
