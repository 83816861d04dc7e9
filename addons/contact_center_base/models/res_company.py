from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools

from ..clock import Calendar, add_working_days, working_days_before
from ..const import WEB_CONTACTS
from ..moments import aware, naive
from ..notices import sending_moment
from ..open_data import LICENSES


class ResCompany(models.Model):
    """A city: its own classifier, calendar, numbers and settings."""

    _inherit = "res.company"

    contact_center_code = fields.Char(
        "Public code", copy=False, help="Names the city in addresses of public pages, e.g. “kr”; empty: it has none."
    )
    contact_center_license = fields.Selection(
        [(code, code) for code in LICENSES], "Licence of open data", required=True, default="CC-BY-4.0"
    )
    contact_center_sequence_id = fields.Many2one("ir.sequence", "Request numbers", copy=False)
    contact_center_answer_days = fields.Integer(
        "Days to answer a question", default=10, help="Working days after which a request goes on without the answer."
    )
    contact_center_rating_days = fields.Integer(
        "Days to rate", default=14, help="Calendar days after a request was done in which its applicant rates it."
    )
    contact_center_web_contact = fields.Selection(
        WEB_CONTACTS,
        "Contact of who reports",
        required=True,
        default="optional",
        help="Of residents who report on the public pages.",
    )
    contact_center_service_level_share = fields.Integer("Service level (%)", default=80)
    contact_center_service_level_seconds = fields.Integer("Service level (seconds)", default=20)
    contact_center_alert_user_id = fields.Many2one(
        "res.users", "Deadline alerts to", help="Gets the alerts of requests that nobody handles yet."
    )
    contact_center_quiet_from = fields.Float(
        "Quiet from", default=21.0, help="From this hour on applicants aren't written to, but in emergencies."
    )
    contact_center_quiet_to = fields.Float("Quiet until", default=8.0)

    # Personal data
    contact_center_retention = fields.Boolean(
        "Erase after the retention time", help="Personal data are erased by themselves as the retention rules say."
    )
    contact_center_call_days = fields.Integer(
        "Keep callers' numbers (days)", default=1095, help="Of calls from which no request or consultation came."
    )

    # Mailbox
    contact_center_alias_id = fields.Many2one("mail.alias", "Address of the mailbox", copy=False, ondelete="restrict")
    contact_center_alias_name = fields.Char(
        "Mailbox",
        compute="_compute_contact_center_alias_name",
        inverse="_inverse_contact_center_alias_name",
        help="What stands before the @: mails to it become requests. Empty: the city takes none.",
    )
    contact_center_mail_limit = fields.Integer(
        "E-mails of a sender", default=20, help="So many are taken at once, and so many in a day."
    )
    contact_center_mail_domain_limit = fields.Integer(
        "E-mails of a provider", default=600, help="So many of all senders whose addresses end alike, in an hour."
    )
    contact_center_mail_blocked = fields.Text(
        "Blocked senders", help="Addresses, or what stands behind their @, one a line: their e-mails are left out."
    )

    _mail_limit_check = models.Constraint(
        "CHECK(contact_center_mail_limit > 0 AND contact_center_mail_domain_limit > 0)",
        "Take at least one e-mail of a sender and of a provider.",
    )
    _call_days_check = models.Constraint("CHECK(contact_center_call_days > 0)", "Keep numbers for at least a day.")
    _code_unique = models.UniqueIndex(
        "(contact_center_code) WHERE contact_center_code IS NOT NULL", "Another city has the same public code."
    )
    _code_check = models.Constraint(
        "CHECK(contact_center_code ~ '^[a-z0-9]+(-[a-z0-9]+)*$')",
        "The public code of a city consists of small Latin letters, digits and hyphens between them.",
    )
    _answer_days_check = models.Constraint(
        "CHECK(contact_center_answer_days > 0)", "Give applicants at least one working day to answer."
    )
    _rating_days_check = models.Constraint(
        "CHECK(contact_center_rating_days > 0)", "Give applicants at least one day to rate."
    )
    _service_level_check = models.Constraint(
        "CHECK(contact_center_service_level_share BETWEEN 1 AND 100 AND contact_center_service_level_seconds > 0)",
        "The service level is 1 to 100 % of calls within at least one second.",
    )
    _quiet_check = models.Constraint(
        "CHECK(contact_center_quiet_from BETWEEN 0 AND 24 AND contact_center_quiet_to BETWEEN 0 AND 24)",
        "Quiet hours are times of the day, from 00:00 to 24:00.",
    )

    @api.depends("contact_center_alias_id.alias_name")
    def _compute_contact_center_alias_name(self):
        for company in self:
            # Everybody may know the city's address, hence sudo.
            company.contact_center_alias_name = company.sudo().contact_center_alias_id.alias_name

    def _inverse_contact_center_alias_name(self):
        for company in self:
            name = company.contact_center_alias_name
            # Addresses belong to the administrator; who sets up the city sets up this one of it, hence sudo.
            alias = company.sudo().contact_center_alias_id
            if alias:
                alias.alias_name = name
            elif name:
                company.sudo().contact_center_alias_id = alias.create(company._prepare_alias(name))  # as above

    def _prepare_alias(self, name):
        """Return the values of the address by which mails become requests of this one city."""
        get_model = self.env["ir.model"]._get_id
        return {
            "alias_name": name,
            "alias_domain_id": self.alias_domain_id.id,
            "alias_model_id": get_model("contact.center.request"),
            "alias_parent_model_id": get_model("res.company"),
            "alias_parent_thread_id": self.id,
            "alias_defaults": repr({"company_id": self.id}),
        }

    def _is_mail_blocked(self, address):
        """Tell whether mails from a normalised address are left out in this one city."""
        blocked = {line.strip().lower().removeprefix("@") for line in (self.contact_center_mail_blocked or "").split()}
        return not blocked.isdisjoint((address, address.rpartition("@")[2]))

    def _get_time_zone(self):
        """Return the :class:`~zoneinfo.ZoneInfo` of this one city: that of its working calendar."""
        # Everybody tells the city's time, also who reads no calendars (portal users), hence sudo.
        return ZoneInfo(self.sudo().resource_calendar_id.tz or "UTC")

    def _to_local(self, moment):
        """Return a naive UTC moment as an aware one in the time zone of this one city."""
        return aware(moment).astimezone(self._get_time_zone())

    def _get_today(self):
        """Return the date of today in this one city."""
        return self._to_local(fields.Datetime.now()).date()

    def _get_period_bounds(self, date_from, date_to):
        """Return the first moment of a period of days in this one city and the first after it, both naive in UTC."""
        zone = self._get_time_zone()
        return tuple(naive(datetime.combine(date, time.min, zone)) for date in (date_from, date_to + timedelta(days=1)))

    def _get_notice_moment(self, urgent=False):
        """Return when applicants of this one city may be written to about what happens now, naive UTC.

        :param bool urgent: an emergency, which is told at any hour.
        """
        now = fields.Datetime.now()
        if urgent:
            return now
        quiet = self.contact_center_quiet_from, self.contact_center_quiet_to
        return naive(sending_moment(aware(now), self._get_time_zone(), *quiet))

    def _get_request_sequence(self):
        """Return the sequence of request numbers of this one city, made on first use."""
        self.ensure_one()
        # Operators register requests; sequences belong to the administrator, hence sudo.
        company = self.sudo()
        if not company.contact_center_sequence_id:
            company.contact_center_sequence_id = company.env["ir.sequence"].create(
                {
                    "name": self.env._("Requests of %s", company.name),
                    "code": "contact.center.request",
                    "prefix": "CC-%(range_year)s-",
                    "padding": 6,
                    "use_date_range": True,
                    "company_id": company.id,
                }
            )
        return company.contact_center_sequence_id

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for company in companies:
            company._get_request_sequence()
        return companies

    @tools.ormcache("self.id", "self.resource_calendar_id.tz")
    def _get_round_the_clock_calendar(self):
        """Return the plain calendar without nights, weekends and holidays of this one city."""
        return Calendar.round_the_clock(self.resource_calendar_id.tz or "UTC")

    def _get_clock_calendar(self):
        """Return the plain working calendar of this one city."""
        return self.resource_calendar_id._get_clock_calendar(self)

    def _add_working_days(self, count, start=None):
        """Return the moment ``count`` working days of this one city after ``start`` (naive UTC, by default now)."""
        start = start or fields.Datetime.now()
        return naive(add_working_days(self._get_clock_calendar(), aware(start), count))

    def _working_days_ago(self, count):
        """Return the moment ``count`` working days of this one city before now, naive UTC."""
        return naive(working_days_before(self._get_clock_calendar(), aware(fields.Datetime.now()), count))
