"""What somebody wrote in a reply to an e-mail, without what mail programs add: plain Python that knows no records.

Odoo marks what well-known programs quote when it reads a mail (``data-o-mail-quote``). Others quote without a mark:
therefore our e-mails begin with :data:`MARKER`, below which nothing of a reply is taken.
"""

import re
from typing import NamedTuple

from lxml import html

from odoo.tools import html2plaintext

#: The first line of our e-mails; a program that quotes them repeats it.
MARKER = "##- contact centre -##"

# Values by which a machine that answers by itself gives itself away (RFC 3834 and what was usual before it); an empty
# set stands for any value.
_AUTOMATIC_HEADERS = {
    "X-Autoreply": set(),
    "X-Autorespond": set(),
    "Precedence": {"auto_reply", "bulk", "junk", "list"},
}
# "-----Original Message-----" and the rulers that programs draw above what they quote.
_RULER = re.compile(r"\s*(-{3,}.*-{3,}|_{8,})\s*")
# "Subject: …" in any language; a program puts several of them above what it quotes.
_HEADER = re.compile(r"\s*\*?[^\W\d_][\w -]{0,20}\*?:\*? .*")
# "On Monday 12 January 2026 at 10:15, City <city@example.com> wrote:" in any language.
_INTRODUCTION = re.compile(r"(?=.*(@|\d[.:/]\d)).*:\s*", re.DOTALL)


class Reply(NamedTuple):
    """What somebody wrote.

    :param text: as plain text; empty if there was nothing but the quoted e-mail
    :param images: content ids of the pictures between the lines
    """

    text: str
    images: frozenset


def is_automatic(headers) -> bool:
    """Tell whether a mail was written by a machine: an answer while somebody is away, a receipt, a mailing list.

    :param headers: mapping of the mail's header lines, such as an ``EmailMessage``
    """
    if (headers.get("Auto-Submitted") or "no").strip().lower() != "no":
        return True
    for name, values in _AUTOMATIC_HEADERS.items():
        value = headers.get(name)
        if value is not None and (not values or value.strip().lower() in values):
            return True
    return False


def read_reply(body: str) -> Reply:
    """Return what somebody wrote in a reply.

    :param body: HTML of the mail as Odoo's gateway gives it, with what it knows to be quoted marked
    """
    if not (body or "").strip():
        return Reply("", frozenset())
    tree = html.fragment_fromstring(body, create_parent="div")
    quoted = tree.xpath(".//*[@data-o-mail-quote]")
    for element in quoted:
        element.drop_tree()
    images = frozenset(source.removeprefix("cid:") for source in tree.xpath(".//img/@src") if source.startswith("cid:"))
    text = html2plaintext(html.tostring(tree, encoding="unicode"), include_references=False)
    text, marker, _below = text.partition(MARKER)
    lines = [line.rstrip() for line in text.splitlines() if not line.lstrip().startswith(">")]
    if quoted or marker:
        _drop_introduction(lines)
    return Reply("\n".join(lines).strip(), images)


def _drop_introduction(lines: list[str]) -> None:
    """Take away the lines by which a program introduces what it quoted below them."""
    ruler = next((index for index, line in enumerate(lines) if _RULER.fullmatch(line)), len(lines))
    del lines[ruler:]
    _drop_blank(lines)
    block = len(lines)
    while block and _HEADER.fullmatch(lines[block - 1]):
        block -= 1
    if len(lines) - block > 1 and any("@" in line for line in lines[block:]):
        del lines[block:]
    # Programs break a long introduction into two lines.
    for length in (1, 2):
        if _INTRODUCTION.fullmatch(" ".join(lines[-length:])) and lines[-1:] and lines[-1].endswith(":"):
            del lines[-length:]
            break
    _drop_blank(lines)


def _drop_blank(lines: list[str]) -> None:
    while lines and not lines[-1].strip():
        lines.pop()
