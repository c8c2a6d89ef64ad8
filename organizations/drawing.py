"""Draw the places to visit by lot, so that anyone can repeat it (pure: no Django).

A lottery that must be shown to have been fair uses nothing but whole numbers and SHA-256: whoever has the
seed and the candidates gets the same places in any programming language, today and in ten years.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

PERIOD = 30  # days
MOST_WEIGHT = 12  # of a place never visited, or not for about a year


@dataclass(frozen=True, order=True)
class Lot:
    """One place that may be drawn. unit, place: keys. weight: how many lots it has, 1 or more."""

    unit: int
    place: int
    weight: int


def weight_of(last_visited: date | None, on: date) -> int:
    """How many lots a place has on the day of the draw: visited lately draws less.

    1 within 30 days of the last visit (or where the next is already planned), one more for every further
    30 days, at most 12; a place never visited has 12. So every place may be drawn, the longest left alone
    twelve times as easily as the one just seen.
    """
    if last_visited is None:
        return MOST_WEIGHT
    return min(MOST_WEIGHT, 1 + max(0, (on - last_visited).days) // PERIOD)


def draw(lots: Iterable[Lot], seed: str, per_unit: int) -> list[Lot]:
    """Draw up to `per_unit` places of each unit, none twice; by unit, in the order drawn.

    The n-th draw of a unit takes the lot numbered SHA-256("seed/unit/n") modulo the unit's lots, counted from
    0 through its places in the order of their keys; the place drawn leaves with its lots. The order in which
    `lots` are given makes no difference, nor does any other unit. Raises ValueError for fewer than one lot or
    a place given twice.
    """
    by_unit: dict[int, list[Lot]] = {}
    for lot in sorted(lots):
        if lot.weight < 1:
            raise ValueError("A place has at least one lot.")
        by_unit.setdefault(lot.unit, []).append(lot)
    drawn = []
    for unit, places in by_unit.items():
        if len({lot.place for lot in places}) != len(places):
            raise ValueError("A place has its lots once.")
        for number in range(1, min(per_unit, len(places)) + 1):
            drawn.append(_take(places, ticket(seed, unit, number)))
    return drawn


def ticket(seed: str, unit: int, number: int) -> int:
    """A number of 256 bits that nobody can foresee without the seed."""
    return int(hashlib.sha256(f"{seed}/{unit}/{number}".encode()).hexdigest(), 16)


def _take(places: list[Lot], number: int) -> Lot:
    """Remove and return the place that holds the ticket's lot."""
    index = _holder([lot.weight for lot in places], number % sum(lot.weight for lot in places))
    return places.pop(index)


def _holder(weights: Sequence[int], number: int) -> int:
    """Whose lot this is, counted from 0 through all."""
    for index, weight in enumerate(weights):
        if number < weight:
            return index
        number -= weight
    raise ValueError("There are not so many lots.")
