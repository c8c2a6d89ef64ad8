"""One unit's rectification in short: its figures of today and what presses most."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from organizations.models import Organization, User
from rectification.current import current_quarter
from rectification.figures import Figures, figures
from rectification.histories import histories_of
from rectification.models import Item

MOST_SHOWN = 10


@dataclass(frozen=True)
class UnitItems:
    """pressing: what is unsettled, the most pressing first; left: how many more there are. on: today."""

    unit: Organization
    figures: Figures
    pressing: Sequence[Item]
    on: datetime.date

    @property
    def left(self) -> int:
        return max(0, self.figures.unsettled - len(self.pressing))


def unit_items(user: User, unit: Organization) -> UnitItems | None:
    """As far as this user may see; None where there is nothing to see. Up to four queries."""
    today = timezone.localdate()
    items = Item.objects.visible_to(user).of_unit(unit)
    histories = list(histories_of(items))
    if not histories:
        return None
    pressing = list(items.unsettled().most_pressing_first()[:MOST_SHOWN])
    quarter = current_quarter(unit.parent, today) if unit.parent else None
    return UnitItems(unit, figures(histories, today, quarter), pressing, today)


def unit_panel(user: User, unit: Organization) -> SafeString:
    """The same as a section of the unit's own page, which knows nothing of rectification."""
    found = unit_items(user, unit)
    if found is None:
        return SafeString()
    return render_to_string("rectification/_unit_items.html", {"unit_items": found})
