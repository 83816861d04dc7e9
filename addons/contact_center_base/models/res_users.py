from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    contact_center_extension = fields.Char(
        "Phone extension", copy=False, help="Extension of the telephone exchange at which this operator takes calls."
    )
    # Not every user who reads users may read these.
    contact_center_skill_ids = fields.One2many(
        "contact.center.operator.skill", "user_id", "Skills", groups="contact_center_base.group_operator"
    )
    contact_center_lending_ids = fields.One2many(
        "contact.center.lending", "user_id", "Lent hours", groups="contact_center_base.group_operator"
    )

    _contact_center_extension_unique = models.UniqueIndex(
        "(company_id, contact_center_extension) WHERE contact_center_extension != ''",
        "Another user of this city already has this extension.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "contact_center_extension"]

    @api.model
    def _find_operators(self, category=None, language=None, at=None, company=None):
        """Return the operators of a city who may take a contact at a moment (PO-7.1.6, MA-5.2).

        :param category: node of the classifier the contact is about; empty when it isn't known yet.
        :param str language: code of the caller's language such as ``uk_UA``; empty when it isn't known.
        :param datetime at: naive UTC, by default now.
        :param company: the city, by default the current one.
        """
        at = at or fields.Datetime.now()
        company = company or self.env.company
        group = self.env.ref("contact_center_base.group_operator")
        # Skills and hours of operators are needed whoever asks, and only users are given back, hence sudo.
        operators = self.sudo().search([("all_group_ids", "in", group.ids), ("company_ids", "in", company.ids)])
        of_city = operators.with_company(company)
        able = of_city.filtered(lambda user: user._is_on_duty(at) and user._has_skill(category, language))
        return able.sudo(self.env.su)  # back to the rights of who asks

    def _is_on_duty(self, at):
        """Return whether this one operator takes contacts of the current city at a moment.

        Contacts are taken round the clock (MA-5.2), so without a roster an operator is on duty at any time, but for
        lent hours. Whoever knows the roster extends this method and says ``super()._is_on_duty(at) and …``.

        :param datetime at: naive UTC.
        """
        self.ensure_one()
        lendings = self.contact_center_lending_ids.filtered(lambda row: row.company_id == self.env.company)
        if any(row._covers(at) for row in lendings if row.direction == "from_centre"):
            return False
        borrowed = lendings.filtered(lambda row: row.direction == "to_centre")
        return not borrowed or any(row._covers(at) for row in borrowed)

    def _has_skill(self, category=None, language=None):
        """Return whether this one operator takes a topic in a language in the current city."""
        self.ensure_one()
        skills = self.contact_center_skill_ids.filtered(lambda skill: skill.company_id == self.env.company)
        return not skills or any(skill._covers(category, language) for skill in skills)
