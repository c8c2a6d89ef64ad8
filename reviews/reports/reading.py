"""A text for the screen: its paragraphs as they print, and which stretches of them are fields. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from reviews.reports.blocks import Block
from reviews.reports.composing import printed
from reviews.reports.document import Level
from reviews.reports.fields import Fields, Piece, pieces_of
from reviews.reports.wording import plain

_NUMBER_ENDS = {Level.SECTION: "、", Level.PART: "）", Level.POINT: "."}


@dataclass(frozen=True)
class ReadableParagraph:
    """One paragraph: lead and text as words and fields in turn, together what is printed."""

    key: str
    level: Level
    lead: tuple[Piece, ...]
    text: tuple[Piece, ...]


def readable(blocks: Iterable[Block], fields: Fields) -> tuple[ReadableParagraph, ...]:
    """The paragraphs as they print, with their fields told apart."""
    return tuple(
        ReadableParagraph(
            block.key,
            block.level,
            _told_apart(paragraph.lead, block.lead, fields, start=_after_number(block.level, paragraph.lead)),
            _told_apart(paragraph.text, block.text, fields),
        )
        for block, paragraph in printed(blocks, fields)
    )


def _after_number(level: Level, lead: str) -> int:
    """Where the words of a lead begin: a number that printing gave it is no part of the text."""
    mark = _NUMBER_ENDS.get(level)
    return lead.index(mark) + 1 if mark and lead else 0


def _told_apart(text: str, source: str, fields: Fields, *, start: int = 0) -> tuple[Piece, ...]:
    """The printed text in pieces. source: what it was filled from; start: where that begins in it.

    Printing takes out blanks and gives a lead its mark, and changes nothing else, so the two are walked
    along character by character.
    """
    pieces = pieces_of(source, fields)
    origin = [(char, number) for number, piece in enumerate(pieces) for char in _solid(piece.text)]
    owners: list[int | None] = [None] * start
    place = 0
    for char in text[start:]:
        owner = origin[place][1] if place < len(origin) else None
        if char.isspace():  # within a field it is the field's, between two fields it is nobody's
            owners.append(owner if owners and owners[-1] == owner else None)
        elif owner is not None and origin[place][0] == char:
            owners.append(owner)
            place += 1
        else:
            owners.append(None)
    return tuple(_joined(text, owners, pieces))


def _solid(text: str) -> str:
    return "".join(plain(text).split())


def _joined(text: str, owners: Sequence[int | None], pieces: Sequence[Piece]) -> Iterable[Piece]:
    """Neighbouring characters of one origin as one piece; words of whatever origin run together."""

    def field_of(place: int) -> int | None:
        owner = owners[place]
        return owner if owner is not None and pieces[owner].key else None

    for owner, places in groupby(range(len(text)), key=field_of):
        said = "".join(text[place] for place in places)
        yield Piece(said) if owner is None else Piece(said, pieces[owner].key, pieces[owner].field)
