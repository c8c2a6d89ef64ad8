"""Where the four lists come from: the first, the last, who rose and who fell (rules 3 and 4). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from reviews.ranking import (
    ListName,
    Movement,
    ProgressMeasure,
    RankMethod,
    competition_ranks,
    dense_ranks,
    end_size,
    furthest_movers,
)
from reviews.reports.explained import (
    Column,
    Explanation,
    Rule,
    Says,
    Step,
    group_of,
    rank_columns,
    with_next,
)
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.fields import Field
from reviews.reports.wording import enumerated

RANKS = {RankMethod.DENSE: dense_ranks, RankMethod.COMPETITION: competition_ranks}


def top(field: Field, results: Results) -> Explanation | None:
    """Whose rank is at most n, all who tie included (rule 3)."""
    return _ends(field, results, ListName.TOP)


def last(field: Field, results: Results) -> Explanation | None:
    """The same from the bottom, in rank order."""
    return _ends(field, results, ListName.LAST)


def _ends(field: Field, results: Results, name: ListName) -> Explanation | None:
    group = group_of(field, results)
    if group is None or not group.ranked:
        return None
    distinct = len(set(group.totals))
    size = end_size(distinct, results.list_size)
    ranks = _counted_ranks(group, results.rank_method)
    if name is ListName.TOP:
        counted = ranks
    else:
        counted = _counted_ranks(group, results.rank_method, lowest_first=True)
    meant = [unit for unit in group.ranked if counted[unit.unit] <= size]
    ordered = group.ranked if name is ListName.TOP else tuple(reversed(group.ranked))
    numbers = {"ranked": str(len(group.ranked)), "distinct": str(distinct)}
    if size == results.list_size:
        taken = Step(Says.FULL_SIZE, {"size": str(size)})
    else:
        shared = {"size": str(size), "wanted": str(results.list_size), "distinct": str(distinct)}
        taken = Step(Says.SHARED_SIZE, shared)
    method = Says.DENSE if results.rank_method is RankMethod.DENSE else Says.COMPETITION
    return Explanation(
        field,
        Rule.TOP if name is ListName.TOP else Rule.LAST,
        names=_names(field, meant),
        steps=(Step(Says.DISTINCT, numbers), Step(method), taken, *_ties(group, meant)),
        rows=with_next(group, meant, ordered, places=ranks, above=name is ListName.LAST),
        columns=rank_columns(results),
    )


def progress(field: Field, results: Results) -> Explanation | None:
    """Who rose furthest since the baseline (rule 4)."""
    return _movers(field, results, ListName.PROGRESS)


def setback(field: Field, results: Results) -> Explanation | None:
    """Who fell furthest."""
    return _movers(field, results, ListName.SETBACK)


def _movers(field: Field, results: Results, name: ListName) -> Explanation | None:
    """By places they are sought again; by total the places in the list are taken as published, because the
    full marks of the baseline are not among the facts.
    """
    group = group_of(field, results)
    if group is None or results.baseline is None:
        return None
    rises = name is ListName.PROGRESS
    comparable = [unit for unit in group.ranked if unit.places is not None]
    by_places = results.measure is ProgressMeasure.PLACES
    if by_places:
        moved = {u.unit: Movement(u.places or 0, u.total_change or Decimal(0)) for u in comparable}
        places = furthest_movers(moved, results.list_size)[0 if rises else 1]
        movers = [unit for unit in comparable if ((unit.places or 0) > 0) is rises and unit.places]
        movers.sort(key=lambda unit: moved[unit.unit], reverse=rises)
    else:
        places = {unit.unit: unit.list_places[name] for unit in group.ranked if name in unit.list_places}
        movers = [unit for unit in comparable if unit.unit in places]
    meant = sorted(
        (unit for unit in movers if unit.unit in places), key=lambda u: (places[u.unit], u.position)
    )
    compared = {"comparable": str(len(comparable)), "baseline": results.baseline.label}
    rules = {
        (True, True): Rule.PROGRESS,
        (False, True): Rule.SETBACK,
        (True, False): Rule.PROGRESS_BY_TOTAL,
        (False, False): Rule.SETBACK_BY_TOTAL,
    }
    return Explanation(
        field,
        rules[rises, by_places],
        names=_names(field, meant),
        steps=(
            Step(Says.COMPARED, compared),
            *((Step(Says.MOVED, {"movers": str(len(movers))}),) if by_places else ()),
            Step(Says.MOST_TAKEN, {"size": str(results.list_size)}),
        ),
        rows=with_next(group, meant, movers, places=places),
        columns=(Column.LIST_PLACE, *rank_columns(results), Column.TOTAL_CHANGE),
    )


def _counted_ranks(group: GroupResult, method: RankMethod, *, lowest_first: bool = False) -> dict[int, int]:
    """By unit, its rank as the totals give it."""
    totals = [unit.total for unit in group.ranked if unit.total is not None]
    ranks = RANKS[method](totals, lowest_first=lowest_first)
    return dict(zip((unit.unit for unit in group.ranked), ranks, strict=True))


def _ties(group: GroupResult, meant: Iterable[UnitResult]) -> list[Step]:
    """Who shares a rank among those that a list names."""
    by_rank: dict[int, list[UnitResult]] = {}
    for each in meant:
        if each.rank is not None:
            by_rank.setdefault(each.rank, []).append(each)
    return [
        Step(
            Says.TIE,
            {
                "total": group.points(units[0].total or Decimal(0)),
                "units": enumerated(unit.name for unit in units),
                "rank": str(rank),
            },
        )
        for rank, units in by_rank.items()
        if len(units) > 1
    ]


def _names(field: Field, meant: Iterable[UnitResult]) -> tuple[str, ...]:
    """Whom a list names; how it is headed names nobody."""
    return () if field.key.endswith(".heading") else tuple(unit.name for unit in meant)
