"""Opening a cycle: its settings and the roster it takes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from organizations.models import Organization
from organizations.quarter import Quarter
from reviews.activating import activate_rubric, copy_to_new_version
from reviews.models import CycleState, ReviewCycle, Rubric
from reviews.opening import CannotOpen, open_cycle, refresh_roster
from reviews.publishing import verify_cycle
from tests.factories.organizations import GroupFactory, HostFactory, UnitFactory
from tests.factories.reviews import (
    RubricFactory,
    add_group,
    cycle_with_totals,
    give_total,
    opened_cycle,
    ready_host,
    review_of,
    score,
)

pytestmark = pytest.mark.django_db

Q3 = Quarter(2018, 3)


def names_in(cycle):
    return [review.organization.name for review in cycle.reviews.in_own_order()]


def test_a_cycle_takes_the_hosts_units_in_the_hosts_order():
    host = ready_host("甲镇党委", "乙镇党委")
    add_group(host, "系统单位", "区林业局直属机关党委")
    cycle = opened_cycle(host)
    assert cycle.state == CycleState.OPEN
    assert names_in(cycle) == ["甲镇党委", "乙镇党委", "区林业局直属机关党委"]
    assert {review.denominator for review in cycle.reviews.all()} == {Decimal(100)}
    assert {review.missing for review in cycle.reviews.all()} == {2}


def test_a_unit_that_ended_or_has_not_begun_takes_no_part():
    host = ready_host("甲镇党委")
    today = timezone.localdate()
    group = host.groups.get()
    UnitFactory(parent=host, group=group, name="旧乡党委", active_to=today)
    UnitFactory(parent=host, group=group, name="新乡党委", active_from=today + timedelta(days=1))
    UnitFactory(parent=host, group=group, name="末日乡党委", active_to=today + timedelta(days=1))
    assert names_in(opened_cycle(host)) == ["甲镇党委", "末日乡党委"]


def test_sub_units_are_not_ranked():
    host = ready_host("甲镇党委")
    UnitFactory(parent=Organization.objects.get(name="甲镇党委"), group=None, name="某村党支部")
    assert names_in(opened_cycle(host)) == ["甲镇党委"]


def test_a_host_reviews_its_own_units_only():
    other = ready_host("丙县党委")
    assert names_in(opened_cycle(ready_host("甲镇党委"))) == ["甲镇党委"]
    assert names_in(opened_cycle(other)) == ["丙县党委"]


def test_a_quarter_is_opened_once():
    host = ready_host("甲镇党委")
    opened_cycle(host)
    with pytest.raises(CannotOpen, match="2018年第三季度"):
        opened_cycle(host)


def test_a_draft_keeps_its_settings_but_for_those_given():
    host = ready_host("甲镇党委")
    ReviewCycle.objects.create(host=host, year=2018, number=3, rank_method="competition", list_size=5)
    cycle = opened_cycle(host, list_size=2)
    assert (cycle.rank_method, cycle.list_size) == ("competition", 2)
    assert ReviewCycle.objects.count() == 1


def test_the_baseline_is_an_earlier_cycle():
    host = ready_host("甲镇党委")
    opened_cycle(host, "2018Q1")
    cycle = open_cycle(host, Q3, baseline=Quarter(2018, 1))
    assert cycle.baseline is not None
    assert cycle.baseline.quarter == Quarter(2018, 1)


@pytest.mark.parametrize("baseline", ["2018Q3", "2018Q4", "2018Q2"])
def test_a_baseline_that_is_not_before_or_not_there_is_refused_and_nothing_opened(baseline):
    host = ready_host("甲镇党委")
    with pytest.raises(CannotOpen):
        open_cycle(host, Q3, baseline=Quarter.parse(baseline))
    assert not ReviewCycle.objects.exists()


def test_a_host_without_units_opens_nothing():
    with pytest.raises(CannotOpen):
        open_cycle(HostFactory(), Q3)
    assert not ReviewCycle.objects.exists()


def test_a_unit_without_a_group_is_named():
    host = ready_host("甲镇党委")
    UnitFactory(parent=host, group=None, name="无类党委")
    with pytest.raises(CannotOpen, match="无类党委"):
        open_cycle(host, Q3)
    assert not ReviewCycle.objects.exists()


def test_a_group_without_a_rubric_of_the_year_is_named():
    host = ready_host("甲镇党委")
    group = GroupFactory(host=host, name="系统单位", position=2)
    UnitFactory(parent=host, group=group)
    RubricFactory(group=group, year=2017, in_force=True)
    with pytest.raises(CannotOpen, match="系统单位"):
        open_cycle(host, Q3)


def test_a_group_without_units_needs_no_rubric():
    host = ready_host("甲镇党委")
    GroupFactory(host=host, name="村（社区）", position=2)
    assert names_in(opened_cycle(host)) == ["甲镇党委"]


# --- The roster again ----------------------------------------------------------------------------


def test_the_roster_taken_again_has_new_units_and_drops_ended_ones_without_scores():
    host = ready_host("甲镇党委", "乙镇党委", "丙镇党委")
    cycle = opened_cycle(host)
    give_total(cycle, "丙镇党委", 80)
    Organization.objects.filter(name__in=["乙镇党委", "丙镇党委"]).update(active_to=timezone.localdate())
    UnitFactory(parent=host, group=host.groups.get(), name="丁镇党委")

    change = refresh_roster(cycle)

    assert (change.added, change.removed) == (["丁镇党委"], ["乙镇党委"])
    assert names_in(cycle) == ["甲镇党委", "丙镇党委", "丁镇党委"]
    assert review_of(cycle, "丙镇党委").total == 80


def test_a_new_rubric_reaches_the_reviews_without_scores():
    host = ready_host("甲镇党委", "乙镇党委")
    cycle = opened_cycle(host)
    score(cycle, "甲镇党委", {"三会一课": 50})
    old = Rubric.objects.get()
    new = activate_rubric(copy_to_new_version(old))
    refresh_roster(cycle)
    assert review_of(cycle, "甲镇党委").rubric == old
    assert review_of(cycle, "乙镇党委").rubric == new


def test_the_roster_is_fixed_once_entry_is_closed():
    cycle = cycle_with_totals({"甲镇党委": 90})
    verify_cycle(cycle, by=None)
    with pytest.raises(CannotOpen):
        refresh_roster(cycle)
