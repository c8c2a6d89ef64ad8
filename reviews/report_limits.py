"""What a document may hold: so many paragraphs of such a length, and no field that does not exist."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reviews.reports.blocks import Block, Draft
from reviews.reports.fields import CLOSE, OPEN, keys_in, pieces_of

MOST_BLOCKS = 300
LONGEST_TEXT = 4_000
LONGEST_LEAD = 200
LONGEST_DOCUMENT = 60_000

_BRACKETS = re.compile(f"[{OPEN}{CLOSE}]")
_SHOWN = 15  # characters of a paragraph that name it


class TextRefused(Exception):
    """A text that cannot be saved now; the message says why. key: of the block that is meant, else empty."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


def require_sound(blocks: Sequence[Block], current: Draft) -> None:
    """Raise TextRefused for the first thing that is too long, or that is no field.

    current: the text as it stands, whose fields there are; one that it names stays although nothing fills it.
    """
    if len(blocks) > MOST_BLOCKS:
        raise TextRefused(
            _("A document has at most %(most)s paragraphs; this one has %(count)s.")
            % {"most": MOST_BLOCKS, "count": len(blocks)}
        )
    if sum(len(block.lead) + len(block.text) for block in blocks) > LONGEST_DOCUMENT:
        raise TextRefused(_("A document has at most %(most)s characters.") % {"most": LONGEST_DOCUMENT})
    known = {*current.fields, *(key for block in current.blocks for key in keys_in(block.lead + block.text))}
    for number, block in enumerate(blocks, 1):
        if problem := _problem(block, known):
            where = {"number": number, "words": _beginning(block), "problem": problem}
            raise TextRefused(_("Paragraph %(number)s (“%(words)s…”): %(problem)s") % where, block.key)


def _problem(block: Block, known: set[str]) -> str:
    """What is wrong with one block; empty where nothing is."""
    for words, longest in ((block.lead, LONGEST_LEAD), (block.text, LONGEST_TEXT)):
        if len(words) > longest:
            shown = {"count": len(words), "most": longest}
            return _("%(count)s characters are too many; at most %(most)s.") % shown
    written = block.lead + block.text
    for key in keys_in(written):
        if key not in known:
            return _("there is no field “%(key)s”. Choose one from the list of fields.") % {"key": key}
    if _BRACKETS.search("".join(piece.text for piece in pieces_of(written, {}))):
        brackets = {"open": OPEN, "close": CLOSE}
        return _("%(open)s and %(close)s stand for fields alone. Choose a field from the list.") % brackets
    return ""


def _beginning(block: Block) -> str:
    """The first words of a block, without its fields."""
    words = "".join(piece.text for piece in pieces_of(block.lead + block.text, {}))
    return words[:_SHOWN]
