"""Read a spreadsheet file that somebody uploaded: .xlsx, .xls, .ods or .csv, known by its content."""

from __future__ import annotations

from workbooks.sheets import Block, Sheet, UnreadableWorkbook, Workbook

__all__ = ["Block", "Sheet", "UnreadableWorkbook", "Workbook", "read_workbook"]


def read_workbook(data: bytes, name: str) -> Workbook:
    """Read a whole workbook. data: the file's content; name: what the user calls it, for messages.

    Raises UnreadableWorkbook, whose text is one clear line, for anything that is no readable workbook.
    """
    raise NotImplementedError
