from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..const import UTILITIES, WORKS_KINDS
from ..works_area import read_ring

#: KR-8.1.6.1: planned works are registered at least a day before they start.
NOTICE = timedelta(hours=24)

# What an executor enters; methods of the portal take nothing else.
ENTERED_FIELDS = {"name", "utility", "district_ids", "place_ids", "area", "start", "planned_end", "contact", "text"}
PLACE_FIELDS = {"street_id", "parity", "number_from", "number_to"}
# What methods of the model keep.
CLOSING_FIELDS = {"ended_at", "cancelled_at", "cancel_reason", "reminded_at", "reminder_count"}
SYSTEM_FIELDS = {"number", "company_id", *CLOSING_FIELDS}
# What is one of a few codes.
CODES = {"kind": dict(WORKS_KINDS), "utility": dict(UTILITIES)}


class ContactCenterWorksRulesMixin(models.AbstractModel):
    """What the register of works accepts, and from whom; the same for forms, the portal, RPC calls and imports."""

    _name = "contact.center.works.rules.mixin"
    _description = "Rules of the Register of Works"

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("area")
    def _check_area(self):
        for works in self.filtered("area"):
            try:
                read_ring(works.area)
            except ValueError as error:
                raise ValidationError(
                    self.env._("The area must be one closed outline with three to 200 corners: draw it anew.")
                ) from error

    @api.constrains("start", "planned_end")
    def _check_period(self):
        for works in self:
            if works.planned_end <= works.start:
                raise ValidationError(self.env._("The planned end must be later than the start."))

    @api.constrains("district_ids", "place_ids", "area")
    def _check_place(self):
        for works in self:
            if not (works.district_ids or works.place_ids or works.area):
                raise ValidationError(
                    self.env._("Say where it is: name the streets or the districts, or draw the area on the map.")
                )

    # ------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------

    def _is_system(self):
        """Tell whether the system itself acts: it takes over works of the past and keeps what nobody enters."""
        return self.env.uid == api.SUPERUSER_ID

    def _check_registration(self):
        """Check this one new card.

        :raises UserError: for works that are over, planned ones less than a day ahead, emergencies to come.
        """
        now = fields.Datetime.now()
        if any(self[name] for name in CLOSING_FIELDS):
            raise UserError(self.env._("Works are registered first and ended or cancelled later."))
        self._check_end_ahead()
        if self.kind == "emergency" and self.start > now:
            raise UserError(
                self.env._("Emergency works are registered when they have begun: choose planned works otherwise.")
            )
        if self.kind == "event" and self.start < now:
            raise UserError(self.env._("The event has begun already: announce it before."))
        if self.kind == "planned":
            self._check_notice()

    def _check_end_ahead(self):
        """Check that the end of each of these works lies ahead.

        :raises UserError: for works of the past.
        """
        now = fields.Datetime.now()
        for works in self:
            if works.planned_end <= now:
                raise UserError(
                    self.env._(
                        "The planned end, %s, is over: enter a later one, or report the end of the works.",
                        works._format(works.planned_end),
                    )
                )

    def _check_notice(self):
        """Check that this one card of planned works is registered a day ahead (KR-8.1.6.1) or accepted as an exception.

        :raises UserError: otherwise.
        """
        earliest = fields.Datetime.now() + NOTICE
        works = self.sudo()  # why it was accepted isn't for executors to read
        if works.start >= earliest:
            return
        if not (works.late_reason or "").strip():
            raise UserError(
                self.env._(
                    "Planned works are registered at least 24 hours before they start: now that is %(earliest)s or "
                    "later. Choose a later start, register emergency works if it is an accident, or ask the contact "
                    "centre's supervisor to accept it with a reason.",
                    earliest=self._format(earliest),
                )
            )
        if self._get_roles().isdisjoint({"supervisor", "head"}):
            raise AccessError(self.env._("A supervisor accepts planned works at short notice."))

    def _check_new_start(self, before):
        """Check the changed start of this one card: postponing surprises nobody, coming earlier needs a day's notice.

        :param datetime before: the start until now.
        """
        if before <= fields.Datetime.now():
            raise UserError(self.env._("%s have begun: their start can't be changed any more.", self.number))
        if self.start < before and self.kind == "planned":
            self._check_notice()

    def _check_change(self, vals):
        """Check what is to be written to these works.

        :raises UserError: for what nobody enters, for another kind, and for cards that are closed.
        """
        if SYSTEM_FIELDS & vals.keys():
            raise UserError(self.env._("Numbers and endings of works aren't written by hand: end or cancel them."))
        if "late_reason" in vals and self._get_roles().isdisjoint({"supervisor", "head"}):
            raise AccessError(self.env._("A supervisor accepts planned works at short notice."))
        for works in self:
            if vals.get("kind", works.kind) != works.kind:
                raise UserError(
                    self.env._(
                        "%s: the kind stays as it was registered. Cancel the card and register it anew.", works.number
                    )
                )
            if works.state in ("ended", "cancelled") and not (ENTERED_FIELDS | {"executor_id"}).isdisjoint(vals):
                raise UserError(self.env._("%s is closed: its card can't be changed any more.", works.number))

    @api.model
    def _get_roles(self):
        return self.env["contact.center.request"]._get_roles()

    def _check_role(self):
        """Check that the current user reads these works and acts for their executor or for the centre.

        :raises AccessError: for everybody else.
        """
        self.check_access("read")
        if self._get_roles().isdisjoint({"executor", "executor_head", "operator", "supervisor", "head", "system"}):
            raise AccessError(self.env._("Works are kept by their executor and by the centre."))
