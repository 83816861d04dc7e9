from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.tools import file_open

from ..demo_life import CityLife
from ..tabular import read_table


@dataclass(frozen=True)
class DemoCity:
    """What makes one demo city different from the other.

    :param lang: language of the city.
    :param tz: its time zone.
    :param hours: working hours of its office, ``(from, to)`` in hours, before and after the break.
    :param prefix: of request numbers.
    :param phone: beginning of the made-up phone numbers of residents; four digits follow.
    :param outage: classifier node of the mass incident that is going on.
    :param photos: node -> file with what residents sent.
    """

    lang: str
    tz: str
    hours: tuple
    prefix: str
    phone: str
    outage: str
    photos: dict


CITIES = {
    "kr": DemoCity(
        lang="uk_UA",
        tz="Europe/Kyiv",
        hours=((8, 12), (13, 17)),
        prefix="KR-%(range_year)s-",
        phone="+38067000",
        outage="WATER.COLD",
        photos={
            "ROAD.POTHOLE": "photo_pothole.png",
            "LIGHT.STREET": "photo_lamp.png",
            "WASTE.COLLECTION": "photo_waste.png",
        },
    ),
    "poz": DemoCity(
        lang="pl_PL",
        tz="Europe/Warsaw",
        hours=((7.5, 12), (12, 15.5)),
        prefix="PK-%(range_year)s-",
        phone="+4853000",
        outage="WODA.BRAK",
        photos={
            "DROGI.DZIURA": "photo_pothole.png",
            "OSW.LATARNIA": "photo_lamp.png",
            "ODPADY.NIEODEBRANE": "photo_waste.png",
        },
    ),
}
NAME_COLUMNS = {"name_uk": "uk_UA", "name_pl": "pl_PL"}
# What a term that is shorter than a working day is for can't wait until the office opens.
URGENT_TERM = "hours_2"
REVISED_ARTICLES = 2
ARTICLE_VALIDITY = timedelta(days=180)


