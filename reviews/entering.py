"""Save the cells of an entry grid: each on its own, all in one transaction (rules 10 to 12)."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from organizations.names import normalize_name
from reviews.cells import KeptCell, kept_cells
from reviews.importing.expected import ExpectedIndicator
from reviews.importing.points import CannotBePoints, score_of
from reviews.importing.words import NOT_APPLICABLE
from reviews.models import Review, ReviewCycle, Score, ScoreOrigin
from reviews.recording import Cell, keep_totals, lock_cycle_for_entry
from reviews.score_rows import write_in_one
from reviews.scoring import Mark

_NOT_APPLICABLE = {NOT_APPLICABLE, "n/a"}
_COMMAS = ",，、﹐"
_GROUPED = re.compile(r"[0-9０-９]{1,3}(?:[,，﹐][0-9０-９]{3})+(?![0-9０-９])")


class Outcome(StrEnum):
    SAVED = "saved"
    REFUSED = "refused"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class TypedCell:
    """What somebody typed into one cell. version: of the score they saw there, 0 where there was none.

    text: points in any width, "" for not scored, 不适用.
    """

    review: int
    indicator: int
    text: str
    version: int

    @property
    def key(self) -> Cell:
        return (self.review, self.indicator)


@dataclass(frozen=True)
class CellResult:
    """What became of one typed cell, and what the cell says now.

    text, version, by and at are those of the kept score: after a conflict a colleague's, to be shown beside
    what was typed. message: why it was refused, with what is allowed; "" otherwise.
    """

    typed: TypedCell
    outcome: Outcome
    kept: KeptCell | None
    message: str = ""


@dataclass(frozen=True)
class _Points:
    """What a cell is to say; equal where two people mean the same."""

    points: Decimal | None
    applies: bool = True


@transaction.atomic
def save_cells(cycle: ReviewCycle, cells: Iterable[TypedCell], by: User) -> list[CellResult]:
    """Save what was typed, cell by cell: a refused or contested cell keeps none of the others back.

    A cell that changed since the typist saw it is a conflict and stays as it is, unless both say the same;
    so a request that is repeated because its answer was lost changes nothing. Where a cell comes twice, the
    last counts. Five queries for a thousand cells; totals are written in the same transaction. Raises
    EntryClosed.
    """
    locked, now = lock_cycle_for_entry(cycle), timezone.now()
    typed = {cell.key: cell for cell in cells}
    reviews = locked.reviews.filter(pk__in={review for review, _indicator in typed})
    kept = {cell.key: cell for cell in kept_cells(reviews)}
    results = [_result(cell, kept.get(key), by, now) for key, cell in typed.items()]
    changed = [
        result.kept
        for result in results
        if result.kept is not None and result.kept.version != _version(kept.get(result.typed.key))
    ]
    if changed:
        write_in_one([_score(cell, by, now) for cell in changed])
        _write_totals(kept | {cell.key: cell for cell in changed}, changed)
    return results


def _result(typed: TypedCell, kept: KeptCell | None, by: User, now: datetime.datetime) -> CellResult:
    """What becomes of a typed cell; `kept` of a saved one is as it will be."""
    if kept is None:
        message = _("This unit or indicator is no longer part of the quarter. Load the page anew.")
        return CellResult(typed, Outcome.REFUSED, None, message)
    try:
        wanted = _read(typed.text, kept)
    except CannotBePoints as refusal:
        return CellResult(typed, Outcome.REFUSED, kept, str(refusal))
    if wanted == _Points(kept.points, kept.applies):
        return CellResult(typed, Outcome.SAVED, kept)
    if kept.is_derived:
        message = _("Deductions make the points of this cell: change those.")
        return CellResult(typed, Outcome.REFUSED, kept, message)
    if typed.version != kept.version:
        return CellResult(typed, Outcome.CONFLICT, kept)
    return CellResult(typed, Outcome.SAVED, _changed(kept, wanted, by, now))


def _read(text: str, kept: KeptCell) -> _Points:
    """What a text means for this cell. Raises CannotBePoints (rule 11)."""
    key = normalize_name(text)
    if key in _NOT_APPLICABLE:
        return _Points(None, applies=False)
    if not key:
        return _Points(None)
    # Excel groups thousands, and copying out of a sentence takes its comma along.
    plain = text.strip().strip(_COMMAS)
    if _GROUPED.fullmatch(plain):
        plain = re.sub(f"[{_COMMAS}]", "", plain)
    allowed = ExpectedIndicator(kept.indicator, "", kept.full_marks, kept.step)
    return _Points(score_of(plain or text, allowed))


def _changed(kept: KeptCell, wanted: _Points, by: User, now: datetime.datetime) -> KeptCell:
    """As it will be: other points, which the reason given for the old ones does not explain."""
    return replace(
        kept,
        points=wanted.points,
        applies=wanted.applies,
        reason="",
        version=kept.version + 1,
        recorded_by=str(by),
        recorded_at=now,
    )


def _version(kept: KeptCell | None) -> int:
    return kept.version if kept else 0


def _score(cell: KeptCell, by: User, at: datetime.datetime) -> Score:
    return Score(
        review_id=cell.review.pk,
        indicator_id=cell.indicator,
        points=cell.points,
        applies=cell.applies,
        origin=ScoreOrigin.ENTERED,
        reason=cell.reason,
        version=cell.version,
        recorded_by=by,
        recorded_at=at,
    )


def _write_totals(cells: Mapping[Cell, KeptCell], changed: Sequence[KeptCell]) -> None:
    """The totals of the reviews with changed cells, from all their cells as they are now."""
    reviews: dict[int, Review] = {cell.review.pk: cell.review for cell in changed}
    marks: dict[int, list[Mark]] = defaultdict(list)
    for cell in cells.values():
        marks[cell.review.pk].append(cell.mark)
    keep_totals(list(reviews.values()), marks)
