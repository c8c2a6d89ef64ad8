"""Bring a checked workbook into a cycle. A preview and the real import share one path; only one writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.deeds import within
from organizations.models import User
from reviews.importing.checks import check_scores, merge_deductions
from reviews.importing.expected import (
    CellNames,
    Checked,
    EnteredScore,
    Expected,
    ExpectedIndicator,
    ExpectedUnit,
    HeldDeduction,
    UnknownHeading,
)
from reviews.importing.findings import number
from reviews.importing.held import by_cell
from reviews.models import (
    BatchState,
    Deduction,
    HeadingMeaning,
    ImportBatch,
    Indicator,
    Review,
    ReviewCycle,
    Rubric,
)
from reviews.progress import Report, silent
from reviews.recording import (
    Cell,
    CellState,
    NewDeduction,
    NewScore,
    Plan,
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
    """What the import does to one unit's indicator. before: None where nothing was ever recorded.

    held, added: points of the deductions that the cycle holds, and of those that the import adds.
    """

    where: Place
    unit: str
    indicator: str
    before: CellState | None
    after: CellState
    is_new: bool
    held: Decimal = Decimal(0)
    added: Decimal = Decimal(0)

    @property
    def keeps_points(self) -> bool:
        """Whether only reasons are added: people look for scores that change."""
        return self.before is not None and (self.before.points, self.before.applies) == (
            self.after.points,
            self.after.applies,
        )

    @property
    def before_text(self) -> str:
        return _points_text(self.before)

    @property
    def after_text(self) -> str:
        return _points_text(self.after)

    @property
    def adds_to(self) -> str:
        """That the import adds to deductions which the cycle holds already; empty where it does not."""
        if not (self.held and self.added):
            return ""
        message = _("%(held)s points deducted before, %(added)s more now")
        return message % {"held": number(self.held), "added": number(self.added)}


@dataclass(frozen=True)
class SheetCount:
    """How many of a sheet's cells are new, changed, only given reasons, and as they were."""

    sheet: str
    new: int
    changed: int
    explained: int
    unchanged: int


