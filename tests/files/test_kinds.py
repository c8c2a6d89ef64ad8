"""Evidence is told by what it holds; what hides macros, a password, a page or a bomb is refused by name."""

import zipfile
from io import BytesIO

import pytest

from files import documents, limits
from files.kinds import FileKind, FileRefused, file_name, kind_of
from files.pictures import PhotoRefused
from tests.factories.documents import (
    EXCEL,
    archive,
    book_stream,
    compound,
    excel,
    old_excel,
    old_word,
    pdf,
    sheet_record,
    with_object,
    word,
    word_stream,
    zipped,
)
from tests.factories.visits import picture

SAMPLES = "samples/scores-2018Q3.xlsx"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("JPEG", picture()),
        ("PNG", picture("PNG")),
        ("WEBP", picture("WEBP")),
        ("PDF", pdf()),
        ("PDF", pdf() + b"\r\n" + b"\0" * 600),  # scanners fill up a block
        ("DOCX", word()),
        ("XLSX", excel()),
        ("XLSX", archive(EXCEL)),
        ("XLS", old_excel()),
        ("XLS", compound({"Book": book_stream(sheet_record(0))})),
        ("DOC", old_word()),
    ],
)
def test_what_it_is_is_told_by_what_it_holds_not_by_its_name(kind, data):
    assert kind_of("说明.exe", data) is FileKind[kind]


def test_what_offices_save_is_taken():
    with open(SAMPLES, "rb") as file:
        assert kind_of("得分.xlsx", file.read()) is FileKind.XLSX


class Bomb(bytes):
    """So that a failing test does not print it."""

    def __repr__(self):
        return f"<{len(self)} bytes>"


