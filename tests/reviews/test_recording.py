"""Recording scores and deductions, and putting a whole import back."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from reviews.models import BatchState, Deduction, ImportBatch, ReviewState, Score, ScoreOrigin
from reviews.publishing import leave_out, put_back, verify_cycle
from reviews.recording import (
    EntryClosed,
    NewDeduction,
    NewScore,
    apply_plan,
    lock_cycle_for_entry,
    plan_recording,
)
from reviews.undoing import UndoRefused, undo_batch
from tests.factories.reviews import (
    cycle_with_totals,
    deduct,
    give_total,
    indicator_of,
    opened_cycle,
    ready_host,
    review_of,
    score,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return opened_cycle(ready_host("甲镇党委", "乙镇党委"))


def score_of(cycle, unit="甲镇党委", indicator="三会一课"):
    return Score.objects.get(review=review_of(cycle, unit), indicator__name=indicator)


def plan_for(cycle, points, unit="甲镇党委", indicator="三会一课"):
    review, key = review_of(cycle, unit).pk, indicator_of(cycle, unit, indicator).pk
    return plan_recording(cycle, [NewScore(review, key, Decimal(str(points)))], [])


def record_batch(cycle, scores=(), deductions=()):
    """Record as an import does: (unit, indicator, points) each."""
    new_scores = [
        NewScore(review_of(cycle, unit).pk, indicator_of(cycle, unit, name).pk, Decimal(str(points)))
        for unit, name, points in scores
    ]
    new_deductions = [
        NewDeduction(review_of(cycle, unit).pk, indicator_of(cycle, unit, name).pk, Decimal(str(points)))
        for unit, name, points in deductions
    ]
    with transaction.atomic():
        locked = lock_cycle_for_entry(cycle)
        batch = ImportBatch.objects.create(
            cycle=cycle,
            state=BatchState.COMMITTED,
            committed_at=timezone.now(),
            file_name="得分.xlsx",
            sha256="0" * 64,
        )
        apply_plan(locked, plan_recording(locked, new_scores, new_deductions), by=None, batch=batch)
    return batch


def everything_in(cycle):
    """All that the cycle's scores and totals say, versions aside."""
    scores = Score.objects.filter(review__cycle=cycle).order_by("review", "indicator")
    deductions = Deduction.objects.filter(review__cycle=cycle)
    return (
        list(
            scores.values_list("review", "indicator", "points", "applies", "origin", "beyond_floor", "reason")
        ),
        list(deductions.values_list("review", "indicator", "points", "reason")),
        list(cycle.reviews.order_by("pk").values_list("pk", "state", "total", "missing", "reason")),
    )


# --- Totals --------------------------------------------------------------------------------------


def test_a_review_is_unfinished_until_its_last_score(cycle):
    score(cycle, "甲镇党委", {"三会一课": 55})
    review = review_of(cycle, "甲镇党委")
    assert (review.state, review.total, review.missing) == (ReviewState.UNSCORED, None, 1)

    score(cycle, "甲镇党委", {"主题党日": 38.5})
    review = review_of(cycle, "甲镇党委")
    assert (review.state, review.total, review.missing) == (ReviewState.SCORED, Decimal("93.5"), 0)


def test_a_real_zero_is_a_score(cycle):
    score(cycle, "甲镇党委", {"三会一课": 0, "主题党日": 0})
    assert review_of(cycle, "甲镇党委").total == 0
    assert review_of(cycle, "甲镇党委").state == ReviewState.SCORED


def test_an_indicator_that_does_not_apply_leaves_the_denominator(cycle):
    score(cycle, "甲镇党委", {"三会一课": 54, "主题党日": None})
    review = review_of(cycle, "甲镇党委")
    assert (review.total, review.denominator) == (Decimal(90), Decimal(60))


def test_the_last_score_ends_an_exemption(cycle):
    leave_out(review_of(cycle, "甲镇党委"), state=ReviewState.EXEMPT, reason="换届")
    give_total(cycle, "甲镇党委", 90)
    review = review_of(cycle, "甲镇党委")
    assert (review.state, review.reason, review.total) == (ReviewState.SCORED, "", Decimal(90))


