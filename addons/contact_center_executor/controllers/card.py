from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..assignment_workflow import RESULT_FIELDS
from ..petition_kinds import KINDS
from .pages import HEAD, SHOWN, URL, ExecutorPages

PETITION_FIELDS = ("reason", *{name: None for kind in KINDS.values() for name in kind.fields})


class CardPages(ExecutorPages):
    """Shows the card of an assignment, also as the answer to a step that was refused."""

    def _render_card(self, assignment, problem=None, form=None):
        values = {**self._prepare_card(assignment), "problem": problem, "form": form or {}}
        return request.render("contact_center_executor.portal_assignment", values)

    def _prepare_card(self, assignment):
        """Return the values of the page of one assignment."""
        app_link, map_link = assignment._get_map_links()
        files = assignment._get_files()
        Assignment = request.env["contact.center.assignment"]
        return {
            "page_name": "assignment",
            # Whoever may read the assignment was checked; the page shows only what its executor is to know, hence sudo.
            "assignment": assignment.sudo(),
            "url": f"{URL}/{assignment.id}",
            "is_head": request.env.user.has_group(HEAD),
            "app_link": app_link,
            "map_link": map_link,
            "pictures": files.filtered(lambda file: file.mimetype in SHOWN),
            "documents": files.filtered(lambda file: file.mimetype not in SHOWN),
            "removable": assignment._get_removable_files(),
            "comments": assignment._get_comments(),
            "to_applicant": request.env.ref("contact_center_executor.mt_to_applicant"),
            "history": assignment._get_history(),
            "people": assignment._get_people(),
            "result": assignment._prepare_result(),
            "informed_by": Assignment._fields["informed_by"]._description_selection(request.env),
            "tz": assignment.company_id.sudo()._get_time_zone().key,  # the city's time zone is no secret
            "today": assignment.company_id.sudo()._get_today(),  # as above
            "form": {},
            "problem": None,
            **self._prepare_petitions(assignment),
        }

    def _prepare_petitions(self, assignment):
        """Return what the card shows of petitions and explanations, and what their forms offer."""
        Petition = request.env["contact.center.petition"]
        of_assignment = [("assignment_id", "=", assignment.id)]
        return {
            # Found by the user's rights; names of the own people aren't readable in general, hence sudo.
            "petitions": Petition.search(of_assignment).sudo(),
            "explanations": request.env["contact.center.explanation"].search(of_assignment).sudo(),  # as above
            "petition_kinds": assignment.get_petition_kinds(),
            "petition_labels": dict(Petition._fields["kind"]._description_selection(request.env)),
            "petition_states": dict(Petition._fields["state"]._description_selection(request.env)),
            "petition_fields": {code: kind.fields for code, kind in KINDS.items()},
            "petition_evidence": {code: kind.evidence for code, kind in KINDS.items()},
            "changes": Petition._fields["change"]._description_selection(request.env),
            "other_executors": assignment.get_proposable_executors(),
        }

    def _step(self, assignment_id, act, form=None):
        """Take a step on an assignment and show its card again; when it is refused, with the reason and the form.

        :param act: function of the assignment that takes the step.
        :param dict form: what was entered, to be shown again.
        """
        assignment = self._get_assignment(assignment_id)
        problem = self._attempt(lambda: act(assignment))
        if problem:
            return self._render_card(assignment, problem, form)
        return request.redirect(f"{URL}/{assignment_id}", code=303)


