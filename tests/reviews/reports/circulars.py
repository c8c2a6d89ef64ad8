"""Circulars for tests of the renderers."""

from __future__ import annotations

import datetime
from dataclasses import replace

from reviews.reports.document import Level, OfficialDocument, Paragraph
from reviews.reports.prose import Heading, write_circular
from tests.reviews.reports.district import quarter_of, sample_district

HEADING = Heading(
    addressee="各乡镇（街道）党（工）委，区直各系统单位党组织",
    copies_to="市委组织部，区委办公室",
    document_number="×组通〔2018〕18号",
    rectify_by=datetime.date(2018, 10, 31),
)
HOSTILE = ('#include "x"', "{{ 7*7 }}", "<b>&amp;", "*_`$#", "{% if %}", "{_{ x }_}", "\\u{41}", "'a'\"b\"")
TOWNSHIP_LISTS = (
    "前三名：甲镇党委；乙街道筹备办临时党工委、丙乡党委（并列第二）；丁镇党委。后三名：辰镇党委；巳镇党委；午乡党委。",
    "戊镇党委（上升10位）、己乡党委（上升8位）、庚镇党委（上升6位）",
    "辛镇党委（下降8位）、壬镇党委（下降6位）、癸街道筹备办临时党工委（下降4位）",
)
SYSTEM_LISTS = (
    "前三名：区林业局直属机关党委；区水电公司党委；区委组织部系统党工委",
    "后三名：区经信局系统党工委；邮政集团某分公司党总支；区国税局直属机关党委",
    "区林业局直属机关党委（上升12位）、区住建局直属机关党委、区发改局直属机关党委（均上升8位）",
    "区委宣传部系统党工委（下降12位）、区安监局党总支（下降9位）、区经信局系统党工委（下降4位）",
)


def sample_circular(**heading: object) -> OfficialDocument:
    return write_circular(sample_district(), replace(HEADING, **heading))


def hostile_circular() -> OfficialDocument:
    """Every name, reason and setting is a text that means something to some template language."""
    totals = {name: 90 - number for number, name in enumerate(HOSTILE)}
    heading = replace(HEADING, issuer=HOSTILE[2], addressee=HOSTILE[1], copies_to=HOSTILE[5])
    return write_circular(quarter_of({HOSTILE[0]: totals}), heading)


def circular_of(*texts: str, **changes: object) -> OfficialDocument:
    """A circular of these paragraphs and no attachment."""
    paragraphs = tuple(Paragraph(text, level=Level.TEXT) for text in texts)
    return replace(sample_circular(), paragraphs=paragraphs, attachments=(), **changes)
