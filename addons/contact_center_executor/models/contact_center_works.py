from collections import Counter, defaultdict
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command, Domain
from odoo.tools import clean_context, format_datetime

from odoo.addons.contact_center_base import workflow

from ..const import UTILITIES, WORKS_KINDS, WORKS_STATES
from ..works_area import bounds
from .contact_center_assignment import STAFF
from .contact_center_works_rules_mixin import CODES, ENTERED_FIELDS, PLACE_FIELDS


class ContactCenterWorks(models.Model):
    """A card of planned or emergency works, or of an important event: what, where, until when (KR-2.8, KR-8.1.6).

    Executors register and close their own in the portal, where they have no right to write: :meth:`register`,
    :meth:`change`, :meth:`end` and :meth:`cancel` check who acts. Staff enter works in forms. Either way the rules
    below hold, and the chatter tells who entered what (KR-8.1.7).
    """

    _name = "contact.center.works"
    _description = "Works"
    _inherit = [
        "contact.center.works.lookup.mixin",
        "contact.center.works.rules.mixin",
        "contact.center.works.upkeep.mixin",
        "contact.center.portal.thread.mixin",
        "mail.activity.mixin",
    ]
    _order = "start desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True

    number = fields.Char(readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(WORKS_KINDS, required=True, default="planned")
    name = fields.Char("What is done", required=True, tracking=True)
    utility = fields.Selection(UTILITIES, "Concerns", tracking=True)
    executor_id = fields.Many2one(
        "contact.center.executor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        default=lambda self: self.env.user.contact_center_executor_id,
    )
    contact = fields.Char("Contact for residents", tracking=True, help="Who answers questions about the works.")
    text = fields.Text("Text for residents", tracking=True, help="What changes for residents and what they can do.")
    # Where
    district_ids = fields.Many2many("contact.center.district", string="Districts", check_company=True, tracking=True)
    place_ids = fields.One2many("contact.center.works.place", "works_id", "Streets and houses", copy=True)
    area = fields.Json("Area on the map", help="One GeoJSON polygon.")
    district_wide = fields.Boolean(
        compute="_compute_district_wide", store=True, help="No street is named: its districts are concerned as a whole."
    )
    address = fields.Text("Where", compute="_compute_address", store=True, tracking=True)
    latitude = fields.Float(compute="_compute_position", store=True, digits=(10, 7))
    longitude = fields.Float(compute="_compute_position", store=True, digits=(10, 7))
    south = fields.Float(compute="_compute_position", store=True, digits=(10, 7))
    north = fields.Float(compute="_compute_position", store=True, digits=(10, 7))
    west = fields.Float(compute="_compute_position", store=True, digits=(10, 7))
    east = fields.Float(compute="_compute_position", store=True, digits=(10, 7))
    map_centre = fields.Json(compute="_compute_map_centre", compute_sudo=True, help="Where a map of it opens.")
    # When
    start = fields.Datetime(required=True, tracking=True)
    planned_end = fields.Datetime("Planned end", required=True, tracking=True)
    ended_at = fields.Datetime("Ended", readonly=True, copy=False, tracking=True)
    cancelled_at = fields.Datetime("Cancelled", readonly=True, copy=False, tracking=True)
    cancel_reason = fields.Char("Why cancelled", readonly=True, copy=False, tracking=True)
    late_reason = fields.Char(
        "Why at short notice",
        copy=False,
        tracking=True,
        groups=STAFF,
        help="A supervisor's reason to accept planned works less than a day ahead.",
    )
    state = fields.Selection(WORKS_STATES, compute="_compute_state", search="_search_state")
    # Who asked about it
    request_ids = fields.One2many("contact.center.request", "works_id", "Requests", groups=STAFF)
    consultation_count = fields.Integer("Consultations", compute="_compute_counts", compute_sudo=True)
    open_request_count = fields.Integer("Open requests", compute="_compute_counts", compute_sudo=True)

    _number_company_unique = models.UniqueIndex("(company_id, number)", "Other works have the same number.")
    _open_index = models.Index("(company_id, planned_end DESC) WHERE ended_at IS NULL AND cancelled_at IS NULL")
    _open_area_index = models.Index(
        "(company_id, south, north) WHERE area IS NOT NULL AND ended_at IS NULL AND cancelled_at IS NULL"
    )
    _open_district_index = models.Index(
        "(company_id, planned_end DESC) WHERE district_wide AND ended_at IS NULL AND cancelled_at IS NULL"
    )
    _company_start_index = models.Index("(company_id, start DESC, id DESC)")
    _executor_start_index = models.Index("(executor_id, start DESC, id DESC)")

    # ------------------------------------------------------------
    # Compute and search
    # ------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for works in self:
            works.display_name = " · ".join(filter(None, (works.number, works.name)))

    @api.depends(
        "district_ids.name",
        "place_ids.street_id.search_name",
        "place_ids.parity",
        "place_ids.number_from",
        "place_ids.number_to",
    )
    def _compute_address(self):
        """Name the places in the city's language, as residents read them; districts only where no place is named."""
        for works in self:
            city = works.with_context(lang=works.company_id.partner_id.lang)
            places = [place._get_label() for place in city.place_ids]
            works.address = "; ".join(places or city.district_ids.mapped("name"))

    @api.depends("place_ids")
    def _compute_district_wide(self):
        for works in self:
            works.district_wide = not works.place_ids

    @api.depends("area", "place_ids.street_id.latitude", "place_ids.street_id.longitude")
    def _compute_position(self):
        """Find the box around the area, to search by, and a point for the map: its middle or that of a street."""
        for works in self:
            street = works.place_ids.street_id.filtered("latitude")[:1]
            box = (street.latitude, street.latitude, street.longitude, street.longitude)
            if works.area:
                # What is no area is refused by a constraint, which comes after this.
                with suppress(ValueError):
                    box = bounds(works.area)
            works.south, works.north, works.west, works.east = box
            works.latitude, works.longitude = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2

    @api.depends("latitude", "longitude", "company_id")
    def _compute_map_centre(self):
        Street = self.env["contact.center.street"]
        centres = {company: Street._get_map_centre(company) for company in self.company_id}
        for works in self:
            point = [works.latitude, works.longitude]
            works.map_centre = point if any(point) else centres.get(works.company_id, False)

    @api.depends("start", "planned_end", "ended_at", "cancelled_at", "kind")
    def _compute_state(self):
        now = fields.Datetime.now()
        for works in self:
            past = bool(works.planned_end) and works.planned_end <= now
            if works.cancelled_at:
                works.state = "cancelled"
            elif works.ended_at or (past and works.kind == "event"):
                works.state = "ended"
            elif past:
                works.state = "overdue"
            else:
                works.state = "announced" if works.start and works.start > now else "under_way"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._get_state_domains()
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _get_running_domain(self):
        """Return the domain of cards that nobody has closed, which the partial indexes serve."""
        return Domain("ended_at", "=", False) & Domain("cancelled_at", "=", False)

    @api.model
    def _get_state_domains(self):
        """Return ``{state: domain}`` at this moment."""
        now = fields.Datetime.now()
        cancelled = Domain("cancelled_at", "!=", False)
        running = self._get_running_domain()
        past = Domain("planned_end", "<=", now)
        event = Domain("kind", "=", "event")
        return {
            "announced": running & Domain("start", ">", now),
            "under_way": running & Domain("start", "<=", now) & ~past,
            "overdue": running & past & ~event,
            "ended": ~cancelled & (Domain("ended_at", "!=", False) | (past & event)),
            "cancelled": cancelled,
        }

    @api.depends("request_ids.state", "request_ids.request_class")
    def _compute_counts(self):
        groups = self.env["contact.center.request"]._read_group(
            [("works_id", "in", self.ids)], ["works_id", "request_class", "state"], ["__count"]
        )
        consultations, still_open = Counter(), Counter()
        for works, request_class, state, count in groups:
            if request_class == "consultation":
                consultations[works.id] += count
            if state in workflow.OPEN_STATES:
                still_open[works.id] += count
        for works in self:
            works.consultation_count = consultations[works.id]
            works.open_request_count = still_open[works.id]

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        by_company = defaultdict(list)
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            by_company[vals.get("company_id") or self.env.company.id].append(vals)
        for company_id, values in by_company.items():
            sequence = self.env["res.company"].browse(company_id)._get_works_sequence()
            for vals, number in zip(values, sequence._next_batch(len(values)), strict=True):
                vals["number"] = number
        all_works = super().create(vals_list)
        if not self._is_system():
            for works in all_works:
                works._check_registration()
        return all_works

    def write(self, vals):
        if self._is_system():
            return super().write(vals)
        self._check_change(vals)
        starts = {works: works.start for works in self}
        result = super().write(vals)
        for works, start in starts.items():
            if works.start != start:
                works._check_new_start(start)
        if "planned_end" in vals:
            self._check_end_ahead()
        if "area" in vals:
            # Drawings can't be compared in words; that it was changed, and by whom, is told all the same.
            self._message_log_batch({works.id: self.env._("The area on the map was changed.") for works in self})
        return result

    def _write_kept(self, vals):
        """Write past :meth:`write` what methods of the model keep and nobody enters."""
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Works can't be deleted: cancel them with a reason."))

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    def _lock(self):
        """Take the works for this transaction, so that of two people who decide at once one wins.

        :raises UserError: when a colleague holds one of them just now.
        """
        try:
            # Portal users read works only; who may act was checked by the caller, hence sudo.
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("A colleague is changing these works at this very moment. Reload the page and try again.")
            ) from error

    def _format(self, moment):
        """Return how a moment reads to the user, in the time zone of the city of this one card."""
        zone = str(self.company_id.sudo()._get_time_zone())  # the city's calendar is no secret
        return format_datetime(self.env, moment, tz=zone, dt_format="d MMMM y, HH:mm")

    @api.model
    def register(self, values):
        """Register works of the user's executor or one below it (KR-8.1.6) and return the card.

        :param dict values: ``kind``, ``executor_id`` (by default the user's), and what :meth:`change` takes.
        :raises AccessError: for another executor's works, or for whoever acts for none.
        :raises UserError: for unknown values and for what the rules of the register refuse.
        """
        values = {"kind": "planned", **values}
        executor_id = values.pop("executor_id", False)
        executor = self.env["contact.center.executor"].browse(
            executor_id or self.env.user.contact_center_executor_id.id
        )
        executor.check_access("read")
        self._check_role()
        if not executor:
            raise UserError(self.env._("Choose the executor whose works they are."))
        entered = self._prepare_entered(values, {*ENTERED_FIELDS, "kind"})
        # Executors' people have no right to create works; that these are theirs was just checked, hence sudo.
        company_id = executor.sudo().company_id.id
        works = self.sudo().with_context(clean_context(self.env.context))
        created = works.create([{**entered, "executor_id": executor.id, "company_id": company_id}])
        return created.with_env(self.env)

    def change(self, values):
        """Change these cards.

        :param dict values: ``name``, ``utility``, ``start``, ``planned_end`` (naive, UTC), ``contact``, ``text``,
            ``area`` (GeoJSON polygon), ``district_ids`` (ids) and ``place_ids``: dictionaries of ``street_id``,
            ``parity``, ``number_from`` and ``number_to``, which replace the places there are.
        :raises AccessError: for another executor's works.
        :raises UserError: for unknown values and for what the rules of the register refuse.
        """
        self._check_role()
        self._lock()
        entered = self._prepare_entered(values)
        self.sudo().write(entered)  # who may change them was just checked; executors' people may not write

    @api.model
    def _prepare_entered(self, values, names=ENTERED_FIELDS):
        """Return what was entered as values to write.

        :param names: of the fields that may be entered.
        :raises UserError: for other names and unknown codes.
        """
        places = values.get("place_ids") or []
        unknown = (values.keys() - names).union(*(place.keys() - PLACE_FIELDS for place in places))
        if unknown:
            raise UserError(self.env._("Works don't hold these fields: %s.", ", ".join(sorted(unknown))))
        for name, codes in CODES.items():
            if values.get(name) and values[name] not in codes:
                label = self._fields[name]._description_string(self.env)
                raise UserError(self.env._("“%(code)s” isn't a choice of “%(field)s”.", code=values[name], field=label))
        prepared = dict(values)
        if "district_ids" in values:
            prepared["district_ids"] = [Command.set(values["district_ids"] or [])]
        if "place_ids" in values:
            prepared["place_ids"] = [Command.clear(), *(Command.create(dict(place)) for place in places)]
        return prepared

    def end(self, ended_at=None):
        """Report that these works have ended and close their cards (KR-8.1.6).

        :param datetime ended_at: when, naive UTC; by default now.
        :raises AccessError: for another executor's works.
        :raises UserError: for works that have not begun, are closed already, or a moment outside of them.
        """
        self._check_role()
        self._lock()
        now = fields.Datetime.now()
        ended_at = fields.Datetime.to_datetime(ended_at) or now
        for works in self:
            if works.state in ("ended", "cancelled"):
                raise UserError(self.env._("%s is closed already.", works.number))
            if works.state == "announced":
                raise UserError(self.env._("%s has not begun: cancel it instead.", works.number))
            if not works.start <= ended_at <= now:
                raise UserError(
                    self.env._(
                        "%(number)s: the end lies between the start, %(start)s, and now.",
                        number=works.number,
                        start=works._format(works.start),
                    )
                )
        self._close({"ended_at": ended_at})

    def cancel(self, reason):
        """Cancel these works; what was announced stays on record.

        :param str reason: why, for residents who ask.
        :raises AccessError: for another executor's works.
        :raises UserError: without a reason or for closed cards.
        """
        self._check_role()
        self._lock()
        if not (reason or "").strip():
            raise UserError(self.env._("Write why the works are cancelled: residents will ask."))
        for works in self:
            if works.state in ("ended", "cancelled"):
                raise UserError(self.env._("%s is closed already.", works.number))
        self._close({"cancelled_at": fields.Datetime.now(), "cancel_reason": reason.strip()})

    def _close(self, values):
        """Write the ending of these works, and note it in the requests that waited for it."""
        # Who may close them was checked by the caller; executors' people may not write, hence sudo.
        works = self.sudo()
        works._write_kept(values)
        waiting = works.request_ids.filtered(lambda request: request.state in workflow.OPEN_STATES)
        for card, requests in waiting.grouped("works_id").items():
            city = card.with_context(lang=card.company_id.partner_id.lang)
            comment = city.env._("%s: the works have ended.", card.display_name)
            if card.cancelled_at:
                comment = city.env._("%s: the works were cancelled.", card.display_name)
            self.env["contact.center.request.event"]._record(requests, "works", comment=comment)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_end(self):
        """End these works now, and list the requests that waited for it, if any, to be answered."""
        self.end()
        return self.action_view_requests() if self.request_ids.filtered_domain(self._get_waiting_domain()) else True

    def action_link_requests(self):
        """Open the list of requests at the place of this one card, to be linked with it."""
        self.ensure_one()
        requests = self._find_requests()
        if not requests:
            raise UserError(
                self.env._("There are no open requests at the place of these works that aren't linked yet.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.works.link",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Link requests"),
            "context": {"default_works_id": self.id, "default_request_ids": requests.ids},
        }

    def action_view_requests(self):
        """Open the linked requests that are to be answered still."""
        return self._open_requests(self.env._("To be answered"), self._get_waiting_domain())

    def action_view_consultations(self):
        """Open the consultations that were answered with these works."""
        return self._open_requests(self.env._("Consultations"), Domain("request_class", "=", "consultation"))

    @api.model
    def _get_waiting_domain(self):
        return Domain("state", "in", workflow.OPEN_STATES)

    def _open_requests(self, name, domain):
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.request",
            "view_mode": "list,form",
            "name": name,
            "domain": list(Domain("works_id", "in", self.ids) & domain),
        }
