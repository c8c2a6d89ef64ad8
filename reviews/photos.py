"""Keep photos of visits: only what decodes as a picture, whole on the disk before its row is written.

What is shown is the picture written anew. The photo as it came is kept beside it, with its digest: it is
evidence. Only the position that a camera wrote into it is removed before, unless the host wants it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from files.keeping import kept_on
from files.limits import MOST_PHOTOS
from files.pictures import PhotoRefused
from files.taking import Taken, take_photo
from organizations.models import Organization
from reviews.models import VisitPhoto, VisitSettings


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

    Enter it outside of any transaction: photos are decoded. Where the block fails, or does not save a row,
    the files are taken away again; and so they are where one is refused, which raises PhotoRefused.
    """
    if len(photos) > MOST_PHOTOS:
        raise PhotoRefused(_("At most %(limit)s photos belong to one visit.") % {"limit": MOST_PHOTOS})
    rows: list[VisitPhoto] = []
    keeps_place = False
    if photos:
        VisitPhoto.SHELF.remove_orphans(lambda: VisitPhoto.objects.values_list("stored_name", flat=True))
        keeps_place = VisitSettings.of_host(host).keeps_photo_places

    def taken() -> Iterator[Taken]:
        for photo in photos:
            each = take_photo(photo.name, photo.data, keeps_place=keeps_place)
            rows.append(VisitPhoto(width=each.width, height=each.height, **each.columns()))
            yield each

    with kept_on(VisitPhoto.SHELF, taken()) as names:
        for row, name in zip(rows, names, strict=True):
            row.stored_name = name
        yield rows
    _discard(row for row in rows if row.pk is None)


def _discard(rows: Iterable[VisitPhoto]) -> None:
    for row in rows:
        row.SHELF.remove(row.stored_name)


def path_of(photo: VisitPhoto) -> Path:
    """Where what is shown of the photo lies."""
    return photo.SHELF.shown(photo.stored_name)


def folder() -> Path:
    return VisitPhoto.SHELF.shown("")
