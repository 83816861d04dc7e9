from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.contact_center_base import workflow
from odoo.addons.contact_center_base.const import STATUTORY_CLASSES

from ..assignment_workflow import OPEN_STATES

# State in which a request was taken over from another system -> state of its lead's part; the others begin as new.
STATES_TAKEN_OVER = {
    "in_progress": "accepted",
    "waiting": "accepted",
    "planned": "accepted",
    "rework": "rework",
    "proposed": "proposed",
}


class ContactCenterRequest(models.Model):
    """Sending requests to the executors that the rules name."""

    _inherit = "contact.center.request"

    routing_rule_id = fields.Many2one("contact.center.routing.rule", "Routed by", compute="_compute_routing")
    routing_note = fields.Text("Why this executor", compute="_compute_routing")

    @api.depends("lead_id")
    def _compute_routing(self):
        for request in self:
            request.routing_rule_id = request.lead_id.routing_rule_id
            request.routing_note = request.lead_id.routing_note

    # ------------------------------------------------------------
    # Automatically
    # ------------------------------------------------------------

    def _route(self, taken_over=False):
        """Send those of many open requests that nobody works on yet to the executors that the rules name.

        Consultations are answered by the centre and restricted requests stay with the named persons (KP-2.7), unless
        a colleague assigns them by hand. Where no rule matches, the default executor of the classifier node gets it.

        :param bool taken_over: they come from another system: their parts enter the state that fits, and nobody is
            written to.
        :returns: the new assignments.
        """
        # Routing is automatic: whoever registers a request needs no right to read rules or executors, hence sudo.
        requests = self.sudo()
        requests -= requests.assignment_ids.filtered(lambda part: part.state in OPEN_STATES).request_id
        found = requests._find_executors()
        if taken_over:
            found = {request: (rule, request._fit_to_state(rows)) for request, (rule, rows) in found.items()}
        return requests._send_out(found, announce=not taken_over).with_env(self.env)

    def _filter_routable(self):
        """Return those of many requests that are for executors."""
        return self.filtered(
            lambda request: (
                request.state in workflow.OPEN_STATES
                and not request.restricted
                and request.request_class != "consultation"
            )
        )

    def _find_executors(self, moment=None):
        """Return ``{request: (rule, rows)}`` of many requests; those that aren't for executors or nobody gets are out.

        ``rule`` is empty where the default executor gets it; ``rows`` are the values of the assignments.

        :param moment: when they are sent out (naive UTC), by default now.
        """
        Rule = self.env["contact.center.routing.rule"]
        requests = self._filter_routable()
        matches = Rule._match(requests, moment)
        found = {}
        for request in requests:
            rule, note = matches.get(request, (Rule, None))
            rows = rule._prepare_assignments(request, note) if rule else request._prepare_default_assignment()
            if rows:
                found[request] = (rule, rows)
        return found

    def _prepare_default_assignment(self):
        """Return the values of the assignment to the default executor of this one request's node, as a list."""
        partner = self.category_id.owner_id
        executor = partner and self.env["contact.center.executor"]._get_by_partner(self.company_id).get(partner.id)
        if not executor:
            return []
        city = self._in_city_language()
        note = city.env._("Default executor of “%s”.", city.category_id.name)
        return [{"request_id": self.id, "executor_id": executor, "role": "lead", "routing_note": note}]

    def _fit_to_state(self, rows):
        """Return the values of the parts of this one request as they fit the state in which it was taken over.

        :param rows: values by which it would be sent out if it were new.
        """
        state = STATES_TAKEN_OVER.get(self.state)
        if not state:
            return rows
        now = fields.Datetime.now()
        fitting = {"state": state, "accepted_at": now}
        if state == "proposed":
            # The lead's answer is there already: nothing is left to do for others.
            rows = [row for row in rows if row["role"] == "lead"]
            fitting.update(
                proposed_at=now,
                result=self.result,
                informed_by=self.informed_by,
                informed_at=self.informed_at,
                **self.company_id._get_review_times(now),
            )
        return [{**row, **fitting} if row["role"] == "lead" else row for row in rows]

    def _send_out(self, found, announce=True):
        """Give these requests to the executors that were found for them, and return the assignments.

        :param found: what :meth:`_find_executors` returned.
        :param bool announce: let the executors' people know.
        """
        self.browse().union(*found)._apply_own_terms(lambda request: found[request][0])
        rows = [row for _rule, rows in found.values() for row in rows]
        return self.env["contact.center.assignment"]._assign(rows, announce=announce)

    def _apply_own_terms(self, get_rule):
        """Give many requests the own terms of their rules.

        :param get_rule: function that gives the rule of a request, which may be empty.
        """
        for term, requests in self.grouped(lambda request: request._choose_term(get_rule(request))).items():
            changed = requests.filtered(lambda request, term=term: request.deadline_rule_id != term)
            if changed:
                changed.write({"deadline_rule_id": term.id})

    def _choose_term(self, rule):
        """Return the term of this one request when a rule (or none) routes it; one that the law gives stays."""
        by_law = self.request_class in STATUTORY_CLASSES and self.deadline_rule_id
        return by_law or rule.deadline_rule_id or self.deadline_rule_id

    # ------------------------------------------------------------
    # Asked for
    # ------------------------------------------------------------

    def action_route(self):
        """Send these requests out by the present rules, for instance after their place was corrected.

        One that its executor hasn't accepted yet goes to another executor if the rules name another one now. What
        somebody works on already stays there; asked for a single one it is refused.

        :returns: a notification that says what became of them.
        :raises UserError: for a single request that somebody works on.
        """
        self.check_access("write")
        self._lock()
        # What is asked for here follows the rules, whoever may read them and the assignments, hence sudo.
        requests = self.sudo()
        held = requests.assignment_ids.filtered(lambda part: part.state in OPEN_STATES)
        busy = held.filtered(lambda part: part.state != "new").request_id
        if len(self) == 1 and busy:
            raise UserError(
                self.env._(
                    "%(number)s is in the hands of “%(executor)s” already: reassign it and write why.",
                    number=self.number,
                    executor=busy.lead_id.executor_id.name,
                )
            )
        assignments = (held.request_id - busy)._route_again() | (requests - held.request_id)._route()
        return self._notify_routed(assignments.request_id)

    def _route_again(self):
        """Take many requests, which no executor has accepted, to those whom the rules name now.

        Where the rules name the same executors or nobody, everything stays as it is.

        :returns: the new assignments.
        """
        present = {request: request.assignment_ids.filtered(lambda part: part.state in OPEN_STATES) for request in self}
        found = {
            request: (rule, rows)
            for request, (rule, rows) in self._find_executors().items()
            if {(row["executor_id"], row["role"]) for row in rows}
            != {(part.executor_id.id, part.role) for part in present[request]}
        }
        moving = self.browse().union(*found)
        moving._drop_own_terms()
        for company, requests in moving.grouped("company_id").items():
            city = self.with_context(lang=company.partner_id.lang)
            requests._take_from_executors(city.env._("Routed again."))
        moving.filtered(lambda request: request.deadline_rule_id.restart_on_reassign)._restart_term()
        return self._send_out(found)

    def _drop_own_terms(self):
        """Give requests whose term came from the rule that routed them the usual term of their topic again."""
        own = self.filtered(
            lambda request: (
                request.deadline_rule_id and request.deadline_rule_id == request.routing_rule_id.deadline_rule_id
            )
        )
        before = own._snapshot(["deadline_rule_id"])
        self.env.add_to_compute(self._fields["deadline_rule_id"], own)
        own._log_changes(before)

    def _notify_routed(self, sent):
        """Return the notification that says which of these requests were sent out.

        :param sent: those that were.
        """
        if len(self) > 1:
            message = self.env._(
                "Sent out: %(sent)s. Left as they are: %(kept)s.",
                sent=len(sent),
                kept=len(self) - len(sent),
            )
        elif sent:
            message = self.env._(
                "%(number)s goes to “%(executor)s”.", number=self.number, executor=sent.lead_id.executor_id.name
            )
        elif self.sudo().lead_id.state in OPEN_STATES:  # that nothing changes may be told to whoever asked
            message = self.env._("%s stays with its executor: the rules name no other.", self.number)
        else:
            message = self.env._(
                "Nobody gets %s: no rule matches it and its topic has no default executor. Assign it by hand.",
                self.number,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if sent else "warning",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
