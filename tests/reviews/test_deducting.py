"""Deductions recorded and withdrawn at the desk: points follow from those that count (rule 10)."""

from decimal import Decimal

import pytest

from organizations.models import Role
from reviews.deducting import (
    ReasonRefused,
    WithdrawalRefused,
    give_reason,
    record_deduction,
    withdraw_deduction,
)
from reviews.models import Deduction, Score
from reviews.publishing import verify_cycle
from reviews.recording import EntryClosed
from reviews.sheet import live_scores
from tests.factories.organizations import somebody
from tests.factories.reviews import give_total, indicator_of, opened_cycle, ready_host, review_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    cycle = opened_cycle(ready_host("甲镇党委"))
    give_total(cycle, "甲镇党委", 90)
    return cycle


@pytest.fixture
def staff(cycle):
    return somebody(Role.STAFF, cycle.host)


@pytest.fixture
def review(cycle):
    return review_of(cycle, "甲镇党委")


@pytest.fixture
def indicator(cycle):
    return indicator_of(cycle, "甲镇党委", "三会一课")


def record(review, indicator, staff, points=2, reason="缺签到表"):
    record_deduction(review, indicator, Decimal(points), reason=reason, by=staff)
    return Deduction.objects.latest("pk")


def score_of(review, indicator):
    return Score.objects.get(review=review, indicator=indicator)


def test_a_deduction_takes_the_place_of_what_was_typed(review, indicator, staff):
    record(review, indicator, staff)
    score = score_of(review, indicator)
    assert (score.points, score.origin, score.version) == (Decimal(58), "derived", 2)
    review.refresh_from_db()
    assert review.total == 88


def test_what_is_withdrawn_counts_no_more_but_stays_readable(review, indicator, staff):
    wrong = record(review, indicator, staff)
    record(review, indicator, staff, points=1)
    withdraw_deduction(wrong, reason="另一村的记录", by=staff)
    assert score_of(review, indicator).points == 59
    wrong.refresh_from_db()
    assert (wrong.withdrawal_reason, wrong.withdrawn_by) == ("另一村的记录", staff)
    assert [row["points"] for row in live_scores(review)[0]["deductions"]] == ["1"]


def test_with_the_last_one_gone_the_cell_waits_to_be_scored(review, indicator, staff):
    withdraw_deduction(record(review, indicator, staff), reason="记错单位", by=staff)
    score = score_of(review, indicator)
    assert (score.points, score.origin, score.version) == (None, "entered", 3)
    review.refresh_from_db()
    assert (review.total, review.missing) == (None, 1)


def test_a_second_click_withdraws_nothing_more(review, indicator, staff):
    wrong = record(review, indicator, staff)
    for _click in range(2):
        withdraw_deduction(wrong, reason="记错单位", by=staff)
    assert score_of(review, indicator).version == 3


def test_withdrawing_needs_a_reason(review, indicator, staff):
    with pytest.raises(WithdrawalRefused):
        withdraw_deduction(record(review, indicator, staff), reason=" ", by=staff)


def test_nothing_changes_once_entry_is_closed(cycle, review, indicator, staff):
    wrong = record(review, indicator, staff)
    verify_cycle(cycle, by=staff)
    with pytest.raises(EntryClosed):
        record(review, indicator, staff)
    with pytest.raises(EntryClosed):
        withdraw_deduction(wrong, reason="记错单位", by=staff)


class TestAReasonGivenLater:
    def test_it_says_who_gave_it_and_changes_no_points(self, review, indicator, staff):
        deduction = record(review, indicator, staff, reason="")
        before = score_of(review, indicator)
        give_reason(deduction, reason=" 缺\n签到表 ", by=staff)
        deduction.refresh_from_db()
        assert (deduction.reason, deduction.reason_given_by) == ("缺 签到表", staff)
        assert deduction.reason_given_at is not None
        assert score_of(review, indicator).version == before.version

    @pytest.mark.parametrize("reason", ["", " ", "\u200b"])
    def test_it_must_say_something(self, reason, review, indicator, staff):
        with pytest.raises(ReasonRefused):
            give_reason(record(review, indicator, staff, reason=""), reason=reason, by=staff)

    def test_a_reason_that_is_there_is_never_replaced(self, review, indicator, staff):
        deduction = record(review, indicator, staff)
        with pytest.raises(ReasonRefused):
            give_reason(deduction, reason="别的", by=staff)
        deduction.refresh_from_db()
        assert (deduction.reason, deduction.reason_given_at) == ("缺签到表", None)

    def test_what_was_withdrawn_needs_none(self, review, indicator, staff):
        deduction = record(review, indicator, staff, reason="")
        withdraw_deduction(deduction, reason="误录", by=staff)
        with pytest.raises(ReasonRefused):
            give_reason(deduction, reason="迟了", by=staff)

    def test_not_once_entry_is_closed(self, cycle, review, indicator, staff):
        deduction = record(review, indicator, staff, reason="")
        verify_cycle(cycle, by=staff)
        with pytest.raises(EntryClosed):
            give_reason(deduction, reason="迟了", by=staff)
