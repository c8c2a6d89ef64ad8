"""Files that no page should take, or that it takes only once they are made harmless. All are made in code.

Most are to be refused by every page. Some are photos that are taken and made harmless, and some workbooks are
no scores but documents like any other.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from files.documents import LARGEST_UNPACKED
from files.limits import LARGEST_DOCUMENT, LARGEST_PHOTO
from tests.factories import documents as office
from tests.factories.visits import as_taken, picture
from tests.workbooks import build
from tests.workbooks.test_unreadable_files import UNREADABLE

PHOTO, DOCUMENT, TEMPLATE, WORKBOOK = "photo", "document", "template", "workbook"


@dataclass(frozen=True)
class BadFile:
    """name: what it is sent as. bad_for: the pages, by what they take, that must refuse it; a page may take
    it all the same where it makes it harmless, and is not among them.
    """

    what: str
    name: str
    make: Callable[[], bytes]
    bad_for: frozenset[str]


EVERY = frozenset({PHOTO, DOCUMENT, TEMPLATE, WORKBOOK})
NO_PHOTO = frozenset({TEMPLATE, WORKBOOK})  # no document with words, and no table either


def bad_files() -> list[BadFile]:
    """All of them, in an order that does not change."""
    return [*_photos(), *_pictures_of_another_kind(), *_documents(), *_workbooks(), *_names(), *_large()]


# --- Photos ---------------------------------------------------------------------------------------

_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}


def _photos() -> Iterator[BadFile]:
    for kind, ending in _ENDINGS.items():
        sent = as_taken(kind, noisy=True)
        for share in (2, 10, 50, 90):
            yield _bad(f"{kind} cut off at {share} %", f"a.{ending}", _cut(sent, share))
        yield _bad(f"{kind} of zeros", f"a.{ending}", lambda sent=sent: sent[:32] + b"\0" * 5_000)
        yield _bad(f"{kind} of noise", f"a.{ending}", lambda sent=sent: sent[:32] + _noise(5_000))
        # What hangs on behind, or stands in the metadata, does not reach anybody: that is harmless.
        yield _harmless(f"{kind} with a page behind", f"a.{ending}", lambda sent=sent: sent + PAGE)
        yield _harmless(f"{kind} with an archive behind", f"a.{ending}", lambda sent=sent: sent + _jar())
        yield _harmless(f"{kind} named .docx", "a.docx", lambda sent=sent: sent)
        yield _bad(f"{kind} with its bytes mixed", f"a.{ending}", lambda sent=sent: _mixed(sent), set())
    yield _bad("PNG of 4,000 million pixels", "a.png", lambda: _png_of(65_535, 65_535))
    yield _bad("PNG of 2³¹ pixels a side", "a.png", lambda: _png_of(2**31 - 1, 2**31 - 1))
    yield _bad("PNG without a pixel", "a.png", lambda: _png_of(0, 0))
    yield _bad("PNG, a bomb of 64 million pixels", "a.png", _flat_png)
    yield _bad("JPEG of 65,500 pixels a side", "a.jpg", _jpeg_of_many_pixels)
    yield _bad("WebP of 16,383 pixels a side", "a.webp", _webp_of_many_pixels)
    yield _bad("HEIC of 2³⁰ pixels a side", "a.heic", _heic_of_many_pixels)
    yield _bad("PNG whose text is a bomb", "a.png", _png_with_a_bomb)
    yield _bad("PNG whose profile is a bomb", "a.png", _png_with_a_profile_bomb, set())
    yield _bad("PNG that moves", "a.png", lambda: _moving("PNG"))
    yield _bad("WebP that moves", "a.webp", lambda: _moving("WEBP"))
    yield _bad("JPEG that begins with a page", "a.jpg", lambda: _with_comment(PAGE))
    yield _harmless("JPEG with a program in its comment", "a.jpg", lambda: _with_comment(b"<?php system();"))
    yield _harmless("JPEG with 200 comments", "a.jpg", lambda: _with_comment(b"x" * 60_000, 200))
    yield _harmless("JPEG whose Exif points to itself", "a.jpg", lambda: _with_exif(_circle()))
    yield _harmless("JPEG whose Exif claims 4,000 million values", "a.jpg", lambda: _with_exif(_lying()))
    yield _harmless("JPEG whose Exif is cut off", "a.jpg", lambda: _with_exif(b"II*\0\x08"))
    yield _harmless("JPEG whose Exif holds a TIFF of 10⁹ pixels", "a.jpg", lambda: _with_exif(_tiff()))
    yield _harmless("PNG with a page in its text", "a.png", _png_with_a_page)


def _pictures_of_another_kind() -> Iterator[BadFile]:
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "JPEG2000"):
        yield _bad(f"a {kind}", "a.jpg", lambda kind=kind: _saved(Image.new("RGB", (32, 32)), kind))
    yield _bad("a GIF that moves", "a.gif", lambda: _moving("GIF"))
    yield _bad("a GIF that is an archive", "a.gif", lambda: _saved(Image.new("L", (9, 9)), "GIF") + _jar())
    yield _bad("an SVG", "a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    long_head = b"<?xml version='1.0'?><!-- " + b"x" * 2_000 + b"--><svg/>"
    yield _bad("an SVG with a long head", "a.png", lambda: long_head)
    yield _bad("a packed SVG", "a.svgz", lambda: zlib.compress(b"<svg/>", wbits=31))
    yield _bad("a Photoshop file", "a.psd", lambda: b"8BPS\0\1" + b"\0" * 500)
    yield _bad("an AVIF", "a.avif", lambda: b"\0\0\0\x1cftypavif" + b"\0" * 500)
    yield _bad("a film", "a.mp4", lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 500)
    yield _bad("HEIC by its brand only", "a.heic", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 500)
    yield _bad("a sound that begins like a WebP", "a.webp", lambda: b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 60)
    yield _bad("a program", "a.jpg", lambda: b"MZ\x90\0" + b"\0" * 5_000)
    yield _bad("a program of Linux", "a.png", lambda: b"\x7fELF" + b"\0" * 5_000)
    yield _bad("a page", "a.jpg", lambda: PAGE)
    yield _bad("a page after a mark", "a.png", lambda: b"\xef\xbb\xbf \n" + PAGE)
    yield _bad("a script", "a.jpg", lambda: b"#!/bin/sh\nrm -rf /\n")


# --- Documents ------------------------------------------------------------------------------------

_TEMPLATE = b'<Relationship Type="t/attachedTemplate" Target="%s" TargetMode="External"/>'


def _documents() -> Iterator[BadFile]:
    word, excel = office.WORD, office.EXCEL
    for ending in ("jpg", "heic", "docx", "xlsx", "pdf", "doc", "xls", "csv"):
        yield _bad(f"nothing, named .{ending}", f"a.{ending}", lambda: b"")
    for what, main, ending in (("Word", word, "docx"), ("Excel", excel, "xlsx")):
        members: list[tuple[str, dict[str, bytes]]] = [
            ("with macros", {"word/vbaProject.bin": b"1"}),
            ("with macros hidden by capitals", {"word/VBAPROJECT.BIN": b"1"}),
            ("with a macro sheet", {"xl/macrosheets/sheet1.xml": b"<x/>"}),
            ("with ActiveX", {"word/activeX/activeX1.bin": b"1"}),
            ("with a program", {"word/embeddings/a.exe": b"MZ"}),
            ("with a script", {"word/media/a.js": b"1"}),
            ("with a template from elsewhere", {"word/_rels/a.rels": _TEMPLATE % b"http://x.example/t.dotm"}),
            ("with a template from a share", {"word/_rels/a.rels": _TEMPLATE % rb"\\x.example\t.dotm"}),
            ("that leads outside", {"../../etc/passwd": b"1"}),
            ("that leads to the root", {"/etc/passwd": b"1"}),
            ("that leads to a drive", {"C:/a.txt": b"1"}),
            ("of 3,000 parts", {f"{number}.xml": b"" for number in range(3_000)}),
        ]
        for trait, more in members:
            make = partial(office.archive, main, more)
            yield _bad(f"{what} file {trait}", f"a.{ending}", make)
        traits: list[tuple[str, Callable[[str], bytes]]] = [
            ("that declares macros", _macro_enabled),
            ("with an entity", _with_entity),
            ("with two parts of one name", _twice),
            ("that lies about its size", _lying_archive),
            ("with a wrong checksum", _wrong_sum),
            ("with a password on a part", _locked_part),
            ("behind a program", lambda main: b"MZ" + office.archive(main)),
            ("before a program", lambda main: office.archive(main) + b"MZ" * 40),
        ]
        for trait, made in traits:
            yield _bad(f"{what} file {trait}", f"a.{ending}", partial(made, main))
    yield _bad("a Word file that is a bomb", "a.docx", _archive_bomb)
    yield _bad("an archive in an archive", "a.docx", lambda: office.zipped({"a.zip": _nested(6)}))
    slides = word.replace("wordprocessingml.document", "presentationml.presentation")
    yield _bad("a presentation", "a.docx", lambda: office.archive(slides))
    yield _bad("an archive", "a.zip", lambda: office.zipped({"a.txt": b"1"}))
    yield _bad("an archive of Java", "a.jar", _jar)
    yield _bad("an empty archive", "a.docx", lambda: office.zipped({}))
    yield _bad("half a Word file", "a.docx", lambda: office.word()[:2_000])
    yield _bad("rich text", "a.doc", lambda: b"{\\rtf1\\objdata 0105}")
    yield from _compound_files()
    yield from _pdfs()


def _compound_files() -> Iterator[BadFile]:
    book = office.book_stream
    yield _bad("a .doc with macros", "a.doc", lambda: office.old_word(Macros={"VBA": b"1"}))
    yield _bad("a .doc with a password", "a.doc", lambda: office.old_word(0x0100))
    trees: list[tuple[str, str, dict[str, bytes]]] = [
        ("a locked .docx", "docx", {"EncryptedPackage": b"1", "EncryptionInfo": b"1"}),
        ("an .xls with macros", "xls", {"Workbook": book(), "_VBA_PROJECT_CUR": b"1"}),
        ("an .xls with a macro sheet", "xls", {"Workbook": book(office.sheet_record(1))}),
        ("an .xls with a password", "xls", {"Workbook": book((0x2F, b"\0" * 6))}),
        ("a compound file of nothing", "xls", {"Contents": b"1"}),
    ]
    for what, ending, tree in trees:
        yield _bad(what, f"a.{ending}", partial(office.compound, tree))
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    yield _bad("the beginning of a compound file", "a.doc", lambda: start + _noise(4_000))


def _pdfs() -> Iterator[BadFile]:
    whole = office.pdf()
    hostile = [
        ("with a password", office.pdf("1")),
        ("with a script", office.with_object(whole, b"<</S/JavaScript/JS(1)>>")),
        ("with a program to start", office.with_object(whole, b"<</S/Launch/F(a)>>")),
        ("that is cut off", whole[:-30]),
        ("with an archive behind", whole + _jar()),
        ("that is also a page", whole.replace(b"\n", b"\n%<html><script>\n", 1)),
        ("with a photo before it", b"\xff\xd8\xff\xe0" + whole),
    ]
    for what, data in hostile:
        yield _bad(f"a PDF {what}", "a.pdf", lambda data=data: data)


# --- Workbooks ------------------------------------------------------------------------------------


def _workbooks() -> Iterator[BadFile]:
    for what, (data, _why) in sorted(UNREADABLE.items()):
        ending = "csv" if "quotation" in what else "ods" if "ods" in what else "xlsx"
        yield BadFile(f"workbook: {what}", f"a.{ending}", lambda data=data: data, NO_PHOTO)
    heads = [["单位", "三会一课"], ["甲镇党委", 9.5]]
    rows: list[tuple[str, str, Any]] = [
        ("of a stranger's headings", "a.xlsx", lambda: build.xlsx([["a", "b"], ["c", "d"]])),
        ("of units nobody knows", "a.xlsx", lambda: build.xlsx([heads[0], ["不存在的党委", 9]])),
        ("in GBK", "a.csv", lambda: build.csv_text([heads[0], ["无此单位", 9]]).encode("gbk")),
        ("with NUL", "a.csv", lambda: "单位,三会一课\r\n甲\0镇,9\r\n".encode()),
        ("of points that are none", "a.xlsx", lambda: build.xlsx([heads[0], ["甲镇党委", "sNaN"]])),
        ("of points without end", "a.xlsx", lambda: build.xlsx([heads[0], ["甲镇党委", 1e300]])),
        ("of a formula", "a.xlsx", lambda: build.xlsx([heads[0], ["甲镇党委", "=1+1"]])),
        ("of one long cell", "a.xlsx", lambda: build.xlsx([["长" * 32_000]])),
        ("of 900 columns", "a.xlsx", lambda: build.xlsx([[f"列{number}" for number in range(900)]] * 2)),
        ("as text of 5,000 columns", "a.csv", lambda: ("a," * 5_000).encode()),
    ]
    for what, name, make in rows:
        yield BadFile(f"workbook {what}", name, make, NO_PHOTO)


# --- Names, and sizes -----------------------------------------------------------------------------

ODD_NAMES = {
    "of 200 Chinese characters": "长" * 200 + ".jpg",
    "of 5,000 characters": "a" * 5_000 + ".jpg",
    "with NUL": "a\0b.jpg",
    "read from the right": "a\u202egpj.exe",
    "of folders": "../../../etc/passwd",
    "of folders of Windows": "..\\..\\windows\\system.ini",
    "of line breaks": "a\r\nSet-Cookie: x=1.jpg",
    "of quotation marks": 'a"; filename="b.html',
    "of tags": "<script>alert(1)</script>.jpg",
    "of a formula": "=cmd|' /C calc'!A0.xlsx",
    "of dots": "..",
    "of a device": "CON",
    "of blanks": "   ",
    "of half a character": "a\udcff.jpg".encode("utf-8", "replace").decode(),
    "of marks that stack": "a" + "\u0300" * 300 + ".jpg",
}


def _names() -> Iterator[BadFile]:
    for what, name in ODD_NAMES.items():
        # A file without a name is none to Django, and one whose name never ends makes no request: then
        # nothing is said of the file.
        is_named = bool(name.strip(" .")) and len(name) < 1_000
        bad_for, photo_bad_for = (EVERY, NO_PHOTO) if is_named else ((), ())
        yield _bad(f"a bad file with a name {what}", name, lambda: b"GIF89a" + b"\0" * 60, bad_for)
        yield _bad(f"a photo with a name {what}", name, _another_photo, photo_bad_for)


def _another_photo() -> bytes:
    """One that no visit has yet."""
    return picture(size=(41, 31))


def _large() -> Iterator[BadFile]:
    yield _bad("a photo that is too large", "a.jpg", lambda: picture() + b"\0" * LARGEST_PHOTO)
    yield _bad("a document that is too large", "a.pdf", lambda: office.pdf() + b"\0" * LARGEST_DOCUMENT)
    yield _bad("text that is too large", "a.csv", lambda: "单位,得分\n".encode() * (LARGEST_DOCUMENT // 12))


# --- How they are made ----------------------------------------------------------------------------

PAGE = b"<!doctype html><html><body><script>alert(1)</script></body></html>"


def _bad(what: str, name: str, make: Callable[[], bytes], bad_for: Any = EVERY) -> BadFile:
    return BadFile(what, name, make, frozenset(bad_for))


def _harmless(what: str, name: str, make: Callable[[], bytes]) -> BadFile:
    """A photo that is taken and made harmless; no workbook."""
    return BadFile(what, name, make, NO_PHOTO)


def _cut(data: bytes, share: int) -> Callable[[], bytes]:
    return lambda: data[: len(data) * share // 100]


def _noise(length: int) -> bytes:
    return random.Random(1).randbytes(length)


def _mixed(data: bytes) -> bytes:
    """With one byte in forty another one."""
    dice, mixed = random.Random(2), bytearray(data)
    for _ in range(len(data) // 40):
        mixed[dice.randrange(32, len(data))] = dice.randrange(256)
    return bytes(mixed)


def _saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def _moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue", "white")]
    return _saved(frames[0], kind, save_all=True, append_images=frames[1:])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png_of(width: int, height: int, body: bytes = b"", before: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = _chunk(b"IDAT", body or zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + before + pixels + _chunk(b"IEND", b"")


@cache
def _flat_png() -> bytes:
    return _png_of(8_000, 8_000, zlib.compress(b"\0" * (8_001 * 8_000), 1))


def _png_with_a_bomb() -> bytes:
    text = b"Comment\0\0" + zlib.compress(b"\0" * 80_000_000, 1)
    return _png_of(1, 1, zlib.compress(b"\0\0"), _chunk(b"zTXt", text))


def _png_with_a_profile_bomb() -> bytes:
    profile = b"icc\0\0" + zlib.compress(b"\0" * 80_000_000, 1)
    return _png_of(1, 1, zlib.compress(b"\0\0"), _chunk(b"iCCP", profile))


def _png_with_a_page() -> bytes:
    info = PngInfo()
    info.add_text("Comment", "x" * 2_000 + PAGE.decode())
    return _saved(Image.new("L", (9, 9)), "PNG", pnginfo=info)


def _jpeg_of_many_pixels() -> bytes:
    data = bytearray(picture())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(data)


def _webp_of_many_pixels() -> bytes:
    image = Image.new("RGBA", (16, 16), (1, 2, 3, 4))
    data = bytearray(_saved(image, "WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"))
    at = data.index(b"VP8X") + 12
    data[at : at + 6] = (16_382).to_bytes(3, "little") * 2
    return bytes(data)


def _heic_of_many_pixels() -> bytes:
    data = bytearray(picture("HEIF", (64, 64)))
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 2**30, 2**30)
    return bytes(data)


def _with_comment(text: bytes, times: int = 1) -> bytes:
    comment = struct.pack(">BBH", 0xFF, 0xFE, len(text) + 2) + text
    return picture()[:2] + comment * times + picture()[2:]


def _with_exif(tiff: bytes) -> bytes:
    body = b"Exif\0\0" + tiff
    return picture()[:2] + struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body + picture()[2:]


def _entries(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    """A directory of a TIFF: tag, type, count, value."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


