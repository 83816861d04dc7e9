from odoo import api, fields, models


class ContactCenterOperatorSkill(models.Model):
    """What an operator takes: a branch of the classifier in a language (PO-7.1.6).

    An operator without any skill takes everything; with skills, what at least one of them covers.
    """

    _name = "contact.center.operator.skill"
    _description = "Operator's Skill"
    _order = "user_id, category_id, lang_id"
    _rec_name = "user_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", "City", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Operator", required=True, index=True, ondelete="cascade", check_company=True
    )
    category_id = fields.Many2one(
        "contact.center.category",
        "Topic",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="With everything below it in the classifier. Empty: all topics.",
    )
    lang_id = fields.Many2one("res.lang", "Language", ondelete="cascade", help="Empty: all languages of the centre.")

    _skill_unique = models.UniqueIndex(
        "(company_id, user_id, COALESCE(category_id, 0), COALESCE(lang_id, 0))", "The operator already has this skill."
    )

    @api.depends("user_id", "category_id", "lang_id")
    def _compute_display_name(self):
        for skill in self:
            topic = skill.category_id.display_name or self.env._("All topics")
            skill.display_name = " · ".join(filter(None, (skill.user_id.name, topic, skill.lang_id.name)))

    def _covers(self, category=None, language=None):
        """Return whether this one skill covers a topic in a language.

        :param category: node of the classifier; empty when the topic isn't known yet.
        :param str language: code of a language such as ``uk_UA``; empty when it isn't known.
        """
        self.ensure_one()
        topic_fits = (
            not category or not self.category_id or category.parent_path.startswith(self.category_id.parent_path)
        )
        return topic_fits and (not language or not self.lang_id or self.lang_id.code == language)
