"""What the buttons of the composer do to a text: move, add, take out, take the draft again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from reviews.reports.blocks import Block
from reviews.reports.document import Level


class Move(StrEnum):
    """One thing to do with one block."""

    UP = "up"
    DOWN = "down"
    ADD = "add"  # a paragraph after it
    REMOVE = "remove"
    BRING_BACK = "bring-back"  # a block of the draft that was taken out
    TAKE_DRAFT = "take-draft"  # what the draft says of it now, as if nobody had touched it
    KEEP = "keep"  # what a person wrote, knowing what the draft says now


def rearranged(
    blocks: Sequence[Block], move: Move, key: str, *, draft: Sequence[Block], new_key: str
) -> tuple[Block, ...]:
    """The blocks after one move. A key that is not there, and a move beyond an end, change nothing."""
    result = list(blocks)
    place = next((number for number, block in enumerate(result) if block.key == key), None)
    drafted = next((block for block in draft if block.key == key), None)
    if place is None:
        if move is Move.BRING_BACK and drafted:
            before = [block.key for block in draft[: draft.index(drafted)]]
            at = {block.key: number for number, block in enumerate(result)}
            result.insert(next((at[each] + 1 for each in reversed(before) if each in at), 0), drafted)
        return tuple(result)
    if move is Move.UP and place > 0:
        result[place - 1 : place + 1] = [result[place], result[place - 1]]
    elif move is Move.DOWN and place < len(result) - 1:
        result[place : place + 2] = [result[place + 1], result[place]]
    elif move is Move.ADD:
        result.insert(place + 1, Block(new_key, is_written=True))
    elif move is Move.REMOVE:
        del result[place]
    elif move is Move.TAKE_DRAFT and drafted:
        result[place] = drafted
    elif move is Move.KEEP:
        result[place] = replace(result[place], origin=drafted.mark if drafted else "")
    return tuple(result)


def well_formed(blocks: Iterable[Block], new_key: Callable[[], str]) -> tuple[Block, ...]:
    """What a person wrote as each level prints it: a section is a heading alone, a paragraph has no lead.

    What else stands in a section's block becomes a paragraph below it. Blocks of the draft stay as they are.
    """
    result = []
    for block in blocks:
        result.append(_well_formed(block) if block.is_written else block)
        if block.is_written and block.level is Level.SECTION and block.lead and block.text:
            result.append(Block(new_key(), block.text, is_written=True))
    return tuple(result)


def _well_formed(block: Block) -> Block:
    if block.level is Level.TEXT and block.lead:
        return replace(block, lead="", text=_joined(block.lead, block.text))
    if block.level is Level.SECTION:
        return replace(block, lead=block.lead or block.text, text="")
    return block


def _joined(lead: str, text: str) -> str:
    if not text or lead.endswith(("。", "！", "？", "：", "；")):
        return lead + text
    return f"{lead}。{text}"
