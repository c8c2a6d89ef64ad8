"""Two items that tell of the same problem become one (rule 20)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from organizations.models import User
from rectification.confirming import confirm_found_again
from rectification.lifecycle import State, StepKind
from rectification.locking import lock_ledger
from rectification.models import Audience, Item, Source, Step
from rectification.models.item import ItemQuerySet
from rectification.stepping import Given, StepRefused, take_step


def candidates_for(item: Item, visible: ItemQuerySet) -> ItemQuerySet:
    """Others of the same unit that may tell of the same problem: what the unit reported itself first, then
    what is of the same category or indicator, then the newest. What was struck off before this one was found
    tells of another. visible: what the user may see.
    """
    alike = Q(category__isnull=False, category=item.category_id)
    alike |= ~Q(indicator="") & Q(indicator=item.indicator)
    others = visible.filter(host=item.host_id, unit=item.unit_id).exclude(pk=item.pk)
    others = others.exclude(state=State.WITHDRAWN).exclude(struck_off_on__lt=item.found_on)
    ranked = others.annotate(
        is_reported=Case(When(source=Source.SELF, then=1), default=0),
        is_alike=Case(When(alike, then=1), default=0),
    )
    return ranked.order_by("-is_reported", "-is_alike", "-pk")


@transaction.atomic
def merge_items(item: Item, into: Item, why: str, *, by: User, seen: int) -> Step:
    """Withdraw an item as the same problem as another one, which goes on and counts once.

    What the unit had reported itself is credited, as soon as all who see it may know of the other. Findings
    go on pointing at the item that was merged. Raises StepRefused.
    """
    lock_ledger(item.host_id)
    locked = Item.objects.select_for_update().filter(pk__in=(item.pk, into.pk))
    rows = {row.pk: row for row in locked}
    item, into = rows[item.pk], rows[into.pk]
    if item.source == Source.SELF and into.source != Source.SELF:
        message = _("The unit reported %(serial)s itself: merge %(other)s into it, so that this counts.")
        raise StepRefused(message % {"serial": item.serial, "other": into.serial})
    if item.merged.exists():
        message = _("Another item was merged into %(serial)s: merge the other way round.")
        raise StepRefused(message % {"serial": item.serial})
    step = take_step(item, StepKind.MERGE, Given(text=why, other=into), by=by, seen=seen)
    if item.audience != Audience.STAFF:
        confirm_found_again(into, words_of_merging(item, step.text), Audience(item.audience), by=by)
    return step


def words_of_merging(item: Item, why: str) -> str:
    """What the log of the item that goes on says. Logs are the office's own record: always Chinese."""
    return f"与{item.serial}为同一问题，已并入本事项：{why}"
