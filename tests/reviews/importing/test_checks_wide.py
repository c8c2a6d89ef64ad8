"""Wide sheets: a row for each unit, a column for each indicator."""

from datetime import date
from decimal import Decimal

import pytest

from reviews.importing.checks import HeldDeduction
from tests.reviews.importing.expectations import (
    SYSTEMS,
    TOWNS,
    UNITS,
    check,
    check_rows,
    entered,
    expected,
    notes,
    problems,
    sheet,
    unit,
)
from workbooks.cells import UNCALCULATED, ErrorValue, Place
from workbooks.sheets import Block

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


def row(name, *points, number=1):
    return [number, name, *points]


def with_cell(value):
    return [HEADER, row("甲镇党委", value, 8, 7)]


def test_scores_are_given_by_unit_and_indicator_with_their_place():
    checked = check_rows(
        [["2018年第三季度得分表"], HEADER, row("甲镇党委", 9.5, 8, 7), row("丙乡党委", 10, 7.5, 0)]
    )
    assert problems(checked) == []
    assert entered(checked) == {
        (1, 11): Decimal("9.5"),
        (1, 12): 8,
        (1, 13): 7,
        (3, 11): 10,
        (3, 12): Decimal("7.5"),
        (3, 13): 0,
    }
    assert checked.scores[0].where == Place("表", 3, 3)
    assert all(score.applies for score in checked.scores)


@pytest.mark.parametrize("name", ["甲镇", " 甲 镇\n党委 ", "甲镇黨委".replace("黨", "党"), "甲镇党委\u3000"])
def test_a_unit_is_found_by_any_of_its_names_however_typed(name):
    assert entered(check_rows([HEADER, row(name, 9)])) == {(1, 11): 9}


def test_a_unit_is_found_by_its_former_name():
    assert entered(check_rows([HEADER, row("乙镇党委", 9)])) == {(2, 11): 9}


def test_a_present_full_name_goes_before_what_another_unit_was_called():
    renamed = unit(1, TOWNS, "甲街道党工委", "甲镇党委", "甲镇")
    founded = unit(2, TOWNS, "甲镇党委")
    for units in ((renamed, founded), (founded, renamed)):
        assert entered(check_rows([HEADER, row("甲镇党委", 9)], against=expected(units=units))) == {
            (2, 11): 9
        }


def test_blank_cells_are_not_scored():
    assert entered(check_rows([HEADER, row("甲镇党委", None, 8, None), row("丙乡党委")])) == {(1, 12): 8}


@pytest.mark.parametrize("text", ["不适用", " 不适用 ", "不 适 用"])
def test_an_indicator_that_does_not_apply_has_no_points(text):
    (score,) = check_rows([HEADER, row("甲镇党委", text)]).scores
    assert (score.points, score.applies) == (None, False)


@pytest.mark.parametrize("text", ["9.5", "９．５", " 9.5 ", "9。5", "9.50", "9.5分", "９.5 分"])
def test_numbers_typed_as_text_are_read(text):
    assert entered(check_rows([HEADER, row("甲镇党委", text)])) == {(1, 11): Decimal("9.5")}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("缺", "“缺” is not a number"),
        ("/", "“/” is not a number"),
        ("—", "“—” is not a number"),
        ("-", "“-” is not a number"),
        ("9,5", "“9,5” is not a number"),
        ("1_8", "“1_8” is not a number"),
        ("1e1", "“1e1” is not a number"),
        ("sNaN", "“sNaN” is not a number"),
        ("nan", "“nan” is not a number"),
        ("9分半", "“9分半” is not a number"),
        ("95%", "“95%” is not a number"),
        ("九", "“九” is not a number"),
        ("x" * 300, "“" + "x" * 40 + "…” is not a number"),
        (Decimal("1E+26"), "“100000000000000000000000000” is above the full marks"),
        (Decimal("1E+300"), "“1E+300” is above the full marks"),
        (10.5, "“10.5” is above the full marks"),
        (-1, "“-1” is negative"),
        ("-1", "“-1” is negative"),
        (9.3, "“9.3” is between two steps"),
        (9.333333333, "“9.333333333” is between two steps"),
        (True, "“True” is not a number"),
        (date(2018, 9, 5), "holds a date, 2018-09-05"),
        (ErrorValue("#DIV/0!"), "error #DIV/0!"),
    ],
)
def test_anything_that_is_no_allowed_points_is_refused_with_its_place_and_range(value, message):
    checked = check_rows(with_cell(value))
    (problem,) = checked.problems
    assert problem.where == Place("表", 2, 3)
    assert message in problem.message
    assert "0 – 10, in steps of 0.5; leave blank if not scored, or write 不适用" in problem.message


def test_a_formula_without_a_result_is_refused_in_a_score_cell():
    (problem,) = check_rows(with_cell(UNCALCULATED)).problems
    assert "Open the file in Excel or WPS" in problem.message


