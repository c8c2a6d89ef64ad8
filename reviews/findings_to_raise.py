"""What was found and is no rectification item yet (rule 17), and what units had reported of it (rule 20).

What concerns the reader's own unit is left out: somebody else raises it, as somebody else visits it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple, Self

from django.utils import timezone

from organizations.models import Organization, User
from rectification.models import Item, ProblemCategory
from reviews.models import Deduction, Problem, ReviewCycle, VisitPhoto
from reviews.models.review import DeductionQuerySet
from reviews.models.visit import ProblemQuerySet

MOST_CANDIDATES = 5  # that are offered for one problem: the newest


class FindingKey(NamedTuple):
    """Which finding: d12 is a deduction, p3 a visit's problem."""

    letter: str
    pk: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The key that a form sent; None for anything else."""
        letter, number = text[:1], text[1:]
        is_key = letter in ("d", "p") and number.isascii() and number.isdecimal() and len(number) < 19
        return cls(letter, int(number)) if is_key else None

    def __str__(self) -> str:
        return f"{self.letter}{self.pk}"


@dataclass(frozen=True)
class Finding:
    """A deduction in force or a visit's problem, as it is raised.

    category: of a deduction the one last used for its indicator, None where there is none yet. points: of a
    deduction. photos: those that prove it. reported: what the unit itself had reported of the same kind.
    """

    source: Deduction | Problem
    unit: Organization
    group: str
    text: str
    found_on: datetime.date
    indicator: str = ""
    place: str = ""
    category: ProblemCategory | None = None
    points: Decimal | None = None
    photos: tuple[VisitPhoto, ...] = ()
    reported: tuple[Item, ...] = ()

    @property
    def key(self) -> FindingKey:
        return FindingKey("d" if isinstance(self.source, Deduction) else "p", self.source.pk)

    @property
    def is_raisable(self) -> bool:
        """A deduction without a reason says nothing that could be put right."""
        return bool(self.text)


@dataclass(frozen=True)
class UnitFindings:
    """One unit's findings without an item."""

    unit: Organization
    group: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ToRaise:
    """All that waits to be raised, unit by unit in the host's order. left: how many are not listed."""

    units: tuple[UnitFindings, ...]
    left: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for unit in self.units for finding in unit.findings)

    @property
    def raisable(self) -> int:
        return sum(finding.is_raisable for finding in self.findings)

    @property
    def without_reason(self) -> int:
        return len(self.findings) - self.raisable

    @property
    def reported(self) -> int:
        """How many of them their units may have reported themselves."""
        return sum(bool(finding.reported) for finding in self.findings if finding.is_raisable)


def deductions_to_raise(cycle: ReviewCycle, user: User | None) -> DeductionQuerySet:
    """The deductions in force that are no item yet. user: None for the product itself."""
    deductions = Deduction.objects.in_cycle(cycle).in_force().without_item()
    return deductions.not_of_own_units(user) if user else deductions


def problems_to_raise(cycle: ReviewCycle, user: User | None) -> ProblemQuerySet:
    """The problems that visits found and that are no item yet."""
    problems = Problem.objects.in_cycle(cycle).without_item()
    return problems.not_of_own_units(user) if user else problems


def to_raise(cycle: ReviewCycle, user: User, *, at_most: int) -> ToRaise:
    """Everything of the cycle that has no item yet, up to a number. The same queries for any number."""
    deductions, problems = deductions_to_raise(cycle, user), problems_to_raise(cycle, user)
    found = findings_among(cycle, deductions, problems, at_most)
    left = 0
    if len(found) >= at_most:
        left = deductions.count() + problems.count() - at_most
    units = groupby(found[:at_most], key=lambda finding: (finding.unit, finding.group))
    listed = tuple(UnitFindings(unit, group, tuple(members)) for (unit, group), members in units)
    return ToRaise(listed, left)


def count_to_raise(cycle: ReviewCycle, user: User) -> int:
    """How much could be raised now; what has no reason yet is not counted. Two queries."""
    said = deductions_to_raise(cycle, user).with_a_reason()
    return said.count() + problems_to_raise(cycle, user).count()


def unit_to_raise(cycle: ReviewCycle, unit: Organization, user: User) -> list[Finding]:
    """What was found at one unit and has no item yet."""
    deductions = deductions_to_raise(cycle, user).filter(review__organization=unit)
    return findings_among(cycle, deductions, problems_to_raise(cycle, user).of_unit(unit))


def findings_among(
    cycle: ReviewCycle,
    deductions: DeductionQuerySet,
    problems: ProblemQuerySet,
    at_most: int | None = None,
) -> list[Finding]:
    """These deductions and problems, at most so many of each, as findings: unit by unit in own order."""
    found = [_of_deduction(each) for each in deductions.with_what_is_raised()[:at_most]]
    found += [_of_problem(each) for each in problems.with_what_is_raised()[:at_most]]
    found.sort(key=lambda finding: _own_order(finding.unit))  # stable: deductions before problems
    found = _with_categories(cycle.host, found)
    return _with_reported(cycle.host, found)


def _own_order(unit: Organization) -> tuple[int, str, int, int]:
    group = unit.group
    return (group.position if group else 1_000_000, group.name if group else "", unit.position, unit.pk)


def _of_deduction(deduction: Deduction) -> Finding:
    visit, unit = deduction.visit, deduction.review.organization
    day = visit.visited_on if visit else None
    return Finding(
        source=deduction,
        unit=unit,
        group=unit.group.name if unit.group else "",
        text=deduction.reason,
        found_on=day or timezone.localdate(deduction.recorded_at),
        indicator=deduction.indicator.name,
        place=visit.place_label if visit else "",
        points=deduction.points,
        photos=tuple(deduction.photos.all()),
    )


def _of_problem(problem: Problem) -> Finding:
    visit = problem.visit
    return Finding(
        source=problem,
        unit=visit.organization,
        group=visit.organization.group.name if visit.organization.group else "",
        text=problem.text,
        found_on=visit.visited_on or timezone.localdate(visit.recorded_at),
        place=visit.place_label,
        category=problem.category,
        photos=tuple(visit.photos_of_the_whole),
    )


def _with_categories(host: Organization, found: Iterable[Finding]) -> list[Finding]:
    """The deductions with the category last used for their indicator. Two queries."""
    found = list(found)
    names = {finding.indicator for finding in found if finding.category is None and finding.indicator}
    last_used = Item.objects.of_host(host).last_categories(names) if names else {}
    return [
        replace(finding, category=finding.category or last_used.get(finding.indicator)) for finding in found
    ]


def _with_reported(host: Organization, found: Sequence[Finding]) -> list[Finding]:
    """Each with what its unit had reported itself of the same category or indicator by that day (rule 20).

    What was struck off before it was found again is a problem that came again, to be put right once more.
    """
    by_unit: dict[int, list[Item]] = defaultdict(list)
    units = {finding.unit.pk for finding in found}
    for item in Item.objects.of_host(host).self_found_by(units) if units else ():
        by_unit[item.unit_id].append(item)
    return [replace(finding, reported=_same(finding, by_unit[finding.unit.pk])) for finding in found]


def _same(finding: Finding, reported: Collection[Item]) -> tuple[Item, ...]:
    category = finding.category.pk if finding.category else None
    same = [
        item
        for item in reported
        if item.found_on <= finding.found_on
        and not item.was_struck_off_before(finding.found_on)
        and (
            (category is not None and item.category_id == category)
            or (finding.indicator and item.indicator == finding.indicator)
        )
    ]
    return tuple(same[:MOST_CANDIDATES])
