"""Repeat problems (屡改屡犯): what a unit was told of in more than one quarter (rule 20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Count, Q

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
    """One unit's problem that came again. quarters: in which, oldest first. count: of its items."""

    unit_id: int
    what: What
    quarters: tuple[Quarter, ...]
    count: int


@dataclass(frozen=True)
class ShownRepeat:
    """A repeat with all that its row shows. items: the newest first, at most MOST_ITEMS."""

    repeat: Repeat
    unit: Organization
    what: str
    is_indicator: bool
    items: Sequence[Item]

    @property
    def quarters_text(self) -> str:
        return "、".join(map(str, self.repeat.quarters))

    @property
    def others(self) -> int:
        """Items that are not named."""
        return self.repeat.count - len(self.items)


def repeats_of(ledger: ItemQuerySet) -> list[Repeat]:
    """What came again, most often first, then in the host's own order. Two queries.

    A category whose problems are all of one indicator says nothing beside it and is left out.
    """
    columns = ("unit", "indicator", "category", "year", "number")
    found: dict[tuple[int, What], dict[Quarter, int]] = defaultdict(lambda: defaultdict(int))
    indicators: dict[tuple[int, int], set[str]] = defaultdict(set)
    counted = ledger.counted().order_by().values_list(*columns).annotate(items=Count("pk"))
    for unit, indicator, category, year, number, items in counted:
        if indicator:
            found[unit, What(indicator, None)][Quarter(year, number)] += items
        if category is not None:
            found[unit, What("", category)][Quarter(year, number)] += items
            indicators[unit, category].add(indicator)
    places = _own_order(unit for unit, _what in found)
    repeats = [
        Repeat(unit, what, tuple(sorted(quarters)), sum(quarters.values()))
        for (unit, what), quarters in found.items()
        if len(quarters) > 1 and not _is_told_by_indicator(what, indicators.get((unit, what.category or 0)))
    ]
    return sorted(
        repeats,
        key=lambda each: (
            -len(each.quarters),
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
            is_indicator=bool(each.what.indicator),
            items=items[each.unit_id, each.what][:MOST_ITEMS],
        )
        for each in repeats
    ]


def _is_told_by_indicator(what: What, indicators: set[str] | None) -> bool:
    return not what.indicator and indicators is not None and len(indicators) == 1 and "" not in indicators


def _own_order(units: Iterable[int]) -> dict[int, int]:
    keys = Organization.objects.filter(pk__in=set(units)).in_own_order().values_list("pk", flat=True)
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
