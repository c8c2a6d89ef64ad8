"""What people write in a quarter's documents."""

from __future__ import annotations

from dataclasses import replace

from organizations.models import User
from reviews.models import ReviewCycle
from reviews.report_remarks import Marked, remarks_of
from reviews.report_texts import composition, save_text
from reviews.reports.blocks import Block


def wrote_in(cycle: ReviewCycle, *texts: str, by: User, kind: str = "circular") -> list[Marked]:
    """Write paragraphs of one's own at the end of a document; gives what is marked in it then."""
    before = composition(cycle, kind)
    own = [Block(f"own-{before.number}-{place}", text, is_written=True) for place, text in enumerate(texts)]
    save_text(cycle, kind, [*before.text.blocks, *own], seen=before.number, by=by)
    return remarks_of(composition(cycle, kind))


def rewrote(cycle: ReviewCycle, key: str, text: str, *, by: User) -> None:
    """Change a paragraph of the draft as if it had read otherwise then, and take out the last one."""
    before = composition(cycle, "circular")
    blocks = [
        replace(block, text=text, is_written=True, origin="0" * 16) if block.key == key else block
        for block in before.text.blocks
        if block != before.drafted.blocks[-1]
    ]
    save_text(cycle, "circular", blocks, seen=before.number, by=by)
