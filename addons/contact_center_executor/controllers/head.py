from datetime import timedelta

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .pages import HEAD, URL, ExecutorPages

#: Rows of a list on the page; the rest is one tap away.
ROWS = 30
FIGURES_DAYS = 30


class HeadController(ExecutorPages, http.Controller):
    """The page of an executor's head: who holds what, what waits for the head, own figures (RO-4.3a, KR-8.1.4)."""

    @http.route("/my/executor", type="http", auth="user", website=True)
    def overview(self, **_kwargs):
        """Show the head what the organisation has to do."""
        return self._render(self._get_executor(HEAD))

    @http.route("/my/executor/responsible", type="http", auth="user", website=True, methods=["POST"])
    def name_responsible(self, partner_id=None, **_kwargs):
        """Name one person for all chosen assignments; all or none."""
        executor = self._get_executor(HEAD)
        chosen = [self._read_id(value) for value in request.httprequest.form.getlist("assignment_ids")]
        person = self._read_id(partner_id)

        def act():
            if not (chosen and person):
                raise UserError(request.env._("Choose assignments and a person."))
            found = request.env["contact.center.assignment"].search([("id", "in", chosen)])
            if len(found) < len(set(chosen)):
                raise UserError(request.env._("Some of them aren't yours any more: reload the page."))
            found.name_responsible(person)

        problem = self._attempt(act)
        if problem:
            return self._render(executor, problem, {"chosen": chosen, "person": person})
        return request.redirect("/my/executor", code=303)

    def _render(self, executor, problem=None, form=None):
        Assignment = request.env["contact.center.assignment"]
        nobody = Assignment._get_unnamed_domain()
        waiting = request.env["contact.center.petition"].search([("state", "=", "to_confirm")], order="id")
        values = {
            "page_name": "executor",
            "executor": executor,
            # Found by the user's rights; what a row tells of its request is chosen in the page, hence sudo.
            "unnamed": Assignment.search(nobody, order="deadline, id", limit=ROWS).sudo(),
            "unnamed_total": Assignment.search_count(nobody),
            "workload": Assignment._get_workload(),
            "columns": Assignment._fields["board_column"]._description_selection(request.env),
            "counts": Assignment._count_columns(Assignment._get_board_domain({})),
            "petitions": waiting.sudo(),  # as above
            "people": executor._get_people(),
            **self._prepare_figures(executor),
            "problem": problem,
            "form": form or {},
            "url": URL,
        }
        return request.render("contact_center_executor.portal_executor", values)

    def _prepare_figures(self, executor):
        """Return the figures of an executor beside those of the city, written as they are read."""
        today = executor.company_id.sudo()._get_today()  # the city's time zone is no secret
        period = today - timedelta(days=FIGURES_DAYS), today
        own, city = executor._get_indicators(*period)[executor], executor._get_city_indicators(*period)
        env = request.env
        labels = {
            "received": env._("Received"),
            "finished": env._("Done"),
            "on_time_share": env._("On time"),
            "overdue": env._("Overdue"),
            "average_days": env._("Days to the proposal, on average"),
            "median_days": env._("Days to the proposal, median"),
            "rework_share": env._("Returned for rework"),
            "extended": env._("Term extended"),
            "unseen": env._("Unseen for a day"),
            "ratings": env._("Ratings by applicants"),
            "rating_average": env._("Rating, on average (1 to 5)"),
            "satisfied_share": env._("Satisfied applicants (4 or 5)"),
        }
        return {
            "rank": own["rank"],
            "ranked": city["executors"],
            "figure_rows": [
                (label, self._write_figure(name, own[name]), self._write_figure(name, city[name]))
                for name, label in labels.items()
            ],
            "figures_days": FIGURES_DAYS,
        }

    def _write_figure(self, name, value):
        """Return how a figure reads: shares in percent, averages with one decimal; a dash where there is none."""
        if value is None:
            return "—"
        lang = request.env["res.lang"]._lang_get(request.env.lang)
        if name.endswith("_share"):
            return f"{lang.format('%.0f', value * 100)} %"
        return lang.format("%.1f" if name.endswith(("_days", "_average")) else "%d", value, grouping=True)
