from urllib.parse import urlencode

from odoo import models
from odoo.fields import Domain

from ..assignment_workflow import OPEN_STATES

# Own steps that a card tells of; comments, petitions and explanations have places of their own there.
OWN_KINDS = ("assigned", "assignment", "escalated", "dispatched")
# What happens to the request as a whole, told without who said what.
REQUEST_KINDS = ("registered", "moved", "joined", "asked", "answered", "informed", "paused", "resumed", "extended")
MAPS = "https://www.openstreetmap.org"


class ContactCenterAssignment(models.Model):
    """What the card of an assignment shows to its executor besides the plain fields."""

    _inherit = "contact.center.assignment"

    def _get_look(self):
        """Return ``(state whose look it has, label)`` of this one assignment, as every reader sees it.

        While the applicant is asked or the matter waits in the long-term plan, that says more than the own state.
        """
        self.ensure_one()
        if self.state in OPEN_STATES and self.request_state in ("waiting", "planned"):
            labels = dict(self._fields["request_state"]._description_selection(self.env))
            return self.request_state, labels[self.request_state]
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.state, labels[self.state]

    def _get_history(self):
        """Return the history of this one assignment as its executor sees it: a list of dicts, the newest first.

        Each has ``date``, ``label``, ``who`` and ``text``. Own steps come whole; of the request only that something
        happened: not who of another executor did it, nor what was said.
        """
        self.ensure_one()
        # Executors don't read the history; what goes out of it is chosen below, hence sudo.
        assignment = self.sudo()
        own = Domain("executor_id", "=", assignment.executor_id.id) & Domain("kind", "in", OWN_KINDS)
        common = Domain("executor_id", "=", False) & Domain("kind", "in", REQUEST_KINDS)
        events = (
            self.env["contact.center.request.event"]
            .sudo()
            .search(Domain("request_id", "=", assignment.request_id.id) & (own | common), order="date desc, id desc")
        )
        kinds, roles, states = (
            dict(events._fields[name]._description_selection(self.env)) for name in ("kind", "role", "state_to")
        )
        return [
            {
                "date": event.date,
                "label": states[event.state_to] if event.kind == "moved" else kinds[event.kind],
                "who": assignment._name_actor(event) or roles[event.role],
                # Why the centre chose an executor is for its own staff.
                "text": event.comment if event.executor_id and event.kind != "assigned" else False,
            }
            for event in events
            # How the request follows an own step needn't be told twice.
            if not (event.kind == "moved" and assignment._name_actor(event))
        ]

    def _name_actor(self, event):
        """Return the name of who did something, if it is somebody of the executor of this one assignment (KR-8.1.7)."""
        colleague = event.user_id.contact_center_executor_id
        return (
            event.user_id.name if colleague and self.executor_id.parent_path.startswith(colleague.parent_path) else ""
        )

    def _get_people(self):
        """Return the persons of whom one can be named responsible for this one assignment (RO-4.3a)."""
        return self.executor_id._get_people()

    def _prepare_result(self):
        """Return the values with which the form of the result begins (KR-7.5): what is known needn't be typed."""
        self.ensure_one()
        # Names and phones of the own organisation and the node's template aren't readable in general, hence sudo.
        assignment = self.sudo()
        company = assignment.company_id
        person = assignment.responsible_id or self.env.user.partner_id
        # The answer is for the applicant, so it is in the city's language and not in the writer's.
        category = assignment.category_id.with_context(lang=company.partner_id.lang)
        return {
            "result": assignment.result or category.answer_template or "",
            "result_unit": assignment.result_unit or assignment.executor_id.name,
            "result_person": assignment.result_person or person.name,
            "result_phone": assignment.result_phone or person.phone or "",
            "result_date": company._get_today(),
            "informed_by": assignment.informed_by or "",
        }

    def _get_map_links(self):
        """Return ``(link for a phone's map app, link to a map on the web)`` of the place of this one assignment."""
        self.ensure_one()
        if self.latitude or self.longitude:
            point = f"{self.latitude:.6f},{self.longitude:.6f}"
            at = f"mlat={self.latitude:.6f}&mlon={self.longitude:.6f}#map=18/{point.replace(',', '/')}"
            return f"geo:{point}?q={point}", f"{MAPS}/?{at}"
        if not self.address:
            return None, None
        words = f"{self.address}, {self.company_id.sudo().name}"  # the city's name is public
        return f"geo:0,0?{urlencode({'q': words})}", f"{MAPS}/search?{urlencode({'query': words})}"
