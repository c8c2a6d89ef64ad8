from decimal import Decimal

import pytest

from tests.workbooks import build
from workbooks.layout import Header, find_header, full_marks_alone, header_key, split_full_marks
from workbooks.reading import Sheet, read_workbook

WORDS = {"unit": {"单位", "单位名称"}, "total": {"合计"}}


def sheet_of(rows, merged=()) -> Sheet:
    (sheet,) = read_workbook(build.xlsx(rows, merged=merged), "file").sheets
    return sheet


def header_of(rows, merged=(), required=("unit",)) -> Header | None:
    return find_header(sheet_of(rows, merged), WORDS, required)


@pytest.mark.parametrize(
    ("text", "name", "full_marks"),
    [
        ("三会一课（10分）", "三会一课", "10"),
        ("三会一课(满分10分)", "三会一课", "10"),
        ("三会一课（满分：10分）", "三会一课", "10"),
        ("三会一课10分", "三会一课", "10"),
        ("三会一课\n（10）", "三会一课", "10"),
        ("三会一课 （ 10 分 ）", "三会一课", "10"),
        ("三会一课【7.5分】", "三会一课", "7.5"),
        ("三会一课（１０分）", "三会一课", "10"),
        ("三会一课满分10", "三会一课", "10"),
        ("加分（最高5分）", "加分", "5"),
        ("三会一课", "三会一课", None),
        ("五化建设2", "五化建设2", None),
        ("主题党日（每次扣0.5分）", "主题党日(每次扣0.5分)", None),
        ("（10分）", "(10分)", None),
        ("乡镇（街道）", "乡镇(街道)", None),
    ],
)
def test_full_marks_are_parted_from_the_name(text, name, full_marks):
    assert split_full_marks(text) == (name, None if full_marks is None else Decimal(full_marks))


def test_headings_are_compared_without_width_and_white_space():
    assert header_key("单 位\n名　称（全）") == "单位名称(全)"


def test_titles_and_sections_stand_above_the_header():
    rows = [
        ["2018年第一季度得分表"],
        ["填报单位：区委组织部"],
        [None, None, "基础工作", None, "重点任务"],
        ["序号", "单位", "三会一课（10分）", "主题党日（8分）", "五化建设（10分）", "合计"],
        [1, "甲镇党委", 9, 8, 7, 24],
    ]
    header = header_of(rows, merged=["A1:F1", "A2:F2", "C3:D3"])
    assert header is not None
    assert (header.top, header.bottom) == (3, 4)
    assert header.columns == {"unit": 2, "total": 6}
    assert [header.labels[column] for column in (3, 4, 5)] == [
        "三会一课（10分）",
        "主题党日（8分）",
        "五化建设（10分）",
    ]


def test_a_unit_heading_merged_over_two_rows_takes_both():
    rows = [
        ["得分表"],
        ["单位", "基础工作", None, "合计"],
        [None, "三会一课", "主题党日"],
        ["甲镇党委", 9, 8, 17],
    ]
    header = header_of(rows, merged=["A2:A3", "B2:C2", "D2:D3"])
    assert header is not None
    assert (header.top, header.bottom) == (2, 3)
    assert header.labels == {1: "单位", 2: "三会一课", 3: "主题党日", 4: "合计"}


def test_two_header_rows_are_known_where_the_merging_was_lost():
    rows = [["单位", "基础工作", None, "合计"], [None, "三会一课", "主题党日"], ["甲镇党委", 9, 8, 17]]
    header = header_of(rows)
    assert header is not None
    assert header.bottom == 2
    assert header.labels == {1: "单位", 2: "三会一课", 3: "主题党日", 4: "合计"}


def test_numbers_below_the_names_are_no_names():
    rows = [["单位", "三会一课", "主题党日", None], [None, 10, "（8分）", 2018], ["甲镇党委", 9, 8]]
    header = header_of(rows, merged=["A1:A2"])
    assert header is not None
    assert header.labels == {1: "单位", 2: "三会一课", 3: "主题党日", 4: "2018"}
    assert header.numbers == {2: (2, 10), 3: (2, 8)}


@pytest.mark.parametrize(
    ("value", "number"),
    [(Decimal(10), 10), ("10", 10), ("10 分", 10), ("（8.5分）", Decimal("8.5")), ("满分10分", 10)]
    + [(value, None) for value in ("三会一课10分", "9-10", "-1", "十分", None, True)],
)
def test_full_marks_may_stand_alone_in_a_cell(value, number):
    assert full_marks_alone(value) == number


def test_a_test_of_headings_finds_what_no_word_says():
    sheet = sheet_of([["各单位", "单位"], ["甲镇党委", 1]])
    header = find_header(
        sheet, {"any": lambda text: text.endswith("单位"), "unit": {"单位"}}, ["any", "unit"]
    )
    assert header is not None
    assert header.columns == {"any": 1, "unit": 2}


def test_a_row_of_figures_without_a_unit_is_no_header_row():
    header = header_of([["单位", "三会一课"], [None, 9], ["甲镇党委", 8]])
    assert header is not None
    assert header.bottom == 1


def test_a_heading_over_merged_columns_stands_over_each():
    header = header_of([["单位", "其他", None], ["甲镇党委", 1, 2]], merged=["B1:C1"])
    assert header is not None
    assert header.labels == {1: "单位", 2: "其他", 3: "其他"}


def test_a_heading_that_stands_twice_is_found_at_the_left():
    header = header_of([["单位", "合计", "合计"], ["甲镇党委", 1, 2]])
    assert header is not None
    assert header.columns["total"] == 2


@pytest.mark.parametrize("rows", [[["说明"], ["一、本表……"]], [["填报单位：区委组织部", "单位：分"]]])
def test_text_without_the_words_has_no_header(rows):
    assert header_of(rows) is None


def test_all_required_words_must_stand_in_the_header():
    assert header_of([["单位", "三会一课"], ["甲镇党委", 1]], required=("unit", "total")) is None
