"""From blocks and fields to the paragraphs that print: numbers given, fields filled. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.reports.blocks import Block
from reviews.reports.document import Level, Paragraph
from reviews.reports.fields import Fields, filled
from reviews.reports.wording import chinese_number, plain, without_end_mark


class Numbering:
    """Counts headings as they come: 一、 then （一） within it, then 1. within that."""

    def __init__(self) -> None:
        self._counts = {Level.SECTION: 0, Level.PART: 0, Level.POINT: 0}

    def next_number(self, level: Level) -> str:
        """The number that the next paragraph of this level prints: 一、, （一）, 1. or none."""
        if level is Level.TEXT:
            return ""
        self._counts[level] += 1
        for lower in list(self._counts)[list(self._counts).index(level) + 1 :]:
            self._counts[lower] = 0
        number = self._counts[level]
        if level is Level.SECTION:
            return f"{chinese_number(number)}、"
        return f"（{chinese_number(number)}）" if level is Level.PART else f"{number}."

    def lead_of(self, level: Level, lead: str) -> str:
        """The lead with its number and its mark: 一、总体情况, （一）先进单位走在前列。, 1.逐条整改销号。"""
        return _marked(self.next_number(level), level, lead)


@dataclass(frozen=True)
class Line:
    """One block as it prints. number: 一、, （一）, 1. or none. lead, text: fields filled."""

    block: Block
    number: str
    lead: str
    text: str
    is_printed: bool

    @property
    def paragraph(self) -> Paragraph:
        """With the number before its lead and the mark after it."""
        level = self.block.level
        return Paragraph(self.text, _marked(self.number, level, self.lead), level)


def lines_of(blocks: Iterable[Block], fields: Fields) -> list[Line]:
    """Every block as it prints. Not printed and not numbered is what says nothing: a block that is empty
    once its fields are filled, and a section without anything under its heading.
    """
    said = [(block, plain(filled(block.lead, fields)), plain(filled(block.text, fields))) for block in blocks]
    numbering = Numbering()
    lines = []
    for place, (block, lead, text) in enumerate(said):
        is_heading = block.level is Level.SECTION and not text
        is_printed = bool(lead or text) and not (is_heading and not _is_followed(said[place + 1 :]))
        number = numbering.next_number(block.level) if is_printed else ""
        lines.append(Line(block, number, lead, text, is_printed))
    return lines


def printed(blocks: Iterable[Block], fields: Fields) -> list[tuple[Block, Paragraph]]:
    """The blocks that print, each with its paragraph."""
    return [(line.block, line.paragraph) for line in lines_of(blocks, fields) if line.is_printed]


def composed(blocks: Iterable[Block], fields: Fields) -> tuple[Paragraph, ...]:
    """The paragraphs as they print, in their order."""
    return tuple(paragraph for _block, paragraph in printed(blocks, fields))


def _marked(number: str, level: Level, lead: str) -> str:
    """A lead as it prints with its number; the heading of a section has no full stop."""
    if level is Level.TEXT:
        return lead
    words = without_end_mark(lead)
    return f"{number}{words}{'。' if words and level is not Level.SECTION else ''}"


def _is_followed(rest: Sequence[tuple[Block, str, str]]) -> bool:
    """Whether what comes after a heading belongs under it."""
    following = next((block for block, lead, text in rest if lead or text), None)
    return following is not None and following.level is not Level.SECTION
