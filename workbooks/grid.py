"""From calamine's cells to a sheet, completed with what a look at the file itself has found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbooks.cells import Value
from workbooks.sheets import Block, Sheet, trim
from workbooks.values import RawValue, value_of


@dataclass
class Extent:
    """How far a sheet's used cells reach (from 1; 0 for none), and what stands in those that calamine
    shows as blank: errors, and formulas without a result."""

    bottom: int = 0
    right: int = 0
    unreadable: dict[tuple[int, int], Value] = field(default_factory=dict)

    def use(self, row: int, column: int) -> None:
        self.bottom = max(self.bottom, row)
        self.right = max(self.right, column)

    def put(self, row: int, column: int, value: Value) -> None:
        self.use(row, column)
        self.unreadable[row, column] = value


Corner = Sequence[int]  # row and column, from 0


@dataclass(frozen=True)
class RawSheet:
    """A sheet as calamine gives it. merged: the first and the last cell of each block."""

    name: str
    is_hidden: bool
    rows: Sequence[Sequence[RawValue]]
    merged: Sequence[Sequence[Corner]]


def complete_sheet(source: RawSheet, extent: Extent) -> Sheet:
    """The sheet that calamine has read, with the unreadable cells marked and merged blocks kept."""
    # One object for every equal number or text: a large sheet holds the same few over and over.
    shared: dict[tuple[type, RawValue], Value] = {}
    rows: list[list[Value]] = []
    for raw_row in source.rows:
        rows.append(row := [])
        for raw in raw_row:
            key = (type(raw), raw)
            if key not in shared:
                shared[key] = value_of(raw)
            row.append(shared[key])
    _mark(rows, extent.unreadable)
    merged = tuple(
        Block(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in source.merged
    )
    return Sheet(source.name, trim(rows), merged, source.is_hidden)


def _mark(rows: list[list[Value]], unreadable: Mapping[tuple[int, int], Value]) -> None:
    for (row, column), value in unreadable.items():
        rows.extend([] for _missing in range(row - len(rows)))
        cells = rows[row - 1]
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = value
