"""Standings of a cycle: worked out from kept totals before publication, read back frozen after it.

Both give the same lines, so that a page, an export, a command and a document never ask which it is.
Live: two queries. Frozen: one. The same for 5 units as for 500.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.translation import ngettext

from organizations.quarter import Quarter
from reviews.firmness import Cut, cuts_of
from reviews.models import Publication, Review, ReviewCycle, ReviewState, Standing
from reviews.ranking import (
    Earlier,
    ListName,
    Lists,
    Placed,
    ProgressMeasure,
    RankMethod,
    Result,
    lists_of,
    rank_group,
)


@dataclass(frozen=True)
class Line:
    """One unit's place. Points print with as many decimals as the rubric rounds to."""

    placed: Placed
    organization_name: str
    group_name: str
    decimals: int
    unranked_reason: str = ""

    @property
    def organization_id(self) -> int:
        return self.placed.unit

    @property
    def rank(self) -> int | None:
        return self.placed.rank

    @property
    def places(self) -> int | None:
        return self.placed.places

    @property
    def fallen(self) -> int | None:
        """How many places the unit fell: `places` seen from the other side."""
        return None if self.places is None else -self.places

    @property
    def baseline_rank(self) -> int | None:
        return self.placed.baseline_rank

    @property
    def total_text(self) -> str:
        return format_points(self.placed.total, self.decimals)

    @property
    def total_change_text(self) -> str:
        return format_points(self.placed.total_change, self.decimals)


@dataclass(frozen=True)
class GroupStandings:
    """One group's lines in print order: the ranked, best first, then the unranked."""

    name: str
    lines: tuple[Line, ...]

    @property
    def ranked(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.rank is not None)

    @property
    def unranked(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.rank is None)

    @property
    def lists(self) -> Lists:
        """The four lists as lines of the ranking; `lines_of` gives them with their names."""
        return lists_of(line.placed for line in self.lines)

    def line_of(self, unit: int) -> Line | None:
        return next((line for line in self.lines if line.organization_id == unit), None)

    def lines_of(self, placed: Iterable[Placed]) -> tuple[Line, ...]:
        by_unit = {line.organization_id: line for line in self.lines}
        return tuple(by_unit[entry.unit] for entry in placed)


@dataclass(frozen=True)
class Standings:
    """A cycle's standings, group by group in the host's order, and what they were measured against."""

    quarter: Quarter
    baseline: Quarter | None
    rank_method: str
    list_size: int
    measure: str
    groups: tuple[GroupStandings, ...]
    publication: Publication | None = None

    @property
    def is_published(self) -> bool:
        return self.publication is not None


def format_points(points: Decimal | None, decimals: int) -> str:
    """Points as printed, with a fixed number of decimals; an empty text where there are none."""
    return "" if points is None else f"{points:.{decimals}f}"


def current_standings(cycle: ReviewCycle) -> Standings:
    """Frozen once published, live before: for commands, which act for the host."""
    publication = cycle.latest_publication()
    return frozen_standings(publication) if publication else live_standings(cycle)


def frozen_standings(publication: Publication) -> Standings:
    """Standings as published, whatever was renamed or rescored since."""
    return frozen_side_by_side([publication])[0]


def frozen_side_by_side(publications: Sequence[Publication]) -> list[Standings]:
    """The standings of several publications, in the order given: a correction beside what it corrects."""
    rows: dict[int, list[Standing]] = {publication.pk: [] for publication in publications}
    for row in Standing.objects.filter(publication__in=publications).in_print_order().defer("scores"):
        rows[row.publication_id].append(row)
    return [_as_published(publication, rows[publication.pk]) for publication in publications]


def _as_published(publication: Publication, rows: Iterable[Standing]) -> Standings:
    return Standings(
        quarter=publication.cycle.quarter,
        baseline=publication.baseline_quarter,
        rank_method=publication.rank_method,
        list_size=publication.list_size,
        measure=publication.measure,
        groups=_in_groups(frozen_line(row) for row in rows),
        publication=publication,
    )


def live_standings(cycle: ReviewCycle) -> Standings:
    """Standings as they would be published now, from the kept totals and the baseline as published."""
    return standings_of(cycle, reviews_to_rank(cycle), baseline_rows(cycle))


def reviews_to_rank(cycle: ReviewCycle) -> list[Review]:
    """All reviews of a cycle with what ranking needs of them. One query."""
    return list(cycle.reviews.select_related("organization", "group", "rubric").in_own_order())


def baseline_rows(cycle: ReviewCycle) -> list[Standing]:
    """What the baseline published, without anybody's scores. One query."""
    return list(Standing.objects.of_baseline(cycle).without_scores())


