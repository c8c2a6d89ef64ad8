"""What an import is checked against, and what checking it gives. Plain values: no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from organizations.quarter import Quarter
from workbooks.cells import Place, Problem


@dataclass(frozen=True)
class ExpectedUnit:
    """A unit on the quarter's roster. names: every name it is found by (full, short, former), each
    as `organizations.names.normalize_name` gives it."""

    review: int
    name: str
    names: frozenset[str]
    group: str


@dataclass(frozen=True)
class ExpectedIndicator:
    """An indicator of a group's rubric. cap: the most that can be lost, None for no limit."""

    indicator: int
    name: str
    full_marks: Decimal
    step: Decimal
    cap: Decimal | None = None
    is_bonus: bool = False


@dataclass(frozen=True)
class HeldDeduction:
    """A deduction that the cycle holds already. source: the file it was imported from; empty by hand.

    reason_came_later: it was recorded without its reason, and a file may list it either way.
    """

    points: Decimal
    reason: str
    source: str = ""
    reason_came_later: bool = False


@dataclass(frozen=True)
class Expected:
    """The quarter, its roster and its rubrics by group name.

    precision: decimals that a total is rounded to. recorded_deductions: what is already in the cycle, by
    (review, indicator). meanings: what the host remembers of headings that are no indicator's name, by the
    heading's key the indicator's name; empty for a column that is none.
    """

    quarter: Quarter
    units: tuple[ExpectedUnit, ...]
    indicators: Mapping[str, tuple[ExpectedIndicator, ...]]
    precision: int = 2
    recorded_deductions: Mapping[tuple[int, int], tuple[HeldDeduction, ...]] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)


class CellNames:
    """What people call a review's unit, and an indicator."""

    def __init__(self, expected: Expected) -> None:
        self.units = {unit.review: unit.name for unit in expected.units}
        self.indicators = {
            indicator.indicator: indicator.name
            for members in expected.indicators.values()
            for indicator in members
        }

    def of(self, review: int, indicator: int) -> dict[str, str]:
        """Both, as messages name them: %(unit)s and %(indicator)s."""
        return {"unit": self.units[review], "indicator": self.indicators[indicator]}


@dataclass(frozen=True)
class EnteredScore:
    """A score as the file gives it. points is None exactly where the indicator does not apply."""

    review: int
    indicator: int
    points: Decimal | None
    applies: bool
    reason: str
    where: Place


@dataclass(frozen=True)
class RecordedDeduction:
    """One deduction row of the file. points: what was taken off, above 0."""

    review: int
    indicator: int
    points: Decimal
    reason: str
    where: Place


@dataclass(frozen=True)
class UnknownHeading(Problem):
    """A heading with values below it, or an indicator of a long sheet, that no rubric knows.

    key: as it is compared and remembered. guess: the indicator's name that comes closest, or empty.
    """

    key: str
    text: str
    guess: str


@dataclass(frozen=True)
class Checked:
    """What a file says. It may be loaded only while there are no problems; notes do not stop it.

    scores leaves out cells whose points follow from deductions: those are never typed in (rule 10).
    unknown_headings: each key once; every one is among the problems, wherever it stands.
    """

    scores: tuple[EnteredScore, ...]
    deductions: tuple[RecordedDeduction, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    unknown_headings: tuple[UnknownHeading, ...] = ()
