"""Long sheets: a row for each deduction or score."""

from datetime import date
from decimal import Decimal

import pytest

from reviews.importing.checks import HeldDeduction, RecordedDeduction, merge_deductions
from tests.reviews.importing.expectations import (
    check,
    check_rows,
    entered,
    expected,
    problems,
    sheet,
)
from workbooks.cells import UNCALCULATED, ErrorValue, Place
from workbooks.sheets import Block

pytestmark = pytest.mark.usefixtures("in_english")

HEADER = ["单位", "指标", "得分", "扣分", "扣分原因"]
HALF, ONE = Decimal("0.5"), Decimal(1)


def taken(checked):
    return [(item.review, item.indicator, item.points, item.reason) for item in checked.deductions]


def long(*rows, **options):
    return check_rows([HEADER, *rows], **options)


def test_a_row_with_a_deduction_is_a_deduction():
    checked = long(["甲镇党委", "三会一课", 9.5, 0.5, "记录不完整"])
    assert problems(checked) == []
    assert taken(checked) == [(1, 11, HALF, "记录不完整")]
    assert checked.deductions[0].where == Place("表", 2, 4)
    assert checked.scores == ()


def test_a_row_without_a_deduction_is_a_score_with_its_reason():
    checked = long(
        ["甲镇党委", "三会一课", 9.5, None, "记录较好"], ["丙乡党委", "三会一课", "不适用", None, "无支部"]
    )
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): Decimal("9.5"), (3, 11): None}
    assert [score.reason for score in checked.scores] == ["记录较好", "无支部"]


@pytest.mark.parametrize(
    "header",
    [
        ["扣分原因", "扣分", "指标", "得分", "单位"],
        ["原因", "扣 分", "指标", "得分", "单位名称"],
        ["备注", "扣分", "指标", "得分", "单位"],
    ],
)
def test_columns_may_stand_in_any_order(header):
    checked = check_rows([["扣分明细"], header, ["记录不全", 0.5, "三会一课", 9.5, "甲镇党委"]])
    assert problems(checked) == []
    assert taken(checked) == [(1, 11, HALF, "记录不全")]


def test_a_remark_gives_the_reason_only_where_there_is_no_other():
    rows = [
        ["备注", "单位", "指标", "扣分", "扣分原因"],
        ["已反馈", "甲镇", "三会一课", 0.5, "缺"],
        ["迟交", "甲镇", "主题党日", 1],
    ]
    assert [item.reason for item in check_rows(rows).deductions] == ["缺", "迟交"]


def test_an_indicator_may_state_its_full_marks():
    assert problems(long(["甲镇党委", "三会一课（10分）", None, 0.5])) == []
    assert "12 points here, 10 in the rubric" in problems(long(["甲镇党委", "三会一课（12分）", None, 1]))[0]


def test_several_deductions_add_up_to_what_the_score_says():
    checked = long(["甲镇党委", "三会一课", 8.5, 0.5, "一"], ["甲镇党委", "三会一课", 8.5, 1, "二"])
    assert problems(checked) == []
    assert len(checked.deductions) == 2


def test_two_equal_deductions_of_one_file_both_count():
    rows = [["甲镇党委", "三会一课", 9, 0.5, "缺会议"], ["甲镇党委", "三会一课", 9, 0.5, "缺会议"]]
    assert problems(long(*rows)) == []


def test_a_score_that_all_deductions_do_not_leave_is_a_problem():
    checked = long(["甲镇党委", "三会一课", 9.5, 0.5, "一"], ["甲镇党委", "三会一课", 9, 1, "二"])
    assert problems(checked) == [
        "“表” row 2, column C: The score is given as 9.5, but the deductions of this indicator leave 8.5.",
        "“表” row 3, column C: The score is given as 9, but the deductions of this indicator leave 8.5.",
    ]


def test_points_never_fall_below_zero():
    rows = [["甲镇党委", "主题党日", 0, 5, "一"], ["甲镇党委", "主题党日", 0, 6, "二"]]
    assert problems(long(*rows)) == []


