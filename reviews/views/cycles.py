"""The host's cycles: their list, their settings and the steps from draft to published (rule 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.confirming import fresh_password
from organizations.hosts import host_of
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE, try_again
from organizations.tables import show_page
from reviews.assigning import assigned_work
from reviews.drafting import NotADraft, discard_cycle
from reviews.filters import CycleFilter
from reviews.findings_to_raise import count_to_raise
from reviews.forms import (
    LEAVE_OUT_STATES,
    CycleForm,
    NewCycleForm,
    PublishForm,
    ReasonForm,
    VerifyForm,
    proposed_cycle,
)
from reviews.models import CycleState, ReviewCycle
from reviews.opening import CannotOpen, open_cycle, refresh_roster
from reviews.outstanding import open_points
from reviews.overview import (
    correction_reason,
    documents_to_write,
    next_step,
    preview_publication,
    progress_of,
    step_marks,
)
from reviews.permissions import can_publish, can_run_cycles, can_see_draft, can_see_whole_table
from reviews.publishing import (
    NotReadyToPublish,
    StepRefused,
    correct_publication,
    publish_cycle,
    start_reply,
    step_back,
    verify_cycle,
)
from reviews.tables import CycleTable
from reviews.views.fetching import cycle_to_run, host_to_run, visible_cycle

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def list_cycles(request: SignedInRequest) -> HttpResponse:
    """The host's cycles, newest first."""
    host = host_of(request)
    runs = can_run_cycles(request.user, host)
    cycles = ReviewCycle.objects.visible_to(request.user).of_host(host).newest_first()
    found = CycleFilter(request.GET, queryset=cycles.with_publications().with_progress())
    table = CycleTable(found.qs, exclude=() if runs else CycleTable.FOR_STAFF)
    show_page(table, request, rows=40)
    context = {"table": table, "filter": found, "may_create": runs, "is_empty": not cycles.exists()}
    return render(request, "reviews/cycle_list.html", context)


@require_http_methods(GET_OR_POST)
def new(request: SignedInRequest) -> HttpResponse:
    """A new cycle, kept as a draft or opened at once."""
    host = host_to_run(request)
    if request.method != "POST":
        form = NewCycleForm(host=host, initial=proposed_cycle(host))
        return render(request, "reviews/cycle_new.html", {"form": form})
    form = NewCycleForm(request.POST, host=host)
    if not form.is_valid():
        return try_again(request, "reviews/cycle_new.html", {"form": form})
    try:
        with transaction.atomic():
            cycle = form.save()
    except IntegrityError:  # somebody made it between our look and our save
        form.add_error(None, _("There is a cycle for this quarter already."))
        return try_again(request, "reviews/cycle_new.html", {"form": form})
    if "open" in request.POST:
        return _opened(request, cycle)
    messages.success(request, _("%(quarter)s is kept as a draft.") % {"quarter": cycle.quarter.label})
    return redirect(cycle)


