"""What is said of deductions that the cycle holds and the file changes, lacks or adds to."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reviews.importing.checks import HeldDeduction
from tests.reviews.importing.expectations import check_rows, expected, notes, problems

pytestmark = pytest.mark.usefixtures("in_english")

HEADER = ["单位", "指标", "得分", "扣分", "扣分原因"]
FILE = "扣分.xlsx"
LACKING = "Deductions that the cycle holds and the file does not list: {}. They stay."


def held(points, reason="记录不全", source=FILE):
    return HeldDeduction(Decimal(str(points)), reason, source)


def long(*rows, recorded, file_name=""):
    return check_rows([HEADER, *rows], against=expected(recorded), file_name=file_name)


# --- A corrected row -----------------------------------------------------------------------------


def test_a_corrected_row_is_told_what_is_held_and_which_import_to_undo():
    checked = long(["甲镇党委", "三会一课", 8, 2, "记录不全"], recorded={(1, 11): (held(1),)})
    assert problems(checked) == [
        "“表” row 2, column C: 甲镇党委, 三会一课: the cycle already holds deductions of 1 (记录不全). With "
        "those of this file, 3 points are taken off, so the score should be 7, but the file says 8. "
        "To correct this, undo the import of 扣分.xlsx first, then import the new file."
    ]


def test_every_import_that_the_held_deductions_came_from_is_named_once():
    recorded = {(1, 11): (held(1), held(2, "二"), held(1, "三", "补充.xlsx"))}
    (problem,) = problems(long(["甲镇党委", "三会一课", 9, 1, "四"], recorded=recorded))
    assert "undo the import of 扣分.xlsx、补充.xlsx first" in problem


def test_deductions_recorded_by_hand_are_told_apart_from_imported_ones():
    by_hand = held(1, "", "")
    (problem,) = problems(long(["甲镇党委", "三会一课", 9, 1, "四"], recorded={(1, 11): (by_hand,)}))
    assert "deductions of 1 (no reason given)" in problem
    assert problem.endswith("The deductions held were recorded by hand, not imported.")
    (problem,) = problems(long(["甲镇党委", "三会一课", 9, 1, "四"], recorded={(1, 11): (by_hand, held(1))}))
    assert "undo the import of 扣分.xlsx first" in problem
    assert problem.endswith("Part of the deductions held was recorded by hand.")


def test_of_many_held_deductions_the_first_are_quoted_and_all_counted():
    recorded = {(1, 11): tuple(held(1, reason) for reason in "一二三四五")}
    (problem,) = problems(long(["甲镇党委", "三会一课", 9, 1, "六"], recorded=recorded))
    assert "1 (一)、1 (二)、1 (三) and others, 5 in all" in problem
    assert "四" not in problem


def test_a_file_that_contradicts_itself_is_told_so_without_the_cycle():
    (problem,) = problems(long(["甲镇党委", "三会一课", 8, 1, "一"], recorded={(1, 12): (held(1),)}))
    assert problem.endswith("The score is given as 8, but the deductions of this indicator leave 9.")


def test_a_typed_score_beside_deductions_names_unit_indicator_and_what_was_taken():
    recorded = {(1, 11): (held(1), held("0.5", "迟交"))}
    (problem,) = problems(
        check_rows([["单位", "三会一课（10分）"], ["甲镇党委", 9]], against=expected(recorded))
    )
    assert "甲镇党委, 三会一课: the points follow from deductions, 2 of them, 1.5 points in all" in problem
    assert "They leave 8.5, but the file says 9. Change the deductions, not the score." in problem
    assert "undo the import of 扣分.xlsx" in problem


# --- A row that is gone --------------------------------------------------------------------------


def test_a_row_that_the_file_no_longer_lists_is_noted_by_unit_and_indicator_and_stays():
    recorded = {(1, 11): (held(1, "一"), held(2, "二"))}
    checked = long(["甲镇党委", "三会一课", 7, 1, "一"], recorded=recorded)
    assert problems(checked) == []
    assert notes(checked) == [
        LACKING.format(1),
        "“表” row 2, column D: 甲镇党委, 三会一课: the cycle also holds deductions of 2 (二); they stay.",
    ]


def test_another_indicator_of_a_unit_that_is_listed_is_counted():
    recorded = {(1, 11): (held(1, "一"),), (1, 12): (held(1, "二"), held(1, "三"))}
    assert notes(long(["甲镇党委", "三会一课", 9, 1, "一"], recorded=recorded)) == [LACKING.format(2)]


def test_a_unit_that_the_file_dropped_is_counted_where_a_file_of_this_name_was_imported():
    recorded = {(1, 11): (held(1, "一"),), (3, 11): (held(1, "二"), held(1, "三", "另一份.xlsx"))}
    row = ["甲镇党委", "三会一课", 9, 1, "一"]
    assert notes(long(row, recorded=recorded, file_name=FILE)) == [LACKING.format(1)]
    assert notes(long(row, recorded=recorded)) == []


def test_a_file_that_lists_all_that_is_held_gives_no_note():
    recorded = {(1, 11): (held(1, "一"), held(1, "一"))}
    row = ["甲镇党委", "三会一课", 8, 1, "一"]
    assert notes(long(row, row, recorded=recorded, file_name=FILE)) == []


@pytest.mark.parametrize("reasons", [["缺签到表", ""], ["", "缺签到表"], ["缺签到表", "缺签到表"]])
def test_a_reason_given_later_is_known_in_a_file_with_it_and_without(reasons):
    late = replace(held(1, "缺签到表"), reason_came_later=True)
    rows = [["甲镇党委", "三会一课", 8, 1, reason] for reason in reasons]
    checked = long(*rows, recorded={(1, 11): (late, held(1, "缺签到表"))}, file_name=FILE)
    assert (problems(checked), notes(checked)) == ([], [])


def test_a_score_table_says_nothing_of_the_deductions_it_cannot_list():
    rows = [["单位", "三会一课（10分）", "主题党日", "软弱涣散党组织整顿"], ["甲镇党委", 9, 8, 8]]
    checked = check_rows(rows, against=expected({(1, 11): (held(1),)}), file_name=FILE)
    assert (problems(checked), notes(checked)) == ([], [])


# --- A cap ---------------------------------------------------------------------------------------

CAPPED = ["单位", "三会一课（10分）", "主题党日", "软弱涣散党组织整顿"]  # of 8 points, at most 4 are lost


def test_typed_points_below_what_the_cap_protects_are_noted_and_entered():
    checked = check_rows([CAPPED, ["甲镇党委", 9, 8, 3]])
    assert problems(checked) == []
    assert len(checked.scores) == 3
    assert notes(checked) == [
        "“表” row 2, column D: 甲镇党委, 软弱涣散党组织整顿: 3 loses more than the 4 points that the "
        "indicator may lose at most; it will be recorded as given."
    ]


@pytest.mark.parametrize("value", [4, 8, "不适用", None])
def test_points_that_the_cap_allows_are_not_noted(value):
    assert notes(check_rows([CAPPED, ["甲镇党委", 9, 8, value]])) == []
