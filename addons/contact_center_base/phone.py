"""Phone numbers in E.164, so that one number in different spellings is one number."""

from contextlib import suppress

import phonenumbers

from odoo.exceptions import UserError


def normalise(number, country_code=None, strict=None):
    """Return a phone number in E.164 (``"+380561234567"``), or ``None`` when it is none.

    :param str number: in any spelling, national or international.
    :param str country_code: two letters of the country whose national spelling is understood.
    :param strict: an environment; with it a wrong number raises instead of giving ``None``.
    :raises UserError: with ``strict``, naming the wrong number.
    """
    with suppress(phonenumbers.NumberParseException):
        parsed = phonenumbers.parse(number or "", country_code or None)
        if phonenumbers.is_possible_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if strict is not None:
        raise UserError(
            strict._("“%s” is no phone number. Write it with its code, for example +380 56 123 45 67.", number or "")
        )
    return None


def normalise_or_keep(number, country_code=None):
    """Return a phone number in E.164, or as it was written where it is none, so that nothing said is lost."""
    return normalise(number, country_code) or (number or "").strip()
