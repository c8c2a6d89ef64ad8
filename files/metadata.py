"""What a camera wrote beside a picture: when, with what, and where. The last can be taken out, to the bit.

Only what is known to name no place is let through: cameras and phones hide positions in Exif, in XMP, in
IPTC, in their makers' own notes and in second pictures behind the first. The picture's own bytes are not
touched.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pillow_heif
from PIL import ExifTags, Image

_EXIF = b"Exif\0\0"
# Tags that name no place: camera, time, exposure, colour, size and how the picture is turned.
_NAMES_NO_PLACE = {
    *(0x0100, 0x0101, 0x010F, 0x0110, 0x0112, 0x011A, 0x011B, 0x0128, 0x0131, 0x0132, 0x0213),
    *(0x829A, 0x829D, 0x8827, 0x8830, 0x9000, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9101, 0x9102),
    *range(0x9201, 0x920B),
    *(0x9290, 0x9291, 0x9292, 0xA000, 0xA001, 0xA002, 0xA003, 0xA217, 0xA402, 0xA403, 0xA405, 0xA406),
    *(0xA433, 0xA434),
}
_DETAILS = ExifTags.IFD.Exif


class _Unknown(Exception):
    """The file is laid out in a way not known here."""


def without_place(data: bytes) -> bytes | None:
    """The photo with its picture as it was and nothing that could name a place; the same bytes where there
    was nothing of the kind. None where that cannot be made sure of.

    data: a JPEG, PNG, WebP or HEIC that opens.
    """
    try:
        if data.startswith(b"\xff\xd8"):
            return b"".join(_jpeg(data))
        if data.startswith(b"\x89PNG"):
            return b"".join(_png(data))
        if data.startswith(b"RIFF"):
            return _webp(data)
        return _heif(data)
    except (_Unknown, struct.error, IndexError, ValueError, OSError, RuntimeError, SyntaxError):
        return None


def _harmless(exif: bytes) -> bytes:
    """The same Exif where no tag of it could name a place, else one of those tags only; b"" for a broken one.

    exif: as a JPEG's segment holds it, with its heading.
    """
    try:
        there, kept = Image.Exif(), Image.Exif()
        there.load(exif)
        details = there.get_ifd(_DETAILS)
        if {*there, *details} <= {*_NAMES_NO_PLACE, _DETAILS}:
            return exif
        kept.update({tag: value for tag, value in there.items() if tag in _NAMES_NO_PLACE})
        if known := {tag: value for tag, value in details.items() if tag in _NAMES_NO_PLACE}:
            kept[_DETAILS] = known
        return kept.tobytes() if len(kept) else b""
    except Exception:  # a reader of hostile bytes raises whatever comes to it
        return b""


# --- JPEG: segments up to the scans, then the end; what hangs on behind is another picture ----------

_END, _SCAN, _APP0, _APP1, _COLOUR, _ADOBE, _COMMENT = 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise _Unknown
        if (marker := data[at + 1]) == 0xFF:  # filling
            at += 1
            continue
        if marker == _END:
            yield data[at : at + 2]
            return
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker == _SCAN:
            end = _end_of_scan(data, end)
        yield from _segment(marker, data[at:end])
        at = end


def _segment(marker: int, segment: bytes) -> Iterator[bytes]:
    body = segment[4:]
    if marker == _APP1 and body.startswith(_EXIF):
        if exif := _harmless(body):
            yield struct.pack(">BBH", 0xFF, _APP1, len(exif) + 2) + exif
    elif _is_of_the_picture(marker, body):
        yield segment


def _is_of_the_picture(marker: int, body: bytes) -> bool:
    if marker == _COLOUR:
        return body.startswith(b"ICC_PROFILE\0")
    return marker in (_APP0, _ADOBE) or not (_APP0 <= marker <= 0xEF or marker == _COMMENT)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands behind a scan's own bytes."""
    while True:
        at = data.index(0xFF, at)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


# --- PNG: chunks -----------------------------------------------------------------------------------

_PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"}


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise _Unknown
        if kind in _PICTURE:
            yield data[at:end]
        elif kind == b"eXIf" and (exif := _harmless(_EXIF + data[at + 8 : end - 4])):
            body = exif.removeprefix(_EXIF)
            yield struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        at = end


# --- WebP: chunks of even length -------------------------------------------------------------------

_HAS_XMP = 0x04


def _webp(data: bytes) -> bytes:
    chunks = []
    at, whole = 12, min(8 + struct.unpack_from("<I", data, 4)[0], len(data))
    while at + 8 <= whole:
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"VP8X":
            body = bytes([body[0] & ~_HAS_XMP]) + body[1:]
        if kind == b"EXIF":
            prefix = b"" if body.startswith(_EXIF) else _EXIF
            body = _harmless(prefix + body).removeprefix(prefix)
        if body and kind in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"EXIF"):
            chunks.append(struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2))
        at += 8 + length + length % 2
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


# --- HEIC: boxes that point into one another, so that no length may change -------------------------


def _heif(data: bytes) -> bytes:
    """Overwrite in place, then look whether a place is still to be found."""
    kept = data
    for exif in _exif_blocks(data):
        new = _harmless(_EXIF + exif).removeprefix(_EXIF)
        if new != exif:
            if len(new) > len(exif):
                raise _Unknown
            kept = kept.replace(exif, new.ljust(len(exif), b"\0"))
    for info in _infos(data):
        if xmp := info.get("xmp"):
            kept = kept.replace(xmp, b" " * len(xmp))
    if b"GPSLatitude" in kept or any(_has_place(exif) for exif in _exif_blocks(kept)):
        raise _Unknown
    return kept


def _exif_blocks(data: bytes) -> list[bytes]:
    """The Exif of each picture in the file, without its heading, as it stands there."""
    infos = _infos(data)
    blocks = [info["exif"] for info in infos if info.get("exif")]
    blocks += [each["data"] for info in infos for each in info["metadata"] if each["type"] == "Exif"]
    found = [block.removeprefix(_EXIF) for block in blocks]
    if any(block not in data for block in found):
        raise _Unknown  # written in pieces, or not as it is read
    return found


def _infos(data: bytes) -> list[dict[str, Any]]:
    """What is written beside each picture in the file."""
    return [picture.info for picture in pillow_heif.open_heif(data, convert_hdr_to_8bit=False)]


def _has_place(exif: bytes) -> bool:
    read = Image.Exif()
    read.load(_EXIF + exif)
    return ExifTags.IFD.GPSInfo in read
