from odoo import fields, models


class ContactCenterRequest(models.Model):
    """What a request has to do with works that go on at its place."""

    _inherit = "contact.center.request"

    works_id = fields.Many2one(
        "contact.center.works",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Works that it was answered with, or that are to solve it.",
    )

    def write(self, vals):
        if "works_id" not in vals:
            return super().write(vals)
        changed = self.filtered(lambda request: request.works_id.id != vals["works_id"])
        result = super().write(vals)
        changed._record_works()
        return result

    def _record_works(self):
        """Write into the history of many requests with which works they were linked just now, or that they weren't."""
        Event = self.env["contact.center.request.event"]
        for works, requests in self.grouped("works_id").items():
            city = works.with_context(lang=requests.company_id[:1].partner_id.lang)
            Event._record(requests, "works", comment=works.display_name or city.env._("No longer linked"))
