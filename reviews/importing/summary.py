"""What a check found, as a page shows it: counts and the first of each list, in text that can be kept.

A large workbook is checked once, in the background; its page is drawn from what that check has kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from organizations.names import clean_text
from reviews.importing.expected import UnknownHeading
from reviews.importing.load import CellChange, Preview, SheetCount
from reviews.models.heading import LONGEST_HEADING
from workbooks.cells import Problem

SHOWN = 300  # changes that one page lists; the others are counted
SHOWN_PROBLEMS = 200  # who sees more needs another file
MOST_ASKED = 30  # headings; who has more chose the wrong file


@dataclass(frozen=True)
class ShownChange:
    """One change, in words; see `CellChange`."""

    where: str
    unit: str
    indicator: str
    before_text: str
    after_text: str
    adds_to: str


@dataclass(frozen=True)
class ShownProblem:
    """One problem or note. where: None for the whole file."""

    where: str | None
    message: str


@dataclass(frozen=True)
class AskedHeading:
    """A heading whose meaning somebody may say. guess: the indicator that it probably is, or ""."""

    key: str
    text: str
    where: str
    guess: str


@dataclass(frozen=True)
class Summary:
    """Counts, and lists as long as a page shows them. indicators: what a heading may be said to mean.

    problem_count: all problems, those of the headings asked for too, which `problems` leaves out.
    """

    new_count: int = 0
    changed_count: int = 0
    explained_count: int = 0
    unchanged: int = 0
    deductions: int = 0
    changes_nothing: bool = False
    new: tuple[ShownChange, ...] = ()
    changed: tuple[ShownChange, ...] = ()
    explained: tuple[ShownChange, ...] = ()
    sheets: tuple[SheetCount, ...] = ()
    problem_count: int = 0
    other_problem_count: int = 0
    problems: tuple[ShownProblem, ...] = ()
    note_count: int = 0
    notes: tuple[ShownProblem, ...] = ()
    headings: tuple[AskedHeading, ...] = ()
    indicators: tuple[str, ...] = ()

    @property
    def can_commit(self) -> bool:
        return self.problem_count == 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Summary:
        """What `as_json` gave, after a stay in the database."""
        lists: dict[str, Any] = {
            "new": ShownChange,
            "changed": ShownChange,
            "explained": ShownChange,
            "sheets": SheetCount,
            "problems": ShownProblem,
            "notes": ShownProblem,
            "headings": AskedHeading,
        }
        read = {name: tuple(kind(**row) for row in kept[name]) for name, kind in lists.items()}
        return cls(**{**kept, **read, "indicators": tuple(kept["indicators"])})


def summary_of(preview: Preview) -> Summary:
    """Sum up a preview in the language of the moment."""
    names = (heading for heading in preview.unknown_headings if 0 < len(heading.key) <= LONGEST_HEADING)
    asked = list(islice(names, MOST_ASKED))
    keys = {heading.key for heading in asked}
    others = [
        problem
        for problem in preview.problems
        if not (isinstance(problem, UnknownHeading) and problem.key in keys)
    ]
    return Summary(
        new_count=len(preview.new),
        changed_count=len(preview.changed),
        explained_count=len(preview.explained),
        unchanged=preview.unchanged,
        deductions=preview.deductions,
        changes_nothing=preview.changes_nothing,
        new=_shown_changes(preview.new),
        changed=_shown_changes(preview.changed),
        explained=_shown_changes(preview.explained),
        sheets=preview.sheets,
        problem_count=len(preview.problems),
        other_problem_count=len(others),
        problems=_shown_problems(others),
        note_count=len(preview.notes),
        notes=_shown_problems(preview.notes),
        headings=tuple(map(_asked, asked)),
        indicators=preview.indicators,
    )


def summary_of_refusal(problems: Sequence[Problem]) -> Summary:
    """Sum up problems that were found only when importing."""
    count = len(problems)
    return Summary(problem_count=count, other_problem_count=count, problems=_shown_problems(problems))


def _shown_changes(changes: Sequence[CellChange]) -> tuple[ShownChange, ...]:
    return tuple(
        ShownChange(
            where=str(change.where),
            unit=change.unit,
            indicator=change.indicator,
            before_text=change.before_text,
            after_text=change.after_text,
            adds_to=change.adds_to,
        )
        for change in changes[:SHOWN]
    )


def _shown_problems(problems: Iterable[Problem]) -> tuple[ShownProblem, ...]:
    first = list(problems)[:SHOWN_PROBLEMS]
    return tuple(ShownProblem(None if one.where is None else str(one.where), one.message) for one in first)


def _asked(heading: UnknownHeading) -> AskedHeading:
    text = clean_text(heading.text)[:LONGEST_HEADING]
    return AskedHeading(heading.key, text, str(heading.where), heading.guess)