@dataclass(frozen=True)
class Preview:
    """What importing would do; nothing is imported while there are problems.

    changed: cells that get other points. explained: cells that keep their points and get deductions or
    reasons. deductions: how many rows of deductions would be added; those already recorded are not added
    again. unknown_headings: what somebody may say the meaning of; indicators: the names to choose from.
    """

    new: tuple[CellChange, ...]
    changed: tuple[CellChange, ...]
    explained: tuple[CellChange, ...]
    unchanged: int
    deductions: int
    sheets: tuple[SheetCount, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    plan: Plan
    unknown_headings: tuple[UnknownHeading, ...]
    indicators: tuple[str, ...]

    @property
    def can_commit(self) -> bool:
        return not self.problems

    @property
    def changes_nothing(self) -> bool:
        """Whether the cycle already says all that the workbook says."""
        return not (self.plan.changes or self.plan.deductions)


def expected_for(cycle: ReviewCycle) -> Expected:
    """What a workbook for this cycle is checked against: roster, rubrics, recorded deductions, headings.

    Five queries, however many units.
    """
    reviews = list(
        cycle.reviews.select_related("organization", "group", "rubric")
        .prefetch_related("organization__former_names")
        .in_own_order()
    )
    keys = _rubric_keys(reviews)
    recorded: dict[Cell, list[HeldDeduction]] = defaultdict(list)
    in_force = Deduction.objects.in_force().filter(review__cycle=cycle)
    for deduction in in_force.select_related("batch"):
        source = deduction.batch.file_name if deduction.batch else ""
        cell = (deduction.review_id, deduction.indicator_id)
        came_later = deduction.reason_given_at is not None
        recorded[cell].append(HeldDeduction(deduction.points, deduction.reason, source, came_later))
    indicators: dict[str, list[ExpectedIndicator]] = {key: [] for key in keys.values()}
    for indicator in Indicator.objects.filter(rubric__in=keys):
        indicators[keys[indicator.rubric_id]].append(_expected_indicator(indicator))
    return Expected(
        quarter=cycle.quarter,
        units=tuple(_expected_unit(review, keys) for review in reviews),
        indicators={key: tuple(members) for key, members in indicators.items()},
        precision=max((review.rubric.places for review in reviews), default=2),
        recorded_deductions={cell: tuple(rows) for cell, rows in recorded.items()},
        meanings=dict(HeadingMeaning.objects.filter(host=cycle.host_id).values_list("key", "indicator")),
    )


def preview_import(
    workbook: Workbook, cycle: ReviewCycle, file_name: str = "", report: Report = silent
) -> Preview:
    """Check a workbook and work out what importing it would change. Writes nothing."""
    expected = expected_for(cycle)
    checked = check_scores(workbook, expected, file_name, report)
    problems = list(checked.problems)
    if not cycle.takes_scores:
        problems.insert(0, Problem(None, entry_closed_message(cycle)))
    added = _deductions_to_add(checked, expected)
    plan = plan_recording(cycle, [_new_score(score) for score in checked.scores], added)
    places = _places(checked)
    names = CellNames(expected)
    follow = _("%(unit)s, %(indicator)s: the points follow from deductions: change those.")
    problems += [Problem(places[new.cell], follow % names.of(*new.cell)) for new in plan.derived]
    changes = _cell_changes(plan, places, expected, names)
    changed_cells = {change.cell for change in plan.changes}
    unchanged = [places[cell].sheet for cell in places if cell not in changed_cells]
    return Preview(
        new=tuple(change for change in changes if change.is_new),
        changed=tuple(change for change in changes if not (change.is_new or change.keeps_points)),
        explained=tuple(change for change in changes if not change.is_new and change.keeps_points),
        unchanged=len(unchanged),
        deductions=len(added),
        sheets=_sheet_counts(workbook, changes, unchanged),
        problems=tuple(problems),
        notes=checked.notes,
        plan=plan,
        unknown_headings=checked.unknown_headings,
        indicators=tuple(dict.fromkeys(names.indicators.values())),
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
    report: Report = silent,
) -> ImportBatch:
    """Import a workbook, all of it or nothing, checked again behind the cycle's lock.

    batch: the upload that was previewed; importing it a second time changes nothing. Without one, a batch
    is made, but only where something changes: otherwise the one returned has no key. report: hears how far
    it is, and may stop it until the end.
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
    preview = preview_import(workbook, cycle, file_name, report)
    if preview.problems:
        raise ImportRefused(preview.problems)
    batch.state, batch.committed_at = BatchState.COMMITTED, timezone.now()
    batch.new_count, batch.changed_count = len(preview.new), len(preview.changed)
    if preview.changes_nothing and batch._state.adding:
        return batch
    batch.save()
    with within(f"import {batch.pk}"):
        apply_plan(cycle, preview.plan, by=by, batch=batch, report=report)
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
    return [
        NewDeduction(new.review, new.indicator, new.points, new.reason)
        for cell, rows in by_cell(checked.deductions).items()
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


def _cell_changes(
    plan: Plan, places: dict[Cell, Place], expected: Expected, names: CellNames
) -> list[CellChange]:
    """The plan's changes as people read them."""
    added: dict[Cell, Decimal] = defaultdict(Decimal)
    for deduction in plan.deductions:
        added[deduction.cell] += deduction.points
    return [
        CellChange(
            where=places[change.cell],
            **names.of(*change.cell),
            before=change.before,
            after=change.after,
            is_new=change.is_new,
            held=sum((one.points for one in expected.recorded_deductions.get(change.cell, ())), Decimal(0)),
            added=added.get(change.cell, Decimal(0)),
        )
        for change in plan.changes
    ]


def _sheet_counts(
    workbook: Workbook, changes: Iterable[CellChange], unchanged: Iterable[str]
) -> tuple[SheetCount, ...]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for change in changes:
        kind = "new" if change.is_new else "explained" if change.keeps_points else "changed"
        counts[change.where.sheet][kind] += 1
    for name in unchanged:
        counts[name]["unchanged"] += 1
    return tuple(
        SheetCount(sheet.name, count["new"], count["changed"], count["explained"], count["unchanged"])
        for sheet in workbook.sheets
        if (count := counts.get(sheet.name))
    )


def _points_text(state: CellState | None) -> str:
    """Points as a cell shows them; empty where there are none."""
    if state is None:
        return ""
    if not state.applies:
        return _("not applicable")
    return "" if state.points is None else f"{state.points:f}"
