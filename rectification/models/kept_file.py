"""A file that people handed in with a step of a log."""

from __future__ import annotations

from django.db import models

from files.kinds import FileKind
from files.stored import StoredFile


class KeptFile(StoredFile):
    """A photo or a document."""

    content_type = models.CharField(max_length=100, choices=FileKind)

    class Meta(StoredFile.Meta):
        abstract = True
