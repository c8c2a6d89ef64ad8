"""Texts for tests: drafts of a few blocks, and what people may have made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from reviews.reports.blocks import Block, SavedText, saved_text
from reviews.reports.document import Level

KEYS = [f"d{number}" for number in range(7)]
WORDS = st.text("甲乙丙丁⟦⟧ab.。", max_size=6)
LEVELS = st.sampled_from(list(Level))


@st.composite
def drafts(draw: st.DrawFn) -> tuple[Block, ...]:
    """A draft: some of the keys there are, in any order, each with some text."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    return tuple(Block(key, draw(WORDS), draw(WORDS), draw(LEVELS)) for key in keys)


@st.composite
def worked_on(draw: st.DrawFn, blocks: Sequence[Block], prefix: str = "own") -> tuple[Block, ...]:
    """What a person may make of blocks: change, take out, add, move."""
    kept = [block for block in blocks if draw(st.integers(0, 4))]
    made = [
        replace(block, text=draw(WORDS), is_written=True) if not draw(st.integers(0, 2)) else block
        for block in kept
    ]
    for number in range(draw(st.integers(0, 3))):
        own = Block(f"{prefix}-{number}", draw(WORDS), is_written=True)
        if own.key not in {block.key for block in made}:
            made.insert(draw(st.integers(0, len(made))), own)
    return tuple(draw(st.permutations(made)) if draw(st.booleans()) else made)


@st.composite
def saved_texts(draw: st.DrawFn) -> SavedText:
    """A text that a person saved of some draft."""
    draft = draw(drafts())
    return saved_text(draw(worked_on(draft)), draft, [block.key for block in draft])


def keys_of(blocks: Sequence[Block]) -> list[str]:
    return [block.key for block in blocks]
