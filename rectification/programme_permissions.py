"""Who may do what with programmes; views and deeds ask here. What one may see is `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable

from organizations.models import WRITE_ROLES, Organization, User
from rectification.lifecycle import Part
from rectification.models import Programme, ProgrammeEntry, Target, Task
from rectification.programme_rules import RULES, Kind, Level, Surroundings, may_take


def can_run_programmes(user: User, host: Organization | None) -> bool:
    """Assign programmes, choose targets, confirm, extend, finish: the host's staff."""
    return user.access.holds(host, *WRITE_ROLES)


def parts_in_programme(user: User, programme: Programme) -> frozenset[Part]:
    """As what the user acts on the programme itself."""
    return frozenset({Part.STAFF}) if programme.host_id in user.access.staffed_host_ids else frozenset()


def parts_in_target(user: User, target: Target) -> frozenset[Part]:
    """As what the user acts on this target: a unit's secretary answers for the unit, for its branches and for
    what a closed unit left to it, whose own people do so no longer.
    """
    parts = set(parts_in_programme(user, target.programme))
    access = user.access
    if _is_of(target, access.answered_unit_ids):
        parts.add(Part.UNIT)
    elif _is_of(target, access.unit_ids):
        parts.add(Part.CLERK)
    return frozenset(parts)


def _is_of(target: Target, units: set[int]) -> bool:
    """Whether the target is one of these units, or a branch or what is left of a closed unit of theirs."""
    is_branch = target.organization.parent_id != target.programme.host_id
    return target.unit_id in units or (is_branch and target.organization_id in units)


def programme_steps_open_to(user: User, programme: Programme) -> frozenset[Kind]:
    """The steps of the programme itself that the user may take as it stands. No query."""
    parts = parts_in_programme(user, programme)
    around = Surroundings(programme.state)
    return frozenset(
        kind
        for kind, rule in RULES.items()
        if rule.level is Level.PROGRAMME and may_take(kind, programme.state, around, parts)
    )


def target_steps_open_to(user: User, target: Target) -> frozenset[Kind]:
    """The steps of the target itself that the user may take as it stands. No query."""
    parts = parts_in_target(user, target)
    around = Surroundings(target.programme.state, target.state)
    return frozenset(
        kind
        for kind, rule in RULES.items()
        if rule.level is Level.TARGET and may_take(kind, target.state, around, parts)
    )


def task_steps_open_to(user: User, target: Target, tasks: Iterable[Task]) -> dict[int, frozenset[Kind]]:
    """For each task, by key, the steps the user may take as it stands. One query, whatever their number."""
    parts = parts_in_target(user, target)
    around = Surroundings(target.programme.state, target.state)
    acted = ProgrammeEntry.objects.of_target(target).for_unit_by(user).values_list("task_id", flat=True)
    of_user = set(acted) if parts else set()
    return {
        task.pk: frozenset(
            kind
            for kind, rule in RULES.items()
            if rule.level is Level.TASK
            and may_take(kind, task.state, around, parts, acted_for_unit=task.pk in of_user)
        )
        for task in tasks
    }
