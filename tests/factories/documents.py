"""Documents as offices make them, and archives and compound files put together by hand to deceive."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO

import docx
import openpyxl
import pypdf
import xlwt

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def pdf(password: str = "") -> bytes:
    """A blank page."""
    writer, file = pypdf.PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def with_object(file: bytes, written: bytes) -> bytes:
    """A PDF that holds one more object."""
    first = file.index(b"1 0 obj")
    return file[:first] + b"99 0 obj\n" + written + b"\nendobj\n" + file[first:]


def word(text: str = "整改报告") -> bytes:
    """A .docx."""
    document, file = docx.Document(), BytesIO()
    document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


def excel(text: str = "整改台账") -> bytes:
    """An .xlsx."""
    book, file = openpyxl.Workbook(), BytesIO()
    book.active["A1"] = text
    book.save(file)
    return file.getvalue()


def old_excel(text: str = "整改台账") -> bytes:
    """An .xls."""
    book, file = xlwt.Workbook(encoding="utf-8"), BytesIO()
    book.add_sheet("台账").write(0, 0, text)
    book.save(file)
    return file.getvalue()


def old_word(flags: int = 0, **streams: bytes | Mapping[str, bytes]) -> bytes:
    """A .doc as far as its beginning and its directory go. flags: of its first block."""
    return compound({"WordDocument": word_stream(flags), "1Table": b"", **streams})


def word_stream(flags: int = 0) -> bytes:
    return struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x0804, 0, flags)


def book_stream(*records: tuple[int, bytes]) -> bytes:
    """The records of a workbook of Excel 97 to 2003, from its beginning to the end of its own part."""
    framed = [(0x0809, b"\0\6\5\0" + b"\0" * 12), *records, (0x0A, b"")]
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in framed)


def sheet_record(kind: int) -> tuple[int, bytes]:
    """The entry of a sheet. kind: 0 of cells, 1 of macros."""
    return 0x85, struct.pack("<IBB", 0, 0, kind) + b"\x02\0S1"


def archive(
    main: str = WORD, members: Mapping[str, bytes] | None = None, *, parts: str = "", comment: bytes = b""
) -> bytes:
    """A zip archive that lists one main part of this type and holds these members too."""
    listed = f'<Override PartName="/main.xml" ContentType="{main}"/>{parts}'
    types = f'<?xml version="1.0"?><Types xmlns="urn:t">{listed}</Types>'
    return zipped({"[Content_Types].xml": types.encode(), "main.xml": b"<w/>", **(members or {})}, comment)


def zipped(members: Mapping[str, bytes], comment: bytes = b"") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
        target.comment = comment
    return file.getvalue()


SECTOR = 512
_FREE, _CHAIN_END, _FAT_SECTOR, _NOTHING = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STREAM, _STORAGE, _ROOT = 2, 1, 5


def compound(tree: Mapping[str, bytes | Mapping[str, bytes]]) -> bytes:
    """A compound file (OLE) of these streams; a mapping is a folder of streams.

    Each stream is padded to 4,096 bytes, below which it would have to stand in a table of its own.
    """
    entries: list[list[object]] = [["Root Entry", _ROOT, _NOTHING, _NOTHING, _CHAIN_END, 0]]
    chunks: list[bytes] = []  # of every stream, whole sectors
    _add_children(entries, chunks, 0, tree)
    while len(entries) % 4:
        entries.append(["", 0, _NOTHING, _NOTHING, 0, 0])
    directory = b"".join(_directory_entry(*entry) for entry in entries)
    body = [chunk for chunk in (b"".join(chunks), directory) if chunk]
    sectors = [len(part) // SECTOR for part in body]
    fat: list[int] = [_FAT_SECTOR]
    if chunks:
        for chunk in chunks:
            fat += [*range(len(fat) + 1, len(fat) + len(chunk) // SECTOR), _CHAIN_END]
    first_of_directory = len(fat)
    fat += [*range(first_of_directory + 1, first_of_directory + sectors[-1]), _CHAIN_END]
    assert len(fat) <= SECTOR // 4, "one sector of the table is enough for tests"
    table = struct.pack(f"<{SECTOR // 4}I", *fat, *[_FREE] * (SECTOR // 4 - len(fat)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\0" * 6 + struct.pack(
        "<IIIIIIIII", 0, 1, first_of_directory, 0, 4096, _CHAIN_END, 0, _CHAIN_END, 0
    )
    head += struct.pack("<I", 0) + struct.pack("<108I", *[_FREE] * 108)
    return head + table + b"".join(body)


def _add_children(
    entries: list[list[object]],
    chunks: list[bytes],
    parent: int,
    tree: Mapping[str, bytes | Mapping[str, bytes]],
) -> None:
    """Hang the tree below an entry: its first child, and each next one to the right of the one before."""
    before = None
    for name, content in tree.items():
        place = len(entries)
        if before is None:
            entries[parent][3] = place
        else:
            entries[before][2] = place
        before = place
        if isinstance(content, bytes):
            padded = content.ljust(-(-max(len(content), 4096) // SECTOR) * SECTOR, b"\0")
            start = 1 + sum(len(chunk) for chunk in chunks) // SECTOR
            chunks.append(padded)
            entries.append([name, _STREAM, _NOTHING, _NOTHING, start, len(padded)])
        else:
            entries.append([name, _STORAGE, _NOTHING, _NOTHING, 0, 0])
            _add_children(entries, chunks, place, content)


def _directory_entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    length = len(written) + 2 if name else 0
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", length, kind, 1, _NOTHING, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