def _circle() -> bytes:
    return _entries((ExifTags.IFD.Exif, 4, 1, 8), (ExifTags.IFD.GPSInfo, 4, 1, 8), following=8)


def _lying() -> bytes:
    return _entries((ExifTags.Base.Orientation, 3, 2**32 - 1, 8), (0x010F, 2, 2**32 - 1, 8))


def _tiff() -> bytes:
    return _entries((256, 4, 1, 32_000), (257, 4, 1, 32_000), (513, 4, 1, 8), (514, 4, 1, 2**31), following=8)


def _jar() -> bytes:
    return office.zipped({"META-INF/MANIFEST.MF": b"", "Main.class": b"\xca\xfe\xba\xbe"})


@cache
def _archive_bomb() -> bytes:
    """Unpacked it is a little more than is taken."""
    file = io.BytesIO(office.archive())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.bin", b"\0" * (LARGEST_UNPACKED + 1))
    return file.getvalue()


def _nested(depth: int) -> bytes:
    data = b"\0" * 1_000_000
    for level in range(depth):
        data = office.zipped({f"{level}-{number}": data for number in range(4)})
    return data


def _macro_enabled(main: str) -> bytes:
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return office.archive(main, parts=f'<Override PartName="/x.xml" ContentType="{kind}"/>')


def _with_entity(main: str) -> bytes:
    types = f"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
    <Types><Override PartName="/main.xml" ContentType="{main}"/>&a;</Types>"""
    return office.zipped({"[Content_Types].xml": types.encode(), "main.xml": b"<w/>"})


def _twice(main: str) -> bytes:
    data = office.archive(main, {"word/a.xml": b"1", "word/b.xml": b"2"})
    return data.replace(b"word/b.xml", b"word/a.xml")


def _lying_archive(main: str) -> bytes:
    """The directory states a hundred bytes of a part of two million."""
    data = bytearray(office.archive(main, {"a.xml": b"x" * 2_000_000}))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 100)
    return bytes(data)


def _wrong_sum(main: str) -> bytes:
    data = bytearray(office.archive(main, {"a.xml": b"x" * 99}))
    central = data.rindex(b"PK\x01\x02")
    data[central + 16 : central + 20] = b"\1\2\3\4"
    return bytes(data)


def _locked_part(main: str) -> bytes:
    data = bytearray(office.archive(main))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        assert len(archive.infolist()) > 1
    central = data.rindex(b"PK\x01\x02")
    data[central + 8] |= 1
    return bytes(data)
