"""Rule 24 in programmes: what a closed unit has not done goes on with its successor, with all it had done."""

import pytest
from django.utils import timezone

from organizations.changes import UnitDetails, close_unit, found_unit, reopen_unit
from organizations.models import Group, Organization, Role
from organizations.roster import apply_roster
from rectification.models import Programme, ProgrammeEntry, Target
from rectification.programme_succession import pass_on_targets
from rectification.programme_work import name_persons, report, take_out
from rectification.programmes import finish_programme
from rectification.reminding import pass_on_everywhere
from rectification.stepping import NotYourStep
from tests.factories.items import in_days, proof
from tests.factories.organizations import UnitFactory, somebody
from tests.factories.programmes import (
    assigned_to,
    branches_of,
    finished_target,
    passed,
    target_of,
    task_of,
    template_with,
)
from tests.organizations.test_roster import TOWNS, roster
from tests.reviews.importing.test_load_at_once import at_once

TODAY, TOMORROW = in_days(0), in_days(1)


def founded(host, name, *predecessors, ending=TODAY, **details):
    group = host.groups.get()
    return found_unit(
        host, UnitDetails(name, group=group, **details), predecessors=predecessors, ending=ending
    )


def programme_for(*units, **options):
    return assigned_to(*units, template=template_with("一", "二"), **options)


def unit_of(target):
    return Target.objects.select_related("unit").get(pk=target.pk).unit.name


def log_of(target):
    return [
        entry.kind for entry in ProgrammeEntry.objects.filter(target=target, task=None).order_by("number")
    ]


def test_the_successor_goes_on_with_what_is_undone(host, unit, staff, signed_in):
    target = target_of(programme_for(unit), unit)
    passed(task_of(target, "一"))
    new = founded(host, "新镇党委", unit)
    assert (unit_of(target), log_of(target)) == (new.name, ["add", "pass_on"])
    after = target_of(target.programme, unit)
    assert (after.progress_text, after.original_due_on) == ("1/2", target.original_due_on)
    person = somebody(Role.SECRETARY, new)
    report(task_of(after, "二"), "已完成", by=person, seen=0, files=[proof()])
    page = signed_in(person).get(after.get_absolute_url()).content.decode()
    assert unit.name in page
    assert "新镇党委" in page


def test_the_log_names_both_units_and_the_day(host, unit):
    target = target_of(programme_for(unit), unit)
    founded(host, "新镇党委", unit)
    entry = ProgrammeEntry.objects.get(target=target, kind="pass_on")
    assert (entry.by, entry.for_unit, entry.state) == (None, False, "open")
    for word in (unit.name, "新镇党委", TODAY.isoformat()):
        assert word in entry.text


def test_the_predecessors_people_neither_see_nor_change_it_any_more(host, unit, secretary, signed_in):
    programme = programme_for(unit, days=-3)
    target = target_of(programme, unit)
    founded(host, "新镇党委", unit)
    client = signed_in(secretary)
    for address in (target.get_absolute_url(), programme.get_absolute_url()):
        assert client.get(address).status_code == 404
    answer = client.get("/programmes/")
    assert not answer.context["table"].rows
    assert set(answer.context["figures"].values()) == {0}
    with pytest.raises(NotYourStep):
        name_persons(target, responsible="张三", by=secretary, seen=2)


def test_two_units_merged_leave_two_targets_which_the_staff_may_reduce_to_one(host, unit, other_unit, staff):
    programme = programme_for(unit, other_unit)
    founded(host, "新镇党委", unit, other_unit)
    first, second = target_of(programme, unit), target_of(programme, other_unit)
    assert [unit_of(first), unit_of(second)] == ["新镇党委"] * 2
    take_out(second, "合并后只整顿一次", by=staff, seen=second.version)
    finished_target(first)
    assert Programme.objects.get().state == "finished"


def test_branches_go_with_their_unit(host, unit):
    branches = branches_of(unit, 2)
    programme = programme_for(*branches)
    founded(host, "新镇党委", unit)
    assert [unit_of(target_of(programme, branch)) for branch in branches] == ["新镇党委"] * 2


def test_what_is_done_taken_out_or_of_a_closed_programme_stays(host, unit, other_unit, staff):
    done = finished_target(target_of(programme_for(unit, other_unit), unit))
    out = target_of(programme_for(unit), unit)
    take_out(out, "撤并", by=staff, seen=1)
    closed = target_of(programme_for(unit), unit)
    finish_programme(closed.programme, "另行安排", by=staff, seen=closed.programme.version)
    founded(host, "新镇党委", unit)
    assert [unit_of(each) for each in (done, out, closed)] == [unit.name] * 3


