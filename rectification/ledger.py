"""What stands around the list: how many there are, and what the office looks for again and again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rectification.lifecycle import State
from rectification.models import Item
from rectification.models.item import ItemQuerySet, Tally


@dataclass(frozen=True)
class QuickView:
    """A filter that is always at hand. query: as the address has it; count: how many it finds."""

    label: str
    query: str
    count: int


def quick_views(ledger: Tally) -> list[QuickView]:
    """What calls for action in a ledger, and all of it."""
    return [
        QuickView(_("All items"), "", ledger.total),
        QuickView(_("Overdue"), "overdue=1", ledger.overdue),
        QuickView(_("Due within 7 days"), "soon=1", ledger.due_soon),
        QuickView(_("Waiting for strike-off"), f"state={State.SUBMITTED.value}", ledger.submitted),
        QuickView(_("Returned"), f"state={State.RETURNED.value}", ledger.returned),
    ]


def repeats_among(items: Iterable[Item], ledger: ItemQuerySet) -> set[int]:
    """Keys of those of these items that are repeat problems of the ledger. One query, of these alone."""
    shown = ledger.filter(pk__in=[item.pk for item in items])
    return set(shown.repeats(ledger).values_list("pk", flat=True))


def tally_of(ledger: ItemQuerySet, on: datetime.date) -> Tally:
    """How many items count, and how many of them call for what."""
    return ledger.counted().tally(on)