class CardController(CardPages, http.Controller):
    """The card of an assignment and every step on it."""

    @http.route(f"{URL}/<int:assignment_id>", type="http", auth="user", website=True)
    def card(self, assignment_id, **_kwargs):
        """Show one assignment and what can be done with it; whoever opens it has seen it (RO-4.1)."""
        assignment = self._get_assignment(assignment_id)
        assignment.mark_seen()
        return self._render_card(assignment)

    @http.route(f"{URL}/<int:assignment_id>/live", type="http", auth="user", website=True, readonly=True)
    def live(self, assignment_id, **_kwargs):
        """Return the parts of a card that change while it is open."""
        assignment = self._get_assignment(assignment_id)
        return request.render("contact_center_executor.portal_assignment_live", self._prepare_card(assignment))

    @http.route(f"{URL}/<int:assignment_id>/accept", type="http", auth="user", website=True, methods=["POST"])
    def accept(self, assignment_id, **_kwargs):
        """Accept an assignment (KR-8.1.2)."""
        return self._step(assignment_id, lambda assignment: assignment.action_accept())

    @http.route(f"{URL}/<int:assignment_id>/responsible", type="http", auth="user", website=True, methods=["POST"])
    def name_responsible(self, assignment_id, partner_id=None, **_kwargs):
        """Name who executes an assignment (RO-4.3a)."""
        person = self._read_id(partner_id)
        return self._step(assignment_id, lambda assignment: assignment.name_responsible(person))

    @http.route(f"{URL}/<int:assignment_id>/propose", type="http", auth="user", website=True, methods=["POST"])
    def propose(self, assignment_id, **form):
        """Propose to close an assignment (KR-8.3)."""

        def act(assignment):
            values = {name: self._read_text(form.get(name)) for name in RESULT_FIELDS}
            values["result_date"] = self._read_date(values["result_date"])
            known = assignment._fields["informed_by"].get_values(request.env)
            values["informed_by"] = values["informed_by"] if values["informed_by"] in known else False
            assignment.propose(values)

        return self._step(assignment_id, act, form)

    @http.route(f"{URL}/<int:assignment_id>/take-back", type="http", auth="user", website=True, methods=["POST"])
    def take_back(self, assignment_id, reason="", **form):
        """Take a proposal back before the centre has looked at it."""
        reason = self._read_text(reason)
        form = {**form, "back_reason": reason}
        return self._step(assignment_id, lambda assignment: assignment.take_back(reason), form)

    @http.route(f"{URL}/<int:assignment_id>/comment", type="http", auth="user", website=True, methods=["POST"])
    def comment(self, assignment_id, body="", audience="centre", **_kwargs):
        """Comment on an assignment (KR-8.1.3), to the centre or for the applicant."""

        def act(assignment):
            uploads = self._read_uploads()
            files = assignment._add_files(uploads) if uploads else []
            assignment.comment(self._read_text(body), [file.id for file in files], to_applicant=audience == "applicant")

        return self._step(assignment_id, act, {"body": body, "audience": audience})

    @http.route(f"{URL}/<int:assignment_id>/petition", type="http", auth="user", website=True, methods=["POST"])
    def petition(self, assignment_id, kind="", **form):
        """File a petition about an assignment (KR-8.2)."""

        def act(assignment):
            uploads = self._read_uploads()
            files = assignment._hold_files(uploads) if uploads else []
            values = {name: self._read_text(form[name]) for name in PETITION_FIELDS if form.get(name)}
            assignment.petition(self._read_text(kind), values, [file.id for file in files])

        return self._step(assignment_id, act, {**form, "kind": kind})

    @http.route(
        f"{URL}/<int:assignment_id>/petitions/<int:petition_id>/<any(confirm,withdraw):step>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def move_petition(self, assignment_id, petition_id, step, partner_id=None, **form):
        """Confirm a petition as the head, naming who answers for it (KR-8.2.2), or withdraw it."""
        petition = self._get_row(assignment_id, "contact.center.petition", petition_id)
        if step == "confirm":
            return self._step(assignment_id, lambda _assignment: petition.confirm(self._read_id(partner_id)), form)
        return self._step(assignment_id, lambda _assignment: petition.withdraw(), form)

    @http.route(
        f"{URL}/<int:assignment_id>/explanations/<int:explanation_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def answer_explanation(self, assignment_id, explanation_id, answer="", **_kwargs):
        """Give an explanation that the centre demanded (MA-4.1.5)."""
        explanation = self._get_row(assignment_id, "contact.center.explanation", explanation_id)
        answer = self._read_text(answer)
        return self._step(assignment_id, lambda _assignment: explanation.answer(answer), {"answer": answer})

    def _get_row(self, assignment_id, model, row_id):
        """Return a petition or explanation of an assignment.

        :raises NotFound: when it isn't of this assignment or the user may not read it.
        """
        assignment = self._get_assignment(assignment_id)
        row = request.env[model].search([("id", "=", row_id), ("assignment_id", "=", assignment.id)])
        if not row:
            raise NotFound
        return row
