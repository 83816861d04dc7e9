import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import LAST_NUMBER

PARITIES = [("all", "All numbers"), ("odd", "Odd numbers"), ("even", "Even numbers")]
LEADING_NUMBER = re.compile(r"\d+")


def read_number(house):
    """Return the leading number of a house as written, e.g. 12 of ``"12a"`` and 7 of ``"7/2"``, or ``None``."""
    number = LEADING_NUMBER.search(house or "")
    return int(number.group()) if number else None


class ContactCenterWorksPlace(models.Model):
    """A street, or a run of its house numbers, that works concern."""

    _name = "contact.center.works.place"
    _description = "Place of Works"
    _order = "works_id, id"
    _rec_name = "street_id"
    _check_company_auto = True

    works_id = fields.Many2one("contact.center.works", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="works_id.company_id", store=True, precompute=True)
    street_id = fields.Many2one("contact.center.street", required=True, ondelete="restrict", check_company=True)
    parity = fields.Selection(PARITIES, required=True, default="all")
    number_from = fields.Integer("From house", required=True, default=1)
    number_to = fields.Integer("To house", required=True, default=LAST_NUMBER)

    _street_index = models.Index("(street_id, works_id)")

    @api.constrains("number_from", "number_to")
    def _check_numbers(self):
        for place in self:
            if not 0 < place.number_from <= place.number_to <= LAST_NUMBER:
                raise ValidationError(
                    self.env._(
                        "%(street)s: house numbers go from 1 to %(last)s and the first can't be above the last.",
                        street=place.street_id.display_name,
                        last=LAST_NUMBER,
                    )
                )

    def _get_label(self):
        """Return how this one place reads in a list of places: the street with the numbers, if not all of them."""
        street = self.street_id._get_label()
        whole = self.number_from == 1 and self.number_to == LAST_NUMBER
        if whole and self.parity == "all":
            return street
        numbers = "" if whole else self._get_numbers_label()
        parity = {"odd": self.env._("odd numbers"), "even": self.env._("even numbers")}.get(self.parity)
        return " ".join(filter(None, (street, numbers, f"({parity})" if parity else "")))

    def _get_numbers_label(self):
        if self.number_to == LAST_NUMBER:
            return self.env._("from %s", self.number_from)
        return str(self.number_from) if self.number_from == self.number_to else f"{self.number_from}–{self.number_to}"

    def _covers(self, request):
        """Tell whether one request lies at this one place; without a house number its street is enough."""
        if request.street_id != self.street_id:
            return False
        number = read_number(request.house)
        if number is None:
            return True
        parity = "odd" if number % 2 else "even"
        return self.number_from <= number <= self.number_to and self.parity in ("all", parity)

    @api.model
    def _get_house_domain(self, number):
        """Return the domain of places that hold a house number."""
        parity = "odd" if number % 2 else "even"
        return (
            Domain("number_from", "<=", number)
            & Domain("number_to", ">=", number)
            & Domain("parity", "in", ("all", parity))
        )
