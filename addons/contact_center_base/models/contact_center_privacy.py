from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..privacy import NOT_PERSONAL, PERSONAL

#: What Odoo keeps beside records, by model and id: model -> names of its fields for these.
_BESIDE_RECORDS = {
    "mail.activity": ("res_model", "res_id"),
    "mail.followers": ("res_model", "res_id"),
    "mail.scheduled.message": ("model", "res_id"),
    "ir.attachment": ("res_model", "res_id"),
}
#: Digits at the end of a phone number that are the same in every spelling of it.
PHONE_DIGITS = 9
ENDED_IMPORTS = ("done", "cancelled", "failed")


class ContactCenterPrivacy(models.AbstractModel):
    """Erases personal data, wherever they are (KP-3.10): of requests, and of people.

    What is personal is listed in ``privacy.py``. Columns are emptied past the ORM: its methods would write what they
    empty into the history, demand a place of requests and refuse to change what is finished. Nobody reaches this by
    RPC; who may erase is for the callers to check.
    """

    _name = "contact.center.privacy"
    _description = "Erasure of Personal Data"

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    @api.model
    def _get_personal(self):
        """Return ``{model: PersonalData}``; addons that bring personal data add theirs."""
        return PERSONAL

    @api.model
    def _get_not_personal(self):
        """Return ``{model: names of text fields}`` that hold nothing personal, ``"*"`` for all of a model."""
        return NOT_PERSONAL

    @api.model
    def _get_dependants(self):
        """Return the models whose rows keep a request from being deleted, those that others hang on last."""
        return []

    @api.model
    def _is_staff(self, partner):
        """Return whether one person works with the system and so stays known in it."""
        return any(user._is_internal() for user in partner.with_context(active_test=False).user_ids)

    # ------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------

    @api.model
    def _erase_requests(self, requests):
        """Empty all personal data of many requests and of what hangs on them; figures stay. Return counts by model.

        :param requests: recordset with the rights of the system, of one city.
        """
        counts = Counter()
        if not requests:
            return counts
        for model, personal in self._get_personal().items():
            if personal.request:
                rows = self._find_rows(model, Domain(personal.request, "in", requests.ids))
                counts[model] += self._erase_rows(rows)
        Event = self.env["contact.center.request.event"]
        Event._erase_comments(requests)
        now = fields.Datetime.now()
        self._update(requests, SQL("anonymised_at = %s, publish_text = FALSE", now))
        Event._record(requests, "erased")
        return counts

    @api.model
    def _expire_requests(self, requests):
        """Erase many requests whose retention time is over, and those of their applicants who have no other matter.

        :param requests: recordset with the rights of the system, of one city.
        """
        people = requests.partner_id | requests.participant_ids.partner_id
        self._erase_requests(requests)
        self._erase_forgotten(people, requests.company_id)

    @api.model
    def _erase_forgotten(self, people, company):
        """Erase those of people to whom no request and no call refers any more."""
        known = self.env["res.partner"]
        for model in ("contact.center.request", "contact.center.participant", "contact.center.call"):
            known |= self._find_rows(model, Domain("partner_id", "in", people.ids)).partner_id
        forgotten = (people - known).filtered("applicant_kind")
        if forgotten:
            self._erase_people(forgotten, company)

    @api.model
    def _forget_import(self, job):
        """Delete the file and the rejected rows of one import that has ended."""
        self._delete_rows(job.error_ids)
        self._erase_rows(job)
        job.forgotten_at = fields.Datetime.now()

    @api.model
    def _delete_requests(self, requests):
        """Delete many requests with all that hangs on them, leaving a line for each in the register of deleted ones.

        :param requests: recordset with the rights of the system, of one city.
        """
        if not requests:
            return
        self._expire_requests(requests)
        self.env["contact.center.tombstone"]._set_up(requests)
        for model in self._get_dependants():
            rows = self._find_rows(model, Domain(self._get_personal()[model].request, "in", requests.ids))
            self._delete_rows(rows)
        self.env["contact.center.access.log"]._delete_about(requests)
        self.env["contact.center.request.event"]._delete_histories(requests)
        self._delete_rows(requests)

    # ------------------------------------------------------------
    # People
    # ------------------------------------------------------------

    @api.model
    def _find_requests_of(self, people, company):
        """Return the requests in one city that people brought, and those of nobody that were left with their contact.

        :param people: recordset of ``res.partner``.
        """
        phones, emails = people._get_contacts()
        of_contact = Domain("phone", "in", phones) | Domain("email", "in", emails)
        domain = Domain("partner_id", "in", people.ids) | (Domain("partner_id", "=", False) & of_contact)
        # All requests of a person, also those that the officer may not read, are counted and erased, hence sudo.
        return self.env["contact.center.request"].sudo().search(domain & Domain("company_id", "=", company.id))

    @api.model
    def _erase_people(self, people, company):
        """Erase people with all their finished requests in a city; return counts by model.

        That none of their requests is open is for the caller to check.

        :param people: recordset of ``res.partner``.
        """
        # Who may erase was checked by the caller; data lie in models that no officer may write, hence sudo.
        system = self.sudo()
        people = people.sudo()
        contacts = people._get_contacts()
        requests = system._find_requests_of(people, company)
        systems = set(requests.mapped("source_system")) - {False}
        counts = system._erase_requests(requests)
        for model, personal in system._get_personal().items():
            domain = system._get_domain_of_people(personal, people, contacts)
            counts[model] += system._erase_rows(system._find_rows(model, domain))
        system._erase_contacts_elsewhere(contacts)
        system._erase_imports(systems, contacts, company)
        # No matter of anybody: of what was sent to them nothing has to stay.
        system._erase_messages(people, people._get_contacts(claimed=True))
        counts["res.partner"] += len(people)
        for person in people:
            system._erase_person(person)
        return +counts

    @api.model
    def _count_people(self, people, company):
        """Return ``{model: rows}`` of what there is about people in a city."""
        # Figures only, for whoever decides on the erasure, hence sudo.
        system, people = self.sudo(), people.sudo()
        contacts = people._get_contacts()
        requests = system._find_requests_of(people, company)
        counts = Counter({"res.partner": len(people)})
        for model, personal in system._get_personal().items():
            domain = system._get_domain_of_people(personal, people, contacts)
            if personal.request:
                domain |= Domain(personal.request, "in", requests.ids)
            counts[model] = len(system._find_rows(model, domain))
        return +counts

    @api.model
    def _label_counts(self, counts):
        """Return ``[(name of the model, rows)]`` of counts by model, those without a model left out."""
        # The names of models are for everybody to read, hence sudo.
        Model = self.env["ir.model"].sudo()
        return [(Model._get(model).name, count) for model, count in counts.items() if model in self.env]

    @api.model
    def _get_domain_of_people(self, personal, people, contacts):
        """Return the domain of the rows of a model that are about people, by its :class:`~..privacy.PersonalData`."""
        domain = Domain(personal.person, "in", people.ids) if personal.person else Domain.FALSE
        values = [value for kind in contacts for value in kind]
        for name in personal.contacts:
            domain |= Domain(name, "in", values)
        return domain

    @api.model
    def _erase_contacts_elsewhere(self, contacts):
        """Empty the phones and e-mail addresses of erased people on requests of others: a family shares a phone."""
        Request = self.env["contact.center.request"]
        for name, values in zip(("phone", "email"), contacts, strict=True):
            requests = Request.search([(name, "in", values)])
            if requests:
                self._update(requests, SQL("%s = NULL", SQL.identifier(name)))
                self.env.add_to_compute(Request._fields["search_terms"], requests)

    @api.model
    def _erase_imports(self, systems, contacts, company):
        """Forget ended imports of the systems from which erased requests came, and rejected rows with a contact."""
        ended = Domain("state", "in", ENDED_IMPORTS) & Domain("company_id", "=", company.id)
        jobs = self.env["contact.center.import"].search(ended & Domain("profile_id.source_system", "in", systems))
        for job in jobs:
            self._forget_import(job)
        phones, emails = contacts
        # Rejected cells hold phones in any spelling: their last digits are compared.
        digits = [f"%{''.join(filter(str.isdigit, phone))[-PHONE_DIGITS:]}%" for phone in phones]
        found = self.env.execute_query(
            SQL(
                """SELECT id FROM contact_center_import_error
                    WHERE regexp_replace(cells::text, '[^0-9]', '', 'g') LIKE ANY(%s) OR cells::text ILIKE ANY(%s)""",
                digits,
                [f"%{address}%" for address in emails],
            )
        )
        self._delete_rows(self.env["contact.center.import.error"].browse(row_id for (row_id,) in found))

    @api.model
    def _erase_messages(self, people, contacts):
        """Delete what people wrote and what was sent to them, on whatever record."""
        phones, emails = contacts
        senders = Domain("author_id", "in", people.ids) | Domain("partner_ids", "in", people.ids)
        for address in emails:
            senders |= Domain("email_from", "ilike", address)
        self._delete_messages(self.env["mail.message"].search(senders))
        mails = Domain("recipient_ids", "in", people.ids)
        for address in emails:
            mails |= Domain("email_to", "ilike", address) | Domain("email_cc", "ilike", address)
        self.env["mail.mail"].search(mails).unlink()
        self.env["sms.sms"].search(Domain("number", "in", phones) | Domain("partner_id", "in", people.ids)).unlink()
        self.env["mail.notification"].search([("res_partner_id", "in", people.ids)]).unlink()
        everyone = {"active_test": False}
        self.env["mail.blacklist"].with_context(**everyone).search([("email", "in", emails)]).unlink()
        self.env["phone.blacklist"].with_context(**everyone).search([("number", "in", phones)]).unlink()

    @api.model
    def _erase_person(self, person):
        """Delete this one person, or where something else refers to them, everything that tells who it is."""
        if self._is_staff(person):
            # A colleague stays a colleague, and no applicant any more.
            person.write({"applicant_kind": False, "inform_by": False})
            return
        self._delete_beside(person)
        users = person.with_context(active_test=False).user_ids
        try:
            with self.env.cr.savepoint():
                users.unlink()
                person.with_context(tracking_disable=True).unlink()
        except Exception:
            for user in users:
                user.write({"active": False, "login": f"erased-{user.id}", "password": False})
            person._anonymise()

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    @api.model
    def _find_rows(self, model, domain):
        """Return the rows of a model, archived ones included, with the rights of the system."""
        # The engine works past the rights of whoever started it, which its callers checked, hence sudo.
        return self.env[model].sudo().with_context(active_test=False).search(domain)

    @api.model
    def _erase_rows(self, rows):
        """Empty or delete many rows of one model and what Odoo keeps beside them; return how many."""
        if not rows:
            return 0
        personal = self._get_personal()[rows._name]
        self._delete_beside(rows)
        if personal.row:
            self._delete_rows(rows)
            return len(rows)
        kept = rows.filtered_domain(personal.kept) if personal.kept else rows.browse()
        self._empty_columns(kept, personal.fields.keys() - set(personal.contacts))
        self._empty_columns(rows - kept, personal.fields)
        return len(rows)

    @api.model
    def _empty_columns(self, rows, names):
        """Empty the columns of some fields of many rows of one model."""
        columns = [self._empty_column(rows._fields[name]) for name in names if rows._fields[name].store]
        if rows:
            self._update(rows, SQL(", ").join(filter(None, columns)))

    @api.model
    def _empty_column(self, column):
        """Return the assignment that empties the column of a field, or nothing where its content is a file."""
        if column.type == "binary" and column.attachment:
            return None
        return SQL("%s = %s", SQL.identifier(column.name), "" if column.required else None)

    @api.model
    def _update(self, rows, assignments):
        """Set columns of many rows of one model past the ORM."""
        rows.flush_recordset()
        self.env.execute_query(
            SQL("UPDATE %s SET %s WHERE id IN %s RETURNING id", SQL.identifier(rows._table), assignments, rows._ids)
        )
        rows.invalidate_recordset()

    @api.model
    def _delete_rows(self, rows):
        """Delete many rows of one model past the ORM, which lets nobody delete most of them."""
        if not rows:
            return
        self._delete_beside(rows)
        self.env.flush_all()
        self.env.execute_query(
            SQL("DELETE FROM %s WHERE id IN %s RETURNING id", SQL.identifier(rows._table), rows._ids)
        )
        self.env["ir.model.data"].search([("model", "=", rows._name), ("res_id", "in", rows.ids)]).unlink()
        self.env.invalidate_all(flush=False)

    @api.model
    def _delete_beside(self, rows):
        """Delete messages, files, activities and followers of many rows of one model."""
        if not rows:
            return
        self._delete_messages(self.env["mail.message"].search([("model", "=", rows._name), ("res_id", "in", rows.ids)]))
        for model, (model_field, id_field) in _BESIDE_RECORDS.items():
            # With the id in the domain also files that are the content of a field are found.
            domain = [(model_field, "=", rows._name), (id_field, "in", rows.ids), ("id", "!=", False)]
            self.env[model].with_context(active_test=False).search(domain).unlink()

    @api.model
    def _delete_messages(self, messages):
        """Delete messages with their files, e-mails, SMS and what they tell of changes."""
        self.env["sms.sms"].search([("mail_message_id", "in", messages.ids)]).unlink()
        self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)]).unlink()
        messages = messages.exists()
        messages.attachment_ids.filtered(lambda file: file.res_model in (False, "mail.compose.message")).unlink()
        messages.unlink()
