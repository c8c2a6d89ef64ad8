"""Whether a quarter is complete: what is missing, who entered what, who visited whom. Reads only.

For the host's staff. Visits are those the user may know of (rule 16). Each part costs the same number of
queries however many units there are.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Max, Min, Q

from organizations.models import Organization, User
from reviews.models import (
    Deduction,
    DeductionSource,
    Indicator,
    Review,
    ReviewCycle,
    Score,
    Visit,
    VisitState,
)
from reviews.models.review import DeductionQuerySet
from reviews.models.visit import VisitQuerySet


@dataclass(frozen=True)
class Work:
    """What one person brought into one unit's cells. workbook: the file it came in, "" where typed."""

    who: str
    workbook: str
    cells: int
    last_at: datetime.datetime


@dataclass(frozen=True)
class UnitEntry:
    """One unit's cells. missing: the indicators its total waits for; bonus indicators never are.

    work: the newest first.
    """

    review: Review
    expected: int
    missing: tuple[str, ...]
    work: tuple[Work, ...]

    @property
    def entered(self) -> int:
        return self.expected - len(self.missing)

    @property
    def is_untouched(self) -> bool:
        return self.entered == 0


@dataclass(frozen=True)
class GroupEntry:
    """The units of one group in the host's order."""

    name: str
    units: tuple[UnitEntry, ...]


def entry_by_unit(cycle: ReviewCycle) -> tuple[GroupEntry, ...]:
    """What is entered and missing, unit by unit. Four queries."""
    reviews = list(cycle.reviews.select_related("organization", "group").in_own_order())
    indicators: dict[int, dict[int, str]] = defaultdict(dict)
    rubrics = {review.rubric_id for review in reviews}
    for indicator in Indicator.objects.filter(rubric__in=rubrics, is_bonus=False):
        indicators[indicator.rubric_id][indicator.pk] = indicator.name
    given = set(Score.objects.in_cycle(cycle).given().values_list("review", "indicator"))
    work = _work_by_review(cycle)
    units = [
        UnitEntry(
            review=review,
            expected=len(wanted := indicators[review.rubric_id]),
            missing=tuple(name for key, name in wanted.items() if (review.pk, key) not in given),
            work=tuple(work[review.pk]),
        )
        for review in reviews
    ]
    grouped = groupby(units, key=lambda unit: unit.review.group)
    return tuple(GroupEntry(group.name, tuple(members)) for group, members in grouped)


def _work_by_review(cycle: ReviewCycle) -> Mapping[int, list[Work]]:
    """By review: who brought in its cells, the newest first. One query."""
    scores: Any = Score.objects.in_cycle(cycle).given().with_workbook()
    rows = scores.values("review", "workbook", **_NAMES).annotate(**_AMOUNT)
    work: dict[int, list[Work]] = defaultdict(list)
    for row in rows.order_by("-last_at", "username", "workbook"):
        work[row["review"]].append(Work(_name(row), row["workbook"] or "", row["number"], row["last_at"]))
    return work


@dataclass(frozen=True)
class PersonEntry:
    """What one person entered. workbooks: those the cells came from that still say what they brought."""

    who: str
    cells: int
    deductions: int
    workbooks: tuple[str, ...]
    first_at: datetime.datetime
    last_at: datetime.datetime


def entry_by_person(cycle: ReviewCycle) -> tuple[PersonEntry, ...]:
    """Who entered how much of what the quarter now says, who entered last first: a record of work, not a
    ranking of people. Two queries.
    """
    scores: Any = Score.objects.in_cycle(cycle).given().with_workbook()
    cells = scores.values("workbook", **_NAMES).annotate(**_AMOUNT).order_by("workbook")
    deductions: Any = Deduction.objects.in_cycle(cycle).in_force().values(**_NAMES)
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in (*cells, *deductions.annotate(**_AMOUNT).order_by()):
        rows[row["username"] or ""].append(row)
    people = [_person(theirs) for theirs in rows.values()]
    return tuple(sorted(people, key=lambda person: (person.last_at, person.who), reverse=True))


def _person(rows: Sequence[Mapping[str, Any]]) -> PersonEntry:
    cells = [row for row in rows if "workbook" in row]
    return PersonEntry(
        who=_name(rows[0]),
        cells=sum(row["number"] for row in cells),
        deductions=sum(row["number"] for row in rows) - sum(row["number"] for row in cells),
        workbooks=tuple(row["workbook"] for row in cells if row["workbook"]),
        first_at=min(row["first_at"] for row in rows),
        last_at=max(row["last_at"] for row in rows),
    )


# Who recorded rows, how many and when, as grouped queries say it.
_NAMES = {"full_name": F("recorded_by__full_name"), "username": F("recorded_by__username")}
_AMOUNT = {"number": Count("pk"), "first_at": Min("recorded_at"), "last_at": Max("recorded_at")}


def _name(row: Mapping[str, Any]) -> str:
    """As `str(user)` says it; "" where a command did it."""
    return row["full_name"] or row["username"] or ""


@dataclass(frozen=True)
class SourceLacks:
    """The deductions of one source. without_photo: of visits alone, nothing else can have one."""

    label: str
    source: str
    deductions: int
    without_reason: int
    without_photo: int | None


