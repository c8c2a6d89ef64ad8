"""Whatever a cell holds, checking ends in points that the rubric allows or in a problem, never a crash."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.scoring import check_points
from tests.reviews.importing.expectations import RUBRICS, TOWNS, check, check_rows, sheet
from workbooks.cells import UNCALCULATED, ErrorValue
from workbooks.values import text_value

pytestmark = pytest.mark.usefixtures("in_english")

NUMBER_LIKE = st.text("0123456789.,。．-－+_eE ０５９分/％%", min_size=1, max_size=8)
TEXTS = st.one_of(
    NUMBER_LIKE, st.text(max_size=12), st.sampled_from(["不适用", "缺", "—", "sNaN", "Infinity"])
)
VALUES = st.one_of(
    TEXTS.map(text_value),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.integers(-20, 20).map(lambda halves: Decimal(halves) / 2),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.sampled_from([None, UNCALCULATED, ErrorValue("#REF!")]),
)
INDICATORS = {indicator.indicator: indicator for indicator in RUBRICS[TOWNS]}
WORDS = st.sampled_from(
    [
        "单位",
        "指标",
        "得分",
        "扣分",
        "扣分原因",
        "合计",
        "三会一课（10分）",
        "主题党日",
        "甲镇党委",
        "丙乡",
        "填表人：",
        "满分",
        None,
    ]
)


def is_allowed(score):
    indicator = INDICATORS[score.indicator]
    return not score.applies or check_points(score.points, indicator.full_marks, indicator.step) is None


@given(value=VALUES)
def test_a_wide_cell_gives_allowed_points_or_one_problem(value):
    checked = check_rows([["单位", "三会一课"], ["甲镇党委", value]])
    assert len(checked.scores) + len(checked.problems) == (0 if value is None else 1)
    assert all(map(is_allowed, checked.scores))


@given(score=VALUES, deduction=VALUES)
def test_a_long_row_gives_a_score_a_deduction_or_a_problem(score, deduction):
    checked = check_rows([["单位", "指标", "得分", "扣分"], ["甲镇党委", "三会一课", score, deduction]])
    assert checked.scores or checked.deductions or checked.problems
    assert all(map(is_allowed, checked.scores))
    assert all(item.points > 0 for item in checked.deductions)


@given(rows=st.lists(st.lists(st.one_of(WORDS, VALUES), max_size=6), max_size=8))
def test_any_table_at_all_is_checked_without_a_crash(rows):
    checked = check(sheet(rows))
    assert checked.scores or checked.deductions or checked.problems or checked.notes or not any(rows)


@given(rows=st.permutations([["甲镇党委", 9, 8], ["丙乡党委", 9.5, 8], ["乙镇党委", 10, 7.5]]))
def test_the_order_of_rows_changes_no_score(rows):
    checked = check_rows([["单位", "三会一课", "主题党日"], *rows])
    assert {(score.review, score.indicator, score.points) for score in checked.scores} == {
        (1, 11, 9), (1, 12, 8), (3, 11, Decimal("9.5")), (3, 12, 8), (2, 11, 10), (2, 12, Decimal("7.5"))
    }  # fmt: skip
