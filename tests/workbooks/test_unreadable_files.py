"""Broken, foreign and hostile files: each is refused with one clear line, quickly, and nothing crashes."""

import contextlib
import io
import random
import struct
import time
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbooks import build
from workbooks import archive
from workbooks.compound import SIGNATURE, CompoundFile
from workbooks.reading import UnreadableWorkbook, read_workbook

GOOD = build.xlsx([["单位", "三会一课"], ["甲镇党委", 9.5]])
SHARED = build.xlsx_by_xlsxwriter(lambda sheet: sheet.write_row(0, 0, ["单位", "三会一课", 9.5]))
XLS = build.xls_rows([["单位", "三会一课"], ["甲镇党委", 9.5]])
ODS = build.ods_rows([["单位", "三会一课"], ["甲镇党委", 9.5]])

DAMAGED = "damaged or incomplete"
TOO_LARGE = "far too large"
PASSWORD = "password"
NO_WORKBOOK = "no workbook"
NO_CELLS = "No cell of it holds anything"
DOCUMENT_TYPE = "declares a document type"
FAR_AWAY = "holds something, far from any table"


MANY_PARTS = {f"xl/{number}.xml": b"" for number in range(2100)} | {"xl/workbook.xml": b""}
MUCH_TEXT = {f"xl/{number}.xml": b"x" * 3_900_000 for number in range(20)} | {"xl/workbook.xml": b""}


def without(data: bytes, part: str) -> bytes:
    return build.edited(data, part, lambda _content: None)


