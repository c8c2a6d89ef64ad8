"""What the circular says, for the sample district and for quarters that lack one thing or another."""

import datetime
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizations.quarter import Quarter
from reviews.ranking import ProgressMeasure, RankMethod
from reviews.reports.document import Level, OfficialDocument
from reviews.reports.facts import Deduction, Results, Score
from reviews.reports.prose import Heading, write_circular
from tests.reviews.reports.district import corrected, quarter_of, sample_district

HEADING = Heading(addressee="各乡镇（街道）党（工）委：", rectify_by=datetime.date(2018, 10, 31))


def text_of(content: Results | OfficialDocument, heading: Heading = HEADING) -> str:
    """Every paragraph on a line of its own."""
    circular = content if isinstance(content, OfficialDocument) else write_circular(content, heading)
    return "\n".join(paragraph.lead + paragraph.text for paragraph in circular.paragraphs)


def headings_of(results: Results) -> list[str]:
    circular = write_circular(results, HEADING)
    return [paragraph.lead for paragraph in circular.paragraphs if paragraph.level == Level.SECTION]


def score(indicator: str, points: str, reason: str = "", section: str = "基础工作") -> Score:
    lost = Decimal(10) - Decimal(points)
    deductions = (Deduction(lost, reason),) if lost and reason else ()
    return Score(section, indicator, Decimal(10), Decimal(points), deductions=deductions)


# --- The sample district -------------------------------------------------------------------------


def test_the_title_names_the_quarter_on_two_even_lines():
    circular = write_circular(sample_district(), HEADING)
    assert circular.title == "关于2018年第三季度基层党建工作督查情况的通报"
    assert circular.title_lines == ("关于2018年第三季度", "基层党建工作督查情况的通报")


def test_the_addressee_keeps_one_colon_for_the_page_to_add():
    assert write_circular(sample_district(), HEADING).addressee == "各乡镇（街道）党（工）委"


def test_the_opening_says_who_reviewed_whom_and_how():
    assert (
        "根据安排，区委组织部采取“四不两直”方式，对全区17个乡镇（街道）、18个系统单位2018年第三季度"
        "基层党建工作进行了督查，现通报如下。"
    ) in text_of(sample_district())


def test_the_four_lists_of_the_townships_are_those_of_the_speech():
    assert (
        "乡镇（街道）前三名：甲镇党委；乙街道筹备办临时党工委、丙乡党委（并列第二）；丁镇党委。"
        "后三名：辰镇党委；巳镇党委；午乡党委。与第一季度相比，"
        "进步较快的是：戊镇党委（上升10位）、己乡党委（上升8位）、庚镇党委（上升6位）；"
        "退步较大的是：辛镇党委（下降8位）、壬镇党委（下降6位）、癸街道筹备办临时党工委（下降4位）。"
    ) in text_of(sample_district())


def test_the_four_lists_of_the_system_units_follow_in_brief():
    assert (
        "系统单位前三名：区林业局直属机关党委；区水电公司党委；区委组织部系统党工委；"
        "后三名：区经信局系统党工委；邮政集团某分公司党总支；区国税局直属机关党委；"
        "进步较快的是：区林业局直属机关党委（上升12位）、"
        "区住建局直属机关党委、区发改局直属机关党委（均上升8位）；"
        "退步较大的是：区委宣传部系统党工委（下降12位）、区安监局党总支（下降9位）、"
        "区经信局系统党工委（下降4位）。"
    ) in text_of(sample_district())


def test_averages_count_the_ranked_and_are_rounded_half_up():
    text = text_of(quarter_of({"乡镇": {"甲镇": "90.01", "乙镇": "90.02", "丙镇": None}}))
    assert "乡镇平均得分90.02分，最高90.02分，最低90.01分。" in text


def test_problems_come_most_frequent_first_with_reasons_and_units():
    scores = {
        "甲镇": [score("三会一课", "9", "记录不完整。"), score("党费收缴", "8", "收缴滞后")],
        "乙镇": [score("三会一课", "10"), score("党费收缴", "5", "收缴滞后")],
        "丙镇": [
            score("三会一课", "10"),
            score("党费收缴", "9.5", "收缴滞后"),
            score("换届", "0", "", "其他"),
        ],
    }
    text = text_of(quarter_of({"乡镇": {"甲镇": 90, "乙镇": 80, "丙镇": 70}}, scores=scores))
    assert (
        "（一）基础工作存在薄弱环节。一是党费收缴方面，收缴滞后，涉及乙镇、甲镇、丙镇。"
        "二是三会一课方面，记录不完整，涉及甲镇。\n（二）其他存在薄弱环节。换届方面，有失分，涉及丙镇。"
    ) in text


