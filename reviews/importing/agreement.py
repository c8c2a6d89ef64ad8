"""Check that what the sheets say of one cell of the entry grid agrees: scores, deductions, both."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from reviews.importing.expected import CellNames, EnteredScore, Expected, ExpectedIndicator
from reviews.importing.findings import Cell, Findings, number
from reviews.importing.held import by_cell, contradiction, merge_deductions
from reviews.scoring import derive_points
from workbooks.cells import Place


def agreed_scores(findings: Findings, expected: Expected, names: CellNames) -> tuple[EnteredScore, ...]:
    """The scores to be entered; where deductions give the points, the file's own must equal them.

    Adds a problem for each that does not, and for a cell that the file scores twice.
    """
    derived = _DerivedPoints(findings, expected, names)
    for stated in findings.stated:
        if derived.contradict(stated.cell, stated.points):
            findings.problem(stated.where, derived.explain(stated.cell, stated.points))
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
            derived.note_below_cap(score)
        elif score.points is None:
            findings.problem(score.where, _("An indicator that does not apply cannot have a deduction."))
        elif derived.contradict(cell, score.points):
            findings.problem(score.where, derived.explain(cell, score.points))
    for score in findings.long_scores:
        other = deducted.get((score.review, score.indicator))
        if other is not None:
            findings.problem(
                score.where,
                _("This unit's indicator has a deduction as well: %(place)s. Give one or the other.")
                % {"place": other.where},
            )
    return tuple(entered)


class _DerivedPoints:
    """What the deductions leave, recorded ones and the file's together."""

    def __init__(self, findings: Findings, expected: Expected, names: CellNames) -> None:
        self._findings = findings
        self._held = expected.recorded_deductions
        self._names = names
        self._doubtful = findings.doubtful
        self._in_file = by_cell(findings.deductions)
        self._indicators: dict[int, ExpectedIndicator] = {
            indicator.indicator: indicator
            for indicators in expected.indicators.values()
            for indicator in indicators
        }
        self._known: dict[Cell, Decimal] = {}

    def has_deductions(self, cell: Cell) -> bool:
        return cell in self._in_file or cell in self._doubtful or bool(self._held.get(cell))

    def contradict(self, cell: Cell, given: Decimal) -> bool:
        """Whether the deductions leave other points; not where one of them could not be read."""
        return cell not in self._doubtful and self._points(cell) != given

    def explain(self, cell: Cell, given: Decimal) -> str:
        """Why the points given are not those that the deductions leave."""
        held = self._held.get(cell, ())
        if held:
            added = merge_deductions(held, self._in_file.get(cell, ()))
            names = self._names.of(*cell)
            return contradiction(names, held, added, given=given, derived=self._points(cell))
        message = _(
            "The score is given as %(given)s, but the deductions of this indicator leave %(derived)s."
        )
        return message % {"given": number(given), "derived": number(self._points(cell))}

    def note_below_cap(self, score: EnteredScore) -> None:
        """Points typed may be below what deductions could leave; that is allowed, and rarely meant."""
        indicator = self._indicators[score.indicator]
        if score.points is None or indicator.cap is None:
            return
        if indicator.full_marks - score.points > indicator.cap:
            message = _(
                "%(unit)s, %(indicator)s: %(points)s loses more than the %(cap)s points that the indicator "
                "may lose at most; it will be recorded as given."
            )
            values = {"points": number(score.points), "cap": number(indicator.cap)}
            names = self._names.of(score.review, score.indicator)
            self._findings.note(score.where, message % {**names, **values})

    def _points(self, cell: Cell) -> Decimal:
        if cell not in self._known:
            held = self._held.get(cell, ())
            added = merge_deductions(held, self._in_file.get(cell, ()))
            indicator = self._indicators[cell[1]]
            taken = [one.points for one in held] + [one.points for one in added]
            self._known[cell] = derive_points(indicator.full_marks, taken, indicator.cap).points
        return self._known[cell]