def cut(data: bytes, part: str) -> bytes:
    return build.edited(data, part, lambda content: content[: len(content) * 2 // 3])


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    def edit(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return build.edited(data, part, edit)


def chart_only() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    workbook.create_chartsheet("图")
    return build.saved(workbook)


def compound_file(stream_name: str) -> bytes:
    """The xls file with its stream under another name of the same length or shorter."""
    old = "Workbook".encode("utf-16-le")
    new = stream_name.encode("utf-16-le")
    at = XLS.index(old)
    entry = bytearray(XLS[at : at + 128])
    entry[:64] = new.ljust(64, b"\0")
    entry[64:66] = struct.pack("<H", len(new) + 2)
    return XLS[:at] + bytes(entry) + XLS[at + 128 :]


def xls_with_file_pass() -> bytes:
    """A FILEPASS record in place of the first record after the workbook's BOF."""
    at = XLS.index(b"\x09\x08\x10\x00")
    after = at + 20
    return XLS[:after] + b"\x2f\x00" + XLS[after + 2 :]


def xls_whose_dimensions_lie() -> bytes:
    """A DIMENSIONS record that claims four thousand million rows."""
    at = XLS.index(b"\x00\x02\x0e\x00") + 4
    return XLS[:at] + struct.pack("<II", 0, 0xFFFFFF00) + XLS[at + 8 :]


def lying_bomb() -> bytes:
    """A part whose directory entry states far fewer bytes than it inflates to."""
    data = bytearray(build.zipped({"xl/workbook.xml": b" " * 30_000_000}))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 100)
    data[22:26] = struct.pack("<I", 100)
    return bytes(data)


def with_document_type(data: bytes, part: str, root: bytes) -> bytes:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///x">]>'
    return replaced(data, part, root, laughs + root)


def overlapping_blocks() -> bytes:
    blocks = b'<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="A1:B2"/></mergeCells>'
    return replaced(GOOD, build.SHEET_PART, b"</sheetData>", b"</sheetData>" + blocks)


UNREADABLE = {
    "nothing": (b"", "is empty"),
    "blanks only": (b" \r\n\t\n", NO_CELLS),
    "an empty workbook": (build.xlsx([]), NO_CELLS),
    "charts only": (chart_only(), NO_CELLS),
    "a picture": (b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(3000), NO_WORKBOOK),
    "a PDF": (b"%PDF-1.7\n1 0 obj", NO_WORKBOOK),
    "rich text": (b"{\\rtf1 x}", NO_WORKBOOK),
    "a web page named xls": (b"\xef\xbb\xbf<html><table></table></html>", "web page or XML"),
    "XML of Office 2003": (b'<?xml version="1.0"?><Workbook/>', "web page or XML"),
    "a web archive": (b"MIME-Version: 1.0\r\n", "web page or XML"),
    "a zip of something else": (build.zipped({"word/document.xml": b"<w/>"}), NO_WORKBOOK),
    "a binary workbook": (build.zipped({"xl/workbook.bin": b"x"}), r"\.xlsb"),
    "an Office document that is no workbook": (compound_file("WordDoc"), "not a workbook"),
    "an encrypted xlsx": (compound_file("EncryptedPackage"), PASSWORD),
    "an encrypted xls": (xls_with_file_pass(), PASSWORD),
    "a truncated xlsx": (GOOD[: len(GOOD) // 2], DAMAGED),
    "an xlsx without its last byte": (GOOD[:-30], DAMAGED),
    "only the start of a zip": (b"PK\x03\x04", DAMAGED),
    "a truncated xls": (XLS[:3000], DAMAGED),
    "only the start of an xls": (SIGNATURE, DAMAGED),
    "an xls whose dimensions lie": (xls_whose_dimensions_lie(), DAMAGED),
    "a truncated sheet": (cut(GOOD, build.SHEET_PART), DAMAGED),
    "no sheet": (without(GOOD, build.SHEET_PART), DAMAGED),
    "no list of relationships": (without(GOOD, "xl/_rels/workbook.xml.rels"), DAMAGED),
    "no shared strings": (without(SHARED, build.STRINGS_PART), DAMAGED),
    "cut shared strings": (cut(SHARED, build.STRINGS_PART), DAMAGED),
    "a shared string too few": (
        replaced(SHARED, build.STRINGS_PART, "<si><t>三会一课</t></si>".encode(), b""),
        DAMAGED,
    ),
    "a shared string past the last": (build.with_cells(SHARED, '<row><c t="s"><v>99</v></c></row>'), DAMAGED),
    "a negative shared string": (build.with_cells(SHARED, '<row><c t="s"><v>-1</v></c></row>'), DAMAGED),
    "a wordy shared string": (build.with_cells(SHARED, '<row><c t="s"><v>x</v></c></row>'), DAMAGED),
    "a cell without a column": (build.with_cells(GOOD, '<row><c r="9"><v>1</v></c></row>'), DAMAGED),
    "a cell reference backwards": (build.with_cells(GOOD, '<row><c r="9A"><v>1</v></c></row>'), DAMAGED),
    "a row that is no number": (build.with_cells(GOOD, '<row r="x"><c><v>1</v></c></row>'), DAMAGED),
    "a row of 5,000 digits": (build.with_cells(GOOD, f'<row r="{"9" * 5000}"/>'), DAMAGED),
    "overlapping merged cells": (overlapping_blocks(), "overlap"),
    "a document type in a sheet": (with_document_type(GOOD, build.SHEET_PART, b"<worksheet"), DOCUMENT_TYPE),
    "a document type in strings": (with_document_type(SHARED, build.STRINGS_PART, b"<sst"), DOCUMENT_TYPE),
    "a document type in ods": (
        with_document_type(ODS, "content.xml", b"<office:document-content"),
        DOCUMENT_TYPE,
    ),
    "a bomb": (build.zipped({"xl/workbook.xml": b" " * 30_000_000}), TOO_LARGE),
    "a bomb whose directory lies": (lying_bomb(), DAMAGED),
    "a bomb of many parts": (build.zipped(MANY_PARTS), TOO_LARGE),
    "too much text": (build.zipped(MUCH_TEXT), TOO_LARGE),
    "a stray cell in the last corner": (
        build.with_cells(GOOD, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        FAR_AWAY,
    ),
    "a stray cell in a column past any": (
        build.with_cells(GOOD, '<row r="9"><c r="ZZZZZ9"><v>1</v></c></row>'),
        FAR_AWAY,
    ),
    "stray cells that span too much": (
        build.with_cells(GOOD, '<row r="90000"><c r="ALL90000"><v>1</v></c></row>'),
        "too large; delete",
    ),
    "a stray cell in the last corner of an xls": (
        build.xls(lambda sheet: (sheet.write(0, 0, "x"), sheet.write(65535, 255, "x"))),
        "too large; delete",
    ),
    "a million rows repeated in ods": (build.ods([[build.ods_cell("x")]], repeated=[1048576]), FAR_AWAY),
    "a million columns repeated in ods": (
        build.ods([[build.ods_cell("x", numbercolumnsrepeated=1_000_000)]]),
        FAR_AWAY,
    ),
    "a truncated ods": (cut(ODS, "content.xml"), DAMAGED),
    "an encrypted ods": (
        replaced(ODS, "META-INF/manifest.xml", b"</manifest:m", b"<encryption-data/></manifest:m"),
        PASSWORD,
    ),
    "ods repeated no times": (
        replaced(ODS, "content.xml", b"<table:table-row", b'<table:table-row table:number-rows-repeated="0"'),
        DAMAGED,
    ),
    "an open quotation mark": ('单位,得分\n"甲镇,9\n乙乡,8\n'.encode(), "quotation mark"),
    "a field of 200,000 characters": (b'"' + b"x" * 200_000 + b'"', "quotation mark"),
    "neither UTF-8 nor GB 18030": ("单位,得分".encode("gb18030") + b"\xff\xff\xff", NO_WORKBOOK),
    "half a UTF-16 character": ("单位".encode("utf-16")[:-1], NO_WORKBOOK),
    "a file of 21 MB": (b"x" * (21 * 1024 * 1024), "larger than 20 MB"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_file_is_refused_with_one_clear_line(data, message):
    with pytest.raises(UnreadableWorkbook, match=message) as refused:
        read_workbook(data, "得分.xlsx")
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("“得分.xlsx”")


def test_a_zip_that_asks_for_a_password_is_refused():
    data = bytearray(GOOD)
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    with pytest.raises(UnreadableWorkbook, match=PASSWORD):
        read_workbook(bytes(data), "f")


def test_two_parts_of_one_name_are_refused():
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as again, pytest.warns(UserWarning, match="Duplicate"):
        again.writestr(build.SHEET_PART, b"<worksheet/>")
    with pytest.raises(UnreadableWorkbook, match=DAMAGED):
        read_workbook(buffer.getvalue(), "f")


def test_a_part_is_never_inflated_past_the_limit(monkeypatch):
    monkeypatch.setattr(archive, "MAX_INFLATED", 1000)
    with pytest.raises(UnreadableWorkbook, match=TOO_LARGE):
        read_workbook(GOOD, "f")


def test_a_strict_workbook_is_read_like_any_other():
    strict = GOOD
    for part in (
        build.SHEET_PART,
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "xl/styles.xml",
    ):
        strict = build.edited(
            strict,
            part,
            lambda xml: xml.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        )
    assert strict != GOOD
    assert read_workbook(strict, "f").sheets[0].rows[1][0] == "甲镇党委"


def test_a_compound_file_whose_chain_loops_is_refused():
    table = int.from_bytes(XLS[76:80], "little")
    at = (table + 1) * 512
    looping = XLS[:at] + struct.pack("<I", 0) + XLS[at + 4 :]
    with pytest.raises(UnreadableWorkbook, match=DAMAGED):
        CompoundFile(looping).stream("Workbook")


def test_half_a_million_cells_are_read_within_ten_seconds():
    rows = ("".join(f"<c><v>{row % 97}.{column}</v></c>" for column in range(10)) for row in range(50_000))
    data = build.with_cells(GOOD, "".join(f"<row>{row}</row>" for row in rows))
    started = time.monotonic()
    read_workbook(data, "f")
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("original", [GOOD, SHARED, XLS, ODS], ids=["xlsx", "shared strings", "xls", "ods"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_file_with_bytes_gone_wrong_is_read_or_refused_but_never_crashes(original, data):
    changed = bytearray(original)
    for _change in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableWorkbook):
        read_workbook(bytes(changed), "f")


PARTS = {
    "sheet": (GOOD, build.SHEET_PART),
    "strings": (SHARED, build.STRINGS_PART),
    "workbook": (GOOD, "xl/workbook.xml"),
    "relationships": (GOOD, "xl/_rels/workbook.xml.rels"),
    "ods content": (ODS, "content.xml"),
}


@pytest.mark.parametrize(("original", "part"), PARTS.values(), ids=PARTS)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_part_with_pieces_gone_wrong_is_read_or_refused_but_never_crashes(original, part, data):
    def damage(content: bytes) -> bytes:
        start = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.sampled_from([b"", b"9", b'"', b"<", b"</row>", b"<c>", b"-1", b"\x00", b"&x;"]))
        return content[:start] + piece + content[start + data.draw(st.integers(0, 6)) :]

    with contextlib.suppress(UnreadableWorkbook):
        read_workbook(build.edited(original, part, damage), "f")
