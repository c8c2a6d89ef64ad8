"""Record scores and deductions, with the totals they make, in one transaction (rules 10 to 12)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from reviews.models import (
    BatchChange,
    Deduction,
    ImportBatch,
    Indicator,
    Review,
    ReviewCycle,
    ReviewState,
    Score,
    ScoreOrigin,
    Visit,
)
from reviews.progress import EVERY, Phase, Report, silent
from reviews.score_rows import BATCH_SIZE, write_scores
from reviews.scoring import Mark, derive_points, total_of

Cell = tuple[int, int]  # review, indicator
_Row = TypeVar("_Row")


class EntryClosed(Exception):
    """The cycle takes no scores in its present state."""


@dataclass(frozen=True)
class NewScore:
    """Points typed for one cell; None with applies False where the indicator does not apply."""

    review: int
    indicator: int
    points: Decimal | None
    applies: bool = True
    reason: str = ""

    @property
    def cell(self) -> Cell:
        return (self.review, self.indicator)


@dataclass(frozen=True)
class NewDeduction:
    """Points taken from one cell, with the reason."""

    review: int
    indicator: int
    points: Decimal
    reason: str = ""

    @property
    def cell(self) -> Cell:
        return (self.review, self.indicator)


@dataclass(frozen=True)
class CellState:
    """All that a score says at one moment, so that two moments can be compared."""

    points: Decimal | None
    applies: bool = True
    origin: str = ScoreOrigin.ENTERED
    beyond_floor: Decimal = Decimal(0)
    reason: str = ""


@dataclass(frozen=True)
class ScoreChange:
    """What recording would do to one cell. before is None where nothing was ever recorded."""

    cell: Cell
    before: CellState | None
    after: CellState

    @property
    def is_new(self) -> bool:
        return self.before is None or (self.before.points is None and self.before.applies)


@dataclass(frozen=True)
class Plan:
    """What recording would do, worked out without writing: the preview shows it, the deed applies it.

    unchanged: cells that already say the same. derived: typed scores refused because deductions make the
    points of their cell (rule 10).
    """

    changes: tuple[ScoreChange, ...]
    unchanged: tuple[Cell, ...]
    deductions: tuple[NewDeduction, ...]
    derived: tuple[NewScore, ...]


def lock_cycle_for_entry(cycle: ReviewCycle) -> ReviewCycle:
    """Take the cycle's row, behind which all entry queues, and make sure that it takes scores.

    Call inside a transaction. Raises EntryClosed.
    """
    locked = ReviewCycle.objects.select_for_update().get(pk=cycle.pk)
    if not locked.takes_scores:
        raise EntryClosed(entry_closed_message(locked))
    return locked


def entry_closed_message(cycle: ReviewCycle) -> str:
    """Why a cycle takes no scores, for the user."""
    return _("%(quarter)s is “%(state)s”: it takes no scores now.") % {
        "quarter": cycle.quarter.label,
        "state": cycle.get_state_display(),
    }


def plan_recording(
    cycle: ReviewCycle, scores: Sequence[NewScore], deductions: Sequence[NewDeduction]
) -> Plan:
    """Work out what recording these would change. Reads two queries, writes nothing.

    Points follow from all deductions of a cell, those already there and the new ones (rule 10).
    """
    reviews = {new.review for new in scores} | {new.review for new in deductions}
    existing = {
        (score.review_id, score.indicator_id): _state_of(score)
        for score in Score.objects.filter(review__in=reviews, review__cycle=cycle)
    }
    changes: dict[Cell, ScoreChange] = {}
    unchanged: list[Cell] = []
    derived: list[NewScore] = []
    for new in scores:
        before = existing.get(new.cell)
        if before is not None and before.origin == ScoreOrigin.DERIVED:
            if before.points == new.points:
                unchanged.append(new.cell)
            else:
                derived.append(new)
            continue
        after = CellState(points=new.points, applies=new.applies, reason=new.reason)
        if before and not new.reason and (before.points, before.applies) == (new.points, new.applies):
            after = replace(after, reason=before.reason)  # a new score does not keep an old one's reason
        if after == before:
            unchanged.append(new.cell)
        else:
            changes[new.cell] = ScoreChange(new.cell, before, after)
    for cell, after in _derived_states(deductions).items():
        changes[cell] = ScoreChange(cell, existing.get(cell), after)
    return Plan(tuple(changes.values()), tuple(unchanged), tuple(deductions), tuple(derived))


def apply_plan(
    cycle: ReviewCycle,
    plan: Plan,
    *,
    by: User | None,
    batch: ImportBatch | None = None,
    visit: Visit | None = None,
    report: Report = silent,
) -> None:
    """Write a plan made under the cycle's lock: scores, deductions, what the batch changed, and totals.

    batch, visit: what the deductions come from, where it is an import or a visit. report: hears how many
    rows are written, and may stop it.
    """
    now = timezone.now()
    reviews = {change.cell[0] for change in plan.changes}
    versions = _versions(reviews)
    left_out = list(Review.objects.left_out().filter(pk__in=reviews))
    done, total = 0, len(plan.changes) + len(plan.deductions)
    report(Phase.WRITING, done, total)
    for changes in _parts(plan.changes):
        written = {
            change.cell: score_saying(
                change.cell, change.after, versions.get(change.cell, 0) + 1, by=by, at=now
            )
            for change in changes
        }
        write_scores(written.values())
        if batch is not None:
            BatchChange.objects.bulk_create(
                [_batch_change(batch, written[change.cell], change) for change in changes],
                batch_size=BATCH_SIZE,
            )
        done += len(changes)
        report(Phase.WRITING, done, total)
    for deductions in _parts(plan.deductions):
        Deduction.objects.bulk_create(
            [_deduction(new, batch=batch, visit=visit, by=by, at=now) for new in deductions],
            batch_size=BATCH_SIZE,
        )
        done += len(deductions)
        report(Phase.WRITING, done, total)
    write_totals(cycle, reviews)
    if batch is not None and left_out:
        _remember_left_out(batch, left_out)
    report(Phase.WRITING, done, total)


def overwrite(cycle: ReviewCycle, states: Mapping[Cell, CellState], *, by: User | None) -> None:
    """Let these cells say this from now on, and write the totals. Call under the cycle's lock."""
    reviews = {review for review, _indicator in states}
    versions, now = _versions(reviews), timezone.now()
    write_scores(
        score_saying(cell, state, versions.get(cell, 0) + 1, by=by, at=now) for cell, state in states.items()
    )
    write_totals(cycle, reviews)


