"""What still stands between today and publishing a cycle, in order, each with the page that mends it.

What *blocks* is what verifying and publishing refuse, in their own words; the rest is worth a look first
(docs/decisions/0016). For the host's staff.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import User
from reviews.completeness import Gaps, gaps_of
from reviews.findings_to_raise import count_to_raise
from reviews.models import CycleState, ReviewCycle, VisitState
from reviews.publishing import (
    Obstacle,
    ObstacleKind,
    long_lists_warning,
    publication_obstacles,
    text_obstacles,
)
from reviews.report_remarks import documents_written_in
from reviews.standings import baseline_publication, live_standings


@dataclass(frozen=True)
class OpenPoint:
    """One thing to do or to look at. label, url: the page where that is done."""

    text: str
    label: str
    url: str
    blocks: bool = False


def open_points(cycle: ReviewCycle, user: User) -> list[OpenPoint]:
    """All that is open, as it is best worked off; nothing once the cycle is published."""
    if cycle.state == CycleState.PUBLISHED:
        return []
    obstacles = publication_obstacles(cycle, baseline_publication(cycle))
    blocking = {obstacle.kind: _blocking(cycle, obstacle) for obstacle in obstacles}
    last = blocking.pop(ObstacleKind.VERIFY, None)
    points = [*blocking.values(), *_worth_a_look(cycle, gaps_of(cycle, user), count_to_raise(cycle, user))]
    if not {ObstacleKind.OPEN, ObstacleKind.TAKE_ROSTER, ObstacleKind.FINISH_UNITS} & blocking.keys():
        points += [*_texts_to_check(cycle), *_long_lists(cycle)]
    return [*points, last] if last else points


def _blocking(cycle: ReviewCycle, obstacle: Obstacle) -> OpenPoint:
    detail = cycle.get_absolute_url()
    baseline = cycle.baseline.get_absolute_url() if cycle.baseline else detail
    pages = {
        ObstacleKind.OPEN: (_("Open for entry"), f"{detail}#next-step"),
        ObstacleKind.TAKE_ROSTER: (_("Take the roster again"), f"{detail}#next-step"),
        ObstacleKind.FINISH_UNITS: (_("Completeness"), _completeness(cycle, "units")),
        ObstacleKind.PUBLISH_BASELINE: (_("To the baseline"), baseline),
        ObstacleKind.VERIFY: (_("Verify"), f"{detail}#next-step"),
    }
    label, url = pages[obstacle.kind]
    return OpenPoint(obstacle.text, label, url, blocks=True)


def _worth_a_look(cycle: ReviewCycle, gaps: Gaps, unraised: int) -> list[OpenPoint]:
    looks = [*_visits_to_look_at(cycle, gaps), *_deductions_to_look_at(cycle, gaps)]
    looks.append(_findings_to_raise(cycle, unraised))
    return [OpenPoint(text % {"count": count}, label, url) for count, text, label, url in looks if count]


def _visits_to_look_at(cycle: ReviewCycle, gaps: Gaps) -> Iterator[tuple[int, str, str, str]]:
    page = f"{reverse('reviews:visit-list')}?cycle={cycle.pk}&state="
    text = ngettext(
        "%(count)s record sent from a phone is not counted yet.",
        "%(count)s records sent from phones are not counted yet.",
        gaps.held,
    )
    yield gaps.held, text, _("Decide"), f"{page}{VisitState.HELD}"
    text = ngettext(
        "%(count)s planned visit is neither recorded nor cancelled.",
        "%(count)s planned visits are neither recorded nor cancelled.",
        gaps.planned,
    )
    yield gaps.planned, text, _("To the visits"), f"{page}{VisitState.PLANNED}"


def _deductions_to_look_at(cycle: ReviewCycle, gaps: Gaps) -> Iterator[tuple[int, str, str, str]]:
    page = f"{_completeness(cycle, 'deductions')}&lacks="
    text = ngettext(
        "%(count)s deduction has no reason.", "%(count)s deductions have no reason.", gaps.without_reason
    )
    yield gaps.without_reason, text, _("Give reasons"), f"{page}reason"
    text = ngettext(
        "%(count)s deduction of a visit has no photo.",
        "%(count)s deductions of visits have no photo.",
        gaps.without_photo,
    )
    yield gaps.without_photo, text, _("Add photos"), f"{page}photo"


def _findings_to_raise(cycle: ReviewCycle, unraised: int) -> tuple[int, str, str, str]:
    text = ngettext(
        "%(count)s finding has no rectification item yet.",
        "%(count)s findings have no rectification item yet.",
        unraised,
    )
    return unraised, text, _("Raise them"), reverse("reviews:items-raise", args=[cycle.quarter])


def _texts_to_check(cycle: ReviewCycle) -> Iterator[OpenPoint]:
    """Documents with words that do not agree with the results. Where all units are finished."""
    for obstacle in text_obstacles(documents_written_in(cycle)):
        page = reverse("reviews:report-check", args=[cycle.quarter, obstacle.document])
        yield OpenPoint(obstacle.text, _("Check the text"), page, blocks=True)


def _long_lists(cycle: ReviewCycle) -> list[OpenPoint]:
    """Lists that ties made so long that publishing asks for a yes (rule 3). Where all units are finished."""
    groups = live_standings(cycle).groups
    placed = [(group.name, [line.placed for line in group.lines]) for group in groups]
    warning = long_lists_warning(placed, cycle.list_size)
    page = reverse("reviews:cycle-publish", args=[cycle.quarter])
    return [OpenPoint(warning, _("Look at the lists"), page)] if warning else []


def _completeness(cycle: ReviewCycle, part: str) -> str:
    return f"{reverse('reviews:completeness', args=[cycle.quarter])}?part={part}"
