"""An artificial district for measuring: units by number, points from a fixed seed, two published quarters."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from organizations.models import Group, Membership, Organization, Role, User
from organizations.quarter import Quarter
from reviews.activating import activate_rubric
from reviews.models import Indicator, ReviewCycle, Rubric, Section
from reviews.opening import open_cycle
from reviews.publishing import publish_cycle, verify_cycle
from reviews.recording import NewScore, apply_plan, plan_recording
from workbooks.writing import Table, write_xlsx

QUARTERS = (Quarter(2018, 1), Quarter(2018, 3))


@dataclass(frozen=True)
class District:
    """What the measurements need of it."""

    host: Organization
    staff: User
    published: ReviewCycle
    verified: ReviewCycle


def build_district(units: int, indicators: int = 20, name: str = "主办单位") -> District:
    """One group of `units`, scored in three quarters, of which the first two are published."""
    host, group = _roster(f"{name}{units}", units)
    staff = User.objects.create_user(f"{name}{units}")
    Membership.objects.create(user=staff, organization=host, role=Role.STAFF)
    _activate(host, group, indicators)
    draw = random.Random(units)
    for quarter in QUARTERS:
        published = _score(host, quarter, staff, draw)
        publish_cycle(published, by=staff, confirm=True)
    verified = _score(host, QUARTERS[-1].next(), staff, draw)
    return District(host, staff, published, verified)


def build_large(units: int, indicators: int) -> tuple[ReviewCycle, bytes]:
    """An open cycle of a large host, and a workbook with a deduction for each of its cells."""
    host, group = _roster(f"大型主办单位{units}", units)
    _activate(host, group, indicators)
    rows = [
        [f"第{unit}单位党委", f"指标{number}", Decimal("0.5"), f"第{unit % 50}类问题"]
        for unit in range(1, units + 1)
        for number in range(indicators)
    ]
    table = Table("扣分明细", ["单位", "指标", "扣分", "扣分原因"], rows)
    return open_cycle(host, QUARTERS[-1]), write_xlsx([table])


def _roster(name: str, units: int) -> tuple[Organization, Group]:
    host = Organization.objects.create(name=name)
    group = Group.objects.create(host=host, name="乡镇（街道）", position=1)
    Organization.objects.bulk_create(
        Organization(parent=host, name=f"第{number}单位党委", group=group, position=number)
        for number in range(1, units + 1)
    )
    return host, group


def _activate(host: Organization, group: Group, indicators: int) -> None:
    rubric = Rubric.objects.create(host=host, group=group, year=2018, full_total=5 * indicators)
    section = Section.objects.create(rubric=rubric, name="基础工作")
    Indicator.objects.bulk_create(
        Indicator(
            rubric=rubric, section=section, name=f"指标{number}", position=number, full_marks=Decimal(5)
        )
        for number in range(indicators)
    )
    activate_rubric(rubric)


@transaction.atomic
def _score(host: Organization, quarter: Quarter, staff: User, draw: random.Random) -> ReviewCycle:
    cycle = open_cycle(host, quarter, by=staff)
    keys = Indicator.objects.values_list("pk", flat=True)
    scores = [
        NewScore(review.pk, key, Decimal(draw.randrange(4, 11)) / 2)
        for review in cycle.reviews.select_related("rubric")
        for key in keys.filter(rubric=review.rubric)
    ]
    apply_plan(cycle, plan_recording(cycle, scores, []), by=staff)
    return verify_cycle(cycle, by=staff)
