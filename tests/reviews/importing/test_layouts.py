"""Wide sheets as offices lay them out: what headings, rows and blocks of columns are taken for."""

from datetime import date
from decimal import Decimal

import pytest

from tests.reviews.importing.expectations import check, check_rows, entered, notes, problems, sheet
from workbooks.cells import Place
from workbooks.sheets import Block

pytestmark = pytest.mark.usefixtures("in_english")

HALF = Decimal("0.5")


@pytest.mark.parametrize(
    "heading",
    [
        "考核单位", "被考核单位", "受督查单位", "被检查单位", "考核对象", "所属单位", "基层党组织", "党组织",
        "党（工）委", "镇（街道）", "乡镇街道名称", "乡镇（街道）名称", "单位（党组织）", "单位\\指标",
        "单位/项目", "单位／考核指标", "指标\n单位", "项目\\单位", "党委（党工委）", "党委、党工委",
        "单 位\n名 称", "部门（单位）", "各乡镇", "区直单位",
    ],
)  # fmt: skip
def test_the_column_of_units_goes_by_many_names(heading):
    checked = check_rows([["序号", heading, "三会一课"], [1, "甲镇党委", 9]])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9}


@pytest.mark.parametrize(
    "heading", ["填报单位：区委组织部", "软弱涣散党组织整顿", "结对帮扶单位", "甲镇党委"]
)
def test_what_merely_ends_like_a_unit_is_no_column_of_units(heading):
    (problem,) = check_rows([[heading, "三会一课"], ["甲镇党委", 9]]).problems
    assert "No score table was found" in problem.message


def test_the_column_of_units_is_the_one_that_holds_them():
    checked = check_rows([["督查单位", "被督查单位", "三会一课"], ["第一督查组", "甲镇党委", 9]])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9}


@pytest.mark.parametrize("heading", ["党组织", "基层单位", "工作情况", "问题整改说明", "书记谈话"])
@pytest.mark.parametrize("value", [7, "7.5", "不适用"])
def test_points_below_an_unknown_heading_are_never_passed_over(heading, value):
    checked = check_rows([["单位", "三会一课", heading], ["甲镇党委", 9, value]])
    assert ["is not an indicator of the rubric" in problem for problem in problems(checked)] == [True]


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("本季度名次", 3), ("上季度排名", 2), ("升降情况", -1), ("升降情况", "升1位"), ("扣分情况", "缺会议"),
        ("主要扣分原因", "缺会议记录"), ("党组织书记", "某人"), ("整改情况", "已整改"), ("联系电话", 1234567),
        ("扣分合计", 1), ("合计扣分", 1), ("上季度得分", 95), ("全区排名", 1), ("折算得分", 91.5),
        ("失分率", 0.1),        ("其他说明", "无"), ("备注（略）", "无"), ("联系领导", "某人"),
    ],
)  # fmt: skip
def test_columns_beside_the_scores_are_passed_over(heading, value):
    checked = check_rows([["单位", "三会一课", heading], ["甲镇党委", 9, value]])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9}


def test_a_heading_that_states_full_marks_is_never_passed_over():
    checked = check_rows([["单位", "三会一课", "整改情况（10分）"], ["甲镇党委", 9, "优"]])
    assert len(checked.problems) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "总分",
        "考核得分",
        "综合得分",
        "最后得分",
        "总得分",
        "最终得分",
        "合计（分）",
        "总分（18分）",
        "本季度得分",
    ],
)
def test_totals_go_by_many_names_and_are_compared(heading):
    header = ["单位", "三会一课", "主题党日", heading]
    assert problems(check_rows([header, ["甲镇党委", 9, 8, 17]])) == []
    assert "the row adds up to 17" in problems(check_rows([header, ["甲镇党委", 9, 8, 16]]))[0]


@pytest.mark.parametrize(
    "text",
    [
        "全区平均得分",
        "平均得分",
        "乡镇平均分",
        "失分率",
        "得分率",
        "小计",
        "乡镇合计",
        "合计（2个）",
        "最高得分",
        "续表",
    ],
)
def test_rows_of_figures_below_the_units_are_passed_over(text):
    checked = check_rows([["单位", "三会一课"], ["甲镇党委", 9], [text, 8.77]])
    assert (problems(checked), notes(checked)[1:]) == ([], [])
    assert len(checked.scores) == 1


@pytest.mark.parametrize("value", ["2018年10月8日", "2018.10.8", date(2018, 10, 8), "二〇一八年十月八日"])
def test_a_date_alone_is_no_unit(value):
    checked = check_rows([["单位", "三会一课"], ["甲镇党委", 9], [value]])
    assert (problems(checked), notes(checked)[1:]) == ([], [])


def test_a_name_alone_is_noted_and_with_any_value_a_problem():
    rows = [["单位", "三会一课", "备注"], ["甲镇党委", 9]]
    checked = check_rows([*rows, ["中共某区委组织部"]])
    assert problems(checked) == []
    assert notes(checked)[1] == "“表” row 3, column A: “中共某区委组织部” is not on this quarter's roster."
    assert len(problems(check_rows([*rows, ["中共某区委组织部", None, "缺"]]))) == 1


@pytest.mark.parametrize(
    "heading",
    ["1.三会一课", "1、三会一课", "1 三会一课", "一、三会一课（10分）", "（1）三会一课", "（一）三会一课",
     "①三会一课",     "1.2三会一课（10分）"],
)  # fmt: skip
def test_what_counts_the_indicators_is_no_part_of_their_names(heading):
    checked = check_rows([["单位", heading], ["甲镇党委", 9]])
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9}


