from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import workflow
from .contact_center_place_mixin import bounding_box, distance_m


class ContactCenterDuplicateMixin(models.AbstractModel):
    """Duplicates and mass incidents: many applicants, one matter.

    A new applicant *joins* an open request; a request registered on its own is *linked* to a main one and ends with
    it. Nothing is deleted, and a link can be undone until the main request ends.
    """

    _name = "contact.center.duplicate.mixin"
    _description = "Duplicates of Requests"

    main_request_id = fields.Many2one(
        "contact.center.request", "Main request", index="btree_not_null", check_company=True, readonly=True, copy=False
    )
    linked_request_ids = fields.One2many("contact.center.request", "main_request_id", "Linked requests")
    linked_request_count = fields.Integer(compute="_compute_linked_request_count")
    participant_ids = fields.One2many("contact.center.participant", "request_id", "Joined applicants")
    participant_count = fields.Integer("Joined", compute="_compute_participant_count")

    _nearby_index = models.Index("(company_id, category_id, latitude) WHERE finished_at IS NULL")
    _street_index = models.Index("(street_id, house) WHERE street_id IS NOT NULL")

    def _compute_linked_request_count(self):
        counts = dict(self._read_group([("main_request_id", "in", self.ids)], ["main_request_id"], ["__count"]))
        for request in self:
            request.linked_request_count = counts.get(request, 0)

    def _compute_participant_count(self):
        counts = dict(
            self.env["contact.center.participant"]._read_group(
                [("request_id", "in", self.ids)], ["request_id"], ["__count"]
            )
        )
        for request in self:
            request.participant_count = counts.get(request, 0)

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    @api.model
    def _find_nearby(self, category, latitude=0.0, longitude=0.0, street=None, house=None, company=None, limit=10):
        """Return open requests of the same node near a place, the nearest first, as ``[(request, metres)]``.

        Distance and age are limits of the node. A request at the same address counts as 0 m away; without
        coordinates the address alone decides.
        """
        company = company or self.env.company
        since = fields.Datetime.now() - timedelta(days=category.duplicate_days)
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("category_id", "=", category.id)
            & Domain("state", "in", workflow.OPEN_STATES)
            & Domain("registered_at", ">=", since)
            & Domain("main_request_id", "=", False)
        )
        found = {}
        if latitude or longitude:
            south, north, west, east = bounding_box(latitude, longitude, category.duplicate_distance)
            box = Domain(
                [
                    ("latitude", ">=", south),
                    ("latitude", "<=", north),
                    ("longitude", ">=", west),
                    ("longitude", "<=", east),
                ]
            )
            for request in self.search(domain & box, limit=100):
                metres = distance_m(latitude, longitude, request.latitude, request.longitude)
                if metres <= category.duplicate_distance:
                    found[request] = metres
        if street and house:
            same_address = Domain("street_id", "=", street.id) & Domain("house", "=ilike", house.strip())
            found.update(dict.fromkeys(self.search(domain & same_address, limit=limit), 0.0))
        return sorted(found.items(), key=lambda item: (item[1], -item[0].id))[:limit]

    # ------------------------------------------------------------
    # Joining applicants
    # ------------------------------------------------------------

    def join(self, partner, channel="phone", note=None):
        """Join an applicant to this one open request and return the ``contact.center.participant``.

        An applicant who has already joined, or who reported it, is not joined twice: the note is added to the history.

        :raises UserError: when the request has ended or there is no applicant.
        """
        self.ensure_one()
        if not partner:
            raise UserError(
                self.env._("Say who joins: an applicant without a name or phone can't be told the outcome.")
            )
        if self.state in workflow.FINISHED_STATES:
            raise UserError(self.env._("%s has ended: register a new request.", self.number))
        participant = self.participant_ids.filtered(lambda row: row.partner_id == partner)
        if not participant and partner != self.partner_id:
            participant = participant.create(
                {"request_id": self.id, "partner_id": partner.id, "channel": channel, "note": note}
            )
        self.env["contact.center.request.event"]._record(self, "joined", comment=note)
        return participant

    # ------------------------------------------------------------
    # Linking requests
    # ------------------------------------------------------------

    def link_to(self, main):
        """Link many open requests to a main one; they end when it ends, with its result.

        :raises UserError: when the main request has ended, is linked itself, or one would be linked to itself.
        """
        self.check_access("write")
        main = main.main_request_id or main
        if main.state in workflow.FINISHED_STATES:
            raise UserError(self.env._("%s has ended, so nothing can be linked to it.", main.number))
        if main in self:
            raise UserError(self.env._("%s can't be linked to itself.", main.number))
        ended = self.filtered(lambda request: request.state in workflow.FINISHED_STATES)
        if ended:
            raise UserError(self.env._("%s has ended already: only open requests are linked.", ended[0].number))
        if main.restricted and not all(request.restricted for request in self):
            raise UserError(
                self.env._(
                    "%s is restricted: only restricted requests are linked to it, as they get its answer.", main.number
                )
            )
        # What was linked to these goes along, so that links stay one level deep, also what the user may not read. Links
        # are written by these methods only; that the user may change the requests was checked above. Hence sudo.
        linked = self.sudo() | self.sudo().linked_request_ids
        linked.main_request_id = main
        self.env["contact.center.request.event"]._record(linked, "linked", comment=main.number)

    def action_unlink_from_main(self):
        """Undo the link of many requests; possible until the main request ends."""
        self.check_access("write")
        # Number and state of the main request are no secret, and that these may be changed was checked: hence sudo.
        for main, requests in self.sudo().filtered("main_request_id").grouped("main_request_id").items():
            if main.state in workflow.FINISHED_STATES:
                raise UserError(self.env._("%s has ended and took the linked requests along.", main.number))
            requests.main_request_id = False
            self.env["contact.center.request.event"]._record(requests, "unlinked", comment=main.number)

    def _finish_linked(self, target):
        """End the open requests linked to this one main request in the same way, with its result."""
        # Whoever ends the main request ends what was linked to it, hence sudo and the role of the system.
        linked = self.sudo().linked_request_ids.filtered(lambda request: request.state in workflow.OPEN_STATES)
        if linked:
            linked.with_user(api.SUPERUSER_ID)._transition(
                target,
                comment=self.number,
                result=self.result,
                informed_by=self.informed_by,
                closing_reason=self.closing_reason,
            )

    def action_view_linked(self):
        """Open the requests linked to this one main request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_center_base.contact_center_request_action")
        return dict(action, domain=[("main_request_id", "=", self.id)], context={})
