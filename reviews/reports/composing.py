"""From blocks and fields to the paragraphs that print: numbers given, fields filled. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reviews.reports.blocks import Block
from reviews.reports.document import Level, Paragraph
from reviews.reports.fields import Fields, filled
from reviews.reports.wording import chinese_number, plain, without_end_mark


class Numbering:
    """Counts headings as they come: 一、 then （一） within it, then 1. within that."""

    def __init__(self) -> None:
        self._counts = {Level.SECTION: 0, Level.PART: 0, Level.POINT: 0}

    def lead_of(self, level: Level, lead: str) -> str:
        """The lead with its number and its mark: 一、总体情况, （一）先进单位走在前列。, 1.逐条整改销号。"""
        if level is Level.TEXT:
            return lead
        self._counts[level] += 1
        for lower in list(self._counts)[list(self._counts).index(level) + 1 :]:
            self._counts[lower] = 0
        number, words = self._counts[level], without_end_mark(lead)
        if level is Level.SECTION:
            return f"{chinese_number(number)}、{words}"
        end = f"{words}。" if words else ""
        return f"（{chinese_number(number)}）{end}" if level is Level.PART else f"{number}.{end}"


def composed(blocks: Iterable[Block], fields: Fields) -> tuple[Paragraph, ...]:
    """The paragraphs as they print, in their order."""
    return tuple(paragraph for _block, paragraph in printed(blocks, fields))


def printed(blocks: Iterable[Block], fields: Fields) -> list[tuple[Block, Paragraph]]:
    """The blocks that print, each with its paragraph. Left out and not numbered is what says nothing: a block
    that is empty once its fields are filled, and a section without anything under its heading.
    """
    said = [(block, plain(filled(block.lead, fields)), plain(filled(block.text, fields))) for block in blocks]
    said = [each for each in said if each[1] or each[2]]
    numbering = Numbering()
    return [
        (block, Paragraph(text, numbering.lead_of(block.level, lead), block.level))
        for number, (block, lead, text) in enumerate(said)
        if text or block.level is not Level.SECTION or _is_followed([each[0] for each in said[number + 1 :]])
    ]


def _is_followed(rest: Sequence[Block]) -> bool:
    """Whether what comes after a heading belongs under it."""
    return bool(rest) and rest[0].level is not Level.SECTION
