"""Rule 24: what a closed unit leaves unsettled passes to its successor, with its whole log."""

import datetime

import pytest
from django.utils import timezone

from organizations import changes
from organizations.changes import UnitDetails, close_unit, found_unit, reopen_unit
from organizations.models import Group, Organization, Role
from organizations.roster import apply_roster
from rectification.closing import submit
from rectification.figures import figures_by
from rectification.histories import histories_of
from rectification.models import Item, Step
from rectification.stepping import ItemChanged, NotYourStep, StepRefused
from rectification.succession import estates, hand_over, pass_on_to_successors, waiting_items
from tests.factories.items import assigned, in_days, proof, raised, struck_off, submitted
from tests.factories.organizations import UnitFactory, somebody
from tests.organizations.test_roster import TOWNS, roster
from tests.reviews.importing.test_load_at_once import at_once

TODAY, TOMORROW = in_days(0), in_days(1)


def founded(host, name, *predecessors, ending=TODAY, **details):
    group = host.groups.get()
    return found_unit(
        host, UnitDetails(name, group=group, **details), predecessors=predecessors, ending=ending
    )


def unit_of(item):
    item.refresh_from_db()
    return item.unit.name


def test_two_units_merged_into_one_leave_it_all_that_is_unsettled(host, unit, other_unit):
    items = [raised(unit), assigned(unit), submitted(other_unit)]
    settled = struck_off(unit)
    founded(host, "新镇党委", unit, other_unit)
    assert [unit_of(item) for item in items] == ["新镇党委"] * 3
    assert unit_of(settled) == unit.name
    assert [item.origin_unit for item in items] == [unit, unit, other_unit]


def test_the_log_names_the_predecessor_and_the_day(host, unit):
    item = raised(unit)
    new = founded(host, "新镇党委", unit)
    step = item.steps.last()
    assert (step.kind, step.by, step.unit, step.group, step.for_unit) == (
        "pass_on",
        None,
        new,
        new.group,
        False,
    )
    assert unit.name in step.text
    assert TODAY.isoformat() in step.text


def test_the_successor_sees_the_item_with_its_log_and_the_predecessor_no_longer(
    host, unit, secretary, signed_in
):
    item = assigned(unit)
    new = founded(host, "新镇党委", unit)
    assert signed_in(somebody(Role.SECRETARY, new)).get(item.get_absolute_url()).status_code == 200
    assert signed_in(secretary).get(item.get_absolute_url()).status_code == 404


def test_state_person_and_dates_go_with_it(host, unit):
    item = submitted(unit)
    founded(host, "新镇党委", unit)
    after = Item.objects.get(pk=item.pk)
    kept = ("state", "responsible", "original_due_on", "due_on", "answer", "sequence")
    assert [getattr(after, name) for name in kept] == [getattr(item, name) for name in kept]


def test_a_split_unit_leaves_the_choice_to_the_staff(host, unit, staff):
    item = raised(unit)
    east = founded(host, "新东镇党委", unit, ending=None)
    founded(host, "新西镇党委", unit, ending=None)
    close_unit(unit, TODAY)
    assert unit_of(item) == unit.name
    (estate,) = estates(host, TODAY)
    assert [heir.name for heir in estate.heirs] == ["新东镇党委", "新西镇党委"]
    hand_over(unit, [item.pk], east, by=staff)
    assert (unit_of(item), item.steps.last().by) == ("新东镇党委", staff)
    assert estates(host, TODAY) == []


def test_what_went_to_the_first_of_two_successors_may_be_chosen_anew(host, unit, staff):
    first, second = raised(unit), raised(unit)
    east = founded(host, "新东镇党委", unit)
    west = founded(host, "新西镇党委", unit)
    (estate,) = estates(host, TODAY)
    assert estate.is_passed_on
    assert set(estate.items) == {first, second}
    hand_over(unit, [first.pk], west, by=staff)
    hand_over(unit, [second.pk], east, by=staff)
    assert (unit_of(first), unit_of(second)) == (west.name, east.name)
    assert (first.origin_unit, estates(host, TODAY)) == (unit, [])


def test_a_chain_of_successors_is_followed_to_its_end(host, unit):
    item = raised(unit)
    middle = founded(host, "中镇党委", unit, ending=None)
    founded(host, "新镇党委", middle)
    close_unit(unit, TODAY)
    assert unit_of(item) == "新镇党委"
    assert item.origin_unit == unit


def test_the_first_unit_stays_the_origin_however_often_it_is_passed_on(host, unit):
    item = raised(unit)
    middle = founded(host, "中镇党委", unit)
    founded(host, "新镇党委", middle)
    assert (unit_of(item), item.origin_unit) == ("新镇党委", unit)


def test_a_unit_closed_without_a_successor_waits(host, unit):
    item = raised(unit)
    close_unit(unit, TODAY)
    assert unit_of(item) == unit.name
    assert list(waiting_items(host, TODAY)) == [item]
    assert [estate.heirs for estate in estates(host, TODAY)] == [[]]


def test_a_unit_reopened_keeps_what_waits_and_what_went_stays_where_it_is(host, unit, other_unit):
    waiting = raised(unit)
    close_unit(unit, TODAY)
    reopen_unit(unit)
    assert (unit_of(waiting), list(waiting_items(host, TODAY))) == (unit.name, [])
    gone = raised(other_unit)
    founded(host, "新镇党委", other_unit)
    reopen_unit(other_unit)
    assert unit_of(gone) == "新镇党委"


