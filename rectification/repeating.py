"""Repeat problems (屡改屡犯): what a unit was told of in more than one quarter (rule 20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Min, Q

from organizations.models import Organization
from organizations.quarter import Quarter
from rectification.models import Item, ProblemCategory
from rectification.models.item import ItemQuerySet

MOST_ITEMS = 20  # of one repeat that its row names; the ledger has all


class What(NamedTuple):
    """What came again: an indicator in words, or a category by its key; the other one is blank."""

    indicator: str
    category: int | None


@dataclass(frozen=True)
class Repeat:
    """One unit's problem that came again. quarters: in how many; count: of its items."""

    unit_id: int
    what: What
    quarters: int
    count: int


@dataclass(frozen=True)
class ShownRepeat:
    """A repeat with all that its row shows. items: the newest first, at most MOST_ITEMS."""

    repeat: Repeat
    unit: Organization
    what: str
    quarters: Sequence[Quarter]
    items: Sequence[Item]

    @property
    def is_indicator(self) -> bool:
        return bool(self.repeat.what.indicator)

    @property
    def quarters_text(self) -> str:
        """Oldest first."""
        return "、".join(map(str, self.quarters))

    @property
    def others(self) -> int:
        """Items that are not named."""
        return self.repeat.count - len(self.items)


def repeats_of(ledger: ItemQuerySet) -> list[Repeat]:
    """What came again, most often first, then in the host's own order. Three queries.

    A category whose problems are all of one indicator says nothing beside it and is left out.
    """
    counted = ledger.counted().order_by()
    found = [
        Repeat(unit, What("", category), quarters, items)
        for unit, category, quarters, items, first, last in _again(
            counted.exclude(category=None), "category"
        ).values_list("unit", "category", "quarters", "items", Min("indicator"), Max("indicator"))
        if not first or first != last
    ]
    found += [
        Repeat(unit, What(indicator, None), quarters, items)
        for unit, indicator, quarters, items in _again(
            counted.exclude(indicator=""), "indicator"
        ).values_list("unit", "indicator", "quarters", "items")
    ]
    places = _own_order({each.unit_id for each in found})
    return sorted(
        found,
        key=lambda each: (
            -each.quarters,
            places[each.unit_id],
            -each.count,
            each.what.indicator,
            each.what.category or 0,
        ),
    )


def with_items(repeats: Sequence[Repeat], ledger: ItemQuerySet) -> list[ShownRepeat]:
    """These repeats as a page shows them. Three queries, however many they are."""
    units = Organization.objects.in_bulk({each.unit_id for each in repeats})
    categories = ProblemCategory.objects.in_bulk({each.what.category for each in repeats} - {None})
    items: dict[tuple[int, What], list[Item]] = defaultdict(list)
    for item in _items_of(repeats, ledger):
        for what in (What(item.indicator, None), What("", item.category_id)):
            items[item.unit_id, what].append(item)
    return [
        ShownRepeat(
            repeat=each,
            unit=units[each.unit_id],
            what=each.what.indicator or str(categories[each.what.category]),
            quarters=sorted({item.quarter for item in items[each.unit_id, each.what]}),
            items=items[each.unit_id, each.what][:MOST_ITEMS],
        )
        for each in repeats
    ]


def _again(items: ItemQuerySet, what: str) -> Any:
    """By unit and `what`, where that came in more than one quarter: in how many, and how many items."""
    quarters = Count(F("year") * 10 + F("number"), distinct=True)
    return items.values("unit", what).annotate(quarters=quarters, items=Count("pk")).filter(quarters__gt=1)


def _own_order(units: set[int]) -> dict[int, int]:
    keys = Organization.objects.filter(pk__in=units).in_own_order().values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(keys)}


def _items_of(repeats: Sequence[Repeat], ledger: ItemQuerySet) -> ItemQuerySet:
    """The items of all these, newest first."""
    wanted = [
        Q(unit=each.unit_id, indicator=each.what.indicator)
        if each.what.indicator
        else Q(unit=each.unit_id, category=each.what.category)
        for each in repeats
    ]
    if not wanted:
        return ledger.none()
    shown = ("unit", "indicator", "category", "year", "number", "sequence", "state")
    return ledger.counted().filter(reduce(or_, wanted)).only(*shown).order_by("-year", "-number", "-sequence")
