"""Show items to those for whom they are: the unit, then all who work for the host (rule 15)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from organizations.models import Organization, User
from organizations.quarter import Quarter
from rectification.confirming import confirm_found_again
from rectification.lifecycle import StepKind
from rectification.locking import lock_ledger
from rectification.merging import words_of_merging
from rectification.models import NARROWER, Audience, Item, Step
from rectification.models.item import ItemQuerySet
from rectification.stepping import apply_step


@transaction.atomic
def send_quarter(host: Organization, quarter: Quarter, audience: Audience, *, by: User | None) -> int:
    """Show a quarter's items to this audience as well; how many were not shown to it before."""
    lock_ledger(host.pk)
    return send_items(Item.objects.of_host(host).in_quarter(quarter), audience, by=by)


@transaction.atomic
def send_items(items: ItemQuerySet, audience: Audience, *, by: User | None) -> int:
    """Show these items to the unit, or to all who work for the host; how many were not shown before.

    Call with the ledger locked, see `locking`. An audience never narrows: what somebody has read cannot be
    taken back. An item that was merged into what the unit had reported itself is credited there now, not
    before: whoever sees that would have learned of it.
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
    merged = Step.objects.filter(item__in=[item for item in waiting if item.merged_into_id], kind="merge")
    for step in merged.select_related("item__merged_into").order_by("pk"):
        if step.other_id == step.item.merged_into_id and step.other is not None:
            confirm_found_again(step.other, words_of_merging(step.item, step.text), audience, by=None)
    return len(waiting)
