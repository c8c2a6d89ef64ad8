"""How firm the lists are: by examples, and by ranking again with one total that is different."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reviews.firmness import NEAR, cuts_of
from reviews.ranking import (
    Earlier,
    ListName,
    Movement,
    ProgressMeasure,
    RankMethod,
    Result,
    furthest_movers,
    lists_of,
    rank_group,
)
from tests.reviews.test_ranking_properties import OPTIONS, groups

ENDS = (ListName.TOP, ListName.LAST)
MOVERS = (ListName.PROGRESS, ListName.SETBACK)
STEP = Decimal("0.1")


def results(*totals):
    return [Result(unit, unit, Decimal(str(total)), Decimal(100)) for unit, total in enumerate(totals, 1)]


def cuts(totals, earlier=None, *, list_size=3, method=RankMethod.DENSE, measure=ProgressMeasure.PLACES):
    return cuts_of(
        results(*totals), earlier or {}, method=method, list_size=list_size, measure=measure, decimals=2
    )


def near(cut):
    return [(each.unit, each.is_in, each.margin) for each in cut.near]


class TestExamples:
    def test_the_gap_is_what_the_first_one_out_lacks(self):
        top = cuts([96, 95, 94, 93.7, 90, 80, 70])[ListName.TOP]
        assert (top.last_in, top.first_out, top.gap) == ((3,), (4,), Decimal("0.3"))

    def test_who_is_near_would_enter_by_a_tie_and_leave_by_falling_behind(self):
        top = cuts([96, 95, 94, 93.7, 90, 80, 70])[ListName.TOP]
        assert near(top) == [(3, True, Decimal("0.31")), (4, False, Decimal("0.3"))]

    def test_of_two_who_share_the_last_place_in_either_falls_out_with_the_least_loss(self):
        top = cuts([96, 95, 94, 94, 90, 80, 70, 60])[ListName.TOP]
        assert top.last_in == (3, 4)
        assert near(top) == [(3, True, Decimal("0.01")), (4, True, Decimal("0.01"))]
        assert top.gap == 4

    def test_the_last_list_is_cut_from_below(self):
        last = cuts([96, 95, 94, 90.2, 90, 80, 70])[ListName.LAST]
        assert (last.last_in, last.first_out, last.gap) == ((5,), (4,), Decimal("0.2"))

    def test_two_of_a_kind_may_both_be_first_out(self):
        top = cuts([96, 95, 94, 93, 93, 80, 70, 60])[ListName.TOP]
        assert (top.first_out, top.gap) == ((4, 5), 1)

    def test_equal_totals_have_no_lists_and_no_cuts(self):
        assert cuts([90, 90, 90]) == {}

    def test_a_riser_needs_as_many_points_as_the_next_place_does(self):
        """5 came from the fifth place to the second. 6, now fourth, must be second, too: the third place is
        only as far up as 5 came, and 5 gained more points on the way.
        """
        ranks = {unit: Earlier(unit, Decimal(unit), Decimal(100)) for unit in range(1, 7)}
        progress = cuts([96, 94, 90, 85, 95, 93.9], ranks, list_size=1)[ListName.PROGRESS]
        assert (progress.last_in, progress.first_out, progress.gap) == ((5,), (6,), Decimal("1.1"))

    def test_nobody_who_is_not_compared_would_enter_progress(self):
        earlier = {1: Earlier(3, Decimal(80), Decimal(100))}
        progress = cuts([96, 95, 94], earlier, list_size=1)[ListName.PROGRESS]
        assert (progress.last_in, progress.first_out, progress.gap) == ((1,), (), None)


@st.composite
def firm_groups(draw):
    """A group, its options, and the name of a list that names anybody; totals keep one decimal."""
    group, options = draw(groups()), draw(OPTIONS)
    found = cuts_of(*group, **options, decimals=1)
    return group, options, found


def with_total(group, unit, total):
    """The same group, one unit with another total."""
    return [replace(each, total=total) if each.unit == unit else each for each in group]


def distinct(group):
    return len({each.total for each in group if each.total is not None})


def names(group, earlier, options, name):
    return {line.unit for line in lists_of(rank_group(group, earlier, **options))[name]}


@given(firm_groups())
def test_every_list_that_names_anybody_has_its_cut(firm):
    (group, earlier), options, found = firm
    lists = lists_of(rank_group(group, earlier, **options))
    assert set(found) == {name for name in ListName if lists[name]}
    for name, cut in found.items():
        named = {line.unit for line in lists[name]}
        assert set(cut.last_in) <= named
        assert not set(cut.first_out) & named
        assert {each.unit for each in cut.near if each.is_in} <= named
        assert not {each.unit for each in cut.near if not each.is_in} & named
        assert all(0 < each.margin <= NEAR for each in cut.near)


@given(firm_groups())
def test_the_gap_at_either_end_is_between_the_last_one_in_and_the_first_one_out(firm):
    (group, earlier), options, found = firm
    totals = {each.unit: each.total for each in group}
    for name in set(ENDS) & set(found):
        cut = found[name]
        assert len({totals[unit] for unit in cut.last_in}) == 1
        for unit in cut.first_out:
            assert abs(totals[cut.last_in[0]] - totals[unit]) == cut.gap
        others = [
            abs(totals[unit] - totals[cut.last_in[0]])
            for unit in totals
            if totals[unit] is not None and unit not in names(group, earlier, options, name)
        ]
        assert cut.gap == min(others, default=None)


@given(firm_groups())
def test_a_margin_is_the_least_that_changes_an_end_of_the_table(firm):
    (group, earlier), options, found = firm
    totals = {each.unit: each.total for each in group}
    for name in set(ENDS) & set(found):
        for each in found[name].near:
            up = 1 if (name is ListName.TOP) is not each.is_in else -1
            for margin, is_changed in ((each.margin, True), (each.margin - STEP, False)):
                other = with_total(group, each.unit, totals[each.unit] + up * margin)
                if min(distinct(other), distinct(group)) < 2 * options["list_size"]:
                    continue  # a group so small that the lists themselves would have another size
                is_in = each.unit in names(other, earlier, options, name)
                assert (is_in is not each.is_in) is is_changed


def movements(group, earlier, options):
    """Everybody's move, as `rank_group` reads it."""
    found = {}
    results_by_unit = {each.unit: each for each in group}
    for line in rank_group(group, earlier, **options):
        if line.places is None:
            continue
        before, now = earlier[line.unit], results_by_unit[line.unit]
        if options["measure"] is ProgressMeasure.PLACES:
            found[line.unit] = Movement(line.places, line.total_change or Decimal(0))
        elif before.comparable_total:
            share = Fraction(now.total) / Fraction(now.full_marks)
            found[line.unit] = Movement(
                share - Fraction(before.total) / Fraction(before.full_marks), line.places
            )
    return found