def lacks_by_source(cycle: ReviewCycle, user: User) -> tuple[SourceLacks, ...]:
    """How many deductions in force lack a reason or a photo, visits, desk and imports apart. One query."""
    deductions: Any = deductions_of(cycle, user)
    counted = (
        deductions.order_by()
        .values("source")
        .annotate(
            deductions=Count("pk"),
            without_reason=Count("pk", filter=Q(reason="")),
            without_photo=Count("pk", filter=Q(has_photo=False)),
        )
    )
    rows = {row["source"]: row for row in counted}
    nothing = {"deductions": 0, "without_reason": 0, "without_photo": 0}
    return tuple(
        SourceLacks(
            label=str(source.label),
            source=source.value,
            deductions=(row := rows.get(source.value, nothing))["deductions"],
            without_reason=row["without_reason"],
            without_photo=row["without_photo"] if source == DeductionSource.VISIT else None,
        )
        for source in DeductionSource
    )


def deductions_of(cycle: ReviewCycle, user: User) -> DeductionQuerySet:
    """The deductions of the cycle that count, each with its source and whether it has a photo."""
    return Deduction.objects.in_cycle(cycle).in_force().with_source(Visit.objects.visible_to(user))


@dataclass(frozen=True)
class UnitVisits:
    """The visits to one unit in this quarter, by what became of them."""

    unit: Organization
    group: str
    done: tuple[Visit, ...]
    held: tuple[Visit, ...]
    planned: tuple[Visit, ...]

    @property
    def is_unvisited(self) -> bool:
        """Whether nobody was there or is to go."""
        return not (self.done or self.held or self.planned)


@dataclass(frozen=True)
class InspectorVisits:
    """One inspector's visits. visits: how many there were to each unit, made or not counted yet."""

    who: str
    done: int
    held: int
    planned: int
    visits: Mapping[int, int]


@dataclass(frozen=True)
class Visiting:
    """Who visited whom."""

    units: tuple[UnitVisits, ...]
    inspectors: tuple[InspectorVisits, ...]

    @property
    def visited(self) -> tuple[UnitVisits, ...]:
        return tuple(each for each in self.units if not each.is_unvisited)

    @property
    def unvisited(self) -> tuple[UnitVisits, ...]:
        return tuple(each for each in self.units if each.is_unvisited)


def visiting_of(cycle: ReviewCycle, user: User) -> Visiting:
    """Who visited whom, as far as this user may know: units of the user's own are left out, because "no
    visit" would say as much as a visit. Three queries.
    """
    by_unit: dict[Organization, list[Visit]] = defaultdict(list)
    groups: dict[Organization, str] = {}
    own = user.access.own_organization_ids
    for review in cycle.reviews.select_related("organization", "group").in_own_order():
        if review.organization_id not in own:
            by_unit[review.organization], groups[review.organization] = [], review.group.name
    by_day = F("visited_on").asc(nulls_last=True)
    visits = list(_visits_of(cycle, user).with_names().order_by(by_day, "pk"))
    for visit in visits:  # to a unit that is not on the roster, too
        by_unit[visit.organization].append(visit)
    units = tuple(_unit_visits(unit, groups.get(unit, ""), theirs) for unit, theirs in by_unit.items())
    return Visiting(units, _by_inspector(visits))


def _visits_of(cycle: ReviewCycle, user: User) -> VisitQuerySet:
    return Visit.objects.visible_to(user).in_cycle(cycle).not_cancelled()


def _unit_visits(unit: Organization, group: str, visits: Iterable[Visit]) -> UnitVisits:
    visits = tuple(visits)
    return UnitVisits(
        unit=unit,
        group=group,
        done=tuple(visit for visit in visits if visit.is_done),
        held=tuple(visit for visit in visits if visit.is_held),
        planned=tuple(visit for visit in visits if visit.is_planned),
    )


def _by_inspector(visits: Iterable[Visit]) -> tuple[InspectorVisits, ...]:
    """By name: how often somebody went is no merit."""
    theirs: dict[User, list[Visit]] = defaultdict(list)
    for visit in visits:
        for inspector in visit.inspectors.all():
            theirs[inspector].append(visit)
    return tuple(
        InspectorVisits(
            who=str(inspector),
            done=sum(visit.is_done for visit in theirs[inspector]),
            held=sum(visit.is_held for visit in theirs[inspector]),
            planned=sum(visit.is_planned for visit in theirs[inspector]),
            visits=Counter(visit.organization_id for visit in theirs[inspector] if not visit.is_planned),
        )
        for inspector in sorted(theirs, key=lambda each: (str(each), each.pk))
    )


@dataclass(frozen=True)
class Gaps:
    """How much there is of each thing worth a look before publishing."""

    without_reason: int
    without_photo: int
    held: int
    planned: int


def gaps_of(cycle: ReviewCycle, user: User) -> Gaps:
    """The gaps of a cycle as far as this user may know. Two queries."""
    lacks = deductions_of(cycle, user).aggregate(
        without_reason=Count("pk", filter=Q(reason="")),
        without_photo=Count("pk", filter=Q(has_photo=False, source=DeductionSource.VISIT)),
    )
    visits = _visits_of(cycle, user).aggregate(
        held=Count("pk", filter=Q(state=VisitState.HELD)),
        planned=Count("pk", filter=Q(state=VisitState.PLANNED)),
    )
    return Gaps(**lacks, **visits)
