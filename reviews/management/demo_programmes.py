"""The demo's assigned work: a programme of each of the last two quarters, and one that is done."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone

from organizations.models import Organization, User
from organizations.quarter import Quarter
from rectification.models import Programme, Task
from rectification.programme_progress import Measure
from rectification.programme_templates import BUILT_IN, NewRow, Template
from rectification.programme_work import confirm, report
from rectification.programmes import Details, Due, assign_programme

WEAK, FIVE, _PLATFORMS, _TRAINING, OTHER = BUILT_IN


def assign_of_second_quarter(host: Organization, quarter: Quarter, *, staff: User, clerk: User) -> None:
    """The five transformations, half done, and lessons in the villages, all done.

    clerk: writes down what units without an account report.
    """
    units = list(Organization.objects.under(host).filter(group__isnull=False).in_own_order())
    five = _assign(host, quarter, FIVE, units[2:12], staff, lead_office="区委组织部组织科", days=160)
    _finish(five, units[2:7], staff=staff, clerk=clerk)
    lessons = Template(
        "",
        OTHER.kind,
        "送课下乡",
        "组织区级骨干教师到村讲党课，每个乡镇不少于两场。",
        (),
        (NewRow("按要求完成"),),
    )
    done = _assign(host, quarter, lessons, units[:4], staff, lead_office="区委党校", days=60)
    _finish(done, units[:4], staff=staff, clerk=clerk)


def assign_of_third_quarter(host: Organization, quarter: Quarter, *, staff: User) -> None:
    """Weak and lax organizations, by two dates."""
    units = list(Organization.objects.under(host).filter(group__isnull=False).in_own_order())
    _assign(host, quarter, WEAK, units[14:17], staff, lead_office="区委组织部组织科", days=40)


def _assign(
    host: Organization,
    quarter: Quarter,
    template: Template,
    targets: Sequence[Organization],
    staff: User,
    *,
    lead_office: str,
    days: int,
) -> Programme:
    """days: from today until the first due date; each further class has thirty more."""
    names = template.classes or ("",)
    today = timezone.localdate()
    return assign_programme(
        host,
        quarter,
        template,
        Details(template.name, template.text, lead_office=lead_office, origin=f"{quarter.label}点评讲话"),
        dues=[
            Due(today + datetime.timedelta(days=days + 30 * number), name)
            for number, name in enumerate(names)
        ],
        targets=targets,
        by=staff,
    )


def _finish(programme: Programme, units: Sequence[Organization], *, staff: User, clerk: User) -> None:
    """Let these units report every row, and the staff confirm it."""
    tasks = Task.objects.filter(target__programme=programme, target__organization__in=units)
    for task in tasks.select_related("row", "target__programme"):
        assert task.measure is Measure.PASS
        report(task, "已按要求完成，台账齐全。", by=clerk, seen=task.version)
        task.refresh_from_db()
        confirm(task, by=staff, seen=task.version)
