"""Keep photos of visits: only what decodes as a picture, whole on the disk before its row is written.

The file is kept as it came, under a random name, with its digest: it is evidence. Only the position that a
camera wrote into it is removed before, unless the host wants it. It leaves the server only through a view
that asks who wants it, as the type it was decoded as.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image

from organizations.models import Organization
from organizations.names import clean_text
from reviews.models import PhotoFormat, VisitPhoto, VisitSettings
from reviews.stored_files import write_durably
from workbooks.limits import MIB

LARGEST = 15 * MIB
MOST_PIXELS = 50_000_000  # the largest that phones take; 200 MB when decoded
MOST_PHOTOS = 20  # of one visit, and of one request (DATA_UPLOAD_MAX_NUMBER_FILES)
NAME_LENGTH = 200
FORMATS = {"JPEG": PhotoFormat.JPEG, "PNG": PhotoFormat.PNG, "WEBP": PhotoFormat.WEBP}
MANY_PICTURES = "MPO"  # what Pillow calls a JPEG that carries a depth map or a preview beside the photo


class PhotoRefused(Exception):
    """A file that is no photo we keep; its text is for the user and names the file."""


@dataclass(frozen=True)
class NewPhoto:
    """A photo as it was sent, or enough of it to be too large. name: what the user calls the file.

    loss: the place, among the losses of the record it comes with, of the one it proves.
    """

    name: str
    data: bytes
    loss: int | None = None


@dataclass(frozen=True)
class Picture:
    """What decoding a photo showed. width, height: in pixels."""

    content_type: PhotoFormat
    width: int
    height: int


def look_at(photo: NewPhoto) -> Picture:
    """Decode the whole photo. Raises PhotoRefused for all but a sound JPEG, PNG or WebP of bearable size."""
    name = {"name": shown_name(photo.name)}
    if len(photo.data) > LARGEST:
        raise PhotoRefused(_("“%(name)s” is larger than %(limit)s MB.") % (name | {"limit": LARGEST // MIB}))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged metadata is no matter; the limit below is ours
            with Image.open(io.BytesIO(photo.data), formats=tuple(FORMATS)) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise PhotoRefused(
                        _("“%(name)s” has more than %(limit)s million pixels.")
                        % (name | {"limit": MOST_PIXELS // 1_000_000})
                    )
                image.load()
                kind = "JPEG" if image.format == MANY_PICTURES else image.format or ""
                return Picture(FORMATS[kind], width, height)
    except PhotoRefused:
        raise
    except Exception as error:  # decoders raise whatever comes to them on hostile input
        raise PhotoRefused(
            _("“%(name)s” is not a photo that can be opened; allowed: JPEG, PNG and WebP.") % name
        ) from error


def without_place(photo: NewPhoto) -> NewPhoto:
    """The photo without the position a camera wrote into it; the same bytes where it wrote none.

    When it was taken and how it is turned stay. A JPEG keeps its quantisation: nothing is lost to the eye.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(photo.data), formats=tuple(FORMATS)) as image:
            exif = image.getexif()
            if ExifTags.IFD.GPSInfo not in exif and b"GPSLatitude" not in photo.data:  # the second: in XMP
                return photo
            exif.pop(ExifTags.IFD.GPSInfo, None)
            image.info.pop("xmp", None)
            file = io.BytesIO()
            kind = "JPEG" if image.format == MANY_PICTURES else image.format
            quality: int | str = "keep" if image.format == "JPEG" else 95
            image.save(file, kind, exif=exif, quality=quality, icc_profile=image.info.get("icc_profile"))
    return replace(photo, data=file.getvalue())


@contextmanager
def kept_photos(photos: Sequence[NewPhoto], host: Organization) -> Iterator[list[VisitPhoto]]:
    """The photos' rows, not yet saved, with their files on the disk as the host wants them kept.

    Where the block fails, or does not save a row, the files are taken away again. Raises PhotoRefused before
    anything is written.
    """
    if len(photos) > MOST_PHOTOS:
        raise PhotoRefused(_("At most %(limit)s photos belong to one visit.") % {"limit": MOST_PHOTOS})
    pictures = [look_at(photo) for photo in photos]
    if photos:
        remove_orphans()
        if not VisitSettings.of_host(host).keeps_photo_places:
            photos = [without_place(photo) for photo in photos]
    rows: list[VisitPhoto] = []
    try:
        for photo, picture in zip(photos, pictures, strict=True):
            row = VisitPhoto(
                stored_name=uuid.uuid4().hex,
                original_name=shown_name(photo.name),
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
    return Path(settings.MEDIA_ROOT) / "visits"


def remove_orphans(older_than: timedelta = timedelta(days=1)) -> int:
    """Take away files that no row came to point to, such as after a power cut; how many."""
    if not folder().is_dir():
        return 0
    until = (timezone.now() - older_than).timestamp()
    kept = set(VisitPhoto.objects.values_list("stored_name", flat=True))
    old = [path for path in folder().iterdir() if _is_older(path, until)]
    orphans = [path for path in old if path.name not in kept]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _is_older(path: Path, until: float) -> bool:
    try:
        return path.stat().st_mtime < until
    except FileNotFoundError:  # another process may clear at the same time
        return False


def shown_name(name: str) -> str:
    """The user's file name: without folders, on one line, only the end of one too long."""
    last = clean_text(name.replace("\\", "/").rsplit("/", 1)[-1])
    return last[-NAME_LENGTH:] or _("photo")
