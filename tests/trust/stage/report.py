"""What a trial is asked for and what it answers. Knows nothing of Django."""

from __future__ import annotations

import random
from collections.abc import Sized
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scale:
    """How much a trial does: enough for every change to pass (quick), or enough to believe it.

    seed: of all that is random, so that a run can be repeated.
    """

    quick: bool = False
    seed: int = 1

    def of(self, *, long: int, quick: int) -> int:
        """How many of something: `scale.of(long=50, quick=2)`."""
        return quick if self.quick else long

    def dice(self, name: str) -> random.Random:
        """Chance for one purpose, the same in every run with this seed."""
        return random.Random(f"{self.seed} {name}")


@dataclass(frozen=True)
class Row:
    """One figure: what was seen, what is asked for, and whether that was met."""

    label: str
    figure: str
    expected: str
    passed: bool


@dataclass
class Report:
    """What one trial saw. A trial that saw nothing has not passed."""

    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return bool(self.rows) and all(row.passed for row in self.rows)

    def equals(self, label: str, figure: object, expected: object) -> None:
        """The figure must be exactly this."""
        self.rows.append(Row(label, str(figure), str(expected), figure == expected))

    def at_least(self, label: str, figure: float, least: float, unit: str = "") -> None:
        self.rows.append(Row(label, f"{figure:g}{unit}", f"≥ {least:g}{unit}", figure >= least))

    def at_most(self, label: str, figure: float, most: float, unit: str = "") -> None:
        self.rows.append(Row(label, f"{figure:g}{unit}", f"≤ {most:g}{unit}", figure <= most))

    def none(self, label: str, found: Sized) -> None:
        """Nothing of this may have been found; what was found is shown, the first of it."""
        shown = f"{len(found)}: {found}"[:600] if found else "0"
        self.rows.append(Row(label, shown, "0", not found))

    def tell(self, label: str, figure: object) -> None:
        """A figure that is only told."""
        self.rows.append(Row(label, str(figure), "", True))