def test_demands_are_numbered_and_name_the_date():
    text = text_of(sample_district())
    assert "1.逐条整改销号。" in text
    assert "明确责任人和整改时限，于2018年10月31日前完成。" in text
    assert "完成。" not in text_of(sample_district(), replace(HEADING, rectify_by=None))


def test_attachments_are_numbered_and_titled():
    circular = write_circular(sample_district(), HEADING)
    assert circular.attachment_names == (
        "1. 2018年第三季度乡镇（街道）基层党建工作督查得分排名表",
        "2. 2018年第三季度系统单位基层党建工作督查得分排名表",
        "3. 2018年第三季度基层党建工作督查发现问题及责任单位清单",
    )
    assert [each.label for each in circular.attachments] == ["附件1", "附件2", "附件3"]


# --- Ties, groups, baselines ---------------------------------------------------------------------


def test_who_ties_shares_a_place_and_is_said_to():
    text = text_of(
        quarter_of({"乡镇": {"甲": 95, "乙": 95, "丙": 93, "丁": 90, "戊": 85, "己": 80, "庚": 80}})
    )
    assert "乡镇前两名：甲、乙（并列第一）；丙。后两名：戊；己、庚（并列第五）。" in text


def test_a_small_group_names_one_at_each_end():
    text = text_of(quarter_of({"乡镇": {"甲": 95, "乙": 93, "丙": 90}}))
    assert "乡镇第一名：甲。最后一名：丙。" in text


def test_competition_ranks_are_printed_as_published():
    totals = dict(zip("甲乙丙丁戊己庚", (95, 93, 93, 91, 90, 89, 88), strict=True))
    text = text_of(quarter_of({"乡镇": totals}, method=RankMethod.COMPETITION))
    assert "前三名：甲；乙、丙（并列第二）。" in text


def test_where_all_are_equal_there_are_no_lists():
    text = text_of(quarter_of({"乡镇": {"甲": 90, "乙": 90}}))
    assert "名：" not in text
    assert "乡镇平均得分90.00分。" in text


def test_without_a_baseline_nothing_is_compared():
    text = text_of(quarter_of({"乡镇": {"甲": 95, "乙": 90}}))
    assert not re.search("相比|进步|退步|上升", text)


def test_a_baseline_of_another_year_is_named_with_its_year():
    results = quarter_of(
        {"乡镇": {"甲": 95, "乙": 90}}, {"乡镇": {"甲": 90, "乙": 95}}, baseline=Quarter(2017, 4)
    )
    assert "与2017年第四季度相比，进步较快的是：甲（上升1位）；退步较大的是：乙（下降1位）。" in text_of(
        results
    )


def test_the_comparison_is_named_in_the_first_group_that_has_one():
    groups = {"乡镇": {"甲": 95, "乙": 90}, "系统": {"丙": 95, "丁": 90}}
    text = text_of(quarter_of(groups, {"系统": {"丙": 90, "丁": 95}}))
    assert "系统第一名：丙；最后一名：丁；与第一季度相比，进步较快的是：丙（上升1位）；" in text


def test_measured_by_total_the_change_of_points_is_printed():
    results = quarter_of(
        {"乡镇": {"甲": 95, "乙": "91.5"}}, {"乡镇": {"甲": 90, "乙": 92}}, measure=ProgressMeasure.TOTAL
    )
    assert "进步较快的是：甲（总分提高5分）；退步较大的是：乙（总分降低0.5分）。" in text_of(results)


def test_the_unranked_are_named_with_their_reason():
    text = text_of(quarter_of({"乡镇": {"甲": 95, "乙": 90, "丙": None}}, reasons={"丙": "新设立"}))
    assert "乡镇另有1个单位未参加排名：丙（新设立）。" in text
    assert "对全区2个乡镇2018年第三季度" in text


def test_a_quarter_in_which_nothing_was_lost_has_no_problems():
    results = quarter_of({"乡镇": {"甲": 100, "乙": 90}}, scores={"甲": [score("党费收缴", "10")]})
    assert headings_of(results) == ["一、总体情况", "二、主要成效", "三、下一步工作要求"]
    assert "乡镇在党费收缴方面没有失分。" in text_of(results)


