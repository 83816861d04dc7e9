from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from odoo.addons.html_editor.models.diff_utils import generate_comparison

from .contact_center_article import CONTENT_FIELDS


class ContactCenterArticleVersion(models.Model):
    """The text of an article as it was approved. Versions are only ever added."""

    _name = "contact.center.article.version"
    _description = "Article Version"
    _order = "article_id, number desc"
    _rec_name = "number"
    _log_access = False

    article_id = fields.Many2one(
        "contact.center.article", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", "City", required=True, index=True, readonly=True)
    number = fields.Integer("Version", required=True, readonly=True)
    date = fields.Datetime("Published on", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "Approved by",
        required=True,
        ondelete="restrict",
        readonly=True,
        default=lambda self: self.env.user,
    )
    author_id = fields.Many2one("res.users", "Written by", ondelete="restrict", readonly=True)
    content = fields.Json(required=True, readonly=True, help="The texts by the name of their field.")
    content_html = fields.Html("Text", compute="_compute_content_html")
    compared_id = fields.Many2one(
        "contact.center.article.version",
        "Compare with",
        compute="_compute_compared_id",
        store=False,
        readonly=False,
        domain="[('article_id', '=', article_id), ('id', '!=', id)]",
    )
    comparison = fields.Html("Changes", compute="_compute_comparison")

    _article_number_unique = models.UniqueIndex(
        "(article_id, number)", "A colleague has just published this article. Reload it and try again."
    )

    @api.depends("article_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(article)s, version %(number)s", article=version.article_id.name, number=version.number
            )

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_content_html(self):
        for version in self:
            version.content_html = version._render_content()

    @api.depends("number", "article_id.version_ids")
    def _compute_compared_id(self):
        for version in self:
            earlier = version.article_id.version_ids.filtered_domain([("number", "<", version.number)])
            version.compared_id = earlier.sorted("number")[-1:]

    @api.depends("content_html", "compared_id")
    def _compute_comparison(self):
        for version in self:
            version.comparison = version.compared_id and version._compare(version.compared_id)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        if self:
            raise UserError(self.env._("A published version can't be changed. Revise the article instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A published version can't be deleted. Archive the article instead."))

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    def _render_content(self):
        """Return the texts of this one version under their labels, as HTML that is safe to show."""
        article = self.env["contact.center.article"]
        parts = []
        # The database doesn't keep the order of the texts.
        for name in CONTENT_FIELDS:
            field, text = article._fields[name], (self.content or {}).get(name)
            if text:
                label = field._description_string(self.env)
                # HTML fields were sanitized when they were saved; the other texts are escaped here.
                value = Markup(text) if field.type == "html" else plaintext2html(text)
                parts.append(Markup("<h4>%s</h4>%s") % (label, value))
        return Markup("\n").join(parts)

    def _compare(self, other):
        """Return this one version as HTML in which the differences to ``other`` are marked as added and removed."""
        comparison = generate_comparison(self._render_content(), other._render_content())
        for editor_tag, tag in (("added", "ins"), ("removed", "del")):
            comparison = comparison.replace(f"<{editor_tag}>", f"<{tag}>").replace(f"</{editor_tag}>", f"</{tag}>")
        return Markup(comparison)

    def action_restore(self):
        """Open a revision of the article with the text of this one version; it still has to be approved."""
        self.ensure_one()
        return self.article_id._revise(self.content)._get_form_action()
