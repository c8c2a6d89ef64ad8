"""Speeches for tests of the renderers, written by hand."""

from __future__ import annotations

from dataclasses import replace

from reviews.reports.document import Letterhead, Level, OfficialDocument, Paragraph
from reviews.reports.layout import title_lines
from tests.reviews.reports.district import DIGEST

_TITLE = ["在", "全区", "基层党建工作点评会", "上的讲话"]
_PARAGRAPHS = (
    Paragraph("今天召开这次会议，主要任务是点评第三季度基层党建工作，肯定成绩，指出问题，部署下一步工作。"),
    Paragraph(lead="一、第三季度基层党建工作取得的成绩", level=Level.SECTION),
    Paragraph(
        "甲镇党委以96.50分居乡镇（街道）第一，乙街道筹备办临时党工委、丙乡党委并列第二。",
        "（一）先进单位走在前列。",
        Level.PART,
    ),
    Paragraph("戊镇党委上升10位，己乡党委上升8位，庚镇党委上升6位。", "（二）争先进位势头良好。", Level.PART),
    Paragraph(lead="二、存在的突出问题", level=Level.SECTION),
    Paragraph("一些党支部会议记录不完整，程序不规范，涉及甲镇党委、丁镇党委、戊镇党委。"),
    Paragraph(lead="三、下一步工作要求", level=Level.SECTION),
    Paragraph("各单位要在2018年10月31日前逐条整改销号。", "1.逐条整改销号。", Level.POINT),
    Paragraph("同志们，基层党建工作任务繁重，希望大家抓紧抓实，确保年度目标任务圆满完成。"),
)


def sample_speech(**changes: object) -> OfficialDocument:
    speech = OfficialDocument(
        title="".join(_TITLE),
        title_lines=title_lines(_TITLE),
        byline=("（2018年10月20日）", "区委组织部部长"),
        addressee="同志们",
        paragraphs=_PARAGRAPHS,
        attachments=(),
        signature=None,
        imprint=None,
        letterhead=Letterhead.NONE,
        mark="",
        document_number="",
        digest=DIGEST,
    )
    return replace(speech, **changes)


def speech_of(*texts: str, **changes: object) -> OfficialDocument:
    """A speech of these paragraphs."""
    return sample_speech(paragraphs=tuple(map(Paragraph, texts)), **changes)