def test_all_problems_are_told_at_once_in_reading_order():
    checked = check(
        sheet([HEADER, row("甲镇党委", 99, -1, "x"), row("某镇党委", 1)], name="一"),
        sheet([HEADER, row("丙乡党委", 1.1)], name="二"),
    )
    assert [problem.where for problem in checked.problems] == [
        Place("一", 2, 3),
        Place("一", 2, 4),
        Place("一", 2, 5),
        Place("一", 3, 2),
        Place("二", 2, 3),
    ]


# --- Columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["序号", "名次", "排名", "位次", "备注", "说明", "平均分", "联系人", "小计"])
def test_columns_beside_the_scores_are_no_indicators(word):
    checked = check_rows([["单位", "三会一课", word], ["甲镇党委", 9, "x"]])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9}


def test_an_unknown_column_with_values_is_a_problem_that_guesses():
    checked = check_rows([["单位", "三会一课", "主题党曰"], ["甲镇党委", 9, 8], ["丙乡党委", 9, 8]])
    assert problems(checked) == [
        "“表” row 1, column C: “主题党曰” is not an indicator of the rubric. Did you mean “主题党日”?"
    ]


def test_an_unknown_column_that_is_empty_is_ignored():
    assert problems(check_rows([["单位", "三会一课", "其他"], ["甲镇党委", 9]])) == []


def test_values_beside_the_table_without_a_heading_are_a_problem():
    checked = check_rows([["单位", "三会一课"], ["甲镇党委", 9, None, 5]])
    assert problems(checked) == ["“表” row 1, column D: The column holds values, but has no heading."]


def test_the_same_indicator_twice_is_a_problem():
    checked = check_rows([["单位", "三会一课", "三会一课（10分）"], ["甲镇党委", 9, 8]])
    assert problems(checked) == [
        "“表” row 1, column C: “三会一课（10分）” already has a column: “表” column B."
    ]


def test_missing_indicators_are_noted_and_bonus_is_not_missed():
    checked = check_rows([["单位", "三会一课"], ["甲镇党委", 9]])
    assert problems(checked) == []
    (note,) = notes(checked)
    assert note.startswith(
        "Sheet “表”: No column for “乡镇（街道）” indicators: 主题党日、软弱涣散党组织整顿."
    )


@pytest.mark.parametrize(
    "heading", ["三会一课(满分10分)", "三会一课10分", "三会一课\n（10）", "三 会 一 课", "三会一课【10分】"]
)
def test_an_indicator_is_known_however_its_full_marks_are_written(heading):
    assert entered(check_rows([["单位", heading], ["甲镇党委", 9]])) == {(1, 11): 9}


def test_full_marks_that_differ_from_the_rubric_are_one_problem_naming_both():
    checked = check_rows([["单位", "三会一课（12分）"], ["甲镇党委", 9], ["丙乡党委", 9]])
    assert problems(checked) == [
        "“表” row 1, column B: “三会一课” has 12 points here, 10 in the rubric for “乡镇（街道）”."
    ]


def test_full_marks_are_compared_for_every_group_in_the_sheet():
    checked = check_rows([["单位", "三会一课（10分）"], ["甲镇党委", 9], ["区林业局", 11]])
    assert len(checked.problems) == 1
    assert SYSTEMS in checked.problems[0].message


def test_a_row_of_full_marks_is_compared_and_is_no_unit():
    rows = [["单位", "三会一课", "主题党日"], ["满分", 10, 9], ["甲镇党委", 9, 8]]
    checked = check_rows(rows)
    assert [problem.where for problem in checked.problems] == [Place("表", 2, 3)]


def test_both_groups_in_one_sheet_take_their_own_rubric():
    header = ["单位", "三会一课", "主题党日", "结对帮扶"]
    checked = check_rows([header, ["甲镇党委", 9, 8, None], ["区林业局", 11.5, "不适用", 7]])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9, (1, 12): 8, (4, 21): Decimal("11.5"), (4, 22): 7}


def test_points_for_another_groups_indicator_are_one_problem():
    checked = check_rows([["单位", "三会一课", "结对帮扶"], ["甲镇党委", 9, 8], ["丙乡党委", 9, 8]])
    (problem,) = checked.problems
    assert problem.where == Place("表", 2, 3)
    assert "is not an indicator of the rubric for “乡镇（街道）”; leave it blank there" in problem.message


# --- 合计 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("total", [24.5, "24.50", UNCALCULATED, None, ErrorValue("#REF!"), "—", 24.501])
def test_a_total_that_agrees_or_says_nothing_is_accepted(total):
    assert problems(check_rows([HEADER, row("甲镇党委", 9.5, 8, 7, total)])) == []


def test_a_total_that_differs_from_its_row_is_a_problem():
    checked = check_rows([HEADER, row("甲镇党委", 9.5, 8, 7, 25)])
    assert problems(checked) == ["“表” row 2, column F: 合计 is given as 25, but the row adds up to 24.5."]


def test_a_total_without_scores_is_a_problem():
    assert len(check_rows([HEADER, row("甲镇党委", None, None, None, 90)]).problems) == 1


