"""A file that people handed in with a step of a log."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from files.kinds import FileKind


class KeptFile(models.Model):
    """A photo or a document, under a random name in its folder, with the digest of what is kept."""

    FOLDER: str  # below MEDIA_ROOT

    stored_name = models.CharField(max_length=32, unique=True)
    original_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    content_type = models.CharField(max_length=100, choices=FileKind)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_photo(self) -> bool:
        return self.content_type.startswith("image/")
