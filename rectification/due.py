"""How long until an item is due, and what waits for a unit, the most pressing first."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Organization, User
from rectification.models import Item

SOON = 7  # days
MOST_SHOWN = 8  # on a first page


@dataclass(frozen=True)
class Due:
    """When an item is due, seen from one day. days: left, or past the original date where it is overdue."""

    is_overdue: bool
    days: int

    @property
    def is_soon(self) -> bool:
        return not self.is_overdue and self.days <= SOON

    @property
    def text(self) -> str:
        if self.is_overdue:
            return ngettext("%(days)s day overdue", "%(days)s days overdue", self.days) % {"days": self.days}
        if self.days == 0:
            return _("due today")
        return ngettext("%(days)s day left", "%(days)s days left", self.days) % {"days": self.days}


def due_of(item: Item, on: datetime.date) -> Due | None:
    """None where nothing is due: without a date, or closed."""
    if item.is_closed or item.original_due_on is None:
        return None
    late = item.days_overdue(on)
    return Due(late > 0, late or (item.original_due_on - on).days)


@dataclass(frozen=True)
class WaitingItem:
    item: Item
    due: Due | None


@dataclass(frozen=True)
class Waiting:
    """What waits for a unit. total: how many, also those that are not shown."""

    shown: Sequence[WaitingItem]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.shown)


def waiting_for(user: User, unit: Organization, on: datetime.date) -> Waiting:
    """What the unit is to answer, as far as the user sees it, what is overdue first. Two queries."""
    items = Item.objects.visible_to(user).of_unit(unit).answerable()
    first = items.with_names().most_pressing_first()[:MOST_SHOWN]
    return Waiting([WaitingItem(item, due_of(item, on)) for item in first], items.count())
