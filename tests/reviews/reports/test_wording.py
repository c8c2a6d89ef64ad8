"""Numerals, dates and marks of official Chinese."""

import datetime
from decimal import Decimal

import pytest

from reviews.reports.wording import (
    chinese_number,
    counted,
    first_few,
    official_date,
    ordinal,
    plain,
    short_points,
    without_end_mark,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (19, "十九"),
        (20, "二十"),
        (35, "三十五"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1526, "一千五百二十六"),
        (2003, "二千零三"),
    ],
)
def test_numbers_are_written_in_chinese(number, text):
    assert chinese_number(number) == text
    assert ordinal(number) == f"第{text}"


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_numbers_nobody_needs_are_refused(number):
    with pytest.raises(ValueError, match="not between"):
        chinese_number(number)


def test_two_of_something_is_counted_with_liang():
    assert [counted(number) for number in (1, 2, 3)] == ["一", "两", "三"]


def test_dates_carry_no_leading_zero():
    assert official_date(datetime.date(2025, 10, 8)) == "2025年10月8日"


def test_a_long_list_says_how_many_there_are():
    assert first_few(["甲", "乙", "丙"], 3) == "甲、乙、丙"
    assert first_few(["甲", "乙", "丙", "丁"], 3) == "甲、乙、丙等4个单位"


def test_points_lose_needless_zeros_only():
    assert [short_points(Decimal(text)) for text in ("0.5000", "10.00", "100", "2.25")] == [
        "0.5",
        "10",
        "100",
        "2.25",
    ]


@pytest.mark.parametrize(
    "hostile", ['#include "x"', "{{ 7*7 }}", "<b>&", "*_`$", "{_{ x }_}", "a\\b", "𬭎乡"]
)
def test_text_that_prints_is_left_as_it_is(hostile):
    assert plain(hostile) == hostile


def test_text_that_no_document_can_hold_is_taken_out():
    assert plain("甲\u202e镇\n党\x00委\ufffe\ud800 ") == "甲镇 党 委"


def test_a_reason_loses_the_mark_it_ends_with():
    assert without_end_mark("记录不完整，程序不规范。；") == "记录不完整，程序不规范"
