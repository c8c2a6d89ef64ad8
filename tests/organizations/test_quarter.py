from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.quarter import InvalidQuarter, Quarter

QUARTERS = st.builds(Quarter, st.integers(1950, 2998), st.integers(1, 4))


@pytest.mark.parametrize(
    "text",
    [
        "2018Q3",
        "2018q3",
        "2018-3",
        "2018-Q3",
        "2018年第三季度",
        "2018年第3季度",
        "2018年三季度",
        "2018年3季度",
        "2018年度第三季度",
        "２０１８Ｑ３",
        "２０１８－３",
        " 2018Q3\u3000",
        "2018 年 第 三 季 度",
        "2018\u00a0Q3\n",
    ],
)
def test_a_quarter_is_read_however_it_is_written(text):
    assert Quarter.parse(text) == Quarter(2018, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2018",
        "2018Q0",
        "2018Q5",
        "2018Q33",
        "2018-03",
        "2018-10",
        "18Q3",
        "12018Q3",
        "2018年第五季度",
        "2018年第三季度得分表",
        "٢٠١٨Q3",
        "1948Q4",
        "3000Q1",
        "2018Q3 2018Q3",
    ],
)
def test_what_writes_no_quarter_is_refused(text):
    with pytest.raises(InvalidQuarter):
        Quarter.parse(text)


@pytest.mark.parametrize(("year", "number"), [(2018, 0), (2018, 5), (1948, 4), (3000, 1)])
def test_a_quarter_that_does_not_exist_cannot_be_made(year, number):
    with pytest.raises(InvalidQuarter):
        Quarter(year, number)


def test_a_quarter_is_written_for_commands_and_printed_for_people():
    quarter = Quarter(2018, 3)
    assert str(quarter) == f"{quarter}" == "2018Q3"
    assert quarter.label == "2018年第三季度"
    assert quarter.ordinal == "第三季度"


@given(QUARTERS)
def test_every_way_of_writing_a_quarter_is_read_back(quarter):
    for text in (str(quarter), quarter.label, f"{quarter.year}-{quarter.number}"):
        assert Quarter.parse(text) == quarter


@given(QUARTERS)
def test_a_quarter_lies_between_its_neighbours(quarter):
    assert quarter.previous() < quarter < quarter.next()
    assert quarter.next().previous() == quarter


def test_neighbours_cross_the_new_year():
    assert Quarter(2018, 1).previous() == Quarter(2017, 4)
    assert Quarter(2018, 4).next() == Quarter(2019, 1)


def test_there_is_no_quarter_before_the_first_or_after_the_last():
    with pytest.raises(InvalidQuarter):
        Quarter(1949, 1).previous()
    with pytest.raises(InvalidQuarter):
        Quarter(2999, 4).next()


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2018, 1, 1), 1),
        (date(2018, 3, 31), 1),
        (date(2018, 4, 1), 2),
        (date(2018, 9, 30), 3),
        (date(2018, 10, 1), 4),
        (date(2018, 12, 31), 4),
    ],
)
def test_a_day_lies_in_its_quarter(day, number):
    assert Quarter.of(day) == Quarter(2018, number)


@pytest.mark.parametrize(
    "text",
    [
        "2018年第三季度乡镇（街道）基层党建工作督查得分表",
        "某区2018年3季度得分",
        "scores-2018Q3.xlsx",
        "scores_2018q3_v2.xlsx",
        "得分表（２０１８年第三季度）",
        "2018年第三季度得分表 scores-2018Q3",
        "2018Q3，制表日期2018-10-8",
    ],
)
def test_the_quarter_inside_a_title_or_file_name_is_found(text):
    assert Quarter.find_in(text) == Quarter(2018, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "基层党建工作督查得分表",
        "第三季度得分表",
        "编号120183-2018",
        "0001Q3",
        "2018年第五季度",
        "制表日期2018-3",
    ],
)
def test_no_quarter_is_found_where_none_is_named(text):
    assert Quarter.find_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2018年第三季度与2018年第一季度对比表",
        "2018年第三季度与第一季度对比表",
        "2017年第三季度与2018年第三季度对比表",
        "2018年一、三季度得分",
        "2018Q3-2018Q4",
        "2018Q3-Q4",
    ],
)
def test_a_text_that_names_two_quarters_settles_nothing(text):
    assert Quarter.find_in(text) is None


@pytest.mark.parametrize(("quarter", "day"), [((2018, 1), date(2018, 1, 1)), ((2018, 4), date(2018, 10, 1))])
def test_a_quarter_begins_with_its_first_day(quarter, day):
    assert Quarter(*quarter).first_day == day
    assert Quarter.of(Quarter(*quarter).first_day) == Quarter(*quarter)