class ContactCenterDemo(models.AbstractModel):
    """Builds the demo cities from the files in ``demo/`` by the same methods that people's work goes through.

    What is said there is native to each city. All dates are relative to now, so that the boards look alive whenever
    the demo is installed; all else is the same every time.
    """

    _name = "contact.center.demo"
    _description = "Demo Cities"

    @api.model
    def _activate_languages(self, addon="contact_center_base"):
        """Activate the languages of the cities, with the translations of what is installed and of one more addon.

        :param str addon: the one whose demo data is loaded.
        """
        codes = [city.lang for city in CITIES.values()]
        languages = self.env["res.lang"].with_context(active_test=False).search([("code", "in", codes)])
        missing = languages.filtered(lambda language: not language.active)
        if missing:
            self.env["base.language.install"].create({"lang_ids": [Command.set(missing.ids)]}).lang_install()
        # Odoo reads an addon's translations after its demo data, but memos and history are written in them now.
        self.env["ir.module.module"]._load_module_terms([addon], codes)

    @api.model
    def _load_city(self, key):
        """Fill one demo city, whose company and users are there already.

        :param str key: of ``CITIES``; the xml ids of the city end in it.
        """
        company = self.env.ref(f"contact_center_base.company_{key}")
        # English is the source language of names; the work is done in one city at a time.
        demo = self.with_context(lang="en_US", allowed_company_ids=company.ids)
        demo._load_settings(key)
        demo._load_organisations(key)
        demo._load_terms(key)
        demo._load_places(key)
        demo._load_classifier(key)
        demo._load_skills(key)
        demo._load_articles(key)
        demo._load_life(key)
        demo._settle_notices(key)

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    @api.model
    def _read(self, name, key=None, addon="contact_center_base"):
        """Return the rows of a file in ``demo/`` as dicts, only those of one city when it holds several."""
        rows = (row for _line, row in self._read_table(name, addon).rows)
        return [row for row in rows if key is None or row["city"] == key]

    @api.model
    def _read_table(self, name, addon="contact_center_base"):
        with file_open(f"{addon}/demo/{name}.csv", "rb") as file:
            return read_table(file.read(), name)

    @api.model
    def _get_phrases(self, key, use):
        """Return what the people of a city say on an occasion."""
        return [row["text"] for row in self._read("phrases", key) if row["use"] == use]

    @api.model
    def _get_user(self, role, key):
        """Return the user of a role in a city."""
        return self.env.ref(f"contact_center_base.user_{role}_{key}")

    @api.model
    def _create_named(self, model, rows, prepare):
        """Create records whose rows have a name in each language, and return them.

        :param rows: dicts with the columns ``name_en`` and those of ``NAME_COLUMNS``.
        :param prepare: function that gives the further values of a row.
        """
        records = self.env[model].create([{"name": row["name_en"], **prepare(row)} for row in rows])
        for record, row in zip(records, rows, strict=True):
            record.update_field_translations("name", {lang: row[column] for column, lang in NAME_COLUMNS.items()})
        return records

    # ------------------------------------------------------------
    # The city and its structure
    # ------------------------------------------------------------

    @api.model
    def _load_settings(self, key):
        """Set language, working hours, holidays, request numbers and who is alerted."""
        company, city = self.env.company, CITIES[key]
        company.partner_id.lang = city.lang
        company.contact_center_alert_user_id = self._get_user("supervisor", key)
        company._get_request_sequence().prefix = city.prefix
        lines = [
            Command.create(
                {"name": period, "dayofweek": str(day), "hour_from": start, "hour_to": end, "day_period": period}
            )
            for day in range(5)
            for period, (start, end) in zip(("morning", "afternoon"), city.hours, strict=True)
        ]
        company.resource_calendar_id.write({"tz": city.tz, "attendance_ids": [Command.clear(), *lines]})
        year = fields.Date.today().year
        # The demo's requests reach back into last year when the year is young.
        load = self.env["contact.center.holiday.load"].create({"year_from": year - 1, "year_to": year + 1})
        load.action_load()

    @api.model
    def _load_organisations(self, key):
        """Create executors and owners of articles, each below the one it belongs to."""
        rows = self._read("organisations", key)
        organisations = self.env["res.partner"].create(
            [
                {
                    "name": row["name"],
                    "email": row["email"],
                    "is_company": True,
                    "company_id": self.env.company.id,
                    "country_id": self.env.company.country_id.id,
                    "lang": CITIES[key].lang,
                }
                for row in rows
            ]
        )
        by_name = {organisation.name: organisation for organisation in organisations}
        for row in rows:
            if row["parent"]:
                by_name[row["name"]].parent_id = by_name[row["parent"]]

    @api.model
    def _load_terms(self, key):
        """Create the terms of the law of the country, and those of the classifier."""
        country = self.env.company.country_id.code
        rows = [row for row in self._read("deadline_rules") if row["country"] in ("", country)]
        [operational] = self._get_phrases(key, "operational_term")
        for row in rows:
            row["source_of_law"] = row["source_of_law"] or operational
        self._create_named("contact.center.deadline.rule", rows, self._prepare_term)

    @api.model
    def _prepare_term(self, row):
        return {
            "code": row["code"],
            "source": row["source_of_law"],
            "default_for_class": row["default_for_class"] or False,
            "amount": int(row["amount"]),
            "unit": row["unit"],
            "counted_from": row["counted_from"],
            "roll_to_working_day": row["roll"] == "1",
            "ends_at": row["ends_at"],
            "maximum_amount": int(row["max_amount"] or 0),
            "maximum_unit": row["max_unit"] or "calendar_days",
            "calendar": row["calendar"],
            "warn_share": int(row["warn_share"]),
            "pause_on_waiting": row["pause_on_waiting"] == "1",
            "urgent": row["code"] == URGENT_TERM,
        }

    @api.model
    def _load_places(self, key):
        """Create districts and streets, with former names and the houses that stand in another district."""
        districts = self._create_named(
            "contact.center.district", self._read(f"districts_{key}"), lambda row: {"code": row["code"]}
        )
        district_ids = {district.code: district.id for district in districts}
        self.env["contact.center.street"].create(
            [
                {
                    "name": row["name"],
                    "kind": row["type"],
                    "former_names": row["former_names"].replace(";", ",") or False,
                    "district_id": district_ids[row["district_code"]],
                    "latitude": float(row["latitude"]),
                    "longitude": float(row["longitude"]),
                    "segment_ids": [
                        Command.create(self._prepare_segment(segment, district_ids))
                        for segment in filter(None, row["segments"].split(";"))
                    ],
                }
                for row in self._read(f"streets_{key}")
            ]
        )

    @api.model
    def _prepare_segment(self, segment, district_ids):
        """Return the values of a segment written as ``even 2-40:CODE``."""
        houses, code = segment.split(":")
        parity, numbers = houses.split()
        number_from, number_to = map(int, numbers.split("-"))
        return {
            "parity": parity,
            "number_from": number_from,
            "number_to": number_to,
            "district_id": district_ids[code.strip()],
        }

    @api.model
    def _load_classifier(self, key):
        """Take the classifier in as a city would: from its table; then add the extra questions."""
        result = self.env["contact.center.category"]._import_table(self._read_table(f"classifier_{key}"))
        if result.rejected:
            raise ValueError(f"The demo classifier of {key} has wrong rows: {result.rejected}")
        definitions = {}
        for row in self._read("questions", key):
            question = {"name": row["name"], "string": row["label"], "type": row["type"]}
            if row["options"]:
                question["selection"] = [[option.lower(), option] for option in row["options"].split(";")]
            definitions.setdefault(row["category_code"], []).append(question)
        for code, questions in definitions.items():
            self._get_category(code).question_definition = questions

    @api.model
    def _get_category(self, code):
        """Return the node with a code in the current city."""
        return self.env["contact.center.category"].search(
            [("company_id", "=", self.env.company.id), ("code", "=", code)], limit=1
        )

    @api.model
    def _get_organisation(self, name):
        """Return the organisation with a name in the current city."""
        return self.env["res.partner"].search(
            [("company_id", "=", self.env.company.id), ("is_company", "=", True), ("name", "=", name)], limit=1
        )

    @api.model
    def _load_skills(self, key):
        """Say which operator takes which language, and lend one out (PO-7.1.6)."""
        language = self.env["res.lang"]._lang_get
        operator, operator_2 = self._get_user("operator", key), self._get_user("operator_2", key)
        self.env["contact.center.operator.skill"].create(
            [
                {"user_id": operator.id, "lang_id": language(CITIES[key].lang).id},
                *({"user_id": operator_2.id, "lang_id": language(city.lang).id} for city in CITIES.values()),
            ]
        )
        start = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
        unit = self.env["res.partner"].search(
            [("company_id", "=", self.env.company.id), ("parent_id", "!=", False)], order="id", limit=1
        )
        self.env["contact.center.lending"].create(
            {
                "user_id": operator_2.id,
                "direction": "from_centre",
                "unit_id": unit.id,
                "date_from": start,
                "date_to": start + timedelta(hours=4),
                "note": self._get_phrases(key, "lending")[0],
            }
        )

    # ------------------------------------------------------------
    # Knowledge
    # ------------------------------------------------------------

    @api.model
    def _load_articles(self, key):
        """Let an operator write articles and the supervisor publish them; two are revised, two wait for it."""
        operator, supervisor = self._get_user("operator", key), self._get_user("supervisor", key)
        Article = self.env["contact.center.article"].with_user(operator).with_context(lang=CITIES[key].lang)
        values = [dict(self._prepare_article(row), reviewer_id=supervisor.id) for row in self._read("articles", key)]
        # One of them has expired, so that its reviewer is asked.
        values[-1]["valid_until"] = fields.Date.today() - timedelta(days=10)
        articles = Article.create(values)
        articles.action_submit()
        articles.with_user(supervisor).action_publish()
        for article in articles[:REVISED_ARTICLES]:
            revision = article._revise()
            revision.summary = f"{article.summary} {article.term or ''}".strip()
            revision.action_submit()
            revision.with_user(supervisor).action_publish()
        _draft, submitted = (article._revise() for article in articles[REVISED_ARTICLES : REVISED_ARTICLES + 2])
        submitted.action_submit()

    @api.model
    def _prepare_article(self, row):
        codes = row["category_codes"].split(";")
        categories = self.env["contact.center.category"].search(
            [("company_id", "=", self.env.company.id), ("code", "in", codes)]
        )
        links = (Markup('<p><a href="%s">%s</a></p>') % (link, link) for link in row["links"].split(";") if link)
        texts = ("name", "summary", "body", "place", "opening_hours", "fee", "documents", "procedure", "term")
        return {
            **{name: row[name] or False for name in (*texts, "legal_basis", "contact")},
            "kind": row["kind"],
            "language": row["language"],
            "form_links": Markup().join(links) or False,
            "category_ids": [Command.set(categories.ids)],
            "public": row["public"] == "1",
            "owner_id": self._get_organisation(row["owner"]).id,
            "valid_until": fields.Date.today() + ARTICLE_VALIDITY,
        }

    # ------------------------------------------------------------
    # Life
    # ------------------------------------------------------------

    @api.model
    def _load_life(self, key):
        """Fill the board, the call log and what goes with them."""
        CityLife(self, key, CITIES[key]).play()

    @api.model
    def _settle_notices(self, key):
        """Take the messages to applicants of a city for sent: phones and addresses of the demo must not be written to.

        Addons whose demo data tells applicants more call it at the end as well.
        """
        company = self.env.ref(f"contact_center_base.company_{key}")
        waiting = self.env["contact.center.notice"].search([("company_id", "=", company.id), ("state", "=", "waiting")])
        waiting.write({"state": "sent", "sent_at": fields.Datetime.now()})
