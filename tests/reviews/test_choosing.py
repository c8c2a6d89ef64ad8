"""Other settings tried and chosen before a cycle is published."""

import copy

import pytest

from organizations.models import Role
from reviews.choosing import choose_settings
from reviews.models import CycleState, ReviewCycle
from reviews.publishing import StepRefused, publish_cycle, step_back, verify_cycle
from reviews.ranking import ListName
from reviews.trying import Settings, try_settings
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, published, ready_host

pytestmark = pytest.mark.django_db

UNITS = ("甲", "乙", "丙", "丁", "戊", "己", "庚")
FIRST = dict(zip(UNITS, (70, 80, 85, 90, 95, 60, 50), strict=True))
SECOND = dict(zip(UNITS, (95, 90, 85, 80, 70, 60, 50), strict=True))
THIRD = dict(zip(UNITS, (95, 94, 94, 93.8, 80, 70, 60), strict=True))


@pytest.fixture
def host():
    return ready_host(*UNITS)


@pytest.fixture
def cycle(host):
    for quarter, totals in (("2018Q1", FIRST), ("2018Q2", SECOND)):
        published(cycle_with_totals(totals, host=host, quarter=quarter))
    return cycle_with_totals(THIRD, host=host, quarter="2018Q3")


def tried(cycle, **settings):
    trial = copy.copy(cycle)
    for name, value in settings.items():
        setattr(trial, name, value)
    return trial


def lists(cycle, **settings):
    (group,) = try_settings(cycle, tried(cycle, **settings)).groups
    names = dict(zip(ListName, group.lists, strict=True))
    return {name: (each.enters, each.leaves) for name, each in names.items() if each.is_changed}


def chosen(cycle, trial, *, by=None, seen=None):
    return choose_settings(cycle, trial, seen=seen or Settings.of(cycle).key, by=by)


class TestTrying:
    def test_the_settings_in_use_change_nothing(self, cycle):
        trial = try_settings(cycle, tried(cycle))
        assert trial.is_same
        assert (trial.changes, trial.moved) == (0, 0)

    def test_another_method_drops_who_only_a_tie_let_in(self, cycle):
        assert lists(cycle, rank_method="competition")[ListName.TOP] == ((), ("丁",))

    def test_a_shorter_list_names_fewer_at_both_ends(self, cycle):
        changed = lists(cycle, list_size=1)
        assert changed[ListName.TOP] == ((), ("乙", "丙", "丁"))

    def test_another_baseline_turns_who_rose_and_who_fell(self, cycle):
        first = ReviewCycle.objects.get(year=2018, number=1)
        changed = lists(cycle, baseline=first)
        assert changed[ListName.PROGRESS][0]
        assert changed[ListName.SETBACK][0]

    def test_whose_place_or_move_is_another_stands_side_by_side(self, cycle):
        trial = try_settings(cycle, tried(cycle, rank_method="competition"))
        moved = {
            each.tried.organization_name: (each.now.rank, each.tried.rank) for each in trial.groups[0].moved
        }
        assert moved == {"丁": (3, 4), "戊": (4, 5), "己": (5, 6), "庚": (6, 7)}

    def test_nothing_is_saved(self, cycle):
        before = ReviewCycle.objects.filter(pk=cycle.pk).values().get()
        try_settings(cycle, tried(cycle, list_size=1, rank_method="competition"))
        assert ReviewCycle.objects.filter(pk=cycle.pk).values().get() == before

    def test_how_firm_the_lists_are_is_told_of_what_is_tried(self, cycle):
        (group,) = try_settings(cycle, tried(cycle, rank_method="competition")).groups
        top = group.firm[0]
        assert (top.last_in, top.first_out, top.gap) == (("乙", "丙"), ("丁",), "0.2")
        assert top.outside == ("丁（0.2）",)
        assert top.is_tied

    @pytest.mark.parametrize("units", [1, 3, 50])
    def test_it_costs_the_same_for_any_number_of_units(self, units, django_assert_num_queries):
        host = ready_host(*(f"单位{number}" for number in range(units)))
        totals = {unit.name: 90 for unit in host.units.all()}
        first = cycle_with_totals(totals, host=host, quarter="2018Q1")
        published(first)
        cycle = cycle_with_totals(totals, host=host)
        cycle = ReviewCycle.objects.select_related("host", "baseline").get(pk=cycle.pk)
        with django_assert_num_queries(3):
            try_settings(cycle, tried(cycle, baseline=first, list_size=1))


class TestChoosing:
    def test_they_are_saved_by_one_deed_and_noted(self, cycle, host, staff_of):
        first = ReviewCycle.objects.get(year=2018, number=1)
        chosen(cycle, tried(cycle, baseline=first, list_size=2), by=staff_of(host))
        cycle.refresh_from_db()
        assert (cycle.baseline, cycle.list_size) == (first, 2)
        note = cycle.steps.last()
        assert (note.is_note, note.is_back, note.taken_by) == (True, False, staff_of(host))
        assert "2018年第一季度" in note.reason
        assert "3 → 2" in note.reason
        assert "名次算法" not in note.reason

    @pytest.mark.parametrize("state", [CycleState.DRAFT, CycleState.PUBLISHED])
    def test_not_where_there_are_no_places_yet_or_they_are_published(self, cycle, state):
        cycle.state = state
        cycle.save()
        with pytest.raises(StepRefused, match="现在不能更改设置"):
            chosen(cycle, tried(cycle, list_size=2))
        cycle.refresh_from_db()
        assert cycle.list_size == 3

    def test_a_verified_cycle_and_a_correction_may(self, cycle, staff_of, host):
        verify_cycle(cycle, by=None)
        cycle.refresh_from_db()
        assert chosen(cycle, tried(cycle, list_size=2)).state == CycleState.VERIFIED
        publication = published_again(cycle, staff_of(host))
        assert publication.list_size == 2
        cycle.refresh_from_db()
        step_back(cycle, by=None, reason="复核")
        cycle.refresh_from_db()
        assert chosen(cycle, tried(cycle, list_size=1)).list_size == 1

    def test_against_what_another_set_meanwhile_they_are_refused(self, cycle):
        seen = Settings.of(cycle).key
        chosen(cycle, tried(cycle, list_size=2))
        with pytest.raises(StepRefused, match="设置已被他人更改"):
            chosen(cycle, tried(cycle, list_size=1), seen=seen)

    def test_the_same_again_is_no_change(self, cycle):
        with pytest.raises(StepRefused, match="正是现用的设置"):
            chosen(cycle, tried(cycle))
        assert not [step for step in cycle.steps.all() if step.is_note]

    def test_a_quarter_that_is_not_published_is_no_baseline(self, cycle):
        open_one = ReviewCycle.objects.create(host=cycle.host, year=2017, number=4)
        with pytest.raises(StepRefused, match="尚未发布"):
            chosen(cycle, tried(cycle, baseline=open_one))


@pytest.fixture
def staff_of():
    """The same person of the staff each time."""
    people = {}
    return lambda host: people.setdefault(host.pk, somebody(Role.STAFF, host))


def published_again(cycle, by):
    return publish_cycle(cycle, by=by, confirm=True)