def test_a_quarter_in_which_nobody_was_ranked_still_reads():
    results = quarter_of({"乡镇": {"甲": None}})
    assert headings_of(results) == ["一、总体情况", "二、下一步工作要求"]
    assert "对全区2018年第三季度基层党建工作进行了督查" in text_of(results)


def test_bonus_points_not_earned_are_no_problem():
    bonus = Score("加分", "示范点", Decimal(2), Decimal(0), is_bonus=True)
    assert "示范点" not in text_of(quarter_of({"乡镇": {"甲": 95, "乙": 90}}, scores={"甲": [bonus]}))


# --- Corrections ---------------------------------------------------------------------------------


def test_a_correction_says_so_in_its_title_and_gives_the_reason():
    circular = write_circular(corrected(sample_district(), "丙乡党委总分录入有误。"), HEADING)
    assert circular.title.endswith("情况的通报（更正）")
    assert "第一次更正。更正原因：丙乡党委总分录入有误。此前印发的通报以本通报为准。" in text_of(circular)


def test_a_correction_says_what_it_corrects_before_it_reports():
    first, second, *_rest = text_of(corrected(sample_district(), "录入有误")).splitlines()
    assert first.startswith("本通报是对2018年第三季度通报的第一次更正。")
    assert second.endswith("现通报如下。")


# --- Anything at all -----------------------------------------------------------------------------

NAMES = st.lists(
    st.text("甲乙丙丁戊己庚辛壬癸镇乡村街道党委𬭎氹", min_size=1, max_size=24),
    min_size=1,
    max_size=9,
    unique=True,
)
TOTALS = st.one_of(st.none(), st.integers(160, 200).map(lambda halves: Decimal(halves) / 2))
REASONS = st.sampled_from(["", "记录不完整。", "收缴滞后；", "，", "程序不规范，材料缺项"])


@st.composite
def quarters(draw: st.DrawFn) -> Results:
    groups, earlier, scores = {}, {}, {}
    for group in ("乡镇（街道）", "系统单位")[: draw(st.integers(1, 2))]:
        names = [f"{group}{name}" for name in draw(NAMES)]
        groups[group] = {name: draw(TOTALS) for name in names}
        earlier[group] = {name: draw(TOTALS) for name in names if draw(st.booleans())}
        for name in names:
            scores[name] = [
                score(indicator, str(draw(st.integers(0, 10))), draw(REASONS), section)
                for section, indicator in (
                    ("基础工作", "三会一课"),
                    ("基础工作", "党费收缴"),
                    ("", "五化建设"),
                )
                if draw(st.booleans())
            ]
    return quarter_of(
        groups,
        draw(st.sampled_from([None, earlier])),
        scores=scores,
        measure=draw(st.sampled_from(ProgressMeasure)),
        method=draw(st.sampled_from(RankMethod)),
        list_size=draw(st.integers(1, 4)),
    )


@settings(max_examples=150, deadline=None)
@given(quarters(), st.booleans())
def test_no_quarter_makes_a_circular_with_holes_in_it(results, has_date):
    heading = replace(HEADING, rectify_by=HEADING.rectify_by if has_date else None)
    circular = write_circular(results, heading)
    text = text_of(circular)
    assert "无" not in text
    assert not re.search(
        r"[，、；：（“][，。、；：）”]|[。；][。；，、]|（）|^[，。、；：]|None", text, re.MULTILINE
    )
    for paragraph in circular.paragraphs:
        assert paragraph.level == Level.SECTION or (paragraph.lead + paragraph.text).endswith("。")
    for attachment in circular.attachments:
        assert all(len(row) == len(attachment.columns) for row in attachment.rows)


@pytest.mark.parametrize("length", [1, 24, 100])
def test_names_of_any_length_stand_in_the_text_whole(length):
    name = "委" * length
    assert f"乡镇第一名：{name}。" in text_of(quarter_of({"乡镇": {name: 95, "乙": 90}}))


def test_an_indicator_of_one_name_in_two_sections_is_told_in_each():
    scores = {
        "甲镇党委": [score("三会一课", "8", "记录不全")],
        "区水电公司党委": [score("三会一课", "9", "缺签到表", section="组织生活")],
    }
    text = text_of(quarter_of({"乡镇": {"甲镇党委": "90"}, "系统": {"区水电公司党委": "80"}}, scores=scores))
    assert "三会一课方面，记录不全，涉及甲镇党委。" in text
    assert "三会一课方面，缺签到表，涉及区水电公司党委。" in text
