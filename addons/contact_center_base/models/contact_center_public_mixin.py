from odoo import api, fields, models
from odoo.fields import Domain

from ..const import PUBLIC_CLASSES, PUBLIC_DIGITS
from ..masking import mask_contacts

#: What the public part is made of; read at once, a thousand requests take as long as a few.
PUBLIC_FIELDS = (
    "is_public",
    "number",
    "state",
    "category_id",
    "district_id",
    "street_id",
    "house",
    "latitude",
    "longitude",
    "registered_at",
    "changed_at",
    "finished_at",
    "deadline",
    "owner_id",
    "description",
    "publish_text",
)


class ContactCenterPublicMixin(models.AbstractModel):
    """What everybody may know of a request, without a login: on the map, through Open311, in open data.

    One domain and one method decide it for all of them. Who brought it and whatever could tell it are never part of it.
    """

    _name = "contact.center.public.mixin"
    _description = "Public Part of Requests"

    is_public = fields.Boolean(
        "Shown publicly",
        compute="_compute_is_public",
        store=True,
        help="On the city's map, through Open311 and in open data, without the applicant.",
    )
    publish_text = fields.Boolean(
        "Words may be shown", help="The applicant agreed that everybody reads the description and sees the photos."
    )
    changed_at = fields.Datetime("Last change", readonly=True, copy=False, help="Date of the last line of the history.")

    # The condition is written as searches write it: the database doesn't see that "is_public" means the same.
    _public_registered_index = models.Index("(company_id, registered_at DESC, id DESC) WHERE is_public IS TRUE")
    _public_changed_index = models.Index("(company_id, changed_at DESC, id DESC) WHERE is_public IS TRUE")
    _public_place_index = models.Index("(company_id, latitude, longitude) WHERE is_public IS TRUE")

    @api.depends("restricted", "request_class", "category_id.public")
    def _compute_is_public(self):
        for request in self:
            request.is_public = (
                not request.restricted and request.category_id.public and request.request_class in PUBLIC_CLASSES
            )

    @api.model
    def _get_public_domain(self, company):
        """Return the domain of the requests of one city that everybody may know of."""
        return Domain("company_id", "=", company.id) & Domain("is_public", "=", True)

    def _read_public(self):
        """Return what everybody may know of many requests, one dictionary each, in their order.

        ``latitude`` and ``longitude`` are rounded, or ``None``; moments are naive in UTC; ``text`` and ``photo_ids``
        are empty unless the applicant agreed to show them, and phone numbers and e-mail addresses in the text are
        hidden. A request that isn't public is left out.
        """
        # What follows reads nothing but what everybody may know, of public requests only, hence sudo.
        requests = self.sudo()
        requests.fetch(PUBLIC_FIELDS)
        requests = requests.filtered("is_public")
        states = dict(self._fields["state"]._description_selection(self.env))
        return [{**request._prepare_public(), "state_label": states[request.state]} for request in requests]

    def _prepare_public(self):
        """Return what everybody may know of this one public request."""
        placed = self._has_coordinates()
        return {
            "number": self.number,
            "state": self.state,
            "category": self.category_id,
            "district": self.district_id,
            "address": self._get_public_address(),
            "street": self.street_id,
            "house": self.house or "",
            "latitude": round(self.latitude, PUBLIC_DIGITS) if placed else None,
            "longitude": round(self.longitude, PUBLIC_DIGITS) if placed else None,
            "registered": self.registered_at,
            "changed": self.changed_at or self.registered_at,
            "finished": self.finished_at or None,
            "deadline": self.deadline or None,
            "executor": self.owner_id.name or "",
            "text": mask_contacts(self.description) if self.publish_text else "",
            "photo_ids": self.photo_ids.ids if self.publish_text else [],
            "joined": self.participant_count,
        }

    def _get_public_address(self):
        """Return the street and house of this one request: a flat or a landmark may tell who lives there."""
        return " ".join(filter(None, (self.street_id._get_label(), self.house)))
