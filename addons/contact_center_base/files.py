"""What kinds of files executors may hand in (MA-4.1.6): pictures, PDF, office documents and plain text.

Nobody's word is taken for what a file is: its content decides, and its name has to fit the content.
"""

from odoo.exceptions import UserError
from odoo.tools.mimetypes import get_extension, guess_mimetype

#: The largest file, in bytes; the photo of a good camera fits in.
MAXIMUM_SIZE = 20 * 1024 * 1024

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

#: Real type of the content -> endings that the name of such a file may have.
ALLOWED_TYPES = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    "application/msword": (".doc",),
    "application/vnd.ms-excel": (".xls",),
    "application/vnd.ms-powerpoint": (".ppt",),
    f"{_OPEN_XML}.wordprocessingml.document": (".docx",),
    f"{_OPEN_XML}.spreadsheetml.sheet": (".xlsx",),
    f"{_OPEN_XML}.presentationml.presentation": (".pptx",),
    f"{_OPEN_DOCUMENT}.text": (".odt",),
    f"{_OPEN_DOCUMENT}.spreadsheet": (".ods",),
    f"{_OPEN_DOCUMENT}.presentation": (".odp",),
    "text/plain": (".txt",),
}
# What some phones call their photos inside the file; not every installation of Odoo recognises them.
_HEIC_BRANDS = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1")


def find_type(content):
    """Return the real type of a file by its content.

    :param bytes content: the whole file.
    """
    if content[4:12] in _HEIC_BRANDS:
        return "image/heic"
    return guess_mimetype(content)


def check_files(env, files):
    """Check that files may be handed in.

    :param env: environment of whoever reads the message.
    :param files: list of ``(name, content)``, the content as bytes.
    :raises UserError: for an empty or too large file, a kind that isn't taken, or a name that pretends to be another.
    """
    for name, content in files:
        if not content:
            raise UserError(env._("“%s” is empty: choose the file again.", name))
        if len(content) > MAXIMUM_SIZE:
            raise UserError(
                env._(
                    "“%(name)s” is larger than %(limit)s MB: make it smaller or split it.",
                    name=name,
                    limit=MAXIMUM_SIZE // (1024 * 1024),
                )
            )
        endings = ALLOWED_TYPES.get(find_type(content))
        if not endings:
            raise UserError(
                env._("“%s” isn't a picture, a PDF, an office document or plain text: such files aren't taken.", name)
            )
        if get_extension(name or "") not in endings:
            raise UserError(
                env._(
                    "“%(name)s” isn't what its name says: its content is of the kind “%(endings)s”.",
                    name=name,
                    endings=", ".join(endings),
                )
            )