@given(firm_groups())
def test_a_margin_is_the_least_that_changes_who_moved_furthest(firm):
    """While the others' moves stay what they are."""
    (group, earlier), options, found = firm
    totals = {each.unit: each.total for each in group}
    moves = movements(group, earlier, options)
    for name in set(MOVERS) & set(found):
        for each in found[name].near:
            up = 1 if (name is ListName.PROGRESS) is not each.is_in else -1
            for margin, is_changed in ((each.margin, True), (each.margin - STEP, False)):
                other = with_total(group, each.unit, totals[each.unit] + up * margin)
                moved = moves | {each.unit: movements(other, earlier, options)[each.unit]}
                progress, setback = furthest_movers(moved, options["list_size"])
                is_in = each.unit in (progress if name is ListName.PROGRESS else setback)
                assert (is_in is not each.is_in) is is_changed


@given(firm_groups())
def test_whoever_is_not_near_stays_where_it_is_with_half_a_point(firm):
    (group, earlier), options, found = firm
    totals = {each.unit: each.total for each in group if each.total is not None}
    moves = movements(group, earlier, options)
    for name in set(MOVERS) & set(found):
        close = {each.unit for each in found[name].near}
        for unit in set(moves) - close:
            for half in (NEAR, -NEAR):
                if not 0 <= totals[unit] + half <= 3:
                    continue  # beyond what the group's totals reach
                other = with_total(group, unit, totals[unit] + half)
                progress, setback = furthest_movers(
                    moves | {unit: movements(other, earlier, options)[unit]}, options["list_size"]
                )
                now = unit in (progress if name is ListName.PROGRESS else setback)
                assert now is (unit in names(group, earlier, options, name))


@given(firm_groups(), st.randoms())
def test_the_order_of_the_input_makes_no_difference(firm, random):
    (group, earlier), options, found = firm
    shuffled = list(group)
    random.shuffle(shuffled)
    assert cuts_of(shuffled, earlier, **options, decimals=1) == found
