"""What the speech says, and what both documents make of findings, assigned work and the baseline."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from organizations.quarter import Quarter
from reviews.reports.document import Level
from reviews.reports.facts import Outcome, Rectification, Results
from reviews.reports.fields import keys_in
from reviews.reports.kinds import KINDS
from reviews.reports.material import DueDate, EarlierGroup, Finding, Highlight, Material, Programme
from reviews.reports.prose import Heading
from tests.reviews.reports.district import corrected, quarter_of, sample_district

HEADING = Heading(rectify_by=datetime.date(2018, 10, 31))
TOTALS = {"甲镇党委": 95, "乙镇党委": 93, "丙乡党委": 90, "丁镇党委": 85}
EARLIER = {"甲镇党委": 90, "乙镇党委": 80, "丙乡党委": 95, "丁镇党委": 70}
FIRST, SECOND, THIRD, FOURTH = 1000, 1001, 1002, 1003  # the keys that `quarter_of` gives the four
UNTIDY, UNLED = "规范化程度不高", "督促指导力度不够"


def quarter_with(**material) -> Results:
    results = quarter_of({"乡镇": TOTALS}, {"乡镇": EARLIER}, list_size=1)
    return replace(results, material=Material(**material))


def document(results: Results, kind: str, heading: Heading = HEADING):
    return KINDS[kind].document(KINDS[kind].draft(results, heading), results, heading)


def text_of(results: Results, kind: str, heading: Heading = HEADING) -> str:
    return "\n".join(each.lead + each.text for each in document(results, kind, heading).paragraphs)


def finding(unit: int, name: str, text: str, place: str = "", category: str = UNTIDY) -> Finding:
    return Finding(category, [UNTIDY, UNLED].index(category), unit, name, place, text)


# --- The speech ----------------------------------------------------------------------------------


def test_it_is_named_after_the_meeting_and_dated_and_signed_above_the_text():
    heading = replace(
        HEADING, meeting="全区组织工作会议", speaker="区委组织部部长", meeting_on=datetime.date(2018, 11, 2)
    )
    speech = document(sample_district(), "speech", heading)
    assert speech.title == "在全区组织工作会议上的讲话"
    assert speech.byline == ("（2018年11月2日）", "区委组织部部长")
    assert (speech.addressee, speech.signature, speech.imprint) == ("同志们", None, None)
    assert speech.paragraphs[0].text.startswith("今天召开全区组织工作会议，")


def test_without_settings_it_speaks_in_the_hosts_words():
    speech = document(sample_district(), "speech")
    assert speech.title == "在全区2018年第三季度基层党建工作点评会上的讲话"
    assert speech.byline == ("（2018年10月8日）", "区委组织部")


def test_it_goes_from_praise_to_problems_to_what_is_next():
    speech = document(sample_district(), "speech")
    sections = [each.lead for each in speech.paragraphs if each.level is Level.SECTION]
    assert [section[:6] for section in sections] == ["一、肯定成绩", "二、正视问题", "三、真抓实干"]
    assert speech.paragraphs[-1].text.startswith("同志们，")
    assert speech.paragraphs[-1].text.endswith("再上新台阶！")


def test_it_names_the_first_with_praise_and_the_last_among_the_problems():
    text = text_of(sample_district(), "speech")
    praised, blamed = text.split("二、正视问题")
    assert (
        "乡镇（街道）前三名是：甲镇党委；乙街道筹备办临时党工委、丙乡党委（并列第二）；丁镇党委。" in praised
    )
    assert "乡镇（街道）后三名是：辰镇党委；巳镇党委；午乡党委。" in blamed
    assert "后三名" not in praised
    assert "与第一季度相比，乡镇（街道）退步较大的是：辛镇党委（下降8位）" in blamed


def test_of_a_correction_it_says_that_the_figures_are_the_corrected_ones():
    assert "督查结果已作第一次更正" in text_of(corrected(sample_district(), "录入有误"), "speech")


def test_a_sample_speech_is_two_to_four_pages_long():
    lines = sum(
        -(-(2 + len(each.lead + each.text)) // 28)
        for each in document(sample_district(), "speech").paragraphs
    )
    assert 2 * 22 <= lines <= 4 * 22


# --- What visits found ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_highlight_is_told_with_its_unit_and_place(kind):
    results = quarter_with(highlights=(Highlight(SECOND, "乙镇党委", "东村党支部", "推行积分制管理"),))
    assert "乙镇党委东村党支部推行积分制管理。" in text_of(results, kind)


def test_of_many_highlights_every_unit_is_praised_before_one_is_praised_twice():
    many = [Highlight(FIRST, "甲镇党委", f"{number}村", "推行积分制管理") for number in range(9)]
    results = quarter_with(highlights=(*many, Highlight(FOURTH, "丁镇党委", "", "一室多用")))
    draft = KINDS["circular"].draft(results, HEADING)
    text = text_of(results, "circular")
    assert "丁镇党委一室多用" in text
    assert "8村" not in text
    assert "8村" in [field.value for field in draft.fields.values()]  # to be named by a person instead


def test_what_a_unit_outside_the_review_did_is_not_told():
    results = quarter_with(
        highlights=(Highlight(7, "外镇党委", "", "一室多用"),), findings=(finding(7, "外镇党委", "台账缺页"),)
    )
    assert "外镇" not in text_of(results, "circular") + text_of(results, "speech")


def test_problems_come_by_category_the_most_frequent_first_with_units_and_places():
    results = quarter_with(
        findings=(
            finding(FIRST, "甲镇党委", "没有专题研究", category=UNLED),
            finding(THIRD, "丙乡党委", "会议记录不全", "西村党支部"),
            finding(THIRD, "丙乡党委", "会议记录不全", "东村党支部"),
            finding(SECOND, "乙镇党委", "会议记录不全", "北村党支部"),
            finding(SECOND, "乙镇党委", "台账缺页"),
        )
    )
    circular = text_of(results, "circular")
    assert (
        "（一）规范化程度不高。一是会议记录不全，涉及乙镇党委北村党支部、丙乡党委（东村党支部、西村党支部）。"
        "二是台账缺页，涉及乙镇党委。\n（二）督促指导力度不够。没有专题研究，涉及甲镇党委。"
    ) in circular
    assert (
        "（一）规范化程度不高。这方面，督查共发现问题4个，涉及2个单位。有的会议记录不全，如乙镇党委北村党支部、"
        "丙乡党委（东村党支部、西村党支部）；有的台账缺页，如乙镇党委。"
    ) in text_of(results, "speech")


def test_categories_that_are_equally_frequent_keep_the_hosts_order():
    both = (
        finding(FIRST, "甲镇党委", "没有专题研究", category=UNLED),
        finding(FOURTH, "丁镇党委", "台账缺页"),
    )
    for findings in (both, both[::-1]):
        text = text_of(quarter_with(findings=findings), "circular")
        assert text.index(UNTIDY) < text.index(UNLED)


def test_a_single_category_is_named_although_it_has_no_heading():
    text = text_of(quarter_with(findings=(finding(FIRST, "甲镇党委", "台账缺页"),)), "circular")
    assert "主要是规范化程度不高。台账缺页，涉及甲镇党委。" in text


def test_what_visits_found_is_in_the_list_of_problems():
    results = quarter_with(findings=(finding(FIRST, "甲镇党委", "台账缺页", "东村党支部"),))
    circular = document(results, "circular")
    assert circular.attachments[-1].rows == (("1", UNTIDY, "台账缺页", "甲镇党委东村党支部"),)
    assert "各单位的具体问题见附件2。" in text_of(results, "circular")


# --- Since the baseline --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("89.50", "乡镇平均得分90.75分，比第一季度提高1.25分，"),
        ("91.00", "乡镇平均得分90.75分，比第一季度下降0.25分，"),
        ("90.75", "乡镇平均得分90.75分，与第一季度持平，"),
        (None, "乡镇平均得分90.75分，最高"),
    ],
)
def test_an_average_is_compared_where_it_can_be(then, said):
    average = None if then is None else Decimal(then)
    assert said in text_of(quarter_with(earlier=(EarlierGroup(1, average, 1, ()),)), "circular")


@pytest.mark.parametrize("kind", list(KINDS))
def test_who_left_the_last_list_by_rising_is_named(kind):
    results = quarter_with(earlier=(EarlierGroup(1, None, 2, (SECOND, FOURTH)),))
    assert "乡镇摆脱第一季度后两名的是：乙镇党委（由第3名升至第2名）。" in text_of(results, kind)


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        (Quarter(2018, 2), "丁镇党委连续两个季度列乡镇后三名。"),
        (Quarter(2018, 1), "丁镇党委第一季度和第三季度均列乡镇后三名。"),
        (Quarter(2017, 4), "丁镇党委2017年第四季度和2018年第三季度均列乡镇后三名。"),
    ],
)
@pytest.mark.parametrize("kind", list(KINDS))
def test_who_is_last_again_is_named_with_both_quarters(kind, baseline, said):
    results = replace(quarter_with(earlier=(EarlierGroup(1, None, 3, (FOURTH,)),)), baseline=baseline)
    assert said in text_of(results, kind)


# --- Assigned work -------------------------------------------------------------------------------

WEAK = Programme(
    5,
    "软弱涣散基层党组织整顿",
    Quarter(2018, 2),
    lead="区委组织部",
    task="逐个落实“六个一”措施",
    dues=(DueDate(datetime.date(2018, 11, 30), "一类"), DueDate(datetime.date(2018, 12, 31), "二类")),
    targets=12,
    done=5,
)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_programme_says_who_leads_how_far_it_is_and_by_when_it_is_due(kind):
    assert (
        "软弱涣散基层党组织整顿。逐个落实“六个一”措施。由区委组织部牵头，涉及12个对象，已完成5个，"
        "一类于2018年11月30日前、二类于2018年12月31日前完成。"
    ) in text_of(quarter_with(programmes=(WEAK,)), kind)


def test_a_date_that_is_past_is_not_set_as_one_to_come():
    late = replace(WEAK, dues=(DueDate(datetime.date(2018, 9, 30)),), overdue=7, outcome="overdue")
    text = text_of(quarter_with(programmes=(late,)), "circular")
    assert "涉及12个对象，已完成5个，逾期7个，逾期的要限期补齐。" in text
    assert "9月30日" not in text


def test_a_long_task_is_told_in_whole_sentences_or_not_at_all():
    two = replace(WEAK, task="第一句。" + "长" * 200)
    one = replace(WEAK, key=6, task="长" * 200)
    text = text_of(quarter_with(programmes=(two, one)), "circular")
    assert "整顿。第一句。由区委组织部" in text
    assert "长" not in text


def test_only_what_everybody_did_is_called_done():
    done = replace(WEAK, name="送课下乡", done=12, outcome="finished")
    closed = replace(WEAK, key=6, name="结对帮扶", done=3, outcome="finished")
    text = text_of(quarter_with(programmes=(done, closed)), "circular")
    assert "送课下乡已全部完成。" in text
    assert "结对帮扶" not in text
    assert "此前部署的专项工作2项，均已办结。" in text


def test_earlier_work_is_counted_and_new_work_is_not():
    programmes = (WEAK, replace(WEAK, key=6, outcome="overdue"), replace(WEAK, key=7, is_new=True))
    assert "此前部署的专项工作2项，按期推进1项，逾期1项。" in text_of(
        quarter_with(programmes=programmes), "circular"
    )


def test_what_is_all_struck_off_is_praised_and_what_is_not_is_blamed():
    def said(carried_over):
        outcome = Outcome(Quarter(2018, 2), 3 + carried_over, 3, 0, carried_over, 0)
        results = replace(quarter_with(), rectification=Rectification(datetime.date(2018, 10, 8), (outcome,)))
        return text_of(results, "speech").split("二、正视问题")

    praised, blamed = said(0)
    assert "已全部按期销号" in praised
    assert "销号" not in blamed.split("三、")[0]
    praised, blamed = said(2)
    assert "销号" not in praised
    assert "结转2项。没有销号的，有关单位要抓紧整改" in blamed


# --- Fields --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KINDS))
def test_names_and_numbers_of_the_data_are_fields_and_never_typed(kind):
    results = quarter_with(
        highlights=(Highlight(SECOND, "乙镇党委", "东村党支部", "推行积分制管理"),),
        findings=(finding(THIRD, "丙乡党委", "会议记录不全", "西村党支部"),),
        programmes=(WEAK,),
        earlier=(EarlierGroup(1, Decimal(89), 1, (FOURTH,)),),
    )
    draft = KINDS[kind].draft(results, HEADING)
    words = "".join(block.lead + block.text for block in draft.blocks)
    for key in keys_in(words):
        words = words.replace(f"⟦{key}⟧", "")
    typed = [
        *TOTALS,
        "乡镇",
        "东村",
        "积分制",
        "会议记录",
        UNTIDY,
        "软弱涣散",
        "六个一",
        "2018",
        "区委组织部",
    ]
    assert [each for each in typed if each in words] == []
    assert not any(char.isdigit() for char in words)