def test_points_never_fall_below_what_the_cap_protects():
    rows = [["甲镇党委", "软弱涣散党组织整顿", 4, 3, "一"], ["甲镇党委", "软弱涣散党组织整顿", 4, 3, "二"]]
    assert problems(long(*rows)) == []
    assert len(problems(long(["甲镇党委", "软弱涣散党组织整顿", 3, 5, "一"]))) == 1


# --- Importing again -----------------------------------------------------------------------------


def test_a_deduction_recorded_already_counts_once():
    against = expected({(1, 11): (HeldDeduction(HALF, "记录不全"),)})
    checked = long(["甲镇党委", "三会一课", 9.5, 0.5, "记录不全"], against=against)
    assert problems(checked) == []
    assert len(checked.deductions) == 1


def test_recorded_and_new_deductions_add_up():
    against = expected({(1, 11): (HeldDeduction(HALF, "记录不全"),)})
    assert problems(long(["甲镇党委", "三会一课", 8.5, 1, "迟交"], against=against)) == []
    assert len(problems(long(["甲镇党委", "三会一课", 9, 1, "迟交"], against=against))) == 1


def test_of_two_equal_rows_one_may_be_recorded_already():
    against = expected({(1, 11): (HeldDeduction(HALF, "缺会议"),)})
    rows = [["甲镇党委", "三会一课", 9, 0.5, "缺会议"]] * 2
    assert problems(long(*rows, against=against)) == []


def test_merging_adds_what_is_not_recorded_yet():
    def deduction(points, reason):
        return RecordedDeduction(1, 11, points, reason, Place("表", 2, 4))

    rows = (deduction(HALF, "一"), deduction(HALF, "一"), deduction(ONE, "一"), deduction(HALF, "二"))
    held = (HeldDeduction(Decimal("0.50"), "一"), HeldDeduction(ONE, "三"))
    assert merge_deductions(held, rows) == rows[1:]
    assert merge_deductions([], rows) == rows
    assert merge_deductions([HeldDeduction(item.points, item.reason) for item in rows], rows) == ()


def test_line_breaks_in_a_reason_make_no_second_deduction():
    against = expected({(1, 11): (HeldDeduction(HALF, "一是 二是"),)})
    assert problems(long(["甲镇党委", "三会一课", 9.5, 0.5, "一是\n二是"], against=against)) == []


@pytest.mark.parametrize("value", [(None, 0.5), (9.5, None)])
def test_a_reason_longer_than_can_be_kept_is_a_problem_at_its_cell(value):
    assert problems(long(["甲镇党委", "三会一课", *value, "缺" * 500])) == []
    (problem,) = problems(long(["甲镇党委", "三会一课", *value, "缺" * 501]))
    assert problem.startswith("“表” row 2, column E: “缺缺")
    assert problem.endswith("has 501 characters; a reason has at most 500.")


# --- Scores and deductions together --------------------------------------------------------------