def standings_of(cycle: ReviewCycle, reviews: Sequence[Review], earlier: Sequence[Standing]) -> Standings:
    """The standings that the cycle's settings make of these; no query."""
    placed = rank_reviews(cycle, reviews, earlier)
    baseline = earlier[0].publication if earlier else None
    return Standings(
        quarter=cycle.quarter,
        baseline=baseline.cycle.quarter if baseline else None,
        rank_method=cycle.rank_method,
        list_size=cycle.list_size,
        measure=cycle.measure,
        groups=_in_groups(_live_line(review, entry) for review, entry in placed),
    )


def cuts_by_group(
    cycle: ReviewCycle, reviews: Sequence[Review], earlier: Sequence[Standing]
) -> dict[str, dict[ListName, Cut]]:
    """By the name of each group, where its lists end under the cycle's settings; no query."""
    known = _earlier_by_unit(reviews, earlier)
    cuts = {}
    for group, members in groupby(reviews, key=lambda review: review.group):
        in_group = list(members)
        cuts[group.name] = cuts_of(
            [_result(review) for review in in_group],
            known,
            method=RankMethod(cycle.rank_method),
            list_size=cycle.list_size,
            measure=ProgressMeasure(cycle.measure),
            decimals=max(review.rubric.places for review in in_group),
        )
    return cuts


def baseline_publication(cycle: ReviewCycle) -> Publication | None:
    """The publication that places are compared with, or None while there is none (rule 4). One query."""
    return Publication.objects.of_baseline(cycle).first()


def rank_reviews(
    cycle: ReviewCycle, reviews: Sequence[Review], baseline: Iterable[Standing]
) -> list[tuple[Review, Placed]]:
    """Rank each group's reviews against what the baseline published.

    Returns them group by group in the order given, and in print order within a group.
    """
    earlier = _earlier_by_unit(reviews, baseline)
    ranked: list[tuple[Review, Placed]] = []
    for __, members in groupby(reviews, key=lambda review: review.group_id):
        by_unit = {review.organization_id: review for review in members}
        placed = rank_group(
            [_result(review) for review in by_unit.values()],
            earlier,
            method=RankMethod(cycle.rank_method),
            list_size=cycle.list_size,
            measure=ProgressMeasure(cycle.measure),
        )
        ranked.extend((by_unit[entry.unit], entry) for entry in placed)
    return ranked


def unranked_reason(review: Review) -> str:
    """Why a review has no rank (rule 6): the reason given, or that scores are missing."""
    if review.state == ReviewState.SCORED:
        return ""
    if review.reason:
        return review.reason
    return ngettext(
        "Not finished: %(count)s score missing", "Not finished: %(count)s scores missing", review.missing
    ) % {"count": review.missing}


def _result(review: Review) -> Result:
    # Where indicators do not apply the total was scaled up, so it is out of the stated total all the same.
    return Result(review.organization_id, review.position, review.total, review.rubric.full_total)


def _earlier_by_unit(reviews: Sequence[Review], baseline: Iterable[Standing]) -> Mapping[int, Earlier]:
    """What the baseline published of each unit that it ranked in the group it is still in (rule 5)."""
    now = {review.organization_id: review for review in reviews}
    earlier = {}
    for row in baseline:
        review = now.get(row.organization_id)
        if row.rank is None or row.total is None:
            continue
        if review is not None and review.group_id == row.group_id:
            earlier[row.organization_id] = Earlier(
                rank=row.rank,
                total=row.total,
                full_marks=row.full_marks,
                comparable_total=row.rubric_key == review.rubric.comparison_key,
            )
    return earlier


def _live_line(review: Review, placed: Placed) -> Line:
    return Line(
        placed=placed,
        organization_name=review.organization.name,
        group_name=review.group.name,
        decimals=review.rubric.places,
        unranked_reason=unranked_reason(review),
    )


def frozen_line(row: Standing) -> Line:
    """A published line, as it was published."""
    placed = Placed(
        unit=row.organization_id,
        position=row.position,
        rank=row.rank,
        total=row.total,
        baseline_rank=row.baseline_rank,
        baseline_total=row.baseline_total,
        places=row.places,
        total_change=row.total_change,
        top_place=row.top_place,
        last_place=row.last_place,
        progress_place=row.progress_place,
        setback_place=row.setback_place,
    )
    return Line(placed, row.organization_name, row.group_name, row.decimals, row.unranked_reason)


def _in_groups(lines: Iterable[Line]) -> tuple[GroupStandings, ...]:
    return tuple(
        GroupStandings(name, tuple(members))
        for name, members in groupby(lines, key=lambda line: line.group_name)
    )
