"""One unit's review as it is read: by section, with what was lost and why.

Frozen and live scores take the same form (`reviews.freezing.frozen_scores`), so one path serves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from organizations.models import Organization, User
from reviews.charts import Place, PlacesChart, places_chart
from reviews.freezing import frozen_scores
from reviews.models import CycleState, Publication, Review, Standing
from reviews.permissions import can_see_draft
from reviews.reports.facts import Score
from reviews.reports.wording import short_points
from reviews.standings import (
    GroupStandings,
    Line,
    format_points,
    frozen_line,
    live_standings,
    unranked_reason,
)


@dataclass(frozen=True)
class SheetLine:
    """One indicator. points, lost: as printed; "" where there is nothing to print."""

    indicator: str
    is_bonus: bool
    applies: bool
    full_marks: str
    points: str
    lost: str
    reasons: tuple[tuple[str, str], ...]  # points taken, "" where only a remark, and why


@dataclass(frozen=True)
class SheetSection:
    """A section (一级指标) with its indicators."""

    name: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class Loss:
    """An indicator that cost points, for the short list of where they went."""

    indicator: str
    lost: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Losses:
    """The heaviest losses, and how many others there are and what these cost together, so that it adds up."""

    heaviest: tuple[Loss, ...]
    others: int
    others_lost: str


@dataclass(frozen=True)
class Sheet:
    """All that one user may read of one unit's review.

    standing: as published; None where what is shown is not published. line: the place and what it is compared
    with; None where the reader may know no place (rule 13: a unit that replies). group: the live standings it
    stands in, where it is not published. scores: as a publication keeps them.
    """

    scores: Sequence[dict[str, Any]]
    sections: tuple[SheetSection, ...]
    total: str
    full_marks: str
    unranked_reason: str
    line: Line | None
    standing: Standing | None
    history: tuple[Standing, ...]
    group: GroupStandings | None = None

    @property
    def publication(self) -> Publication | None:
        return self.standing.publication if self.standing else None

    @property
    def chart(self) -> PlacesChart | None:
        return places_chart([Place(row.publication.cycle.quarter, row.rank) for row in self.history])


@dataclass(frozen=True)
class Neighbours:
    """Keys of the units before and after one in the host's order, None at the ends."""

    before: int | None
    after: int | None


def sheet_for(user: User, review: Review, *, draft: bool = False) -> Sheet | None:
    """The review as this user may read it, or None where nothing of it is theirs to see yet.

    draft: the scores as they are now although the cycle was published, while a correction is prepared.
    """
    cycle = review.cycle
    history = published_history(review.organization, cycle.host_id)
    standing = next((row for row in history if row.publication.cycle_id == cycle.pk), None)
    if standing is not None and not draft:
        return _published_sheet(standing, history)
    if can_see_draft(user, cycle):
        return _live_sheet(review, history, _live_group(review))
    if cycle.state == CycleState.REPLY and review.organization_id in user.access.unit_ids:
        return _live_sheet(review, history)
    return None


def published_history(organization: Organization, host: int) -> tuple[Standing, ...]:
    """The unit's standings under this host, oldest first, each as last corrected. One query."""
    rows = Standing.objects.of_unit(organization).under_host(host).in_force().by_quarter()
    return tuple(rows)


def neighbours(review: Review) -> Neighbours:
    """Whose reviews come before and after this one."""
    keys = list(review.cycle.reviews.in_own_order().values_list("organization", flat=True))
    here = keys.index(review.organization_id)
    before, after = keys[:here][-1:], keys[here + 1 :][:1]
    return Neighbours(before[0] if before else None, after[0] if after else None)


def _published_sheet(standing: Standing, history: tuple[Standing, ...]) -> Sheet:
    line = frozen_line(standing)
    return Sheet(
        scores=standing.scores,
        sections=sections_of(standing.scores),
        total=line.total_text,
        full_marks=short_points(standing.full_marks),
        unranked_reason=standing.unranked_reason,
        line=line,
        standing=standing,
        history=history,
    )


def _live_sheet(review: Review, history: tuple[Standing, ...], group: GroupStandings | None = None) -> Sheet:
    scores = live_scores(review)
    return Sheet(
        scores=scores,
        sections=sections_of(scores),
        total=format_points(review.total, review.rubric.places),
        full_marks=short_points(review.rubric.full_total),
        unranked_reason=unranked_reason(review),
        line=group.line_of(review.organization_id) if group else None,
        standing=None,
        history=history,
        group=group,
    )


def _live_group(review: Review) -> GroupStandings | None:
    groups = live_standings(review.cycle).groups
    return next((group for group in groups if group.line_of(review.organization_id)), None)


def live_scores(review: Review) -> list[dict[str, Any]]:
    """The review's scores as they are now, in the form a publication keeps them."""
    return frozen_scores([review])[review.pk]


def sections_of(scores: Iterable[dict[str, Any]]) -> tuple[SheetSection, ...]:
    """The indicators by section, in the rubric's order."""
    return tuple(
        SheetSection(name, tuple(_line(frozen) for frozen in members))
        for name, members in groupby(scores, key=lambda frozen: frozen["section"])
    )


def heaviest_losses(scores: Iterable[dict[str, Any]], limit: int = 5) -> Losses:
    """The indicators that cost most, most first; equals in the rubric's order."""
    read = [Score.from_json(frozen) for frozen in scores]
    costly = sorted((score for score in read if score.lost > 0), key=lambda score: -score.lost)
    shown, others = costly[:limit], costly[limit:]
    return Losses(
        tuple(Loss(each.indicator, short_points(each.lost), each.reasons) for each in shown),
        others=len(others),
        others_lost=short_points(sum((each.lost for each in others), Decimal(0))),
    )


def _line(frozen: dict[str, Any]) -> SheetLine:
    score = Score.from_json(frozen)
    reasons = [(short_points(each.points), each.reason) for each in score.deductions]
    if score.reason:
        reasons.append(("", score.reason))
    return SheetLine(
        indicator=score.indicator,
        is_bonus=score.is_bonus,
        applies=frozen.get("applies", True),
        full_marks=short_points(score.full_marks),
        points="" if score.points is None else short_points(score.points),
        lost=short_points(score.lost) if score.lost else "",
        reasons=tuple(reasons),
    )
