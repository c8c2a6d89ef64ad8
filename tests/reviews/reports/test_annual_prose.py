"""What the annual report says, for a whole year and for years that lack one thing or another."""

import datetime
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.annual import YearRule
from reviews.ranking import RankMethod
from reviews.reports.annual_facts import AnnualFacts, YearItems
from reviews.reports.annual_prose import annual_document, draft_annual
from reviews.reports.document import Level, OfficialDocument
from reviews.reports.facts import Deduction, Score
from reviews.reports.prose import Heading
from tests.reviews.reports.years import facts_of, year_of

HEADING = Heading(addressee="各乡镇（街道）党（工）委：", rectify_by=datetime.date(2019, 3, 31))
ITEMS = YearItems(
    as_of=datetime.date(2019, 1, 10),
    raised=120,
    struck_off=100,
    unsettled=20,
    overdue=6,
    due=108,
    on_time=98,
    self_found=30,
)
WHOLE = {
    1: {"甲": 90, "乙": 95, "丙": 80, "丁": 85, "戊": 70, "己": 75},
    2: {"甲": 92, "乙": 95, "丙": 84, "丁": 83, "戊": 71, "己": 72},
    3: {"甲": 96, "乙": 95, "丙": 94, "丁": 82, "戊": 72, "己": 71},
    4: {"甲": 97, "乙": 95, "丙": 96, "丁": 81, "戊": 73, "己": 70},
}


def report_of(facts: AnnualFacts, heading: Heading = HEADING) -> OfficialDocument:
    return annual_document(draft_annual(facts, heading), facts, heading)


def text_of(facts: AnnualFacts, heading: Heading = HEADING) -> str:
    """Every paragraph on a line of its own."""
    return "\n".join(each.lead + each.text for each in report_of(facts, heading).paragraphs)


def headings_of(facts: AnnualFacts) -> list[str]:
    return [each.lead for each in report_of(facts).paragraphs if each.level == Level.SECTION]


def score(indicator: str, lost: str, reason: str = "", section: str = "基础工作") -> Score:
    deductions = (Deduction(Decimal(lost), reason),) if Decimal(lost) else ()
    return Score(section, indicator, Decimal(10), Decimal(10) - Decimal(lost), deductions=deductions)


# --- A whole year --------------------------------------------------------------------------------


def test_the_report_is_titled_addressed_and_opened_as_offices_do():
    report = report_of(facts_of({"乡镇": WHOLE}))
    assert report.title == "关于2018年度基层党建工作督查情况的通报"
    assert report.addressee == "各乡镇（街道）党（工）委"
    assert report.paragraphs[0].text == (
        "根据安排，区委组织部采取“四不两直”方式，按季度对全区6个乡镇2018年度基层党建工作进行了督查，"
        "现将全年情况通报如下。"
    )
    assert (report.signature.date, report.imprint.printed_on) == ("2019年1月10日", "2019年1月10日印发")


def test_its_sections_stand_in_the_order_of_a_circular():
    facts = facts_of({"乡镇": WHOLE}, items=ITEMS, scores={"甲": [score("党费收缴", "1")]})
    assert headings_of(facts) == [
        "一、总体情况",
        "二、主要成效",
        "三、存在问题",
        "四、问题整改情况",
        "五、下一步工作要求",
    ]


def test_it_says_what_annual_totals_are_made_of():
    assert ("年度得分按第一季度、第二季度、第三季度、第四季度督查得分的平均值计算，四舍五入。\n") in text_of(
        facts_of({"乡镇": WHOLE})
    )
    weighed = facts_of({"乡镇": WHOLE}, rule=YearRule((10, 20, 30, 40)))
    assert (
        "年度得分按各季度督查得分加权计算（第一季度10%、第二季度20%、第三季度30%、第四季度40%），四舍五入。"
    ) in text_of(weighed)


def test_averages_are_told_by_quarter_and_for_the_year():
    text = text_of(facts_of({"乡镇": WHOLE}))
    assert (
        "从各季度看，乡镇平均得分第一季度82.50分、第二季度82.83分、第三季度85.00分、第四季度85.33分。\n"
        "从全年看，乡镇平均得分83.92分，最高95.00分，最低71.50分。"
    ) in text
    assert "乡镇平均得分由第一季度82.50分提高到第四季度85.33分" in text


def test_the_four_lists_are_those_of_the_year():
    assert (
        "乡镇年度前三名：乙；甲；丙。后三名：丁；己；戊。第四季度名次与第一季度相比，"
        "进步较快的是：丙（上升2位）、甲、戊（均上升1位）；退步较大的是：乙（下降2位）、己、丁（均下降1位）。"
    ) in text_of(facts_of({"乡镇": WHOLE}))


