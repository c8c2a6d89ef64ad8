"""Saving the cells of an entry grid: each on its own, and nobody's work lost (rules 10 to 12)."""

from decimal import Decimal

import pytest

from organizations.models import Role
from reviews.entering import Outcome, TypedCell, save_cells
from reviews.models import ReviewState, Score
from reviews.publishing import verify_cycle
from reviews.recording import EntryClosed
from tests.factories.organizations import somebody
from tests.factories.reviews import (
    deduct,
    give_total,
    indicator_of,
    opened_cycle,
    ready_host,
    review_of,
    score,
)
from tests.reviews.importing.test_load_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return opened_cycle(ready_host("甲镇党委", "乙镇党委"))


@pytest.fixture
def staff(cycle):
    return somebody(Role.STAFF, cycle.host)


def typed(cycle, text, version=0, unit="甲镇党委", indicator="三会一课"):
    return TypedCell(review_of(cycle, unit).pk, indicator_of(cycle, unit, indicator).pk, str(text), version)


def save(cycle, by, *cells):
    return save_cells(cycle, cells, by)


def kept_texts(cycle, unit="甲镇党委"):
    scores = Score.objects.filter(review=review_of(cycle, unit)).order_by("indicator__position")
    return [(each.points, each.applies, each.version) for each in scores]


def test_a_first_score_is_version_one(cycle, staff):
    (result,) = save(cycle, staff, typed(cycle, "55.5"))
    assert (result.outcome, result.kept.text, result.kept.version) == (Outcome.SAVED, "55.5", 1)
    saved = Score.objects.get()
    assert (saved.points, saved.version, saved.recorded_by) == (Decimal("55.5"), 1, staff)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("８．５", "8.5"),
        (" 8。5 ", "8.5"),
        ("8.50", "8.5"),
        ("9，", "9"),
        ("，9", "9"),
        ("0", "0"),
        ("60", "60"),
    ],
)
def test_points_are_read_in_any_width(cycle, staff, text, points):
    (result,) = save(cycle, staff, typed(cycle, text))
    assert (result.outcome, result.kept.text) == (Outcome.SAVED, points)
    assert Score.objects.get().points == Decimal(points)


@pytest.mark.parametrize(
    "text", ["61", "-1", "8.3", "八分", "NaN", "1e1", "8，5", "1,2", "，", "Infinity", "\x00"]
)
def test_what_the_rubric_does_not_allow_is_refused_with_the_range(cycle, staff, text):
    (result,) = save(cycle, staff, typed(cycle, text))
    if text == "\x00":  # nothing that anybody could see
        assert result.outcome == Outcome.SAVED
    else:
        assert result.outcome == Outcome.REFUSED
        assert "60" in result.message
        assert "0.5" in result.message
    assert not Score.objects.exists()


def test_the_good_cells_of_a_block_are_saved_beside_the_bad(cycle, staff):
    results = save(
        cycle,
        staff,
        typed(cycle, 55),
        typed(cycle, 41, indicator="主题党日"),
        typed(cycle, 38, unit="乙镇党委", indicator="主题党日"),
    )
    assert [result.outcome for result in results] == ["saved", "refused", "saved"]
    assert Score.objects.count() == 2


def test_totals_follow_in_the_same_deed(cycle, staff):
    save(
        cycle,
        staff,
        typed(cycle, 55),
        typed(cycle, 38, indicator="主题党日"),
        typed(cycle, 9, unit="乙镇党委"),
    )
    finished, other = review_of(cycle, "甲镇党委"), review_of(cycle, "乙镇党委")
    assert (finished.state, finished.total, finished.missing) == (ReviewState.SCORED, Decimal(93), 0)
    assert (other.state, other.total, other.missing) == (ReviewState.UNSCORED, None, 1)


def test_an_indicator_may_not_apply(cycle, staff):
    save(cycle, staff, typed(cycle, 54), typed(cycle, "不适用", indicator="主题党日"))
    review = review_of(cycle, "甲镇党委")
    assert (review.total, review.denominator) == (Decimal(90), Decimal(60))


def test_a_score_may_be_taken_out_again(cycle, staff):
    give_total(cycle, "甲镇党委", 90)
    (result,) = save(cycle, staff, typed(cycle, "", version=1))
    assert (result.outcome, result.kept.text, result.kept.version) == (Outcome.SAVED, "", 2)
    assert (review_of(cycle, "甲镇党委").state, review_of(cycle, "甲镇党委").missing) == ("unscored", 1)


def test_a_colleagues_newer_value_stands_and_is_told(cycle, staff):
    colleague = somebody(Role.STAFF, cycle.host)
    save(cycle, colleague, typed(cycle, 50))
    (result,) = save(cycle, staff, typed(cycle, 51))
    assert result.outcome == Outcome.CONFLICT
    assert (result.kept.text, result.kept.version, result.kept.recorded_by) == ("50", 1, colleague.username)
    assert result.kept.recorded_at is not None
    assert Score.objects.get().points == 50


