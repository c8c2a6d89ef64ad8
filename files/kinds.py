"""What kinds of files are kept as evidence, told by what they hold and not by their names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from files.naming import shown_name
from files.pictures import PhotoFormat, look_at
from workbooks.limits import MIB

LARGEST = 20 * MIB


class FileKind(models.TextChoices):
    """The kinds that are kept; the value is what the answer's Content-Type says."""

    JPEG = PhotoFormat.JPEG.value, "JPEG"
    PNG = PhotoFormat.PNG.value, "PNG"
    WEBP = PhotoFormat.WEBP.value, "WebP"
    PDF = "application/pdf", "PDF"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"
    DOC = "application/msword", "Word 97–2003"
    XLS = "application/vnd.ms-excel", "Excel 97–2003"


class FileRefused(Exception):
    """A file that is not kept; its text is for the user and names the file."""


def kind_of(name: str, data: bytes) -> FileKind:
    """What the file really is. Raises FileRefused, or PhotoRefused of a broken photo.

    name: what the user calls it. data: the file, or enough of it to be too large.
    """
    return FileKind(look_at(name, data).content_type.value)


def file_name(name: str) -> str:
    """What a file is called on pages."""
    return shown_name(name, _("file"))
