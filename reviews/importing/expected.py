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
class Expected:
    """The quarter, its roster and its rubrics by group name.

    precision: decimals that a total is rounded to. recorded_deductions: points and reasons already
    in the cycle, by (review, indicator).
    """

    quarter: Quarter
    units: tuple[ExpectedUnit, ...]
    indicators: Mapping[str, tuple[ExpectedIndicator, ...]]
    precision: int = 2
    recorded_deductions: Mapping[tuple[int, int], tuple[tuple[Decimal, str], ...]] = field(
        default_factory=dict
    )


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
class Checked:
    """What a file says. It may be loaded only while there are no problems; notes do not stop it.

    scores leaves out cells whose points follow from deductions: those are never typed in (rule 10).
    """

    scores: tuple[EnteredScore, ...]
    deductions: tuple[RecordedDeduction, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
