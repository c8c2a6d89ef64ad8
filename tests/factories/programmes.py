"""Programmes, made by the product's own deeds, as far along as a test wants them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from organizations.models import Organization, Role, User
from organizations.quarter import Quarter
from rectification.models import Programme, Target, Task
from rectification.programme_progress import Measure
from rectification.programme_templates import BUILT_IN, NewRow, Template
from rectification.programme_work import SessionDetails, confirm, record_session, report
from rectification.programmes import Details, Due, assign_programme
from tests.factories.items import in_days, proof
from tests.factories.organizations import UnitFactory, somebody

WEAK, FIVE, PLATFORM, TRAINING, OTHER = BUILT_IN


def template_with(*rows: str, base: Template = FIVE) -> Template:
    """A template whose checklist has these rows, each passed or not."""
    return replace(base, rows=tuple(map(NewRow, rows)))


def percentage() -> Template:
    return replace(PLATFORM, rows=(NewRow("建设进度", measure=Measure.PERCENT),))


def sessions(goal: int) -> Template:
    return replace(TRAINING, rows=(NewRow("培训班次", measure=Measure.SESSIONS, goal=goal),))


def branches_of(unit: Organization, count: int) -> list[Organization]:
    """So many sub-units of a unit."""
    return [
        UnitFactory(parent=unit, group=None, name=f"{unit.name[:2]}第{number}党支部", position=number)
        for number in range(1, count + 1)
    ]


def assigned_to(
    *targets: Organization,
    template: Template = FIVE,
    quarter: str = "2018Q3",
    days: int | Sequence[int] = 30,
    host: Organization | None = None,
    by: User | None = None,
    **details: Any,
) -> Programme:
    """A programme for these units, due in so many days; several days make a class each."""
    host = host or host_above(targets[0])
    days = [days] if isinstance(days, int) else days
    names = [""] if len(days) == 1 else ["一类", "二类", "三类"][: len(days)]
    details.setdefault("name", template.name)
    target_class = details.pop("target_class", 0)
    return assign_programme(
        host,
        Quarter.parse(quarter),
        template,
        Details(**details),
        dues=[Due(in_days(each), name) for each, name in zip(days, names, strict=True)],
        targets=targets,
        target_class=target_class,
        by=by or somebody(Role.STAFF, host),
    )


def host_above(organization: Organization) -> Organization:
    """The host over a unit or a branch: the one that has groups."""
    above = organization
    while above.parent is not None:
        above = above.parent
    return above


def target_of(programme: Programme, organization: Organization) -> Target:
    return programme.targets.select_related("programme", "organization").get(organization=organization)


def task_of(target: Target, row: str = "") -> Task:
    """The task of a row; the only one there is without a name."""
    tasks = Task.objects.select_related("row", "target__programme").filter(target=target)
    return tasks.get(row__name=row) if row else tasks.get()


def reported(task: Task, *, by: User | None = None, percent: int | None = None, files: bool = True) -> Task:
    """A row that the unit reported."""
    secretary = by or somebody(Role.SECRETARY, task.target.unit)
    evidence = [proof()] if files else []
    report(task, "已完成", by=secretary, seen=task.version, percent=percent, files=evidence)
    return Task.objects.select_related("row", "target__programme").get(pk=task.pk)


def passed(task: Task, *, by: User | None = None) -> Task:
    """A row that the unit reported and somebody else confirmed."""
    percent = 100 if task.measure is Measure.PERCENT else None
    task = reported(task, percent=percent)
    confirm(task, by=by or somebody(Role.STAFF, task.target.programme.host), seen=task.version)
    return Task.objects.select_related("row", "target__programme").get(pk=task.pk)


def held(task: Task, *, by: User, topic: str = "基层党务培训", **details: Any) -> Task:
    """A row with one more session that was held."""
    details = {"held_on": in_days(-1), "planned": 40, "attended": 36, "audience": "支部书记"} | details
    record_session(task, SessionDetails(topic=topic, **details), by=by, seen=task.version)
    return Task.objects.select_related("row", "target__programme").get(pk=task.pk)


def finished_target(target: Target, *, by: User | None = None) -> Target:
    """A target all of whose rows are passed."""
    for task in Task.objects.select_related("row", "target__programme").filter(target=target):
        passed(task, by=by)
    return Target.objects.select_related("programme", "organization").get(pk=target.pk)


def day(days: int) -> datetime.date:
    return in_days(days)
