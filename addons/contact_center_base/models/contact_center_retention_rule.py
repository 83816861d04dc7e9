from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .. import workflow
from ..const import REQUEST_CLASSES
from .contact_center_privacy import ENDED_IMPORTS
from .queue import work_off

#: Days for which the file of an import that has ended is kept, to look into what was rejected.
IMPORT_DAYS = 90


class ContactCenterRetentionRule(models.Model):
    """How long personal data of finished requests of one class are kept in a city (KP-3.10).

    Rules without a city are a proposal that holds for cities without an own rule. Nothing is erased before a city
    switches retention on in its settings.
    """

    _name = "contact.center.retention.rule"
    _description = "Retention Rule"
    _order = "request_class, company_id"
    _rec_name = "request_class"

    company_id = fields.Many2one("res.company", "City", index=True, default=lambda self: self.env.company)
    request_class = fields.Selection(REQUEST_CLASSES, "Class", required=True)
    anonymise_days = fields.Integer(
        "Erase personal data after (days)", required=True, help="Days since the request was finished; figures stay."
    )
    delete_days = fields.Integer(
        "Delete after (days)", required=True, help="Days since the request was finished; its number stays."
    )

    _class_unique = models.UniqueIndex("(company_id, request_class)", "The city has a rule for this class already.")
    _days_check = models.Constraint(
        "CHECK(anonymise_days > 0 AND delete_days >= anonymise_days)",
        "Keep personal data for at least a day, and delete requests not before their personal data are erased.",
    )

    @api.model
    def _get_rules(self, company):
        """Return ``{class: rule}`` that hold in a city: its own, else those for all cities."""
        rules = self.search([("company_id", "in", [False, company.id])])
        own = {rule.request_class: rule for rule in rules if rule.company_id}
        return {rule.request_class: rule for rule in rules} | own

    @api.model
    def _cron_apply(self):
        """Erase and delete what is due, one request in a transaction, in the cities that want it."""
        companies = self.env["res.company"].search([("contact_center_retention", "=", True)])
        for company in companies:
            for rule in self._get_rules(company).values():
                rule._apply(company)
            self._forget_calls(company)
            self._forget_imports(company)

    def _apply(self, company):
        """Carry out this one rule in a city."""
        privacy = self.env["contact.center.privacy"]
        # Deleting comes first: it erases as well, and nothing is touched twice.
        for days, step, domain in (
            (self.delete_days, privacy._delete_requests, Domain.TRUE),
            (self.anonymise_days, privacy._expire_requests, Domain("anonymised_at", "=", False)),
        ):
            due = domain & self._get_due_domain(company, days)
            work_off(self.env["contact.center.request"].search(due, order="finished_at, id"), due, step)

    @api.model
    def _forget_calls(self, company):
        """Erase who called, of calls from which nothing came; the others go with their requests."""
        due = (
            Domain("company_id", "=", company.id)
            & Domain("request_id", "=", False)
            & Domain("started_at", "<", fields.Datetime.now() - timedelta(days=company.contact_center_call_days))
            & (Domain("number", "!=", False) | Domain("partner_id", "!=", False))
        )
        calls = self.env["contact.center.call"].search(due, order="started_at, id")
        work_off(calls, due, self.env["contact.center.privacy"]._erase_rows)

    @api.model
    def _forget_imports(self, company):
        """Delete the files and the rejected rows of imports that ended long ago."""
        due = (
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ENDED_IMPORTS)
            & Domain("finished_at", "<", fields.Datetime.now() - timedelta(days=IMPORT_DAYS))
            & Domain("forgotten_at", "=", False)
        )
        imports = self.env["contact.center.import"].search(due)
        work_off(imports, due, self.env["contact.center.privacy"]._forget_import)

    def _get_due_domain(self, company, days):
        """Return the domain of requests of this one rule's class in a city that ended so many days ago.

        Open requests never are.
        """
        return (
            Domain("company_id", "=", company.id)
            & Domain("request_class", "=", self.request_class)
            & Domain("finished_at", "<", fields.Datetime.now() - timedelta(days=days))
            & Domain("state", "in", workflow.FINISHED_STATES)
        )
