import base64
import gzip
import hashlib
import logging
import zlib
from itertools import islice
from pathlib import Path

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..importing import NAMED_TARGETS, Directory, RowError, explain
from ..tabular import SURPLUS, TableError, read_table, write_csv
from ..tabular import explain as explain_table

_logger = logging.getLogger(__name__)

BATCH_SIZE = 500
GZIP_MARK = b"\x1f\x8b"
# What may not change once rows were taken over.
FIXED_FIELDS = {"profile_id", "company_id", "file", "dry_run"}
FIELD_OF_NAME = {"category": "category_id", "owner": "owner_id", "district": "district_id", "street": "street_id"}


class ImportBusy(UserError):
    """Another import takes over requests of the same system into the same city at this moment."""


class ContactCenterImport(models.Model):
    """One file of requests from another system on its way into a city.

    It is taken over in batches, each of which is one transaction: with its requests it leaves a line that counts them.
    So a killed import leaves complete batches only and goes on behind the last one, and whoever cancels it doesn't get
    into its way. A request is known by its number in the other system and never taken over twice.
    """

    _name = "contact.center.import"
    _description = "Import of Requests"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    profile_id = fields.Many2one(
        "contact.center.import.profile", required=True, check_company=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    file = fields.Binary(required=True, attachment=True, help="CSV, gzipped CSV or XLSX.")
    file_name = fields.Char(required=True)
    dry_run = fields.Boolean("Only try", help="Read and check everything, report what would be rejected, add nothing.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    scheduled = fields.Boolean(readonly=True, copy=False, help="The scheduler carries it out, not a command line.")
    checksum = fields.Char(readonly=True, copy=False)
    header = fields.Json(copy=False)
    message = fields.Text("Why it failed", readonly=True, copy=False)
    started_at = fields.Datetime("Started on", readonly=True, copy=False)
    finished_at = fields.Datetime("Ended on", readonly=True, copy=False)
    forgotten_at = fields.Datetime("File deleted on", readonly=True, copy=False, help="Files hold personal data.")
    batch_ids = fields.One2many("contact.center.import.batch", "import_id", "Batches", readonly=True)
    error_ids = fields.One2many("contact.center.import.error", "import_id", "Rejected rows", readonly=True)
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    position = fields.Integer("Rows read", compute="_compute_counts")
    created_count = fields.Integer("Added", compute="_compute_counts")
    unchanged_count = fields.Integer("Known already", compute="_compute_counts")
    rejected_count = fields.Integer("Rejected", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Share of the rows that were read, in percent.")
    summary = fields.Char(compute="_compute_summary")
    error_file = fields.Binary(compute="_compute_error_file")
    error_file_name = fields.Char(compute="_compute_error_file_name")

    # ------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------

    @api.depends("batch_ids", "row_count")
    def _compute_counts(self):
        sums = self.env["contact.center.import.batch"]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id"],
            ["row_count:sum", "created_count:sum", "unchanged_count:sum", "rejected_count:sum"],
        )
        by_import = {job: counts for job, *counts in sums}
        for job in self:
            counts = by_import.get(job, (0, 0, 0, 0))
            job.position, job.created_count, job.unchanged_count, job.rejected_count = counts
            job.progress = 100 * job.position / job.row_count if job.row_count else 0

    @api.depends("position", "dry_run")
    @api.depends_context("lang")
    def _compute_summary(self):
        for job in self:
            counts = {
                "rows": job.position,
                "created": job.created_count,
                "unchanged": job.unchanged_count,
                "rejected": job.rejected_count,
            }
            if job.dry_run:
                job.summary = self.env._(
                    "%(rows)s rows tried: %(created)s would be added, %(unchanged)s are known already, "
                    "%(rejected)s would be rejected.",
                    **counts,
                )
            else:
                job.summary = self.env._(
                    "%(rows)s rows read: %(created)s added, %(unchanged)s known already, %(rejected)s rejected.",
                    **counts,
                )

    @api.depends("error_ids")
    def _compute_error_file(self):
        """Put the rejected rows into a table with the columns of the file, their lines and the reasons."""
        for job in self:
            header = job.header or []
            # Surplus cells stand behind the columns, as in the file.
            names = [*header, SURPLUS]
            rows = [[row.line, row.reason, *(row.cells.get(name, "") for name in names)] for row in job.error_ids]
            content = write_csv([self.env._("Line"), self.env._("Reason"), *header], rows)
            job.error_file = base64.b64encode(content) if rows else False

    @api.depends("file_name")
    def _compute_error_file_name(self):
        for job in self:
            job.error_file_name = f"{job.file_name}.errors.csv"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if FIXED_FIELDS & vals.keys() and any(job.state != "draft" for job in self):
            raise UserError(self.env._("The import has begun: make a new one for another file, profile or city."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(job.state == "running" for job in self):
            raise UserError(self.env._("Cancel the import first."))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_start(self):
        """Let the scheduler begin or go on with this one import.

        :raises UserError: when the file can't be read, or another import of the same system into the city is under way.
        """
        self.ensure_one()
        if self.state == "done" or (self.state == "running" and self.scheduled):
            raise UserError(self.env._("This import is running or done already."))
        busy = self.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("profile_id.source_system", "=", self.profile_id.source_system),
                ("state", "=", "running"),
                ("scheduled", "=", True),
            ],
            limit=1,
        )
        if busy:
            raise ImportBusy(self._get_busy_message())
        self._prepare()
        self.write({"scheduled": True})
        # Who imports needn't be allowed to see scheduled jobs, hence sudo.
        self.env.ref("contact_center_base.ir_cron_import_requests").sudo()._trigger()

    def action_cancel(self):
        """Stop these imports behind the batch that is under way; what was taken over stays."""
        running = self.filtered(lambda job: job.state == "running")
        running.write({"state": "cancelled", "finished_at": fields.Datetime.now()})

    def action_download_errors(self):
        """Download the rejected rows of this one import."""
        self.ensure_one()
        url = f"/web/content/{self._name}/{self.id}/error_file/{self.error_file_name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def action_view_errors(self):
        """Open the list of the rejected rows of this one import."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rejected rows"),
            "res_model": "contact.center.import.error",
            "view_mode": "list",
            "domain": [("import_id", "=", self.id)],
        }

    # ------------------------------------------------------------
    # Command line
    # ------------------------------------------------------------

    @api.private
    @api.model
    def run_file(self, path, profile_code, company=None, progress=None, dry_run=False, errors=None):
        """Import a file at once, committing after each batch; an import of it that was killed goes on.

        Not for remote calls, as it reads and writes files of the server.

        :param path: of the file.
        :param str profile_code: code of the import profile.
        :param company: the city; by default the one that the profile names, added when there is none.
        :param progress: called with the rows read and all rows after each batch.
        :param bool dry_run: only check.
        :param errors: path for the rejected rows, by default ``NAME.errors.csv`` in the current folder.
        :return: dict with ``rows``, ``created``, ``unchanged``, ``rejected`` and, if rows were rejected, ``errors``.
        :raises UserError: when the file can't be read or another import is under way.
        """
        path = Path(path)
        content = self._read_path(path)
        profile = self.env["contact.center.import.profile"]._get_by_code(profile_code)
        city = company or profile._find_or_create_city()
        values = {"profile_id": profile.id, "company_id": city.id, "dry_run": dry_run}
        job = self.search(
            [
                *((name, "=", value) for name, value in values.items()),
                ("checksum", "=", hashlib.sha256(content).hexdigest()),
                ("state", "in", ("running", "failed")),
                ("scheduled", "=", False),
            ],
            limit=1,
        )
        if not job:
            job = self.create({**values, "file": base64.b64encode(content), "file_name": path.name})
        job._prepare()
        job._process(progress)
        # Servers that run meanwhile learn of new nodes of the classifier.
        self.env.registry.signal_changes()
        return job._report(errors or Path.cwd() / f"{path.name}.errors.csv")

    @api.model
    def _read_path(self, path):
        """Return the bytes of a file.

        :raises UserError: saying why they can't be read.
        """
        if path.is_dir():
            raise UserError(self.env._("%s is a folder: name the file in it.", path))
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise UserError(self.env._("%s is not there: check the path.", path)) from error
        except OSError as error:
            message = self.env._("%(path)s can't be read: %(reason)s.", path=path, reason=error.strerror)
            raise UserError(message) from error

    def _report(self, errors):
        """Write the rejected rows of this one import into a file, if there are any, and return the counts."""
        report = {
            "rows": self.position,
            "created": self.created_count,
            "unchanged": self.unchanged_count,
            "rejected": self.rejected_count,
        }
        if self.error_file:
            Path(errors).write_bytes(base64.b64decode(self.error_file))
            report["errors"] = str(errors)
        return report

    # ------------------------------------------------------------
    # Carrying out
    # ------------------------------------------------------------

    @api.model
    def _cron_process(self):
        """Carry out the scheduled imports, the oldest first, as long as there is time."""
        for job in self.search([("state", "=", "running"), ("scheduled", "=", True)], order="id"):
            try:
                if not job._process():
                    return
            except ImportBusy:
                # A command line is at it; the scheduler comes again.
                continue
            except UserError as error:
                self.env.cr.rollback()
                job._finish("failed", message=str(error))
            except psycopg2.OperationalError:
                # Somebody else's change came between, or the connection broke: the scheduler comes again.
                raise
            except Exception:
                # One broken import must not hold up those behind it for ever.
                self.env.cr.rollback()
                _logger.exception("Import %s failed", job.id)
                message = self.env._(
                    "The program failed at this file. Your administrator finds the cause in the log; started again, "
                    "the import goes on behind what it has taken over."
                )
                job._finish("failed", message=message)

    def _prepare(self):
        """Make sure that the file of this one import can be read to its end, count its rows and mark it as running.

        :raises UserError: saying what is wrong with the file.
        """
        table = self._open_table()
        try:
            row_count = sum(1 for _row in table.rows)
        except TableError as error:
            raise UserError(explain_table(error, self.env)) from error
        if not row_count:
            raise UserError(self.env._("%s has a header, but no rows.", self.file_name))
        self.write(
            {
                "state": "running",
                "message": False,
                "header": table.header,
                "row_count": row_count,
                "checksum": hashlib.sha256(self._get_content()).hexdigest(),
                "started_at": self.started_at or fields.Datetime.now(),
                "finished_at": False,
            }
        )

    def _get_content(self):
        """Return the bytes of the file of this one import."""
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _open_table(self):
        """Return the table in the file of this one import.

        :raises UserError: saying why it can't be read, or which columns it lacks.
        """
        content = self._get_content()
        try:
            if content.startswith(GZIP_MARK):
                content = gzip.decompress(content)
            return read_table(content, self.file_name, self.profile_id._get_columns())
        except (OSError, EOFError, zlib.error) as error:
            raise UserError(self.env._("%s is damaged and can't be read to its end.", self.file_name)) from error
        except TableError as error:
            raise UserError(explain_table(error, self.env)) from error

    def _process(self, on_progress=None):
        """Take over the rows of this one import that are left, committing after each batch.

        :param on_progress: called with the rows read and all rows after each batch.
        :return: False when the scheduler's time is over before the last row.
        :raises ImportBusy: when another process is at it.
        """
        self.ensure_one()
        job = self._with_rights()
        mapping = job.profile_id._get_mapping(job.company_id)
        directory, seen = None, set()
        for rows in split_every(BATCH_SIZE, islice(job._open_table().rows, job.position, None), list):
            job._take_turn()
            if job.state != "running":
                return True
            if directory is None or job.dry_run:
                directory = Directory(job.profile_id, job.company_id)
            job._process_batch(rows, mapping, directory, seen)
            position, row_count = job.position, job.row_count
            seconds_left = self.env["ir.cron"]._commit_progress(len(rows), remaining=row_count - position)
            if on_progress:
                on_progress(position, row_count)
            if not seconds_left:
                return position == row_count and job._finish("done")
        return job._finish("done")

    def _with_rights(self):
        """Return this one import as the user who made it, with the rights that it needs."""
        user = self.create_uid
        # A technical administrator imports without reading requests; the job reads and adds them for everybody, hence
        # sudo. The history names the user.
        job = self.with_user(user).with_company(self.company_id).sudo()
        return job.with_context(lang=user.lang, tracking_disable=True)

    def _take_turn(self):
        """Make sure that until the end of this transaction nobody else imports from the same system into the city.

        :raises ImportBusy: when somebody does.
        """
        key = f"contact.center.import/{self.company_id.id}/{self.profile_id.source_system}"
        query = SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", key)
        if not self.env.execute_query(query)[0][0]:
            raise ImportBusy(self._get_busy_message())

    def _get_busy_message(self):
        return self.env._(
            "Another import from “%(system)s” into %(city)s is running. Wait for its end and start again: "
            "what it has added is not added twice.",
            system=self.profile_id.source_system,
            city=self.company_id.name,
        )

    def _finish(self, state, message=False):
        """Note the end of this one import, tell its user, and return True."""
        self.write({"state": state, "message": message, "finished_at": fields.Datetime.now()})
        if self.scheduled:
            self._notify_user()
        self.env["ir.cron"]._commit_progress(remaining=0)
        return True

    def _notify_user(self):
        """Tell the user of this one import how it ended: at once, and as a to-do that leads to it."""
        user = self.create_uid
        job = self.with_context(lang=user.lang, mail_activity_quick_update=True)
        text = job.message or job.summary
        kind = "danger" if self.state == "failed" else "success"
        user._bus_send("simple_notification", {"title": self.file_name, "message": text, "type": kind})
        summary = job.env._("Import ended")
        job.activity_schedule("mail.mail_activity_data_todo", summary=summary, note=text, user_id=user.id)

    # ------------------------------------------------------------
    # One batch
    # ------------------------------------------------------------

    def _process_batch(self, rows, mapping, directory, seen):
        """Take over some rows of this one import in the current transaction and count them.

        :param rows: list of ``(line, cells by column)``.
        :param set seen: numbers taken over by earlier batches of this run; those of this one are added.
        """
        with self.env.cr.savepoint() as savepoint:
            self.profile_id._ensure_term(self.company_id)
            counts, rejected = self._take_over(rows, mapping, directory, seen)
            if self.dry_run:
                savepoint.rollback()
        self.env["contact.center.import.error"].create(
            [
                {"import_id": self.id, "line": line, "reason": reason, "cells": cells}
                for line, cells, reason in sorted(rejected, key=lambda row: row[0])
            ]
        )
        self.env["contact.center.import.batch"].create(
            {"import_id": self.id, "row_count": len(rows), "rejected_count": len(rejected), **counts}
        )

    def _take_over(self, rows, mapping, directory, seen):
        """Register the new requests among some rows.

        :return: counts, and a list of ``(line, cells, reason)`` of the rejected rows.
        """
        drafts, entries, rejected = [], [], []
        now = fields.Datetime.now()
        for line, cells in rows:
            try:
                drafts.append((line, cells, mapping.read_row(cells, now)))
            except RowError as error:
                rejected.append((line, cells, explain(error, self.env)))
        known = seen | self._find_known([draft.number for _line, _cells, draft in drafts])
        for kind in NAMED_TARGETS:
            names = {draft.names.get(kind) for _line, _cells, draft in drafts if draft.number not in known}
            directory.learn(kind, filter(None, names))
        unchanged = 0
        for line, cells, draft in drafts:
            if draft.number in known:
                unchanged += 1
                continue
            try:
                entries.append((line, cells, (self._prepare_request_values(draft, directory), draft.moves)))
            except RowError as error:
                rejected.append((line, cells, explain(error, self.env)))
            except UserError as error:
                rejected.append((line, cells, str(error)))
            else:
                known.add(draft.number)
                seen.add(draft.number)
        created = self._register_entries(entries, rejected)
        return {"created_count": created, "unchanged_count": unchanged}, rejected

    def _find_known(self, numbers):
        """Return those of the numbers under which requests were taken over already, as a set."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("source_system", "=", self.profile_id.source_system),
            ("source_number", "in", numbers),
        ]
        found = self.env["contact.center.request"].search_fetch(domain, ["source_number"], order="id")
        return set(found.mapped("source_number"))

    def _prepare_request_values(self, draft, directory):
        """Return the values of the request of one row.

        :raises RowError: for a node, district, street or executor that isn't there.
        :raises UserError: for a history that the workflow doesn't allow.
        """
        values = dict(draft.values)
        values.update((FIELD_OF_NAME[kind], directory.find(kind, name)) for kind, name in draft.names.items())
        self.env["contact.center.request"]._check_history(values, draft.moves)
        contact = draft.applicant
        if contact:
            partner = self.env["res.partner"]._find_or_create_applicant(contact, self.company_id)
            values.update(partner_id=partner.id, phone=contact.get("phone"), email=contact.get("email"))
        return values

    def _register_entries(self, entries, rejected):
        """Register many requests and return how many there were; what the database refuses joins the rejected rows.

        Halving finds the refused ones with few attempts.

        :param entries: list of ``(line, cells, (values, moves))``.
        :param list rejected: gets ``(line, cells, reason)`` of what was refused.
        """
        if not entries:
            return 0
        Request = self.env["contact.center.request"]
        try:
            with self.env.cr.savepoint():
                Request._register_with_history([entry for _line, _cells, entry in entries])
            return len(entries)
        except UserError as error:
            reason = str(error)
        except (psycopg2.IntegrityError, psycopg2.DataError) as error:
            reason = Request._sql_error_to_message(error)
        if len(entries) == 1:
            line, cells, _entry = entries[0]
            rejected.append((line, cells, reason))
            return 0
        middle = len(entries) // 2
        return self._register_entries(entries[:middle], rejected) + self._register_entries(entries[middle:], rejected)


class ContactCenterImportBatch(models.Model):
    """A complete batch of an import, written in the transaction of its requests: there exactly when they are."""

    _name = "contact.center.import.batch"
    _description = "Batch of an Import"
    _order = "id"
    _rec_name = "import_id"

    import_id = fields.Many2one("contact.center.import", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id", store=True, precompute=True)
    row_count = fields.Integer("Rows")
    created_count = fields.Integer("Added")
    unchanged_count = fields.Integer("Known already")
    rejected_count = fields.Integer("Rejected")


class ContactCenterImportError(models.Model):
    """A row that was not taken over, with its cells as they came and the reason."""

    _name = "contact.center.import.error"
    _description = "Rejected Row of an Import"
    _order = "line, id"
    _rec_name = "line"

    import_id = fields.Many2one("contact.center.import", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id", store=True, precompute=True)
    line = fields.Integer(required=True)
    reason = fields.Text(required=True)
    cells = fields.Json(required=True)
