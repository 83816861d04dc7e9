from odoo import fields, models


class ContactCenterCategory(models.Model):
    _inherit = "contact.center.category"

    show_contact = fields.Boolean(
        "Executors see the applicant's contact",
        help="For matters that can't be done without talking to the applicant. A single request can allow it too.",
    )
    result_photo_required = fields.Boolean(
        "Demands a photo of the result", help="The executor can't propose closing without one."
    )