def test_who_led_several_quarters_and_who_rose_steadily_is_named():
    text = text_of(facts_of({"乡镇": WHOLE}))
    assert "乙以95.00分居乡镇年度第一。" in text
    assert "甲、乙各两次居乡镇季度第一。" in text
    assert "乡镇中，丙（由第4位升至第2位）、甲（由第2位升至第1位）" in text


def test_problems_come_most_frequent_first_with_how_often_and_whom_most():
    scores = {
        "甲": [score("三会一课", "1", "记录不完整。"), score("三会一课", "0")],
        "乙": [score("党费收缴", "1", "收缴滞后"), score("党费收缴", "1", "收缴滞后")],
        "丙": [score("党费收缴", "2", "收缴滞后")],
    }
    text = text_of(facts_of({"乡镇": WHOLE}, scores=scores))
    assert (
        "一是党费收缴方面，收缴滞后，全年失分3次，涉及乙、丙。二是三会一课方面，记录不完整，全年失分1次，涉及甲。"
    ) in text


def test_the_years_items_are_told_with_rates_as_fractions():
    assert (
        "截至2019年1月10日，全年列入整改事项120项，已销号100项，尚未销号20项（其中逾期6项），"
        "按期销号率98/108（按期销号数/到期数）。其中各单位自查发现30项。"
    ) in text_of(facts_of({"乡镇": WHOLE}, items=ITEMS))


def test_open_items_are_demanded_by_the_date():
    text = text_of(facts_of({"乡镇": WHOLE}, items=ITEMS))
    assert "1.抓好遗留问题整改。对尚未销号的20项问题，" in text
    assert "于2019年3月31日前整改到位并申请销号。" in text
    assert "丁、己、戊要深入查找原因" in text


def test_the_table_of_a_group_has_every_quarter_beside_the_year():
    (table,) = report_of(facts_of({"乡镇": WHOLE})).attachments
    assert (table.label, table.name) == ("附件", "2018年度乡镇基层党建工作督查得分排名表")
    assert [column.heading for column in table.columns] == [
        "年度名次",
        "单位",
        "第一季度得分/名次",
        "第二季度得分/名次",
        "第三季度得分/名次",
        "第四季度得分/名次",
        "年度得分",
    ]
    assert table.rows[0] == ("1", "乙", "95.00/1", "95.00/1", "95.00/2", "95.00/3", "95.00")
    assert sum(column.width for column in table.columns) == 156


# --- Years that lack something -------------------------------------------------------------------


def test_a_quarter_that_is_missing_is_said_not_to_count():
    three = {number: totals for number, totals in WHOLE.items() if number < 4}
    text = text_of(facts_of({"乡镇": three}))
    assert "按第一季度、第二季度、第三季度督查得分的平均值计算，四舍五入。第四季度未计入。" in text
    assert "第三季度名次与第一季度相比" in text
    assert len(report_of(facts_of({"乡镇": three})).attachments[0].columns) == 6


def test_who_was_scored_too_seldom_is_named_with_the_reason():
    quarters = {1: {"甲": 90, "乙": 80}, 2: {"甲": 90, "乙": None}, 3: {"甲": 90, "乙": None}}
    facts = facts_of({"乡镇": quarters})
    assert "计分季度不足两个的单位不计年度得分。" in text_of(facts)
    assert "乡镇另有1个单位未参加排名：乙（计分季度1个，不足2个）。" in text_of(facts)
    assert report_of(facts).attachments[0].rows[-1] == (
        "—",
        "乙（计分季度1个，不足2个）",
        "80.00/2",
        "—",
        "—",
        "—",
    )


def test_who_left_is_named_with_the_quarter():
    facts = facts_of({"乡镇": {1: {"甲": 90, "乙": 80}, 2: {"甲": 90, "乙": 90}, 3: {"甲": 90}}})
    assert "乙（第三季度已不在督查名册）" in text_of(facts)


def test_one_counted_quarter_is_no_mean():
    facts = facts_of({"乡镇": {1: {"甲": 90, "乙": 80}}}, rule=YearRule(least_quarters=1))
    text = text_of(facts)
    assert "年度得分按第一季度督查得分计算，四舍五入。第二季度、第三季度、第四季度未计入。" in text
    assert not re.search("相比|进步|退步|提高到|多次", text)


def test_a_year_without_items_has_no_section_on_them():
    assert "整改情况" not in "".join(headings_of(facts_of({"乡镇": WHOLE})))
    settled = replace(ITEMS, struck_off=120, unsettled=0, overdue=0, self_found=0)
    text = text_of(facts_of({"乡镇": WHOLE}, items=settled))
    assert "全年列入整改事项120项，已全部销号，按期销号率98/108" in text
    assert "1.防止问题反弹。" in text


