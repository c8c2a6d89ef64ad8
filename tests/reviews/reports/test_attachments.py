"""The tables behind a circular."""

import datetime
from dataclasses import replace
from decimal import Decimal

from organizations.quarter import Quarter
from reviews.reports.attachments import attachments_of, problem_list_label
from reviews.reports.facts import Outcome, Rectification, Results, Score, changes_between
from tests.reviews.reports.district import quarter_of, sample_district


def headings(results: Results, number: int = 0) -> list[str]:
    return [column.heading for column in attachments_of(results)[number].columns]


def test_a_score_table_adds_up_by_hand():
    table = attachments_of(sample_district())[0]
    sections = ["基础工作", "重点任务", "责任落实"]
    assert headings(sample_district()) == ["名次", "单位", *sections, "总分", "第一季度名次", "升降"]
    assert [(*row[:2], *row[5:]) for row in table.rows[:4]] == [
        ("1", "甲镇党委", "96.50", "3", "▲2"),
        ("2", "乙街道筹备办临时党工委", "95.00", "4", "▲2"),
        ("2", "丙乡党委", "95.00", "2", "持平"),
        ("3", "丁镇党委", "94.50", "1", "▼2"),
    ]
    for row in table.rows:
        assert sum(map(Decimal, row[2:5])) == Decimal(row[5])


def scored(section: str, points: int) -> Score:
    return Score(section, f"{section}的指标", Decimal(50), Decimal(points))


def test_sections_stay_out_of_a_table_that_would_not_add_up():
    scores = {"甲": [scored("基础工作", 40), scored("重点任务", 50)]}
    assert "基础工作" in headings(quarter_of({"乡镇": {"甲": 90}}, scores=scores))
    assert "基础工作" not in headings(quarter_of({"乡镇": {"甲": 91}}, scores=scores))


def test_sections_stay_out_where_names_of_units_would_have_no_room():
    scores = {"甲": [scored(f"第{number}部分", 10) for number in range(9)]}
    results = quarter_of({"乡镇": {"甲": 90}}, {"乡镇": {"甲": 90}}, scores=scores)
    assert headings(results) == ["名次", "单位", "总分", "第一季度名次", "升降"]


def test_a_section_that_does_not_apply_to_a_unit_has_a_dash():
    scores = {
        "甲": [scored("基础工作", 40), scored("重点任务", 50)],
        "乙": [scored("基础工作", 45), replace(scored("重点任务", 0), points=None)],
    }
    table = attachments_of(quarter_of({"乡镇": {"甲": 90, "乙": 45}}, scores=scores))[0]
    assert [row[1:5] for row in table.rows] == [
        ("甲", "40.00", "50.00", "90.00"),
        ("乙", "45.00", "—", "45.00"),
    ]


QUARTERS = (
    Outcome(Quarter(2018, 2), raised=25, on_time=20, late=1, carried_over=4, overdue=2),
    Outcome(Quarter(2018, 1), raised=10, on_time=9, late=0, carried_over=1, overdue=1),
)


def put_right(*outcomes: Outcome) -> Results:
    return replace(
        sample_district(), rectification=Rectification(datetime.date(2018, 10, 10), outcomes or QUARTERS)
    )


def test_how_items_of_earlier_quarters_were_put_right_is_the_last_table():
    table = attachments_of(put_right())[-1]
    assert table.name == "2018年第三季度以前问题整改情况表（截至2018年10月10日）"
    assert table.rows == (
        ("2018年第二季度", "25", "20", "1", "4", "2"),
        ("2018年第一季度", "10", "9", "0", "1", "1"),
        ("合计", "35", "29", "1", "5", "3"),
    )
    assert [row[0] for row in attachments_of(put_right(QUARTERS[0]))[-1].rows] == ["2018年第二季度"]


def test_the_text_cites_the_list_of_problems_wherever_it_stands():
    for results in (sample_district(), put_right()):
        (problems,) = [each for each in attachments_of(results) if each.name.endswith("责任单位清单")]
        assert problem_list_label(results) == problems.label == "附件3"
    assert problem_list_label(quarter_of({"乡镇": {"甲": 95}})) == ""


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
    for attachment in attachments_of(put_right()):
        assert sum(column.width for column in attachment.columns) == 156
