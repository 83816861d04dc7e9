from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.contact_center_base.models.contact_center_follow_mixin import PICTURES

from .contact_center_assignment_talk import SAID


class ContactCenterRequest(models.Model):
    """What those who brought or joined a request see of its execution: the lead executor's part of it (KR-7.5)."""

    _inherit = "contact.center.request"

    def _get_result_files(self):
        """Add the pictures that the lead executor handed in; what was shown to the centre in talk stays there."""
        files = super()._get_result_files()
        lead = self.lead_id
        if not lead:
            return files
        of_lead = Domain("res_model", "=", lead._name) & Domain("res_id", "=", lead.id)
        pictures = Domain("mimetype", "in", PICTURES) & Domain("create_uid.share", "=", True)
        handed_in = files.search(of_lead & pictures, order="id")
        return files | (handed_in - lead._get_comments().attachment_ids)

    def _get_executor_facts(self):
        """Add who answers for the result (KR-7.5), once the centre has agreed to it."""
        facts = super()._get_executor_facts()
        lead = self.lead_id
        if lead.state != "done":
            return facts
        rows = [
            (self.env._("Unit"), lead.result_unit),
            (self.env._("Responsible"), lead.result_person),
            (self.env._("Phone"), lead.result_phone),
            (self.env._("Done on"), lead.result_date and format_date(self.env, lead.result_date)),
        ]
        return facts + [(label, text) for label, text in rows if text]

    def _get_applicant_messages(self, person):
        """Add what was written on the assignments for the applicant to read (KR-8.1.3)."""
        messages = super()._get_applicant_messages(person)
        if person != self.partner_id or not self.assignment_ids:
            return messages
        subtype = self.env.ref("contact_center_executor.mt_to_applicant")
        parts = Domain("model", "=", self.assignment_ids._name) & Domain("res_id", "in", self.assignment_ids.ids)
        said = Domain("message_type", "in", SAID) & Domain("is_internal", "=", False)
        return messages | messages.search(parts & said & Domain("subtype_id", "=", subtype.id))

    def _get_author_label(self, message, person):
        """Name the organisation in whose name its people write."""
        # The author is looked up with the rights of the system in which this request was given.
        executor = message.author_id.user_ids.contact_center_executor_id[:1]
        if message.model == self.assignment_ids._name and executor:
            return executor.name
        return super()._get_author_label(message, person)
