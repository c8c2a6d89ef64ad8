"""The tables behind a circular."""

from dataclasses import replace
from decimal import Decimal

from reviews.reports.attachments import attachments_of
from reviews.reports.facts import Results, Score, changes_between
from tests.reviews.reports.district import quarter_of, sample_district


def headings(results: Results, number: int = 0) -> list[str]:
    return [column.heading for column in attachments_of(results)[number].columns]


def test_a_score_table_adds_up_by_hand():
    table = attachments_of(sample_district())[0]
    assert headings(sample_district()) == ["名次", "单位", "总分", "第一季度名次", "升降"]
    assert table.rows[:4] == (
        ("1", "甲镇党委", "96.50", "3", "▲上升2位"),
        ("2", "乙街道筹备办临时党工委", "95.00", "4", "▲上升2位"),
        ("2", "丙乡党委", "95.00", "2", "持平"),
        ("3", "丁镇党委", "94.50", "1", "▼下降2位"),
    )


def test_the_unranked_stand_at_the_end_with_their_reason():
    results = quarter_of(
        {"乡镇": {"甲": None, "乙": 90, "丙": 95}}, {"乡镇": {"乙": 90}}, reasons={"甲": "新设立"}
    )
    assert headings(results)[-1] == "备注"
    assert attachments_of(results)[0].rows == (
        ("1", "丙", "95.00", "—", "不可比", ""),
        ("2", "乙", "90.00", "1", "▼下降1位", ""),
        ("—", "甲", "—", "—", "不可比", "新设立"),
    )


def test_without_a_baseline_there_is_nothing_to_compare():
    assert headings(quarter_of({"乡镇": {"甲": 95, "乙": 90}})) == ["名次", "单位", "总分"]


def test_a_single_attachment_has_no_number():
    (only,) = attachments_of(quarter_of({"乡镇": {"甲": 95}}))
    assert only.label == "附件"


def test_the_list_of_problems_names_every_unit_that_lost_points_there():
    rows = attachments_of(sample_district())[-1].rows
    lost = {(row[1], row[2]): row[3].split("、") for row in rows}
    assert lost["三会一课", "支部会议记录不完整，程序不规范"][:3] == ["甲镇党委", "丁镇党委", "戊镇党委"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]


def concerned(totals: dict[str, int | None], *losers: str) -> str:
    """Whom the list of problems names where these units of one group lost points."""
    lost = Score("基础工作", "党费收缴", Decimal(5), Decimal(4), reason="收缴滞后")
    results = quarter_of({"乡镇（街道）": totals}, scores={name: [lost] for name in losers})
    return attachments_of(results)[-1].rows[0][3]


def test_where_all_units_of_a_group_are_meant_the_list_says_so():
    totals = {"甲": 95, "乙": 90, "丙": 85, "丁": 80}
    assert concerned(totals, "甲", "乙", "丙", "丁") == "全部乡镇（街道）"
    assert concerned(totals, "甲", "乙", "丙") == "甲、乙、丙"


def test_a_handful_is_named_even_where_it_is_all():
    assert concerned({"甲": 95, "乙": 90}, "甲", "乙") == "甲、乙"


def test_all_that_are_ranked_are_not_all():
    totals = {"甲": 95, "乙": 90, "丙": 85, "丁": 80, "戊": None}
    assert concerned(totals, *"甲乙丙丁") == "全部参加排名的乡镇（街道）"
    assert concerned(totals, *"甲乙丙丁戊") == "全部参加排名的乡镇（街道）、戊"


def test_a_correction_shows_old_beside_new():
    old = quarter_of({"乡镇": {"甲": 95, "乙": 90, "丙": 85}})
    new = quarter_of({"乡镇": {"甲": 95, "乙": 80, "丙": 85}})
    correction = replace(new, number=2, reason="录入有误", changes=changes_between(old.groups, new.groups))
    table = attachments_of(correction)[-1]
    assert table.name == "2018年第三季度通报更正对照表"
    assert table.rows == (
        ("乡镇", "丙", "3", "85.00", "2", "85.00"),
        ("乡镇", "乙", "2", "90.00", "3", "80.00"),
    )


def test_columns_fill_the_type_area():
    for attachment in attachments_of(sample_district()):
        assert sum(column.width for column in attachment.columns) == 156
