"""Totals → standings and the four lists (rules 1 to 7). Pure: Decimal and Fraction, no Django, no database.

One call ranks one group of one cycle. The caller says who was scored and what the baseline cycle
published of whom; everything that follows from that is decided here and nowhere else, and the same
input in any order gives the same output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeVar

CONFIRM_BEYOND = 2  # a list may outgrow its size by two ties before somebody must confirm it


class RankMethod(StrEnum):
    """How the place after a tie is counted: 1, 2, 2, 3 (dense) or 1, 2, 2, 4 (competition)."""

    DENSE = "dense"
    COMPETITION = "competition"


class ProgressMeasure(StrEnum):
    """What progress and setback are measured by: the change of place or the change of total."""

    PLACES = "places"
    TOTAL = "total"


class ListName(StrEnum):
    """The four lists that the review meeting hears."""

    TOP = "top"
    LAST = "last"
    PROGRESS = "progress"
    SETBACK = "setback"


@dataclass(frozen=True)
class Result:
    """What one unit of the group achieved this quarter.

    unit: its key. position: its number in the host's own order. total: points, rounded to the
    rubric's precision; None = unranked (exempt, not visited, not finished), which is not zero.
    full_marks: the points `total` is out of. A total that was scaled up because some indicators did
    not apply is out of the rubric's stated total.
    Raises ValueError for a total that is no finite number or is out of no full marks.
    """

    unit: int
    position: int
    total: Decimal | None
    full_marks: Decimal

    def __post_init__(self) -> None:
        if self.total is not None:
            _check_share(self.total, self.full_marks)


@dataclass(frozen=True)
class Earlier:
    """What the baseline cycle published of one unit; given only where the places can be compared.

    A unit new since then, merged or split, moved to another group or not ranked then has none (rule 5).
    comparable_total: whether both cycles used comparable rubrics, so that the totals compare as well.
    """

    rank: int
    total: Decimal
    full_marks: Decimal
    comparable_total: bool = True

    def __post_init__(self) -> None:
        _check_share(self.total, self.full_marks)


@dataclass(frozen=True)
class Placed:
    """One line of the standings.

    places: baseline rank − rank, > 0 is a rise; None where not comparable or unranked.
    total_change: total − baseline total in points; None also where the rubrics are not comparable.
    top_place, last_place: the rank, where the unit is named in that list, else None.
    progress_place, setback_place: its place within that list, 1 the furthest; ties share a place.
    """

    unit: int
    position: int
    rank: int | None
    total: Decimal | None
    baseline_rank: int | None = None
    baseline_total: Decimal | None = None
    places: int | None = None
    total_change: Decimal | None = None
    top_place: int | None = None
    last_place: int | None = None
    progress_place: int | None = None
    setback_place: int | None = None


@dataclass(frozen=True)
class Lists:
    """The four lists of one group, each in the order in which it is printed and read out."""

    top: tuple[Placed, ...]
    last: tuple[Placed, ...]
    progress: tuple[Placed, ...]
    setback: tuple[Placed, ...]

    def __getitem__(self, name: ListName) -> tuple[Placed, ...]:
        return {
            ListName.TOP: self.top,
            ListName.LAST: self.last,
            ListName.PROGRESS: self.progress,
            ListName.SETBACK: self.setback,
        }[name]


class Movement(NamedTuple):
    """How far a unit moved since the baseline: what the cycle measures by, then what parts equals."""

    measured: int | Fraction
    tie_break: int | Decimal


Rankable = TypeVar("Rankable", Decimal, Movement)


def dense_ranks(values: Sequence[Rankable], *, lowest_first: bool = False) -> list[int]:
    """Rank values, highest first; equals share a rank and leave no gap: 95, 93, 93, 91 → 1, 2, 2, 3.

    Returns ranks in the order of `values`. With lowest_first they are counted from the bottom.
    """
    distinct = sorted(set(values), reverse=not lowest_first)
    rank_of = {value: rank for rank, value in enumerate(distinct, 1)}
    return [rank_of[value] for value in values]


def competition_ranks(values: Sequence[Rankable], *, lowest_first: bool = False) -> list[int]:
    """Rank values, highest first; each rank is one more than the number ahead: 95, 93, 93, 91 → 1, 2, 2, 4.

    Returns ranks in the order of `values`. With lowest_first they are counted from the bottom.
    """
    rank_of: dict[Rankable, int] = {}
    for rank, value in enumerate(sorted(values, reverse=not lowest_first), 1):
        rank_of.setdefault(value, rank)
    return [rank_of[value] for value in values]


_RANKS = {RankMethod.DENSE: dense_ranks, RankMethod.COMPETITION: competition_ranks}


def end_size(distinct_totals: int, list_size: int) -> int:
    """The n of the top and last lists: the list size, or less where both ends would meet (rule 3).

    A group with fewer than 2n distinct totals is shared out evenly, ⌊distinct / 2⌋ ranks to each end;
    where all are equal that is 0 and there are no lists.
    """
    return min(list_size, distinct_totals // 2)


def rank_group(
    results: Iterable[Result],
    earlier: Mapping[int, Earlier],
    *,
    method: RankMethod,
    list_size: int = 3,
    measure: ProgressMeasure = ProgressMeasure.PLACES,
) -> list[Placed]:
    """Rank one group and find who its four lists name (rules 2 to 7).

    results: every unit of the group, scored or not, in any order. earlier: by unit, what the baseline
    published, for the comparable ones only; other units in it are ignored.
    Returns the ranked in rank order, equals in the host's order, then the unranked in the host's order.
    Raises ValueError for a unit given twice or a negative list size.
    """
    results = list(results)
    _refuse_nonsense(results, list_size)
    totals = {result.unit: result.total for result in results if result.total is not None}
    ranks = _by_unit(_RANKS[method], totals)
    top, last = _ends(totals, ranks, method, list_size)
    places = {unit: earlier[unit].rank - rank for unit, rank in ranks.items() if unit in earlier}
    changes = {unit: totals[unit] - earlier[unit].total for unit in places if earlier[unit].comparable_total}
    if measure is ProgressMeasure.PLACES:
        movements = _movements_by_places(places, changes)
    else:
        movements = _movements_by_total(results, earlier, places, changes)
    progress, setback = furthest_movers(movements, list_size)

    placed = []
    for result in results:
        unit, before = result.unit, earlier.get(result.unit)
        standing = Placed(
            unit=unit,
            position=result.position,
            rank=ranks.get(unit),
            total=result.total,
            baseline_rank=before.rank if before else None,
            baseline_total=before.total if before else None,
            places=places.get(unit),
            total_change=changes.get(unit),
            top_place=top.get(unit),
            last_place=last.get(unit),
            progress_place=progress.get(unit),
            setback_place=setback.get(unit),
        )
        placed.append(standing)
    return sorted(placed, key=_table_order)


def furthest_movers(
    movements: Mapping[int, Movement], list_size: int
) -> tuple[dict[int, int], dict[int, int]]:
    """Who rose and who fell furthest: by unit, the place in the progress and in the setback list (rule 4).

    Only real risers and real fallers count; each list takes the `list_size` furthest distinct movements
    and all units that share one, so a list may be short, empty or longer than its size.
    """
    risers = {unit: movement for unit, movement in movements.items() if movement.measured > 0}
    fallers = {unit: movement for unit, movement in movements.items() if movement.measured < 0}
    progress = _by_unit(dense_ranks, risers)
    setback = _by_unit(dense_ranks, fallers, lowest_first=True)
    return (
        {unit: place for unit, place in progress.items() if place <= list_size},
        {unit: place for unit, place in setback.items() if place <= list_size},
    )


def lists_of(placed: Iterable[Placed]) -> Lists:
    """The four lists that the standings of one group name, whether just ranked or read back.

    Top and last are in rank order, so the last list ends with the worst; progress and setback are by
    their own place. Equals follow the host's order.
    """
    placed = list(placed)
    return Lists(
        top=_in_order((standing.top_place, standing) for standing in placed),
        last=_in_order((standing.last_place, standing) for standing in placed),
        progress=_in_order((standing.progress_place, standing) for standing in placed),
        setback=_in_order((standing.setback_place, standing) for standing in placed),
    )


def oversized_lists(placed: Sequence[Placed], list_size: int) -> list[ListName]:
    """The lists that ties made longer than n + 2, which somebody must confirm before publishing (rule 3).

    placed: the standings of one group. For top and last, n is what `end_size` left of the list size.
    """
    lists = lists_of(placed)
    ends = end_size(len({standing.total for standing in placed if standing.total is not None}), list_size)
    expected = {
        ListName.TOP: ends,
        ListName.LAST: ends,
        ListName.PROGRESS: list_size,
        ListName.SETBACK: list_size,
    }
    return [name for name, size in expected.items() if len(lists[name]) > size + CONFIRM_BEYOND]


def _refuse_nonsense(results: Sequence[Result], list_size: int) -> None:
    if list_size < 0:
        raise ValueError(f"A list cannot name {list_size} units.")
    twice = [unit for unit, times in Counter(result.unit for result in results).items() if times > 1]
    if twice:
        raise ValueError(f"Units given more than once: {twice}.")


def _check_share(total: Decimal, full_marks: Decimal) -> None:
    """Refuse what is no number of points out of some full marks, where it enters."""
    if not (total.is_finite() and full_marks.is_finite() and full_marks > 0):
        raise ValueError(f"A total of {total} out of {full_marks} is not a result.")


def _by_unit(
    rank: Callable[..., list[int]], values: Mapping[int, Rankable], *, lowest_first: bool = False
) -> dict[int, int]:
    return dict(zip(values, rank(list(values.values()), lowest_first=lowest_first), strict=True))


def _ends(
    totals: Mapping[int, Decimal], ranks: Mapping[int, int], method: RankMethod, list_size: int
) -> tuple[dict[int, int], dict[int, int]]:
    """By unit, the ranks of those in the top list and of those in the last list (rule 3)."""
    size = end_size(len(set(totals.values())), list_size)
    ranks_from_bottom = _by_unit(_RANKS[method], totals, lowest_first=True)
    top = {unit: rank for unit, rank in ranks.items() if rank <= size}
    last = {unit: ranks[unit] for unit, rank in ranks_from_bottom.items() if rank <= size}
    return top, last


def _movements_by_places(places: Mapping[int, int], changes: Mapping[int, Decimal]) -> dict[int, Movement]:
    """Places first, then the change of total; where that cannot be told it counts as none."""
    return {unit: Movement(moved, changes.get(unit, Decimal(0))) for unit, moved in places.items()}


def _movements_by_total(
    results: Iterable[Result],
    earlier: Mapping[int, Earlier],
    places: Mapping[int, int],
    comparable: Container[int],
) -> dict[int, Movement]:
    """The change of the total as an exact share of its own full marks first, then places."""
    movements = {}
    for result in results:
        if result.total is None or result.unit not in comparable:
            continue
        before = earlier[result.unit]
        share = Fraction(result.total) / Fraction(result.full_marks)
        share_before = Fraction(before.total) / Fraction(before.full_marks)
        movements[result.unit] = Movement(share - share_before, places[result.unit])
    return movements


def _table_order(standing: Placed) -> tuple[bool, int, int, int]:
    """Ranked before unranked, then by rank, then as the host orders its units."""
    return (standing.rank is None, standing.rank or 0, standing.position, standing.unit)


def _in_order(named: Iterable[tuple[int | None, Placed]]) -> tuple[Placed, ...]:
    """The standings that have a place in the list, by that place, equals in the host's order."""
    chosen = [(place, standing) for place, standing in named if place is not None]
    chosen.sort(key=lambda entry: (entry[0], entry[1].position, entry[1].unit))
    return tuple(standing for _, standing in chosen)
