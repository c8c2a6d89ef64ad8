"""Every step of programmes in every state, as everybody, on the own unit's target and on another's."""

from itertools import product
from pathlib import Path

import pytest

from organizations.models import Role
from rectification.lifecycle import Part
from rectification.models import Programme, ProgrammeEntry, ProgrammeSession, Target, Task
from rectification.programme_rules import (
    RULES,
    Kind,
    Level,
    ProgrammeStanding,
    Surroundings,
    TargetStanding,
    TaskStanding,
    confirmed_state,
    may_take,
)
from rectification.programme_stepping import Place, Said, step, take
from rectification.stepping import StepRefused
from tests.factories.items import in_days
from tests.factories.organizations import HostFactory, somebody
from tests.factories.programmes import assigned_to, sessions, target_of, task_of

STATES = {
    Level.PROGRAMME: list(ProgrammeStanding),
    Level.TARGET: list(TargetStanding),
    Level.TASK: list(TaskStanding),
}
BY_THEMSELVES = {Kind.ASSIGN, Kind.ADD, Kind.COMPLETE, Kind.PASS_ON}
ALL = [(kind, state) for kind in RULES for state in STATES[RULES[kind].level]]


def test_every_kind_is_a_step_or_happens_by_itself():
    assert set(Kind) == set(RULES) | BY_THEMSELVES


@pytest.mark.parametrize("kind", RULES)
def test_nothing_moves_in_a_closed_programme_but_the_programme(kind):
    rule = RULES[kind]
    for standing in (ProgrammeStanding.FINISHED, ProgrammeStanding.WITHDRAWN):
        around = Surroundings(standing, TargetStanding.OPEN)
        allowed = any(may_take(kind, state, around, frozenset({Part.STAFF})) for state in rule.states)
        assert allowed == (rule.level is Level.PROGRAMME)


@pytest.mark.parametrize("state", TaskStanding)
def test_nobody_confirms_what_they_reported_themselves(state):
    around = Surroundings(ProgrammeStanding.RUNNING, TargetStanding.OPEN)
    staff, both = frozenset({Part.STAFF}), frozenset({Part.STAFF, Part.UNIT})
    assert may_take(Kind.CONFIRM, state, around, staff) == (state is TaskStanding.REPORTED)
    assert not may_take(Kind.CONFIRM, state, around, staff, acted_for_unit=True)
    assert not may_take(Kind.CONFIRM, state, around, both)


def test_a_percentage_below_all_goes_on():
    assert (confirmed_state(False), confirmed_state(True)) == (TaskStanding.OPEN, TaskStanding.PASSED)


@pytest.fixture
def people(host, unit, other_unit):
    return {
        "staff": somebody(Role.STAFF, host),
        "administrator": somebody(Role.ADMINISTRATOR, host),
        "leader": somebody(Role.LEADER, host),
        "inspector": somebody(Role.INSPECTOR, host),
        "own secretary": somebody(Role.SECRETARY, unit),
        "other secretary": somebody(Role.SECRETARY, other_unit),
        "stranger": somebody(Role.STAFF, HostFactory()),
    }


# As what each acts on the unit's target; who is not named may take no step at all.
PARTS = {
    "staff": frozenset({Part.STAFF}),
    "administrator": frozenset({Part.STAFF}),
    "own secretary": frozenset({Part.UNIT}),
}
COMPLETE = {
    Kind.REPORT: Said(text="已完成"),
    Kind.NAME: Said(responsible="张三"),
    Kind.EXTEND: Said(text="道路施工", due_on=in_days(90)),
}


@pytest.mark.parametrize(("kind", "state"), ALL)
def test_every_step_is_taken_by_whom_it_is_for_and_refused_to_all_others(kind, state, people, unit):
    """Each person tries each step from each state; a refused one changes nothing."""
    programme = assigned_to(unit, template=sessions(1))
    task = task_of(target_of(programme, unit))
    session = ProgrammeSession.objects.create(task=task, held_on=in_days(-1), topic="培训", attended=9)
    level = RULES[kind].level
    for person, user in people.items():
        subject = set_up(programme, task, kind, state)
        parts = PARTS.get(person, frozenset()) if level is not Level.PROGRAMME else staff_alone(person)
        around = Surroundings(ProgrammeStanding.RUNNING, TargetStanding.OPEN)
        allowed = may_take(kind, state, around, parts)
        before = (subject.version, ProgrammeEntry.objects.count())
        said = COMPLETE.get(kind, Said(text="因故"))
        if allowed:
            taken(subject, kind, said, user, session)
            subject.refresh_from_db()
            assert subject.state == (RULES[kind].to or state)
        else:
            with pytest.raises(StepRefused):
                taken(subject, kind, said, user, session)
            subject.refresh_from_db()
            assert (subject.state, subject.version, ProgrammeEntry.objects.count()) == (state, *before)


def staff_alone(person):
    return frozenset({Part.STAFF}) if person in ("staff", "administrator") else frozenset()


def set_up(programme, task, kind, state):
    """The three rows in the state the step is to be tried from."""
    target, level = task.target, RULES[kind].level
    Programme.objects.filter(pk=programme.pk).update(state="running", has_demonstrations=True)
    Target.objects.filter(pk=target.pk).update(
        state="open",
        done_on=None,
        due_on=target.original_due_on,
        is_demonstration=kind is Kind.UNMARK,
    )
    Task.objects.filter(pk=task.pk).update(state="open", value=1)
    if level is Level.PROGRAMME:
        Programme.objects.filter(pk=programme.pk).update(state=state)
        return Programme.objects.get(pk=programme.pk)
    if level is Level.TARGET:
        day = in_days(0) if state == "done" else None
        Target.objects.filter(pk=target.pk).update(state=state, done_on=day)
        return Target.objects.get(pk=target.pk)
    Task.objects.filter(pk=task.pk).update(state=state)
    ProgrammeSession.objects.update(is_called_off=False)
    return task_of(target)


def taken(subject, kind, said, user, session):
    if kind in (Kind.PLAN, Kind.HOLD, Kind.CALL_OFF):
        target = Target.objects.select_related("programme").get(pk=subject.target_id)
        step(Place(target.programme, target, subject, session), kind, said, by=user)
    else:
        take(subject, kind, said, by=user, seen=subject.version)


def test_the_number_of_cases_is_told(capsys):
    cases = len(ALL) * 7
    allowed = sum(
        may_take(kind, state, Surroundings(ProgrammeStanding.RUNNING, TargetStanding.OPEN), parts)
        for (kind, state), (person, parts) in product(ALL, PARTS.items())
        if RULES[kind].level is not Level.PROGRAMME or Part.STAFF in parts
    )
    with capsys.disabled():
        print(f"\nprogrammes: {cases} cases of step, state and person; {allowed} allowed")  # noqa: T201
    assert 0 < allowed < cases


def test_the_documentation_prints_these_rules():
    page = (Path(__file__).parents[2] / "docs" / "programmes.md").read_text(encoding="utf-8")
    for rule in RULES.values():
        why = ", with a reason" if rule.says_why else ", by a second person" if rule.second_person else ""
        by = ", ".join(part.value for part in Part if part in rule.by)
        cells = [rule.kind + why, rule.level, ", ".join(sorted(rule.states)), rule.to or "", by]
        assert f"| {' | '.join(cells)} |".replace("|  |", "| |") in page