def test_a_correction_says_so_and_why():
    before = year_of({"乡镇": WHOLE})
    changed = WHOLE | {4: WHOLE[4] | {"己": 99}}
    facts = facts_of({"乡镇": changed}, number=2, reason="己漏记；", before=before)
    report = report_of(facts)
    assert report.title.endswith("（更正）")
    assert "第一次更正。更正原因：己漏记。此前印发的通报以本通报为准。" in text_of(facts)
    assert report.attachments[-1].rows == (("乡镇", "己", "5", "72.00", "5", "79.25"),)


# --- Anything at all -----------------------------------------------------------------------------

NAMES = st.lists(
    st.text("甲乙丙丁戊己庚辛壬癸镇乡村街道党委𬭎氹", min_size=1, max_size=24),
    min_size=1,
    max_size=8,
    unique=True,
)
TOTALS = st.one_of(st.none(), st.integers(160, 200).map(lambda halves: Decimal(halves) / 2))
REASONS = st.sampled_from(["", "记录不完整。", "收缴滞后；", "，", "程序不规范，材料缺项"])
RULES = st.sampled_from(
    [YearRule(), YearRule(least_quarters=1), YearRule((10, 20, 30, 40)), YearRule((0, 0, 0, 100), 1)]
)


@st.composite
def items(draw):
    struck_off, unsettled = draw(st.integers(0, 9)), draw(st.integers(0, 3))
    due = draw(st.integers(0, struck_off + unsettled))
    return YearItems(
        as_of=datetime.date(2019, 1, 10),
        raised=struck_off + unsettled,
        struck_off=struck_off,
        unsettled=unsettled,
        overdue=draw(st.integers(0, unsettled)),
        due=due,
        on_time=draw(st.integers(0, due)),
        self_found=draw(st.integers(0, struck_off + unsettled)),
    )


@st.composite
def years(draw):
    groups, scores = {}, {}
    published = sorted(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True)))
    for group in ("乡镇（街道）", "系统单位")[: draw(st.integers(1, 2))]:
        names = [f"{group}{name}" for name in draw(NAMES)]
        groups[group] = {
            number: {name: draw(TOTALS) for name in names if draw(st.integers(0, 4))} for number in published
        }
        for name in names:
            scores[name] = [
                score(indicator, str(draw(st.integers(0, 3))), draw(REASONS), section)
                for section, indicator in (
                    ("基础工作", "三会一课"),
                    ("基础工作", "党费收缴"),
                    ("", "五化建设"),
                )
                for _quarter in published
                if draw(st.booleans())
            ]
    number = draw(st.integers(1, 3))
    return facts_of(
        groups,
        scores=scores,
        items=draw(st.none() | items()),
        number=number,
        reason="录入有误。" if number > 1 else "",
        rule=draw(RULES),
        method=draw(st.sampled_from(RankMethod)),
        list_size=draw(st.integers(1, 4)),
    )


@settings(max_examples=200)
@given(years(), st.booleans())
def test_no_year_makes_a_report_with_holes_in_it(facts, has_date):
    heading = replace(HEADING, rectify_by=HEADING.rectify_by if has_date else None)
    report = report_of(facts, heading)
    text = text_of(facts, heading)
    assert "无" not in text
    assert not re.search(
        r"[，、；：（“][，。、；：）”]|[。；][。；，、]|（）|^[，。、；：]|None|⟦|⟧", text, re.MULTILINE
    )
    for paragraph in report.paragraphs:
        assert paragraph.level == Level.SECTION or (paragraph.lead + paragraph.text).endswith("。")
    for attachment in report.attachments:
        assert all(len(row) == len(attachment.columns) for row in attachment.rows)
        assert sum(column.width for column in attachment.columns) == 156
    assert report == report_of(facts, heading)


@settings(max_examples=100)
@given(years())
def test_every_list_names_whom_the_rules_put_there(facts):
    fields = draft_annual(facts, HEADING).fields
    for group in facts.year.groups:
        for name in ("top", "last", "progress", "setback"):
            meant = {line.unit for line in group.lines if getattr(line, f"{name}_place")}
            field = fields.get(f"g{group.key}.{name}")
            assert set(field.about.units if field else ()) == meant
            assert all(line.name in field.value for line in group.lines if line.unit in meant)


@pytest.mark.parametrize("length", [1, 24, 100])
def test_names_of_any_length_stand_in_the_text_whole(length):
    name = "委" * length
    quarters = {1: {name: 95, "乙": 90}, 2: {name: 95, "乙": 90}}
    assert f"乡镇年度第一名：{name}。" in text_of(facts_of({"乡镇": quarters}))
