"""The lot that chooses places: repeatable, indifferent to order, kinder to places just visited."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.drawing import MOST_WEIGHT, Lot, draw, ticket, weight_of

DAY = date(2018, 9, 1)

lots = st.lists(
    st.builds(Lot, unit=st.integers(1, 4), place=st.integers(1, 60), weight=st.integers(1, MOST_WEIGHT)),
    max_size=40,
    unique_by=lambda lot: lot.place,
)
seeds = st.text("0123456789abcdef", min_size=1, max_size=32)


@given(lots, seeds, st.integers(1, 5), st.randoms())
def test_the_same_seed_draws_the_same_in_whatever_order_the_places_come(places, seed, per_unit, random):
    shuffled = list(places)
    random.shuffle(shuffled)
    assert draw(places, seed, per_unit) == draw(shuffled, seed, per_unit)


@given(lots, seeds, st.integers(1, 5))
def test_every_unit_gets_what_was_asked_for_as_far_as_it_has_places(places, seed, per_unit):
    drawn = draw(places, seed, per_unit)
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(places)
    has, gets = Counter(lot.unit for lot in places), Counter(lot.unit for lot in drawn)
    assert gets == {unit: min(per_unit, count) for unit, count in has.items()}


@given(lots, seeds, st.integers(1, 5))
def test_no_unit_changes_what_another_draws(places, seed, per_unit):
    drawn = draw(places, seed, per_unit)
    for unit in {lot.unit for lot in places}:
        alone = draw([lot for lot in places if lot.unit == unit], seed, per_unit)
        assert alone == [lot for lot in drawn if lot.unit == unit]


@given(lots, seeds)
def test_more_places_of_a_unit_add_to_the_fewer(places, seed):
    few, more = draw(places, seed, 1), draw(places, seed, 3)
    assert set(few) <= set(more)


@given(lots, st.sampled_from(["3f", "a0", "77"]))
def test_it_can_be_repeated_by_hand(places, seed):
    """The documented way, written a second time: lay all lots in a row and take the one numbered."""
    for unit in {lot.unit for lot in places}:
        own = sorted(lot for lot in places if lot.unit == unit)
        row = [lot for lot in own for _ in range(lot.weight)]
        assert draw(own, seed, 1) == [row[ticket(seed, unit, 1) % len(row)]]


def test_a_ticket_is_the_digest_anybody_can_compute():
    # printf '00ff/7/1' | sha256sum
    assert (
        f"{ticket('00ff', 7, 1):064x}" == "6b050edf46633b7f98209db3ea804f884ed3a3c20b4fb5eef3c5e5b4c988c9b5"
    )


def test_over_many_seeds_lots_are_drawn_as_often_as_they_weigh():
    places = [Lot(1, 1, 1), Lot(1, 2, 3), Lot(1, 3, 12)]
    times = Counter(draw(places, f"{number:x}", 1)[0].place for number in range(4_000))
    for lot in places:
        assert abs(times[lot.place] - 4_000 * lot.weight / 16) < 150


@pytest.mark.parametrize(
    ("days", "weight"), [(0, 1), (29, 1), (30, 2), (59, 2), (60, 3), (330, 12), (5_000, 12), (-20, 1)]
)
def test_visited_lately_draws_less(days, weight):
    assert weight_of(DAY - timedelta(days), DAY) == weight


def test_a_place_never_visited_draws_most():
    assert weight_of(None, DAY) == MOST_WEIGHT


@given(st.dates(date(2000, 1, 1), DAY), st.dates(date(2000, 1, 1), DAY))
def test_the_longer_ago_the_more_lots(one, other):
    earlier, later = sorted((one, other))
    assert weight_of(earlier, DAY) >= weight_of(later, DAY) >= 1


@pytest.mark.parametrize("places", [[Lot(1, 1, 0)], [Lot(1, 1, 1), Lot(1, 1, 2)]])
def test_lots_that_make_no_sense_are_refused(places):
    with pytest.raises(ValueError, match="lot"):
        draw(places, "3f", 1)
