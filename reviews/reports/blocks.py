"""The text of a document as blocks that people edit, move and write, and how drafts flow into it. Pure.

A block that nobody touched follows the draft of today. One that a person wrote or changed stays exactly as it
is, whatever is drafted anew; only the fields in it stay live.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reviews.reports.document import Level
from reviews.reports.fields import Field, Fields, keys_in


@dataclass(frozen=True)
class Block:
    """One heading or paragraph. lead and text hold tokens; its number (一、, （一）, 1.) is given in print.

    key: which part of the draft it is, or one of a person's own. is_written: by a person, or changed by one.
    """

    key: str
    text: str = ""
    lead: str = ""
    level: Level = Level.TEXT
    is_written: bool = False

    @property
    def content(self) -> tuple[Level, str, str]:
        """What a reader would see of it."""
        return (self.level, self.lead, self.text)

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "text": self.text,
            "lead": self.lead,
            "level": str(self.level),
            "is_written": self.is_written,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Block:
        return cls(**{**kept, "level": Level(kept["level"])})


@dataclass(frozen=True)
class Draft:
    """What the program writes from the figures of now: its blocks in order, and every field there is."""

    blocks: tuple[Block, ...]
    fields: Fields

    def to_json(self) -> dict[str, Any]:
        """As a publication keeps it, with the fields that its blocks name."""
        named = {key for block in self.blocks for key in keys_in(block.lead + block.text)}
        return {
            "blocks": [block.to_json() for block in self.blocks],
            "fields": {key: field.to_json() for key, field in self.fields.items() if key in named},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Draft:
        fields = {key: Field.from_json(field) for key, field in kept["fields"].items()}
        return cls(tuple(map(Block.from_json, kept["blocks"])), fields)


@dataclass(frozen=True)
class SavedText:
    """A text as it was saved. drafted: the keys of the draft of that moment, in its order."""

    blocks: tuple[Block, ...]
    drafted: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"blocks": [block.to_json() for block in self.blocks], "drafted": list(self.drafted)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> SavedText:
        return cls(tuple(map(Block.from_json, kept["blocks"])), tuple(kept["drafted"]))


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
    known = {*saved.drafted, *(block.key for block in saved.blocks)}
    for number, block in enumerate(draft):
        if block.key not in known:
            _insert(kept, block, before=[each.key for each in draft[:number]])
    return tuple(kept if is_reordered(saved) else _in_order_of_draft(kept, list(today)))


def is_reordered(saved: SavedText) -> bool:
    """Whether a person moved blocks of the draft against one another."""
    position = {key: number for number, key in enumerate(saved.drafted)}
    order = [position[block.key] for block in saved.blocks if block.key in position]
    return order != sorted(order)


def edited(blocks: Iterable[Block], draft: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with those that say again what the draft says taken as untouched."""
    today = {block.key: block.content for block in draft}
    return tuple(
        replace(block, is_written=block.is_written and block.content != today.get(block.key))
        for block in blocks
    )


def _insert(kept: list[Block], block: Block, *, before: Sequence[str]) -> None:
    """Put a new block after the nearest of those that precede it in the draft, else at the start."""
    position = {each.key: number for number, each in enumerate(kept)}
    place = next((position[key] + 1 for key in reversed(before) if key in position), 0)
    kept.insert(place, block)


def _in_order_of_draft(kept: Sequence[Block], draft: Sequence[str]) -> list[Block]:
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
