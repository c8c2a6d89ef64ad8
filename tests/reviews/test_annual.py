"""The year by the host's rule: examples, then what holds of any year."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.annual import (
    Absence,
    InvalidRule,
    QuarterResult,
    UnitYear,
    YearRule,
    annual_total,
    firsts,
    rank_year,
    rose_steadily,
)
from reviews.ranking import RankMethod, Result, rank_group

MEAN = YearRule()


def quarter(number, total, *, rank=None, full=100, group=1, rubric="a"):
    total = None if total is None else Decimal(str(total))
    rank = rank if total is not None else None
    return QuarterResult(number, group, rank, total, Decimal(full), rubric)


def year_of(*totals, full=100):
    """A unit's quarters from the first on; None: on the roster and not scored."""
    return [quarter(number, total, rank=1, full=full) for number, total in enumerate(totals, 1)]


def total_of(quarters, rule=MEAN, full_marks=100, decimals=2):
    return annual_total(quarters, rule, full_marks=Decimal(full_marks), decimals=decimals)


def ranked(units, rule=MEAN, published=(1, 2, 3, 4), **options):
    """By unit: its line. units: by unit its quarters."""
    years = [UnitYear(unit, unit, tuple(quarters)) for unit, quarters in units.items()]
    given = {"full_marks": Decimal(100), "decimals": 2, "method": RankMethod.DENSE} | options
    return {line.unit: line for line in rank_year(years, rule, published=published, **given)}


# --- Totals --------------------------------------------------------------------------------------


def test_by_default_the_year_is_the_mean_of_its_quarters():
    assert total_of(year_of(90, 92, 94, 96)) == Decimal("93.00")


def test_a_host_may_weigh_its_quarters():
    assert total_of(year_of(100, 0, 0, 50), YearRule((10, 20, 30, 40))) == Decimal("30.00")


def test_it_is_rounded_once_and_half_up():
    # (90.01 + 90.02) ÷ 2 = 90.015; rounding the halves first would give another value.
    assert total_of(year_of("90.01", "90.02")) == Decimal("90.02")
    assert total_of(year_of("90.004", "90.005"), decimals=2) == Decimal("90.00")


def test_a_quarter_without_a_score_is_no_nought():
    assert total_of(year_of(90, None, 94)) == Decimal("92.00")
    assert total_of(year_of(90, 0, 94)) == Decimal("61.33")


def test_the_weights_of_the_counted_quarters_are_scaled_to_the_whole():
    # 20 and 30 of 50 percent.
    rule = YearRule((20, 25, 25, 30))
    assert total_of([quarter(1, 80), quarter(4, 90)], rule) == Decimal("86.00")


def test_a_unit_that_was_scored_too_seldom_has_no_annual_total():
    assert total_of(year_of(90)) is None
    assert total_of(year_of(90), YearRule(least_quarters=1)) == Decimal("90.00")


def test_a_quarter_without_weight_does_not_count():
    rule = YearRule((0, 0, 50, 50))
    assert total_of(year_of(90, 90, 80), rule) is None
    assert total_of(year_of(90, 90, 80, 90), rule) == Decimal("85.00")


def test_totals_out_of_different_full_marks_count_as_shares():
    quarters = [quarter(1, 90, full=100), quarter(2, 96, full=120)]
    assert total_of(quarters) == Decimal("85.00")
    assert total_of(quarters, full_marks=120) == Decimal("102.00")


@pytest.mark.parametrize(
    ("weights", "least"),
    [
        ((25, 25, 25, 24), 2),
        ((100, 100, -50, -50), 2),
        ((50, 50, 0, 0), 3),
        ((25, 25, 25, 25), 0),
        ((50, 50), 1),
    ],
)
def test_a_rule_that_makes_no_whole_is_refused(weights, least):
    with pytest.raises(InvalidRule):
        YearRule(weights, least)


# --- Places --------------------------------------------------------------------------------------


def test_the_year_ranks_by_the_printed_total_and_ties_share_a_place():
    lines = ranked({1: year_of("90.004", 90), 2: year_of(90, 90), 3: year_of(80, 80)}, published=(1, 2))
    assert [lines[unit].rank for unit in (1, 2, 3)] == [1, 1, 2]


def test_competition_ranking_leaves_a_gap():
    units = {1: year_of(90, 90), 2: year_of(90, 90), 3: year_of(80, 80)}
    lines = ranked(units, published=(1, 2), method=RankMethod.COMPETITION)
    assert [lines[unit].rank for unit in (1, 2, 3)] == [1, 1, 3]


def test_who_has_no_total_stands_at_the_end_and_is_in_no_list():
    lines = ranked({1: year_of(None, 99), 2: year_of(80, 80), 3: year_of(70, 70)}, published=(1, 2))
    assert list(lines) == [2, 3, 1]
    assert (lines[1].absence, lines[1].rank, lines[1].top_place) == (Absence.TOO_FEW, None, None)
    assert (lines[2].top_place, lines[3].last_place) == (1, 2)


def test_who_left_before_the_last_quarter_is_not_ranked():
    lines = ranked({1: year_of(99, 99), 2: year_of(80, 80, 80)}, published=(1, 2, 3))
    assert (lines[1].absence, lines[1].total) == (Absence.LEFT, None)
    assert lines[2].rank == 1