def test_of_several_successors_or_of_none_it_stays_with_the_closed_unit(host, unit, other_unit):
    programme = programme_for(unit, other_unit)
    founded(host, "新东镇党委", unit, ending=None)
    founded(host, "新西镇党委", unit, ending=None)
    close_unit(unit, TODAY)
    close_unit(other_unit, TODAY)
    assert unit_of(target_of(programme, unit)) == unit.name
    assert unit_of(target_of(programme, other_unit)) == other_unit.name


def test_the_page_of_a_target_that_nobody_took_over_says_what_to_do(host, unit, staff, signed_in):
    target = target_of(programme_for(unit), unit)
    client = signed_in(staff)
    assert "no longer acts" not in client.get(target.get_absolute_url()).content.decode()
    close_unit(unit, TODAY)
    assert "no longer acts" in client.get(target.get_absolute_url()).content.decode()


def test_a_unit_that_acts_again_takes_its_targets_back(host, unit):
    target = target_of(programme_for(unit), unit)
    founded(host, "新镇党委", unit)
    reopen_unit(unit)
    assert (unit_of(target), log_of(target)) == (unit.name, ["add", "pass_on", "pass_on"])


def test_a_chain_of_successors_is_followed(host, unit):
    target = target_of(programme_for(unit), unit)
    middle = founded(host, "中镇党委", unit)
    founded(host, "新镇党委", middle)
    assert unit_of(target) == "新镇党委"


def test_a_renamed_unit_keeps_its_targets_without_a_word(host, unit):
    target = target_of(programme_for(unit), unit)
    Organization.objects.filter(pk=unit.pk).update(name="新名镇党委")
    assert pass_on_targets(host) == 0
    assert log_of(target) == ["add"]


def test_a_day_to_come_is_waited_for_and_the_daily_command_sees_to_it(host, unit, monkeypatch):
    target = target_of(programme_for(unit), unit)
    founded(host, "新镇党委", unit, ending=TOMORROW, active_from=TOMORROW)
    assert unit_of(target) == unit.name
    monkeypatch.setattr(timezone, "localdate", lambda *args: TOMORROW)
    assert (pass_on_everywhere(TOMORROW), pass_on_everywhere(TOMORROW)) == ((0, 1), (0, 0))
    assert unit_of(target) == "新镇党委"


def test_a_roster_workbook_that_merges_units_passes_their_targets_on(host, unit, other_unit):
    programme = programme_for(unit, other_unit)
    Group.objects.filter(host=host).update(name=TOWNS)
    header = ("单位全称", "类别", "前身")
    merged = roster(("新镇党委", TOWNS, f"{unit.name}；{other_unit.name}"), header=header)
    apply_roster(merged, host, close_missing=True)
    assert [unit_of(target_of(programme, each)) for each in (unit, other_unit)] == ["新镇党委"] * 2


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_it_costs_the_same_for_any_number_of_targets(host, unit, rows, django_assert_num_queries):
    programme_for(*branches_of(unit, rows))
    Organization.objects.filter(pk=unit.pk).update(active_to=TODAY)
    UnitFactory(parent=host, name="新镇党委").predecessors.add(unit)
    with django_assert_num_queries(10):
        assert pass_on_targets(host) == rows


@pytest.mark.django_db(transaction=True)
def test_reports_at_the_moment_of_a_merger_are_kept_or_refused_and_never_lost(host, unit, other_unit):
    targets = [target_of(programme_for(unit, name=f"工作{n}"), unit) for n in range(4)]
    person = somebody(Role.SECRETARY, unit)

    def answer(target):
        return report(task_of(target, "一"), "已完成", by=person, seen=0)

    answers = at_once(
        lambda: founded(host, "新镇党委", unit, other_unit),
        lambda: programme_for(unit, name="同时布置"),
        *(lambda each=each: answer(each) for each in targets),
    )
    assert {type(each) for each in answers[2:]} <= {ProgrammeEntry, NotYourStep}
    for target, given in zip(targets, answers[2:], strict=True):
        assert unit_of(target) == "新镇党委"
        reported = ProgrammeEntry.objects.filter(target=target, kind="report").count()
        assert reported == isinstance(given, ProgrammeEntry)