def test_having_seen_it_one_may_keep_ones_own(cycle, staff):
    save(cycle, somebody(Role.STAFF, cycle.host), typed(cycle, 50))
    (result,) = save(cycle, staff, typed(cycle, 51, version=1))
    assert (result.outcome, result.kept.version) == (Outcome.SAVED, 2)


def test_two_who_type_the_same_are_of_one_mind(cycle, staff):
    save(cycle, somebody(Role.STAFF, cycle.host), typed(cycle, 50))
    (result,) = save(cycle, staff, typed(cycle, "50.0"))
    assert (result.outcome, result.kept.version) == (Outcome.SAVED, 1)


def test_sending_again_what_was_saved_changes_nothing(cycle, staff):
    cells = [typed(cycle, 55), typed(cycle, "不适用", indicator="主题党日")]
    save(cycle, staff, *cells)
    before = kept_texts(cycle)
    assert [result.outcome for result in save(cycle, staff, *cells)] == ["saved", "saved"]
    assert kept_texts(cycle) == before


@pytest.mark.parametrize(("text", "reason"), [("50", "签到表不全"), ("51", ""), ("不适用", "")])
def test_the_reason_of_an_import_stays_with_its_points(cycle, staff, text, reason):
    score(cycle, "甲镇党委", {"三会一课": 50})
    Score.objects.update(reason="签到表不全")
    save(cycle, staff, typed(cycle, text, version=1))
    assert Score.objects.get().reason == reason


def test_where_deductions_make_the_points_nothing_is_typed(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 2)
    (refused,) = save(cycle, staff, typed(cycle, 60, version=1))
    assert (refused.outcome, refused.kept.is_derived, refused.kept.text) == (Outcome.REFUSED, True, "58")
    (same,) = save(cycle, staff, typed(cycle, 58))
    assert same.outcome == Outcome.SAVED


def test_another_hosts_cells_are_not_found(cycle, staff):
    other = opened_cycle(ready_host("丙镇党委"))
    foreign = typed(other, 50, unit="丙镇党委")
    mixed = TypedCell(typed(cycle, 0).review, foreign.indicator, "50", 0)
    assert [result.kept for result in save(cycle, staff, foreign, mixed)] == [None, None]
    assert not Score.objects.exists()


def test_a_closed_cycle_takes_nothing(cycle, staff):
    verify_cycle(cycle, by=staff, exempt_reason="免检")
    with pytest.raises(EntryClosed):
        save(cycle, staff, typed(cycle, 50))


@pytest.mark.parametrize("units", [1, 50])
def test_a_grid_costs_the_same_at_any_size(units, django_assert_max_num_queries):
    marks = {f"指标{number}": 5 for number in range(20)}
    cycle = opened_cycle(ready_host(*(f"第{number}镇党委" for number in range(units)), marks=marks))
    staff = somebody(Role.STAFF, cycle.host)
    keys = [
        (review.pk, indicator.pk)
        for review in cycle.reviews.select_related("rubric")
        for indicator in review.rubric.indicators.all()
    ]
    cells = [TypedCell(*key, "4.5", 0) for key in keys]
    with django_assert_max_num_queries(6):  # a savepoint opened and closed among them
        results = save_cells(cycle, cells, staff)
    assert [result.outcome for result in results] == ["saved"] * len(keys)
    assert {review.total for review in cycle.reviews.all()} == {Decimal(90)}


@pytest.mark.django_db(transaction=True)
def test_twenty_editors_of_one_row_lose_nothing(cycle):
    """Each insists on points of their own; whoever is told of newer ones has seen what they replace."""
    editors = [somebody(Role.STAFF, cycle.host) for _each in range(20)]
    cells = [typed(cycle, 0), typed(cycle, 0, indicator="主题党日")]

    def insist(number):
        written = []
        for cell in cells:
            seen = ("", 0)
            while True:
                mine = TypedCell(cell.review, cell.indicator, str(number), seen[1])
                (result,) = save_cells(cycle, [mine], editors[number])
                now = (result.kept.text, result.kept.version)
                if result.outcome == Outcome.SAVED:
                    break
                seen = now
            written.append((seen, now))
        return written

    histories = zip(*at_once(*(lambda number=number: insist(number) for number in range(20))), strict=True)
    for history in histories:
        steps = sorted(history, key=lambda step: step[1][1])
        assert [after[1] for _before, after in steps] == list(range(1, 21))
        assert [before for before, _after in steps[1:]] == [after for _before, after in steps[:-1]]
