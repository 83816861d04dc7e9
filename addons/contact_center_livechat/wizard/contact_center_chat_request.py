from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ContactCenterChatRequest(models.TransientModel):
    """Makes a request, or a consultation that is answered already, of a live chat (KR-2.9)."""

    _name = "contact.center.chat.request"
    _description = "Request from a Chat"

    chat_id = fields.Many2one("discuss.channel", required=True)
    company_id = fields.Many2one("res.company", "City", required=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("consultation", "Consultation, answered in the chat"), ("request", "Request, to be worked on")],
        "What it was",
        required=True,
        default="consultation",
    )
    category_id = fields.Many2one("contact.center.category", check_company=True)
    description = fields.Text("What the visitor asks", required=True)
    result = fields.Text("Answer", help="What the visitor was told.")
    place_note = fields.Char("Place", help="Street and house, or a landmark; the request can be completed afterwards.")
    partner_id = fields.Many2one("res.partner", "Known applicant", check_company=True)
    name = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    # Read as the user: not everybody who chats may read every request.
    known_ids = fields.Many2many("contact.center.request", string="Made of it already", compute="_compute_known_ids")
    is_known = fields.Boolean(compute="_compute_known_ids")
    again = fields.Boolean("It is another matter", help="The chat has become a request already: make a second one.")
    tell_visitor = fields.Boolean("Write the number into the chat", default=True)

    @api.model
    def default_get(self, fields):
        """Take over what the chat tells of its visitor and what the visitor wrote."""
        values = super().default_get(fields)
        chat = self.env["discuss.channel"].browse(values.get("chat_id"))
        if chat:
            words = "\n".join(map(chat._read_message, chat._get_visitor_messages()))
            values.update({"description": words, **chat._read_visitor()})
        return {name: value for name, value in values.items() if name in fields}

    @api.depends("chat_id")
    def _compute_known_ids(self):
        for wizard in self:
            # That there is one is told also of what the user may not read, hence sudo.
            made = wizard.sudo().chat_id.contact_center_request_ids
            wizard.is_known = bool(made)
            wizard.known_ids = made.sudo(False)._filtered_access("read")

    def action_make(self):
        """Make the request and open it, if the user may read it.

        :raises UserError: for what is no live chat, for a second request that nobody asked for, and without an answer.
        """
        self.ensure_one()
        chat = self.chat_id
        chat.check_access("read")
        if chat.channel_type != "livechat":
            raise UserError(self.env._("Only a live chat becomes a request."))
        # Of two colleagues in the same chat the second one is asked, too.
        # Locking changes nothing of the chat that the user reads, hence sudo.
        if not chat.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("A colleague is making a request of this chat just now. Try again in a moment."))
        self.invalidate_recordset(["is_known"])
        if self.is_known and not self.again:
            raise UserError(
                self.env._("The chat has become a request already. Tick “It is another matter” to make a second one.")
            )
        if self.kind == "consultation" and not (self.result or "").strip():
            raise UserError(self.env._("Write what the visitor was told: a consultation ends with its answer."))
        request = self._make_request()
        self._tell(request)
        if not request.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "views": [(False, "form")],
        }

    def _make_request(self):
        """Make the request of this one dialog and return it."""
        Request = self.env["contact.center.request"].with_company(self.company_id)
        attachments, left_out = Request._take_files(
            [(file.name, file.raw) for file in self.chat_id._get_visitor_messages().attachment_ids]
        )
        vals = {**self._prepare_request(), "photo_ids": [Command.set(attachments.ids)]}
        if self.kind == "consultation":
            request = Request.register_consultation({**vals, "result": self.result})
        else:
            request = Request.create([vals])
        # Nobody writes these by hand; that the user may read the chat was checked, hence sudo.
        request.sudo().write({"chat_id": self.chat_id.id, "transcript": self.chat_id._get_transcript()})
        if left_out:
            note = self.env._("Left out of the chat:")
            body = Markup("<br/>").join([note, *(f"• {what}" for what in left_out)])
            request.sudo()._message_log(body=body)  # as above
        return request

    def _prepare_request(self):
        """Return the values of the request of this one dialog."""
        return {
            "company_id": self.company_id.id,
            "channel": "messenger",
            "category_id": self.category_id.id,
            "description": self.description,
            "place_note": self.place_note,
            "partner_id": self._get_applicant().id,
            "email": self.email,
            "phone": self.phone,
        }

    def _get_applicant(self):
        """Return the applicant, made where the chat tells a phone or an e-mail, or nobody: chats may be anonymous."""
        if self.partner_id or not (self.email or self.phone):
            return self.partner_id
        # Where the visitor comes from and what is spoken there follows from the chat that the user reads, hence sudo.
        chat = self.chat_id.sudo()
        values = {"name": self.name, "email": self.email, "phone": self.phone, "country_id": chat.country_id.id}
        values["lang"] = chat.livechat_lang_id.code or self.company_id.partner_id.lang
        return self.env["res.partner"]._find_or_create_applicant(values, self.company_id)

    def _tell(self, request):
        """Tell the visitor of this one dialog the number of the request, and the user where to open it.

        A secret link would be read by whoever reads the chat, so the number is all that the visitor gets.
        """
        if self.tell_visitor:
            self.chat_id.message_post(
                body=self.env._("Your matter is registered under the number %s.", request.number),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.env.user._bus_send_transient_message(
            self.chat_id, self.env._("Registered: %s", request._get_html_link(title=request.number))
        )