def test_the_same_score_twice_names_the_first_place():
    checked = long(["甲镇党委", "三会一课", 9], ["甲镇", "三会一课", 9])
    assert problems(checked) == [
        "“表” row 3, column C: This unit's score for the indicator is given already: “表” row 2, column C."
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_a_score_and_a_deduction_of_one_indicator_is_a_problem(order):
    rows = [["甲镇党委", "三会一课", 9.5], ["甲镇党委", "三会一课", None, 0.5]][::order]
    assert ["Give one or the other" in problem for problem in problems(long(*rows))] == [True]


def test_a_wide_sheet_may_stand_beside_the_deductions_it_follows_from():
    wide = sheet([["单位", "三会一课", "主题党日", "合计"], ["甲镇党委", 9.5, 8, 17.5]], name="得分")
    deductions = sheet([HEADER, ["甲镇党委", "三会一课", None, 0.5, "缺"]], name="扣分")
    checked = check(wide, deductions)
    assert problems(checked) == []
    assert entered(checked) == {(1, 12): 8}


def test_a_wide_sheet_that_contradicts_the_deductions_is_a_problem():
    wide = sheet([["单位", "三会一课"], ["甲镇党委", 9]], name="得分")
    deductions = sheet([HEADER, ["甲镇党委", "三会一课", None, 0.5, "缺"]], name="扣分")
    assert [problem.where for problem in check(wide, deductions).problems] == [Place("得分", 2, 2)]


def test_a_deduction_that_cannot_be_read_is_told_once():
    checked = long(["甲镇党委", "三会一课", 9.5, "半分", "一"], ["甲镇党委", "三会一课", 9, 0.5, "二"])
    assert [problem.where for problem in checked.problems] == [Place("表", 2, 4)]


# --- Refused cells -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0, "takes nothing off"),
        ("0", "takes nothing off"),
        (-0.5, "is negative"),
        (0.3, "between two steps"),
        (10.5, "above the full marks"),
        ("不适用", "is not a number"),
        ("/", "is not a number"),
        (True, "is not a number"),
        (date(2018, 9, 5), "holds a date"),
        (ErrorValue("#REF!"), "#REF!"),
    ],
)
def test_a_deduction_that_is_not_allowed_is_refused_with_its_range(value, message):
    (problem,) = long(["甲镇党委", "三会一课", None, value]).problems
    assert problem.where == Place("表", 2, 4)
    assert message in problem.message
    assert "above 0, at most 10, in steps of 0.5" in problem.message


@pytest.mark.parametrize("column", ["得分", "扣分"])
def test_a_formula_without_a_result_is_refused(column):
    row = ["甲镇党委", "三会一课", *((UNCALCULATED, 1) if column == "得分" else (9, UNCALCULATED))]
    assert "Open the file in Excel or WPS" in problems(long(row))[0]


@pytest.mark.parametrize("score", [10.5, -1, 9.3, "优"])
def test_a_score_beside_a_deduction_must_be_points_too(score):
    assert [problem.where for problem in long(["甲镇党委", "三会一课", score, 0.5]).problems] == [
        Place("表", 2, 3)
    ]


def test_what_does_not_apply_cannot_lose_points():
    assert "does not apply" in problems(long(["甲镇党委", "三会一课", "不适用", 0.5]))[0]


def test_a_row_with_neither_value_is_a_problem():
    checked = long(["甲镇党委", "三会一课", None, None, "记录不全"])
    assert problems(checked) == ["“表” row 2, column B: The row has neither a score nor a deduction."]


def test_a_row_without_an_indicator_is_a_problem():
    checked = long(["甲镇党委", None, 9])
    assert problems(checked) == ["“表” row 2, column B: The row names no indicator."]


def test_an_unknown_indicator_is_a_problem_that_guesses():
    assert problems(long(["甲镇党委", "三会壹课", 9])) == [
        "“表” row 2, column B: “三会壹课” is not an indicator of the rubric. Did you mean “三会一课”?"
    ]


def test_an_indicator_of_another_group_is_a_problem():
    assert problems(long(["甲镇党委", "结对帮扶", 8])) == [
        "“表” row 2, column B: “结对帮扶” is not an indicator of the rubric for “乡镇（街道）”."
    ]


def test_an_unknown_unit_is_a_problem_that_guesses():
    assert problems(long(["丙乡党委会", "三会一课", 9])) == [
        "“表” row 2, column A: “丙乡党委会” is not on this quarter's roster. Did you mean “丙乡党委”?"
    ]


# --- Merged and closing rows ---------------------------------------------------------------------


def test_a_merged_unit_and_indicator_count_for_every_row():
    rows = [
        ["甲镇党委", "三会一课", 8.5, 0.5, "一"],
        [None, None, None, 1, "二"],
        [None, "主题党日", 7, 1, "三"],
    ]
    checked = long(*rows, merged=[Block(2, 1, 4, 1), Block(2, 2, 3, 2), Block(2, 3, 3, 3)])
    assert problems(checked) == []
    assert [(item.indicator, item.points) for item in checked.deductions] == [
        (11, HALF),
        (11, ONE),
        (12, ONE),
    ]


