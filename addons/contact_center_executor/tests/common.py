"""The small city of the base addon with two executors and their portal users."""

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.contact_center_base.tests.common import CityMixin, clause

__all__ = ["ExecutorCase", "ExecutorMixin", "clause"]


class ExecutorMixin(CityMixin):
    """Adds executors to the city: "City Light", where lamps go, and "City Roads"; each has an operator and a head."""

    @classmethod
    def build_city(cls):
        city = super().build_city()
        cls.light = cls.make_executor(cls.works, code="LIGHT", category_ids=[Command.link(cls.lamp.id)])
        cls.light_operator = cls.make_portal_user("light_operator", cls.light)
        cls.light_head = cls.make_portal_user("light_head", cls.light, head=True)
        cls.roads = cls.make_executor("City Roads", code="ROADS", category_ids=[Command.link(cls.pothole.id)])
        cls.roads_operator = cls.make_portal_user("roads_operator", cls.roads)
        cls.roads_head = cls.make_portal_user("roads_head", cls.roads, head=True)
        cls.env["contact.center.control.area"].create(
            {"executor_id": cls.light.id, "user_id": cls.control_body.id, "date_from": "2020-01-01"}
        )
        return city

    @classmethod
    def make_executor(cls, partner, **values):
        """Return an executor of the city.

        :param partner: the organisation, or the name of a new one.
        """
        if isinstance(partner, str):
            partner = cls.env["res.partner"].create({"name": partner, "is_company": True, "company_id": cls.city.id})
        return cls.env["contact.center.executor"].create(
            {"partner_id": partner.id, "company_id": cls.city.id, **values}
        )

    @classmethod
    def make_portal_user(cls, login, executor, head=False):
        """Return a portal user of an executor, its operator or its head, who is also responsible for the centre."""
        group = "group_executor_head" if head else "group_executor"
        user = new_test_user(
            cls.env,
            f"cc_{login}",
            groups=f"contact_center_executor.{group}",
            company_id=cls.city.id,
            company_ids=[Command.set(cls.city.ids)],
            contact_center_executor_id=executor.id,
            lang="en_US",
        )
        user.partner_id.write({"parent_id": executor.partner_id.id, "phone": "+380564000111"})
        executor.responsible_ids += user.partner_id
        return user

    @classmethod
    def make_assignment(cls, executor=None, **values):
        """Return the lead's assignment of a new request, by default of a lamp at "City Light"."""
        values = {"category_id": cls.lamp.id, "description": "The lamp is off", "street_id": cls.street.id, **values}
        request = cls.make_request(**values)
        executor = executor or cls.light
        if request.lead_id.executor_id == executor:
            return request.lead_id
        return request.assign(executor, reason="It is theirs")

    @classmethod
    def result(cls, **values):
        """Return a complete structured result (KR-7.5)."""
        return {
            "result": "The lamp was replaced.",
            "result_unit": "Brigade 2",
            "result_person": "Петро Іваненко",
            "result_phone": "+380564000111",
            "result_date": fields.Date.to_string(cls.city._get_today()),
            "informed_by": "phone",
            **values,
        }

    @classmethod
    def work_through(cls, assignment, user=None, **values):
        """Accept an assignment as its executor and propose to close it."""
        assignment = assignment.with_user(user or assignment.executor_id._get_users()[0])
        assignment.action_accept()
        assignment.propose(cls.result(**values))
        return assignment


@tagged("post_install", "-at_install")
class ExecutorCase(ExecutorMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_city()
