"""Bring a checked workbook into a cycle. A preview and the real import share one path; only one writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from reviews.importing.checks import check_scores, merge_deductions
from reviews.importing.expected import (
    Checked,
    EnteredScore,
    Expected,
    ExpectedIndicator,
    ExpectedUnit,
    RecordedDeduction,
)
from reviews.models import BatchState, Deduction, ImportBatch, Indicator, Review, ReviewCycle, Rubric
from reviews.recording import (
    Cell,
    CellState,
    NewDeduction,
    NewScore,
    Plan,
    ScoreChange,
    apply_plan,
    entry_closed_message,
    lock_cycle_for_entry,
    plan_recording,
)
from workbooks.cells import Place, Problem
from workbooks.sheets import Workbook

FILE_NAME_LENGTH = 255


class ImportRefused(Exception):
    """The workbook cannot be imported; `problems` says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class CellChange:
    """What the import does to one unit's indicator. before: None where nothing was ever recorded."""

    where: Place
    unit: str
    indicator: str
    before: CellState | None
    after: CellState
    is_new: bool

    @property
    def before_text(self) -> str:
        return _points_text(self.before)

    @property
    def after_text(self) -> str:
        return _points_text(self.after)


@dataclass(frozen=True)
class SheetCount:
    """How many of a sheet's cells are new, changed and as they were."""

    sheet: str
    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Preview:
    """What importing would do; nothing is imported while there are problems.

    deductions: how many rows of deductions would be added; those already recorded are not added again.
    """

    new: tuple[CellChange, ...]
    changed: tuple[CellChange, ...]
    unchanged: int
    deductions: int
    sheets: tuple[SheetCount, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    plan: Plan

    @property
    def can_commit(self) -> bool:
        return not self.problems

    @property
    def changes_nothing(self) -> bool:
        """Whether the cycle already says all that the workbook says."""
        return not (self.plan.changes or self.plan.deductions)


def expected_for(cycle: ReviewCycle) -> Expected:
    """What a workbook for this cycle is checked against: roster, rubrics, recorded deductions.

    Four queries, however many units.
    """
    reviews = list(
        cycle.reviews.select_related("organization", "group", "rubric")
        .prefetch_related("organization__former_names")
        .in_own_order()
    )
    keys = _rubric_keys(reviews)
    recorded: dict[Cell, list[tuple[Decimal, str]]] = defaultdict(list)
    for deduction in Deduction.objects.in_force().filter(review__cycle=cycle):
        cell = (deduction.review_id, deduction.indicator_id)
        recorded[cell].append((deduction.points, deduction.reason))
    indicators: dict[str, list[ExpectedIndicator]] = {key: [] for key in keys.values()}
    for indicator in Indicator.objects.filter(rubric__in=keys):
        indicators[keys[indicator.rubric_id]].append(_expected_indicator(indicator))
    return Expected(
        quarter=cycle.quarter,
        units=tuple(_expected_unit(review, keys) for review in reviews),
        indicators={key: tuple(members) for key, members in indicators.items()},
        precision=max((review.rubric.places for review in reviews), default=2),
        recorded_deductions={cell: tuple(rows) for cell, rows in recorded.items()},
    )


def preview_import(workbook: Workbook, cycle: ReviewCycle, file_name: str = "") -> Preview:
    """Check a workbook and work out what importing it would change. Writes nothing."""
    expected = expected_for(cycle)
    checked = check_scores(workbook, expected, file_name)
    problems = list(checked.problems)
    if not cycle.takes_scores:
        problems.insert(0, Problem(None, entry_closed_message(cycle)))
    added = _deductions_to_add(checked, expected)
    plan = plan_recording(cycle, [_new_score(score) for score in checked.scores], added)
    places = _places(checked)
    problems += [
        Problem(places[new.cell], _("The points of this cell follow from its deductions: change those."))
        for new in plan.derived
    ]
    names = _Names(expected)
    changes = [names.change(change, places[change.cell]) for change in plan.changes]
    changed_cells = {change.cell for change in plan.changes}
    unchanged = [places[cell].sheet for cell in places if cell not in changed_cells]
    return Preview(
        new=tuple(change for change in changes if change.is_new),
        changed=tuple(change for change in changes if not change.is_new),
        unchanged=len(unchanged),
        deductions=len(added),
        sheets=_sheet_counts(workbook, changes, unchanged),
        problems=tuple(problems),
        notes=checked.notes,
        plan=plan,
    )


@transaction.atomic
def commit_import(
    workbook: Workbook,
    cycle: ReviewCycle,
    *,
    by: User | None,
    file_name: str,
    sha256: str,
    batch: ImportBatch | None = None,
) -> ImportBatch:
    """Import a workbook, all of it or nothing, checked again behind the cycle's lock.

    batch: the upload that was previewed; importing it a second time changes nothing. Without one, a batch
    is made, but only where something changes: otherwise the one returned has no key.
    Raises EntryClosed, or ImportRefused with every problem.
    """
    cycle = lock_cycle_for_entry(cycle)
    if batch is None:
        batch = ImportBatch(
            cycle=cycle, file_name=file_name[-FILE_NAME_LENGTH:], sha256=sha256, uploaded_by=by
        )
    else:
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state == BatchState.COMMITTED:
            return batch
        _refuse_undone(batch)
    preview = preview_import(workbook, cycle, file_name)
    if preview.problems:
        raise ImportRefused(preview.problems)
    batch.state, batch.committed_at = BatchState.COMMITTED, timezone.now()
    batch.new_count, batch.changed_count = len(preview.new), len(preview.changed)
    if preview.changes_nothing and batch._state.adding:
        return batch
    batch.save()
    apply_plan(cycle, preview.plan, by=by, batch=batch)
    return batch


def _refuse_undone(batch: ImportBatch) -> None:
    if batch.state == BatchState.UNDONE:
        raise ImportRefused([Problem(None, _("This import was undone: upload the workbook again."))])


def _rubric_keys(reviews: Iterable[Review]) -> dict[int, str]:
    """What each rubric of the cycle is called: by its group, or by version where a group has two of them,
    which happens when a new version came into force after some of its units were scored.
    """
    rubrics: dict[int, Rubric] = {review.rubric_id: review.rubric for review in reviews}
    groups = {review.rubric_id: review.group.name for review in reviews}
    times = Counter(groups.values())
    return {pk: name if times[name] == 1 else f"{name} v{rubrics[pk].version}" for pk, name in groups.items()}


def _expected_unit(review: Review, keys: dict[int, str]) -> ExpectedUnit:
    return ExpectedUnit(
        review=review.pk,
        name=review.organization.name,
        names=frozenset(review.organization.name_keys()),
        group=keys[review.rubric_id],
    )


def _expected_indicator(indicator: Indicator) -> ExpectedIndicator:
    return ExpectedIndicator(
        indicator=indicator.pk,
        name=indicator.name,
        full_marks=indicator.full_marks,
        step=indicator.step,
        cap=indicator.cap,
        is_bonus=indicator.is_bonus,
    )


def _new_score(score: EnteredScore) -> NewScore:
    return NewScore(score.review, score.indicator, score.points, score.applies, score.reason)


def _deductions_to_add(checked: Checked, expected: Expected) -> list[NewDeduction]:
    """The file's deductions that are not recorded yet, cell by cell."""
    in_file: dict[Cell, list[RecordedDeduction]] = defaultdict(list)
    for deduction in checked.deductions:
        in_file[deduction.review, deduction.indicator].append(deduction)
    return [
        NewDeduction(new.review, new.indicator, new.points, new.reason)
        for cell, rows in in_file.items()
        for new in merge_deductions(expected.recorded_deductions.get(cell, ()), rows)
    ]


def _places(checked: Checked) -> dict[Cell, Place]:
    """Where the file speaks of each cell, the first time."""
    places: dict[Cell, Place] = {}
    for score in checked.scores:
        places.setdefault((score.review, score.indicator), score.where)
    for deduction in checked.deductions:
        places.setdefault((deduction.review, deduction.indicator), deduction.where)
    return places


class _Names:
    """What people call the keys of a change."""

    def __init__(self, expected: Expected) -> None:
        self._units = {unit.review: unit.name for unit in expected.units}
        self._indicators = {
            indicator.indicator: indicator.name
            for members in expected.indicators.values()
            for indicator in members
        }

    def change(self, change: ScoreChange, where: Place) -> CellChange:
        review, indicator = change.cell
        return CellChange(
            where=where,
            unit=self._units[review],
            indicator=self._indicators[indicator],
            before=change.before,
            after=change.after,
            is_new=change.is_new,
        )


def _sheet_counts(
    workbook: Workbook, changes: Iterable[CellChange], unchanged: Iterable[str]
) -> tuple[SheetCount, ...]:
    changes = list(changes)
    new = Counter(change.where.sheet for change in changes if change.is_new)
    changed = Counter(change.where.sheet for change in changes if not change.is_new)
    same = Counter(unchanged)
    return tuple(
        SheetCount(sheet.name, new[sheet.name], changed[sheet.name], same[sheet.name])
        for sheet in workbook.sheets
        if new[sheet.name] + changed[sheet.name] + same[sheet.name]
    )


def _points_text(state: CellState | None) -> str:
    """Points as a cell shows them; empty where there are none."""
    if state is None:
        return ""
    if not state.applies:
        return _("not applicable")
    return "" if state.points is None else f"{state.points:f}"
