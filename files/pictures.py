"""Photos: only what decodes as a picture is one; the position a camera wrote into it can be taken out."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from PIL import ExifTags, Image

from files.naming import shown_name
from workbooks.limits import MIB

LARGEST = 15 * MIB
MOST_PIXELS = 50_000_000  # the largest that phones take; 200 MB when decoded
MANY_PICTURES = "MPO"  # what Pillow calls a JPEG that carries a depth map or a preview beside the photo


class PhotoFormat(models.TextChoices):
    """The formats of photos that are kept; the value is what the answer's Content-Type says."""

    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    WEBP = "image/webp", "WebP"


FORMATS = {"JPEG": PhotoFormat.JPEG, "PNG": PhotoFormat.PNG, "WEBP": PhotoFormat.WEBP}


class PhotoRefused(Exception):
    """A file that is no photo we keep; its text is for the user and names the file."""


@dataclass(frozen=True)
class Picture:
    """What decoding a photo showed. width, height: in pixels."""

    content_type: PhotoFormat
    width: int
    height: int


def look_at(name: str, data: bytes) -> Picture:
    """Decode the whole photo. Raises PhotoRefused for all but a sound JPEG, PNG or WebP of bearable size.

    name: what the user calls the file. data: the file, or enough of it to be too large.
    """
    words = {"name": photo_name(name)}
    if len(data) > LARGEST:
        raise PhotoRefused(_("“%(name)s” is larger than %(limit)s MB.") % (words | {"limit": LARGEST // MIB}))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged metadata is no matter; the limit below is ours
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise PhotoRefused(
                        _("“%(name)s” has more than %(limit)s million pixels.")
                        % (words | {"limit": MOST_PIXELS // 1_000_000})
                    )
                image.load()
                kind = "JPEG" if image.format == MANY_PICTURES else image.format or ""
                return Picture(FORMATS[kind], width, height)
    except PhotoRefused:
        raise
    except Exception as error:  # decoders raise whatever comes to them on hostile input
        raise PhotoRefused(
            _("“%(name)s” is not a photo that can be opened; allowed: JPEG, PNG and WebP.") % words
        ) from error


def without_place(data: bytes) -> bytes:
    """The photo without the position a camera wrote into it; the same bytes where it wrote none.

    When it was taken and how it is turned stay. A JPEG keeps its quantisation: nothing is lost to the eye.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
            exif = image.getexif()
            if ExifTags.IFD.GPSInfo not in exif and b"GPSLatitude" not in data:  # the second: in XMP
                return data
            exif.pop(ExifTags.IFD.GPSInfo, None)
            image.info.pop("xmp", None)
            file = io.BytesIO()
            kind = "JPEG" if image.format == MANY_PICTURES else image.format
            quality: int | str = "keep" if image.format == "JPEG" else 95
            image.save(file, kind, exif=exif, quality=quality, icc_profile=image.info.get("icc_profile"))
    return file.getvalue()


def photo_name(name: str) -> str:
    """What a photo is called on pages."""
    return shown_name(name, _("photo"))
