from odoo import api, fields, models

from odoo.addons.contact_center_base.const import INFORMED_BY

from ..assignment_workflow import RESULT_FIELDS


class ContactCenterResult(models.TransientModel):
    """Enters the result of an executor who reported it by phone or on paper (KR-7.5, MA-5.1)."""

    _name = "contact.center.result"
    _description = "Result of an Executor"

    assignment_id = fields.Many2one("contact.center.assignment", required=True)
    # Proposed as the user may read it: anybody can name any assignment here.
    result = fields.Text(
        "Answer to the applicant", compute="_compute_result", store=True, readonly=False, compute_sudo=False
    )
    result_unit = fields.Char(
        "Unit that executed", compute="_compute_result", store=True, readonly=False, compute_sudo=False
    )
    result_person = fields.Char(
        "Name of the responsible person", compute="_compute_result", store=True, readonly=False, compute_sudo=False
    )
    result_phone = fields.Char(
        "Phone of the responsible person", compute="_compute_result", store=True, readonly=False, compute_sudo=False
    )
    result_date = fields.Date("Done on", default=lambda self: self.env.company._get_today())
    informed_by = fields.Selection(INFORMED_BY, "Applicant informed by")
    informed_at = fields.Datetime("Applicant informed on", default=fields.Datetime.now)
    attachment_ids = fields.Many2many("ir.attachment", string="Photos and files")

    @api.depends("assignment_id")
    def _compute_result(self):
        """Propose what was entered before, else what is known of the executor and the classifier node."""
        for wizard in self:
            wizard.assignment_id.check_access("read")
            values = wizard.assignment_id._prepare_result() if wizard.assignment_id else {}
            # Whoever enters it here only writes down what somebody of the executor said.
            named = wizard.assignment_id.result_person or wizard.assignment_id.responsible_id
            wizard.result, wizard.result_unit = values.get("result"), values.get("result_unit")
            wizard.result_person = values.get("result_person") if named else False
            wizard.result_phone = values.get("result_phone") if named else False

    def action_apply(self):
        """Propose to close with this result, as the executor would do it in the portal."""
        self.ensure_one()
        assignment = self.assignment_id
        assignment._add_files([(file.name, file.raw) for file in self.attachment_ids])
        if assignment.state == "new":
            assignment.action_accept()
        assignment.propose({name: self[name] for name in (*RESULT_FIELDS, "informed_at")})
        return {"type": "ir.actions.act_window_close"}
