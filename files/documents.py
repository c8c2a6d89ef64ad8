"""Documents: PDF, Word and Excel files, told by what they hold; never one with macros or behind a password.

Nothing is unpacked to the disk. An office file is read through once in memory, so that its checksums hold and
it is no larger than it says.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from enum import Enum
from xml.etree import ElementTree

import olefile
from django.db import models

from workbooks.limits import MIB

MOST_MEMBERS = 2_000  # of an office file: a text with hundreds of pictures has a few hundred
LARGEST_UNPACKED = 200 * MIB  # all members together
LARGEST_LIST = MIB  # of the list of an office file's parts
CHUNK = MIB


class DocumentFormat(models.TextChoices):
    """The formats of documents that are kept; the value is what the answer's Content-Type says."""

    PDF = "application/pdf", "PDF"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"
    DOC = "application/msword", "Word 97–2003"
    XLS = "application/vnd.ms-excel", "Excel 97–2003"


class Fault(Enum):
    """Why a file that begins like a document is not kept."""

    DAMAGED = "it is cut off, or not what its beginning says"
    ANOTHER = "it is a file of another kind"
    MACROS = "it carries macros or scripts"
    LOCKED = "it opens only with a password"
    UNPACKS_TOO_LARGE = "it is a small file that unpacks to a very large one"


