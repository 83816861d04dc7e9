import io
import json
import zipfile

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.osutil import clean_filename

from ..privacy import INDEX, PERSON

#: What belongs into a copy besides personal fields, where a model has it.
_CONTEXT_FIELDS = (
    "number",
    "request_id",
    "request_class",
    "category_id",
    "state",
    "channel",
    "registered_at",
    "finished_at",
    "date",
    "started_at",
    "asked_at",
    "text_id",
    "given_at",
    "withdrawn_at",
)
_PERSON_FIELDS = ("name", "applicant_kind", "phone", "email", "inform_by", "street", "zip", "city", "lang")


class ContactCenterPersonalCopy(models.AbstractModel):
    """The copy of everything that is kept about a person, for this person (KP-3.10): for programs and to be read."""

    _name = "contact.center.personal.copy"
    _description = "Copy of Personal Data"

    @api.model
    def _get_own(self, user):
        """Return ``(people, requests)``: who the holder of an account is in the register, and their requests."""
        # Only what is the holder's own is found, hence sudo.
        Request = self.env["contact.center.request"].sudo()
        own, people = Request._find_own(user)
        return people, Request.search(own)

    @api.model
    def _collect(self, people, requests):
        """Return ``[(title, [{label: value}])]`` of everything about people and their requests.

        That both are whoever gets the copy's own, or for the reader to know, is for the caller to check.

        :param people: recordset of ``res.partner``, all entries of one person.
        :param requests: recordset of their requests.
        """
        # Most of it lies in models that the reader has no rights on, hence sudo.
        system = self.sudo()
        sections = [(self.env._("Person"), system._describe_rows(people.sudo(), _PERSON_FIELDS))]
        for model, personal in self.env["contact.center.privacy"]._get_personal().items():
            if not personal.copied:
                continue
            domain = Domain(personal.person, "in", people.ids) if personal.person else Domain.FALSE
            if personal.request:
                of_requests = Domain(personal.request, "in", requests.ids)
                # What others joined with or said on the phone about the same matter is theirs.
                domain = of_requests if not personal.person else domain
            rows = system.env[model].search(domain)
            names = [name for name, kind in personal.fields.items() if kind not in (PERSON, INDEX)]
            title = system.env["ir.model"]._get(model).name
            sections.append((title, system._describe_rows(rows, [*_CONTEXT_FIELDS, *names])))
        return [(title, rows) for title, rows in sections if rows]

    @api.model
    def _describe_rows(self, rows, names):
        """Return ``{label: value}`` of each of many rows of one model, for those of the fields that it has."""
        names = [name for name in dict.fromkeys(names) if name in rows._fields]
        labels = {name: rows._fields[name]._description_string(self.env) for name in names}
        return [{labels[name]: self._describe_value(row, name) for name in names if row[name]} for row in rows]

    @api.model
    def _describe_value(self, row, name):
        """Return the value of one field of one row as text."""
        field = row._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(row[name], row[name])
        if field.type == "datetime":
            return fields.Datetime.to_string(row[name]) + " UTC"
        if field.type == "properties":
            return {
                answer["string"]: answer.get("value") for answer in row.read([name])[0][name] if answer.get("value")
            }
        if field.type == "float":
            return row[name]
        return field.convert_to_display_name(row[name], row) or str(row[name])

    @api.model
    def _pack(self, people, requests):
        """Return the content of a ZIP file with the copy: ``data.json``, ``data.html`` and the files of requests."""
        sections = self._collect(people, requests)
        # The page and the files belong to rows whose reading was checked by the caller, hence sudo.
        page = self.env["ir.qweb"].sudo()._render("contact_center_base.personal_copy", {"sections": sections})
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.json", json.dumps(dict(sections), ensure_ascii=False, indent=2, default=str))
            archive.writestr("data.html", f"<!DOCTYPE html>{page}")
            for request in requests.sudo():  # as above
                for photo in request.photo_ids:
                    name = clean_filename(f"{request.number}-{photo.id}-{photo.name}")
                    archive.writestr(f"files/{name}", photo.raw or b"")
        return content.getvalue()
