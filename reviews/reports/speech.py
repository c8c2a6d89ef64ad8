"""From what was published to the text of the speech that reviews it. Pure, always Chinese."""

from __future__ import annotations

from reviews.reports.blocks import Block, Draft
from reviews.reports.composing import composed
from reviews.reports.document import Letterhead, Level, OfficialDocument
from reviews.reports.facts import Results
from reviews.reports.fields import FieldBook
from reviews.reports.layout import title_lines
from reviews.reports.prose import Heading
from reviews.reports.rankings import overview, ranking_paragraphs
from reviews.reports.wording import official_date


def draft_speech(results: Results, heading: Heading) -> Draft:
    """What the speech says by itself, in blocks and fields."""
    book = FieldBook()
    averages = "；".join(text for group in results.groups if (text := overview(group, book)))
    blocks = [
        Block("achievements", lead="肯定成绩，切实增强抓好基层党建工作的信心", level=Level.SECTION),
        Block("averages", f"{averages}。" if averages else ""),
        *(Block(f"{key}.ranking", text) for key, text in ranking_paragraphs(results, book)),
    ]
    return Draft(tuple(blocks), book.fields)


def speech_of(text: Draft, results: Results, heading: Heading) -> OfficialDocument:
    """The speech with this text: title, date and speaker above it."""
    words = ["在", "基层党建工作", "点评会", "上的讲话"]
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
        byline=(official_date(results.published_on),),
    )