def test_a_total_may_hold_points_of_deductions_that_its_row_leaves_blank():
    rows = [HEADER, row("甲镇党委", None, 8, 7, 24.5), row("乙镇党委", None, 8, 7, 24.5)]
    held = {(1, 11): (HeldDeduction(Decimal("0.5"), "记录不全"),)}
    (problem,) = problems(check_rows(rows, against=expected(held)))
    assert problem.startswith("“表” row 3, column F: 合计 is given as 24.5")


def test_a_total_counts_the_bonus():
    header = ["单位", "三会一课", "加分", "总分"]
    assert problems(check_rows([header, ["甲镇党委", 9, 2, 11]])) == []
    assert len(check_rows([header, ["甲镇党委", 9, 2, 9]]).problems) == 1


def test_of_two_totals_one_may_leave_the_bonus_out():
    header = ["单位", "三会一课", "合计", "加分", "总分"]
    assert problems(check_rows([header, ["甲镇党委", 9, 9, 2, 11]])) == []


def test_a_total_may_be_scaled_where_an_indicator_does_not_apply():
    for total in (17, 24.56):  # the plain sum, and 17 of 18 points as a share of 26
        assert problems(check_rows([HEADER, row("甲镇党委", 9, 8, "不适用", total)])) == []
    assert len(check_rows([HEADER, row("甲镇党委", 9, 8, "不适用", 20)]).problems) == 1


def test_a_wrong_score_is_not_told_twice_by_its_total():
    assert len(check_rows([HEADER, row("甲镇党委", 99, 8, 7, 25)]).problems) == 1


# --- Rows ----------------------------------------------------------------------------------------


def test_an_unknown_unit_is_a_problem_that_guesses():
    checked = check_rows([HEADER, row("甲镇党委会", 9)])
    assert problems(checked) == [
        "“表” row 2, column B: “甲镇党委会” is not on this quarter's roster. Did you mean “甲镇党委”?"
    ]


def test_a_unit_unlike_any_other_is_a_problem_without_a_guess():
    checked = check_rows([HEADER, row("某某大学", 9)])
    assert problems(checked) == ["“表” row 2, column B: “某某大学” is not on this quarter's roster."]


def test_the_same_unit_twice_names_the_first_place():
    checked = check(
        sheet([HEADER, row("甲镇党委", 9)], name="一"), sheet([HEADER, row("甲镇", 8)], name="二")
    )
    assert problems(checked) == ["“二” row 2, column B: “甲镇党委” is listed already: “一” row 2, column B."]
    assert entered(checked) == {(1, 11): 9}


def test_a_name_that_fits_two_units_is_a_problem():
    twins = (*UNITS, unit(6, TOWNS, "甲镇机关党委", "甲镇"))
    checked = check_rows([HEADER, row("甲镇", 9)], against=expected(units=twins))
    assert problems(checked) == [
        "“表” row 2, column B: “甲镇” fits more than one unit: 甲镇党委、甲镇机关党委. Write the full name."
    ]


def test_a_unit_whose_group_has_no_rubric_is_a_problem():
    against = expected(units=(unit(9, "其他", "某校党委"),))
    assert "which has no rubric" in problems(check_rows([HEADER, row("某校党委", 9)], against=against))[0]


@pytest.mark.parametrize(
    "text",
    [
        "平均分",
        "合计",
        "最高分",
        "填表人：张三",
        "审核：李四",
        "注：缺席的不计分",
        "备注：无",
        "填报日期：9月",
        "说明：略",
    ],
)
@pytest.mark.parametrize("column", [0, 1])
def test_what_closes_the_table_is_no_unit(text, column):
    footer = [None] * column + [text]
    footer += [None] * (2 - len(footer)) + [9.2, 8.1]
    checked = check_rows([HEADER, row("甲镇党委", 9), footer])
    assert problems(checked) == []
    assert len(checked.scores) == 1


def test_blank_rows_repeated_headers_and_group_headings_are_skipped():
    rows = [HEADER, [None, "一、乡镇（街道）"], row("甲镇党委", 9), [], HEADER, row("丙乡党委", 8)]
    checked = check_rows(rows)
    assert problems(checked) == []
    assert len(checked.scores) == 2


def test_a_line_over_the_whole_width_is_no_unit():
    rows = [HEADER, row("甲镇党委", 9), ["本表一式三份"]]
    assert problems(check_rows(rows, merged=[Block(3, 1, 3, 8)])) == []


def test_scores_without_a_unit_are_a_problem():
    checked = check_rows([HEADER, row(None, 9, 8)])
    assert problems(checked) == ["“表” row 2, column B: The row has scores, but names no unit."]


def test_points_merged_over_several_cells_are_a_problem():
    rows = [HEADER, row("甲镇党委", 9), row("丙乡党委", None)]
    checked = check_rows(rows, merged=[Block(2, 3, 3, 3)])
    assert [problem.where for problem in checked.problems] == [Place("表", 2, 3), Place("表", 3, 3)]


def test_what_does_not_apply_may_be_merged_over_several_indicators():
    checked = check_rows([HEADER, row("甲镇党委", "不适用", None, 8)], merged=[Block(2, 3, 2, 4)])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): None, (1, 12): None, (1, 13): 8}
