"""The texts of a quarter's documents: drafted, edited by people in versions, frozen when it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organizations.models import User
from reviews.freezing import Prepared
from reviews.models import CycleState, ReportVersion, ReviewCycle
from reviews.report_checking import checker_for
from reviews.report_limits import TextRefused, require_sound
from reviews.reports.blocks import Block, Draft, SavedText, merged, saved_text
from reviews.reports.claims import Bound
from reviews.reports.content import draft_of_publication, heading_of, prepared_results
from reviews.reports.document import OfficialDocument
from reviews.reports.facts import Results
from reviews.reports.kinds import KINDS
from reviews.reports.prose import Heading


class TextChanged(TextRefused):
    """Somebody saved the text since it was opened; nothing was written."""

    def __init__(self, newest: ReportVersion) -> None:
        name = newest.saved_by.get_full_name() or newest.saved_by.get_username()
        super().__init__(
            _("%(name)s saved version %(number)s meanwhile.") % {"name": name, "number": newest.number}
        )
        self.newest = newest


@dataclass(frozen=True)
class Composition:
    """A document as it stands before publication.

    version: the newest saved one, None where nobody saved any. drafted: what the program writes today.
    text: what would be published: the saved text with today's draft in it, and every field there is.
    """

    cycle: ReviewCycle
    kind: str
    version: ReportVersion | None
    drafted: Draft
    text: Draft
    results: Results
    heading: Heading

    @property
    def number(self) -> int:
        """The number of the newest version; 0 where there is none."""
        return self.version.number if self.version else 0

    @property
    def saved(self) -> SavedText | None:
        """The text of the newest version; None where there is none."""
        return SavedText.from_json(self.version.text) if self.version else None

    def document(self) -> OfficialDocument:
        """What it prints as."""
        return KINDS[self.kind].document(self.text, self.results, self.heading)


def composition(cycle: ReviewCycle, kind: str) -> Composition:
    """A document of an unpublished cycle as it stands, for the host's staff. A fixed number of queries."""
    return _Writing(draft_of_publication(cycle)).composition(kind, newest_version(cycle, kind))


def newest_version(cycle: ReviewCycle, kind: str) -> ReportVersion | None:
    """The newest saved version with who saved it; None where nobody saved any. One query."""
    versions = ReportVersion.objects.of_document(cycle, kind).select_related("saved_by")
    return versions.newest_first().first()


def as_typed(current: Composition, blocks: Sequence[Block], drafted: Sequence[str]) -> tuple[Block, ...]:
    """What the document would be with these blocks, as `save_text` takes them; nothing is written."""
    draft = current.drafted.blocks
    return merged(saved_text(blocks, draft, drafted, current.saved), draft)


def as_saved(current: Composition, number: int) -> tuple[Block, ...]:
    """The document as an earlier version had it, with the draft of now; 0 for the draft. One query.

    A version that there is not counts as the newest.
    """
    if number == 0:
        return current.drafted.blocks
    version = ReportVersion.objects.of_document(current.cycle, current.kind).numbered(number).first()
    if version is None:
        return current.text.blocks
    return merged(SavedText.from_json(version.text), current.drafted.blocks)


@transaction.atomic
def save_text(
    cycle: ReviewCycle,
    kind: str,
    blocks: Sequence[Block],
    *,
    seen: int,
    by: User,
    drafted: Sequence[str] | None = None,
) -> ReportVersion:
    """Keep what a person made of a document as its next version.

    blocks: in their order; `is_written` where a person wrote or changed it. seen: the number of the version
    it was made from, 0 for none. drafted: the keys of the draft that was shown; today's unless given. Nothing
    is written where the newest version says the same. Raises TextChanged, TextRefused.
    """
    _lock(cycle, kind)
    current = composition(cycle, kind)
    draft, before = current.drafted.blocks, current.saved
    shown = [block.key for block in draft] if drafted is None else drafted
    text = saved_text(blocks, draft, shown, before)
    if current.version and before and _says_the_same(text, before, draft):
        return current.version
    _require_seen(current.version, seen)
    require_sound(text.blocks, current.text)
    bound = _bound_figures(current, text)
    return _saved(cycle, kind, current.number + 1, text, by=by, bound=bound)


