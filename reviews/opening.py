"""Open a cycle: its settings, and the roster it takes (rules 4 and 8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from organizations.quarter import Quarter
from reviews.models import (
    CycleState,
    CycleStep,
    Indicator,
    Review,
    ReviewCycle,
    Rubric,
    Score,
)


class CannotOpen(Exception):
    """A cycle cannot be opened as asked; the message says why and what to do."""


@dataclass(frozen=True)
class RosterChange:
    """What taking the roster again did to a cycle's reviews."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@transaction.atomic
def open_cycle(
    host: Organization,
    quarter: Quarter,
    *,
    baseline: Quarter | None = None,
    rank_method: str | None = None,
    list_size: int | None = None,
    by: User | None = None,
) -> ReviewCycle:
    """Open a quarter for entry, with a review for every active unit of the host in the group it then has.

    A draft of that quarter is opened as it stands; what is given here overrides its settings.
    Raises CannotOpen for a quarter already open, an unknown or later baseline, units without a group and
    groups without an active rubric of the year.
    """
    # The host's row is what two people opening the same quarter at once queue behind.
    Organization.objects.select_for_update().get(pk=host.pk)
    cycle = ReviewCycle.objects.of_host(host).in_quarter(quarter).first()
    if cycle is None:
        cycle = ReviewCycle(host=host, year=quarter.year, number=quarter.number)
    if cycle.state != CycleState.DRAFT:
        raise CannotOpen(
            _("%(quarter)s is already “%(state)s”.")
            % {"quarter": quarter.label, "state": cycle.get_state_display()}
        )
    if baseline is not None:
        cycle.baseline = find_baseline(host, quarter, baseline)
    cycle.rank_method = rank_method or cycle.rank_method
    cycle.list_size = list_size or cycle.list_size
    cycle.state = CycleState.OPEN
    cycle.save()
    CycleStep.objects.create(cycle=cycle, from_state=CycleState.DRAFT, to_state=CycleState.OPEN, taken_by=by)
    if not _take_roster(cycle).added:
        raise CannotOpen(_("%(host)s has no active units: import the roster first.") % {"host": host.name})
    return cycle


def find_baseline(host: Organization, quarter: Quarter, baseline: Quarter) -> ReviewCycle:
    """The host's cycle of an earlier quarter, to compare with. Raises CannotOpen."""
    if baseline >= quarter:
        raise CannotOpen(
            _("The baseline %(baseline)s is not before %(quarter)s.")
            % {"baseline": baseline.label, "quarter": quarter.label}
        )
    cycle = ReviewCycle.objects.of_host(host).in_quarter(baseline).first()
    if cycle is None:
        raise CannotOpen(_("There is no cycle %(baseline)s to compare with.") % {"baseline": baseline.label})
    return cycle


@transaction.atomic
def refresh_roster(cycle: ReviewCycle) -> RosterChange:
    """Take the roster again while entry is open: add new units, drop those that ended unscored, and give
    reviews without scores the rubric now in force. Scored reviews stay as they are.
    """
    cycle = ReviewCycle.objects.select_for_update().get(pk=cycle.pk)
    if not cycle.takes_scores:
        raise CannotOpen(_("The roster can change only while entry is open."))
    return _take_roster(cycle)


def _take_roster(cycle: ReviewCycle) -> RosterChange:
    units = list(
        Organization.objects.under(cycle.host)
        .active(timezone.localdate())
        .select_related("group")
        .in_own_order()
    )
    rubrics = _rubrics_for(cycle, units)
    wanted = {unit.pk: unit for unit in units}
    scores = Score.objects.filter(review__cycle=cycle)
    # An import that was undone leaves blank scores behind, for its history.
    with_history = set(scores.values_list("review", flat=True))
    with_scores = set(scores.exclude(points=None, applies=True).values_list("review", flat=True))
    reviews = {review.organization_id: review for review in cycle.reviews.select_related("organization")}
    idle = [review for review in reviews.values() if review.pk not in with_scores]
    gone = [r for r in idle if r.organization_id not in wanted and r.pk not in with_history]
    stale = [review for review in idle if review.organization_id in wanted]
    added = [unit for unit in units if unit.pk not in reviews]

    Review.objects.filter(pk__in=[review.pk for review in gone]).delete()
    for review in stale:
        _put_place(review, wanted[review.organization_id], rubrics)
    Review.objects.bulk_update(
        stale, ["group", "rubric", "position", "denominator", "missing"], batch_size=500
    )
    fresh = [Review(cycle=cycle, organization=unit) for unit in added]
    for review in fresh:
        _put_place(review, review.organization, rubrics)
    Review.objects.bulk_create(fresh, batch_size=500)
    return RosterChange([unit.name for unit in added], [review.organization.name for review in gone])


def _put_place(review: Review, unit: Organization, rubrics: dict[int, tuple[Rubric, int]]) -> None:
    """Give a review without scores the group, order and rubric its unit now has."""
    assert unit.group_id is not None  # _rubrics_for refused the others
    rubric, indicators = rubrics[unit.group_id]
    review.group_id, review.position = unit.group_id, unit.position
    review.rubric, review.denominator, review.missing = rubric, rubric.full_total, indicators


def _rubrics_for(cycle: ReviewCycle, units: list[Organization]) -> dict[int, tuple[Rubric, int]]:
    """By group: the rubric in force for the cycle's year and how many indicators must be scored."""
    loose = [unit.name for unit in units if unit.group_id is None]
    if loose:
        raise CannotOpen(
            _("%(count)s units have no group, first %(unit)s: give each its group in the roster.")
            % {"count": len(loose), "unit": loose[0]}
        )
    active = Rubric.objects.of_host(cycle.host).active()
    by_group = {rubric.group_id: rubric for rubric in active.filter(year=cycle.year)}
    groups: dict[int, list[Organization]] = defaultdict(list)
    for unit in units:
        groups[unit.group_id or 0].append(unit)
    for group_id, members in groups.items():
        if group_id not in by_group:
            raise CannotOpen(
                _("The group %(group)s has no active rubric for %(year)s: import it first.")
                % {"group": members[0].group, "year": cycle.year}
            )
    regular = Indicator.objects.filter(rubric__in=by_group.values(), is_bonus=False)
    counts = Counter(regular.values_list("rubric", flat=True))
    return {group_id: (rubric, counts[rubric.pk]) for group_id, rubric in by_group.items()}
