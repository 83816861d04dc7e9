from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .. import workflow

BASES = [
    ("wish", "Wish of the person"),
    ("consent", "Consent withdrawn"),
    ("decision", "Decision of a court or an authority"),
    ("mistake", "Data of a wrong person"),
]
#: So many open requests are named when they stand in the way.
NAMED = 10


class ContactCenterErasure(models.Model):
    """The erasure of a person's data: asked for, decided, done (KP-3.10).

    What stays of it is a line without personal data: when, by whom, on what ground, how many records.
    """

    _name = "contact.center.erasure"
    _description = "Erasure of a Person's Data"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    contact = fields.Char("Phone or e-mail", store=False, help="Finds the people who use it.")
    partner_ids = fields.Many2many(
        "res.partner", string="Person", help="All entries of one person. They are gone when it is done."
    )
    basis = fields.Selection(BASES, "Ground", required=True, default="wish")
    by_applicant = fields.Boolean("Asked for in the cabinet", readonly=True)
    state = fields.Selection(
        [("asked", "Asked for"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        default="asked",
        readonly=True,
        copy=False,
        index=True,
    )
    asked_at = fields.Datetime("Asked on", required=True, readonly=True, default=fields.Datetime.now)
    refusal = fields.Text("Why it was refused", help="The person reads this. Name nobody.")
    decided_at = fields.Datetime("Decided on", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    counts = fields.Json(readonly=True, copy=False, help="How many records of each model.")
    preview = fields.Html("What there is", compute="_compute_preview", sanitize=False)
    open_numbers = fields.Char("Open requests", compute="_compute_preview")

    @api.depends("asked_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for erasure in self:
            erasure.display_name = self.env._("Erasure %s", erasure.id or "")

    @api.depends("partner_ids", "company_id", "counts")
    def _compute_preview(self):
        privacy = self.env["contact.center.privacy"]
        for erasure in self:
            people = erasure.partner_ids._origin
            counts = erasure.counts or (people and privacy._count_people(people, erasure.company_id)) or {}
            rows = {"rows": privacy._label_counts(counts)}
            template = "contact_center_base.erasure_preview"
            erasure.preview = self.env["ir.qweb"]._render(template, rows) if counts else False
            erasure.open_numbers = ", ".join(erasure._get_open_requests()[:NAMED].mapped("number"))

    @api.onchange("contact")
    def _onchange_contact(self):
        contact = (self.contact or "").strip()
        if contact:
            kind = "email" if "@" in contact else "phone"
            self.partner_ids |= self.env["res.partner"]._find_applicants(company=self.company_id, **{kind: contact})
            self.contact = False

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    def _get_open_requests(self):
        """Return the open requests of the people of this one erasure."""
        people = self.partner_ids._origin
        if not people or self.state == "done":
            return self.env["contact.center.request"]
        requests = self.env["contact.center.privacy"]._find_requests_of(people, self.company_id)
        return requests.filtered(lambda request: request.state in workflow.OPEN_STATES)

    @api.model
    def _ask(self, people, company):
        """Note that people ask in the cabinet to be erased from a city's data, and return the one open wish.

        :param people: recordset of ``res.partner``, all entries of one person.
        """
        # Residents have no rights on erasures, hence sudo.
        system = self.sudo()
        domain = Domain("state", "=", "asked") & Domain("company_id", "=", company.id)
        known = system.search(domain & Domain("partner_ids", "in", people.ids), limit=1)
        if known:
            return known
        values = {"company_id": company.id, "partner_ids": people.ids, "by_applicant": True}
        return system.create([values])

    @api.model
    def _read_own(self, people):
        """Return what people may know of their wishes that are open or were refused, the last first."""
        wishes = self.search([("partner_ids", "in", people.ids), ("by_applicant", "=", True)])
        return [
            {
                "city": wish.company_id.city or wish.company_id.name,
                "state": wish.state,
                "asked_at": wish.asked_at,
                "refusal": wish.refusal or "",
            }
            for wish in wishes
        ]

    def action_download(self):
        """Open the copy of what there is about the person of this one erasure."""
        self._check_decider()
        return {
            "type": "ir.actions.act_url",
            "url": f"/contact-center-privacy/{self.partner_ids[:1].id}/data.zip",
            "target": "download",
        }

    def action_erase(self):
        """Erase the people of this one erasure with all their requests in the city; there is no way back.

        :raises UserError: while one of their requests is open.
        """
        self._check_decider()
        if not self.partner_ids:
            raise UserError(self.env._("Choose first whose data are to be erased."))
        if pending := self._get_open_requests():
            raise UserError(
                self.env._(
                    "The city still works on %s. Finish these requests or close them as withdrawn first.",
                    ", ".join(pending[:NAMED].mapped("number")),
                )
            )
        counts = self.env["contact.center.privacy"]._erase_people(self.partner_ids, self.company_id)
        self._decide("done", counts=counts, partner_ids=False)

    def action_refuse(self):
        """Refuse this one erasure; the person reads why."""
        self._check_decider()
        if not self.refusal:
            raise UserError(self.env._("Write first why it is refused: the person reads it."))
        self._decide("refused")

    def _check_decider(self):
        """Check that the user may decide on this one erasure, and that nobody has.

        :raises AccessError: for anybody but the head of the centre.
        """
        self.ensure_one()
        if not self.env.user.has_group("contact_center_base.group_head"):
            raise AccessError(self.env._("The head of the centre decides on erasures."))
        if self.state != "asked":
            raise UserError(self.env._("This erasure has been decided."))

    def _decide(self, state, **values):
        decided = {"state": state, "decided_at": fields.Datetime.now(), "decided_by_id": self.env.uid}
        self.write({**values, **decided})