class DocumentUnfit(Exception):
    """A document that is not kept."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def document_in(data: bytes) -> DocumentFormat | None:
    """What document it is, None where it does not begin like one. Raises DocumentUnfit."""
    for start, format_of in ((b"%PDF-", _pdf), (b"PK\x03\x04", _package), (olefile.MAGIC, _compound)):
        if data.startswith(start):
            try:
                return format_of(data)
            except DocumentUnfit:
                raise
            except Exception as error:  # readers raise whatever comes to them on hostile input
                raise DocumentUnfit(Fault.DAMAGED) from error
    return None


# --- PDF -----------------------------------------------------------------------------------------


def _pdf(data: bytes) -> DocumentFormat:
    end = data.rfind(b"%%EOF")
    if not re.match(rb"%PDF-[12]\.\d\s", data) or b"startxref" not in data[: max(end, 0)]:
        raise DocumentUnfit(Fault.DAMAGED)
    if data[end + len(b"%%EOF") :].strip(b"\0\x1a \t\r\n\f"):
        raise DocumentUnfit(Fault.DAMAGED)  # something else is hung on: an archive, a page
    if re.search(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)", data):
        raise DocumentUnfit(Fault.LOCKED)
    if re.search(rb"/(?:JavaScript|Launch)\b", data):
        raise DocumentUnfit(Fault.MACROS)
    return DocumentFormat.PDF


# --- .docx and .xlsx: zip archives with a list of their parts -------------------------------------

_ZIP_END = 22  # bytes of an archive's last record, without a comment
_PARTS = "[Content_Types].xml"
_MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DocumentFormat.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": DocumentFormat.XLSX,
}
_MACRO_PARTS = ("vbaproject", "vbadata", "macrosheet", "macroenabled", "activex")
# A template that the document fetches when it is opened, with whatever macros stand in it then. One on the
# author's own disk, which Word writes into every document, fetches nothing.
_FETCHES = re.compile(rb"""<[^>]*attachedTemplate[^>]*>""")
_FROM_ELSEWHERE = re.compile(rb"""Target\s*=\s*["'](?:https?:|ftp:|\\\\|//|file://[^/])""", re.IGNORECASE)
_RUNS = (
    *(".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm"),
    *(".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".lnk"),
    *(".js", ".jse", ".vbs", ".vbe", ".wsf", ".hta", ".jar"),
)


def _package(data: bytes) -> DocumentFormat:
    if not data[-_ZIP_END:].startswith(b"PK\x05\x06"):
        raise DocumentUnfit(Fault.DAMAGED)  # cut off, or something else is hung on
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        _require_sound_members(members)
        for member in members:
            _read_through(archive, member)
            if member.filename.lower().endswith(".rels") and _fetches_a_template(archive, member):
                raise DocumentUnfit(Fault.MACROS)
        parts = _types_of_parts(archive.read(_PARTS)) if _PARTS in archive.namelist() else []
    names = [member.filename.lower() for member in members]
    if any(word in part.lower() for part in [*parts, *names] for word in _MACRO_PARTS):
        raise DocumentUnfit(Fault.MACROS)
    if any(name.endswith(_RUNS) for name in names):
        raise DocumentUnfit(Fault.MACROS)
    found = [_MAIN_PARTS[part] for part in parts if part in _MAIN_PARTS]
    if len(found) != 1:
        raise DocumentUnfit(Fault.ANOTHER)
    return found[0]


def _require_sound_members(members: list[zipfile.ZipInfo]) -> None:
    """An archive from its first byte on, of a bearable size, whose names stay inside it."""
    names = [member.filename for member in members]
    if len(set(names)) != len(names) or min((m.header_offset for m in members), default=1) != 0:
        raise DocumentUnfit(Fault.DAMAGED)
    if any(_leads_outside(name) for name in names):
        raise DocumentUnfit(Fault.DAMAGED)
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise DocumentUnfit(Fault.UNPACKS_TOO_LARGE)
    if any(member.flag_bits & 0x41 for member in members):
        raise DocumentUnfit(Fault.LOCKED)
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise DocumentUnfit(Fault.DAMAGED)


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _read_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read the member in pieces and throw them away: a wrong checksum raises."""
    with archive.open(member) as file:
        while file.read(CHUNK):
            pass


def _fetches_a_template(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if member.file_size > LARGEST_LIST:
        raise DocumentUnfit(Fault.DAMAGED)
    return any(_FROM_ELSEWHERE.search(tag) for tag in _FETCHES.findall(archive.read(member)))


def _types_of_parts(xml: bytes) -> list[str]:
    """The types that the list of parts names."""
    if len(xml) > LARGEST_LIST or b"\0" in xml or b"<!" in xml.replace(b"<!--", b""):
        raise DocumentUnfit(Fault.DAMAGED)  # no entities, no other encoding to hide them in
    return [part.get("ContentType", "") for part in ElementTree.fromstring(xml)]


# --- .doc and .xls: compound files with a directory of streams ------------------------------------

_LOCKED_STREAMS = {"encryptedpackage", "encryptioninfo"}
_MACRO_STREAMS = {"_vba_project", "_vba_project_cur", "vba", "macros"}
_WORD_STARTS = (b"\xec\xa5", b"\xdc\xa5")  # Word 97 and later, Word 6 and 95
_SHEET, _END, _FILE_PASS = 0x85, 0x0A, 0x2F
_MACRO_SHEETS = (0x01, 0x06)  # of Excel 4.0; of Visual Basic


def _compound(data: bytes) -> DocumentFormat:
    if "_VBA_PROJECT".encode("utf-16-le") in data:  # also where a broken directory hides it
        raise DocumentUnfit(Fault.MACROS)
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        paths = [[name.lower() for name in path] for path in file.listdir(streams=True, storages=True)]
        names = {name for path in paths for name in path}
        if names & _LOCKED_STREAMS:
            raise DocumentUnfit(Fault.LOCKED)
        if names & _MACRO_STREAMS:
            raise DocumentUnfit(Fault.MACROS)
        top = {path[0] for path in paths}
        if "worddocument" in top:
            return _word(file.openstream("WordDocument").read())
        for name in ("Workbook", "Book"):
            if name.lower() in top:
                return _excel(file.openstream(name).read())
    raise DocumentUnfit(Fault.ANOTHER)


def _word(stream: bytes) -> DocumentFormat:
    if not stream.startswith(_WORD_STARTS):
        raise DocumentUnfit(Fault.DAMAGED)
    (flags,) = struct.unpack_from("<H", stream, 0x0A)
    if flags & 0x0100:
        raise DocumentUnfit(Fault.LOCKED)
    return DocumentFormat.DOC


def _excel(stream: bytes) -> DocumentFormat:
    for kind, body in _globals(stream):
        if kind == _FILE_PASS:
            raise DocumentUnfit(Fault.LOCKED)
        if kind == _SHEET and body[5] in _MACRO_SHEETS:
            raise DocumentUnfit(Fault.MACROS)
    return DocumentFormat.XLS


def _globals(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a workbook as a whole, which stand before those of its sheets."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if at == 0 and kind & 0xFF != 0x09:  # every workbook begins so
            raise DocumentUnfit(Fault.DAMAGED)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _END:
            return
        at += 4 + length
    raise DocumentUnfit(Fault.DAMAGED)
