"""What reading a workbook gives: sheets of rows of values, each with the place it stands at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbooks.cells import Place, Value

MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
# The rectangle around all used cells of a sheet: what a reader has to hold in memory.
MAX_CELLS = 2_000_000


class UnreadableWorkbook(Exception):
    """The file cannot be read at all. Its text is one clear, translated line for the user."""


@dataclass(frozen=True, slots=True)
class Block:
    """A merged block of cells: first and last row and column, from 1, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet. rows[0] is row 1; rows differ in length and end at their last used cell.

    A merged block keeps its value in its top left cell; `covering` answers for every cell of it.
    """

    name: str
    rows: Sequence[Sequence[Value]]
    merged: tuple[Block, ...] = ()
    hidden: bool = False
    _covered: dict[tuple[int, int], tuple[int, int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        height = len(self.rows)
        width = max(map(len, self.rows), default=0)
        covered = {
            (row, column): (block.top, block.left)
            for block in self.merged
            for row in range(block.top, min(block.bottom, height) + 1)
            for column in range(block.left, min(block.right, width) + 1)
        }
        object.__setattr__(self, "_covered", covered)

    def value(self, row: int, column: int) -> Value:
        """The cell's own value (row and column from 1); None outside the used cells."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None

    def covering(self, row: int, column: int) -> Value:
        """The value that the reader of the sheet sees over this cell: its own or its merged block's."""
        return self.value(*self._covered.get((row, column), (row, column)))

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Name a cell, a row, a column or the sheet itself, for a message."""
        return Place(self.name, row, column)


@dataclass(frozen=True)
class Workbook:
    """A file's sheets that have any used cell, in the file's order."""

    sheets: tuple[Sheet, ...]


def trim(rows: Iterable[Sequence[Value]]) -> tuple[tuple[Value, ...], ...]:
    """Drop the blank cells at the end of each row and the blank rows at the end of the sheet."""
    trimmed: list[tuple[Value, ...]] = []
    for row in rows:
        end = len(row)
        while end and row[end - 1] is None:
            end -= 1
        trimmed.append(tuple(row[:end]))
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return tuple(trimmed)
