"""Extra questions of a service: how Odoo keeps them and what Open311 calls them."""

import re
from dataclasses import dataclass

from .parameters import BadParameter, read_moment

#: Kind of a question in Odoo -> datatype of Open311; questions of other kinds are for the staff.
DATATYPES = {
    "char": "string",
    "text": "text",
    "boolean": "singlevaluelist",
    "integer": "number",
    "float": "number",
    "date": "datetime",
    "datetime": "datetime",
    "selection": "singlevaluelist",
    "tags": "multivaluelist",
}
#: What a program sends for yes and no.
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
TEXT_LIMIT = 4000
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True)
class Attribute:
    """One question.

    :param values: the choices, each ``(key, name)``.
    """

    code: str
    kind: str
    label: str
    values: tuple = ()

    @property
    def datatype(self):
        return DATATYPES[self.kind]


def describe_questions(definition, yes="Yes", no="No"):
    """Return the :class:`Attribute` rows of questions as Odoo keeps them.

    :param list definition: of properties, each a dictionary.
    :param str yes: what a question to be answered by yes or no offers; ``no`` likewise.
    """
    attributes = []
    for question in definition or []:
        kind = question["type"]
        if kind not in DATATYPES:
            continue
        choices = question.get("selection" if kind == "selection" else "tags") or []
        values = [(choice[0], choice[1]) for choice in choices]
        if kind == "boolean":
            values = [("true", yes), ("false", no)]
        attributes.append(Attribute(question["name"], kind, question.get("string") or "", tuple(values)))
    return attributes


def read_answer(attribute, texts, zone):
    """Return an answer as Odoo keeps it.

    :param list texts: what was sent for it, one text or more.
    :param zone: time zone of moments without one.
    :raises BadParameter: when it doesn't answer the question.
    """
    name = f"attribute[{attribute.code}]"
    keys = {key for key, _name in attribute.values}
    if attribute.datatype.endswith("list") and attribute.kind != "boolean" and not keys.issuperset(texts):
        raise BadParameter(f"{name} is none of its values: {', '.join(sorted(keys))}.")
    if attribute.datatype == "multivaluelist":
        return list(dict.fromkeys(texts))
    if len(texts) != 1:
        raise BadParameter(f"{name} takes one value.")
    return _convert(attribute.kind, name, texts[0], zone)


def _convert(kind, name, text, zone):
    if kind == "boolean":
        if text.lower() not in _BOOLEANS:
            raise BadParameter(f"{name} is true or false.")
        return _BOOLEANS[text.lower()]
    if kind in ("integer", "float"):
        if not _NUMBER.fullmatch(text) or (kind == "integer" and "." in text):
            raise BadParameter(f"{name} is a number.")
        return float(text) if kind == "float" else int(text)
    if kind == "date":
        # The day of the moment in the city, not in Greenwich.
        return read_moment(name, text, zone).astimezone(zone).date().isoformat()
    if kind == "datetime":
        return read_moment(name, text, zone).strftime("%Y-%m-%d %H:%M:%S")
    if len(text) > TEXT_LIMIT:
        raise BadParameter(f"{name} has more than {TEXT_LIMIT} characters.")
    return text
