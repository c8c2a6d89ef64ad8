"""Check that what the sheets say of one cell of the entry grid agrees: scores, deductions, both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from organizations.names import clean_text
from reviews.importing.expected import EnteredScore, Expected, ExpectedIndicator, RecordedDeduction
from reviews.importing.findings import Cell, Findings, number
from reviews.scoring import derive_points
from workbooks.cells import Place


def merge_deductions(
    recorded: Iterable[tuple[Decimal, str]], in_file: Iterable[RecordedDeduction]
) -> tuple[RecordedDeduction, ...]:
    """Which deductions of a file are still to be added to those recorded, for one unit and indicator.

    Importing the same file twice records nothing twice: a deduction of the same points and reason
    counts as the recorded one, as often as it is recorded. Together the result is the multiset union
    (the larger count of each), so two equal rows in a file of which one is recorded add one.
    """
    recorded = tuple(recorded)
    if not recorded:
        return tuple(in_file)
    left = Counter((points, clean_text(reason)) for points, reason in recorded)
    to_add = []
    for deduction in in_file:
        key = (deduction.points, clean_text(deduction.reason))
        if left[key] > 0:
            left[key] -= 1
        else:
            to_add.append(deduction)
    return tuple(to_add)


def agreed_scores(findings: Findings, expected: Expected) -> tuple[EnteredScore, ...]:
    """The scores to be entered; where deductions give the points, the file's own must equal them.

    Adds a problem for each that does not, and for a cell that the file scores twice.
    """
    derived = _DerivedPoints(findings, expected)
    for stated in findings.stated:
        points = derived.points(stated.cell)
        if points is not None and points != stated.points:
            findings.problem(stated.where, _does_not_follow(stated.points, points))
    first: dict[Cell, Place] = {}
    deducted = {(deduction.review, deduction.indicator): deduction for deduction in findings.deductions}
    entered = []
    for score in findings.scores:
        cell = (score.review, score.indicator)
        if first.setdefault(cell, score.where) != score.where:
            findings.problem(
                score.where,
                _("This unit's score for the indicator is given already: %(place)s.")
                % {"place": first[cell]},
            )
        elif not derived.has_deductions(cell):
            entered.append(score)
        else:
            _check_derived(score, derived.points(cell), findings)
    for score in findings.long_scores:
        other = deducted.get((score.review, score.indicator))
        if other is not None:
            findings.problem(
                score.where,
                _("This unit's indicator has a deduction as well: %(place)s. Give one or the other.")
                % {"place": other.where},
            )
    return tuple(entered)


def _check_derived(score: EnteredScore, points: Decimal | None, findings: Findings) -> None:
    if not score.applies:
        findings.problem(score.where, _("An indicator that does not apply cannot have a deduction."))
    elif points is not None and score.points is not None and score.points != points:
        findings.problem(score.where, _does_not_follow(score.points, points))


def _does_not_follow(given: Decimal, derived: Decimal) -> str:
    message = _("The score is given as %(given)s, but the deductions of this indicator leave %(derived)s.")
    return message % {"given": number(given), "derived": number(derived)}


class _DerivedPoints:
    """What the deductions leave, recorded ones and the file's together."""

    def __init__(self, findings: Findings, expected: Expected) -> None:
        self._expected = expected
        self._doubtful = findings.doubtful
        self._in_file: dict[Cell, list[RecordedDeduction]] = defaultdict(list)
        for deduction in findings.deductions:
            self._in_file[deduction.review, deduction.indicator].append(deduction)
        self._indicators: dict[int, ExpectedIndicator] = {
            indicator.indicator: indicator
            for indicators in expected.indicators.values()
            for indicator in indicators
        }
        self._known: dict[Cell, Decimal] = {}

    def has_deductions(self, cell: Cell) -> bool:
        return (
            cell in self._in_file
            or cell in self._doubtful
            or bool(self._expected.recorded_deductions.get(cell))
        )

    def points(self, cell: Cell) -> Decimal | None:
        """The points left in a cell; None where one of its deductions could not be read."""
        if cell in self._doubtful:
            return None
        if cell not in self._known:
            recorded = self._expected.recorded_deductions.get(cell, ())
            added = merge_deductions(recorded, self._in_file.get(cell, ()))
            all_points = [points for points, _reason in recorded] + [deduction.points for deduction in added]
            indicator = self._indicators[cell[1]]
            self._known[cell] = derive_points(indicator.full_marks, all_points, indicator.cap).points
        return self._known[cell]
