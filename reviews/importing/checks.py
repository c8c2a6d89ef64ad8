"""Check a quarter's score workbook against its roster and rubrics, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from reviews.importing.expected import (
    Checked,
    EnteredScore,
    Expected,
    ExpectedIndicator,
    ExpectedUnit,
    RecordedDeduction,
)
from workbooks.reading import Workbook

__all__ = [
    "Checked",
    "EnteredScore",
    "Expected",
    "ExpectedIndicator",
    "ExpectedUnit",
    "RecordedDeduction",
    "check_scores",
    "merge_deductions",
]


def check_scores(workbook: Workbook, expected: Expected, file_name: str = "") -> Checked:
    """Check every sheet for the units it lists and say all that is wrong, in reading order."""
    raise NotImplementedError


def merge_deductions(
    recorded: Iterable[tuple[Decimal, str]], in_file: Iterable[RecordedDeduction]
) -> tuple[RecordedDeduction, ...]:
    """Which deductions of a file are still to be added to those recorded, for one unit and indicator.

    Importing the same file twice records nothing twice: a deduction of the same points and reason
    counts as the recorded one, as often as it is recorded. Together the result is the multiset union
    (the larger count of each), so two equal rows in a file of which one is recorded add one.
    """
    left = Counter(recorded)
    to_add = []
    for deduction in in_file:
        key = (deduction.points, deduction.reason)
        if left[key] > 0:
            left[key] -= 1
        else:
            to_add.append(deduction)
    return tuple(to_add)
