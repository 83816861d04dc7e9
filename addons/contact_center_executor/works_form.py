"""Reading fields of the form by which executors register works."""

import json

from .const import LAST_NUMBER


def read_numbers(first: str, last: str) -> tuple[int, int]:
    """Return the first and the last house number; left empty, all from the first or to the last.

    >>> read_numbers("", ""), read_numbers("7", ""), read_numbers("2", "28")
    ((1, 9999), (7, 9999), (2, 28))

    :raises ValueError: for what is no number.
    """
    return _read_number(first) or 1, _read_number(last) or LAST_NUMBER


def _read_number(text: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text or 0)


def read_area(text: str | None) -> dict | bool:
    """Return the GeoJSON that a drawing left in a field, or ``False`` when nothing is drawn.

    :raises ValueError: for what is no JSON object.
    """
    if not text:
        return False
    area = json.loads(text)
    if not isinstance(area, dict):
        raise ValueError("no object")
    return area