@require_http_methods(GET_OR_POST)
def edit(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Change a cycle's settings; what was published keeps those it was published with."""
    cycle = cycle_to_run(request, quarter)
    form = CycleForm(request.POST or None, instance=cycle, host=cycle.host)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The settings are saved."))
        return redirect(cycle)
    context = {"form": form, "cycle": cycle}
    if request.method == "POST":
        return try_again(request, "reviews/cycle_edit.html", context)
    return render(request, "reviews/cycle_edit.html", context)


@require_safe
def detail(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """A cycle's settings and publications; for the host's staff its steps and what is missing, too."""
    return _detail(request, visible_cycle(request, quarter))


@require_POST
def delete(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Remove a draft that was made by mistake."""
    cycle = cycle_to_run(request, quarter)
    try:
        discard_cycle(cycle)
    except NotADraft as refusal:
        messages.error(request, str(refusal))
        return redirect(cycle)
    messages.success(request, _("The draft %(quarter)s is deleted.") % {"quarter": quarter.label})
    return redirect("reviews:cycle-list")


@require_POST
def open_for_entry(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Open a draft for entry."""
    return _opened(request, cycle_to_run(request, quarter))


@require_POST
def take_roster(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Take the roster again: new units come in, those that ended unscored go."""
    cycle = cycle_to_run(request, quarter)
    try:
        change = refresh_roster(cycle)
    except CannotOpen as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The roster is up to date: %(added)s units added, %(removed)s removed.")
        counts = {"added": len(change.added), "removed": len(change.removed)}
        messages.success(request, said % counts)
    return redirect(cycle)


@require_POST
def reply(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Let the units see their own deductions."""
    cycle = cycle_to_run(request, quarter)
    return _stepped(request, cycle, lambda: start_reply(cycle, by=request.user))


@require_POST
def verify(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Close entry."""
    cycle = cycle_to_run(request, quarter)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return _detail(request, cycle, verify_form=form)
    reason = form.cleaned_data["exempt_reason"]
    return _stepped(request, cycle, lambda: verify_cycle(cycle, by=request.user, exempt_reason=reason))


@require_POST
@fresh_password
def back(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Open entry again, with a reason."""
    cycle = cycle_to_run(request, quarter)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _detail(request, cycle, back_form=form)
    reason = form.cleaned_data["reason"]
    return _stepped(request, cycle, lambda: step_back(cycle, by=request.user, reason=reason))


@require_http_methods(GET_OR_POST)
@fresh_password
def publish(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Show what would be published, and publish it; a cycle published before is corrected."""
    cycle = cycle_to_run(request, quarter)
    if cycle.state == CycleState.PUBLISHED:
        return _published_already(request, cycle)
    preview = preview_publication(cycle)
    options = {"is_correction": preview.is_correction, "needs_confirmation": bool(preview.warning)}
    context = {"cycle": cycle, "preview": preview, "documents": documents_to_write(cycle)}
    if request.method != "POST":
        form = PublishForm(**options, initial={"reason": correction_reason(cycle)})
        return render(request, "reviews/cycle_publish.html", {"form": form, **context})
    form = PublishForm(request.POST, **options)
    if not form.is_valid():
        return try_again(request, "reviews/cycle_publish.html", {"form": form, **context})
    confirmed = form.cleaned_data.get("confirm", False)
    try:
        if preview.is_correction:
            reason = form.cleaned_data["reason"]
            correct_publication(cycle, by=request.user, reason=reason, confirm=confirmed)
        else:
            publish_cycle(cycle, by=request.user, confirm=confirmed)
    except NotReadyToPublish:
        messages.error(request, _("Not published yet: this page says what is missing."))
        return redirect("reviews:cycle-publish", quarter)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("reviews:cycle-publish", quarter)
    said = (
        _("The correction of %(quarter)s is published.")
        if preview.is_correction
        else _("%(quarter)s is published.")
    )
    messages.success(request, said % {"quarter": quarter.label})
    return redirect("reviews:standings", quarter)


def _published_already(request: SignedInRequest, cycle: ReviewCycle) -> HttpResponse:
    """A second click, or a link from before: nothing is left to publish but a correction."""
    if request.method == "POST":
        messages.info(request, _("%(quarter)s is published.") % {"quarter": cycle.quarter.label})
        return redirect("reviews:standings", cycle.quarter)
    return render(request, "reviews/cycle_published.html", {"cycle": cycle, "back_form": ReasonForm()})


def _opened(request: SignedInRequest, cycle: ReviewCycle) -> HttpResponse:
    try:
        open_cycle(cycle.host, cycle.quarter, by=request.user)
    except CannotOpen as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(quarter)s is open for entry.") % {"quarter": cycle.quarter.label})
    return redirect(cycle)


def _stepped(request: SignedInRequest, cycle: ReviewCycle, step: Callable[[], ReviewCycle]) -> HttpResponse:
    """Take a step and say what came of it; a step that somebody took before says so."""
    try:
        taken = step()
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(quarter)s is now “%(state)s”.")
        messages.success(request, said % {"quarter": cycle.quarter.label, "state": taken.get_state_display()})
    return redirect(cycle)


def _detail(request: SignedInRequest, cycle: ReviewCycle, **bound_forms: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "cycle": cycle,
        "publications": cycle.publications.visible_to(request.user).newest_first(),
        "runs": can_publish(request.user, cycle),
        "reads_work": can_see_draft(request.user, cycle),
        "works_here": cycle.host_id in request.user.access.host_ids,
        "may_print_circular": cycle.latest_number is not None and can_see_whole_table(request.user, cycle),
    }
    if context["works_here"]:
        context["work"] = assigned_work(cycle, request.user)
    if context["reads_work"]:
        context |= _for_readers(cycle)
    if context["runs"]:
        context |= _for_staff(request, cycle) | bound_forms
    status = UNPROCESSABLE if bound_forms else 200
    return render(request, "reviews/cycle_detail.html", context, status=status)


def _for_readers(cycle: ReviewCycle) -> dict[str, Any]:
    return {
        "step_marks": step_marks(cycle),
        "correction_reason": correction_reason(cycle),
        "steps": cycle.steps.select_related("taken_by"),
        "batches": cycle.batches.kept().select_related("uploaded_by")[:5],
        "may_see_replies": cycle.reply_until is not None,
    }


def _for_staff(request: SignedInRequest, cycle: ReviewCycle) -> dict[str, Any]:
    progress = progress_of(cycle)
    return {
        "progress": progress,
        "step": next_step(cycle, progress),
        "open_points": open_points(cycle, request.user),
        "held": cycle.visits.visible_to(request.user).held().count(),
        "unraised": count_to_raise(cycle, request.user) if cycle.state == CycleState.PUBLISHED else 0,
        "verify_form": VerifyForm(),
        "back_form": ReasonForm(),
        "leave_out_states": LEAVE_OUT_STATES,
        "may_reply": cycle.reply_stage and cycle.state == CycleState.OPEN,
        "may_step_back": cycle.state in {CycleState.REPLY, CycleState.VERIFIED, CycleState.PUBLISHED},
    }
