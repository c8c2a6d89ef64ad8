"""Whether a quarter is complete, as a workbook: a sheet a part. For the host's staff only."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from reviews.completeness import (
    PersonEntry,
    UnitEntry,
    Visiting,
    Work,
    deductions_of,
    entry_by_person,
    entry_by_unit,
    visiting_of,
)
from reviews.models import Deduction, DeductionSource, ReviewCycle, Visit
from workbooks.writing import Table, Written, write_xlsx


def completeness_xlsx(cycle: ReviewCycle, user: User) -> bytes:
    """Units, deductions that lack something, visits by unit and inspector, and who entered what.

    user: whose view of the visits it is (rule 16).
    """
    incomplete = deductions_of(cycle, user).incomplete().with_names().in_own_order()
    visiting = visiting_of(cycle, user)
    return write_xlsx(
        [
            _units([(group.name, unit) for group in entry_by_unit(cycle) for unit in group.units]),
            _deductions(list(incomplete)),
            _visits(visiting),
            _visits_by_inspector(visiting),
            _people(entry_by_person(cycle)),
        ]
    )


def completeness_name(cycle: ReviewCycle) -> str:
    """What the file is called, so that nobody takes it for published."""
    return f"{cycle.quarter.label}完整性检查（内部）.xlsx"


def _units(units: list[tuple[str, UnitEntry]]) -> Table:
    header = [
        _("Group"),
        _("Unit"),
        _("State"),
        _("Reason"),
        _("Entered"),
        _("Of"),
        _("Missing"),
        _("Entered by"),
    ]
    rows: list[list[Written]] = [
        [
            group,
            unit.review.organization.name,
            unit.review.get_state_display(),
            unit.review.reason,
            unit.entered,
            unit.expected,
            "、".join(unit.missing),
            "\n".join(_work(work) for work in unit.work),
        ]
        for group, unit in units
    ]
    return Table(_("Scores by unit"), header, rows)


def _work(work: Work) -> str:
    text = _("%(who)s: %(cells)s, last %(at)s") % {
        "who": work.who or "—",
        "cells": work.cells,
        "at": _moment(work.last_at),
    }
    return f"{text} · {work.workbook}" if work.workbook else text


def _deductions(deductions: list[Deduction]) -> Table:
    header = [
        _("Unit"),
        _("Indicator"),
        _("Lost"),
        _("Reason"),
        _("Photo"),
        _("Source"),
        _("By"),
        _("Recorded at"),
    ]
    rows: list[list[Written]] = [
        [
            row.review.organization.name,
            row.indicator.name,
            row.points,
            row.reason or _("No reason"),
            _photo(row),
            str(DeductionSource(row.source).label),
            str(row.recorded_by or ""),
            _moment(row.recorded_at),
        ]
        for row in deductions
    ]
    return Table(_("Reasons and photos"), header, rows)


def _photo(deduction: Deduction) -> str:
    if deduction.source != DeductionSource.VISIT:
        return ""
    return _("Yes") if deduction.has_photo else _("No photo")


def _visits(visiting: Visiting) -> Table:
    header = [_("Group"), _("Unit"), _("Done"), _("Not counted yet"), _("Planned"), _("Visits")]
    rows: list[list[Written]] = [
        [
            row.group,
            row.unit.name,
            len(row.done),
            len(row.held),
            len(row.planned),
            "\n".join(_visit(visit) for visit in (*row.done, *row.held, *row.planned)),
        ]
        for row in visiting.units
    ]
    return Table(_("Who visited whom"), header, rows)


def _visit(visit: Visit) -> str:
    day = f"{visit.visited_on:%Y-%m-%d}" if visit.visited_on else "—"
    people = "、".join(str(inspector) for inspector in visit.inspectors.all())
    return " · ".join(filter(None, [day, visit.get_state_display(), visit.place_label, people]))


def _visits_by_inspector(visiting: Visiting) -> Table:
    """Inspectors against units: how often each was there."""
    header = [_("Unit"), *(inspector.who for inspector in visiting.inspectors)]
    rows: list[list[Written]] = [
        [row.unit.name, *(inspector.visits.get(row.unit.pk) for inspector in visiting.inspectors)]
        for row in visiting.units
    ]
    return Table(_("Inspectors and units"), header, rows)


def _people(people: tuple[PersonEntry, ...]) -> Table:
    header = [_("Who"), _("Cells"), _("Deductions"), _("First"), _("Last"), _("Workbooks")]
    rows: list[list[Written]] = [
        [
            person.who or "—",
            person.cells,
            person.deductions,
            _moment(person.first_at),
            _moment(person.last_at),
            "\n".join(person.workbooks),
        ]
        for person in people
    ]
    return Table(_("Who entered what"), header, rows)


def _moment(at: datetime.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
