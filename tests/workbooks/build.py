"""Small builders of workbook files, good ones and broken ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

Rows = Iterable[Sequence[Any]]
SHEET_PART = "xl/worksheets/sheet1.xml"
STRINGS_PART = "xl/sharedStrings.xml"


def xlsx(rows: Rows, *, name: str = "Sheet", merged: Iterable[str] = ()) -> bytes:
    """One sheet as openpyxl writes it: formulas without results, text in the cells themselves."""
    return xlsx_of({name: rows}, merged={name: merged})


def xlsx_of(sheets: Mapping[str, Rows], *, merged: Mapping[str, Iterable[str]] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for block in (merged or {}).get(name, ()):
            sheet.merge_cells(block)
    return saved(workbook)


def saved(workbook: Any) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def xlsx_by_xlsxwriter(write: Callable[[Any], object]) -> bytes:
    """One sheet as XlsxWriter writes it: text in a shared table, 0 as every formula's result."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        write(workbook.add_worksheet("Sheet"))
    return buffer.getvalue()


def edited(data: bytes, part: str, edit: Callable[[bytes], bytes | None]) -> bytes:
    """The zip file with one part changed, or left out where `edit` gives None."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content: bytes | None = old.read(name)
            if name == part:
                content = edit(content or b"")
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def with_cells(data: bytes, cells: str, part: str = SHEET_PART) -> bytes:
    """The workbook with more rows of raw sheet XML at the end."""
    return edited(data, part, lambda xml: xml.replace(b"</sheetData>", cells.encode() + b"</sheetData>"))


def zipped(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xls(write: Callable[[Any], object], *, name: str = "Sheet") -> bytes:
    workbook = xlwt.Workbook(encoding="utf-8")
    write(workbook.add_sheet(name))
    return saved(workbook)


def xls_rows(rows: Rows, *, name: str = "Sheet") -> bytes:
    def write(sheet: Any) -> None:
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)

    return xls(write, name=name)


def ods(rows: Iterable[Sequence[TableCell]], *, name: str = "Sheet", repeated: Sequence[int] = ()) -> bytes:
    """One sheet of ready cells (see `ods_cell`). repeated: how often each row counts, 1 where left out."""
    document = OpenDocumentSpreadsheet()
    table = Table(name=name)
    for number, row in enumerate(rows):
        times = repeated[number] if number < len(repeated) else 1
        line = TableRow(numberrowsrepeated=times)
        for cell in row:
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    return saved(document)


def ods_cell(value: str | float | None = None, *, shown: str | None = None, **attributes: Any) -> TableCell:
    if isinstance(value, str):
        cell, shown = TableCell(valuetype="string", **attributes), value
    elif value is not None:
        cell = TableCell(valuetype="float", value=str(value), **attributes)
    else:
        cell = TableCell(**attributes)
    if shown is not None:
        for line in shown.split("\n"):
            cell.addElement(P(text=line))
    return cell


def ods_covered() -> CoveredTableCell:
    return CoveredTableCell()


def ods_rows(rows: Rows) -> bytes:
    return ods([[ods_cell(value) for value in row] for row in rows])


def csv_text(rows: Rows, *, delimiter: str = ",", newline: str = "\r\n") -> str:
    return newline.join(delimiter.join("" if value is None else str(value) for value in row) for row in rows)
