from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.contact_center_base import workflow
from odoo.addons.contact_center_base.const import INFORMED_BY
from odoo.addons.contact_center_base.files import check_files

from ..assignment_workflow import WORKING_STATES
from ..const import JUSTIFICATION_DAYS
from ..petition_kinds import KINDS, OPEN_STATES, family
from .contact_center_petition import CHANGES

#: A plan for a later year is a slip of the pen.
PLAN_YEARS = 30
MAXIMUM_FILES = 20
# What a petition or a decision may hold -> name of the method that reads it.
READERS = {
    "change": "_read_change",
    "proposed_executor_id": "_read_executor",
    "executor_id": "_read_executor",
    "until": "_read_date",
    "plan_year": "_read_plan_year",
    "plan_document": "_read_text",
    "responsible_id": "_read_person",
    "instruction": "_read_text",
    "result": "_read_text",
    "informed_by": "_read_informed_by",
}


class ContactCenterAssignment(models.Model):
    """Petitions about assignments (KR-8.2): filing them, and what becomes of them when the part ends."""

    _inherit = "contact.center.assignment"

    petition_ids = fields.One2many("contact.center.petition", "assignment_id", "Petitions")
    open_petition_count = fields.Integer("Open petitions", compute="_compute_open_petition_count")
    additional_control = fields.Boolean(related="request_id.additional_control")
    additional_control_until = fields.Datetime(related="request_id.additional_control_until")
    missed_control = fields.Boolean("Additional control missed", help="An extended term ran out too (KR-8.2.2).")
    justify_by = fields.Date(
        compute="_compute_justify_by", help="Until when it is to be justified why it can't be solved (RO-4.4b)."
    )

    # ------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------

    @api.depends("petition_ids.state")
    def _compute_open_petition_count(self):
        counts = dict(
            self.env["contact.center.petition"]._read_group(
                [("assignment_id", "in", self.ids), ("state", "in", OPEN_STATES)], ["assignment_id"], ["__count"]
            )
        )
        for assignment in self:
            assignment.open_petition_count = counts.get(assignment, 0)

    @api.depends("assigned_at")
    def _compute_justify_by(self):
        for assignment in self:
            given = assignment.assigned_at and assignment.company_id._to_local(assignment.assigned_at).date()
            assignment.justify_by = given and given + timedelta(days=JUSTIFICATION_DAYS)

    # ------------------------------------------------------------
    # Filing a petition
    # ------------------------------------------------------------

    def petition(self, kind, values, attachment_ids=()):
        """File a petition about this one assignment (KR-8.2) and return the ``contact.center.petition``.

        Executors file in the portal; the centre files for those who call or write (MA-5.1). Whether additional control
        is asked for the first time or again after a missed one is for the system to see. The latter waits for the
        executor's head, unless the head files it and names who answers for it.

        :param str kind: code of ``petition_kinds.KINDS``.
        :param dict values: ``reason`` and the fields of the kind, as a form or an RPC call gives them.
        :param attachment_ids: ids of files that the user has uploaded for it or to the assignment: the evidence.
        :raises AccessError: for whoever acts neither for the executor nor for the centre, or for files of others.
        :raises UserError: when such a petition is open already, isn't possible now, or something is missing or wrong.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_executor_role()
        # Executors read assignments, not requests: that they may read this one was just checked, hence sudo.
        self.sudo().request_id._lock()
        kind = self._check_petition_kind(kind)
        reason = self._read_text(values.get("reason"))
        if not reason:
            raise UserError(self.env._("Write the reason: the petition is decided by it."))
        details = {name: value for name, value in values.items() if name != "reason"}
        given = self._read_petition_values(KINDS[kind].fields, details)
        self._check_petition(kind, given)
        files = self._find_evidence(attachment_ids)
        if KINDS[kind].evidence and not files:
            raise UserError(self.env._("Attach the evidence: acts, official notes or photos."))
        # Petitions are written by methods only, hence sudo.
        petition = self.env["contact.center.petition"].sudo().create([self._prepare_petition(kind, reason, given)])
        self._adopt_evidence(files, petition)
        if petition.state == "to_confirm":
            self._record_events("petitioned", petition._describe(reason))
            self._notify("petition_to_confirm", petition._describe(reason))
        else:
            petition._submit()
        return petition.with_env(self.env)

    def get_petition_kinds(self):
        """Return the codes of the petitions that can be filed about this one assignment now, in their order."""
        self.ensure_one()
        self.check_access("read")
        return [code for code in KINDS if code == family(code) and not self._explain_no_petition(code)]

    def get_proposable_executors(self):
        """Return ``[(id, name)]`` of the executors of the city to whom this one assignment could be given instead."""
        self.ensure_one()
        self.check_access("read")
        # Which organisations work for the city is no secret, and more than the name isn't told, hence sudo.
        executors = self.env["contact.center.executor"].sudo()
        found = executors.search([("company_id", "=", self.company_id.id), ("id", "!=", self.executor_id.id)])
        return [(executor.id, executor.name) for executor in found]

    def _check_petition_kind(self, code):
        """Return the kind under which a petition of the kind ``code`` is filed about this one assignment now.

        :raises UserError: when there is no such kind or it can't be filed.
        """
        if code not in KINDS:
            raise UserError(self.env._("“%s” is no kind of a petition.", code))
        problem = self._explain_no_petition(family(code))
        if problem:
            raise UserError(problem)
        missed = family(code) == "extension" and self._has_missed_control()
        return "extension_again" if missed else family(code)

    def _explain_no_petition(self, code):
        """Return why a petition of a kind can't be filed about this one assignment now, or ``None`` when it can."""
        kind = KINDS[code]
        if self.state not in WORKING_STATES or self.request_state in workflow.FINISHED_STATES:
            return self.env._("%s is proposed or finished: there is nothing to petition for.", self.display_name)
        if self.role == "co" and not kind.by_co:
            return self.env._("The lead executor petitions for that: co-executors ask for another executor only.")
        if self.request_state == "planned" and not kind.in_plan:
            return self.env._("%s is in the long-term plan: its clock stands still.", self.number)
        open_kinds = {family(row.kind) for row in self.petition_ids if row.state in OPEN_STATES}
        if code in open_kinds:
            return self.env._("A petition of this kind is open already: wait for the decision or withdraw it.")
        return None

    def _has_missed_control(self):
        """Tell whether additional control granted for this one assignment was missed (KR-8.2.2)."""
        return self.missed_control or (self.is_overdue and self.additional_control)

    def _check_petition(self, code, values):
        """Check what a petition of a kind about this one assignment holds.

        :param dict values: as :meth:`_read_petition_values` gives them.
        :raises UserError: naming what is missing or wrong.
        """
        missing = [name for name in KINDS[code].needs if not values.get(name)]
        if missing:
            labels = self.env["contact.center.petition"]._fields
            wanted = ", ".join(labels[name]._description_string(self.env) for name in missing)
            raise UserError(self.env._("Fill in first: %s.", wanted))
        if values.get("until"):
            # The clock of the request decides, and tells no more than the date, hence sudo.
            self.sudo().request_id._check_extension(values["until"])
        if values.get("proposed_executor_id") == self.executor_id.id:
            raise UserError(self.env._("“%s” has it already: propose another executor.", self.executor_id.name))

    def _prepare_petition(self, code, reason, values):
        """Return the values of a new petition of a kind about this one assignment."""
        is_head = "executor_head" in self.env["contact.center.request"]._get_roles()
        confirmed = is_head and values.get("responsible_id")
        prepared = {"assignment_id": self.id, "kind": code, "reason": reason, "user_id": self.env.uid, **values}
        if code == "extension_again" and confirmed:
            prepared.update(confirmed_by_id=self.env.uid, confirmed_at=fields.Datetime.now())
        elif code == "extension_again":
            prepared["state"] = "to_confirm"
        if code == "cannot_solve":
            prepared["late"] = self.company_id._get_today() > self.justify_by
        return prepared

    # ------------------------------------------------------------
    # Evidence (KR-8.2.2, MA-4.1.6)
    # ------------------------------------------------------------

    def _find_evidence(self, attachment_ids):
        """Return, in sudo mode, the files that the user hands in with a petition about this one assignment.

        :raises AccessError: for files of others.
        :raises UserError: for too many of them, and for what :func:`check_files` refuses.
        """
        if len(attachment_ids) > MAXIMUM_FILES:
            raise UserError(self.env._("Attach %s files at most.", MAXIMUM_FILES))
        # Portal users have no access to files at all; whose these are is checked right below, hence sudo.
        files = self.env["ir.attachment"].sudo().browse(attachment_ids).exists()
        own = files.filtered(lambda file: not file.res_id and file.create_uid == self.env.user)
        here = files.filtered(lambda file: file.res_model == self._name and file.res_id == self.id)
        if self.env.user.share:
            # What the centre keeps here for itself doesn't become evidence that executors read.
            here &= self._get_files()
        if len(own | here) < len(set(attachment_ids)):
            raise AccessError(self.env._("Attach files that you have uploaded yourself."))
        check_files(self.env, [(file.name, file.raw) for file in files])
        return files

    def _adopt_evidence(self, files, record):
        """Make files, in sudo mode, the evidence of a record; what hangs on this one assignment stays there too."""
        place = {"res_model": record._name, "res_id": record.id, "public": False, "access_token": False}
        here = files.filtered("res_id")
        (files - here).write(place)
        for file in here:
            file.copy(place)

    # ------------------------------------------------------------
    # Reading what forms and RPC calls give
    # ------------------------------------------------------------

    def _read_petition_values(self, names, values):
        """Return values of a petition or a decision about this one assignment, each as its field wants it.

        :param names: fields that it may hold; others are refused, empty ones left out.
        :param dict values: as a form or an RPC call gives them; numbers and dates may be text.
        :raises UserError: naming what is wrong.
        """
        given = {name: value for name, value in values.items() if value not in (None, False, "")}
        unknown = given.keys() - set(names)
        if unknown:
            raise UserError(self.env._("This doesn't belong here: %s.", ", ".join(sorted(unknown))))
        return {name: getattr(self, READERS[name])(value) for name, value in given.items()}

    def _read_text(self, value):
        return str(value or "").strip()

    def _read_number(self, value):
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("“%s” is no number.", value)) from error

    def _read_date(self, value):
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("“%s” is no date: write it as year-month-day.", value)) from error

    def _read_change(self, value):
        if value not in dict(CHANGES):
            raise UserError(
                self.env._("Say whether another executor is to take it over or an additional one is needed.")
            )
        return value

    def _read_informed_by(self, value):
        if value not in dict(INFORMED_BY):
            raise UserError(self.env._("Choose how the applicant is informed."))
        return value

    def _read_plan_year(self, value):
        year, now = self._read_number(value), self.company_id._get_today().year
        if not now < year <= now + PLAN_YEARS:
            raise UserError(
                self.env._(
                    "The year of the plan is from %(first)s to %(last)s: for this year ask for additional control.",
                    first=now + 1,
                    last=now + PLAN_YEARS,
                )
            )
        return year

    def _read_executor(self, value):
        # Executors needn't read one another; only whether it is one of the city is checked, hence sudo.
        executors = self.env["contact.center.executor"].sudo()
        found = executors.search([("id", "=", self._read_number(value)), ("company_id", "=", self.company_id.id)])
        if not found:
            raise UserError(self.env._("Choose an executor of the city."))
        return found.id

    def _read_person(self, value):
        return self.executor_id._find_person(self._read_number(value)).id

    # ------------------------------------------------------------
    # What happens to petitions
    # ------------------------------------------------------------

    def _enter(self, target, comment=None, role=None):
        """Enter the state; what was petitioned for has no object any more when the part is proposed or ends."""
        if target not in WORKING_STATES:
            # Petitions follow their part, whoever moves it, hence sudo.
            waiting = self.sudo().petition_ids.filtered(lambda petition: petition.state in OPEN_STATES)
            waiting._end(comment)
        return super()._enter(target, comment, role)

    def _note_missed_deadline(self):
        """Remember besides which of these assignments have missed additional control."""
        # A figure that only the system keeps, hence sudo.
        self.sudo().filtered(lambda part: part.is_overdue and part.additional_control).missed_control = True
        return super()._note_missed_deadline()
