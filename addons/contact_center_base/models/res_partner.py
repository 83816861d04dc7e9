from odoo import api, fields, models
from odoo.fields import Domain

from ..const import INFORM_CHANNELS
from ..phone import normalise, normalise_or_keep

APPLICANT_KINDS = [
    ("resident", "Resident"),
    ("displaced", "Internally displaced person"),
    ("association", "Association"),
    ("business", "Business"),
    ("authority", "Authority"),
    ("deputy", "Deputy"),
]
# Everybody else reads partners without what they brought to the city.
READERS = "contact_center_base.group_operator,contact_center_base.group_control_body"
# What else tells who a person is.
_PERSONAL_LINKS = ("parent_id", "state_id", "applicant_kind", "inform_by", "category_id", "lang", "tz")


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Whoever calls is looked up by these while the phone rings.
    phone_sanitized = fields.Char(index="btree_not_null")
    email_normalized = fields.Char(index="btree_not_null")

    applicant_kind = fields.Selection(
        APPLICANT_KINDS, help="Who turns to the city. Anonymous requests have no applicant."
    )
    inform_by = fields.Selection(INFORM_CHANNELS, "Wants to be informed by")
    other_phone_ids = fields.One2many("contact.center.phone", "partner_id", "Other phones", groups=READERS)
    contact_center_request_ids = fields.One2many("contact.center.request", "partner_id", "Requests", groups=READERS)
    contact_center_request_count = fields.Integer(
        "Number of requests", compute="_compute_contact_center_request_count", groups=READERS
    )

    def _compute_contact_center_request_count(self):
        counts = dict(
            self.env["contact.center.request"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.contact_center_request_count = counts.get(partner, 0)

    @api.model
    def _find_applicants(self, phone=None, email=None, company=None):
        """Return the applicants who use a phone number or an e-mail address, those seen last first.

        :param str phone: in any spelling; it is compared in E.164, so one number is one applicant.
        :param str email: compared without regard to case.
        """
        company = company or self.env.company
        domains = []
        number = normalise(phone, company.country_id.code)
        if number:
            # The ids instead of a subquery let the database use the index on each side.
            others = self.env["contact.center.phone"].search([("number", "=", number)]).partner_id
            domains += [Domain("phone_sanitized", "=", number), Domain("id", "in", others.ids)]
        if email:
            domains.append(Domain("email_normalized", "=", email.strip().lower()))
        if not domains:
            return self.browse()
        of_city = Domain("company_id", "in", [False, company.id])
        found = self.search(Domain.OR(domains) & of_city, order="write_date desc, id desc")
        return found._without_unproved(filter(None, (number, email and email.strip().lower())))

    def _without_unproved(self, contacts):
        """Return these people without holders of accounts of the portal who haven't proved any of the contacts.

        They write into their accounts what they like: whoever wrote a stranger's phone there would else get to see
        what the stranger turns to the city with.

        :param contacts: normalised phones and e-mail addresses by which the people were found.
        """
        # Only whether somebody has an account and what was proved to it matters, hence sudo.
        users = self.sudo().with_context(active_test=False).user_ids.filtered("share")
        if not users:
            return self
        Contact = self.env["contact.center.confirmed.contact"].sudo()  # as above
        proved = Contact.search([("value", "in", list(contacts)), ("user_id", "in", users.ids)])
        return self - (users - proved.user_id).partner_id.with_env(self.env)

    @api.model
    def _find_or_create_applicant(self, values, company=None):
        """Return the one applicant who fits, made from the values when nobody does.

        :param dict values: ``name``, ``phone``, ``email`` and further values of a new partner. Somebody with the same
            phone or e-mail and, where a name is given, the same name is the same applicant; with no name given the
            one seen last.
        """
        company = company or self.env.company
        candidates = self._find_applicants(values.get("phone"), values.get("email"), company)
        name = (values.get("name") or "").strip()
        if name:
            same_name = candidates.filtered(lambda partner: (partner.name or "").casefold() == name.casefold())
            candidates = same_name or candidates.filtered(lambda partner: not partner.name)
        if candidates:
            return candidates[0]
        phone = normalise_or_keep(values.get("phone"), company.country_id.code)
        return self.create(
            {
                "applicant_kind": "resident",
                "company_id": company.id,
                **values,
                "name": name or phone or values.get("email"),
                "phone": phone,
            }
        )

    def _get_contacts(self, claimed=False):
        """Return ``(phones, e-mail addresses)`` by which many people are known, in every spelling that is kept.

        :param bool claimed: also what holders of accounts of the portal wrote there without proving it, see
            :meth:`_without_unproved`.
        """
        # Whose accounts these are, to leave out what was only claimed, hence sudo.
        accounts = self.sudo().with_context(active_test=False).user_ids.filtered("share")
        proved = self.env["contact.center.confirmed.contact"].sudo().search([("user_id", "in", accounts.ids)])
        known = self if claimed else self - accounts.partner_id
        phones = {*known.mapped("phone"), *known.mapped("phone_sanitized"), *known.other_phone_ids.mapped("number")}
        emails = {*known.mapped("email"), *known.mapped("email_normalized")}
        phones.update(proved.filtered(lambda contact: contact.kind == "phone").mapped("value"))
        emails.update(proved.filtered(lambda contact: contact.kind == "email").mapped("value"))
        return sorted(filter(None, phones)), sorted(filter(None, emails))

    def _anonymise(self):
        """Empty everything that tells who these people are, and archive them: something else refers to them."""
        texts = ("char", "text", "html", "binary", "image", "properties", "json")
        names = [
            field.name
            for field in self._fields.values()
            if field.store and field.type in texts and not field.compute and not field.related and not field.required
        ]
        values = dict.fromkeys([*names, *_PERSONAL_LINKS], False)
        self.with_context(tracking_disable=True, no_vat_validation=True).write(
            {**values, "name": self.env._("Erased person"), "active": False}
        )

    def action_view_contact_center_requests(self):
        """Open the requests of this one applicant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("contact_center_base.contact_center_request_action")
        return dict(action, domain=[("partner_id", "=", self.id)], context={"default_partner_id": self.id})
