"""Write tables as .xlsx and .csv for people who open them in Excel or WPS. Text is never a formula."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, TypeAlias

import xlsxwriter

from workbooks.values import quoted_for_csv

Written: TypeAlias = str | Decimal | int | date | bool | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # what an answer says it is

_MAX_TEXT = 32_767  # characters that a cell can hold
_MAX_NAME = 31  # characters of a sheet's name, as UTF-16 counts them
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|]')
_MAX_FILE_NAME = 80  # characters without the ending: a Chinese one takes three of the 255 bytes there are
_NARROWEST, _WIDEST = 8, 60  # columns, in half-width characters
_WIDEST_ON_PAPER = 26  # or the whole would shrink until it fits and nobody could read it
_TITLE_SIZE, _LINE_SIZE = 16, 10  # points
_A4 = 9  # as Excel numbers sizes of paper


@dataclass(frozen=True)
class Table:
    """What one sheet is to show. name: of the sheet, made valid when written. rows: as wide as the header.

    title: lines above the header, the first one large. landscape: prints across A4, as wide as the sheet.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Written]]
    title: Sequence[str] = ()
    landscape: bool = False


def write_xlsx(tables: Iterable[Table]) -> bytes:
    """Write one sheet a table: the header bold and frozen, columns as wide as their text.

    A Decimal is a number that shows the decimals it has: Decimal("9.50") prints 9.50.
    """
    buffer = io.BytesIO()
    _write(tables, buffer, {"in_memory": True})
    return buffer.getvalue()


def stream_xlsx(table: Table) -> IO[bytes]:
    """Write one sheet row by row into a file that is gone once it is closed; its beginning is next to read.

    Looks like what `write_xlsx` writes, and needs no more memory for many rows than for few.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever asked for it closes it
    try:
        with tempfile.TemporaryDirectory() as folder:
            _write([table], file, {"constant_memory": True, "tmpdir": folder})
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _write(tables: Iterable[Table], file: IO[bytes], options: dict[str, object]) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False} | options
    with xlsxwriter.Workbook(file, options) as workbook:
        taken: set[str] = set()
        for table in tables:
            name = valid_name(table.name, taken)
            taken.add(name.casefold())
            _SheetWriter(workbook, workbook.add_worksheet(name)).write(table)
        if not taken:
            workbook.add_worksheet()  # a workbook without a sheet cannot be opened


def write_csv(rows: Iterable[Sequence[Written]]) -> bytes:
    """Write rows, the header first, as UTF-8 with the mark by which Excel knows it.

    Text that a spreadsheet program would run as a formula gets a `'` before it; `read_workbook` takes
    it away again.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_field(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def stream_csv(rows: Iterable[Sequence[Written]]) -> Iterator[bytes]:
    """What `write_csv` writes, line by line, for more rows than should be held at once."""
    mark = write_csv(())
    yield mark
    for row in rows:
        yield write_csv((row,)).removeprefix(mark)


def _csv_field(value: Written) -> str:
    if isinstance(value, str):
        return quoted_for_csv(value.replace("\x00", ""))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


class _SheetWriter:
    """Writes one sheet and keeps its workbook's formats, one for each number of decimals."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        self.workbook = workbook
        self.sheet = sheet
        self.text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.date = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.numbers: dict[int, object] = {}

    def write(self, table: Table) -> None:
        """From the top down, each row once: a sheet that is streamed cannot go back to one."""
        self.write_title(table)
        first = len(table.title)
        bold = self.workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        for column, label in enumerate(table.header):
            self.sheet.write_string(first, column, label[:_MAX_TEXT], bold)
        widths = [_display_width(label) for label in table.header]
        widest = _WIDEST_ON_PAPER if table.landscape else _WIDEST
        for number, row in enumerate(table.rows, first + 1):
            for column, value in enumerate(row):
                self.write_cell(number, column, value)
                if column < len(widths) and widths[column] < widest:
                    widths[column] = max(widths[column], _display_width(str(value)))
        self.sheet.freeze_panes(first + 1, 0)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, min(max(width + 2, _NARROWEST), widest))
        if table.landscape:
            self.sheet.set_landscape()
            self.sheet.set_paper(_A4)
            self.sheet.fit_to_pages(1, 0)
            self.sheet.repeat_rows(first)
            self.sheet.hide_gridlines(0)  # prints them

    def write_title(self, table: Table) -> None:
        """Lines across the whole width of the table."""
        sizes = (_TITLE_SIZE, *[_LINE_SIZE] * len(table.title))
        for row, (line, size) in enumerate(zip(table.title, sizes, strict=False)):
            look = {"bold": size == _TITLE_SIZE, "font_size": size, "align": "center", "text_wrap": True}
            form = self.workbook.add_format(look | {"valign": "vcenter"})
            self.sheet.set_row(row, size * 2)
            if len(table.header) > 1:
                self.sheet.merge_range(row, 0, row, len(table.header) - 1, "", form)
            self.sheet.write_string(row, 0, line[:_MAX_TEXT], form)

    def write_cell(self, row: int, column: int, value: Written) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self.sheet.write_boolean(row, column, value)
        elif isinstance(value, int | Decimal):
            self.sheet.write_number(row, column, value, self.number_format(Decimal(value)))
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.date)
        else:
            text = value.replace("\r\n", "\n").replace("\r", "\n")
            self.sheet.write_string(row, column, text[:_MAX_TEXT], self.text)

    def number_format(self, number: Decimal) -> object:
        exponent = number.as_tuple().exponent
        places = max(-exponent, 0) if isinstance(exponent, int) else 0
        if places not in self.numbers:
            pattern = "0." + "0" * places if places else "0"
            self.numbers[places] = self.workbook.add_format({"num_format": pattern, "valign": "top"})
        return self.numbers[places]


def _display_width(text: str) -> int:
    """How wide the longest line is, in half-width characters: a Chinese one takes two."""
    return max(
        (
            sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)
            for line in text.split("\n")
        ),
        default=0,
    )


def valid_name(wanted: str, taken: set[str]) -> str:
    """A sheet name that Excel accepts and no other sheet has: no []:*?/\\, 31 characters, not blank."""
    name = _shortened(_NOT_IN_NAMES.sub("-", wanted).strip().strip("'"), _MAX_NAME) or "Sheet"
    if name.casefold() == "history":  # Excel keeps this one for itself
        name += "-"
    unique, number = name, 1
    while unique.casefold() in taken:
        number += 1
        ending = f" ({number})"
        unique = _shortened(name, _MAX_NAME - len(ending)) + ending
    return unique


def valid_file_name(wanted: str) -> str:
    """A name under which every system keeps a file: no path, nothing unseen, not too long."""
    stem, dot, ending = wanted.rpartition(".") if "." in wanted else (wanted, "", "")
    unseen = ("Cc", "Cf", "Zl", "Zp")
    visible = "".join(char for char in stem if unicodedata.category(char) not in unseen)
    name = _NOT_IN_FILE_NAMES.sub("-", visible).strip(" .")[:_MAX_FILE_NAME].rstrip(" .")
    return f"{name or '-'}{dot}{ending}"


def _shortened(name: str, limit: int) -> str:
    units = name.encode("utf-16-le", "replace")
    return units[: limit * 2].decode("utf-16-le", "ignore").rstrip("' ")
