from odoo import api, fields, models
from odoo.fields import Domain

from ..workflow import FINISHED_STATES, OPEN_STATES

#: Nobody types more to find a place or a topic.
MAXIMUM_WORDS = 200
#: What is asked for by ``state`` -> states of the requests.
PUBLIC_STATES = {"open": OPEN_STATES, "done": ("done",), "closed": ("closed",)}


class ContactCenterPublicMixin(models.AbstractModel):
    """Finding public requests on the map and in its list (MA-2.2.7): by what everybody may know of them only."""

    _inherit = "contact.center.public.mixin"

    @api.model
    def _get_public_list_domain(self, company, state=None, days=30, category=None, district=None, words="", box=None):
        """Return the domain of the public requests of one city: the open ones and those that ended lately.

        :param str state: one of ``PUBLIC_STATES``; by default all.
        :param int days: how long ago a request may have ended.
        :param category: classifier node; those below it count as well.
        :param str words: as typed: a number, a street, a topic, or words that the applicant published.
        :param box: ``(west, south, east, north)`` in degrees, the borders included.
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        # Whatever ended since then changed since then: the index of changes finds it.
        ended = Domain("state", "in", FINISHED_STATES) & Domain("changed_at", ">=", since)
        ended &= Domain("finished_at", ">=", since)
        domain = self._get_public_domain(company) & (Domain("state", "in", OPEN_STATES) | ended)
        if state:
            domain &= Domain("state", "in", PUBLIC_STATES[state])
        if category:
            domain &= Domain("category_id", "child_of", category.id)
        if district:
            domain &= Domain("district_id", "=", district.id)
        if words:
            domain &= self._get_public_words_domain(company, words[:MAXIMUM_WORDS])
        if box:
            west, south, east, north = box
            domain &= Domain("latitude", ">=", south) & Domain("latitude", "<=", north)
            domain &= Domain("longitude", ">=", west) & Domain("longitude", "<=", east)
        return domain

    @api.model
    def _get_public_words_domain(self, company, words):
        """Return the domain of requests found by words, leaving out what tells of applicants.

        The search of the staff won't do: it finds requests by the name and the e-mail of who brought them.
        """
        # Names of nodes and streets are public, hence sudo.
        env = self.env(su=True)
        categories = env["contact.center.category"].search_by_words(words, company=company)
        streets = env["contact.center.street"].search_by_words(words, limit=3, company=company)
        domain = Domain("number", "=", words.upper())
        domain |= Domain("publish_text", "=", True) & Domain("description", "ilike", words)
        if categories:
            domain |= Domain("category_id", "child_of", categories.ids)
        if streets:
            domain |= Domain("street_id", "in", streets.ids)
        return domain

    def _get_public_photos(self):
        """Return the pictures (``ir.attachment``) of this one request that everybody may see; may be empty."""
        [row] = self._read_public() or [{"photo_ids": []}]
        shown = self.env["ir.attachment"].sudo().browse(row["photo_ids"])  # everybody may see these, see _read_public
        return shown.filtered(lambda photo: (photo.mimetype or "").startswith("image/"))
