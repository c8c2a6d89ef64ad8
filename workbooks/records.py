"""Read the rows below a header by what their columns mean; what cannot be read becomes a problem."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from workbooks.cells import UNCALCULATED, ErrorValue, Place, Problem, Value
from workbooks.layout import Header
from workbooks.sheets import Sheet

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})分?")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
# A line break in a narrow column parts nothing between two Chinese characters.
_BREAK = re.compile(r"(?<=[^\x00-\x7f])\s*\n\s*(?=[^\x00-\x7f])")


@dataclass(frozen=True)
class Record:
    """One row. Each reading appends to `problems` what is wrong with the cell and then gives a blank."""

    sheet: Sheet
    header: Header
    row: int
    problems: list[Problem] = field(default_factory=list, compare=False)

    def has(self, key: str) -> bool:
        """Whether the table has this column at all."""
        return key in self.header.columns

    def place(self, key: str) -> Place:
        """The cell under a column; the whole row where the table has no such column."""
        return self.sheet.place(self.row, self.header.columns.get(key))

    def refuse(self, key: str, message: str) -> None:
        """Say what is wrong with a cell of this row."""
        self.problems.append(Problem(self.place(key), message))

    def value(self, key: str, *, spread: bool = False) -> Value:
        """What the cell holds. spread: a merged block speaks for every row it covers."""
        column = self.header.columns.get(key)
        if column is None:
            return None
        read = self.sheet.covering if spread else self.sheet.value
        value = read(self.row, column)
        if value is UNCALCULATED:
            self.refuse(key, _("The formula has no result; open the file in Excel or WPS and save it again."))
            return None
        if isinstance(value, ErrorValue):
            self.refuse(key, _("The cell shows the error %(error)s.") % {"error": value})
            return None
        return value

    def text(self, key: str, *, longest: int, spread: bool = False) -> str:
        """The cell's text on one line; empty where it is blank. longest: characters allowed."""
        value = self.value(key, spread=spread)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(key, _("“%(value)s” is not text.") % {"value": value})
            return ""
        text = " ".join(_BREAK.sub("", value).split())
        if len(text) > longest:
            self.refuse(
                key,
                _("“%(start)s…” has %(length)s characters; at most %(longest)s are kept.")
                % {"start": text[:20], "length": len(text), "longest": longest},
            )
            return ""
        return text

    def number(self, key: str) -> Decimal | None:
        """The cell's number, also one typed as text (full-width digits, 分 after it); None where blank."""
        value = self.value(key)
        if isinstance(value, str):
            plain = "".join(unicodedata.normalize("NFKC", value).split())
            if _NUMBER.fullmatch(plain):
                return Decimal(plain.removesuffix("分"))
        if value is None or (isinstance(value, Decimal) and value.is_finite()):
            return value
        self.refuse(key, _("“%(value)s” is not a number.") % {"value": value})
        return None

    def day(self, key: str) -> date | None:
        """The cell's day: a date, or 2018-03-01, 2018/3/1, 2018年3月1日 as text; None where blank."""
        value = self.value(key)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        if isinstance(value, str) and (match := _DAY.fullmatch(unicodedata.normalize("NFKC", value))):
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                pass  # the 31st of June
        self.refuse(key, _("“%(value)s” is not a day; write 2018-03-01.") % {"value": value})
        return None

    def is_blank(self, *keys: str) -> bool:
        """Whether none of these cells of the row holds anything of its own."""
        columns = (self.header.columns.get(key) for key in keys)
        return all(column is None or self.sheet.value(self.row, column) is None for column in columns)


def records_below(header: Header, sheet: Sheet, problems: list[Problem]) -> Iterator[Record]:
    """Every row below the header, blank ones too; what is wrong is added to `problems` as it is read."""
    for row in range(header.bottom + 1, len(sheet.rows) + 1):
        yield Record(sheet, header, row, problems)
