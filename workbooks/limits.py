"""How much of a file is read at most, so that no upload can take the server down."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from workbooks.cells import Place, column_letters
from workbooks.sheets import UnreadableWorkbook

MIB = 1024 * 1024

MAX_FILE = 20 * MIB
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
# The rectangles around the used cells of all sheets together: what a reader has to hold in memory.
MAX_CELLS = 2_000_000


@dataclass
class Room:
    """Counts the cells of a whole workbook's sheets, one rectangle a sheet."""

    left: int = MAX_CELLS

    def take(self, sheet: str, bottom: int, right: int) -> None:
        """Account for a sheet used down to row `bottom` and out to column `right` (from 1, 0 for none).

        Raises UnreadableWorkbook that names the cell which makes the sheet too large.
        """
        if bottom > MAX_ROWS or right > MAX_COLUMNS:
            raise UnreadableWorkbook(
                _(
                    "%(place)s holds something, far from any table; delete it. "
                    "Sheets are read down to row %(row)s and out to column %(column)s."
                )
                % {
                    "place": Place(sheet, bottom or None, right or None),
                    "row": MAX_ROWS,
                    "column": column_letters(MAX_COLUMNS),
                }
            )
        self.left -= bottom * right
        if self.left < 0:
            raise UnreadableWorkbook(
                _(
                    "“%(sheet)s” reaches down to row %(row)s and out to column %(column)s, "
                    "which is too large; delete what stands outside the table."
                )
                % {"sheet": sheet, "row": bottom, "column": column_letters(right)}
            )
