"""What the ledger amounts to on any day, on screen, on paper and as a workbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.hosts import host_of
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE, download
from rectification.figures_forms import DayForm
from rectification.figures_page import COLUMNS, figures_name, figures_on, figures_xlsx, quarter_ends
from workbooks.writing import XLSX


@require_safe
def show(request: SignedInRequest) -> HttpResponse:
    """By group and unit, by category and in all; ?on= chooses the day."""
    host, today = host_of(request), timezone.localdate()
    form = DayForm(request.GET)
    on = form.day
    context = {
        "host": host,
        "form": form,
        "found": figures_on(request.user, host, on),
        "columns": COLUMNS,
        "is_today": on == today,
        "quarter_ends": quarter_ends(today),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "rectification/figures.html", context, status=status)


@require_safe
def export(request: SignedInRequest) -> HttpResponse:
    """The same as an .xlsx file."""
    host, form = host_of(request), DayForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('rectification:figures')}?{request.GET.urlencode()}")
    found = figures_on(request.user, host, form.day)
    return download(figures_xlsx(found), figures_name(found), XLSX)
