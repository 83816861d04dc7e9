from odoo import api, models

from .contact_center_desk import ICONS


class ContactCenterIntake(models.AbstractModel):
    """Tells residents of works at the place of which they are about to report (KR-2.8)."""

    _inherit = "contact.center.intake"

    @api.model
    def _get_public_notices(self, company, place):
        """Put works before everything else that is known: they often make a report needless."""
        Works = self.env["contact.center.works"]
        found = Works._find_at(company, **place)
        url = f"/contact-center/{company.contact_center_code}/works"
        notices = [
            {
                "icon": ICONS[row["kind"]],
                "title": f"{row['number']} · {row['state_label']}",
                "text": works._get_answer(),
                "url": f"{url}/{row['number']}",
            }
            for works, row in zip(found, found._read_public(), strict=True)
        ]
        return notices + super()._get_public_notices(company, place)
