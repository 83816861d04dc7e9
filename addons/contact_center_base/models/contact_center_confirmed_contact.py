from odoo import api, fields, models


class ContactCenterConfirmedContact(models.Model):
    """A phone or an e-mail address of which the holder of an account proved by a code that it is theirs.

    It opens the requests left with it in the cabinet. A contact is of one account: phones change hands.
    """

    _name = "contact.center.confirmed.contact"
    _description = "Confirmed Contact"
    _order = "kind, id"
    _rec_name = "value"

    user_id = fields.Many2one("res.users", "Account", required=True, index=True, ondelete="cascade")
    kind = fields.Selection([("phone", "Phone"), ("email", "E-mail")], required=True)
    value = fields.Char(required=True, help="A phone in E.164, or an e-mail address in small letters.")
    confirmed_at = fields.Datetime("Confirmed", required=True, default=fields.Datetime.now)

    _value_unique = models.UniqueIndex("(value)", "This contact was confirmed by another account just now.")

    @api.model
    def _confirm(self, user, kind, value):
        """Note that an account's holder proved a contact to be theirs, and take it from whoever had it before.

        :param str kind: ``phone`` or ``email``, with its normalised ``value``.
        :returns: the confirmed contact.
        """
        # Whoever calls this has checked the code, and residents have no rights on contacts, hence sudo.
        contacts = self.sudo()
        contact = contacts.search([("value", "=", value)])
        values = {"user_id": user.id, "kind": kind, "confirmed_at": fields.Datetime.now()}
        if contact:
            contact.write(values)
            return contact
        return contacts.create([{**values, "value": value}])
