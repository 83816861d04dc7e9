"""What kinds of files executors may hand in (MA-4.1.6): pictures, PDF, office documents and plain text.

Nobody's word is taken for what a file is: its content decides, and its name has to fit the content.
"""

import io
from pathlib import PurePath
from struct import error as StructError

from PIL import Image

from odoo.exceptions import UserError
from odoo.tools.image import IMAGE_MAX_RESOLUTION, image_apply_opt, image_fix_orientation
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

#: Pictures that can be read and written anew; Odoo lets its library read no other kinds.
PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif")
#: The longest side of a picture that was written anew, in pixels; number plates and signs stay readable.
PICTURE_SIDE = 2560
_PICTURE_QUALITY = 85
# What the library raises for files that are broken or meant to break it.
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, StructError)


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
    :raises UserError: for an empty or too large file, a kind that isn't taken, a name that pretends to be another, or a
        picture that would fill the memory.
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
        _check_points(env, name, content)


def clean_picture(env, name, content):
    """Return ``(name, content)`` of a picture written anew: without the place and device that cameras note in it.

    It stands upright, as JPEG or PNG, its longest side at most ``PICTURE_SIDE`` pixels.

    :param str name: its file name; the ending follows the new kind.
    :param bytes content: a picture of one of ``PICTURE_TYPES``.
    :raises UserError: when it is broken or would fill the memory.
    """
    _check_points(env, name, content)
    try:
        picture = Image.open(io.BytesIO(content))
        kind = "PNG" if picture.format in ("PNG", "GIF") else "JPEG"
        picture.draft("RGB", (PICTURE_SIDE, PICTURE_SIDE))
        picture = image_fix_orientation(picture).convert("RGBA" if kind == "PNG" else "RGB")
        picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    except _UNREADABLE as error:
        raise UserError(env._("“%s” can't be read: the picture is broken. Choose another one.", name)) from error
    # Some kinds carry what they were read with into the new file.
    picture.info.clear()
    options = {"quality": _PICTURE_QUALITY} if kind == "JPEG" else {}
    ending = ".png" if kind == "PNG" else ".jpg"
    return PurePath(name or "photo").stem + ending, image_apply_opt(picture, kind, optimize=True, **options)


def _check_points(env, name, content):
    """Refuse a picture that would fill the memory by what its head says: few bytes may stand for very many points."""
    try:
        width, height = Image.open(io.BytesIO(content)).size
    except Image.DecompressionBombError:
        width = height = IMAGE_MAX_RESOLUTION
    except _UNREADABLE:
        return
    if width * height > IMAGE_MAX_RESOLUTION:
        raise UserError(
            env._(
                "“%(name)s” has more than %(limit)s million points: make the picture smaller.",
                name=name,
                limit=int(IMAGE_MAX_RESOLUTION / 1e6),
            )
        )
