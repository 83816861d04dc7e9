"""Personal data in the models of this addon, see ``privacy.py`` of ``contact_center_base`` (KP-3.10)."""

from odoo.addons.contact_center_base.privacy import EMAIL, NAME, PHONE, PLACE, WORDS, PersonalData

#: What this addon adds to requests.
REQUEST_FIELDS = {"transcript": WORDS}
PERSONAL = {
    # A dialog: it is gone after hours, but that may be too late.
    "contact.center.chat.request": PersonalData(
        {
            "name": NAME,
            "phone": PHONE,
            "email": EMAIL,
            "place_note": PLACE,
            "description": WORDS,
            "result": WORDS,
        },
        request="chat_id.contact_center_request_ids",
        person="partner_id",
        row=True,
    ),
}
