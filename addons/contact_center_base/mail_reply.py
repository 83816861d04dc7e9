"""What somebody wrote in an e-mail, without what mail programs add: plain Python that knows no records.

Odoo marks what well-known programs quote when it reads a mail (``data-o-mail-quote``). Others quote without a mark:
therefore our e-mails begin with :data:`MARKER`, below which nothing of a reply is taken.
"""

import re
from email.message import EmailMessage
from typing import NamedTuple

from lxml import html

from odoo.tools import html2plaintext

#: The first line of our e-mails; a program that quotes them repeats it.
MARKER = "##- contact centre -##"

# Values by which a machine that answers by itself gives itself away (RFC 3834 and what was usual before it); an empty
# set stands for any value. Mailing lists name themselves (RFC 2919, RFC 2369); what mustn't be answered by a machine
# comes from one.
_AUTOMATIC_HEADERS = {
    "X-Autoreply": set(),
    "X-Autorespond": set(),
    "Precedence": {"auto_reply", "bulk", "junk", "list"},
    "X-Auto-Response-Suppress": {"all", "oof", "dr", "ndr", "rn", "nrn", "autoreply"},
    "List-Id": set(),
    "List-Unsubscribe": set(),
    # A report of a mail server has no address to which another could go back.
    "Return-Path": {"<>"},
}
#: So much HTML is read of a mail; nobody wrote what is below.
_MAXIMUM_HTML = 1_000_000
# Neither XML nor PostgreSQL keeps these.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# "Re: Fwd: …", as programs in the languages of our residents write it.
_SUBJECT_PREFIX = re.compile(r"^(?:\s*(?:re|fwd?|odp|pd|aw|відп|вп|пересл|fw)\s*(?:\[\d+\])?:)+\s*", re.IGNORECASE)
# "-----Original Message-----" and the rulers that programs draw above what they quote.
_RULER = re.compile(r"\s*(-{3,}.*-{3,}|_{8,})\s*")
# "Subject: …" in any language; a program puts several of them above what it quotes.
_HEADER = re.compile(r"\s*\*?[^\W\d_][\w -]{0,20}\*?:\*? .*")
# "On Monday 12 January 2026 at 10:15, City <city@example.com> wrote:" in any language.
_INTRODUCTION = re.compile(r"(?=.*(@|\d[.:/]\d)).*:\s*", re.DOTALL)


# Programs put it above the signature, with a blank at its end (RFC 3676).
_SIGNATURE = "--"


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
        if value is None:
            continue
        words = {word.strip() for word in str(value).lower().split(",")}
        if not values or words & values:
            return True
    return False


def clean_text(text: str | None) -> str:
    """Return a text without the characters that can't be kept."""
    return _CONTROL_CHARACTERS.sub("", text or "")


def clean_subject(subject: str | None) -> str:
    """Return the subject that somebody gave, without what programs put before it."""
    return _SUBJECT_PREFIX.sub("", " ".join(clean_text(subject).split()))


def read_text(body: str | None) -> str:
    """Return everything that a mail says as plain text, with what it quotes.

    :param body: HTML of the mail as Odoo's gateway gives it
    """
    return html2plaintext(clean_text(body)[:_MAXIMUM_HTML], include_references=False).strip()


def read_files(message_dict: dict, reply: Reply) -> list[tuple[str, bytes]]:
    """Return name and content of the files of a mail, without the pictures of what it quotes.

    :param message_dict: the mail as Odoo's gateway gives it
    """
    files = []
    for name, content, info in message_dict.get("attachments") or ():
        cid = (info or {}).get("cid")
        if cid and cid not in reply.images:
            continue
        if isinstance(content, EmailMessage):
            content = content.as_bytes()
        files.append((clean_text(name), content.encode() if isinstance(content, str) else content or b""))
    return files


def read_reply(body: str) -> Reply:
    """Return what somebody wrote, without what it answers and without the signature.

    :param body: HTML of the mail as Odoo's gateway gives it, with what it knows to be quoted marked
    """
    body = _XML_DECLARATION.sub("", clean_text(body)[:_MAXIMUM_HTML], count=1)
    if not body.strip():
        return Reply("", frozenset())
    tree = html.fragment_fromstring(body, create_parent="div")
    quoted = tree.xpath(".//*[@data-o-mail-quote]")
    for element in quoted:
        element.drop_tree()
    images = frozenset(source.removeprefix("cid:") for source in tree.xpath(".//img/@src") if source.startswith("cid:"))
    text = html2plaintext(html.tostring(tree, encoding="unicode"), include_references=False)
    text, marker, _below = text.partition(MARKER)
    written = text.splitlines()
    lines = [line.rstrip() for line in written if not line.lstrip().startswith(">")]
    if quoted or marker or len(lines) < len(written):
        _drop_introduction(lines)
    if _SIGNATURE in lines[1:]:
        del lines[lines.index(_SIGNATURE, 1) :]
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
