from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ContactCenterRatingMixin(models.AbstractModel):
    """Rating of requests by those who brought them, once they are done (KR-10.1).

    A *person* is what ``contact.center.applicant.mixin`` says: a contact, or empty for whoever holds the link of a
    request without an applicant. Who it is was found out by the caller.
    """

    _name = "contact.center.rating.mixin"
    _description = "Rating of Requests"

    # Odoo's own ratings of conversations are ``rating_ids`` on every thread, once they are installed.
    applicant_rating_ids = fields.One2many("contact.center.rating", "request_id", "Ratings by the applicant")
    rating = fields.Integer(readonly=True, copy=False, aggregator=None, help="The applicant's last one; 0: none yet.")
    open_return_id = fields.Many2one("contact.center.rating", "Wish for rework", compute="_compute_open_return")
    return_missing = fields.Text("What is missing", compute="_compute_open_return")
    may_decide_return = fields.Boolean(compute="_compute_open_return")

    @api.depends("applicant_rating_ids.return_state", "applicant_rating_ids.missing")
    @api.depends_context("uid")
    def _compute_open_return(self):
        for request in self:
            wish = request.applicant_rating_ids.filtered(lambda rating: rating.return_state == "asked")[:1]
            request.open_return_id = wish
            request.return_missing = wish.missing
            request.may_decide_return = wish.may_decide

    def action_decide_return(self):
        """Open the dialog in which the wish to have this one request done again is decided."""
        self.ensure_one()
        return self.open_return_id.action_decide()

    def action_view_ratings(self):
        """Open the ratings of this one request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_center_base.contact_center_rating_action")
        return {**action, "domain": [("request_id", "=", self.id)], "context": {}}

    # ------------------------------------------------------------
    # For the applicant
    # ------------------------------------------------------------

    def _can_rate(self, person):
        """Tell whether a person may rate this one request now, or change the rating given."""
        return not self._get_rating_obstacle(person)

    def _get_rating_obstacle(self, person):
        """Return why a person can't rate this one request now, or ``None``.

        Who joined it may not: one matter has one rating, by whoever brought it.
        """
        self.ensure_one()
        if person != self.partner_id:
            return self.env._("Only the person who brought the request rates it.")
        if self.state != "done":
            return self.env._("You can rate the work as soon as it is done.")
        if self._get_present_rating().return_state in ("agreed", "refused"):
            return self.env._("The centre has decided, so the rating stays as it is.")
        if fields.Datetime.now() > self._get_rating_end():
            return self.env._("The time for rating this request is over.")
        return None

    def _get_rating_end(self):
        """Return the moment, naive in UTC, until which this one request that is done can be rated."""
        return self.finished_at + timedelta(days=self.company_id.contact_center_rating_days)

    def _get_rating_round(self):
        """Return how many times this one request was done until now."""
        # The history of a request is the system's own memory, whoever acts, hence sudo.
        Event = self.env["contact.center.request.event"].sudo()
        return Event.search_count([("request_id", "=", self.id), ("state_to", "=", "done")])

    def _get_present_rating(self):
        """Return the rating of the last time this one request was done, empty when there is none."""
        last = self.applicant_rating_ids.sorted("round")[-1:]
        return last.filtered(lambda rating: rating.round == self._get_rating_round())

    def _rate(self, person, said, photos=()):
        """Take a person's rating of this one request, or the change of it, and return the ``contact.center.rating``.

        The same once more changes nothing. A matter that isn't solved is a wish for rework, which staff decide on.

        :param dict said: ``value`` (1 to 5), ``solved`` (``True`` or ``False``), ``comment`` and ``missing``: why it
            isn't solved.
        :param photos: list of ``(name, content)`` of what is missing, the content as bytes.
        :raises UserError: when the person can't rate it now, or something is missing or too long.
        """
        self.ensure_one()
        self._wait_for_turn()
        obstacle = self._get_rating_obstacle(person)
        problems = self.env["contact.center.rating"]._find_problems(said, photos)
        if obstacle or problems:
            raise UserError(obstacle or "\n".join(problems.values()))
        request = self._as_applicant()
        rating = request._get_present_rating()
        values = rating._prepare_said(said)
        if rating and rating._says(values) and not photos:
            return rating.with_env(self.env)
        asked_before = rating.return_state == "asked"
        values["rated_at"] = fields.Datetime.now()
        values["asked_at"] = not values["solved"] and (rating.asked_at or values["rated_at"])
        if rating:
            rating.write(values)
        else:
            rating = rating.create([{**request._prepare_rating(), **values}])
        rating._keep_photos(photos)
        rating._note_said(asked_before)
        return rating.with_env(self.env)

    def _prepare_rating(self):
        """Return the values of a new rating of this one request that say what and who is judged."""
        return {
            "request_id": self.id,
            "round": self._get_rating_round(),
            "category_id": self.category_id.id,
            "district_id": self.district_id.id,
            "owner_id": self.owner_id.id,
        }

    def _wait_for_turn(self):
        """Take this one request as soon as whoever changes it just now is through.

        Of two forms that an applicant sends at once the second waits; when the first has changed something, the
        database refuses to go on from what is out of date, and Odoo runs the second once more.
        """
        query = "SELECT FROM contact_center_request WHERE id = %s FOR NO KEY UPDATE"
        self.env.execute_query(SQL(query, self.id))

    def _read_rating_for_applicant(self, person):
        """Return what the page of this one request tells a person about rating it, as a dictionary.

        It is empty for everybody but the applicant, and as long as there is nothing to rate. Else it holds ``number``,
        ``topic`` and ``result`` (both empty for restricted ones), ``can_rate``, ``obstacle`` (why not), ``until``
        (naive in UTC), ``labels`` (``[(value, words)]``, the best first), ``given`` (the present rating or ``None``)
        and ``former`` (those of earlier rounds); each rating with ``value``, ``label``, ``solved``, ``comment``,
        ``missing``, ``photos`` (their number), ``rated_at``, ``return_state``, ``return_label``, ``decision``.
        """
        self.ensure_one()
        if person != self.partner_id or not (self.state == "done" or self.applicant_rating_ids):
            return {}
        obstacle = self._get_rating_obstacle(person)
        done = self.state == "done"
        present = self._get_present_rating() if done else self.applicant_rating_ids.browse()
        stars = self.applicant_rating_ids._fields["stars"]._description_selection(self.env)
        return {
            "number": self.number,
            "topic": "" if self.restricted else self.category_id.name or "",
            "result": "" if self.restricted else self.result or "",
            "can_rate": not obstacle,
            "obstacle": obstacle,
            "until": self._get_rating_end() if done else None,
            "labels": [(int(code), label) for code, label in reversed(stars) if code != "0"],
            "given": present._read_for_applicant() if present else None,
            "former": [rating._read_for_applicant() for rating in self.applicant_rating_ids - present],
        }

    def _settle_return(self):
        """Settle the wish for rework of this one request, which has just gone back to work."""
        # Whoever returns a request needn't read its ratings, hence sudo; the history names the user all the same.
        self.sudo().open_return_id._settle_return("agreed")
