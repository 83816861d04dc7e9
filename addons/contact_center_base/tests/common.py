"""A small city with one user per role; the tests of every addon of the suite build on it."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged


def clause(*ids):
    """Name the clauses of the source regulations that a test proves: it would fail were one of the rules gone.

    :param ids: ids of ``docs/clauses.csv``, e.g. ``"KR-9.2.4"``.
    """

    def mark(test):
        test.clauses = ids
        return test

    return mark


class CityMixin:
    """Builds the city on a test class of any kind; call :meth:`build_city` in ``setUpClass``."""

    @classmethod
    def build_city(cls):
        """Build the city and return its company."""
        # Messages are compared in English, whatever languages the database speaks.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.env = env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.city = env["res.company"].create({"name": "Testopil", "country_id": env.ref("base.ua").id})
        cls.calendar = env["resource.calendar"].create(
            {
                "name": "Office hours",
                "tz": "Europe/Kyiv",
                "company_id": cls.city.id,
                "attendance_ids": cls.office_hours(),
            }
        )
        cls.city.resource_calendar_id = cls.calendar
        cls.operator = cls.make_user("operator", "group_operator")
        cls.operator_2 = cls.make_user("operator_2", "group_operator")
        cls.supervisor = cls.make_user("supervisor", "group_supervisor")
        cls.head = cls.make_user("head", "group_head")
        cls.control_body = cls.make_user("control_body", "group_control_body")
        cls.analyst = cls.make_user("analyst", "group_analyst")
        cls.technical_admin = cls.make_user("technical_admin", "group_technical_admin")
        cls.restricted_officer = cls.make_user("restricted_officer", "group_operator", "group_restricted")
        cls.employee = cls.make_user("employee")
        # Set-up goes on as the system, working in the city.
        cls.env = env = env(context=dict(env.context, allowed_company_ids=cls.city.ids))
        cls.city = cls.city.with_env(env)
        cls.rule = cls.make_rule("Three working days", amount=3, unit="working_days", default_for_class="request")
        cls.district, cls.other_district = env["contact.center.district"].create(
            [{"name": "Centre", "code": "C"}, {"name": "North", "code": "N"}]
        )
        cls.street = env["contact.center.street"].create(
            {
                "name": "Соборна",
                "kind": "вулиця",
                "former_names": "Леніна, Поштова",
                "district_id": cls.district.id,
                "segment_ids": [
                    Command.create({"district_id": cls.other_district.id, "number_from": 100, "number_to": 200})
                ],
            }
        )
        cls.works = env["res.partner"].create({"name": "City Light", "is_company": True, "company_id": cls.city.id})
        cls.lamp = cls.make_category("LAMP", "Street lamp is off", owner_id=cls.works.id, place_required=True)
        cls.pothole = cls.make_category("HOLE", "Pothole")
        cls.corruption = cls.make_category("CORR", "Corruption", restricted=True)
        cls.opening_hours = cls.make_category("HOURS", "Opening hours", request_class="consultation")
        cls.resident = env["res.partner"].create(
            {
                "name": "Оксана Ткач",
                "phone": "+380501234567",
                "email": "oksana@example.com",
                "applicant_kind": "resident",
                "company_id": cls.city.id,
            }
        )
        return cls.city

    @classmethod
    def office_hours(cls):
        """Return commands for Monday to Friday, 8 to 12 and 13 to 17."""
        return [Command.clear()] + [
            Command.create(
                {"name": "Work", "dayofweek": str(day), "hour_from": start, "hour_to": end, "day_period": period}
            )
            for day in range(5)
            for start, end, period in ((8, 12, "morning"), (13, 17, "afternoon"))
        ]

    @classmethod
    def make_user(cls, login, *groups, company=None):
        """Return a user of the city (by default the test city) with the given groups of this addon."""
        company = company or cls.city
        names = ",".join(["base.group_user", *(f"contact_center_base.{group}" for group in groups)])
        return new_test_user(
            cls.env,
            f"cc_{login}",
            groups=names,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="en_US",
        )

    @classmethod
    def make_rule(cls, name, **values):
        """Return a term of the city."""
        return cls.env["contact.center.deadline.rule"].create({"name": name, "company_id": cls.city.id, **values})

    @classmethod
    def make_category(cls, code, name, **values):
        """Return a classifier node of the city."""
        return cls.env["contact.center.category"].create(
            {"code": code, "name": name, "company_id": cls.city.id, **values}
        )

    @classmethod
    def make_request(cls, user=None, **values):
        """Return a request registered by a user, by default the operator: a pothole reported by phone."""
        values = {
            "category_id": cls.pothole.id,
            "description": "A hole in the road",
            "partner_id": cls.resident.id,
            **values,
        }
        return cls.env["contact.center.request"].with_user(user or cls.operator).create([values])

    def freeze_shift(self, request, **delta):
        """Return a context in which it is so much later than the registration of a request."""
        return freeze_time(request.registered_at + timedelta(**delta))

    def run_cron(self, cron):
        """Run a scheduled action as the scheduler does, with its commits inside the test's transaction."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class ContactCenterCase(CityMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
