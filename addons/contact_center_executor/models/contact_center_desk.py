from odoo import api, models
from odoo.exceptions import UserError

#: How a card of works is named by the desk; see ``answer_notice``.
PREFIX = "works-"
ICONS = {"planned": "fa-wrench", "emergency": "fa-bolt", "event": "fa-bullhorn"}


class ContactCenterDesk(models.AbstractModel):
    """Tells the operator of works at the caller's place, and answers with them in one click."""

    _inherit = "contact.center.desk"

    @api.model
    def _get_desk_notices(self, place):
        """Put works before everything else that is known: most callers only ask until when."""
        return self._get_works_notices(place) + super()._get_desk_notices(place)

    def _get_works_notices(self, place):
        street = self.env["contact.center.street"].browse(place.get("street_id") or []).exists()
        found = self.env["contact.center.works"]._find_at(
            self.env.company,
            street=street,
            house=place.get("house"),
            latitude=place.get("latitude") or 0.0,
            longitude=place.get("longitude") or 0.0,
        )
        states = dict(found._fields["state"]._description_selection(self.env))
        return [
            {
                "icon": ICONS[works.kind],
                "title": f"{works.number} · {states[works.state]}",
                "text": works._get_answer(),
                "reference": f"{PREFIX}{works.id}",
                "url": f"/odoo/contact.center.works/{works.id}",
            }
            for works in found
        ]

    def _prepare_notice_answer(self, reference):
        if not reference.startswith(PREFIX):
            return super()._prepare_notice_answer(reference)
        number = reference.removeprefix(PREFIX)
        works = self.env["contact.center.works"].browse(int(number) if number.isdecimal() else []).exists()
        if not works:
            raise UserError(self.env._("These works aren't known any more: enter the place anew."))
        return {"works_id": works.id, "result": works._get_answer()}
