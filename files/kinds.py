"""What kinds of files are kept as evidence, told by what they hold and not by their names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.documents import DocumentFormat, DocumentUnfit, Fault, document_in
from files.limits import LARGEST_DOCUMENT, LARGEST_PHOTO, MIB
from files.naming import shown_name
from files.pictures import ACCEPTED as ACCEPTED_PHOTOS
from files.pictures import PhotoFormat, begins_like_a_photo, written_anew

# What file choosers offer; telling is `kind_of`.
ACCEPTED = f"{ACCEPTED_PHOTOS},.pdf,.docx,.xlsx,.doc,.xls"


class FileKind(models.TextChoices):
    """The kinds that are kept; the value is what the answer's Content-Type says."""

    JPEG = PhotoFormat.JPEG.value, "JPEG"
    PNG = PhotoFormat.PNG.value, "PNG"
    WEBP = PhotoFormat.WEBP.value, "WebP"
    PDF = DocumentFormat.PDF.value, DocumentFormat.PDF.label
    DOCX = DocumentFormat.DOCX.value, DocumentFormat.DOCX.label
    XLSX = DocumentFormat.XLSX.value, DocumentFormat.XLSX.label
    DOC = DocumentFormat.DOC.value, DocumentFormat.DOC.label
    XLS = DocumentFormat.XLS.value, DocumentFormat.XLS.label


class FileRefused(Exception):
    """A file that is not kept; its text is for the user and names the file."""


ALLOWED = gettext_lazy(
    "photos (JPEG, PNG, WebP, HEIC), PDF, Word and Excel files without macros or a password"
)
_MESSAGES = {
    Fault.DAMAGED: gettext_lazy("“%(name)s” is damaged, or is not what it seems. Allowed: %(allowed)s."),
    Fault.ANOTHER: gettext_lazy("“%(name)s” is a file of another kind. Allowed: %(allowed)s."),
    Fault.MACROS: gettext_lazy("“%(name)s” carries macros or scripts. Allowed: %(allowed)s."),
    Fault.LOCKED: gettext_lazy("“%(name)s” opens only with a password. Allowed: %(allowed)s."),
    Fault.UNPACKS_TOO_LARGE: gettext_lazy("“%(name)s” is too large when unpacked. Allowed: %(allowed)s."),
}
_PHOTO_ENDINGS = (".jpg", ".jpeg", ".jfif", ".png", ".webp")
# The first is what a file is called that has none of them.
_ENDINGS = {
    FileKind.JPEG: _PHOTO_ENDINGS,
    FileKind.PNG: (".png", *_PHOTO_ENDINGS),
    FileKind.WEBP: (".webp", *_PHOTO_ENDINGS),
    FileKind.PDF: (".pdf",),
    FileKind.DOCX: (".docx",),
    FileKind.XLSX: (".xlsx",),
    FileKind.DOC: (".doc", ".wps"),
    FileKind.XLS: (".xls", ".et"),
}
_BECOME_JPEG = (".heic", ".heif")
# Where a browser looks when it takes a file for a page, whatever it was told.
_SNIFFED = 1024
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|object|embed)\b", re.IGNORECASE)


def kind_of(name: str, data: bytes) -> FileKind:
    """As what the file is kept. Raises FileRefused, or PhotoRefused of a broken photo.

    name: what the user calls it. data: the file, or enough of it to be too large.
    """
    if is_photo(name, data):
        return FileKind(written_anew(name, data).content_type.value)
    return document_kind(name, data)


def is_photo(name: str, data: bytes) -> bool:
    """Whether it begins like a photo. Raises FileRefused where a browser might take it for a page."""
    if _PAGE.search(data[:_SNIFFED]):
        raise _refusal(name, Fault.ANOTHER)
    return begins_like_a_photo(data)


def document_kind(name: str, data: bytes) -> FileKind:
    """What document it is. Raises FileRefused of what is none that is kept."""
    if len(data) > LARGEST_DOCUMENT:
        message = _("“%(name)s” is larger than %(limit)s MB.")
        raise FileRefused(message % {"name": file_name(name), "limit": LARGEST_DOCUMENT // MIB})
    try:
        found = document_in(data)
    except DocumentUnfit as unfit:
        raise _refusal(name, unfit.fault) from unfit
    if found is None:
        raise _refusal(name, Fault.ANOTHER)
    return FileKind(found.value)


def file_name(name: str, kind: FileKind | None = None) -> str:
    """What a file is called on pages, and where it is saved: with an ending that says what it is."""
    shown = shown_name(name, _("file"))
    path = PurePosixPath(shown)
    if kind is FileKind.JPEG and path.suffix.lower() in _BECOME_JPEG:
        return path.stem + _ENDINGS[kind][0]
    if kind is None or path.suffix.lower() in _ENDINGS[kind]:
        return shown
    return shown_name(shown + _ENDINGS[kind][0], "")


def limits() -> str:
    """What may be sent, for the line below a field of files."""
    return _("Photos up to %(photo)s MB, also HEIC; PDF, Word and Excel files up to %(document)s MB.") % {
        "photo": LARGEST_PHOTO // MIB,
        "document": LARGEST_DOCUMENT // MIB,
    }


def _refusal(name: str, fault: Fault) -> FileRefused:
    return FileRefused(_MESSAGES[fault] % {"name": file_name(name), "allowed": ALLOWED})
