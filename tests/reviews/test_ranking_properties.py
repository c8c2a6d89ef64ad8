"""What must hold of every group, checked on small groups full of ties.

The oracle below restates the rules by counting who is ahead of whom. It shares no code and no method
with reviews.ranking: no sorting, no rank tables, no fractions.
"""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.ranking import (
    Earlier,
    ListName,
    Placed,
    ProgressMeasure,
    RankMethod,
    Result,
    lists_of,
    oversized_lists,
    rank_group,
)

# Few different values, so that ties fall on every cut.
TOTALS = st.integers(0, 6).map(lambda halves: Decimal(halves) / 2)
FULL_MARKS = st.sampled_from([Decimal(10), Decimal(20)])
EARLIER = st.builds(
    Earlier, st.integers(1, 6), TOTALS, FULL_MARKS, st.sampled_from([True, True, True, False])
)
OPTIONS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(RankMethod),
        "list_size": st.integers(0, 4),
        "measure": st.sampled_from(ProgressMeasure),
    }
)


@st.composite
def groups(draw, most=6):
    """The results of 0 to 6 units, ranked or not, and what the baseline published of some of them."""
    units = draw(st.lists(st.integers(1, 20), unique=True, max_size=most))
    results = [
        Result(unit, draw(st.integers(1, 9)), draw(st.none() | TOTALS | TOTALS), draw(FULL_MARKS))
        for unit in units
    ]
    # Drawn from a small pool, so that some units come from the same place with the same total.
    pool = draw(st.lists(EARLIER, min_size=1, max_size=3))
    earlier = {unit: draw(st.sampled_from(pool)) for unit in units if draw(st.integers(0, 4))}
    return results, earlier


def check(test):
    """Run a property over many groups and all options, however busy the machine is."""
    return settings(max_examples=200, deadline=None)(given(groups(), OPTIONS)(test))


# ---- the oracle


def ahead(result, results, method, better):
    """How many places are taken by those `better` than this result: units, or distinct totals."""
    rivals = [other.total for other in results if other.total is not None and better(other, result)]
    return len(rivals if method is RankMethod.COMPETITION else set(rivals))


def higher(one, other):
    return one.total > other.total


def lower(one, other):
    return one.total < other.total


def named_places(results, list_size):
    """The largest n, up to the list size, of which both ends of the group have room for n."""
    distinct = {result.total for result in results if result.total is not None}
    return max(n for n in range(list_size + 1) if 2 * n <= len(distinct))


def movement_sign(result, before, rank, measure):
    """−1, 0 or 1, or None where the movement cannot be told."""
    if measure is ProgressMeasure.PLACES:
        change = before.rank - rank
    elif before.comparable_total:
        change = result.total * before.full_marks - before.total * result.full_marks
    else:
        return None
    return (change > 0) - (change < 0)


def measured(result, before, rank, measure):
    """The pair that orders movers, over the common denominator of all full marks used here."""
    places = before.rank - rank
    if measure is ProgressMeasure.PLACES:
        return (places, result.total - before.total if before.comparable_total else Decimal(0))
    return (result.total * (200 / result.full_marks) - before.total * (200 / before.full_marks), places)


def oracle(results, earlier, method, list_size, measure):
    """By unit, the whole line of the standings."""
    n = named_places(results, list_size)
    lines, movers = {}, {}
    for result in results:
        before = earlier.get(result.unit)
        line = Placed(result.unit, result.position, rank=None, total=result.total)
        if before is not None:
            line = replace(line, baseline_rank=before.rank, baseline_total=before.total)
        if result.total is not None:
            rank = 1 + ahead(result, results, method, higher)
            line = replace(
                line,
                rank=rank,
                top_place=rank if rank <= n else None,
                last_place=rank if ahead(result, results, method, lower) < n else None,
            )
            if before is not None:
                line = replace(
                    line,
                    places=before.rank - rank,
                    total_change=result.total - before.total if before.comparable_total else None,
                )
                movers[result.unit] = (
                    movement_sign(result, before, rank, measure),
                    measured(result, before, rank, measure),
                )
        lines[result.unit] = line
    for unit, (sign, key) in movers.items():
        rivals = {other for its_sign, other in movers.values() if its_sign == sign}
        if sign == 1:
            place = 1 + sum(other > key for other in rivals)
            lines[unit] = replace(lines[unit], progress_place=place if place <= list_size else None)
        elif sign == -1:
            place = 1 + sum(other < key for other in rivals)
            lines[unit] = replace(lines[unit], setback_place=place if place <= list_size else None)
    return lines


# ---- the properties


@check
def test_the_rules_restated_give_the_same_standings(group, options):
    results, earlier = group
    placed = rank_group(results, earlier, **options)
    assert {line.unit: line for line in placed} == oracle(results, earlier, **options)


@given(st.data(), groups(), OPTIONS)
@settings(max_examples=200, deadline=None)
def test_the_order_of_the_input_makes_no_difference(data, group, options):
    results, earlier = group
    shuffled = data.draw(st.permutations(results))
    shuffled_earlier = dict(data.draw(st.permutations(list(earlier.items()))))
    placed = rank_group(results, earlier, **options)
    assert rank_group(shuffled, shuffled_earlier, **options) == placed
    assert lists_of(data.draw(st.permutations(placed))) == lists_of(placed)


