"""Read a spreadsheet file that somebody uploaded: .xlsx, .xls, .ods or .csv, known by its content.

A name may lie and often does: many an ".xls" out of an office system is a web page or text.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from workbooks import archive, compound
from workbooks.delimited import read_delimited
from workbooks.limits import MAX_FILE, MIB
from workbooks.ods import CONTENT_PART, read_ods
from workbooks.sheets import Block, Sheet, UnreadableWorkbook, Workbook
from workbooks.xls import read_xls
from workbooks.xlsx import WORKBOOK_PART, read_xlsx

__all__ = ["Block", "Sheet", "UnreadableWorkbook", "Workbook", "read_workbook"]

_START = 2048  # bytes that are looked at to tell marked-up text from rows of text


def read_workbook(data: bytes, name: str) -> Workbook:
    """Read a whole workbook. data: the file's content; name: what the user calls it, for messages.

    Raises UnreadableWorkbook, whose text is one clear line, for anything that is no readable workbook.
    """
    try:
        workbook = _read(data)
        if not workbook.sheets:
            raise UnreadableWorkbook(_("No cell of it holds anything."))
    except UnreadableWorkbook as reason:
        raise UnreadableWorkbook(_("“%(file)s”: %(reason)s") % {"file": name, "reason": reason}) from reason
    except MemoryError:
        raise
    except BaseException as error:
        # A bug in the Rust library surfaces as a panic, which derives from BaseException alone.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableWorkbook(
            _("“%(file)s”: %(reason)s") % {"file": name, "reason": archive.damaged()}
        ) from error
    return workbook


def _read(data: bytes) -> Workbook:
    if not data:
        raise UnreadableWorkbook(_("The file is empty."))
    if len(data) > MAX_FILE:
        raise UnreadableWorkbook(
            _("The file is larger than %(limit)s MB, too large for a workbook.") % {"limit": MAX_FILE // MIB}
        )
    if data.startswith(compound.SIGNATURE):
        return read_xls(data)
    if data.startswith(b"PK"):
        return _read_zipped(data)
    _refuse_markup(data[:_START].lstrip(b"\xef\xbb\xbf \t\r\n").lower())
    return read_delimited(data)


def _read_zipped(data: bytes) -> Workbook:
    names = archive.part_names(data)
    if WORKBOOK_PART in names:
        return read_xlsx(data)
    if CONTENT_PART in names and "META-INF/manifest.xml" in names:
        return read_ods(data)
    if "xl/workbook.bin" in names:
        raise UnreadableWorkbook(_("It is a binary workbook (.xlsb); save it as .xlsx."))
    raise UnreadableWorkbook(_("It is no workbook: only .xlsx, .xls, .ods and .csv files can be read."))


def _refuse_markup(start: bytes) -> None:
    """Refuse what spreadsheet programs open as if it were a workbook, though it is marked-up text."""
    if start.startswith((b"<", b"mime-version:")):
        raise UnreadableWorkbook(
            _("It is a web page or XML under another name; open it in Excel or WPS and save it as .xlsx.")
        )
    if start.startswith((b"%pdf", b"{\\rtf")):
        raise UnreadableWorkbook(_("It is no workbook: only .xlsx, .xls, .ods and .csv files can be read."))
