"""Whether a quarter is complete, part by part, and all of it as a workbook."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import download
from organizations.tables import show_page
from reviews.completeness import (
    deductions_of,
    entry_by_person,
    entry_by_unit,
    lacks_by_source,
    visiting_of,
)
from reviews.completeness_sheets import completeness_name, completeness_xlsx
from reviews.filters import IncompleteFilter
from reviews.forms import LEAVE_OUT_STATES
from reviews.models import ReviewCycle
from reviews.permissions import can_publish
from reviews.tables import IncompleteTable
from reviews.views.fetching import cycle_to_read
from workbooks.writing import XLSX

ROWS_A_PAGE = 50


class Part(models.TextChoices):
    """What one looks for, one tab each."""

    UNITS = "units", _("Scores by unit")
    DEDUCTIONS = "deductions", _("Reasons and photos")
    VISITS = "visits", _("Who visited whom")
    PEOPLE = "people", _("Who entered what")


@require_safe
def page(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """One part of what is there and what is missing; ?part= chooses it."""
    cycle = cycle_to_read(request, quarter)
    chosen = request.GET.get("part", "")
    part = Part(chosen) if chosen in Part.values else Part.UNITS
    context: dict[str, Any] = {"cycle": cycle, "part": part.value, "parts": Part.choices}
    if part is Part.UNITS:
        context["groups"] = entry_by_unit(cycle)
        context["may_leave_out"] = cycle.takes_scores and can_publish(request.user, cycle)
        context["leave_out_states"] = LEAVE_OUT_STATES
    elif part is Part.DEDUCTIONS:
        context |= _incomplete(request, cycle)
    elif part is Part.VISITS:
        context["visiting"] = visiting_of(cycle, request.user)
    else:
        context["people"] = entry_by_person(cycle)
    return render(request, "reviews/completeness.html", context)


@require_safe
def export(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """All parts as an .xlsx file, a sheet each."""
    cycle = cycle_to_read(request, quarter)
    return download(completeness_xlsx(cycle, request.user), completeness_name(cycle), XLSX)


def _incomplete(request: SignedInRequest, cycle: ReviewCycle) -> dict[str, Any]:
    deductions = deductions_of(cycle, request.user)
    found = IncompleteFilter(request.GET, queryset=deductions.with_names().in_own_order(), cycle=cycle)
    table = IncompleteTable(found.qs, quarter=cycle.quarter)
    show_page(table, request, rows=ROWS_A_PAGE)
    return {"filter": found, "table": table, "sources": lacks_by_source(cycle, request.user)}
