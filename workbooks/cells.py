"""Where something stands in a workbook, what is wrong there, and what a cell can hold."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from django.utils.translation import gettext as _


class Marker(enum.Enum):
    """A cell that holds something, but nothing that can be read."""

    UNCALCULATED = "uncalculated"  # a formula that no spreadsheet program has worked out yet


UNCALCULATED = Marker.UNCALCULATED


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell that shows an error instead of a value."""

    code: str  # as the spreadsheet shows it: #REF!, #DIV/0!

    def __str__(self) -> str:
        return self.code


# Text has neither control characters nor white space around it, and is never empty: blank is None.
# Numbers are exact: the 9.5 that the cell shows, not the binary fraction nearest to it.
Value: TypeAlias = str | Decimal | date | bool | Marker | ErrorValue | None


def column_letters(column: int) -> str:
    """Name a column (1-based) as spreadsheets do: 1 → A, 27 → AA, 16384 → XFD."""
    letters = ""
    while column > 0:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def column_number(letters: str) -> int:
    """Turn a column's letters into its number (1-based): AA → 27. Anything but A–Z raises ValueError."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, a whole row, a whole column or a whole sheet.

    sheet: its name; empty where a file has no named sheets (CSV). row, column: from 1, as the
    spreadsheet shows them; None leaves that part open.
    """

    sheet: str
    row: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = {"sheet": self.sheet, "row": self.row, "column": column_letters(self.column or 0)}
        if self.sheet:
            if self.row and self.column:
                return _("“%(sheet)s” row %(row)s, column %(column)s") % parts
            if self.row:
                return _("“%(sheet)s” row %(row)s") % parts
            if self.column:
                return _("“%(sheet)s” column %(column)s") % parts
            return _("Sheet “%(sheet)s”") % parts
        if self.row and self.column:
            return _("Row %(row)s, column %(column)s") % parts
        if self.row:
            return _("Row %(row)s") % parts
        if self.column:
            return _("Column %(column)s") % parts
        return _("The sheet")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a clerk has to put right in the file, or should know about it.

    where: None when it concerns the whole file. message: names the value and what is allowed.
    """

    where: Place | None
    message: str

    def __str__(self) -> str:
        if self.where is None:
            return self.message
        return _("%(place)s: %(message)s") % {"place": self.where, "message": self.message}
