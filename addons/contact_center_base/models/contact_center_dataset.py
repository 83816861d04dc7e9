import base64
import gzip
import hashlib
import tempfile
from datetime import date, timedelta
from itertools import count

from odoo import api, fields, models
from odoo.fields import Domain

from ..open_data import FORMATS, Column, describe_package, describe_table, write_rows
from .queue import work_off

#: Rows that are read at a time.
BATCH = 5000
#: Decimal places of degrees in open data: about a hundred metres, a block of houses and not a house.
DIGITS = 3
DATASETS = [("requests", "Requests"), ("consultations", "Consultations by topic")]


class ContactCenterDataset(models.Model):
    """One dataset that a city publishes as open data (KP-5.8.8), and its files of the last night.

    A dataset ``code`` is defined by two methods of this model: ``_get_<code>_columns`` and ``_iter_<code>``. An addon
    that brings a dataset adds its code to the selection and these methods. No personal data is part of any of them.
    """

    _name = "contact.center.dataset"
    _description = "Open Dataset"
    _order = "company_id, code"
    _rec_name = "code"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, readonly=True, default=lambda self: self.env.company
    )
    code = fields.Selection(DATASETS, "Dataset", required=True, readonly=True)
    active = fields.Boolean("Published", default=True)
    through = fields.Date("Complete to", readonly=True, help="The last day that is in the files, in the city's time.")
    published_at = fields.Datetime("Written", readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    file_ids = fields.One2many("contact.center.dataset.file", "dataset_id", "Files", readonly=True)

    _code_company_unique = models.UniqueIndex("(company_id, code)", "The city publishes this dataset already.")

    # ------------------------------------------------------------
    # Publishing
    # ------------------------------------------------------------

    def action_publish(self):
        """Write the files of many datasets anew, complete to yesterday."""
        self.check_access("write")
        self.sudo()._publish()  # files are written by this method only, and that the user may publish was checked

    @api.model
    def _cron_publish(self):
        """Write the files of every dataset that lacks yesterday, each in a transaction of its own."""
        self._add_missing()
        due = Domain.OR(
            Domain("company_id", "=", company.id)
            & (Domain("through", "=", False) | Domain("through", "<", company._get_today() - timedelta(days=1)))
            for company in self._get_publishers()
        )
        work_off(self.search(due), due, type(self)._publish)

    @api.model
    def _get_publishers(self):
        """Return the cities that publish: those with public pages."""
        return self.env["res.company"].search([("contact_center_code", "!=", False)])

    @api.model
    def _add_missing(self):
        """Give each city that publishes its datasets; those it has stopped publishing stay stopped."""
        cities = self._get_publishers()
        known = self.with_context(active_test=False)._read_group(
            [("company_id", "in", cities.ids)], ["company_id"], ["code:array_agg"]
        )
        codes = {company: set(found) for company, found in known}
        self.create(
            [
                {"company_id": city.id, "code": code}
                for city in cities
                for code, _label in self._fields["code"].selection
                if code not in codes.get(city, ())
            ]
        )

    def _get_last_day(self):
        """Return the last day of which everything is known in the city of this one dataset: yesterday."""
        return self.company_id._get_today() - timedelta(days=1)

    def _publish(self):
        """Write the files of many datasets, complete to yesterday."""
        for dataset in self:
            through = dataset._get_last_day()
            files, row_counts = zip(*(dataset._write_file(form, through) for form in FORMATS), strict=True)
            dataset.file_ids.unlink()
            dataset.write(
                {
                    "through": through,
                    "published_at": fields.Datetime.now(),
                    "row_count": row_counts[0],
                    "file_ids": [fields.Command.create(values) for values in files],
                }
            )

    def _write_file(self, form, through):
        """Return the values of a packed file of this one dataset, and how many rows it has.

        It goes through a temporary file: no more than a piece of it is held in memory unpacked.
        """
        digest, size, counter = hashlib.sha256(), 0, count()
        rows = (row for row, _number in zip(self._iter_rows(None, through), counter, strict=False))
        with tempfile.TemporaryFile() as file:
            with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
                for piece in write_rows(form, self._get_columns(), rows):
                    packed.write(piece)
                    digest.update(piece)
                    size += len(piece)
            file.seek(0)
            data = base64.b64encode(file.read())
        values = {"form": form, "size": size, "checksum": digest.hexdigest(), "data": data}
        return values, next(counter)

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def _get_columns(self):
        """Return the columns of this one dataset, a list of :class:`~..open_data.Column`."""
        return getattr(self, f"_get_{self.code}_columns")()

    def _iter_rows(self, since, through):
        """Yield the rows of this one dataset, tuples in the order of its columns.

        :param date since: first day in the city's time, or ``None`` for all there are.
        :param date through: the last day.
        """
        # What is published is decided by each dataset and nothing of it is personal, hence sudo.
        city_language = self.company_id.partner_id.lang
        yield from getattr(self.sudo().with_context(lang=city_language), f"_iter_{self.code}")(since, through)

    def _get_requests_columns(self):
        return [
            Column("number", "string", self.env._("Number of the request")),
            Column("category_code", "string", self.env._("Code of the topic")),
            Column("category", "string", self.env._("Topic")),
            Column("district", "string", self.env._("District")),
            Column("channel", "string", self.env._("How it reached the city")),
            Column("state", "string", self.env._("State")),
            Column("executor", "string", self.env._("Executor")),
            Column("registered", "datetime", self.env._("When it was registered")),
            Column("deadline", "datetime", self.env._("Until when it has to be done")),
            Column("finished", "datetime", self.env._("When it was finished")),
            Column("latitude", "number", self.env._("Latitude, rounded to about a hundred metres")),
            Column("longitude", "number", self.env._("Longitude, rounded to about a hundred metres")),
        ]

    def _iter_requests(self, since, through):
        """Yield the public requests registered in a period, the oldest first."""
        Request = self.env["contact.center.request"]
        start, end = self._get_bounds(since, through)
        domain = Request._get_public_domain(self.company_id) & Domain("registered_at", "<", end)
        names = ("id", "number", "category_id", "district_id", "channel", "state", "owner_id", "registered_at")
        names += ("deadline", "finished_at", "latitude", "longitude")
        last = (start, 0)
        while last:
            # Going on behind the last row is as fast at the end as at the beginning.
            behind = Domain("registered_at", ">", last[0]) | Domain("id", ">", last[1])
            query = Request._search(
                domain & Domain("registered_at", ">=", last[0]) & behind, order="registered_at, id", limit=BATCH
            )
            rows = self.env.execute_query(
                query.select(*(Request._field_to_sql(query.table, name, query) for name in names))
            )
            yield from self._name_requests([dict(zip(names, row, strict=True)) for row in rows])
            last = (rows[-1][names.index("registered_at")], rows[-1][0]) if len(rows) == BATCH else None

    def _name_requests(self, rows):
        """Yield the rows of the dataset for columns of requests as the database has them."""
        categories = self.env["contact.center.category"].browse({row["category_id"] for row in rows})
        topics = {category.id: (category.code, category.name) for category in categories}
        districts = self.env["contact.center.district"].browse({row["district_id"] for row in rows} - {None})
        owners = self.env["res.partner"].browse({row["owner_id"] for row in rows} - {None})
        names = {record: record.name for record in (*districts, *owners)}
        for row in rows:
            placed = row["latitude"] or row["longitude"]
            yield (
                row["number"],
                *topics[row["category_id"]],
                names.get(districts.browse(row["district_id"])),
                row["channel"],
                row["state"],
                names.get(owners.browse(row["owner_id"])),
                row["registered_at"],
                row["deadline"],
                row["finished_at"],
                round(float(row["latitude"]), DIGITS) if placed else None,
                round(float(row["longitude"]), DIGITS) if placed else None,
            )

    def _get_consultations_columns(self):
        return [
            Column("day", "date", self.env._("Day")),
            Column("category_code", "string", self.env._("Code of the topic")),
            Column("category", "string", self.env._("Topic")),
            Column("count", "integer", self.env._("Number of consultations")),
        ]

    def _iter_consultations(self, since, through):
        """Yield how many consultations there were on each topic, day by day (KR-2.9)."""
        Request = self.env["contact.center.request"].with_context(tz=str(self.company_id._get_time_zone()))
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("request_class", "=", "consultation") & Domain("restricted", "=", False)
        since = since or self._get_oldest_day(Request, "registered_at", domain)
        for first, last in self._iter_months(since, through):
            start, end = self._get_bounds(first, last)
            of_month = domain & Domain("registered_at", ">=", start) & Domain("registered_at", "<", end)
            groups = Request._read_group(of_month, ["registered_at:day", "category_id"], ["__count"])
            for day, category, number in groups:
                yield day.date(), category.code or None, category.name or None, number

    def _get_oldest_day(self, model, name, domain):
        """Return the day of the oldest moment that a field of some records holds, or ``None`` without any."""
        [(oldest,)] = model._read_group(domain, aggregates=[f"{name}:min"])
        return self.company_id._to_local(oldest).date() if oldest else None

    def _iter_months(self, since, through):
        """Yield the first and the last day of each month of a period; without a first day there is none."""
        while since and since <= through:
            following = (since.replace(day=1) + timedelta(days=32)).replace(day=1)
            yield since, min(following - timedelta(days=1), through)
            since = following

    def _get_bounds(self, since, through):
        """Return the first moment of a period and the first after it, both naive in UTC."""
        return self.company_id._get_period_bounds(since or date(1970, 1, 2), through)

    # ------------------------------------------------------------
    # Description
    # ------------------------------------------------------------

    @api.model
    def _describe_package(self, company, url):
        """Return the Data Package of one city, a dictionary to be sent as JSON.

        :param str url: whole address of the page of the data; the files stand below it.
        """
        datasets = self.sudo().search([("company_id", "=", company.id), ("published_at", "!=", False)])  # public
        city = {
            "code": company.contact_center_code,
            "name": company.name,
            "title": self.env._("Contact centre of %s: open data", company.city or company.name),
            "url": url,
            "license": company.contact_center_license,
            "created": max(datasets.mapped("published_at"), default=None),
            "version": max(datasets.mapped("through"), default=None),
        }
        resources = [file._describe(url) for dataset in datasets for file in dataset.file_ids]
        return describe_package(city, resources)


class ContactCenterDatasetFile(models.Model):
    """One file of a dataset as it was written the last night, packed with gzip."""

    _name = "contact.center.dataset.file"
    _description = "File of an Open Dataset"
    _order = "form"
    _rec_name = "form"

    dataset_id = fields.Many2one("contact.center.dataset", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="dataset_id.company_id", store=True, precompute=True)
    form = fields.Selection([("csv", "CSV"), ("json", "JSON")], "Format", required=True)
    size = fields.Float("Bytes", digits=(16, 0), help="Unpacked.")
    checksum = fields.Char("SHA-256", help="Of the unpacked file.")
    data = fields.Binary(attachment=True)

    def _describe(self, url):
        """Return this one file as a resource of a Data Package."""
        dataset = self.dataset_id
        labels = dict(dataset._fields["code"]._description_selection(self.env))
        return {
            "name": f"{dataset.code}-{self.form}",
            "title": labels[dataset.code],
            "path": f"{url}/{dataset.code}.{self.form}",
            "format": self.form,
            "mediatype": FORMATS[self.form],
            "encoding": "utf-8",
            "bytes": int(self.size),
            "hash": f"sha256:{self.checksum}",
            "schema": describe_table(dataset._get_columns()),
        }
