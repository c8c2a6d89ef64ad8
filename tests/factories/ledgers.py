"""Ledgers of any length, raised at once."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from organizations.models import Organization, User
from organizations.quarter import Quarter
from rectification.categories import DEFAULTS, category_named
from rectification.closing import extend
from rectification.models import Audience, Item, Source
from rectification.raising import NewItem, raise_items
from rectification.saved_filters import save_filter
from tests.factories.items import assigned, in_days, struck_off, submitted


def raised_at_once(unit: Organization, count: int, *, quarter: str = "2018Q3", **details: Any) -> list[Item]:
    """So many items of a unit with a person, a category and a date, seen by all concerned."""
    details = {
        "source": Source.VISIT,
        "text": "会议记录不完整",
        "found_on": timezone.localdate(),
        "category": category_named(unit.parent, DEFAULTS[0]),
        "responsible": "张三",
        "due_on": in_days(30),
        "audience": Audience.HOST,
    } | details
    new = [NewItem(unit=unit, **details) for _each in range(count)]
    return raise_items(unit.parent, Quarter.parse(quarter), new, by=None)


def made_late(item: Item, days: int) -> Item:
    """The item as if its due day had been so many days ago: no deed takes a day that is past."""
    Item.objects.filter(pk=item.pk).update(original_due_on=in_days(-days), due_on=in_days(-days))
    item.refresh_from_db()
    return item


def fill_ledger(unit: Organization, other: Organization, staff: User) -> None:
    """Items in several states, one late and extended, one that came again; and a filter of the staff's."""
    late = made_late(assigned(unit, quarter="2018Q1", indicator="三会一课"), 9)
    extend(late, in_days(20), "道路施工", by=staff, seen=late.version)
    assigned(unit, quarter="2018Q2", indicator="三会一课", days=3)
    submitted(unit, quarter="2018Q2")
    struck_off(other, quarter="2018Q2")
    raised_at_once(other, 2, quarter="2018Q4", audience=Audience.STAFF)
    save_filter(staff, unit.parent, "本季逾期", "overdue=1")
