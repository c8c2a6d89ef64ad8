"""Standings, live and frozen: the same lines, whoever asks and however many units."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.models import Group, Organization, Role
from organizations.quarter import Quarter
from reviews.disclosing import seen_standings
from reviews.models import Indicator, Review, ReviewCycle, ReviewState, Rubric, Score
from reviews.publishing import step_back
from reviews.standings import current_standings, frozen_standings, live_standings
from tests.factories.organizations import GroupFactory, UnitFactory, somebody
from tests.factories.reviews import (
    RubricFactory,
    add_group,
    cycle_with_totals,
    give_total,
    opened_cycle,
    published,
    ready_host,
    score,
)

pytestmark = pytest.mark.django_db


def lines(standings):
    """(unit, rank, total, place before, places) of every line."""
    return [
        (line.organization_name, line.rank, line.total_text, line.baseline_rank, line.places)
        for group in standings.groups
        for line in group.lines
    ]


@pytest.fixture
def two_quarters():
    """A cycle open in the third quarter, the first one published."""
    host = ready_host("甲镇党委", "乙镇党委", "丙镇党委")
    first = {"甲镇党委": 90, "乙镇党委": 95, "丙镇党委": 85}
    published(cycle_with_totals(first, host=host, quarter="2018Q1"))
    third = {"甲镇党委": 96.5, "乙镇党委": 95, "丙镇党委": 95}
    return cycle_with_totals(third, host=host, quarter="2018Q3", baseline=Quarter(2018, 1))


def test_live_standings_compare_with_the_published_baseline(two_quarters):
    assert lines(live_standings(two_quarters)) == [
        ("甲镇党委", 1, "96.50", 2, 1),
        ("乙镇党委", 2, "95.00", 1, -1),
        ("丙镇党委", 2, "95.00", 3, 1),
    ]


def test_frozen_standings_say_what_the_live_ones_said(two_quarters):
    live = live_standings(two_quarters)
    frozen = frozen_standings(published(two_quarters))
    assert lines(frozen) == lines(live)
    assert [group.lists for group in frozen.groups] == [group.lists for group in live.groups]
    assert (frozen.baseline, frozen.rank_method) == (live.baseline, live.rank_method)
    assert frozen.is_published
    assert not live.is_published


def test_the_change_of_total_prints_with_the_rubrics_decimals(two_quarters):
    first = live_standings(two_quarters).groups[0].lines[0]
    assert (first.total_text, first.total_change_text) == ("96.50", "6.50")


def test_standings_stay_frozen_while_a_correction_is_made(two_quarters):
    published(two_quarters)
    before = lines(current_standings(two_quarters))
    step_back(two_quarters, by=None, reason="核对")
    give_total(two_quarters, "丙镇党委", 100)
    Organization.objects.filter(name="甲镇党委").update(name="甲街道党工委")
    assert lines(current_standings(two_quarters)) == before


def test_an_unfinished_unit_stands_at_the_end_and_says_so():
    cycle = cycle_with_totals({"甲镇党委": None, "乙镇党委": 0})
    score(cycle, "甲镇党委", {"三会一课": 60})
    group = live_standings(cycle).groups[0]
    assert [line.organization_name for line in group.lines] == ["乙镇党委", "甲镇党委"]
    assert group.ranked[0].total_text == "0.00"
    assert "1" in group.unranked[0].unranked_reason


def test_a_unit_that_moved_to_another_group_is_not_comparable(two_quarters):
    host = two_quarters.host
    group = add_group(host, "系统单位", "区林业局直属机关党委")
    Organization.objects.filter(name="丙镇党委").update(group=group, position=9)
    cycle = opened_cycle(host, "2018Q4", baseline=Quarter(2018, 1))
    give_total(cycle, "丙镇党委", 99)
    moved = next(
        line
        for group in live_standings(cycle).groups
        for line in group.lines
        if line.organization_name == "丙镇党委"
    )
    assert (moved.rank, moved.baseline_rank, moved.places) == (1, None, None)


def test_other_indicators_leave_the_places_and_drop_the_change_of_total(two_quarters):
    host = two_quarters.host
    published(two_quarters)
    RubricFactory(group=host.groups.get(), year=2019, marks={"三会一课": 60, "乡村振兴": 40}, in_force=True)
    totals = {"甲镇党委": 80, "乙镇党委": 90, "丙镇党委": 70}
    cycle = cycle_with_totals(totals, host=host, quarter="2019Q1")
    first = live_standings(cycle).groups[0].lines[0]
    assert (first.organization_name, first.places, first.total_change_text) == ("乙镇党委", 1, "")


def test_groups_that_share_a_position_are_ranked_apart():
    host = ready_host()
    Group.objects.update(position=0)
    second = GroupFactory(host=host, name="系统单位", position=0)
    RubricFactory(group=second, in_force=True)
    for position in (1, 2, 3):
        UnitFactory(parent=host, group=host.groups.first(), name=f"第{position}镇党委", position=position)
        UnitFactory(parent=host, group=second, name=f"第{position}局党委", position=position)
    units = Organization.objects.under(host)
    cycle = cycle_with_totals({unit.name: 90 + unit.position for unit in units}, host=host)
    for standings in (live_standings(cycle), frozen_standings(published(cycle))):
        assert [[line.rank for line in group.lines] for group in standings.groups] == [[1, 2, 3], [1, 2, 3]]


# --- Rule 15 -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR])
def test_before_publication_only_the_hosts_staff_learn_a_rank(two_quarters, role):
    host = two_quarters.host
    cycle = ReviewCycle.objects.with_publications().get(pk=two_quarters.pk)
    assert seen_standings(somebody(Role.STAFF, host), cycle) is not None
    assert seen_standings(somebody(role, host), cycle) is None
    secretary = somebody(Role.SECRETARY, Organization.objects.get(name="甲镇党委"))
    assert seen_standings(secretary, cycle) is None


# --- Cost ----------------------------------------------------------------------------------------


def scored_cycle(size):
    """A cycle of one group whose reviews are all scored, written in bulk."""
    host = ready_host()
    group = host.groups.get()
    UnitFactory.create_batch(size, parent=host, group=group)
    cycle = opened_cycle(host)
    indicators = list(Indicator.objects.filter(rubric=Rubric.objects.get(host=host)))
    reviews = list(cycle.reviews.all())
    Score.objects.bulk_create(
        Score(review=review, indicator=indicator, points=Decimal(number % 40), recorded_at=timezone.now())
        for number, review in enumerate(reviews)
        for indicator in indicators
    )
    for number, review in enumerate(reviews):
        review.state, review.total, review.missing = ReviewState.SCORED, Decimal(2 * (number % 40)), 0
    Review.objects.bulk_update(reviews, ["state", "total", "missing"])
    return cycle


def queries_of(read):
    with CaptureQueriesContext(connection) as queries:
        standings = read()
    return len(queries), sum(len(group.lines) for group in standings.groups)


def test_standings_cost_the_same_at_any_size():
    costs = []
    for size in (5, 50, 500):
        cycle = scored_cycle(size)
        live, units = queries_of(lambda cycle=cycle: live_standings(cycle))
        publication = published(cycle)
        frozen, units_again = queries_of(lambda publication=publication: frozen_standings(publication))
        assert units == units_again == size
        costs.append((live, frozen))
    assert len(set(costs)) == 1
