from datetime import timedelta

from odoo import fields

from .common import ExecutorCase, clause


class TestExecutorDatasets(ExecutorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.city.contact_center_code = "testopil"
        Dataset = cls.env["contact.center.dataset"]
        Dataset._add_missing()
        found = Dataset.search([("company_id", "=", cls.city.id)])
        cls.dataset = {row.code: row for row in found}

    def iterate(self, code, through):
        dataset = self.dataset[code]
        columns = [column.name for column in dataset._get_columns()]
        return [dict(zip(columns, row, strict=True)) for row in dataset._iter_rows(None, through)]

    @clause("KP-5.8.8")
    def test_works_without_what_is_for_the_staff(self):
        now = fields.Datetime.now()
        works = self.env["contact.center.works"].with_user(self.light_operator)
        works = works.register(
            {
                "kind": "emergency",
                "name": "Repair of a cable",
                "start": now,
                "planned_end": now + timedelta(hours=5),
                "place_ids": [{"street_id": self.street.id, "number_from": 2, "number_to": 40}],
            }
        )
        [row] = self.iterate("works", self.city._get_today())
        self.assertEqual((row["number"], row["executor"]), (works.number, "City Light"))
        self.assertFalse(self.iterate("works", self.city._get_today() - timedelta(days=1)))

    @clause("KP-5.8.8")
    def test_indicators_are_those_of_the_back_office(self):
        assignment = self.make_assignment()
        self.work_through(assignment).sudo().request_id.with_user(self.operator).assignment_ids.agree()
        today = self.city._get_today()
        [row] = self.iterate("indicators", today)
        figures = assignment.executor_id._get_indicators(today.replace(day=1), today)[assignment.executor_id]
        for name in ("received", "finished", "on_time", "overdue", "rank"):
            self.assertEqual(row[name], figures[name], name)
        self.assertEqual((row["month"], row["finished"]), (today.replace(day=1), 1))

    def test_executors_without_work_are_left_out(self):
        self.assertFalse(self.iterate("indicators", self.city._get_today()))
