"""Keep photos of visits: only what decodes as a picture, whole on the disk before its row is written.

The file is kept as it came, under a random name, with its digest: it is evidence. Only the position that a
camera wrote into it is removed before, unless the host wants it. It leaves the server only through a view
that asks who wants it, as the type it was decoded as.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from files.durable import write_durably
from files.folders import folder_of, remove_orphans
from files.pictures import PhotoRefused, look_at, photo_name, without_place
from organizations.models import Organization
from reviews.models import VisitPhoto, VisitSettings

MOST_PHOTOS = 20  # of one visit, and of one request (DATA_UPLOAD_MAX_NUMBER_FILES)


@dataclass(frozen=True)
class NewPhoto:
    """A photo as it was sent, or enough of it to be too large. name: what the user calls the file.

    loss: the place, among the losses of the record it comes with, of the one it proves.
    """

    name: str
    data: bytes
    loss: int | None = None


@contextmanager
def kept_photos(photos: Sequence[NewPhoto], host: Organization) -> Iterator[list[VisitPhoto]]:
    """The photos' rows, not yet saved, with their files on the disk as the host wants them kept.

    Where the block fails, or does not save a row, the files are taken away again. Raises PhotoRefused before
    anything is written.
    """
    if len(photos) > MOST_PHOTOS:
        raise PhotoRefused(_("At most %(limit)s photos belong to one visit.") % {"limit": MOST_PHOTOS})
    pictures = [look_at(photo.name, photo.data) for photo in photos]
    if photos:
        remove_orphans(folder(), lambda: VisitPhoto.objects.values_list("stored_name", flat=True))
        if not VisitSettings.of_host(host).keeps_photo_places:
            photos = [replace(photo, data=without_place(photo.data)) for photo in photos]
    rows: list[VisitPhoto] = []
    try:
        for photo, picture in zip(photos, pictures, strict=True):
            row = VisitPhoto(
                stored_name=uuid.uuid4().hex,
                original_name=photo_name(photo.name),
                sha256=hashlib.sha256(photo.data).hexdigest(),
                size=len(photo.data),
                width=picture.width,
                height=picture.height,
                content_type=picture.content_type,
            )
            write_durably([photo.data], path_of(row))
            rows.append(row)
        yield rows
    except BaseException:
        _discard(rows)
        raise
    _discard(row for row in rows if row.pk is None)


def _discard(rows: Iterable[VisitPhoto]) -> None:
    for row in rows:
        path_of(row).unlink(missing_ok=True)


def path_of(photo: VisitPhoto) -> Path:
    """Where the file lies."""
    return folder() / photo.stored_name


def folder() -> Path:
    return folder_of("visits")
