"""A row of a kept file: what is shown of it, the digest of what was sent, and what is kept of that."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.folders import Shelf

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic"}


class StoredFile(models.Model):
    """A file under a random name on its shelf, what its user called it, and the digest of what is shown.

    Where it was made from an original, that lies under the same name in a folder of its own. Files that were
    kept before there were originals say "" and 0 of it.
    """

    SHELF: Shelf
    content_type: models.CharField[str, str]  # with the choices of those that may be kept

    stored_name = models.CharField(max_length=32, unique=True)
    original_name = models.CharField(gettext_lazy("file name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(gettext_lazy("size in bytes"))
    sent_sha256 = models.CharField(gettext_lazy("SHA-256 as sent"), max_length=64, blank=True, default="")
    original_sha256 = models.CharField(
        gettext_lazy("SHA-256 of the original"), max_length=64, blank=True, default=""
    )
    original_size = models.PositiveIntegerField(default=0)
    original_type = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(original_sha256="", original_size=0, original_type="")
                | (~Q(original_sha256="") & Q(original_size__gt=0) & ~Q(original_type="")),
                name="%(class)s_original_is_whole",
            ),
        )

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_photo(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def has_original(self) -> bool:
        return bool(self.original_sha256)

    @property
    def name_of_original(self) -> str:
        """What the original is called where it is saved."""
        marked = _("%(name)s (original)") % {"name": PurePosixPath(self.original_name).stem}
        return marked + _ENDINGS.get(self.original_type, "")
