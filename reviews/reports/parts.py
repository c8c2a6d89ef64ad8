"""Parts of a section, （一）（二）（三）, as blocks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reviews.reports.blocks import Block
from reviews.reports.document import Level
from reviews.reports.wording import chinese_number

Part = tuple[str, str, str]  # key, lead and text


def part_blocks(section: str, parts: Iterable[Part], alone: Mapping[str, str] | None = None) -> list[Block]:
    """The parts that say something, with a lead each; a single one needs none.

    alone: by key, the sentence that a part begins with where it has no lead to say what it is about.
    """
    said = [part for part in parts if part[2]]
    if len(said) == 1:
        key, _lead, text = said[0]
        return [Block(f"{section}.{key}", (alone or {}).get(key, "") + text)]
    return [Block(f"{section}.{key}", text, lead, Level.PART) for key, lead, text in said]


def section_blocks(key: str, title: str, written: Sequence[Block]) -> list[Block]:
    """A heading with what stands under it; nothing where that is nothing."""
    return [Block(key, lead=title, level=Level.SECTION), *written] if written else []


def counted_off(clauses: Sequence[str]) -> str:
    """一是A。二是B。 A single one is not counted."""
    if len(clauses) == 1:
        return f"{clauses[0]}。"
    return "".join(f"{chinese_number(number)}是{clause}。" for number, clause in enumerate(clauses, 1))
