"""Read what the composer sends: a document's paragraphs in their order, or nothing of it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from django.http import QueryDict

from reviews.reports.arranging import Move, well_formed
from reviews.reports.blocks import Block
from reviews.reports.document import Level
from reviews.reports.wording import plain

PARTS = ("key", "level", "lead", "text", "origin", "written")
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
_MARK = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"[0-9]{1,9}")


class MalformedText(ValueError):
    """Not what a composer sends."""


@dataclass(frozen=True)
class TypedText:
    """A text as a person sends it. seen: the number of the version it was made from, 0 for none. drafted:
    the keys of the draft that was shown. move, moved: what to do with which block before anything is saved.
    """

    blocks: tuple[Block, ...]
    seen: int
    drafted: tuple[str, ...]
    move: Move | None
    moved: str

    @property
    def said(self) -> tuple[Block, ...]:
        """The blocks that say something, as each level prints them; one that was emptied is taken out."""
        blocks = (block for block in self.blocks if block.lead or block.text or not block.is_written)
        return well_formed(blocks, new_key)


def read_text(data: QueryDict) -> TypedText:
    """The fields of `templates/reviews/_composer_block.html`, once a block, in the order of the page.

    Raises MalformedText.
    """
    columns = [data.getlist(part) for part in PARTS]
    if len({len(column) for column in columns}) > 1:
        raise MalformedText
    seen = data.get("seen", "")
    if not _NUMBER.fullmatch(seen):
        raise MalformedText
    blocks: list[Block] = []
    for row in zip(*columns, strict=True):
        blocks += _blocks(*row, taken={block.key for block in blocks})
    move, _colon, moved = data.get("do", "").partition(":")
    if move and move not in list(Move):
        raise MalformedText
    drafted = tuple(key for key in data.get("drafted", "").split() if _KEY.fullmatch(key))
    return TypedText(tuple(blocks), int(seen), drafted, Move(move) if move else None, moved)


def seen_version(data: QueryDict) -> int:
    """The number of the version that a page was made from; 0, which no version has, for anything else."""
    seen = data.get("seen", "")
    return int(seen) if _NUMBER.fullmatch(seen) else 0


def new_key() -> str:
    """The key of a paragraph of a person's own."""
    return f"own-{secrets.token_hex(6)}"


def _blocks(
    key: str, level: str, lead: str, text: str, origin: str, written: str, *, taken: set[str]
) -> list[Block]:
    """One block, and one more for each further line of its text: a block is a paragraph."""
    if level not in list(Level):
        raise MalformedText
    key = key if _KEY.fullmatch(key) and key not in taken else new_key()
    origin = origin if _MARK.fullmatch(origin) else ""
    first, *more = [line for line in map(plain, text.splitlines()) if line] or [""]
    block = Block(key, first, plain(lead), Level(level))
    is_written = bool(written) or bool(more) or block.mark != origin
    rest = [Block(new_key(), line, is_written=True) for line in more]
    return [Block(key, first, block.lead, block.level, is_written, origin if is_written else ""), *rest]
