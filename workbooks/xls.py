"""Read .xls (Excel 95 to 2003, WPS .et): calamine for the values, a look at the records beforehand.

As in xlsx.py: the records tell how far each sheet reaches and which cells hold an error, or a
formula whose result was never stored.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from workbooks import xls_child
from workbooks.archive import damaged
from workbooks.cells import UNCALCULATED, ErrorValue
from workbooks.compound import CompoundFile
from workbooks.grid import Extent, RawSheet, complete_sheet
from workbooks.limits import Room
from workbooks.sheets import UnreadableWorkbook, Workbook

_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
# Which engine calculated the file: Excel writes it since 2000, writers that cannot calculate do not.
_RECALCID = 0x01C1
_FORMULA, _STRING, _BOOLERR, _MULRK = 0x0006, 0x0207, 0x0205, 0x00BD
# NUMBER, LABEL, RK, LABELSST, RSTRING: one cell each, row and column first
_PLAIN_CELLS = frozenset({0x0203, 0x0204, 0x027E, 0x00FD, 0x00D6})
_PATIENCE = 30  # seconds; the child gives itself fewer of its own
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
           0x2A: "#N/A"}  # fmt: skip
# What a formula's result holds where it is no number.
_TEXT_RESULT, _ERROR_RESULT, _NO_TEXT_RESULT = 0, 2, 3


def read_xls(data: bytes) -> Workbook:
    """Read a binary Excel workbook. Raises UnreadableWorkbook, also for an encrypted file of any kind."""
    container = CompoundFile(data)
    if "EncryptedPackage" in container:
        raise _encrypted()
    name = next((name for name in ("Workbook", "Book") if name in container), None)
    if name is None:
        raise UnreadableWorkbook(_("It is an Office document, but not a workbook."))
    try:
        extents = _extents(container.stream(name))
    except (struct.error, IndexError) as error:
        raise damaged() from error
    sheets = _read_apart(data)
    if len(sheets) != len(extents):
        raise damaged()
    return Workbook(
        tuple(
            complete_sheet(sheet, extent)
            for sheet, extent in zip(sheets, extents, strict=True)
            if sheet.rows or extent.unreadable
        )
    )


def _read_apart(data: bytes) -> list[RawSheet]:
    """Let calamine read the file in a process of its own, which a hostile file may end."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", xls_child.__file__], input=data, capture_output=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise damaged() from error
    if child.returncode != 0:
        raise damaged()
    return [RawSheet(**sheet) for sheet in json.loads(child.stdout, object_hook=_revived)]


def _revived(pair: dict[str, Any]) -> Any:
    """A date or time that the child wrote as its type and text."""
    for kind, text in pair.items():
        if kind in ("date", "datetime"):
            return datetime.fromisoformat(text)
        if kind in ("time", "timedelta"):
            return text
    return pair


def _encrypted() -> UnreadableWorkbook:
    return UnreadableWorkbook(_("It is protected by a password; save it without one."))


def _extents(stream: bytes) -> list[Extent]:
    """What each sheet of the workbook's stream reaches and holds, in the order they are listed.

    Raises UnreadableWorkbook where one is too large: calamine reads them all as soon as it opens the file.
    """
    listed: list[tuple[str, int]] = []
    was_calculated = False
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise _encrypted()
        if kind == _BOUNDSHEET:
            listed.append((_sheet_name(body), struct.unpack_from("<I", body)[0]))
        if kind == _RECALCID:
            was_calculated = True
        if kind == _EOF:
            break
    room = Room()
    extents = []
    for name, start in listed:
        extents.append(extent := _extent(stream, start, was_calculated))
        room.take(name, extent.bottom, extent.right)
    return extents


def _sheet_name(body: bytes) -> str:
    """A sheet's name as its record lists it; for messages only, calamine reads it exactly."""
    length, is_wide = body[6], body[7]
    return body[8:].decode("utf-16-le" if is_wide == 1 else "gb18030", "replace")[:length]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from an offset on: kind and body."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _extent(stream: bytes, start: int, was_calculated: bool) -> Extent:
    extent = Extent()
    depth = 0  # a chart within the sheet is a stream of its own in the midst of it
    waiting: tuple[int, int] | None = None  # a formula whose text follows in a record of its own
    for kind, body in _records(stream, start):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth > 1:
            continue
        elif kind == _STRING:
            waiting = None
        elif kind in _PLAIN_CELLS:
            extent.use(*_cell(body))
        elif kind == _MULRK:
            row, _column = _cell(body)
            extent.use(row, struct.unpack_from("<H", body, len(body) - 2)[0] + 1)
        elif kind == _BOOLERR:
            _use_or_mark_error(extent, body, is_error=body[7] == 1, code=body[6])
        elif kind == _FORMULA:
            _mark_waiting(extent, waiting)
            result = None if body[12:14] != b"\xff\xff" else body[6]  # None where it is a number
            waiting = _cell(body) if result == _TEXT_RESULT else None
            _use_or_mark_error(extent, body, is_error=result == _ERROR_RESULT, code=body[8])
            if result == _NO_TEXT_RESULT and not was_calculated:
                extent.put(*_cell(body), UNCALCULATED)
    _mark_waiting(extent, waiting)
    return extent


def _cell(body: bytes) -> tuple[int, int]:
    row, column = struct.unpack_from("<HH", body)
    return row + 1, column + 1


def _use_or_mark_error(extent: Extent, body: bytes, *, is_error: bool, code: int) -> None:
    row, column = _cell(body)
    if is_error:
        extent.put(row, column, ErrorValue(_ERRORS.get(code, "#VALUE!")))
    else:
        extent.use(row, column)


def _mark_waiting(extent: Extent, waiting: tuple[int, int] | None) -> None:
    """Mark a formula that promised a text which never came: the writer did not calculate it."""
    if waiting is not None:
        extent.put(*waiting, UNCALCULATED)
