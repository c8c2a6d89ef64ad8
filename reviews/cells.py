"""The cells of an entry grid as they are kept: one a unit and indicator, scored or not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from reviews.importing.findings import number
from reviews.models import Indicator, Review, Score, ScoreOrigin
from reviews.models.review import ReviewQuerySet
from reviews.scoring import Mark


@dataclass(frozen=True)
class KeptCell:
    """One cell and its score. version: 0 where nothing was ever recorded."""

    review: Review
    indicator: int
    full_marks: Decimal
    step: Decimal
    is_bonus: bool
    points: Decimal | None
    applies: bool
    origin: str
    reason: str
    version: int
    recorded_by: str
    recorded_at: datetime.datetime | None

    @property
    def key(self) -> tuple[int, int]:
        return (self.review.pk, self.indicator)

    @property
    def is_derived(self) -> bool:
        """Whether deductions make the points, so that the cell is not typed into (rule 10)."""
        return self.origin == ScoreOrigin.DERIVED

    @property
    def is_missing(self) -> bool:
        """Whether the unit's total waits for this cell; a blank bonus is not missing."""
        return self.points is None and self.applies and not self.is_bonus

    @property
    def mark(self) -> Mark:
        return Mark(self.full_marks, self.points, self.applies, self.is_bonus)

    @property
    def text(self) -> str:
        return cell_text(self.points, self.applies)


def cell_text(points: Decimal | None, applies: bool) -> str:
    """What a cell shows: its points, the words for "does not apply", or nothing."""
    if not applies:
        return _("n/a")
    return "" if points is None else number(points)


class ShownCell(NamedTuple):
    """What the page needs of a score. A thousand are made for one page, so no more than that."""

    text: str
    version: int
    is_derived: bool


def shown_cells(reviews: Iterable[Review]) -> dict[tuple[int, int], ShownCell]:
    """The scores of these reviews by review and indicator; a cell without one is absent. One query."""
    scores = Score.objects.filter(review__in=reviews)
    return {
        (review, indicator): ShownCell(cell_text(points, applies), version, origin == ScoreOrigin.DERIVED)
        for review, indicator, points, applies, version, origin in scores.values_list(
            "review", "indicator", "points", "applies", "version", "origin"
        )
    }


def kept_cells(reviews: ReviewQuerySet) -> list[KeptCell]:
    """All cells of these reviews, in the order of the reviews. One query."""
    rows: Iterable = reviews.by_cell()
    first: dict[int, Review] = {}
    return [
        KeptCell(
            review=first.setdefault(row.pk, row),
            indicator=row.cell_id,
            full_marks=row.cell_full_marks,
            step=row.cell_step,
            is_bonus=row.cell_is_bonus,
            points=row.kept_points,
            applies=row.kept_version is None or row.kept_applies,
            origin=row.kept_origin or ScoreOrigin.ENTERED,
            reason=row.kept_reason or "",
            version=row.kept_version or 0,
            recorded_by=row.kept_full_name or row.kept_username or "",
            recorded_at=row.kept_recorded_at,
        )
        for row in rows
        if row.cell_id is not None
    ]


def kept_cell(review: Review, indicator: Indicator) -> KeptCell:
    """One cell of a review, of an indicator of its rubric. One query."""
    cells = kept_cells(Review.objects.filter(pk=review.pk, rubric__indicators=indicator))
    return next(cell for cell in cells if cell.indicator == indicator.pk)