@transaction.atomic
def restore_text(version: ReportVersion, *, seen: int, by: User) -> ReportVersion:
    """Take an earlier version up again, as the next one; those between stay. Raises as save_text does.

    The newest is what it is.
    """
    _lock(version.cycle, version.kind)
    newest = newest_version(version.cycle, version.kind)
    if newest and newest.number == version.number:
        return newest
    _require_seen(newest, seen)
    text = SavedText.from_json(version.text)
    number, bound = newest.number + 1 if newest else 1, bound_in(version)
    return _saved(version.cycle, version.kind, number, text, by=by, bound=bound, restored_from=version.number)


def compositions(prepared: Prepared) -> dict[str, Composition]:
    """By kind: the documents as they stand with what would be published. Two queries."""
    newest: dict[str, ReportVersion] = {}
    for version in ReportVersion.objects.of_cycle(prepared.publication.cycle).newest_first():
        newest.setdefault(version.kind, version)
    writing = _Writing(prepared)
    return {kind: writing.composition(kind, newest.get(kind)) for kind in KINDS}


def frozen_texts(documents: Mapping[str, Composition]) -> dict[str, Any]:
    """By kind of document: the blocks to be published and the fields they name, as JSON."""
    return {kind: document.text.to_json() for kind, document in documents.items()}


def bound_in(version: ReportVersion | None) -> list[Bound]:
    """What the figures in a version's words were when they were written; none in versions from before."""
    return list(version.text.get("bound", ())) if version else []


class _Writing:
    """The drafts of all documents from one look at the data."""

    def __init__(self, prepared: Prepared) -> None:
        self.cycle = prepared.publication.cycle
        self.results, self.heading = prepared_results(prepared), heading_of(prepared.publication)
        self.drafts = {name: kind.draft(self.results, self.heading) for name, kind in KINDS.items()}

    def composition(self, kind: str, version: ReportVersion | None) -> Composition:
        drafted = self.drafts[kind].blocks
        saved = SavedText.from_json(version.text) if version else None
        # A paragraph may be carried from one document to the other, so each knows the fields of both.
        fields = {key: field for draft in self.drafts.values() for key, field in draft.fields.items()}
        fields |= self.drafts[kind].fields
        return Composition(
            cycle=self.cycle,
            kind=kind,
            version=version,
            drafted=Draft(drafted, fields),
            text=Draft(merged(saved, drafted), fields),
            results=self.results,
            heading=self.heading,
        )


def _lock(cycle: ReviewCycle, kind: str) -> None:
    """Queue behind the cycle's row, and refuse what its state does not allow."""
    locked = ReviewCycle.objects.select_for_update().get(pk=cycle.pk)
    if kind not in KINDS or locked.state in {CycleState.DRAFT, CycleState.PUBLISHED}:
        raise TextRefused(
            _("%(quarter)s is “%(state)s”: its documents cannot be changed now.")
            % {"quarter": locked.quarter.label, "state": locked.get_state_display()}
        )


def _require_seen(newest: ReportVersion | None, seen: int) -> None:
    if newest and newest.number != seen:
        raise TextChanged(newest)


def _says_the_same(text: SavedText, before: SavedText, draft: Sequence[Block]) -> bool:
    """Whether saving would change nothing, now or when the draft changes."""
    is_same = merged(text, draft) == merged(before, draft)
    return is_same and set(text.removed) == set(before.removed)


def _saved(
    cycle: ReviewCycle,
    kind: str,
    number: int,
    text: SavedText,
    *,
    by: User,
    bound: Sequence[Bound] = (),
    restored_from: int | None = None,
) -> ReportVersion:
    return ReportVersion.objects.create(
        cycle=cycle,
        kind=kind,
        number=number,
        text=text.to_json() | ({"bound": list(bound)} if bound else {}),
        saved_by=by,
        restored_from=restored_from,
    )


def _bound_figures(current: Composition, text: SavedText) -> list[Bound]:
    """What the figures in the written words of a text are now, beside what the older ones were."""
    if not any(block.is_written for block in text.blocks):
        return []
    checker = checker_for(current.cycle, current.results, current.heading)
    return checker.bound_figures(text.blocks, current.text.fields, bound_in(current.version))
