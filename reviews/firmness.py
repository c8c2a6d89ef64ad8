"""How firm the four lists are: how many points would change whom they name. Pure: whole numbers, no Django.

Everything is asked of one unit at a time: its total alone is thought of as different, the others' totals
stay, and for progress and setback the others' moves do (docs/decisions/0028).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reviews.ranking import (
    Earlier,
    ListName,
    Movement,
    Placed,
    ProgressMeasure,
    RankMethod,
    Result,
    end_size,
    lists_of,
    rank_group,
)
from reviews.scoring import MAX_DECIMALS

NEAR = Decimal("0.5")


@dataclass(frozen=True)
class Near:
    """A unit that few points separate from the other side of a cut. margin: how many, more than 0."""

    unit: int
    is_in: bool
    margin: Decimal


@dataclass(frozen=True)
class Cut:
    """Where a list ends. last_in: who share its last place. first_out: who would enter it first.

    gap: the points they lack, None where no number of points would do. near: whoever would enter or leave
    with a total at most 0.5 points different, those inside first, the nearest first.
    """

    last_in: tuple[int, ...]
    first_out: tuple[int, ...]
    gap: Decimal | None
    near: tuple[Near, ...]


def cuts_of(
    results: Iterable[Result],
    earlier: Mapping[int, Earlier],
    *,
    method: RankMethod,
    list_size: int,
    measure: ProgressMeasure,
    decimals: int,
) -> dict[ListName, Cut]:
    """The cut of each list of one group that names anybody. Takes what `rank_group` takes.

    decimals: how many a total has; points are thought of in steps of the last one.
    """
    results = [result for result in results if result.total is not None]
    placed = rank_group(results, earlier, method=method, list_size=list_size, measure=measure)
    lists = lists_of(placed)
    group = _Group(results, earlier, placed, method, list_size, measure, decimals)
    return {name: _cut(name, placed, lists[name], group) for name in ListName if lists[name]}


def _cut(name: ListName, placed: Sequence[Placed], named: Sequence[Placed], group: _Group) -> Cut:
    inside = {line.unit for line in named}
    margins = {line.unit: group.margin(name, line.unit, is_in=line.unit in inside) for line in placed}
    outside = {unit: margin for unit, margin in margins.items() if unit not in inside and margin is not None}
    gap = min(outside.values(), default=None)
    # The last list is printed best first, so its last place in is the first one printed.
    edge = named[0] if name is ListName.LAST else named[-1]
    near = [
        Near(line.unit, line.unit in inside, margin)
        for line in placed
        if (margin := margins[line.unit]) is not None and margin <= NEAR
    ]
    return Cut(
        last_in=tuple(line.unit for line in named if _place(name, line) == _place(name, edge)),
        first_out=tuple(unit for unit, margin in outside.items() if margin == gap),
        gap=gap,
        near=tuple(sorted(near, key=lambda each: (not each.is_in, each.margin))),
    )


def _place(name: ListName, line: Placed) -> int | None:
    return {
        ListName.TOP: line.top_place,
        ListName.LAST: line.last_place,
        ListName.PROGRESS: line.progress_place,
        ListName.SETBACK: line.setback_place,
    }[name]


class _Group:
    """One group, to ask which list would name a unit if its total were another. Totals in ten-thousandths."""

    def __init__(
        self,
        results: Sequence[Result],
        earlier: Mapping[int, Earlier],
        placed: Sequence[Placed],
        method: RankMethod,
        list_size: int,
        measure: ProgressMeasure,
        decimals: int,
    ) -> None:
        self.results = {result.unit: result for result in results}
        self.earlier = earlier
        self.is_dense = method is RankMethod.DENSE
        self.measure = measure
        self.list_size = list_size
        self.totals = {unit: _whole(result.total) for unit, result in self.results.items()}
        self.end = end_size(len(set(self.totals.values())), list_size)
        self.step = 10 ** (MAX_DECIMALS - decimals)
        self.highest = max(self.totals.values(), default=0)
        self.moves = {line.unit: self._move(line.unit, self.totals[line.unit], line.rank) for line in placed}
        self.times = Counter(move for move in self.moves.values() if move is not None)
        self.furthest = {
            sign: sorted((move for move in self.times if move.measured * sign > 0), reverse=sign > 0)[
                : list_size + 1
            ]
            for sign in (1, -1)
        }

    def margin(self, name: ListName, unit: int, *, is_in: bool) -> Decimal | None:
        """The fewest points more, or fewer, with which the unit would change sides; None where none do."""
        wants_more = (name in (ListName.TOP, ListName.PROGRESS)) is not is_in
        total, is_named = self.totals[unit], self._asked(name, unit)
        room = max(self.highest, _whole(self.results[unit].full_marks)) - total if wants_more else total
        direction = self.step if wants_more else -self.step
        # Being named changes at one total only, whichever way one goes: halve the range until it is found.
        fewest, most = 1, room // self.step + (1 if wants_more else 0)
        if most < 1 or is_named(total + most * direction) is is_in:
            return None
        while fewest < most:
            middle = (fewest + most) // 2
            if is_named(total + middle * direction) is is_in:
                fewest = middle + 1
            else:
                most = middle
        return Decimal(fewest * self.step).scaleb(-MAX_DECIMALS)

    def _asked(self, name: ListName, unit: int) -> Callable[[int], bool]:
        """total → whether this list would name the unit with it."""
        others = sorted(self._counted(total for other, total in self.totals.items() if other != unit))
        if name is ListName.TOP:
            return lambda total: len(others) - bisect_right(others, total) < self.end
        if name is ListName.LAST:
            return lambda total: bisect_left(others, total) < self.end
        sign = 1 if name is ListName.PROGRESS else -1
        last_in = self._last_in(unit, sign)

        def is_mover(total: int) -> bool:
            rank = 1 + len(others) - bisect_right(others, total)
            move = self._move(unit, total, rank)
            if move is None or move.measured * sign <= 0:
                return False
            return last_in is None or (move >= last_in if sign > 0 else move <= last_in)

        return is_mover

    def _last_in(self, unit: int, sign: int) -> Movement | None:
        """The move that the last place of a list of movers takes without this unit; None: it is free."""
        own = self.moves[unit]
        rivals = [move for move in self.furthest[sign] if move != own or self.times[move] > 1]
        return rivals[self.list_size - 1] if len(rivals) >= self.list_size > 0 else None

    def _counted(self, totals: Iterable[int]) -> Iterable[int]:
        return set(totals) if self.is_dense else totals

    def _move(self, unit: int, total: int, rank: int | None) -> Movement | None:
        """How far the unit has come with this total and rank (rule 4); None where it is in neither list."""
        before = self.earlier.get(unit)
        if before is None or rank is None:
            return None
        places = before.rank - rank
        change = total - _whole(before.total)
        if self.measure is ProgressMeasure.PLACES:
            return Movement(places, change if before.comparable_total else 0)
        if not before.comparable_total:
            return None
        share = Fraction(total, _whole(self.results[unit].full_marks))
        return Movement(share - Fraction(_whole(before.total), _whole(before.full_marks)), places)


def _whole(points: Decimal | None) -> int:
    """Points in ten-thousandths, of which they never have a part."""
    return int((points or Decimal(0)).scaleb(MAX_DECIMALS))