def write_totals(cycle: ReviewCycle, review_ids: Iterable[int]) -> None:
    """Work out and keep the totals of these reviews from their scores (rule 1), in three queries and a write.

    A review whose last score came in is scored, whatever it was left out for before; one that was left out
    with all its scores stays so until it is put back; one that lost a score is unfinished again.
    """
    reviews = list(
        Review.objects.filter(cycle=cycle, pk__in=set(review_ids)).select_related("rubric").order_by("pk")
    )
    keep_totals(reviews, marks_by_review(reviews))


def keep_totals(reviews: Sequence[Review], marks: Mapping[int, Sequence[Mark]]) -> None:
    """Write the totals that these marks, by review, come to. One query."""
    for review in reviews:
        result = total_of(marks[review.pk], review.rubric.full_total, review.rubric.places)
        stays_left_out = review.is_left_out and (review.missing == 0 or result.total is None)
        review.total = None if stays_left_out else result.total
        review.denominator, review.missing = result.denominator, result.missing
        if review.total is not None:
            review.state, review.reason = ReviewState.SCORED, ""
        elif review.state == ReviewState.SCORED:
            review.state = ReviewState.UNSCORED
    Review.objects.bulk_update(
        reviews, ["total", "denominator", "missing", "state", "reason"], batch_size=BATCH_SIZE
    )


