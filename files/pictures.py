"""Photos: only what decodes as a picture is one, and what is shown is that picture written anew.

Nothing of the file that was sent reaches a browser: no metadata, no second picture, nothing hung on behind.
"""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass

import pillow_heif
from django.db import models
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms

from files.limits import LARGEST_PHOTO, LONGEST_SIDE, MIB, MOST_PIXELS, MOST_PIXELS_TWICE, PREVIEW_SIDE
from files.naming import shown_name

pillow_heif.register_heif_opener(thumbnails=False)

ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif"  # what file choosers offer


class PhotoFormat(models.TextChoices):
    """The formats photos are shown in; the value is what the answer's Content-Type says."""

    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    WEBP = "image/webp", "WebP"


# What Pillow calls the formats that are read, and what becomes of each. An MPO is a JPEG that carries a depth
# map or a preview beside the photo.
_SHOWN_AS = {
    "JPEG": PhotoFormat.JPEG,
    "MPO": PhotoFormat.JPEG,
    "HEIF": PhotoFormat.JPEG,
    "PNG": PhotoFormat.PNG,
    "WEBP": PhotoFormat.WEBP,
}
_READ = ("JPEG", "PNG", "WEBP", "HEIF")
_MAY_MOVE = ("PNG", "WEBP")
_DECODED_TWICE = ("WEBP", "HEIF")
_SAVED = {
    PhotoFormat.JPEG: {"format": "JPEG", "quality": 90},
    # Little squeezing: twice as fast, and a screenshot is small anyway.
    PhotoFormat.PNG: {"format": "PNG", "compress_level": 3},
    PhotoFormat.WEBP: {"format": "WEBP", "quality": 90, "method": 2},
}
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A large picture takes up to 300 MB while it is decoded: a process has room for one.
_ONE_AT_A_TIME = threading.Lock()


class PhotoRefused(Exception):
    """A file that is no photo we keep; its text is for the user and names the file."""


@dataclass(frozen=True)
class Picture:
    """A photo written anew, upright. width, height: in pixels.

    preview: a small JPEG of it, None of a small photo.
    """

    data: bytes
    content_type: PhotoFormat
    width: int
    height: int
    preview: bytes | None


def begins_like_a_photo(data: bytes) -> bool:
    """Whether it is for `written_anew` to say what the file is."""
    if data[4:8] == b"ftyp":
        return data[8:12] in _HEIC_BRANDS
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"))


def type_of_original(data: bytes) -> str:
    """What a photo that opens is called where it is kept as it came."""
    if data[4:8] == b"ftyp":
        return "image/heic"
    return "image/jpeg" if data.startswith(b"\xff\xd8") else f"image/{'png' if data[0] == 0x89 else 'webp'}"


def written_anew(name: str, data: bytes) -> Picture:
    """Decode the whole photo and write it again, upright, at most 4,096 pixels long and without metadata.

    name: what the user calls it. data: the file, or enough of it to be too large. Raises PhotoRefused for all
    but a sound and still JPEG, PNG, WebP or HEIC of bearable size.
    """
    words = {"name": photo_name(name)}
    if len(data) > LARGEST_PHOTO:
        limit = {"limit": LARGEST_PHOTO // MIB}
        raise PhotoRefused(_("“%(name)s” is larger than %(limit)s MB.") % (words | limit))
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged metadata is no matter; the limit below is ours
            with Image.open(io.BytesIO(data), formats=_READ) as image:
                _require_bearable(image, words)
                return _written(image)
    except PhotoRefused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(words, MOST_PIXELS) from error
    except Exception as error:  # decoders raise whatever comes to them on hostile input
        raise PhotoRefused(
            _("“%(name)s” is not a photo that can be opened; allowed: JPEG, PNG, WebP and HEIC.") % words
        ) from error


def photo_name(name: str) -> str:
    """What a photo is called on pages."""
    return shown_name(name, _("photo"))


def _require_bearable(image: Image.Image, words: dict[str, str]) -> None:
    """Before anything is decoded."""
    width, height = image.size
    most = MOST_PIXELS_TWICE if image.format in _DECODED_TWICE else MOST_PIXELS
    if width * height > most:
        raise _too_many_pixels(words, most)
    if image.format in _MAY_MOVE and getattr(image, "is_animated", False):
        raise PhotoRefused(_("“%(name)s” is a moving picture; send a still photo.") % words)


def _too_many_pixels(words: dict[str, str], most: int) -> PhotoRefused:
    limit = {"limit": most // 1_000_000}
    return PhotoRefused(_("“%(name)s” has more than %(limit)s million pixels.") % (words | limit))


def _written(image: Image.Image) -> Picture:
    kind = _SHOWN_AS[image.format or ""]
    width, height = image.size
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    # A JPEG can be decoded at half its size or less, which saves the memory of the whole.
    image.draft(None, (round(width * scale), round(height * scale)))
    image.load()
    turned = _TURNED.get(_orientation(image))
    profile = image.info.get("icc_profile")
    plain = _plain(image, kind)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    if profile and plain.mode == "RGB":
        plain = _in_usual_colours(plain, profile)
    if turned is not None:
        plain = plain.transpose(turned)
    plain.info.clear()  # what writers would copy
    return Picture(_saved(plain, kind), kind, plain.width, plain.height, _preview(plain))


def _orientation(image: Image.Image) -> int:
    """How the camera says the picture is to be turned; 1 where it says nothing that can be read."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken metadata is no reason to refuse the picture
        return 1


def _plain(image: Image.Image, kind: PhotoFormat) -> Image.Image:
    """The picture in grey or colours of eight bits, see-through only where the format can be."""
    if image.mode.startswith(("I", "F")):
        image = image.point(lambda level: level / 256).convert("L")
    sees_through = image.has_transparency_data and kind is not PhotoFormat.JPEG
    wanted = "RGBA" if sees_through else "L" if image.mode in ("1", "L", "LA") else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _in_usual_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """Its colours as every screen takes them, so that the profile need not be sent along."""
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):  # a broken profile: the colours as they are
        return image
    return converted or image


def _saved(image: Image.Image, kind: PhotoFormat) -> bytes:
    file = io.BytesIO()
    image.save(file, **_SAVED[kind])  # type: ignore[arg-type]
    return file.getvalue()


def _preview(image: Image.Image) -> bytes | None:
    if max(image.size) <= PREVIEW_SIDE:
        return None
    small = image.reduce(max(1, max(image.size) // (2 * PREVIEW_SIDE)))  # roughly first, then well
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    if small.mode == "RGBA":
        ground = Image.new("RGBA", small.size, "white")
        ground.alpha_composite(small)
        small = ground.convert("RGB")
    file = io.BytesIO()
    small.save(file, "JPEG", quality=80)
    return file.getvalue()
