"""Places of a document that the results do not bear out: found, accepted with a reason, or mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from audit.deeds import for_its
from organizations.models import User
from reviews.models import CycleState, ReportAcceptance, ReportKind, ReportVersion, ReviewCycle
from reviews.report_checking import checker_for
from reviews.report_limits import TextRefused
from reviews.report_texts import (
    Composition,
    bound_in,
    composition,
    compositions,
    save_text,
)
from reviews.reports.blocks import Block
from reviews.reports.claims import LEAD, Remark
from reviews.reports.content import draft_of_publication

MOST_REASON = 200  # characters


class RemarkRefused(TextRefused):
    """A place that cannot be accepted or mended so; the message says why."""


@dataclass(frozen=True)
class Marked:
    """A place that is marked, and who let it stand. number: of the version it was found in."""

    remark: Remark
    acceptance: ReportAcceptance | None
    number: int

    @property
    def is_open(self) -> bool:
        return self.acceptance is None

    @property
    def key(self) -> str:
        """Enough of the fingerprint for names within one page."""
        return self.remark.fingerprint[:16]


def remarks_in(documents: Mapping[str, Composition]) -> dict[str, list[Marked]]:
    """By kind of document: every marked place in the order of the text. Three queries, none without words.

    Only words that a person wrote are held against the results: drafted ones are made of them.
    """
    written = {
        kind: document
        for kind, document in documents.items()
        if any(block.is_written for block in document.text.blocks)
    }
    found: dict[str, list[Marked]] = {kind: [] for kind in documents}
    if not written:
        return found
    some = next(iter(written.values()))
    checker = checker_for(some.cycle, some.results, some.heading)
    accepted = {
        (each.kind, each.fingerprint): each
        for each in ReportAcceptance.objects.of_cycle(some.cycle).with_names()
    }
    for kind, document in written.items():
        text = document.text
        for remark in checker.remarks(text.blocks, text.fields, bound_in(document.version)):
            acceptance = accepted.get((kind, remark.fingerprint))
            found[kind].append(Marked(remark, acceptance, document.number))
    return found


def remarks_of(document: Composition) -> list[Marked]:
    """Every marked place of one document, in the order of its text."""
    return remarks_in({document.kind: document})[document.kind]


def remarks_by_block(document: Composition) -> dict[str, list[Marked]]:
    """By key of the block: its places that nobody accepted yet."""
    found: dict[str, list[Marked]] = {}
    for marked in remarks_of(document):
        if marked.is_open:
            found.setdefault(marked.remark.block, []).append(marked)
    return found


def count_open(documents: Mapping[str, Composition]) -> dict[str, int]:
    """By kind: how many places nobody accepted, where there are any."""
    counts = {
        kind: sum(marked.is_open for marked in places) for kind, places in remarks_in(documents).items()
    }
    return {kind: count for kind, count in counts.items() if count}


def documents_written_in(cycle: ReviewCycle) -> dict[str, Composition]:
    """The documents of a cycle as they would be published now; none while nobody wrote in any.

    One query then, else a fixed number.
    """
    if not ReportVersion.objects.of_cycle(cycle).exists():
        return {}
    return compositions(draft_of_publication(cycle))


@dataclass(frozen=True)
class DocumentToCheck:
    """What is marked in one document of a cycle. is_written: whether anybody wrote in it."""

    kind: str
    label: str
    open: tuple[Marked, ...] = ()
    accepted: tuple[Marked, ...] = ()
    is_written: bool = False


def documents_to_check(cycle: ReviewCycle) -> list[DocumentToCheck]:
    """All documents of a cycle with what is marked in each. A fixed number of queries."""
    documents = documents_written_in(cycle)
    marked = remarks_in(documents)
    return [
        DocumentToCheck(
            kind=kind.value,
            label=str(kind.label),
            open=tuple(each for each in marked.get(kind, ()) if each.is_open),
            accepted=tuple(each for each in marked.get(kind, ()) if not each.is_open),
            is_written=kind in documents and any(block.is_written for block in documents[kind].text.blocks),
        )
        for kind in ReportKind
    ]


@for_its("reason")
@transaction.atomic
def accept_remark(
    cycle: ReviewCycle, kind: str, fingerprint: str, *, reason: str, by: User
) -> ReportAcceptance:
    """Let a place stand as it is. It counts for these words and this truth only; twice is once.

    Raises RemarkRefused where the text or the results have changed since it was shown.
    """
    document = _document_to_settle(cycle, kind)
    reason = reason.strip()
    if not reason:
        raise RemarkRefused(_("Say why it stays as it is."))
    if len(reason) > MOST_REASON:
        raise RemarkRefused(_("A reason has at most %(most)s characters.") % {"most": MOST_REASON})
    marked = _found(document, fingerprint)
    if marked.acceptance:
        return marked.acceptance
    return ReportAcceptance.objects.create(
        cycle=cycle,
        kind=kind,
        fingerprint=fingerprint,
        sentence=marked.remark.sentence,
        says=marked.remark.says,
        truth=marked.remark.truth,
        reason=reason,
        accepted_by=by,
    )


@transaction.atomic
def mend_remark(cycle: ReviewCycle, kind: str, fingerprint: str, *, by: User) -> ReportVersion:
    """Put the live field or what is true in the place of the words, as the document's next version.

    Raises RemarkRefused where the text or the results have changed since it was shown, or where it takes a
    person to find the words.
    """
    document = _document_to_settle(cycle, kind)
    remark = _found(document, fingerprint).remark
    if remark.replacement is None:
        raise RemarkRefused(_("This has to be put in other words by hand."))
    blocks = [
        _mended(block, remark, remark.replacement) if block.key == remark.block else block
        for block in document.text.blocks
    ]
    return save_text(cycle, kind, blocks, seen=document.number, by=by)


def _document_to_settle(cycle: ReviewCycle, kind: str) -> Composition:
    """The document as it stands, behind the cycle's row: nobody changes a score or a word meanwhile."""
    locked = ReviewCycle.objects.select_for_update(of=("self",)).select_related("host", "baseline")
    cycle = locked.get(pk=cycle.pk)
    if cycle.state in {CycleState.DRAFT, CycleState.PUBLISHED}:
        raise RemarkRefused(
            _("%(quarter)s is “%(state)s”: its documents cannot be changed now.")
            % {"quarter": cycle.quarter.label, "state": cycle.get_state_display()}
        )
    return composition(cycle, kind)


def _found(document: Composition, fingerprint: str) -> Marked:
    for marked in remarks_of(document):
        if marked.remark.fingerprint == fingerprint:
            return marked
    raise RemarkRefused(_("The text or the results have changed meanwhile: look at what is marked now."))


def _mended(block: Block, remark: Remark, replacement: str) -> Block:
    raw = block.lead if remark.part == LEAD else block.text
    start, end = remark.cut
    raw = raw[:start] + replacement + raw[end:]
    changed = replace(block, lead=raw) if remark.part == LEAD else replace(block, text=raw)
    return replace(changed, is_written=True)
