"""The district that trials work on.

One host with a group of units, five quarters, and one item that its unit has to answer.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from organizations.models import Group, Membership, Organization, Role, User
from organizations.quarter import Quarter
from rectification.models import Item
from reviews.activating import activate_rubric
from reviews.models import Indicator, ReviewCycle, Rubric, Section
from reviews.opening import open_cycle
from reviews.publishing import publish_cycle, step_back, verify_cycle
from reviews.recording import NewScore, apply_plan, lock_cycle_for_entry, plan_recording
from tests.factories.items import assigned
from tests.factories.organizations import PASSWORD

UNITS, FEW_UNITS = 100, 20
INDICATORS = 25
# By what may be done with them next.
BASELINE, TO_CORRECT, TO_PUBLISH, OPEN = "2018Q1", "2018Q2", "2018Q3", "2018Q4"
STAFF, SECRETARY = "trust-staff", "trust-secretary"
EDITORS = tuple(f"trust-editor{number}" for number in range(1, 21))


def unit_name(number: int) -> str:
    return f"第{number}单位党委"


def indicator_name(number: int) -> str:
    return f"指标{number}"


@dataclass(frozen=True)
class District:
    """The district as it stands in the database, for a process that did not build it."""

    host: Organization
    staff: User

    @classmethod
    def found(cls) -> District:
        staff = User.objects.get(username=STAFF)
        return cls(Organization.objects.get(parent=None), staff)

    def cycle(self, quarter: str) -> ReviewCycle:
        year, number = quarter.split("Q")
        return ReviewCycle.objects.get(host=self.host, year=int(year), number=int(number))

    @property
    def item(self) -> Item:
        return Item.objects.get()


def build(units: int = UNITS) -> None:
    """Build it in an empty, migrated database."""
    host, group = _roster(units)
    staff = _account(STAFF, Role.STAFF, host)
    for name in EDITORS:
        _account(name, Role.STAFF, host)
    _account(SECRETARY, Role.SECRETARY, host.units.get(name=unit_name(1)))
    _rubric(host, group)
    dice = random.Random(1)
    for quarter in (BASELINE, TO_CORRECT, TO_PUBLISH):
        cycle = open_cycle(host, Quarter.parse(quarter), by=staff)
        score_all(cycle, dice, by=staff)
        verify_cycle(cycle, by=staff)
        if quarter != TO_PUBLISH:
            publish_cycle(cycle, by=staff, confirm=True)
        if quarter == TO_CORRECT:
            step_back(cycle, by=staff, reason="得分录入有误")
            score_all(cycle, dice, by=staff)
            verify_cycle(cycle, by=staff)
    open_cycle(host, Quarter.parse(OPEN), by=staff)
    assigned(host.units.get(name=unit_name(1)), by=staff, quarter=OPEN)


def points_of(dice: random.Random) -> Decimal:
    """Points of an indicator of 4, on its step."""
    return Decimal(dice.randrange(2, 9)) / 2


@transaction.atomic
def score_all(cycle: ReviewCycle, dice: random.Random, *, by: User | None) -> None:
    """Give every unit points for every indicator."""
    scores = [
        NewScore(review.pk, indicator.pk, points_of(dice))
        for review in cycle.reviews.select_related("rubric").order_by("pk")
        for indicator in review.rubric.indicators.order_by("pk")
    ]
    locked = lock_cycle_for_entry(cycle)
    apply_plan(locked, plan_recording(locked, scores, []), by=by)


def _roster(units: int) -> tuple[Organization, Group]:
    host = Organization.objects.create(name="某区委组织部")
    group = Group.objects.create(host=host, name="乡镇（街道）", position=1)
    Organization.objects.bulk_create(
        Organization(parent=host, name=unit_name(number), group=group, position=number)
        for number in range(1, units + 1)
    )
    return host, group


def _account(username: str, role: Role, organization: Organization) -> User:
    user = User.objects.create_user(username, password=PASSWORD)
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


def _rubric(host: Organization, group: Group) -> None:
    rubric = Rubric.objects.create(host=host, group=group, year=2018, full_total=4 * INDICATORS)
    section = Section.objects.create(rubric=rubric, name="基础工作")
    Indicator.objects.bulk_create(
        Indicator(
            rubric=rubric,
            section=section,
            name=indicator_name(number),
            position=number,
            full_marks=Decimal(4),
        )
        for number in range(1, INDICATORS + 1)
    )
    activate_rubric(rubric)