@check
def test_every_unit_is_listed_once_and_in_the_order_of_the_table(group, options):
    results, earlier = group
    placed = rank_group(results, earlier, **options)
    assert sorted(line.unit for line in placed) == sorted(result.unit for result in results)
    for above, below in pairwise(placed):
        if above.rank is not None and below.rank is not None:
            assert (above.rank, above.position, above.unit) < (below.rank, below.position, below.unit)
        else:
            assert below.rank is None
            assert above.rank is not None or (above.position, above.unit) < (below.position, below.unit)


@check
def test_a_better_total_is_a_better_rank_and_an_equal_one_the_same(group, options):
    results, earlier = group
    ranked = [line for line in rank_group(results, earlier, **options) if line.rank is not None]
    for one in ranked:
        for other in ranked:
            assert (one.total > other.total) == (one.rank < other.rank)
            assert (one.total == other.total) == (one.rank == other.rank)


@check
def test_the_first_rank_is_one_and_dense_ranks_have_no_gaps(group, options):
    results, earlier = group
    ranks = {line.rank for line in rank_group(results, earlier, **options)} - {None}
    if options["method"] is RankMethod.DENSE:
        assert ranks == set(range(1, len(ranks) + 1))
    elif ranks:
        assert min(ranks) == 1
        assert max(ranks) <= len(results)


@check
def test_nobody_is_first_and_last_or_riser_and_faller(group, options):
    results, earlier = group
    for line in rank_group(results, earlier, **options):
        assert line.top_place is None or line.last_place is None
        assert line.progress_place is None or line.setback_place is None


@check
def test_equals_are_named_together_or_not_at_all(group, options):
    results, earlier = group
    placed = rank_group(results, earlier, **options)
    for one in placed:
        for other in placed:
            if one.total == other.total:
                assert one.top_place == other.top_place
                assert one.last_place == other.last_place


@check
def test_a_group_with_any_difference_names_its_best_and_its_worst(group, options):
    results, earlier = group
    totals = {result.total for result in results} - {None}
    lists = lists_of(rank_group(results, earlier, **options))
    if options["list_size"] and len(totals) > 1:
        assert lists.top[0].total == max(totals)
        assert lists.last[-1].total == min(totals)
    else:
        assert lists.top == lists.last == ()


@check
def test_the_printed_differences_add_up_by_hand(group, options):
    results, earlier = group
    for line in rank_group(results, earlier, **options):
        if line.places is not None:
            assert line.rank + line.places == line.baseline_rank
        if line.total_change is not None:
            assert line.baseline_total + line.total_change == line.total
        if line.rank is None or line.unit not in earlier:
            assert line.places is line.total_change is line.progress_place is line.setback_place is None


@check
def test_only_real_risers_and_real_fallers_are_named(group, options):
    results, earlier = group
    lists = lists_of(rank_group(results, earlier, **options))
    if options["measure"] is ProgressMeasure.PLACES:
        assert all(line.places > 0 for line in lists.progress)
        assert all(line.places < 0 for line in lists.setback)
    else:
        assert all(line.total_change is not None for line in lists.progress + lists.setback)


@check
def test_the_places_in_a_list_of_movers_have_no_gaps(group, options):
    results, earlier = group
    lists = lists_of(rank_group(results, earlier, **options))
    for places in (
        [line.progress_place for line in lists.progress],
        [line.setback_place for line in lists.setback],
    ):
        assert places == sorted(places)
        assert set(places) == set(range(1, len(set(places)) + 1))
        assert len(set(places)) <= options["list_size"]


@check
def test_lists_are_printed_by_place_and_equals_in_the_hosts_order(group, options):
    results, earlier = group
    placed = rank_group(results, earlier, **options)
    lists = lists_of(placed)
    for name in ListName:
        place = {line.unit: getattr(line, f"{name}_place") for line in placed}
        assert {line.unit for line in lists[name]} == {unit for unit in place if place[unit] is not None}
        for above, below in pairwise(lists[name]):
            assert (place[above.unit], above.position, above.unit) < (
                place[below.unit],
                below.position,
                below.unit,
            )


@check
def test_an_unranked_unit_changes_nothing_for_the_others(group, options):
    results, earlier = group
    placed = rank_group(results, earlier, **options)
    newcomer = Result(unit=99, position=0, total=None, full_marks=Decimal(10))
    joined = rank_group([newcomer, *results], earlier, **options)
    assert [line for line in joined if line.unit != 99] == placed
    assert lists_of(joined) == lists_of(placed)


@check
def test_who_has_no_baseline_does_not_depend_on_the_measure(group, options):
    results, _ = group
    by_places = rank_group(results, {}, **options | {"measure": ProgressMeasure.PLACES})
    by_total = rank_group(results, {}, **options | {"measure": ProgressMeasure.TOTAL})
    assert by_places == by_total
    assert lists_of(by_places).progress == lists_of(by_places).setback == ()


@check
def test_a_list_needs_confirming_from_three_units_more_than_its_size(group, options):
    results, earlier = group
    placed = rank_group(results, earlier, **options)
    lists, list_size = lists_of(placed), options["list_size"]
    ends = named_places(results, list_size)
    assert oversized_lists(placed, list_size) == [
        name
        for name, size in zip(ListName, (ends, ends, list_size, list_size), strict=True)
        if len(lists[name]) >= size + 3
    ]
