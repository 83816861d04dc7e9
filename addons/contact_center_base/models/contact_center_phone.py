from odoo import api, fields, models

from ..phone import normalise


class ContactCenterPhone(models.Model):
    """A further phone number of an applicant, kept in E.164."""

    _name = "contact.center.phone"
    _description = "Phone of an Applicant"
    _rec_name = "number"

    partner_id = fields.Many2one("res.partner", "Applicant", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="partner_id.company_id", store=True, precompute=True)
    number = fields.Char(required=True, index=True, help="International form, e.g. +380 56 123 45 67.")
    note = fields.Char(help="Whose or which phone it is: work, neighbour, daughter.")

    _number_partner_unique = models.UniqueIndex("(partner_id, number)", "The applicant already has this number.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_e164(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_e164(vals))

    @api.model
    def _with_e164(self, vals):
        """Return the values with the number in E.164.

        :raises UserError: when it is no phone number.
        """
        if "number" not in vals:
            return vals
        return dict(vals, number=normalise(vals["number"], self.env.company.country_id.code, strict=self.env))