def lying_about_its_size() -> bytes:
    """An archive whose member is larger than its entry says."""
    data = bytearray(archive(members={"word/a.xml": b"\0" * 100_000}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (1_000).to_bytes(4, "little")
    return bytes(data)


def twice_the_same_member() -> bytes:
    file = BytesIO(archive())
    with zipfile.ZipFile(file, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("main.xml", b"<other/>")
    return file.getvalue()


def with_members(count: int) -> bytes:
    return archive(members={f"word/media/{number}.png": b"" for number in range(count)})


def locked_member() -> bytes:
    data = bytearray(archive())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark)
        data[at + flags] |= 1
    return bytes(data)


MACRO_SHEET = '<Override PartName="/xl/m.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
WITH_MACROS = [
    archive("application/vnd.ms-word.document.macroEnabled.main+xml"),
    archive("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    archive(members={"word/vbaProject.bin": b"1"}),
    archive(members={"word/VBAPROJECT.BIN": b"1"}),
    archive(EXCEL, parts=MACRO_SHEET),
    archive(EXCEL, members={"xl/macrosheets/sheet1.xml": b"<x/>"}),
    archive(members={"word/embeddings/a.xlsm": b"1"}),
    archive(members={"word/embeddings/setup.exe": b"MZ"}),
    old_word(Macros={"VBA": b"1"}),
    old_word(ObjectPool={"_VBA_PROJECT": b"1"}),
    compound({"Workbook": book_stream(), "_VBA_PROJECT_CUR": {"VBA": b"1"}}),
    compound({"Workbook": book_stream(sheet_record(0), sheet_record(1))}),
    with_object(pdf(), b"<</S /JavaScript /JS (app.alert\\(1\\))>>"),
    with_object(pdf(), b"<</S/Launch/F(calc.exe)>>"),
]
LOCKED = [
    pdf(password="1"),
    locked_member(),
    compound({"EncryptionInfo": b"1", "EncryptedPackage": b"1"}),
    old_word(flags=0x0100),
    compound({"Workbook": book_stream((0x2F, b"\0" * 6))}),
]
PAGES = [
    b"<!DOCTYPE html><script>alert(1)</script>",
    b"  <HTML><body>",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    pdf()[:9] + b"%<script>alert(1)</script>\n" + pdf()[9:],
    picture()[:2] + b"\xff\xfe\x00\x1b<script>alert(1)</script>" + picture()[2:],
]
OF_ANOTHER_KIND = [
    b"",
    b"MZ\x90\x00" + b"\0" * 5_000,
    b"\x7fELF" + b"\0" * 5_000,
    b"#!/bin/sh\nrm -rf /\n",
    b"%!PS-Adobe-3.0",
    b"{\\rtf1 }",
    "整改报告".encode(),
    zipped({"a.txt": b"1"}),
    zipped({"META-INF/MANIFEST.MF": b"", "Main.class": b"\xca\xfe\xba\xbe"}),
    archive("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
    archive(parts=f'<Override PartName="/x.xml" ContentType="{EXCEL}"/>'),
    compound({"PowerPoint Document": b"1"}),
    compound({"Storage": {"WordDocument": word_stream()}}),
    b"GIF89a" + b"\0" * 100,
    b"\0\0\0\x18ftypmp42" + b"\0" * 100,
    b"BM" + b"\0" * 100,
    b"II*\0" + b"\0" * 100,
]
DAMAGED = [
    pdf()[:-30],
    pdf() + zipped({"a.exe": b"MZ"}),
    pdf() + b"\n1 0 obj",
    b"%PDF-1.7\n%%EOF",
    b"%PDF-9.9\nstartxref\n0\n%%EOF",
    word()[:-100],
    b"PK\x03\x04" + b"\0" * 200,
    word() + b"MZ" * 50,
    archive(comment=b"MZ"),
    archive(members={"../../etc/cron.d/x": b"1"}),
    archive(members={"/etc/passwd": b"1"}),
    archive(members={"C:/Windows/x": b"1"}),
    lying_about_its_size(),
    twice_the_same_member(),
    zipped({"[Content_Types].xml": b"<!DOCTYPE t [<!ENTITY a 'b'>]><Types>&a;</Types>"}),
    zipped({"[Content_Types].xml": "<Types/>".encode("utf-16")}),
    zipped({"[Content_Types].xml": b"<Types>"}),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5_000,
    old_word()[:700],
    compound({"WordDocument": b"MZ"}),
    compound({"Workbook": b"MZ"}),
    compound({"Workbook": book_stream()[:-4]}),
]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        *((data, "macros") for data in WITH_MACROS),
        *((data, "password") for data in LOCKED),
        *((data, "another kind") for data in PAGES + OF_ANOTHER_KIND),
        *((data, "damaged") for data in DAMAGED),
        (with_members(2_000), "too large when unpacked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_deceives_is_refused_in_one_line_that_names_it_and_what_is_allowed(data, why, english):
    with pytest.raises(FileRefused) as refusal:
        kind_of("../整改报告.docx", data)
    message = str(refusal.value)
    assert message.startswith("“整改报告.docx” ")
    assert why in message
    assert "PDF, Word and Excel files" in message
    assert "\n" not in message


def test_a_photo_that_is_cut_off_is_refused_as_a_photo():
    with pytest.raises(PhotoRefused, match=r"会议\.jpg"):
        kind_of("会议.jpg", picture()[:-200])
    with pytest.raises(PhotoRefused, match=r"会议\.heic"):
        kind_of("会议.heic", b"\0\0\0\x18ftypheic" + b"\0" * 100)


def test_a_document_that_is_too_large_is_refused(english):
    with pytest.raises(FileRefused, match=r"^“台账\.pdf” is larger than 20 MB\.$"):
        kind_of("台账.pdf", Bomb(pdf() + b"\0" * limits.LARGEST_DOCUMENT))


@pytest.mark.parametrize("limit", ["MOST_MEMBERS", "LARGEST_UNPACKED"])
def test_a_bomb_is_refused_before_it_is_unpacked(limit, monkeypatch, english):
    bomb = word()
    monkeypatch.setattr(documents, limit, 1)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(FileRefused, match="unpacked"):
        kind_of("整改报告.docx", bomb)


@pytest.mark.parametrize(
    ("name", "kind", "saved_as"),
    [
        ("整改报告.docx", FileKind.DOCX, "整改报告.docx"),
        ("整改报告.PDF", FileKind.PDF, "整改报告.PDF"),
        ("整改报告.wps", FileKind.DOC, "整改报告.wps"),
        ("报告.html", FileKind.PDF, "报告.html.pdf"),
        ("安装.exe", FileKind.XLSX, "安装.exe.xlsx"),
        ("照片", FileKind.WEBP, "照片.webp"),
        ("照片.png", FileKind.JPEG, "照片.png"),
        ("IMG_0001.HEIC", FileKind.JPEG, "IMG_0001.jpg"),
        ("", FileKind.PNG, "文件.png"),
        ("长" * 300, FileKind.DOC, "长" * 196 + ".doc"),
    ],
)
def test_a_file_is_saved_with_an_ending_that_says_what_it_is(name, kind, saved_as):
    assert file_name(name, kind) == saved_as
