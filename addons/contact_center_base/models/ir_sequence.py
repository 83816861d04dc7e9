from odoo import fields, models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _create_date_range_seq(self, date):
        # Two operators may register the first matter of a year at the same moment. Changing the sequence's row lets
        # the second wait and then fail with a serialization error, on which Odoo runs it again: it finds the range.
        self.env.cr.execute(SQL("UPDATE ir_sequence SET write_date = now() AT TIME ZONE 'UTC' WHERE id = %s", self.id))
        return super()._create_date_range_seq(date)

    def _next_batch(self, count, date=None):
        """Draw several numbers of this one gap-tolerant sequence in one query.

        :param int count: how many.
        :param date: day that decides the range (the year), by default today.
        :return: list of ``count`` strings in ascending order.
        """
        self.ensure_one()
        date = date or fields.Date.context_today(self)
        drawn = self._get_current_sequence(date)
        sequence_name = f"ir_sequence_{self.id:03d}" if drawn == self else f"ir_sequence_{self.id:03d}_{drawn.id:03d}"
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence_name, count))
        prefix, suffix = self._get_prefix_suffix(date=date, date_range=date)
        return [f"{prefix}{number:0{self.padding}d}{suffix}" for (number,) in rows]
