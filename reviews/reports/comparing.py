"""Two versions of a text side by side, paragraph by paragraph, with the words that differ marked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from reviews.reports.blocks import Block
from reviews.reports.fields import Fields, pieces_of


class Change(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"  # it says the same in another place


@dataclass(frozen=True)
class Stretch:
    """Some words of one side. is_field: what they say comes from the data. is_changed: the other side lacks
    them.
    """

    text: str
    is_field: bool
    is_changed: bool


@dataclass(frozen=True)
class Row:
    """One paragraph on both sides; None where a side has none."""

    change: Change
    before: tuple[Stretch, ...] | None
    after: tuple[Stretch, ...] | None
    before_level: str = ""
    after_level: str = ""


def compared(before: Sequence[Block], after: Sequence[Block], fields: Fields) -> list[Row]:
    """The rows of both texts in the order of the later one; what is gone stands where it stood.

    What fields say is looked up once for both: two versions with the same words never differ by a figure.
    """
    old, new = {block.key: block for block in before}, {block.key: block for block in after}
    still = _unmoved([block.key for block in before], [block.key for block in after])
    rows: list[Row] = []
    gone = _followers_that_are_gone(before, set(new))
    rows += [_row(old[key], None, fields, Change.REMOVED) for key in gone.get("", ())]
    for block in after:
        earlier = old.get(block.key)
        if earlier is None:
            rows.append(_row(None, block, fields, Change.ADDED))
        elif earlier.content != block.content:
            rows.append(_row(earlier, block, fields, Change.CHANGED))
        else:
            change = Change.SAME if block.key in still else Change.MOVED
            rows.append(_row(earlier, block, fields, change))
        rows += [_row(old[key], None, fields, Change.REMOVED) for key in gone.get(block.key, ())]
    return rows


def _row(before: Block | None, after: Block | None, fields: Fields, change: Change) -> Row:
    old, new = (_atoms(block, fields) if block else [] for block in (before, after))
    if change is Change.CHANGED:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        kept_old, kept_new = set[int](), set[int]()
        for match in matcher.get_matching_blocks():
            kept_old |= set(range(match.a, match.a + match.size))
            kept_new |= set(range(match.b, match.b + match.size))
    else:
        kept_old, kept_new = set(range(len(old))), set(range(len(new)))
    return Row(
        change,
        _stretches(old, kept_old) if before else None,
        _stretches(new, kept_new) if after else None,
        str(before.level) if before else "",
        str(after.level) if after else "",
    )


Atom = tuple[str, str]  # a field's key, else empty; what it says


def _atoms(block: Block, fields: Fields) -> list[Atom]:
    """Lead and text as characters and whole fields; one that nothing fills is shown by its key."""
    lead = f"{block.lead}。" if block.lead and block.text else block.lead
    atoms: list[Atom] = []
    for piece in pieces_of(lead + block.text, fields):
        if piece.is_words:
            atoms += [("", char) for char in piece.text]
        else:
            atoms.append((piece.key, piece.text or f"〔{piece.key}〕"))
    return atoms


def _stretches(atoms: Sequence[Atom], kept: Iterable[int]) -> tuple[Stretch, ...]:
    same = set(kept)
    stretches: list[Stretch] = []
    for place, (key, text) in enumerate(atoms):
        changed = place not in same
        last = stretches[-1] if stretches else None
        if last and not key and not last.is_field and last.is_changed is changed:
            stretches[-1] = Stretch(last.text + text, is_field=False, is_changed=changed)
        else:
            stretches.append(Stretch(text, bool(key), changed))
    return tuple(stretches)


def _unmoved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Keys that stand in the same order on both sides."""
    matches = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {before[place] for match in matches for place in range(match.a, match.a + match.size)}


def _followers_that_are_gone(before: Sequence[Block], there: set[str]) -> dict[str, list[str]]:
    """By key of a block that stayed: those behind it that did not; "" for those at the start."""
    gone: dict[str, list[str]] = {}
    last = ""
    for block in before:
        if block.key in there:
            last = block.key
        else:
            gone.setdefault(last, []).append(block.key)
    return gone
