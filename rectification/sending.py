"""Show items to those for whom they are: the unit, then all who work for the host (rule 15)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from organizations.models import Organization, User
from organizations.quarter import Quarter
from rectification.lifecycle import StepKind
from rectification.models import NARROWER, Audience, Item, Step
from rectification.models.item import ItemQuerySet
from rectification.stepping import apply_step


def send_quarter(host: Organization, quarter: Quarter, audience: Audience, *, by: User | None) -> int:
    """Show a quarter's items to this audience as well; how many were not shown to it before."""
    return send_items(Item.objects.of_host(host).in_quarter(quarter), audience, by=by)


@transaction.atomic
def send_items(items: ItemQuerySet, audience: Audience, *, by: User | None) -> int:
    """Show these items to the unit, or to all who work for the host; how many were not shown before.

    An audience never narrows: what somebody has read cannot be taken back.
    """
    now = timezone.now()
    waiting = list(items.filter(audience__in=NARROWER[audience]).select_for_update().order_by("pk"))
    steps = [
        Step(
            item=item,
            number=item.version + 1,
            kind=StepKind.SEND.value,
            state=item.state,
            at=now,
            by=by,
            audience=audience,
        )
        for item in waiting
    ]
    Step.objects.bulk_create(steps)
    for item, step in zip(waiting, steps, strict=True):
        apply_step(item, step)
    Item.objects.bulk_update(waiting, ["audience", "version"], batch_size=500)
    return len(waiting)
