"""The text of a document as blocks that people edit, move and write, and how drafts flow into it. Pure.

A block that nobody touched follows the draft of today. One that a person wrote or changed stays exactly as it
is, whatever is drafted anew; only the fields in it stay live.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reviews.reports.document import Level
from reviews.reports.fields import Field, Fields, keys_in
from reviews.reports.wording import plain


@dataclass(frozen=True)
class Block:
    """One heading or paragraph. lead and text hold tokens; its number (一、, （一）, 1.) is given in print.

    key: which part of the draft it is, or one of a person's own. is_written: by a person, or changed by one.
    origin: of a written one, the mark of the draft it was made from; empty for what never was in a draft.
    """

    key: str
    text: str = ""
    lead: str = ""
    level: Level = Level.TEXT
    is_written: bool = False
    origin: str = ""

    @property
    def content(self) -> tuple[Level, str, str]:
        """What a reader would see of it."""
        return (self.level, self.lead, self.text)

    @property
    def mark(self) -> str:
        """Sixteen digits that are the same for the same content, to tell whether a draft changed."""
        said = json.dumps([str(self.level), plain(self.lead), plain(self.text)], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        kept = {
            "key": self.key,
            "text": self.text,
            "lead": self.lead,
            "level": str(self.level),
            "is_written": self.is_written,
        }
        return kept | {"origin": self.origin} if self.origin else kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Block:
        return cls(
            kept["key"],
            kept.get("text", ""),
            kept.get("lead", ""),
            Level(kept.get("level", Level.TEXT)),
            kept.get("is_written", False),
            kept.get("origin", ""),
        )


@dataclass(frozen=True)
class Draft:
    """What the program writes from the figures of now: its blocks in order, and every field there is."""

    blocks: tuple[Block, ...]
    fields: Fields

    def to_json(self) -> dict[str, Any]:
        """As a publication keeps it, with the fields that its blocks name; no draft comes after it."""
        named = {key for block in self.blocks for key in keys_in(block.lead + block.text)}
        return {
            "blocks": [replace(block, origin="").to_json() for block in self.blocks],
            "fields": {key: field.to_json() for key, field in self.fields.items() if key in named},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Draft:
        fields = {key: Field.from_json(field) for key, field in kept["fields"].items()}
        return cls(tuple(map(Block.from_json, kept["blocks"])), fields)


@dataclass(frozen=True)
class SavedText:
    """A text as it was saved. drafted: the keys of the draft it was made from, in its order. removed: those
    of blocks that a person took out of this or an earlier draft.
    """

    blocks: tuple[Block, ...]
    drafted: tuple[str, ...]
    removed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "blocks": [block.to_json() for block in self.blocks],
            "drafted": list(self.drafted),
            "removed": list(self.removed),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> SavedText:
        blocks, drafted = tuple(map(Block.from_json, kept["blocks"])), tuple(kept["drafted"])
        has = {block.key for block in blocks}
        return cls(blocks, drafted, tuple(kept.get("removed", [key for key in drafted if key not in has])))


def saved_text(
    blocks: Iterable[Block], draft: Sequence[Block], drafted: Sequence[str], before: SavedText | None = None
) -> SavedText:
    """What is kept of blocks that a person saves.

    draft: that of today. drafted: the keys of the draft that was shown, which may be older: what is new since
    was not taken out, only never seen. before: the text that was saved last.
    """
    kept = edited(blocks, draft, before)
    has = {block.key for block in kept}
    shown = dict.fromkeys([*(before.removed if before else ()), *drafted])
    return SavedText(kept, tuple(drafted), tuple(key for key in shown if key not in has))


def merged(saved: SavedText | None, draft: Sequence[Block]) -> tuple[Block, ...]:
    """The saved text with the draft of today in it; the draft alone where nothing was saved.

    Written blocks stay as they are. Untouched ones say what the draft says now, and go where it has no such
    block any more. What a person took out stays out; what the draft has new comes after what precedes it
    there. The draft's order holds unless a person changed it.
    """
    if saved is None:
        return tuple(draft)
    today = {block.key: block for block in draft}
    kept = [
        block if block.is_written else today[block.key]
        for block in saved.blocks
        if block.is_written or block.key in today
    ]
    known = {*saved.drafted, *saved.removed, *(block.key for block in saved.blocks)}
    for number, block in enumerate(draft):
        if block.key not in known:
            _insert(kept, block, before=[each.key for each in draft[:number]], draft=today)
    return tuple(kept if is_reordered(saved) else _in_order_of_draft(kept, today))


def is_reordered(saved: SavedText) -> bool:
    """Whether a person moved blocks of the draft against one another."""
    position = {key: number for number, key in enumerate(saved.drafted)}
    order = [position[block.key] for block in saved.blocks if block.key in position]
    return order != sorted(order)


def edited(
    blocks: Iterable[Block], draft: Sequence[Block], before: SavedText | None = None
) -> tuple[Block, ...]:
    """The blocks with those that say again what the draft says taken as untouched.

    A written block keeps the mark of the draft it was made from: its own, the one it was saved with before,
    else that of today's draft.
    """
    today = {block.key: block for block in draft}
    origins = {block.key: block.origin for block in before.blocks} if before else {}
    taken = []
    for block in blocks:
        drafted = today.get(block.key)
        if not block.is_written or (drafted and block.content == drafted.content):
            taken.append(replace(block, is_written=False, origin=""))
        else:
            known = origins.get(block.key) or drafted.mark if drafted else ""
            taken.append(replace(block, origin=block.origin or known))
    return tuple(taken)


def is_outdated(block: Block, draft: Block | None) -> bool:
    """Whether a person's block was made from a draft that says something else now.

    draft: the block of that key today; None where there is none any more.
    """
    return bool(block.is_written and block.origin and block.origin != (draft.mark if draft else ""))


def _insert(kept: list[Block], block: Block, *, before: Sequence[str], draft: Mapping[str, Block]) -> None:
    """Put a new block after the nearest of those that precede it in the draft, else at the start.

    What a person wrote below that one stays below it.
    """
    position = {each.key: number for number, each in enumerate(kept)}
    place = next((position[key] + 1 for key in reversed(before) if key in position), 0)
    while 0 < place < len(kept) and kept[place].key not in draft:
        place += 1
    kept.insert(place, block)


def _in_order_of_draft(kept: Sequence[Block], draft: Mapping[str, Block]) -> list[Block]:
    """The blocks that the draft has, in its order; every other one goes with the block that it followed."""
    followers: dict[str, list[Block]] = {"": []}
    last = ""
    by_key = {block.key: block for block in kept}
    for block in kept:
        if block.key in draft:
            last = block.key
            followers[last] = []
        else:
            followers[last].append(block)
    ordered = list(followers[""])
    for key in draft:
        if key in by_key:
            ordered += [by_key[key], *followers[key]]
    return ordered