def test_a_unit_written_only_in_its_first_row_counts_for_those_directly_below():
    checked = long(
        ["甲镇党委", "三会一课", 9], [None, "主题党日", 8], ["丙乡党委", "三会一课", 7], [None, "主题党日", 6]
    )
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9, (1, 12): 8, (3, 11): 7, (3, 12): 6}


@pytest.mark.parametrize(
    "rows",
    [
        [["甲镇党委", "三会一课", 9], [], [None, "主题党日", 8]],
        [["甲镇党委", "三会一课", 9], ["合计", None, 9], [None, "主题党日", 8]],
        [["甲镇党委", "三会一课", 9], [None, None, 8]],
        [[None, "三会一课", 9], ["甲镇党委", "主题党日", 8]],
        [["甲镇党委", "三会一课", 9], ["甲镇党委", "主题党日", 8], [None, "软弱涣散党组织整顿", 8]],
    ],
    ids=["blank row", "sum", "no indicator", "nothing above", "units are repeated"],
)
def test_a_blank_unit_that_may_have_been_forgotten_is_a_problem(rows):
    assert ["names no unit" in problem for problem in problems(long(*rows))] == [True]


def test_a_reason_does_not_make_a_sum_of_a_row_without_a_unit():
    checked = long(["甲镇党委", "三会一课", 9], [], [None, "主题党日", None, 1, "两次合计"])
    assert ["names no unit" in problem for problem in problems(checked)] == [True]


def test_nobodys_rows_go_to_the_unit_above_an_unknown_one():
    checked = long(["甲镇党委", "三会一课", 9], ["某某大学", "三会一课", 9], [None, "主题党日", 8])
    assert entered(checked) == {(1, 11): 9}
    assert len(checked.problems) == 2


def test_nothing_deducted_beside_full_marks_is_a_score_of_full_marks():
    checked = long(["甲镇党委", "三会一课", 10, 0])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 10}


@pytest.mark.parametrize("score", [None, 9.5])
def test_nothing_deducted_without_full_marks_is_a_problem(score):
    assert "takes nothing off" in problems(long(["甲镇党委", "三会一课", score, 0]))[0]


def test_a_negative_deduction_is_refused_with_what_to_write():
    assert "“-0.5” is negative; write 0.5." in problems(long(["甲镇党委", "三会一课", None, -0.5]))[0]


@pytest.mark.parametrize("word", ["考核内容", "考核指标", "扣分项目", "督查内容", "指标名称", "项目"])
@pytest.mark.parametrize("lost", ["扣分", "扣分（分）", "扣分值"])
def test_a_long_sheet_may_call_its_columns_otherwise(word, lost):
    checked = check_rows([["被督查单位", word, lost], ["甲镇党委", "1.三会一课（10分）", "0.5分"]])
    assert problems(checked) == []
    assert taken(checked) == [(1, 11, HALF, "")]


def test_sections_stand_beside_the_indicators_of_a_long_sheet():
    checked = check_rows(
        [["单位", "考核项目", "考核内容", "扣分"], ["甲镇党委", "基础工作", "三会一课", 0.5]]
    )
    assert problems(checked) == []
    assert taken(checked) == [(1, 11, HALF, "")]


@pytest.mark.parametrize("word", ["小计", "合计"])
def test_a_units_sum_in_a_long_sheet_is_passed_over(word):
    rows = [["甲镇党委", "三会一课", 9], [None, word, 9], ["丙乡党委", "三会一课", 8]]
    checked = long(*rows, merged=[Block(2, 1, 3, 1)])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9, (3, 11): 8}


@pytest.mark.parametrize(
    "footer", [["合计", None, 900, 12], ["填表人：张三"], [None, "审核：李四"], HEADER, []]
)
def test_what_closes_the_table_is_no_row(footer):
    checked = long(["甲镇党委", "三会一课", 9], footer)
    assert problems(checked) == []
    assert len(checked.scores) == 1


def test_a_title_of_another_quarter_is_a_problem():
    checked = check_rows([["2018年第二季度扣分明细"], HEADER, ["甲镇党委", "三会一课", 9]])
    assert [problem.where for problem in checked.problems] == [Place("表", 1, 1)]
