"""Take a zipped file apart without trusting it: nothing is inflated past a limit.

The size that a zip directory states is checked first, then counted again while inflating, because
a directory can lie.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from workbooks.limits import MIB
from workbooks.sheets import UnreadableWorkbook

MAX_PARTS = 2_000
MAX_DIRECTORY = 1 * MIB  # bytes; a directory of 2,000 parts takes a fifth of it
MAX_INFLATED = 64 * MIB  # a sheet of 50,000 rows and 20 columns takes about 45
MAX_RATIO = 250  # sheets shrink to a tenth or a thirtieth; deflate itself ends at 1:1032
RATIO_MATTERS_FROM = 4 * MIB

_END_OF_DIRECTORY = b"PK\x05\x06"
_ENCRYPTED = 0x1


def read_parts(data: bytes, is_wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Inflate the wanted parts of a zip file, by name. data: the zip file's content.

    Raises UnreadableWorkbook for a damaged, encrypted or oversized file.
    """
    parts = [info for info in _directory(data) if is_wanted(_part_name(info))]
    if any(info.flag_bits & _ENCRYPTED for info in parts):
        raise UnreadableWorkbook(_("It is protected by a password; save it without one."))
    if sum(info.file_size for info in parts) > MAX_INFLATED or any(map(_is_bomb, parts)):
        raise _too_large()
    room = MAX_INFLATED
    inflated = {}
    for info in parts:
        inflated[_part_name(info)] = content = _inflate(data, info, room)
        room -= len(content)
    return inflated


def part_names(data: bytes) -> frozenset[str]:
    """The names of all parts of a zip file. Raises UnreadableWorkbook for a damaged one."""
    return frozenset(map(_part_name, _directory(data)))


def stored(parts: Mapping[str, bytes]) -> bytes:
    """Put inflated parts into a plain zip file again, so that a library sees only what was weighed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def damaged() -> UnreadableWorkbook:
    return UnreadableWorkbook(_("The file is damaged or incomplete; copy or download it again."))


def _too_large() -> UnreadableWorkbook:
    return UnreadableWorkbook(_("Unpacked it is far too large for a workbook."))


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    end = data.rfind(_END_OF_DIRECTORY)
    if end < 0 or len(data) < end + 22:
        raise damaged()
    if struct.unpack_from("<I", data, end + 12)[0] > MAX_DIRECTORY:
        raise _too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, struct.error, NotImplementedError) as error:
        raise damaged() from error
    if len(parts) > MAX_PARTS:
        raise _too_large()
    if len({_part_name(info) for info in parts}) < len(parts):
        raise damaged()  # two parts of one name: programs differ in which of them they show
    return parts


def _part_name(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/").lstrip("/")


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1)


def _inflate(data: bytes, info: zipfile.ZipInfo, room: int) -> bytes:
    """Inflate one part, stopping as soon as it is larger than its directory entry says or than `room`."""
    header = info.header_offset
    if data[header : header + 4] != b"PK\x03\x04" or len(data) < header + 30:
        raise damaged()
    name_length, extra_length = struct.unpack_from("<HH", data, header + 26)
    start = header + 30 + name_length + extra_length
    packed = memoryview(data)[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        content = bytes(packed)
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = inflater.decompress(packed, min(info.file_size, room) + 1)
        except zlib.error as error:
            raise damaged() from error
    else:
        raise damaged()
    if len(content) > room:
        raise _too_large()
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise damaged()
    return content
