"""Rubrics, cycles and the scores in them, made by the product's own deeds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import factory
from django.db import transaction
from factory.django import DjangoModelFactory

from organizations.models import Group, Organization, Role, User
from organizations.quarter import Quarter
from reviews.activating import activate_rubric
from reviews.models import Indicator, Publication, Review, ReviewCycle, ReviewState, Rubric, Section
from reviews.opening import open_cycle
from reviews.publishing import publish_cycle, verify_cycle
from reviews.recording import NewDeduction, NewScore, apply_plan, lock_cycle_for_entry, plan_recording
from tests.factories.organizations import GroupFactory, HostFactory, UnitFactory, somebody

MARKS = {"三会一课": 60, "主题党日": 40}


class SectionFactory(DjangoModelFactory[Section]):
    class Meta:
        model = Section

    rubric = factory.SubFactory("tests.factories.reviews.RubricFactory", marks={})
    name = "基础工作"
    position = 1


class IndicatorFactory(DjangoModelFactory[Indicator]):
    """An indicator of 10 points in the rubric's one section."""

    class Meta:
        model = Indicator
        exclude = ("home",)

    home = factory.SubFactory(SectionFactory)
    rubric = factory.LazyAttribute(lambda indicator: indicator.section.rubric)
    section = factory.LazyAttribute(lambda indicator: indicator.home)
    name = factory.Sequence("指标{}".format)
    position = factory.Sequence(lambda number: number)
    full_marks = Decimal(10)

    class Params:
        bonus = factory.Trait(is_bonus=True)
        capped = factory.Trait(cap=Decimal(2))


class RubricFactory(DjangoModelFactory[Rubric]):
    """A draft with the indicators of `marks`, by name their full marks. in_force=True: activated."""

    class Meta:
        model = Rubric
        skip_postgeneration_save = True

    group = factory.SubFactory(GroupFactory)
    host = factory.LazyAttribute(lambda rubric: rubric.group.host)
    year = 2018

    @factory.post_generation
    def marks(rubric: Rubric, create: bool, marks: Mapping[str, int] | None, **kwargs: Any) -> None:
        marks = MARKS if marks is None else marks
        if not marks:
            return
        section = SectionFactory(rubric=rubric)
        for position, (name, full_marks) in enumerate(marks.items(), 1):
            IndicatorFactory(
                home=section, name=name, position=position, full_marks=Decimal(full_marks), **kwargs
            )

    @factory.post_generation
    def in_force(rubric: Rubric, create: bool, wanted: bool | None, **kwargs: Any) -> None:
        if wanted:
            activate_rubric(rubric)
            rubric.refresh_from_db()


def ready_host(
    *units: str, group: str = "乡镇（街道）", marks: Mapping[str, int] | None = None
) -> Organization:
    """A host with one group, its rubric in force and these units in this order."""
    host = HostFactory(group=None)
    add_group(host, group, *units, marks=marks)
    return host


def add_group(host: Organization, name: str, *units: str, marks: Mapping[str, int] | None = None) -> Group:
    """One more group of a host, with its rubric in force and these units."""
    group = GroupFactory(host=host, name=name, position=host.groups.count() + 1)
    RubricFactory(group=group, marks=marks, in_force=True)
    for position, unit in enumerate(units, 1):
        UnitFactory(parent=host, group=group, name=unit, position=position)
    return group


def opened_cycle(host: Organization, quarter: str = "2018Q3", **options: Any) -> ReviewCycle:
    return open_cycle(host, Quarter.parse(quarter), **options)


def review_of(cycle: ReviewCycle, unit: str) -> Review:
    return cycle.reviews.select_related("rubric", "organization").get(organization__name=unit)


def indicator_of(cycle: ReviewCycle, unit: str, name: str) -> Indicator:
    return Indicator.objects.get(rubric=review_of(cycle, unit).rubric_id, name=name)


def score(cycle: ReviewCycle, unit: str, points: Mapping[str, Any], *, by: User | None = None) -> None:
    """Type points, by indicator; None: the indicator does not apply."""
    review = review_of(cycle, unit)
    scores = [
        NewScore(
            review.pk,
            indicator_of(cycle, unit, name).pk,
            None if value is None else Decimal(str(value)),
            applies=value is not None,
        )
        for name, value in points.items()
    ]
    with transaction.atomic():
        locked = lock_cycle_for_entry(cycle)
        apply_plan(locked, plan_recording(locked, scores, []), by=by)


def deduct(cycle: ReviewCycle, unit: str, indicator: str, points: Any, reason: str = "记录不完整") -> None:
    """Take points from one indicator of a unit."""
    new = NewDeduction(
        review_of(cycle, unit).pk, indicator_of(cycle, unit, indicator).pk, Decimal(str(points)), reason
    )
    with transaction.atomic():
        locked = lock_cycle_for_entry(cycle)
        apply_plan(locked, plan_recording(locked, [], [new]), by=None)


def give_total(cycle: ReviewCycle, unit: str, total: Any) -> None:
    """Type points that add up to a total: the first indicators full, as far as it reaches."""
    left, points = Decimal(str(total)), {}
    for indicator in Indicator.objects.filter(rubric=review_of(cycle, unit).rubric_id, is_bonus=False):
        points[indicator.name] = min(left, indicator.full_marks)
        left -= points[indicator.name]
    score(cycle, unit, points)


def cycle_with_totals(
    totals: Mapping[str, Any], *, host: Organization | None = None, quarter: str = "2018Q3", **options: Any
) -> ReviewCycle:
    """An open cycle of a host with these units and totals; None: not scored."""
    host = host or ready_host(*totals)
    cycle = opened_cycle(host, quarter, **options)
    for unit, total in totals.items():
        if total is not None:
            give_total(cycle, unit, total)
    return cycle


def scored_at_once(host: Organization, quarter: str, totals: Mapping[str, Any]) -> ReviewCycle:
    """A cycle with these totals, kept as recording keeps them; 500 units score by score would take long."""
    cycle = cycle_with_totals(dict.fromkeys(totals), host=host, quarter=quarter)
    reviews = list(cycle.reviews.select_related("organization"))
    for review in reviews:
        review.total, review.missing = totals[review.organization.name], 0
        review.state = ReviewState.SCORED
    cycle.reviews.bulk_update(reviews, ["total", "missing", "state"], batch_size=500)
    return cycle


def published(cycle: ReviewCycle, *, by: User | None = None) -> Publication:
    """Verify and publish a cycle; units without scores are exempt."""
    verify_cycle(cycle, by=None, exempt_reason="本季度免检")
    return publish_cycle(cycle, by=by or somebody(Role.STAFF, cycle.host), confirm=True)


def year_with_totals(
    *quarters: Mapping[str, Any] | None, host: Organization | None = None, year: int = 2018
) -> Organization:
    """A host whose quarters, from the first on, are published with these totals; None: no such quarter."""
    units = dict.fromkeys(unit for totals in quarters for unit in totals or ())
    host = host or ready_host(*units)
    for number, totals in enumerate(quarters, 1):
        if totals is not None:
            published(cycle_with_totals(totals, host=host, quarter=f"{year}Q{number}"))
    return host
