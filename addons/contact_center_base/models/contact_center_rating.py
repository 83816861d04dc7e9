from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from ..const import STARS
from ..files import check_files, find_type

#: A comment on one page of paper; what is longer is no comment.
TEXT_LIMIT = 3000
PHOTO_LIMIT = 5
#: Working days in which a wish for rework is to be decided.
DECISION_DAYS = 2
RETURN_STATES = [
    ("none", "No wish for rework"),
    ("asked", "To be decided"),
    ("agreed", "Agreed"),
    ("refused", "Refused"),
]


class ContactCenterRating(models.Model):
    """What an applicant says of the work on a request that is done, and the wish to have it done again (KR-10.1).

    There is one for each time a request was done (its *round*): who comes back from rework is rated anew, and what was
    said before stays. Nobody has the right to write ratings: applicants give them by ``contact.center.request._rate``,
    wishes are decided by :meth:`agree_return` and :meth:`refuse_return`.
    """

    _name = "contact.center.rating"
    _description = "Rating by the Applicant"
    _order = "rated_at desc, id desc"
    _rec_name = "request_id"

    request_id = fields.Many2one("contact.center.request", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="request_id.company_id", store=True, precompute=True)
    round = fields.Integer(required=True, aggregator=None, help="How many times the request had been done by then.")
    # What was said
    value = fields.Integer("Rating", required=True, aggregator="avg", help="From 1 (very bad) to 5 (very good).")
    stars = fields.Selection(STARS, compute="_compute_stars")
    solved = fields.Boolean()
    comment = fields.Text()
    rated_at = fields.Datetime("Rated on", required=True)
    # Who was judged, as it was then: a request may go to somebody else later.
    category_id = fields.Many2one("contact.center.category", index="btree_not_null")
    district_id = fields.Many2one("contact.center.district")
    owner_id = fields.Many2one("res.partner", "Executor", index="btree_not_null")
    # The wish to have it done again
    missing = fields.Text("What is missing", help="Why it isn't solved, in the applicant's words.")
    photo_ids = fields.One2many("ir.attachment", "res_id", "Photos", domain=[("res_model", "=", _name)])
    return_state = fields.Selection(RETURN_STATES, "Wish for rework", required=True, default="none")
    asked_at = fields.Datetime("Asked for on")
    decided_by_id = fields.Many2one("res.users", "Decided by")
    decided_at = fields.Datetime("Decided on")
    decision = fields.Text("Reason of the decision", help="When refused, the applicant reads it.")
    may_decide = fields.Boolean(compute="_compute_may_decide")
    # What the request says
    description = fields.Text(related="request_id.description", related_sudo=False)
    result = fields.Text(related="request_id.result", related_sudo=False)

    _round_unique = models.UniqueIndex("(request_id, round)", "This request is rated already: reload the page.")
    _asked_index = models.Index("(company_id, asked_at) WHERE return_state = 'asked'")
    _rated_index = models.Index("(company_id, rated_at)")
    _value_check = models.Constraint("CHECK(value BETWEEN 1 AND 5)", "A rating is a number from 1 to 5.")

    # ------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------

    @api.depends("value")
    def _compute_stars(self):
        for rating in self:
            rating.stars = str(rating.value)

    @api.depends("return_state")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        decides = bool(self.env["contact.center.request"]._get_roles() & self._get_return_deciders())
        for rating in self:
            rating.may_decide = decides and rating.return_state == "asked"

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_decide(self):
        """Open the dialog that agrees to this one wish or refuses it, as the context (``decision``) says."""
        self.ensure_one()
        agreeing = self.env.context.get("decision") != "refused"
        return {
            "type": "ir.actions.act_window",
            "res_model": "contact.center.rating.decide",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Return for rework") if agreeing else self.env._("Refuse the wish for rework"),
            "context": {"default_rating_id": self.id, "default_decision": "agreed" if agreeing else "refused"},
        }

    # ------------------------------------------------------------
    # What the applicant says
    # ------------------------------------------------------------

    @api.model
    def _find_problems(self, said, photos):
        """Return ``{field: what is wrong}`` of a rating that somebody wants to give, empty when it can be taken.

        :param dict said: ``value`` (1 to 5), ``solved`` (``True`` or ``False``), ``comment`` and ``missing``.
        :param photos: list of ``(name, content)``, the content as bytes.
        """
        problems = {}
        if said["value"] not in range(1, 6):
            problems["value"] = self.env._("Choose how satisfied you are.")
        if said["solved"] not in (True, False):
            problems["solved"] = self.env._("Say whether it is solved.")
        if said["solved"] is False and not said["missing"]:
            problems["missing"] = self.env._("Write what is missing, so that it can be done.")
        for name in ("comment", "missing"):
            if len(said[name] or "") > TEXT_LIMIT:
                problems[name] = self.env._("This is too long: write at most %s characters.", TEXT_LIMIT)
        photo_problem = self._find_photo_problem(photos)
        if photo_problem:
            problems["photos"] = photo_problem
        return problems

    @api.model
    def _find_photo_problem(self, photos):
        """Return why photos can't be taken, or ``None``."""
        if len(photos) > PHOTO_LIMIT:
            return self.env._("These are too many photos: choose at most %s.", PHOTO_LIMIT)
        try:
            check_files(self.env, photos)
        except UserError as error:
            return str(error)
        others = [name for name, content in photos if not find_type(content).startswith("image/")]
        return self.env._("“%s” isn't a picture: choose photos only.", others[0]) if others else None

    @api.model
    def _prepare_said(self, said):
        """Return the values of a rating that was found to be without problems."""
        unsolved = not said["solved"]
        return {
            "value": said["value"],
            "solved": said["solved"],
            "comment": said["comment"] or False,
            "missing": unsolved and said["missing"],
            "return_state": "asked" if unsolved else "none",
        }

    def _says(self, values):
        """Tell whether this one rating says the same already, as when a form is sent twice."""
        return all(self[name] == value for name, value in values.items())

    def _keep_photos(self, photos):
        """Keep the photos that go with this one wish for rework; new ones take the place of former ones.

        Called in the name of the applicant, see ``contact.center.request._as_applicant``.
        """
        if self.return_state == "none" or photos:
            self.photo_ids.unlink()
        if self.return_state == "asked":
            self.env["ir.attachment"].create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": find_type(content),
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for name, content in photos
                ]
            )

    def _read_for_applicant(self):
        """Return what the applicant is shown of this one rating, see ``_read_rating_for_applicant`` of requests."""
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("stars", "return_state")}
        return {
            "value": self.value,
            "label": labels["stars"][self.stars],
            "solved": self.solved,
            "comment": self.comment or "",
            "missing": self.missing or "",
            "photos": len(self.photo_ids),
            "rated_at": self.rated_at,
            "return_state": self.return_state,
            "return_label": labels["return_state"][self.return_state],
            "decision": self.decision or "",
        }

    def _note_said(self, asked_before):
        """Write this one rating into the history, and let those who decide know of a wish for rework.

        :param bool asked_before: whether the wish stood there before the applicant changed the rating.
        """
        request = self.request_id
        request.rating = self.value
        Event = self.env["contact.center.request.event"]
        Event._record(request, "rated", comment=self._describe())
        if self.return_state == "asked":
            Event._record(request, "return_asked", comment=self.missing)
        if asked_before or self.return_state == "asked":
            request.activity_unlink(["contact_center_base.mail_activity_type_return"])
        if self.return_state == "asked":
            self._call_deciders()

    def _describe(self):
        """Return how this one rating reads in the history, in the city's language."""
        city = self.request_id._in_city_language().env
        about = city._("%s of 5, solved", self.value) if self.solved else city._("%s of 5, not solved", self.value)
        return "\n".join(filter(None, (about, self.comment)))

    # ------------------------------------------------------------
    # Deciding on wishes for rework
    # ------------------------------------------------------------

    @api.model
    def _get_return_deciders(self):
        """Return the set of roles that decide on wishes for rework; addons with other deciders extend it."""
        return {"supervisor", "head", "system"}

    def _get_deciding_users(self):
        """Return the users who are called to decide on this one wish; without any its list is enough."""
        # Who looks after delays is a setting of the city, hence sudo.
        user = self.company_id.sudo().contact_center_alert_user_id
        user -= self.request_id._get_outsiders(user)
        return user.filtered(lambda user: self._get_return_deciders() & self.with_user(user).request_id._get_roles())

    def _call_deciders(self):
        """Give those who decide on this one wish an activity."""
        company = self.company_id
        deadline = company._to_local(company._add_working_days(DECISION_DAYS)).date()
        for user in self._get_deciding_users():
            self.request_id.activity_schedule(
                "contact_center_base.mail_activity_type_return",
                date_deadline=deadline,
                note=plaintext2html(self.missing),
                user_id=user.id,
            )

    def agree_return(self, comment=None):
        """Agree to these wishes: their requests go back to work with the words of their applicants (KR-10.1).

        :param str comment: what the decider adds for those who do the work.
        :raises AccessError: for whoever doesn't decide on wishes.
        :raises UserError: when one is decided already.
        """
        for rating in self:
            rating._take_wish()
            words = "\n".join(filter(None, (rating.missing, (comment or "").strip())))
            request = rating.request_id
            # That the user decides was just checked, and links and ratings are written by methods only, hence sudo.
            if request.main_request_id:
                # Its main request has ended: it goes on by itself.
                request.sudo().main_request_id = False
            rating.sudo().decision = (comment or "").strip() or False  # as above
            # The wish itself is settled by what follows from the move.
            request._transition("rework", comment=words)

    def refuse_return(self, reason):
        """Refuse these wishes with a reason that their applicants read.

        :raises AccessError: for whoever doesn't decide on wishes.
        :raises UserError: without a reason, or when one is decided already.
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why it isn't done again: the applicant reads it."))
        for rating in self:
            rating._take_wish()
            rating._settle_return("refused", reason)

    def _take_wish(self):
        """Take this one wish for this transaction, so that of two who decide at once one wins.

        :raises AccessError: for whoever doesn't decide on wishes.
        :raises UserError: when it is decided already, or a colleague is just deciding.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env["contact.center.request"]._get_roles() & self._get_return_deciders():
            raise AccessError(self.env._("A supervisor decides on wishes for rework."))
        self.request_id._lock()
        if self.return_state != "asked":
            raise UserError(
                self.env._("%s: there is no wish to decide on any more. Reload the page.", self.request_id.number)
            )

    def _settle_return(self, state, decision=None):
        """Note the decision on these wishes; who may decide was checked by the caller."""
        now = fields.Datetime.now()
        values = {"return_state": state, "decided_by_id": self.env.uid, "decided_at": now}
        if decision:
            values["decision"] = decision
        # Ratings are written by methods only, and activities may be of others, hence sudo.
        self.sudo().write(values)
        self.sudo().request_id.activity_unlink(["contact_center_base.mail_activity_type_return"])  # as above
        for rating in self:
            city = rating.request_id._in_city_language()
            labels = dict(self._fields["return_state"]._description_selection(city.env))
            text = ": ".join(filter(None, (labels[state], decision)))
            event = self.env["contact.center.request.event"]._record(rating.request_id, "return_decided", comment=text)
            if state == "refused":
                request = rating.request_id
                request._contact_applicant(decision, request.inform_by, "return_refused", event)
