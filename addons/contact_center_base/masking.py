"""Hiding what tells who somebody is from texts that others read."""

import re

#: Stands where something was taken out.
MASK = "•••"

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Seven digits or more, however they are set apart; what begins as a date isn't dialled.
_DATE = r"(?:\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{4})"
_PHONE = re.compile(rf"{_DATE}|\+?\(?\d(?:[\s().–-]*\d){{6,}}")


def mask_contacts(text):
    """Return a text without the phone numbers and e-mail addresses in it.

    >>> mask_contacts("Call 050 123-45-67 or +38(050)1234567, write to oksana.t@example.com!")
    'Call ••• or •••, write to •••!'
    >>> mask_contacts("Dark since 2026-03-01 12:30, three lamps at 12/5, flat 104, see 01.03.2026")
    'Dark since 2026-03-01 12:30, three lamps at 12/5, flat 104, see 01.03.2026'
    """
    text = _EMAIL.sub(MASK, text or "")
    return _PHONE.sub(lambda found: found[0] if re.fullmatch(_DATE, found[0]) else MASK, text)
