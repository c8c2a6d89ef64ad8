"""What stands behind a figure of a document, as far as one reader may see it: reviews, deductions, photos.

The deductions are those that a publication froze; the rows they were copied from only add what they lead to.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from organizations.models import User
from rectification.models import Item
from reviews.models import Deduction, ReviewCycle, Visit, VisitPhoto
from reviews.reports import facts
from reviews.reports.explained import Explanation, Row
from reviews.reports.facts import GroupResult, Score, UnitResult
from reviews.reports.wording import plain, short_points

IN_FULL = 5  # units whose deductions are shown at once; of more, one is chosen


@dataclass(frozen=True)
class TracedDeduction:
    """One deduction. points: "" where this reader may not know them. visit, item: None unless seen."""

    points: str
    reason: str
    responsible: str
    due_on: datetime.date | None
    item: Item | None
    visit: Visit | None
    photos: tuple[VisitPhoto, ...]


@dataclass(frozen=True)
class TracedScore:
    """What one unit lost at one indicator. lost: "" where this reader may not know it."""

    indicator: str
    lost: str
    full_marks: str
    remark: str
    deductions: tuple[TracedDeduction, ...]


@dataclass(frozen=True)
class TracedUnit:
    """The losses of one unit, in the order of the rubric."""

    unit: UnitResult
    scores: tuple[TracedScore, ...]


def units_read(user: User, cycle: ReviewCycle, groups: Iterable[GroupResult]) -> set[int]:
    """Of which units this user may read every point: of all who works for the host, else of own (rule 15)."""
    units = {unit.unit for group in groups for unit in group.units}
    return units if cycle.host_id in user.access.host_ids else units & user.access.unit_ids


def units_in_full(explanation: Explanation, chosen: int | None) -> list[Row]:
    """Whose deductions are shown: the chosen unit's; else those a field of losses names, or a few units'."""
    if chosen is not None:
        return [row for row in explanation.rows if row.unit.unit == chosen]
    meant = [row for row in explanation.rows if row.is_meant]
    return meant if explanation.tells_deductions or len(meant) <= IN_FULL else []


def traced(
    user: User,
    cycle: ReviewCycle,
    rows: Sequence[Row],
    *,
    published_at: datetime.datetime | None,
    points_of: Collection[int],
) -> list[TracedUnit]:
    """The losses of these units with all that the user may see of what they lead to. Four queries.

    published_at: None for what is not published yet. points_of: the units whose points the user may read.
    """
    found = _Found(user, cycle, [row.unit.unit for row in rows], published_at)
    return [
        TracedUnit(
            row.unit,
            tuple(
                found.score(row.unit, score, with_points=row.unit.unit in points_of)
                for score in row.scores or row.unit.scores
                if score.is_problem
            ),
        )
        for row in rows
    ]


def matched(frozen: Sequence[facts.Deduction], kept: Sequence[Deduction]) -> list[Deduction | None]:
    """To each frozen deduction of an indicator the row it was copied from; None where there is none any more.

    By points and reason; a row that was given its reason since is that of a deduction without one. Each row
    answers for one deduction only.
    """
    left = list(kept)

    def take(deduction: facts.Deduction) -> Deduction | None:
        alike = [row for row in left if row.points == deduction.points]
        same = [row for row in alike if plain(row.reason) == deduction.reason]
        later = [row for row in alike if not deduction.reason and row.reason_given_at]
        row = next(iter([*same, *later]), None)
        if row is not None:
            left.remove(row)
        return row

    return [take(deduction) for deduction in frozen]


class _Found:
    """The rows of the database behind the deductions of some units, read once."""

    def __init__(
        self, user: User, cycle: ReviewCycle, units: Sequence[int], at: datetime.datetime | None
    ) -> None:
        rows = Deduction.objects.in_cycle(cycle).of_units(units).counting_at(at).with_origin()
        self.kept: dict[tuple[int, str, str], list[Deduction]] = defaultdict(list)
        for row in rows:
            place = (plain(row.indicator.section.name), plain(row.indicator.name))
            self.kept[row.review.organization_id, *place].append(row)
        items = {row.item.merged_into_id or row.item.pk for row in rows if row.item}
        self.items = Item.objects.visible_to(user).in_bulk(items)
        self.visits = Visit.objects.visible_to(user).in_bulk({row.visit_id for row in rows if row.visit_id})
        self.photos: dict[int, list[VisitPhoto]] = defaultdict(list)
        for photo in VisitPhoto.objects.visible_to(user).of_deductions(rows):
            if photo.deduction_id is not None:
                self.photos[photo.deduction_id].append(photo)

    def score(self, unit: UnitResult, score: Score, *, with_points: bool) -> TracedScore:
        kept = self.kept[unit.unit, score.section, score.indicator]
        pairs = zip(score.deductions, matched(score.deductions, kept), strict=True)
        return TracedScore(
            indicator=score.indicator,
            lost=short_points(score.lost) if with_points else "",
            full_marks=short_points(score.full_marks),
            remark=score.reason,
            deductions=tuple(self._deduction(frozen, row, with_points=with_points) for frozen, row in pairs),
        )

    def _deduction(
        self, frozen: facts.Deduction, row: Deduction | None, *, with_points: bool
    ) -> TracedDeduction:
        item = row.item.merged_into_id or row.item.pk if row and row.item else None
        return TracedDeduction(
            points=short_points(frozen.points) if with_points else "",
            reason=frozen.reason,
            responsible=frozen.responsible,
            due_on=frozen.due_on,
            item=self.items.get(item) if item else None,
            visit=self.visits.get(row.visit_id) if row and row.visit_id else None,
            photos=tuple(self.photos[row.pk]) if row else (),
        )
