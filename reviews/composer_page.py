"""What the composer shows of a document: its paragraphs to edit, and what there is to know of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviews.explaining import kind_label
from reviews.models import ReportVersion
from reviews.report_remarks import Marked, remarks_by_block
from reviews.report_texts import Composition
from reviews.reports.blocks import Block, is_outdated
from reviews.reports.composing import lines_of
from reviews.reports.document import Level, OfficialDocument
from reviews.reports.fields import Field, Fields, filled, token

LEVELS: Mapping[Level, Promise] = {
    Level.SECTION: _("一、 heading"),
    Level.PART: _("（一） part"),
    Level.POINT: _("1. point"),
    Level.TEXT: _("Paragraph"),
}


@dataclass(frozen=True)
class ShownBlock:
    """One block to edit. place: its number on the page. number: as it prints. reads: what it says, filled.

    origin: the mark of the draft that it shows or was made from. draft_reads: what the draft says now, where
    that changed since a person wrote here. beside: what somebody else saved of it meanwhile; is_let_go: they
    took it out. is_taken: they wrote it. problem: why it cannot be saved so.
    """

    block: Block
    place: int
    number: str = ""
    reads: str = ""
    origin: str = ""
    is_own: bool = False
    is_outdated: bool = False
    draft_reads: str = ""
    beside: Block | None = None
    beside_reads: str = ""
    is_let_go: bool = False
    is_taken: bool = False
    problem: str = ""
    remarks: Sequence[Marked] = ()


@dataclass(frozen=True)
class ShownField:
    """One field to insert, as the list of all fields shows it."""

    key: str
    label: str
    value: str
    token: str


@dataclass(frozen=True)
class Unsaved:
    """A text that is shown again before it is saved. beside, taken: as reviews.reports.merging tells them."""

    blocks: Sequence[Block]
    seen: int
    problem: str = ""
    problem_key: str = ""
    beside: Mapping[str, Block | None] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ComposerPage:
    """The document in the composer. seen: the version it was made from. drafted: the keys of today's draft.

    taken_out: blocks of the draft that a person took out, with what they say. data: for the page's script.
    blank: a block with nothing in it, for those to be added. is_conflict: somebody saved meanwhile.
    """

    kind: str
    document: OfficialDocument
    version: ReportVersion | None
    blocks: Sequence[ShownBlock]
    taken_out: Sequence[ShownBlock]
    fields: Sequence[ShownField]
    levels: Sequence[tuple[str, Promise]]
    seen: int
    drafted: str
    data: dict[str, Any]
    blank: ShownBlock
    is_unsaved: bool
    is_conflict: bool
    problem: str


def composer_page(current: Composition, unsaved: Unsaved | None = None) -> ComposerPage:
    """The document as it stands, or as somebody was about to save it. At most three queries more."""
    shown = unsaved or Unsaved(current.text.blocks, current.number)
    draft = {block.key: block for block in current.drafted.blocks}
    fields = current.text.fields
    remarks = {} if unsaved else remarks_by_block(current)
    there = {block.key for block in shown.blocks}
    return ComposerPage(
        kind=current.kind,
        document=current.document(),
        version=current.version,
        blocks=[
            _shown_block(line.block, place, line.number, shown, draft, fields, remarks)
            for place, line in enumerate(lines_of(shown.blocks, fields), 1)
        ],
        taken_out=[
            ShownBlock(block, place, reads=_reads(block, fields))
            for place, block in enumerate(current.drafted.blocks)
            if block.key not in there and _reads(block, fields)
        ],
        fields=[ShownField(key, label_of(each), each.value, token(key)) for key, each in fields.items()],
        levels=[(str(level), label) for level, label in LEVELS.items()],
        seen=shown.seen,
        drafted=" ".join(draft),
        data={
            "fields": {key: {"label": label_of(each), "value": each.value} for key, each in fields.items()},
            "drafts": {key: _data(block) for key, block in draft.items()},
            "theirs": {key: _data(block) for key, block in shown.beside.items() if block},
        },
        blank=ShownBlock(Block("", is_written=True), 0, is_own=True),
        is_unsaved=unsaved is not None,
        is_conflict=bool(shown.beside or shown.taken),
        problem=shown.problem,
    )


def label_of(each: Field) -> str:
    """What a field tells and of whom, in words: 平均得分 · 乡镇（街道）."""
    kind = str(kind_label(each.kind))
    return f"{kind} · {each.about.subject}" if each.about.subject else kind


def _shown_block(
    block: Block,
    place: int,
    number: str,
    shown: Unsaved,
    draft: Mapping[str, Block],
    fields: Fields,
    remarks: Mapping[str, list[Marked]],
) -> ShownBlock:
    drafted, beside = draft.get(block.key), shown.beside.get(block.key)
    outdated = is_outdated(block, drafted)
    return ShownBlock(
        block=block,
        place=place,
        number=number,
        reads=_reads(block, fields),
        origin=block.origin if block.is_written else block.mark,
        is_own=drafted is None and not block.origin,
        is_outdated=outdated,
        draft_reads=_reads(drafted, fields) if outdated and drafted else "",
        beside=beside,
        beside_reads=_reads(beside, fields) if beside else "",
        is_let_go=block.key in shown.beside and beside is None,
        is_taken=block.key in shown.taken,
        problem=shown.problem if block.key == shown.problem_key else "",
        remarks=remarks.get(block.key, ()),
    )


def _reads(block: Block, fields: Fields) -> str:
    """Lead and text, filled, without a number."""
    lead, text = filled(block.lead, fields), filled(block.text, fields)
    return f"{lead}。{text}" if lead and text else lead + text


def _data(block: Block) -> dict[str, str]:
    return {"level": str(block.level), "lead": block.lead, "text": block.text, "mark": block.mark}
