"""From blocks to paragraphs: numbers, marks and what is left out."""

from reviews.reports.blocks import Block
from reviews.reports.composing import Numbering, composed, lines_of
from reviews.reports.document import Level, Paragraph
from reviews.reports.fields import Field, FieldKind

SECTION, PART, POINT = Level.SECTION, Level.PART, Level.POINT
FIELDS = {"host": Field("host", "区委组织部", FieldKind.SETTING)}


def printed(*blocks: Block) -> list[str]:
    return [paragraph.lead + paragraph.text for paragraph in composed(blocks, FIELDS)]


def head(lead: str, level: Level = SECTION, text: str = "") -> Block:
    return Block(lead, text, lead, level)


def test_numbers_are_given_in_order_and_start_again_within_the_next_heading():
    text = [
        head("总体情况"), head("一", PART, "甲。"), head("二", PART, "乙。"), head("三", POINT, "丙。"),
        head("存在问题"), head("四", PART, "丁。"), head("五", POINT, "戊。"), head("六", POINT, "己。"),
    ]  # fmt: skip
    assert printed(*text) == [
        "一、总体情况", "（一）一。甲。", "（二）二。乙。", "1.三。丙。",
        "二、存在问题", "（一）四。丁。", "1.五。戊。", "2.六。己。",
    ]  # fmt: skip


def test_a_lead_has_one_end_mark_however_it_was_typed():
    assert printed(head("加强领导。", PART, "甲。"), head("总体情况：", SECTION), Block("a", "乙。")) == [
        "（一）加强领导。甲。", "一、总体情况", "乙。",
    ]  # fmt: skip


def test_a_part_without_a_lead_has_its_number_alone():
    assert printed(head("", PART, "甲。")) == ["（一）甲。"]


def test_fields_are_filled_in_leads_and_texts():
    assert printed(head("⟦host⟧要求", POINT, "⟦host⟧将督查。")) == ["1.区委组织部要求。区委组织部将督查。"]


def test_what_says_nothing_is_neither_printed_nor_counted():
    text = [
        head("没有下文"), head("总体情况"), Block("gone", "⟦g1.top⟧"), Block("said", "甲。"),
        head("末尾"), Block("empty", "  "),
    ]  # fmt: skip
    assert printed(*text) == ["一、总体情况", "甲。"]
    lines = lines_of(text, FIELDS)
    assert [line.is_printed for line in lines] == [False, True, False, True, False, False]
    assert [line.number for line in lines] == ["", "一、", "", "", "", ""]


def test_hidden_characters_and_line_breaks_do_not_print():
    assert composed([Block("a", "甲\u200b\n乙\x00")], {}) == (Paragraph("甲 乙", "", Level.TEXT),)


def test_numbering_past_ten_is_chinese_too():
    numbering = Numbering()
    assert [numbering.next_number(SECTION) for _ in range(21)][9:12] == ["十、", "十一、", "十二、"]
    assert numbering.lead_of(PART, "甲") == "（一）甲。"
