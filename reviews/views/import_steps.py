"""What goes on beside an import: work in the background, and headings whose meaning is asked for."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from reviews.background import cancel, start_check, watch
from reviews.heading_forms import HeadingsForm
from reviews.models import BatchState, ImportBatch
from reviews.remembering import forget_heading, remember_headings
from reviews.uploads import UploadRefused, what_was_found
from reviews.views.fetching import cycle_to_fill, visible_batch, visible_meaning
from reviews.views.imports import found_page
from workbooks.sheets import UnreadableWorkbook


@require_safe
def progress(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """How far the background is, for the page that asks every second; once it has ended, the page itself. An
    upload that was forgotten meanwhile leads to the next one.
    """
    cycle = cycle_to_fill(request, quarter)
    try:
        batch = visible_batch(request, cycle, pk)
        watched = watch(batch)
    except (Http404, ImportBatch.DoesNotExist):
        return HttpResponseClientRedirect(reverse("reviews:import", args=[cycle.quarter]))
    if watched is None or watched.has_died:
        return HttpResponseClientRedirect(batch.get_absolute_url())
    return render(request, "reviews/_import_progress.html", {"batch": batch, "watched": watched})


@require_POST
def stop(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Give up the check or the import that is under way."""
    cycle = cycle_to_fill(request, quarter)
    batch = visible_batch(request, cycle, pk)
    cancel(batch)
    return redirect(batch)


@require_POST
def again(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Check the kept file once more, from the start."""
    cycle = cycle_to_fill(request, quarter)
    batch = visible_batch(request, cycle, pk)
    start_check(batch)
    return redirect(batch)


@require_POST
def headings(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Remember what headings mean and check the kept file again."""
    cycle = cycle_to_fill(request, quarter)
    batch = visible_batch(request, cycle, pk)
    was_checked = batch.state == BatchState.FAILED and batch.summary is not None
    if batch.state != BatchState.PREVIEWED and not was_checked:
        return redirect(batch)
    try:
        found = what_was_found(batch)
    except (UnreadableWorkbook, UploadRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("reviews:import", cycle.quarter)
    if not found.headings:
        return redirect(batch)
    form = HeadingsForm(request.POST, found=found)
    if not form.is_valid():
        return found_page(request, cycle, batch, found, form)
    remember_headings(cycle.host, form.meanings(), by=request.user)
    messages.success(request, _("What you said is remembered, and the workbook is checked again."))
    if batch.is_large:
        start_check(batch)
    return redirect(batch)


@require_POST
def forget(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Let a heading be unknown again."""
    cycle = cycle_to_fill(request, quarter)
    meaning = visible_meaning(request, cycle, pk)
    forget_heading(meaning)
    messages.success(request, _("“%(heading)s” is no longer remembered.") % {"heading": meaning.heading})
    return redirect("reviews:import", cycle.quarter)