def marks_by_review(reviews: Sequence[Review]) -> Mapping[int, list[Mark]]:
    """The marks of each review, one an indicator of its rubric, scored or not. Two queries."""
    scores = {
        (score.review_id, score.indicator_id): score
        for score in Score.objects.filter(review__in=[review.pk for review in reviews])
    }
    indicators = defaultdict(list)
    for indicator in Indicator.objects.filter(rubric__in={review.rubric_id for review in reviews}):
        indicators[indicator.rubric_id].append(indicator)
    return {
        review.pk: [
            _mark(indicator, scores.get((review.pk, indicator.pk)))
            for indicator in indicators[review.rubric_id]
        ]
        for review in reviews
    }


def _mark(indicator: Indicator, score: Score | None) -> Mark:
    return Mark(
        full_marks=indicator.full_marks,
        points=score.points if score else None,
        applies=score.applies if score else True,
        is_bonus=indicator.is_bonus,
    )


def _state_of(score: Score) -> CellState:
    return CellState(score.points, score.applies, score.origin, score.beyond_floor, score.reason)


def _versions(reviews: Iterable[int]) -> dict[Cell, int]:
    """The versions of all scores of these reviews."""
    rows = Score.objects.filter(review__in=reviews).values_list("review", "indicator", "version")
    return {(review, indicator): version for review, indicator, version in rows}


def score_saying(
    cell: Cell, state: CellState, version: int, *, by: User | None, at: datetime.datetime
) -> Score:
    """The score that says this, to be written over whatever its cell says."""
    return Score(
        review_id=cell[0],
        indicator_id=cell[1],
        points=state.points,
        applies=state.applies,
        origin=state.origin,
        beyond_floor=state.beyond_floor,
        reason=state.reason,
        version=version,
        recorded_by=by,
        recorded_at=at,
    )


def _deduction(
    new: NewDeduction,
    *,
    batch: ImportBatch | None,
    visit: Visit | None,
    by: User | None,
    at: datetime.datetime,
) -> Deduction:
    return Deduction(
        review_id=new.review,
        indicator_id=new.indicator,
        points=new.points,
        reason=new.reason,
        batch=batch,
        visit=visit,
        recorded_by=by,
        recorded_at=at,
    )


def _parts(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    """As many rows at a time as may be written between two reports."""
    for start in range(0, len(rows), EVERY):
        yield rows[start : start + EVERY]


def _remember_left_out(batch: ImportBatch, left_out: Sequence[Review]) -> None:
    """Keep why reviews that the import has just scored were left out until then."""
    scored = set(Review.objects.scored().values_list("pk", flat=True).filter(cycle=batch.cycle_id))
    batch.left_out_before = {
        str(review.pk): [review.state, review.reason] for review in left_out if review.pk in scored
    }
    batch.save(update_fields=["left_out_before"])


def _batch_change(batch: ImportBatch, score: Score, change: ScoreChange) -> BatchChange:
    before = change.before or CellState(points=None)
    return BatchChange(
        batch=batch,
        score=score,
        is_new=change.is_new,
        points_before=before.points,
        applies_before=before.applies,
        origin_before=before.origin,
        beyond_floor_before=before.beyond_floor,
        reason_before=before.reason,
        version_after=score.version,
    )


def _derived_states(deductions: Sequence[NewDeduction]) -> dict[Cell, CellState]:
    """What each cell with new deductions comes to, with those it already has."""
    if not deductions:
        return {}
    taken: dict[Cell, list[Decimal]] = defaultdict(list)
    reviews = {new.review for new in deductions}
    recorded = Deduction.objects.in_force().filter(review__in=reviews)
    for review_id, indicator_id, points in recorded.values_list("review", "indicator", "points"):
        taken[review_id, indicator_id].append(points)
    for new in deductions:
        taken[new.cell].append(new.points)
    indicators = Indicator.objects.in_bulk({new.indicator for new in deductions})
    return {new.cell: derived_state(indicators[new.indicator], taken[new.cell]) for new in deductions}


def derived_state(indicator: Indicator, taken: Iterable[Decimal]) -> CellState:
    """What a cell says once these points were taken from it."""
    derived = derive_points(indicator.full_marks, taken, indicator.cap)
    return CellState(derived.points, origin=ScoreOrigin.DERIVED, beyond_floor=derived.beyond_floor)
