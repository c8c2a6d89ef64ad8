"""Work that a cycle's speech assigns, and what became of what earlier ones assigned (rule 21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from organizations.models import User
from rectification.models import Programme
from rectification.programmes import Counted, counted_in
from reviews.models import ReviewCycle


@dataclass(frozen=True)
class AssignedWork:
    """counted: what earlier quarters assigned, as it stands today. here: what this one did."""

    counted: Counted
    here: Sequence[Programme]
    address: str


def assigned_work(cycle: ReviewCycle, user: User) -> AssignedWork:
    """The work of a cycle, for those who work for its host. A fixed number of queries."""
    today = timezone.localdate()
    here = Programme.objects.visible_to(user).of_host(cycle.host).assigned_in(cycle.quarter).standing()
    return AssignedWork(
        counted=counted_in(cycle.host, cycle.quarter, today),
        here=list(here.with_counts(user, today).with_names().most_pressing_first()),
        address=address_to_assign(cycle),
    )


def address_to_assign(cycle: ReviewCycle) -> str:
    """Where work is assigned with the cycle's quarter, due date and speech filled in."""
    filled = {"quarter": str(cycle.quarter), "origin": f"{cycle.quarter.label}点评讲话"}
    if cycle.rectify_by:
        filled["due"] = cycle.rectify_by.isoformat()
    return f"{reverse('rectification:programme-choose')}?{urlencode(filled)}"
