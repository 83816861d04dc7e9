"""Phone numbers in E.164, so that one number in different spellings is one number."""

import phonenumbers

from odoo.exceptions import UserError


def normalise(number, country_code=None, strict=None):
    """Return a phone number in E.164 (``"+380561234567"``), or ``None`` when it is none.

    :param str number: in any spelling, national or international.
    :param str country_code: two letters of the country whose national spelling is understood.
    :param strict: an environment; with it a wrong number raises instead of giving ``None``.
    :raises UserError: with ``strict``, naming the wrong number.
    """
    try:
        parsed = phonenumbers.parse(number or "", country_code or None)
        if phonenumbers.is_possible_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass
    if strict is not None:
        raise UserError(
            strict._("“%s” is no phone number. Write it with its code, for example +380 56 123 45 67.", number or "")
        )
    return None