def test_a_changed_score_does_not_end_an_exemption_that_staff_decided(cycle):
    """Only what was unfinished is ended by its last score; a finished unit left out is put back by hand."""
    give_total(cycle, "甲镇党委", 90)
    leave_out(review_of(cycle, "甲镇党委"), state=ReviewState.EXEMPT, reason="换届")
    give_total(cycle, "甲镇党委", 95)
    review = review_of(cycle, "甲镇党委")
    assert (review.state, review.reason, review.total) == (ReviewState.EXEMPT, "换届", None)


def test_putting_back_a_unit_that_takes_part_changes_nothing(cycle):
    give_total(cycle, "甲镇党委", 90)
    put_back(review_of(cycle, "甲镇党委"))
    assert review_of(cycle, "甲镇党委").total == 90


def test_a_unit_left_out_and_put_back_has_its_total_again(cycle):
    give_total(cycle, "甲镇党委", 90)
    leave_out(review_of(cycle, "甲镇党委"), state=ReviewState.NOT_VISITED, reason="道路中断")
    assert review_of(cycle, "甲镇党委").total is None
    put_back(review_of(cycle, "甲镇党委"))
    assert review_of(cycle, "甲镇党委").total == 90


# --- Versions ------------------------------------------------------------------------------------


def test_a_version_grows_with_every_change_and_with_nothing_else(cycle):
    score(cycle, "甲镇党委", {"三会一课": 55})
    score(cycle, "甲镇党委", {"三会一课": 55})
    assert score_of(cycle).version == 1
    score(cycle, "甲镇党委", {"三会一课": 56})
    assert score_of(cycle).version == 2


def test_planning_writes_nothing(cycle):
    plan = plan_for(cycle, 55)
    assert [change.after.points for change in plan.changes] == [Decimal(55)]
    assert not Score.objects.exists()


def test_a_plan_says_what_stays_as_it_is(cycle):
    score(cycle, "甲镇党委", {"三会一课": 55})
    plan = plan_for(cycle, 55)
    assert plan.changes == ()
    assert len(plan.unchanged) == 1


# --- Deductions ----------------------------------------------------------------------------------


def test_points_follow_from_all_deductions(cycle):
    deduct(cycle, "甲镇党委", "三会一课", "0.5")
    deduct(cycle, "甲镇党委", "三会一课", "1.5")
    assert score_of(cycle).points == 58
    assert score_of(cycle).origin == ScoreOrigin.DERIVED


def test_what_was_lost_beyond_the_floor_is_kept(cycle):
    deduct(cycle, "甲镇党委", "主题党日", 45)
    derived = score_of(cycle, indicator="主题党日")
    assert (derived.points, derived.beyond_floor) == (0, 5)


def test_a_cell_with_deductions_is_not_typed_into(cycle):
    deduct(cycle, "甲镇党委", "三会一课", 2)
    plan = plan_for(cycle, 60)
    assert plan.changes == ()
    assert [new.points for new in plan.derived] == [Decimal(60)]


def test_typing_what_the_deductions_leave_anyway_is_no_conflict(cycle):
    deduct(cycle, "甲镇党委", "三会一课", 2)
    assert plan_for(cycle, 58).derived == ()


def test_a_deduction_takes_over_from_typed_points(cycle):
    score(cycle, "甲镇党委", {"三会一课": 60})
    deduct(cycle, "甲镇党委", "三会一课", 2)
    assert score_of(cycle).points == 58


# --- States --------------------------------------------------------------------------------------


def test_nothing_is_recorded_once_entry_is_closed():
    cycle = cycle_with_totals({"甲镇党委": 90})
    verify_cycle(cycle, by=None)
    with pytest.raises(EntryClosed, match="2018年第三季度"):
        give_total(cycle, "甲镇党委", 80)
    assert review_of(cycle, "甲镇党委").total == 90


# --- Undo ----------------------------------------------------------------------------------------


def test_undo_puts_everything_back_exactly(cycle):
    score(cycle, "甲镇党委", {"三会一课": 55})
    deduct(cycle, "乙镇党委", "三会一课", 1, "记录不完整")
    before = everything_in(cycle)
    batch = record_batch(
        cycle,
        scores=[("甲镇党委", "三会一课", 50), ("甲镇党委", "主题党日", 40)],
        deductions=[("乙镇党委", "三会一课", 2)],
    )
    assert everything_in(cycle) != before

    undo_batch(batch, by=None)

    new_cell_left_blank = [row for row in everything_in(cycle)[0] if row[2] is not None]
    assert (new_cell_left_blank, *everything_in(cycle)[1:]) == before


