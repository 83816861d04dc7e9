"""Answers as XML and as JSON.

An answer is ``(name of the root, content)``; content is a text, number, truth, ``None``, a dictionary or a list. In XML
each entry of a list is an element whose name follows from that of the list; in JSON a list of the root is bare.
"""

import json
import re

from lxml import etree

#: Format by the end of an address -> what it is declared as.
FORMATS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
#: Name of a list in XML -> name of its entries.
_ENTRIES = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "extensions": "extension",
    "service_requests": "request",
    "errors": "error",
}
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(fmt, name, content):
    """Return an answer as bytes.

    :param str fmt: one of ``FORMATS``.
    """
    if fmt == "json":
        return json.dumps(content, ensure_ascii=False).encode()
    root = etree.Element(name)
    _fill(root, content)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def render_error(fmt, code, description):
    """Return an error as bytes."""
    return render(fmt, "errors", [{"code": code, "description": description}])


def _fill(element, content):
    if isinstance(content, dict):
        for name, value in content.items():
            _fill(etree.SubElement(element, name), value)
    elif isinstance(content, list):
        for value in content:
            _fill(etree.SubElement(element, _ENTRIES[element.tag]), value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _UNWRITABLE.sub("", str(content))
