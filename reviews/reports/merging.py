"""Two people at one text: what each changed, put together, and what of it both changed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviews.reports.blocks import Block


@dataclass(frozen=True)
class Reconciled:
    """Both texts in one. beside: by key, what the other saved where both changed it; None where they took it
    out. taken: keys of blocks that the other wrote or changed and that are taken as they are.
    """

    blocks: tuple[Block, ...]
    beside: dict[str, Block | None]
    taken: frozenset[str]


def reconciled(mine: Sequence[Block], base: Sequence[Block], theirs: Sequence[Block]) -> Reconciled:
    """What I made of a text put together with what somebody else saved of it meanwhile.

    base: the text that both were made from. What one of us changed is taken; where both did, mine stays and
    theirs stands beside it. What I took out comes back where they changed it. The order is mine.
    """
    own, was, other = ({block.key: block for block in each} for each in (mine, base, theirs))
    blocks: list[Block] = []
    beside: dict[str, Block | None] = {}
    taken = set()
    for block in mine:
        before, their = was.get(block.key), other.get(block.key)
        is_untouched = before is not None and before.content == block.content
        if their is None:
            if before is not None and is_untouched:
                continue  # they took it out, and I have nothing to do with it
            if before is not None:
                beside[block.key] = None
        elif their.content != block.content:
            if is_untouched:
                block = their
                taken.add(block.key)
            elif before is None or their.content != before.content:
                beside[block.key] = their
        blocks.append(block)
    for place, their in enumerate(theirs):
        before = was.get(their.key)
        if their.key not in own and (before is None or before.content != their.content):
            _insert(blocks, their, [each.key for each in theirs[:place]])
            taken.add(their.key)
    return Reconciled(tuple(blocks), beside, frozenset(taken))


def _insert(blocks: list[Block], block: Block, before: Sequence[str]) -> None:
    """Put a block after the nearest of those that precede it, else at the start."""
    position = {each.key: number for number, each in enumerate(blocks)}
    blocks.insert(next((position[key] + 1 for key in reversed(before) if key in position), 0), block)
