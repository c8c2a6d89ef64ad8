"""What a written text says that the results do not bear out."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from organizations.quarter import Quarter
from reviews.reports.blocks import Block
from reviews.reports.claims import Checker, Remark, disagreements
from reviews.reports.facts import Outcome, Rectification
from reviews.reports.kinds import KINDS
from reviews.reports.truths import OtherName, Truth
from reviews.reports.verdicts import Verdict
from tests.reviews.reports.circulars import HEADING
from tests.reviews.reports.district import sample_district
from tests.reviews.reports.official_prose import PROSE

DISTRICT = sample_district()
KEPT = replace(
    DISTRICT,
    rectification=Rectification(
        datetime.date(2018, 10, 8),
        (Outcome(Quarter(2018, 2), 25, on_time=20, late=1, carried_over=4, overdue=2),),
    ),
)
FIELDS = KINDS["circular"].draft(KEPT, HEADING).fields
FIRST = next(unit.unit for unit in DISTRICT.groups[0].units if unit.name == "甲镇党委")
NAMES = (
    OtherName("甲镇", FIRST),
    OtherName("甲乡党委", FIRST, "甲镇党委"),
    OtherName("亥镇党委", 999),
)
TRUTH = Truth(KEPT, HEADING.rectify_by, datetime.date(2018, 10, 20), "全区", NAMES)


def remarks(*texts: str, truth: Truth = TRUTH) -> list[Remark]:
    blocks = [Block(f"own-{number}", text, is_written=True) for number, text in enumerate(texts)]
    return Checker(truth).remarks(blocks, FIELDS)


def said(text: str) -> list[tuple[str, str]]:
    """The words that are marked, and what is true."""
    return [(remark.says, remark.truth) for remark in remarks(text)]


@pytest.mark.parametrize("sentence", PROSE)
def test_ordinary_official_prose_is_never_marked(sentence):
    assert said(sentence) == []


TRUE = (
    "乡镇（街道）前三名：甲镇党委；乙街道筹备办临时党工委、丙乡党委（并列第二）；丁镇党委。",
    "乡镇（街道）后三名：辰镇党委；巳镇党委；午乡党委。",
    "甲镇党委以96.50分居乡镇（街道）第一，得分９６．５分，位居前三名。",
    "甲镇位居第一名，其中戊镇党委上升10位，区水电公司党委名次上升。",
    "乙街道筹备办临时党工委、丙乡党委并列第二。",
    "进步较快的是：戊镇党委（上升10位）、己乡党委（上升8位）、庚镇党委（上升六位）；退步较大的有辛镇党委等。",
    "区住建局直属机关党委、区发改局直属机关党委（均上升8位）进步较快。",
    "对全区17个乡镇（街道）、十八个系统单位2018年第三季度基层党建工作进行了督查。",
    "各单位要逐条整改，于10月31日前完成销号。",
    "截至2018年10月8日，上季度应整改事项25项，按期销号20项，逾期销号1项，结转4项（其中逾期2项）。",
    "上季度整改事项按期销号率80%，销号率84.0%。",
    "10月20日召开全区基层党建工作点评会。",
    "甲镇党委由第一季度的第三名上升到第一名。",
    "甲镇党委、丁镇党委位居前三名，午乡党委排名末位。",
    "全区35个单位中，有17个单位名次上升，其中乡镇12个单位名次上升。",
    "在18个系统单位中，区林业局直属机关党委得分最高，为97分；区国税局直属机关党委得分最低，为77分。",
    "丙乡党委与乙街道筹备办临时党工委并列第二名，均为95分。",
    "乡镇（街道）第一名甲镇党委与最后一名午乡党委相差20.5分。",
    "戊镇党委由第一季度的第14名跃升至第4名，上升10位，进步最快。",
    "第一名：甲镇党委；第二名：乙街道筹备办临时党工委、丙乡党委；第三名：丁镇党委。",
    "系统单位中，区林业局直属机关党委97分、区水电公司党委96分，位居前三名。",
    "甲镇党委在三会一课方面得9.5分，居全区首位。",
    "与第一季度相比，戊镇党委、己乡党委进步较快，辛镇党委退步最大。",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_what_is_true_is_not_marked(sentence):
    assert said(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "words", "truth"),
    [
        ("戊镇党委位居前三名。", "位居前三名", "戊镇党委现为乡镇（街道）第4名，得分93.00分"),
        ("甲镇党委位居后三名。", "位居后三名", "甲镇党委现为乡镇（街道）第1名，得分96.50分"),
        ("甲镇党委、丁镇党委并列第一。", "并列第一", "丁镇党委现为乡镇（街道）第3名"),
        ("甲镇党委得分95分。", "95分", "得分96.50分"),
        ("甲镇（95分）、丁镇党委表现突出。", "95分", "得分96.50分"),
        ("戊镇党委上升九位。", "上升九位", "戊镇党委与第一季度相比上升10位"),
        ("辛镇党委名次上升。", "名次上升", "辛镇党委与第一季度相比下降8位"),
        ("甲镇党委进步较快。", "进步较快", "乡镇（街道）进步较快的单位现为：戊镇党委、己乡党委、庚镇党委"),
        ("甲镇党委未参加排名。", "未参加排名", "甲镇党委现为乡镇（街道）第1名"),
        ("乡镇平均得分90分。", "90分", "乡镇（街道）平均得分现为87.41分"),
        ("系统单位最高九十五分。", "九十五分", "系统单位最高分现为"),
        ("对全区18个乡镇（街道）进行了督查。", "18个乡镇（街道）", "参加排名的乡镇（街道）现为17个"),
        ("上季度应整改事项24项。", "24项", "上季度应整改事项现为25项"),
        ("上季度按期销号率为90%。", "90%", "上季度按期销号率现为20/25（80.0%）"),
        ("各单位要于2018年11月30日前完成整改。", "2018年11月30日", "整改时限现为2018年10月31日"),
        ("10月21日召开全区基层党建工作点评会。", "10月21日", "会议日期现为2018年10月20日"),
        ("与第二季度相比，戊镇党委上升10位。", "第二季度", "名次现与2018年第一季度相比"),
        ("甲乡党委工作扎实。", "甲乡党委", "甲乡党委现名甲镇党委"),
        ("亥镇党委位居第一名。", "位居第一名", "亥镇党委不在本季度名册中"),
        (
            "前三名：甲镇党委、丙乡党委、丁镇党委。",
            "前三名：甲镇党委、丙乡党委、丁镇党委",
            "乡镇（街道）前三名现为：甲镇党委、乙街道",
        ),
        ("戊镇党委、己乡党委分别上升10位、9位。", "9位", "己乡党委与第一季度相比上升8位"),
        ("甲镇党委、丙乡党委分列第一、第三。", "第三", "丙乡党委现为乡镇（街道）第2名"),
        ("甲镇党委、丙乡党委分别得96.5分、94分。", "94分", "丙乡党委现为乡镇（街道）第2名"),
        ("有5个单位未参加排名。", "5个单位", "未参加排名的单位现共0个"),
        ("甲镇党委在三会一课方面得9分。", "9分", "甲镇党委三会一课得分现为"),
        ("较上季度，戊镇党委上升10位。", "上季度", "名次现与2018年第一季度相比"),
        ("甲镇党委跌出前三名。", "前三名", "甲镇党委现为乡镇（街道）第1名"),
    ],
)
def test_what_is_not_true_is_marked_with_what_is(sentence, words, truth):
    (remark,) = remarks(sentence)
    assert (remark.says, remark.verdict) == (words, Verdict.DISAGREES)
    assert truth in remark.truth
    assert remark.sentence == sentence


@pytest.mark.parametrize("sentence", ["亥镇党委工作扎实。", "各单位平均得分90分。", "共发现问题9999个。"])
def test_what_nothing_bears_out_wants_a_look(sentence):
    assert [remark.verdict for remark in remarks(sentence)] == [Verdict.LOOK]


def test_what_the_program_drafts_is_right_by_construction():
    for kind in KINDS.values():
        draft = kind.draft(KEPT, HEADING)
        assert disagreements(draft.blocks, draft.fields, KEPT, truth=TRUTH) == []