def test_undo_leaves_a_unit_out_again_that_the_import_had_scored(cycle):
    leave_out(review_of(cycle, "甲镇党委"), state=ReviewState.NOT_VISITED, reason="道路中断")
    batch = record_batch(cycle, scores=[("甲镇党委", "三会一课", 50), ("甲镇党委", "主题党日", 40)])
    assert review_of(cycle, "甲镇党委").state == ReviewState.SCORED
    undo_batch(batch, by=None)
    review = review_of(cycle, "甲镇党委")
    assert (review.state, review.reason, review.total) == (ReviewState.NOT_VISITED, "道路中断", None)


def test_a_cell_that_an_undone_import_had_filled_counts_as_new_again(cycle):
    batch = record_batch(cycle, scores=[("甲镇党委", "三会一课", 50)])
    undo_batch(batch, by=None)
    assert [change.is_new for change in plan_for(cycle, 50).changes] == [True]


def test_undoing_twice_changes_nothing_more(cycle):
    batch = record_batch(cycle, scores=[("甲镇党委", "三会一课", 50)])
    undone = undo_batch(batch, by=None)
    score(cycle, "甲镇党委", {"三会一课": 60})
    assert undo_batch(batch, by=None).undone_at == undone.undone_at
    assert score_of(cycle).points == 60


def test_undo_is_refused_after_a_later_change_and_changes_nothing(cycle):
    batch = record_batch(cycle, scores=[("甲镇党委", "三会一课", 50), ("乙镇党委", "三会一课", 40)])
    score(cycle, "乙镇党委", {"三会一课": 45})
    before = everything_in(cycle)
    with pytest.raises(UndoRefused, match="乙镇党委"):
        undo_batch(batch, by=None)
    assert everything_in(cycle) == before
    batch.refresh_from_db()
    assert batch.state == BatchState.COMMITTED


def test_two_imports_are_undone_from_the_last(cycle):
    before = everything_in(cycle)
    first = record_batch(cycle, deductions=[("甲镇党委", "三会一课", 1)])
    second = record_batch(cycle, deductions=[("甲镇党委", "三会一课", 2)])
    with pytest.raises(UndoRefused):
        undo_batch(first, by=None)
    undo_batch(second, by=None)
    assert score_of(cycle).points == 59
    undo_batch(first, by=None)
    assert Deduction.objects.count() == 0
    assert everything_in(cycle)[2] == before[2]


def test_a_change_after_an_undone_import_still_protects_the_import_before(cycle):
    first = record_batch(cycle, scores=[("甲镇党委", "三会一课", 50)])
    second = record_batch(cycle, scores=[("甲镇党委", "三会一课", 51)])
    undo_batch(second, by=None)
    score(cycle, "甲镇党委", {"三会一课": 52})
    with pytest.raises(UndoRefused):
        undo_batch(first, by=None)
    assert score_of(cycle).points == 52


def test_a_preview_cannot_be_undone(cycle):
    batch = ImportBatch.objects.create(cycle=cycle, file_name="得分.xlsx", sha256="0" * 64)
    with pytest.raises(UndoRefused):
        undo_batch(batch, by=None)


def test_an_import_is_not_undone_after_entry_closed():
    cycle = opened_cycle(ready_host("甲镇党委"))
    batch = record_batch(cycle, scores=[("甲镇党委", "三会一课", 50), ("甲镇党委", "主题党日", 40)])
    verify_cycle(cycle, by=None)
    with pytest.raises(EntryClosed):
        undo_batch(batch, by=None)
    assert review_of(cycle, "甲镇党委").total == 90


# --- All or nothing ------------------------------------------------------------------------------


def test_an_error_in_the_middle_leaves_nothing(cycle, monkeypatch):
    before = everything_in(cycle)

    def fail(*args, **kwargs):
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("reviews.recording.write_totals", fail)
    with pytest.raises(RuntimeError):
        record_batch(
            cycle,
            scores=[("甲镇党委", "三会一课", 50)],
            deductions=[("乙镇党委", "三会一课", 2)],
        )
    assert everything_in(cycle) == before
    assert not ImportBatch.objects.exists()
