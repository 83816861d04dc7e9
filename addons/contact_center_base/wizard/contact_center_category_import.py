import base64
from contextlib import closing

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.contact_center_category_table import COLUMNS, REQUIRED_COLUMNS
from ..tabular import TableError, explain, read_table, write_csv, write_xlsx


class ContactCenterCategoryImport(models.TransientModel):
    """Takes a classifier in from a CSV or XLSX, after a look at what would happen."""

    _name = "contact.center.category.import"
    _description = "Import the Classifier"

    file = fields.Binary(attachment=False)
    filename = fields.Char()
    create_executors = fields.Boolean(
        "Add unknown executors", help="Otherwise a row that names an organisation unknown here is rejected."
    )
    state = fields.Selection(
        [("new", "New"), ("checked", "Checked"), ("done", "Imported")], required=True, default="new"
    )
    created_count = fields.Integer("Added", readonly=True)
    updated_count = fields.Integer("Changed", readonly=True)
    unchanged_count = fields.Integer("Unchanged", readonly=True)
    rejected_count = fields.Integer("Rejected", readonly=True)
    skipped_columns = fields.Char("Languages not active here", readonly=True)
    report = fields.Binary("Rejected rows", readonly=True, attachment=False)
    report_filename = fields.Char(readonly=True)

    def action_check(self):
        """Show what the import of this one file would do; nothing is kept."""
        with closing(self.env.cr.savepoint()):
            result = self._import()
        return self._show(result, "checked")

    def action_import(self):
        """Import this one file."""
        return self._show(self._import(), "done")

    def _import(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            table = read_table(base64.b64decode(self.file), self.filename or "", REQUIRED_COLUMNS)
            return self.env["contact.center.category"]._import_table(table, create_executors=self.create_executors)
        except TableError as error:
            raise UserError(explain(error, self.env)) from error

    def _show(self, result, state):
        """Keep what became of the rows and open this dialog again."""
        self.write(
            {
                "state": state,
                "created_count": result.created,
                "updated_count": result.updated,
                "unchanged_count": result.unchanged,
                "rejected_count": len(result.rejected),
                "skipped_columns": ", ".join(result.skipped_columns),
                "report": result.rejected and base64.b64encode(self._get_report(result.rejected)),
                "report_filename": self.env._("rejected_rows.csv"),
            }
        )
        return _reopen(self, self.env._("Import the classifier"))

    def _get_report(self, rejected):
        """Return the rejected rows as CSV with their line and reason; corrected, it can be imported as it is."""
        header = [*COLUMNS, "line", "reason"]
        return write_csv(
            header, ([*(row.get(column, "") for column in COLUMNS), line, reason] for line, row, reason in rejected)
        )


class ContactCenterCategoryExport(models.TransientModel):
    """Gives the classifier out in the format in which it can be imported again."""

    _name = "contact.center.category.export"
    _description = "Export the Classifier"

    file_format = fields.Selection([("xlsx", "XLSX"), ("csv", "CSV")], "Format", required=True, default="xlsx")
    file = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    def action_export(self):
        """Write the file of the current city's classifier and offer it for download."""
        self.ensure_one()
        write = {"xlsx": write_xlsx, "csv": write_csv}[self.file_format]
        data = write(COLUMNS, self.env["contact.center.category"]._get_export_rows())
        self.write({"file": base64.b64encode(data), "filename": f"classifier.{self.file_format}"})
        return _reopen(self, self.env._("Export the classifier"))


def _reopen(wizard, title):
    """Return the action that shows a dialog again."""
    return {
        "type": "ir.actions.act_window",
        "res_model": wizard._name,
        "res_id": wizard.id,
        "view_mode": "form",
        "target": "new",
        "name": title,
    }
