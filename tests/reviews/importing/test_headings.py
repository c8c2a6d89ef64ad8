"""Headings that are no indicator's name: asked for, and read as what is remembered of them."""

import pytest

from reviews.importing.checks import check_scores
from reviews.importing.expected import UnknownHeading
from tests.reviews.importing.expectations import check_rows, entered, expected, notes, problems, sheet
from workbooks.cells import Place
from workbooks.sheets import Workbook

pytestmark = pytest.mark.usefixtures("in_english")

WIDE = ["序号", "单位", "“三会一课”制度（10分）", "主题党日", "创新做法"]
LONG = ["单位", "指标", "得分"]
MEANINGS = {"“三会一课”制度": "三会一课", "创新做法": ""}


def wide(*rows, **meanings):
    return check_rows([WIDE, *([n, *row] for n, row in enumerate(rows, 1))], against=expected(**meanings))


def long(*rows, **meanings):
    return check_rows([LONG, *rows], against=expected(**meanings))


def asked(checked) -> list[tuple[str, str]]:
    return [(heading.key, heading.guess) for heading in checked.unknown_headings]


# --- Asked for -----------------------------------------------------------------------------------


def test_unknown_columns_with_values_are_asked_for_with_the_closest_indicator():
    checked = wide(["甲镇党委", 9, 8, 1])
    assert asked(checked) == [("“三会一课”制度", "三会一课"), ("创新做法", "")]
    first = checked.unknown_headings[0]
    assert first == UnknownHeading(
        Place("表", 1, 3),
        "““三会一课”制度（10分）” is not an indicator of the rubric. Did you mean “三会一课”?",
        key="“三会一课”制度",
        text="“三会一课”制度（10分）",
        guess="三会一课",
    )
    assert len(checked.problems) == 2


def test_an_unknown_column_without_values_is_not_asked_for():
    assert asked(wide(["甲镇党委", 9, 8, None])) == [("“三会一课”制度", "三会一课")]


def test_an_indicator_of_a_long_sheet_is_asked_for_once_however_often_it_stands_there():
    checked = long(["甲镇党委", "三会壹课", 9], ["丙乡党委", "三会壹课", 8])
    assert asked(checked) == [("三会壹课", "三会一课")]
    assert len(checked.problems) == 2


def test_what_is_wrong_in_another_way_is_not_asked_for():
    assert asked(long(["甲镇党委", "结对帮扶", 8])) == []


# --- Remembered ----------------------------------------------------------------------------------


def test_a_remembered_column_is_read_and_said_to_be():
    checked = wide(["甲镇党委", 9, 8, 1], meanings=MEANINGS)
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9, (1, 12): 8}
    assert [note for note in notes(checked) if "remembered" in note] == [
        "“表” row 1, column C: ““三会一课”制度（10分）” is read as “三会一课” (remembered).",
        "“表” row 1, column E: “创新做法” is passed over as no indicator (remembered).",
    ]


def test_a_long_sheet_is_read_by_what_is_remembered_too():
    rows = (["甲镇党委", "“三会一课”制度", 9], ["丙乡党委", "“三会一课”制度", 8], ["丙乡党委", "创新做法", 1])
    checked = long(*rows, meanings=MEANINGS)
    assert problems(checked) == []
    assert entered(checked) == {(1, 11): 9, (3, 11): 8}
    assert notes(checked) == [
        "“表” row 2, column B: ““三会一课”制度” is read as “三会一课” (remembered).",
        "“表” row 4, column B: “创新做法” is passed over as no indicator (remembered).",
    ]


def test_its_full_marks_are_compared_with_those_of_the_indicator():
    rows = [["单位", "三会一课", "党日活动（10分）"], ["甲镇党委", 9, 8]]
    (problem,) = problems(check_rows(rows, against=expected(meanings={"党日活动": "主题党日"})))
    assert "“主题党日” has 10 points here, 8 in the rubric" in problem


def test_a_remembered_column_beside_the_indicators_own_is_a_problem():
    (problem,) = problems(wide(["甲镇党委", 9, 8, 8], meanings={**MEANINGS, "创新做法": "主题党日"}))
    assert problem == "“表” row 1, column E: “创新做法” already has a column: “表” column D."


def test_two_rows_of_a_long_sheet_that_come_to_one_indicator_are_a_problem():
    rows = (["甲镇党委", "三会一课", 9], ["甲镇党委", "“三会一课”制度", 8])
    (problem,) = problems(long(*rows, meanings=MEANINGS))
    assert "given already" in problem


def test_an_indicators_own_name_is_never_anything_else():
    checked = long(["甲镇党委", "三会一课", 9], meanings={"三会一课": "主题党日", "主题党日": ""})
    assert entered(checked) == {(1, 11): 9}
    assert notes(checked) == []


def test_what_no_rubric_has_any_more_is_asked_for_again():
    checked = long(["甲镇党委", "创新做法", 9], meanings={"创新做法": "已取消的指标"})
    assert asked(checked) == [("创新做法", "")]


def test_a_column_that_means_another_groups_indicator_is_left_blank_or_a_problem():
    meanings = {**MEANINGS, "创新做法": "结对帮扶"}
    assert problems(wide(["甲镇党委", 9, 8, None], meanings=meanings)) == []
    (problem,) = problems(wide(["甲镇党委", 9, 8, 1], meanings=meanings))
    assert "is not an indicator of the rubric for “乡镇（街道）”" in problem


def test_checking_tells_how_many_rows_it_read(monkeypatch):
    monkeypatch.setattr("reviews.importing.findings.EVERY", 2)
    told = []
    rows = [LONG, *(["甲镇党委", "三会一课", 9] for _row in range(5))]
    check_scores(Workbook((sheet(rows),)), expected(), "", lambda *progress: told.append(progress))
    assert told == [("checking", 2, 6), ("checking", 4, 6)]
