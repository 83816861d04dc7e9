from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..append_only import open_for_erasure, protect
from .contact_center_stage import STATE_SELECTION

EVENT_KINDS = [
    ("registered", "Registered"),
    ("moved", "State changed"),
    ("changed", "Details changed"),
    ("joined", "Applicant joined"),
    ("linked", "Linked to a main request"),
    ("unlinked", "Link undone"),
    ("asked", "Applicant asked"),
    ("answered", "Applicant answered"),
    ("added", "Applicant added something"),
    ("informed", "Applicant informed"),
    ("paused", "Clock paused"),
    ("resumed", "Clock resumed"),
    ("extended", "Term extended"),
    ("alerted", "Deadline alert"),
    ("notified", "Applicant notified"),
    ("rated", "Rated by the applicant"),
    ("return_asked", "Applicant asks for rework"),
    ("return_decided", "Wish for rework decided"),
    ("erased", "Personal data erased"),
]
ROLE_SELECTION = [
    ("applicant", "Applicant"),
    ("executor", "Executor"),
    ("executor_head", "Executor's head"),
    ("operator", "Operator"),
    ("supervisor", "Supervisor"),
    ("head", "Head of the centre"),
    ("control_body", "Control body"),
    ("system", "System"),
]


class ContactCenterRequestEvent(models.Model):
    """One line of a request's history. Lines are only ever added: nobody changes or deletes one, in any way.

    The ORM refuses it with a message; a trigger in the database refuses it to everything else. The one exception is
    made by law: erasing personal data empties comments, and the end of the retention time takes whole histories away,
    both through methods that nobody reaches by RPC.
    """

    _name = "contact.center.request.event"
    _description = "Request Event"
    _order = "date, id"
    _rec_name = "kind"
    _log_access = False

    request_id = fields.Many2one("contact.center.request", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", "City", required=True, index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    kind = fields.Selection(EVENT_KINDS, required=True)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, ondelete="restrict", default=lambda self: self.env.user
    )
    role = fields.Selection(ROLE_SELECTION, "In the role", required=True)
    state_from = fields.Selection(STATE_SELECTION, "Old state")
    state_to = fields.Selection(STATE_SELECTION, "New state")
    comment = fields.Text()

    def init(self):
        protect(self.env.cr, self._table)

    def write(self, vals):
        if self:
            raise UserError(self.env._("History can't be changed. Add a comment to the request instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("History can't be deleted."))

    @api.model
    def _record(self, requests, kind, comment=None, role=None, **values):
        """Add one event to each of many requests and return the events.

        :param requests: recordset of ``contact.center.request``.
        :param str kind: one of ``EVENT_KINDS``.
        :param str role: role in which the user acted; by default the role the user has at the centre.
        """
        role = role or requests._get_default_role()
        values = {"kind": kind, "role": role, "comment": comment, **values}
        events = self._add([(request, values) for request in requests])
        # What is taken over from elsewhere was told there; what happens here is told by us (KP-3.8).
        self.env["contact.center.notice"]._queue(events)
        return events

    @api.model
    def _record_histories(self, requests, histories):
        """Add the history that many requests bring from elsewhere and return the events.

        :param requests: recordset of ``contact.center.request`` without events.
        :param histories: list of :class:`~..workflow.Move` per request, in the same order.
        """
        rows = []
        for request, moves in zip(requests, histories, strict=True):
            before = None
            for move in moves:
                kind = "moved" if before else "registered"
                values = {"kind": kind, "role": move.role, "date": move.date, "comment": move.comment}
                values["user_id"] = move.user_id or self.env.uid
                rows.append((request, {**values, "state_from": before, "state_to": move.state}))
                before = move.state
        return self._add(rows)

    @api.model
    def _add(self, rows):
        """Add events given as ``(request, values)``."""
        # Nobody but this method adds history, so no role has the right to create events.
        events = self.sudo().create(
            [
                {"request_id": request.id, "company_id": request.company_id.id, "user_id": self.env.uid, **values}
                for request, values in rows
            ]
        )
        events._mark_changed()
        return events

    @api.model
    def _erase_comments(self, requests):
        """Empty the comments in the histories of requests: in them applicants and staff may have named anybody."""
        self.flush_model(["comment"])
        with open_for_erasure(self.env.cr):
            self.env.execute_query(
                SQL(
                    "UPDATE contact_center_request_event SET comment = NULL"
                    " WHERE request_id IN %s AND comment IS NOT NULL RETURNING id",
                    requests._ids,
                )
            )
        self.invalidate_model(["comment"])

    @api.model
    def _delete_histories(self, requests):
        """Delete the histories of requests of which nothing but a line in the register of deleted ones stays."""
        self.flush_model()
        with open_for_erasure(self.env.cr):
            self.env.execute_query(
                SQL("DELETE FROM contact_center_request_event WHERE request_id IN %s RETURNING id", requests._ids)
            )
        self.invalidate_model()

    def _mark_changed(self):
        """Note on the requests of these events when they changed the last time."""
        latest = {}
        # That somebody was written to changes nothing of the request.
        for event in self.filtered(lambda event: event.kind != "notified"):
            latest[event.request_id] = max(event.date, latest.get(event.request_id) or event.date)
        by_date = defaultdict(self.request_id.browse)
        for request, date in latest.items():
            by_date[date] |= request
        for date, requests in by_date.items():
            requests.changed_at = date
