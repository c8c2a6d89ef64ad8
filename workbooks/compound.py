"""Find the streams of a compound file (OLE), the container of .xls and of encrypted .xlsx files."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from workbooks.archive import damaged

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST_SECTOR = 0xFFFFFFFA  # from here on a number marks the end of a chain, a free or a table sector
_ENTRY = 128  # bytes of a directory entry
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """The streams of a compound file by name. Raises UnreadableWorkbook where the file is damaged."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._open()
        except struct.error as error:
            raise damaged() from error

    def _open(self) -> None:
        data = self._data
        sector_shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if sector_shift not in (9, 12) or mini_shift != 6:
            raise damaged()
        self._sector = 1 << sector_shift
        self._mini = 1 << mini_shift
        directory, self._cutoff, mini_table = struct.unpack_from("<I4xII", data, 48)
        self._table = self._sector_table()
        self._mini_table = _numbers(self._chain(mini_table))
        listed = self._chain(directory)
        self._entries = [
            entry for at in range(0, len(listed), _ENTRY) if (entry := _entry(listed, at)) is not None
        ]
        root = next((entry for entry in self._entries if entry.kind == _ROOT), None)
        self._mini_stream = self._chain(root.start) if root else b""

    def __contains__(self, name: str) -> bool:
        return any(entry.name == name and entry.kind == _STREAM for entry in self._entries)

    def stream(self, name: str) -> bytes:
        """The content of a stream. Raises KeyError where there is none of that name."""
        for entry in self._entries:
            if entry.name == name and entry.kind == _STREAM:
                if entry.size < self._cutoff:
                    content = _follow(self._mini_stream, self._mini_table, entry.start, self._mini, 0)
                else:
                    content = self._chain(entry.start)
                if len(content) < entry.size:
                    raise damaged()
                return content[: entry.size]
        raise KeyError(name)

    def _sector_table(self) -> tuple[int, ...]:
        """Which sector follows which; the table's own sectors are listed in the header and a chain."""
        listed = list(struct.unpack_from("<109I", self._data, 76))
        further, count = struct.unpack_from("<II", self._data, 68)
        for _sector in range(min(count, len(self._data) // self._sector)):
            if further >= _LAST_SECTOR:
                break
            *numbers, further = _numbers(self._at(further))
            listed += numbers
        return _numbers(b"".join(self._at(number) for number in listed if number < _LAST_SECTOR))

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        if start >= len(self._data):
            raise damaged()
        return self._data[start : start + self._sector].ljust(self._sector, b"\xff")

    def _chain(self, start: int) -> bytes:
        return _follow(self._data, self._table, start, self._sector, self._sector)


def _follow(data: bytes, table: tuple[int, ...], start: int, size: int, offset: int) -> bytes:
    """The sectors of a chain, joined. offset: where sector 0 begins. A chain that loops is damage."""
    sectors: list[bytes] = []
    while start < _LAST_SECTOR:
        if start >= len(table) or len(sectors) > len(table):
            raise damaged()
        sectors.append(data[offset + start * size : offset + (start + 1) * size])
        start = table[start]
    return b"".join(sectors)


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _entry(raw: bytes, at: int) -> _Entry | None:
    """The directory entry at an offset; None for an unused one."""
    length, kind = struct.unpack_from("<HB", raw, at + 64)
    start, size = struct.unpack_from("<II", raw, at + 116)
    if kind == 0:
        return None
    name = raw[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
    return _Entry(name, kind, start, size)
