"""From what was published to the text of the speech that reviews it. Pure, always Chinese.

It says what the circular says, aloud: who did well is praised by name, who lags behind is named as well.
Clauses that both documents print are written once, in the modules that both use.
"""

from __future__ import annotations

from reviews.reports.blocks import Block, Draft
from reviews.reports.composing import composed
from reviews.reports.document import Letterhead, OfficialDocument
from reviews.reports.facts import Results
from reviews.reports.fields import FieldBook, FieldKind
from reviews.reports.layout import title_lines
from reviews.reports.parts import section_blocks
from reviews.reports.prose import Heading
from reviews.reports.rankings import host_field, quarter_field, whom_reviewed
from reviews.reports.speech_achievements import spoken_achievements
from reviews.reports.speech_demands import spoken_demands
from reviews.reports.speech_problems import spoken_problems
from reviews.reports.wording import chinese_number, official_date


def draft_speech(results: Results, heading: Heading) -> Draft:
    """What the speech says by itself, in blocks and fields."""
    book = FieldBook()
    blocks = [
        Block("opening", _opening(results, heading, book)),
        *([Block("correction", _correction(results, book))] if results.is_correction else []),
        *section_blocks(
            "achievements",
            "肯定成绩，坚定抓好基层党建工作的信心",
            spoken_achievements(results, book),
        ),
        *section_blocks(
            "problems",
            "正视问题，找准基层党建工作的差距和不足",
            spoken_problems(results, book),
        ),
        *section_blocks(
            "demands",
            "真抓实干，推动下一步工作落地见效",
            spoken_demands(results, heading.rectify_by, book),
        ),
        Block("closing", _closing(heading, book)),
    ]
    return Draft(tuple(blocks), book.fields)


def speech_of(text: Draft, results: Results, heading: Heading) -> OfficialDocument:
    """The speech with this text: title, date and speaker above it."""
    words = ["在", *_meeting_words(results, heading), "上的讲话"]
    date = official_date(heading.meeting_on or results.published_on)
    return OfficialDocument(
        title="".join(words),
        title_lines=title_lines(words),
        addressee="同志们",
        paragraphs=composed(text.blocks, text.fields),
        attachments=(),
        signature=None,
        imprint=None,
        letterhead=Letterhead.NONE,
        mark="",
        document_number="",
        digest=results.digest,
        byline=(f"（{date}）", heading.speaker or heading.issuer or results.host_name),
    )


def _meeting_words(results: Results, heading: Heading) -> list[str]:
    """What the meeting is called, in words that no line of the title breaks."""
    if heading.meeting:
        return [heading.meeting]
    quarter = results.quarter
    return [*filter(None, [heading.area]), f"{quarter.year}年", quarter.ordinal, "基层党建工作", "点评会"]


def _opening(results: Results, heading: Heading, book: FieldBook) -> str:
    meeting = book.put("meeting", "".join(_meeting_words(results, heading)), FieldKind.SETTING)
    return (
        f"今天召开{meeting}，主要任务是通报督查情况，肯定成绩、查摆问题，安排部署下一步工作。"
        f"前段时间，{host_field(results, book)}采取“四不两直”方式，对{whom_reviewed(results, book)}"
        f"{quarter_field(results, book)}基层党建工作进行了督查。根据督查掌握的情况，我讲几点意见。"
    )


def _correction(results: Results, book: FieldBook) -> str:
    number = f"第{chinese_number(results.number - 1)}次"
    number = book.put("correction.number", number, FieldKind.CORRECTION)
    return (
        f"需要说明的是，{quarter_field(results, book)}的督查结果已作{number}更正，"
        "今天通报的是更正以后的结果。"
    )


def _closing(heading: Heading, book: FieldBook) -> str:
    area = book.put("area", heading.area, FieldKind.SETTING)
    return (
        "同志们，抓好基层党建工作，关键在责任，根本在落实。希望各单位以这次点评为契机，"
        f"补短板、强弱项、抓提升，以更实的举措推动{area}基层党建工作再上新台阶！"
    )