def test_items_of_a_unit_closed_as_of_a_future_day_pass_on_when_it_comes(host, unit, monkeypatch):
    item = raised(unit)
    founded(host, "新镇党委", unit, ending=TOMORROW, active_from=TOMORROW)
    assert unit_of(item) == unit.name
    monkeypatch.setattr(timezone, "localdate", lambda *args: TOMORROW)
    assert pass_on_to_successors(host) == 1
    assert unit_of(item) == "新镇党委"


def test_a_successor_that_begins_later_counts_as_one_to_choose_from(host, unit):
    item = raised(unit)
    founded(host, "新东镇党委", unit, ending=None)
    founded(host, "新西镇党委", unit, ending=None, active_from=TOMORROW)
    close_unit(unit, TODAY)
    assert unit_of(item) == unit.name


def test_passing_on_again_changes_nothing(host, unit):
    item = raised(unit)
    founded(host, "新镇党委", unit)
    assert pass_on_to_successors(host) == 0
    assert item.steps.count() == 2


def test_a_roster_workbook_that_merges_units_passes_their_items_on(host, unit, other_unit):
    items = [raised(unit), raised(other_unit)]
    Group.objects.filter(host=host).update(name=TOWNS)
    header = ("单位全称", "类别", "前身")
    merged = roster(("新镇党委", TOWNS, f"{unit.name}；{other_unit.name}"), header=header)
    apply_roster(merged, host, close_missing=True)
    assert [unit_of(item) for item in items] == ["新镇党委"] * 2


def test_a_change_that_fails_passes_nothing_on(host, unit, monkeypatch):
    item = raised(unit)

    def fail(superior: Organization) -> None:
        raise RuntimeError

    monkeypatch.setattr(changes, "after_change", [*changes.after_change, fail])
    with pytest.raises(RuntimeError):
        founded(host, "新镇党委", unit)
    assert (unit_of(item), item.steps.count()) == (unit.name, 1)
    assert not Organization.objects.filter(name="新镇党委").exists()


def test_figures_of_a_past_day_still_count_it_with_the_old_unit(host, unit, monkeypatch):
    raised(unit)
    later = timezone.now() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr(timezone, "localdate", lambda at=None, tz=None: (at or later).astimezone(tz).date())
    new = founded(host, "新镇党委", unit, ending=TOMORROW)
    histories = list(histories_of(Item.objects.of_host(host)))
    by_unit = [figures_by(lambda item: item.unit, histories, on) for on in (TODAY, TOMORROW)]
    assert [{key: figures.raised for key, figures in each.items()} for each in by_unit] == [
        {unit.pk: 1},
        {new.pk: 1},
    ]


def test_items_are_handed_to_acting_units_of_the_host_alone(host, unit, staff):
    item = raised(unit)
    close_unit(unit, TODAY)
    for wrong in (unit, UnitFactory(parent=unit, group=None), UnitFactory()):
        with pytest.raises(StepRefused):
            hand_over(unit, [item.pk], wrong, by=staff)
    assert unit_of(item) == unit.name


def test_a_unit_that_acts_again_keeps_its_items_though_an_outdated_page_gives_them_away(
    host, unit, other_unit, staff
):
    item = raised(unit)
    close_unit(unit, TODAY)
    reopen_unit(unit)
    with pytest.raises(StepRefused):
        hand_over(unit, [item.pk], other_unit, by=staff)
    assert unit_of(item) == unit.name


def test_what_somebody_else_passed_on_first_is_not_passed_on_twice(host, unit, other_unit, staff):
    items = [raised(unit), raised(unit)]
    third = UnitFactory(parent=host, name="己乡党委")
    close_unit(unit, TODAY)
    hand_over(unit, [items[0].pk], other_unit, by=staff)
    with pytest.raises(StepRefused):
        hand_over(unit, [item.pk for item in items], third, by=staff)
    assert [unit_of(item) for item in items] == [other_unit.name, unit.name]


@pytest.mark.django_db(transaction=True)
def test_an_answer_at_the_moment_of_a_merger_is_kept_or_refused_and_never_lost(host, unit, other_unit):
    items = [assigned(unit) for _ in range(6)]
    people = [somebody(Role.SECRETARY, unit) for _ in items]

    def answer(item, person):
        return submit(item, "已整改", by=person, seen=item.version, files=[proof()])

    answers = at_once(
        lambda: founded(host, "新镇党委", unit, other_unit),
        *(lambda i=item, p=person: answer(i, p) for item, person in zip(items, people, strict=True)),
    )
    assert {type(each) for each in answers[1:]} <= {Step, ItemChanged, NotYourStep}
    for item, answer_given in zip(items, answers[1:], strict=True):
        assert unit_of(item) == "新镇党委"
        kinds = ["raise", "assign", "submit", "pass_on"]
        if not isinstance(answer_given, Step):
            kinds.remove("submit")
        assert [step.kind for step in item.steps.all()] == kinds


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_passing_on_costs_the_same_for_any_number_of_items(host, unit, rows, django_assert_num_queries):
    for number in range(rows):
        raised(unit, f"问题{number}")
    Organization.objects.filter(pk=unit.pk).update(active_to=TODAY)
    UnitFactory(parent=host, name="新镇党委").predecessors.add(unit)
    with django_assert_num_queries(9):
        assert pass_on_to_successors(host) == rows
