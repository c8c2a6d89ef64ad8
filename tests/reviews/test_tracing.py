"""A deduction that was published leads to the row that it was copied from."""

from decimal import Decimal

from django.utils import timezone

from reviews.models import Deduction
from reviews.reports import facts
from reviews.tracing import matched


def frozen(points: str, reason: str = "") -> facts.Deduction:
    return facts.Deduction(Decimal(points), reason)


def kept(points: str, reason: str = "", *, given_later: bool = False) -> Deduction:
    at = timezone.now() if given_later else None
    return Deduction(points=Decimal(points), reason=reason, reason_given_at=at)


def test_points_and_reason_tell_which_row_it_was():
    rows = [kept("1", "缺签到表"), kept("2", "缺签到表"), kept("1", "记录不全")]
    assert matched([frozen("1.0000", "记录不全"), frozen("2", "缺签到表")], rows) == [rows[2], rows[1]]


def test_equal_deductions_lead_to_one_row_each():
    rows = [kept("1", "缺签到表"), kept("1", "缺签到表")]
    found = matched([frozen("1", "缺签到表")] * 3, rows)
    assert found[0] is rows[0]
    assert found[1] is rows[1]
    assert found[2] is None


def test_a_reason_that_was_given_since_is_no_other_deduction():
    row = kept("1", "缺签到表", given_later=True)
    assert matched([frozen("1")], [row]) == [row]
    assert matched([frozen("1")], [kept("1", "缺签到表")]) == [None]


def test_a_reason_is_compared_as_it_prints():
    row = kept("1", " 缺\u200b签到表\n")
    assert matched([frozen("1", "缺签到表")], [row]) == [row]