@pytest.mark.parametrize("heading", ["一会一课", "会一课", "2三会二课"])
def test_a_numeral_is_only_left_out_where_it_counts(heading):
    assert entered(check_rows([["单位", heading, "主题党日"], ["甲镇党委", 9, 8]])) == {(1, 12): 8}


# --- Full marks below the names ------------------------------------------------------------------

FULL_MARKS = [(10, 8), ("10", "8"), ("10分", "8分"), ("（10分）", "（8分）"), ("满分10分", "满分8分")]


@pytest.mark.parametrize("stated", FULL_MARKS)
@pytest.mark.parametrize("merged", [True, False])
def test_full_marks_may_stand_below_the_names(stated, merged):
    rows = [["序号", "单位", "三会一课", "主题党日"], [None, None, *stated], [1, "甲镇党委", 9, 7.5]]
    checked = check_rows(rows, merged=[Block(1, 1, 2, 1), Block(1, 2, 2, 2)] if merged else [])
    assert (problems(checked), entered(checked)) == ([], {(1, 11): 9, (1, 12): Decimal("7.5")})


@pytest.mark.parametrize("stated", [(10, 9), ("10分", "9分")])
def test_full_marks_below_the_names_are_compared_with_the_rubric(stated):
    rows = [["单位", "三会一课", "主题党日"], [None, *stated], ["甲镇党委", 9, 7.5]]
    checked = check_rows(rows, merged=[Block(1, 1, 2, 1)])
    assert problems(checked) == [
        "“表” row 2, column C: “主题党日” has 9 points here, 8 in the rubric for “乡镇（街道）”."
    ]


@pytest.mark.parametrize("merged", [True, False])
def test_a_header_may_have_sections_names_and_full_marks(merged):
    rows = [["单位", "基础工作", None], [None, "三会一课", "主题党日"], [None, 10, 8], ["甲镇党委", 9, 8]]
    checked = check_rows(rows, merged=[Block(1, 1, 3, 1), Block(1, 2, 1, 3)] if merged else [])
    assert (problems(checked), entered(checked)) == ([], {(1, 11): 9, (1, 12): 8})


@pytest.mark.parametrize("word", ["满分", "分值", "分值（分）", "标准分"])
def test_a_named_row_of_full_marks_may_say_them_in_any_way(word):
    rows = [["单位", "三会一课", "主题党日"], [word, "10分", "（9分）"], ["甲镇党委", 9, 8]]
    assert [problem.where for problem in check_rows(rows).problems] == [Place("表", 2, 3)]


def test_scores_directly_below_the_header_that_name_no_unit_are_a_problem():
    checked = check_rows([["单位", "三会一课", "主题党日"], [None, 9, 7.5], ["甲镇党委", 9, 8]])
    assert ["names no unit" in problem for problem in problems(checked)] == [True]


def test_a_remark_does_not_make_a_sum_of_scores_without_a_unit():
    checked = check_rows([["单位", "三会一课", "备注"], ["甲镇党委", 9], [None, 8, "两次合计"]])
    assert ["names no unit" in problem for problem in problems(checked)] == [True]


# --- Columns in several blocks -------------------------------------------------------------------


def test_each_section_may_have_a_sheet_of_its_own():
    checked = check(
        sheet([["单位", "三会一课"], ["甲镇党委", 9]], name="一"),
        sheet([["单位", "主题党日", "软弱涣散党组织整顿"], ["甲镇", 8, 7]], name="二"),
    )
    assert (problems(checked), notes(checked)) == ([], [])
    assert entered(checked) == {(1, 11): 9, (1, 12): 8, (1, 13): 7}


def test_columns_may_go_on_in_a_block_below_with_the_total_of_both():
    rows = [["单位", "三会一课", "主题党日"], ["甲镇党委", 9, 8], [], ["续表"],
            ["单位", "软弱涣散党组织整顿", "合计"], ["甲镇党委", 7, 24]]  # fmt: skip
    checked = check_rows(rows)
    assert (problems(checked), notes(checked)) == ([], [])
    assert entered(checked) == {(1, 11): 9, (1, 12): 8, (1, 13): 7}
    rows[-1][-1] = 23
    assert len(check_rows(rows).problems) == 1


def test_a_cell_that_two_blocks_give_names_the_first_place():
    rows = [["单位", "三会一课", "主题党日"], ["甲镇党委", 9, 8],
            ["单位", "主题党日", "软弱涣散党组织整顿"], ["甲镇党委", 8, 7]]  # fmt: skip
    assert problems(check_rows(rows)) == [
        "“表” row 4, column B: This unit's score for the indicator is given already: “表” row 2, column C."
    ]


def test_an_indicator_without_a_column_in_any_sheet_is_noted_once():
    checked = check(
        sheet([["单位", "三会一课"], ["甲镇党委", 9]], name="一"),
        sheet([["单位", "主题党日"], ["甲镇", 8]], name="二"),
    )
    assert [note for note in notes(checked) if "软弱涣散党组织整顿" in note] == notes(checked)[:1]
    assert len(notes(checked)) == 1


def test_a_group_named_directly_below_the_header_heads_no_table():
    checked = check_rows(
        [["单位", "三会一课"], ["乡镇（街道）"], ["甲镇党委", 9], ["系统单位"], ["区林业局", 8]]
    )
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9, (4, 21): 8}


def test_a_table_far_down_is_found():
    notes_above = [["填表说明"]] * 120
    checked = check_rows([*notes_above, ["单位", "三会一课"], ["甲镇党委", 9 + HALF]])
    assert entered(checked) == {(1, 11): Decimal("9.5")}
