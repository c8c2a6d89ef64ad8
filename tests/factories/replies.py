"""Quarters in which units reply, and replies, made by the product's own deeds."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from organizations.models import Organization, Role, User
from rectification.evidence import NewFile
from reviews.models import Deduction, Reply, ReviewCycle
from reviews.publishing import start_reply
from reviews.replying import send_reply
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, deduct


def replying(host: Organization, quarter: str = "2018Q3", *, by: User | None = None) -> ReviewCycle:
    """A cycle of all the host's units in its reply stage: each lost 2 points with 三会一课, no others."""
    cycle = cycle_with_totals({unit.name: 100 for unit in host.units.all()}, host=host, quarter=quarter)
    for unit in host.units.all():
        deduct(cycle, unit.name, "三会一课", 2, "缺签到表")
    cycle.reply_stage = True
    cycle.save()
    return start_reply(cycle, by=by)


def deduction_of(cycle: ReviewCycle, unit: str, indicator: str = "三会一课") -> Deduction:
    """The first deduction of a unit with this indicator."""
    rows = Deduction.objects.in_cycle(cycle).filter(review__organization__name=unit)
    return rows.select_related("review__organization", "indicator").filter(indicator__name=indicator)[0]


def replied(
    deduction: Deduction, text: str = "签到表已补交", *files: NewFile, by: User | None = None, **key: Any
) -> Reply:
    """A reply of the unit's secretary, a new one unless told who."""
    return send_reply(
        deduction, text, files, by=by or somebody(Role.SECRETARY, deduction.review.organization), **key
    )


def last_day(cycle: ReviewCycle, days: int) -> None:
    """Let the last day to reply lie this many days ahead; fewer than none: it is past."""
    cycle.reply_until = timezone.localdate() + datetime.timedelta(days=days)
    cycle.save(update_fields=["reply_until"])
