"""What reading a workbook gives: sheets of rows of values, each with the place it stands at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from workbooks.cells import Place, Value


class UnreadableWorkbook(Exception):
    """The file cannot be read at all. Its text is one clear, translated line for the user."""


@dataclass(frozen=True, slots=True)
class Block:
    """A merged block of cells: first and last row and column, from 1, both included."""

    top: int
    left: int
    bottom: int
    right: int

    def clipped(self, height: int, width: int) -> Block:
        """The part of the block within a sheet's used cells."""
        return Block(self.top, self.left, min(self.bottom, height), min(self.right, width))

    @property
    def area(self) -> int:
        """How many cells it covers."""
        return max(self.bottom - self.top + 1, 0) * max(self.right - self.left + 1, 0)


@dataclass(frozen=True)
class Sheet:
    """One sheet. rows[0] is row 1; rows differ in length and end at their last used cell.

    A merged block keeps its value in its top left cell; `covering` answers for every cell of it.
    merged: the blocks, each as far as it lies among the used cells.
    """

    name: str
    rows: Sequence[Sequence[Value]]
    merged: tuple[Block, ...] = ()
    hidden: bool = False
    _covered: dict[tuple[int, int], Block] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        height = len(self.rows)
        width = max(map(len, self.rows), default=0)
        blocks = tuple(block for whole in self.merged if (block := whole.clipped(height, width)).area > 1)
        # Spreadsheet programs never let blocks overlap; a file whose blocks do was made to harm.
        if sum(block.area for block in blocks) > height * width:
            raise UnreadableWorkbook(_("Its merged cells overlap one another."))
        covered = {
            (row, column): block
            for block in blocks
            for row in range(block.top, block.bottom + 1)
            for column in range(block.left, block.right + 1)
        }
        object.__setattr__(self, "merged", blocks)
        object.__setattr__(self, "_covered", covered)

    def value(self, row: int, column: int) -> Value:
        """The cell's own value (row and column from 1); None outside the used cells."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None

    def covering(self, row: int, column: int) -> Value:
        """The value that the reader of the sheet sees over this cell: its own or its merged block's."""
        block = self._covered.get((row, column))
        return self.value(row, column) if block is None else self.value(block.top, block.left)

    def block(self, row: int, column: int) -> Block | None:
        """The merged block that this cell is part of, as far as it lies among the used cells."""
        return self._covered.get((row, column))

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
