"""From what was published to the text of the circular. Pure, always Chinese, never translated.

A set that is empty drops its clause, and a section without clauses is dropped. What comes from the data
stands in the text as fields and is never typed into it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from reviews.reports.attachments import attachments_of
from reviews.reports.blocks import Block, Draft
from reviews.reports.composing import composed
from reviews.reports.document import Imprint, Letterhead, OfficialDocument, Signature
from reviews.reports.facts import Results
from reviews.reports.fields import FieldBook, FieldKind
from reviews.reports.layout import signature_indents, title_lines
from reviews.reports.parts import section_blocks
from reviews.reports.prose_achievements import achievements
from reviews.reports.prose_demands import demands
from reviews.reports.prose_problems import problems
from reviews.reports.rankings import (
    host_field,
    quarter_field,
    ranking_paragraphs,
    unranked_sentence,
    whom_reviewed,
)
from reviews.reports.rectification import rectification_sentence
from reviews.reports.since_baseline import averages
from reviews.reports.wording import chinese_number, official_date, without_end_mark
from reviews.reports.work import earlier_work_sentence


@dataclass(frozen=True)
class Heading:
    """What a host prints around its documents. Blank fields are left out; a blank issuer is the host, and the
    issuer stands for a blank mark (with 文件), printing office and speaker.
    """

    issuer: str = ""
    area: str = "全区"
    addressee: str = ""
    copies_to: str = ""
    document_number: str = ""
    letterhead: Letterhead = Letterhead.NONE
    is_sealed: bool = True
    rectify_by: datetime.date | None = None
    speaker: str = ""
    meeting: str = ""
    meeting_on: datetime.date | None = None
    mark: str = ""
    imprint_office: str = ""


def write_circular(results: Results, heading: Heading) -> OfficialDocument:
    """The whole circular of one publication, as it is drafted."""
    return circular_of(draft_circular(results, heading), results, heading)


def circular_of(text: Draft, results: Results, heading: Heading) -> OfficialDocument:
    """The circular with this text: title, signature, imprint and attachments around it."""
    issuer = heading.issuer or results.host_name
    date = official_date(results.published_on)
    words = _title_words(results)
    signer_indent, date_indent = signature_indents(issuer, date, is_sealed=heading.is_sealed)
    return OfficialDocument(
        title="".join(words),
        title_lines=title_lines(words),
        addressee=without_end_mark(heading.addressee),
        paragraphs=composed(text.blocks, text.fields),
        attachments=attachments_of(results),
        signature=Signature(issuer, date, heading.is_sealed, signer_indent, date_indent),
        imprint=Imprint(without_end_mark(heading.copies_to), heading.imprint_office or issuer, f"{date}印发"),
        letterhead=heading.letterhead,
        mark=heading.mark or f"{issuer}文件",
        document_number=heading.document_number,
        digest=results.digest,
    )


def draft_circular(results: Results, heading: Heading) -> Draft:
    """What the circular says by itself, in blocks and fields."""
    book = FieldBook()
    blocks = [Block("correction", _correction(results, book))] if results.is_correction else []
    blocks.append(Block("opening", _opening(results, heading, book)))
    sections = [
        ("situation", "总体情况", _situation(results, book)),
        ("achievements", "主要成效", achievements(results, book)),
        ("problems", "存在问题", problems(results, book)),
        ("demands", "下一步工作要求", demands(results, heading.rectify_by, book)),
    ]
    for key, title, written in sections:
        blocks += section_blocks(key, title, written)
    return Draft(tuple(blocks), book.fields)


def _title_words(results: Results) -> list[str]:
    quarter = results.quarter
    words = ["关于", f"{quarter.year}年", quarter.ordinal, "基层党建工作", "督查", "情况的通报"]
    return [*words, "（更正）"] if results.is_correction else words


def _opening(results: Results, heading: Heading, book: FieldBook) -> str:
    area = book.put("area", heading.area, FieldKind.SETTING)
    return (
        f"根据安排，{host_field(results, book)}采取“四不两直”方式，对{area}{whom_reviewed(results, book)}"
        f"{quarter_field(results, book)}基层党建工作进行了督查，现通报如下。"
    )


def _correction(results: Results, book: FieldBook) -> str:
    count = chinese_number(results.number - 1)
    number = book.put("correction.number", f"第{count}次", FieldKind.CORRECTION)
    reason = book.put("correction.reason", without_end_mark(results.reason), FieldKind.CORRECTION)
    why = f"更正原因：{reason}。" if reason else ""
    quarter = quarter_field(results, book)
    return f"本通报是对{quarter}通报的{number}更正。{why}此前印发的通报以本通报为准。"


def _situation(results: Results, book: FieldBook) -> list[Block]:
    left_out = "".join(unranked_sentence(group, book) for group in results.groups)
    blocks = [
        Block("averages", averages(results, book)),
        *(Block(f"{key}.ranking", text) for key, text in ranking_paragraphs(results, book)),
        Block("unranked", left_out),
        Block("rectification", rectification_sentence(results, book)),
        Block("work", earlier_work_sentence(results, book)),
    ]
    return [block for block in blocks if block.text]
