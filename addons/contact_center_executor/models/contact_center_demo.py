from odoo import Command, api, fields, models

from odoo.addons.contact_center_base.models.contact_center_demo import CITIES

from ..demo_register import CityRegister
from ..demo_stories import CityStories
from ..demo_work import CityWork

ADDON = "contact_center_executor"
ROLE_GROUPS = {"operator": f"{ADDON}.group_executor", "head": f"{ADDON}.group_executor_head"}
# Four digits of made-up phone numbers: those of the executors' people, of dispatch services.
PEOPLE_FROM, DISPATCH_FROM = 5000, 7000


class ContactCenterDemo(models.AbstractModel):
    """Adds to the demo cities who executes: organisations with their people, rules, and the work of three months."""

    _inherit = "contact.center.demo"

    @api.model
    def _load_executors(self, key):
        """Fill one demo city, whose requests are there already, with executors and what they have done.

        :param str key: of ``CITIES``.
        """
        company = self.env.ref(f"contact_center_base.company_{key}")
        demo = self.with_context(lang="en_US", allowed_company_ids=company.ids)
        stories = CityStories(demo, key, CITIES[key])
        # While nobody executes yet, so that who gets them is decided along with all other requests.
        stories.register()
        demo._load_organisations_at_work(key)
        demo._load_people(key)
        demo._load_control_areas(key)
        demo._load_rules(key)
        demo._load_demands(key)
        work = CityWork(demo, key, CITIES[key])
        work.play()
        stories.play()
        CityRegister(demo, key, CITIES[key]).play()
        work.tell_delays()
        demo._settle_notices(key)

    @api.model
    def _read_own(self, name, key):
        """Return the rows of one city of a file in this addon's ``demo/``."""
        return self._read(name, key, addon=ADDON)

    @api.model
    def _get_own_phrases(self, key, use):
        """Return what the people of a city say on an occasion, of those in this addon."""
        return [row["text"] for row in self._read_own("phrases", key) if row["use"] == use]

    @api.model
    def _get_executor(self, key, code):
        """Return the executor of a city with a code."""
        return self.env.ref(f"{ADDON}.executor_{key}_{code.lower().replace('-', '_')}")

    @api.model
    def _get_made_up_phone(self, key, number):
        return f"{CITIES[key].phone}{number:04d}"

    # ------------------------------------------------------------
    # Who executes
    # ------------------------------------------------------------

    @api.model
    def _load_organisations_at_work(self, key):
        """Make executors of the organisations that own topics, and of those that look after one district."""
        rows = self._read_own("executors", key)
        partners = self._find_or_create_organisations(key, [row["name"] for row in rows])
        districts = self.env["contact.center.district"].search([("company_id", "=", self.env.company.id)])
        by_code = {district.code: district.id for district in districts}
        topics = self.env["contact.center.category"].search(
            [("company_id", "=", self.env.company.id), ("owner_id", "in", partners.ids), ("restricted", "=", False)]
        )
        by_owner = topics.grouped("owner_id")
        executors = self.env["contact.center.executor"]._load_records(
            [
                {
                    "xml_id": f"{ADDON}.executor_{key}_{row['code'].lower().replace('-', '_')}",
                    "noupdate": True,
                    "values": {
                        "partner_id": partner.id,
                        "company_id": self.env.company.id,
                        "code": row["code"],
                        "kind": row["kind"],
                        "category_ids": [Command.set(by_owner.get(partner, topics.browse()).ids)],
                        "district_ids": [Command.set([by_code[code] for code in row["districts"].split(";") if code])],
                        **self._prepare_dispatch(key, row, number),
                    },
                }
                for number, (row, partner) in enumerate(zip(rows, partners, strict=True))
            ]
        )
        by_code = {executor.code: executor for executor in executors}
        for row in rows:
            if row["parent"]:
                by_code[row["code"]].parent_id = by_code[row["parent"]]

    @api.model
    def _find_or_create_organisations(self, key, names):
        """Return the organisations of the city with these names, in their order; missing ones are created."""
        Partner = self.env["res.partner"]
        found = Partner.search(
            [("company_id", "=", self.env.company.id), ("is_company", "=", True), ("name", "in", names)]
        )
        by_name = {partner.name: partner for partner in found}
        created = Partner.create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "company_id": self.env.company.id,
                    "country_id": self.env.company.country_id.id,
                    "lang": CITIES[key].lang,
                }
                for name in names
                if name not in by_name
            ]
        )
        by_name.update({partner.name: partner for partner in created})
        return Partner.concat(*(by_name[name] for name in names))

    @api.model
    def _prepare_dispatch(self, key, row, number):
        if not row["dispatch"]:
            return {}
        return {
            "dispatch_phone": self._get_made_up_phone(key, DISPATCH_FROM + number),
            "dispatch_email": f"dispatch@{row['code'].lower()}.{key}.example",
        }

    @api.model
    def _load_people(self, key):
        """Name the executors' people: responsible ones (KR-8.1.1), escalation contacts, portal users."""
        rows = self._read_own("people", key)
        executors = [self._get_executor(key, row["executor"]) for row in rows]
        people = self.env["res.partner"].create(
            [
                {
                    "name": row["name"],
                    "function": row["function"],
                    "parent_id": executor.partner_id.id,
                    "company_id": self.env.company.id,
                    "phone": self._get_made_up_phone(key, PEOPLE_FROM + number),
                    "email": f"{row['login'] or f'person{number}'}@{row['executor'].lower()}.{key}.example",
                    "lang": CITIES[key].lang,
                    "tz": CITIES[key].tz,
                }
                for number, (row, executor) in enumerate(zip(rows, executors, strict=True))
            ]
        )
        for row, executor, person in zip(rows, executors, people, strict=True):
            if row["responsible"]:
                executor.responsible_ids += person
            if row["escalation"]:
                executor.escalation_ids += person
        self._load_portal_users(key, rows, executors, people)

    @api.model
    def _load_portal_users(self, key, rows, executors, people):
        """Give those of many people who have a login access to the portal; the printed logins have a password."""
        passwords = {row["login"]: row["password"] for row in self._read("logins", addon=ADDON)}
        logins = [f"{row['login']}@{key}" for row in rows]
        self.env["res.users"].with_context(no_reset_password=True)._load_records(
            [
                {
                    "xml_id": f"{ADDON}.user_{row['login'].replace('.', '_')}_{key}",
                    "noupdate": True,
                    "values": {
                        "partner_id": person.id,
                        "login": login,
                        "company_id": self.env.company.id,
                        "company_ids": [Command.set(self.env.company.ids)],
                        "group_ids": [Command.set(self.env.ref(ROLE_GROUPS[row["role"]]).ids)],
                        "contact_center_executor_id": executor.id,
                        **({"password": passwords[login]} if login in passwords else {}),
                    },
                }
                for row, login, executor, person in zip(rows, logins, executors, people, strict=True)
                if row["login"]
            ]
        )

    @api.model
    def _load_control_areas(self, key):
        """Divide the executors among the deputies of the mayor; one area was given up last year (RO-2.7)."""
        this_year = fields.Date.today().replace(month=1, day=1)
        last_year = fields.Date.subtract(this_year, years=1)
        ended = fields.Date.subtract(this_year, days=1)
        [document] = self._get_own_phrases(key, "division_of_duties")
        user = self._get_user("control_body", key)
        self.env["contact.center.control.area"].create(
            [
                {
                    "executor_id": self._get_executor(key, row["executor"]).id,
                    "user_id": user.id,
                    "date_from": last_year if row["ended"] else this_year,
                    "date_to": row["ended"] and ended,
                    "document": document,
                }
                for row in self._read_own("control_areas", key)
            ]
        )

    # ------------------------------------------------------------
    # Who gets what
    # ------------------------------------------------------------

    @api.model
    def _load_rules(self, key):
        """Say who gets what the default executor of its topic doesn't, or doesn't alone (KR-5.12)."""
        of_city = [("company_id", "=", self.env.company.id)]
        categories = {category.code: category.id for category in self.env["contact.center.category"].search(of_city)}
        districts = {district.code: district.id for district in self.env["contact.center.district"].search(of_city)}
        streets = {street.name: street.id for street in self.env["contact.center.street"].search(of_city)}
        terms = {term.code: term.id for term in self.env["contact.center.deadline.rule"].search(of_city)}
        self.env["contact.center.routing.rule"].create(
            [
                {
                    "name": row["name"],
                    "company_id": self.env.company.id,
                    "sequence": 10 * number,
                    "category_ids": [Command.set([categories[code] for code in row["topics"].split(";")])],
                    "district_ids": [Command.set([districts[code] for code in row["districts"].split(";") if code])],
                    "street_ids": [Command.set([streets[name] for name in row["streets"].split(";") if name])],
                    "working_time": row["working_time"] or False,
                    "executor_id": self._get_executor(key, row["executor"]).id,
                    "co_executor_ids": [
                        Command.set(
                            [self._get_executor(key, code).id for code in row["co_executors"].split(";") if code]
                        )
                    ],
                    "deadline_rule_id": terms.get(row["term"]),
                    "instruction": row["instruction"] or False,
                    **self._prepare_hours(row["hours"]),
                    **self._prepare_season(row["season"]),
                }
                for number, row in enumerate(self._read_own("rules", key), start=1)
            ]
        )

    @api.model
    def _prepare_hours(self, text):
        """Return the window of a rule that is written as ``22-7``; empty when it holds all day."""
        start, _dash, end = text.partition("-")
        return {"hour_from": int(start), "hour_to": int(end)} if text else {}

    @api.model
    def _prepare_season(self, text):
        """Return the validity of a rule that is written as ``11-01 03-31``: the season that runs now or comes next."""
        if not text:
            return {}
        today = fields.Date.today()
        start, end = (fields.Date.to_date(f"{today.year}-{day}") for day in text.split())
        if end < start:
            end = fields.Date.add(end, years=1)
        if fields.Date.subtract(end, years=1) >= today:
            start, end = (fields.Date.subtract(date, years=1) for date in (start, end))
        return {"date_from": start, "date_to": end}

    @api.model
    def _load_demands(self, key):
        """Say in which topics executors talk to the applicant, and where they show what they have done."""
        for row in self._read_own("demands", key):
            self._get_category(row["category"]).write(
                {"show_contact": row["contact"] == "1", "result_photo_required": row["photo"] == "1"}
            )