def test_progress_is_told_from_the_first_to_the_last_published_quarter():
    units = {
        1: [quarter(1, 90, rank=1), quarter(3, 80, rank=3)],
        2: [quarter(1, 85, rank=2), quarter(3, 85, rank=2)],
        3: [quarter(1, 80, rank=3), quarter(3, 90, rank=1)],
    }
    lines = ranked(units, published=(1, 3))
    assert [lines[unit].places for unit in (1, 2, 3)] == [-2, 0, 2]
    assert (lines[3].progress_place, lines[1].setback_place, lines[2].progress_place) == (1, 1, None)


def test_places_in_different_groups_are_not_compared():
    moved = [quarter(1, 90, rank=9, group=2), quarter(2, 90, rank=1)]
    line = ranked({1: moved, 2: year_of(80, 80)}, published=(1, 2))[1]
    assert (line.places, line.progress_place, line.rank) == (None, None, 1)


def test_a_year_of_one_quarter_compares_nothing():
    line = ranked({1: year_of(90)}, YearRule(least_quarters=1), published=(1,))[1]
    assert (line.places, line.rank) == (None, 1)


def test_firsts_count_the_quarters_that_a_unit_led():
    assert firsts([1, 2, None, 1]) == 2


@pytest.mark.parametrize(
    ("ranks", "is_steady"),
    [
        ((9, 7, 4), True),
        ((9, 7, 7, 4), True),
        ((9, 10, 4), False),
        ((9, 4), False),
        ((4, 4, 4), False),
        ((9, None, 7, 4), False),
        ((), False),
    ],
)
def test_rising_steadily_means_never_to_fall_in_three_quarters_or_more(ranks, is_steady):
    assert rose_steadily(ranks) is is_steady


# --- Anything at all -----------------------------------------------------------------------------

TOTALS = st.integers(0, 400).map(lambda quarters: Decimal(quarters) / 4)


@st.composite
def rules(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    weights = tuple(b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True))
    return YearRule(weights, draw(st.integers(1, sum(weight > 0 for weight in weights))))


FULL_MARKS = st.sampled_from([100, 100, 120])


@st.composite
def quarters(draw, full=FULL_MARKS):
    numbers = draw(st.lists(st.integers(1, 4), unique=True, max_size=4))
    return [quarter(each, draw(st.none() | TOTALS), rank=1, full=draw(full)) for each in numbers]


@given(quarters(), rules())
def test_an_annual_total_lies_between_the_quarters_it_is_made_of(given_quarters, rule):
    total = total_of(given_quarters, rule)
    counted = [each for each in given_quarters if each.total is not None and rule.weights[each.number - 1]]
    assert (total is None) == (len(counted) < rule.least_quarters)
    if total is not None:
        shares = [Fraction(each.total) / Fraction(each.full_marks) * 100 for each in counted]
        assert min(shares) - Fraction(1, 200) <= Fraction(total) <= max(shares) + Fraction(1, 200)


@given(st.lists(TOTALS, min_size=2, max_size=4))
def test_equal_weights_give_the_arithmetic_mean(totals):
    exact = Fraction(sum(totals)) / len(totals)
    assert abs(Fraction(total_of(year_of(*totals), decimals=4)) - exact) <= Fraction(1, 20000)


@given(quarters(), rules(), st.integers(1, 4))
def test_a_quarter_that_was_not_scored_changes_nothing(given_quarters, rule, number):
    others = [each for each in given_quarters if each.number != number]
    assert total_of(others, rule) == total_of([*others, quarter(number, None)], rule)


@given(quarters(full=st.just(100)), rules())
def test_points_twice_as_many_out_of_twice_as_many_make_the_same_year(given_quarters, rule):
    doubled = [
        quarter(each.number, None if each.total is None else each.total * 2, full=200)
        for each in given_quarters
    ]
    assert total_of(given_quarters, rule) == total_of(doubled, rule)


@st.composite
def years(draw):
    units = draw(st.lists(st.integers(1, 20), unique=True, max_size=6))
    return [
        UnitYear(
            unit,
            draw(st.integers(1, 9)),
            tuple(
                quarter(number, draw(st.none() | TOTALS), rank=draw(st.integers(1, 6)))
                for number in draw(st.lists(st.integers(1, 4), min_size=1, unique=True))
            ),
        )
        for unit in units
    ]


@given(years(), rules(), st.sampled_from(RankMethod), st.integers(0, 4), st.randoms(use_true_random=False))
def test_the_order_in_which_units_and_quarters_come_says_nothing(units, rule, method, size, random):
    def standings(given_units):
        return rank_year(
            given_units,
            rule,
            published=(1, 2, 3, 4),
            full_marks=Decimal(100),
            decimals=2,
            method=method,
            list_size=size,
        )

    shuffled = [UnitYear(each.unit, each.position, tuple(reversed(each.quarters))) for each in units]
    random.shuffle(shuffled)
    assert standings(units) == standings(shuffled)


@given(years(), rules(), st.sampled_from(RankMethod))
def test_places_are_those_that_the_totals_get_in_a_quarter(units, rule, method):
    lines = rank_year(units, rule, published=(1, 2, 3, 4), full_marks=Decimal(100), decimals=2, method=method)
    results = [Result(line.unit, line.position, line.total, Decimal(100)) for line in lines]
    again = rank_group(results, {}, method=method)
    assert [(line.unit, line.rank) for line in lines] == [(line.unit, line.rank) for line in again]
    assert all((line.total is None) == (line.absence is not None) for line in lines)
    assert all(not (line.top_place and line.last_place) for line in lines)
