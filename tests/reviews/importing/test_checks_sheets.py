"""Which sheets and tables are read, what their titles say, and what is recorded already."""

from decimal import Decimal

import pytest

from reviews.importing.checks import HeldDeduction
from tests.reviews.importing.expectations import (
    SYSTEMS,
    check,
    check_rows,
    entered,
    expected,
    notes,
    problems,
    sheet,
)
from workbooks.cells import Place

pytestmark = pytest.mark.usefixtures("in_english")

HEADER = [
    "序号",
    "单位",
    "三会一课（10分）",
    "主题党日（8分）",
    "软弱涣散党组织整顿（8分）",
    "合计",
    "名次",
    "备注",
]


def row(name, *points):
    return [1, name, *points]


def test_a_sheet_is_read_for_its_units_whatever_its_title():
    checked = check_rows([["系统单位得分表"], HEADER, row("甲镇党委", 9)], name=SYSTEMS)
    assert entered(checked) == {(1, 11): 9}


def test_a_sheet_without_a_table_is_noted():
    checked = check(sheet([HEADER, row("甲镇党委", 9, 8, 7)]), sheet([["一、填表说明"]], name="说明"))
    assert problems(checked) == []
    assert notes(checked) == ["Sheet “说明”: The sheet has no heading row of a score table and was not read."]


def test_a_list_of_totals_beside_the_scores_is_not_read_as_scores():
    totals = sheet([["名次", "单位", "总分"], [1, "甲镇党委", 24]], name="排名")
    assert problems(check(sheet([HEADER, row("甲镇党委", 9, 8, 7)]), totals)) == []


def test_a_hidden_sheet_is_noted_and_not_read():
    checked = check(
        sheet([HEADER, row("甲镇党委", 9, 8, 7)]), sheet([HEADER, row("丙乡党委", 1)], name="旧", hidden=True)
    )
    assert {review for review, _indicator in entered(checked)} == {1}
    assert notes(checked) == ["Sheet “旧”: The sheet is hidden and was not read."]


def test_the_choices_of_our_own_template_are_passed_over_in_silence():
    choices = sheet([["甲镇党委", "三会一课"]], name="选项", hidden=True)
    assert notes(check(sheet([HEADER, row("甲镇党委", 9, 8, 7)]), choices)) == []


def test_a_list_that_nobody_filled_in_needs_no_note():
    empty = sheet([["单位", "指标", "扣分", "扣分原因"]], name="扣分")
    assert notes(check(sheet([HEADER, row("甲镇党委", 9, 8, 7)]), empty)) == []


def test_no_table_at_all_is_a_problem_that_says_what_was_looked_for():
    (problem,) = check_rows([["一", "二"], ["三", 4]]).problems
    assert problem.where is None
    assert "单位" in problem.message
    assert "扣分" in problem.message


@pytest.mark.parametrize("title", ["2018年第一季度得分表", "2018年度第1季度督查得分", "2018Q1 得分"])
def test_a_title_of_another_quarter_is_a_problem(title):
    checked = check_rows([[title], HEADER, row("甲镇党委", 9)])
    assert [problem.where for problem in checked.problems] == [Place("表", 1, 1)]
    assert "2018年第一季度" in checked.problems[0].message
    assert "2018年第三季度" in checked.problems[0].message


def test_a_sheet_named_for_another_quarter_is_a_problem():
    assert [
        problem.where for problem in check_rows([HEADER, row("甲镇党委", 9)], name="2018Q2").problems
    ] == [Place("2018Q2")]


def test_the_file_name_counts_only_where_no_title_names_a_quarter():
    rows = [HEADER, row("甲镇党委", 9)]
    assert len(check_rows(rows, file_name="2018年第二季度.xlsx").problems) == 1
    assert problems(check_rows([["2018年第三季度"], *rows], file_name="2018年第二季度.xlsx")) == []
    assert problems(check_rows(rows, file_name="2018Q3.xlsx")) == []
    assert problems(check_rows(rows, file_name="得分.xlsx")) == []


def test_a_title_split_over_two_cells_directly_above_the_header_is_still_a_title():
    checked = check_rows([["填报单位：区委组织部", None, "2018年第二季度"], HEADER, row("甲镇党委", 9)])
    assert [problem.where for problem in checked.problems] == [Place("表", 1, 3)]


def test_tables_stacked_in_one_sheet_each_keep_their_own_columns():
    rows = [
        ["2018年第三季度乡镇得分表"],
        ["单位", "三会一课（10分）", "主题党日（8分）"],
        ["甲镇党委", 9, 8],
        ["平均分", 9, 8],
        [],
        ["2018年第三季度系统单位得分表"],
        ["单位", "结对帮扶（8分）", "三会一课（12分）"],
        ["区林业局", 7, 11.5],
    ]
    checked = check_rows(rows)
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9, (1, 12): 8, (4, 22): 7, (4, 21): Decimal("11.5")}


def test_the_title_of_a_second_table_is_looked_at_too():
    rows = [["2018年第三季度"], HEADER, row("甲镇党委", 9), ["2018年第二季度"], HEADER, row("丙乡党委", 9)]
    assert [problem.where for problem in check_rows(rows).problems] == [Place("表", 4, 1)]


def test_a_remark_about_another_quarter_is_no_title():
    rows = [HEADER, row("甲镇党委", 9, None, None, None, 1, "2018年第二季度已整改")]
    assert problems(check_rows(rows)) == []


# --- Recorded deductions -------------------------------------------------------------------------


def test_a_score_that_recorded_deductions_leave_is_not_entered_again():
    against = expected({(1, 11): (HeldDeduction(Decimal("0.5"), "记录不全"),)})
    checked = check_rows([HEADER, row("甲镇党委", 9.5, 8)], against=against)
    assert problems(checked) == []
    assert entered(checked) == {(1, 12): 8}


def test_a_score_that_contradicts_recorded_deductions_is_a_problem():
    against = expected({(1, 11): (HeldDeduction(Decimal("0.5"), "记录不全"),)})
    checked = check_rows([HEADER, row("甲镇党委", 9, 8)], against=against)
    assert problems(checked) == [
        "“表” row 2, column C: 甲镇党委, 三会一课: the points follow from deductions, 1 of them, "
        "0.5 points in all: 0.5 (记录不全). They leave 9.5, but the file says 9. "
        "Change the deductions, not the score. The deductions held were recorded by hand, not imported."
    ]


def test_an_indicator_with_recorded_deductions_cannot_be_said_not_to_apply():
    against = expected({(1, 11): (HeldDeduction(Decimal("0.5"), ""),)})
    assert "does not apply" in problems(check_rows([HEADER, row("甲镇党委", "不适用")], against=against))[0]
