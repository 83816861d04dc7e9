from odoo import fields, models

#: What of a restricted request everybody may know who knows of it: reading this isn't noted.
_KNOWN_FIELDS = {
    "id",
    "display_name",
    "number",
    "state",
    "stage_id",
    "company_id",
    "restricted",
    "request_class",
    "registered_at",
    "finished_at",
    "create_date",
    "create_uid",
    "write_date",
    "write_uid",
    "__last_update",
}


class ContactCenterPersonalMixin(models.AbstractModel):
    """Personal data on requests: who looked into restricted ones, what was erased (KP-3.10)."""

    _name = "contact.center.personal.mixin"
    _description = "Personal Data of Requests"

    anonymised_at = fields.Datetime("Personal data erased", readonly=True, copy=False)

    _retention_index = models.Index("(company_id, request_class, finished_at) WHERE finished_at IS NOT NULL")

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _read_format(self, fnames, load="_classic_read"):
        """Note who reads restricted requests: forms, lists and programs all get their values here."""
        if not self.env.su and not _KNOWN_FIELDS.issuperset(fnames):
            self._note_reading()
        return super()._read_format(fnames, load=load)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if not self.env.su:
            self._note_reading()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _note_reading(self):
        """Note that the user reads what those of these requests say that are restricted."""
        restricted = self.filtered(lambda request: request.id and request.restricted)
        if restricted:
            self.env["contact.center.access.log"]._note(restricted)
