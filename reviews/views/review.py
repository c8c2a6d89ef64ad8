"""One unit's review, and leaving a unit out of a quarter."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.permissions import require
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from rectification.unit_items import unit_items
from reviews.findings_to_raise import Finding, unit_to_raise
from reviews.forms import LEAVE_OUT_STATES, LeaveOutForm
from reviews.models import Review, Visit
from reviews.permissions import can_publish, can_raise_items, can_see_draft
from reviews.publishing import StepRefused, leave_out, put_back
from reviews.sheet import neighbours, sheet_for
from reviews.views.fetching import visible_cycle, visible_review
from reviews.why_moved import explain_move


@require_safe
def detail(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """The unit's indicators, what was lost and why, its total and place, and its places over the quarters."""
    cycle = visible_cycle(request, quarter)
    review = visible_review(request, cycle, pk)
    sheet = sheet_for(request.user, review, draft="draft" in request.GET)
    if sheet is None:
        raise Http404
    works_here = cycle.host_id in request.user.access.host_ids
    context = {
        "cycle": cycle,
        "review": review,
        "sheet": sheet,
        "explanation": explain_move(request.user, review, sheet),
        "neighbours": neighbours(review) if works_here else None,
        "is_draft": sheet.standing is None and can_see_draft(request.user, cycle),
        "is_reply": sheet.standing is None and not can_see_draft(request.user, cycle),
        "prepares_correction": cycle.is_being_corrected and can_see_draft(request.user, cycle),
        "may_leave_out": cycle.takes_scores and can_publish(request.user, cycle),
        "leave_out_states": LEAVE_OUT_STATES,
        "unit_items": unit_items(request.user, review.organization),
        # What a correction is finding stands on its draft; this page goes on saying what was published.
        "to_raise": () if sheet.standing and cycle.is_being_corrected else _to_raise(request, review),
        "visits": Visit.objects.of_review(review, request.user) if can_see_draft(request.user, cycle) else (),
    }
    return render(request, "reviews/review_detail.html", context)


@require_POST
def leave_unit_out(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Say why the unit is not scored this quarter."""
    review = _review_to_run(request, quarter, pk)
    form = LeaveOutForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("%(unit)s: say why it is not scored.") % {"unit": review.organization})
        return _back(request, review)
    try:
        leave_out(review, state=form.cleaned_data["state"], reason=form.cleaned_data["reason"])
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(unit)s is left out of this quarter.") % {"unit": review.organization})
    return _back(request, review)


@require_POST
def put_unit_back(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Take back that the unit was left out."""
    review = _review_to_run(request, quarter, pk)
    try:
        put_back(review)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(unit)s takes part again.") % {"unit": review.organization})
    return _back(request, review)


def _to_raise(request: SignedInRequest, review: Review) -> list[Finding]:
    """What was found at the unit and has no item yet, for those who may raise it."""
    may_raise = can_raise_items(request.user, review.cycle, review.organization_id)
    return unit_to_raise(review.cycle, review.organization, request.user) if may_raise else []


def _back(request: SignedInRequest, review: Review) -> HttpResponse:
    """To the page that the form stood on."""
    if request.POST.get("back") == "completeness":
        return redirect("reviews:completeness", review.cycle.quarter)
    return redirect(review.cycle)


def _review_to_run(request: SignedInRequest, quarter: Quarter, pk: int) -> Review:
    cycle = visible_cycle(request, quarter)
    review = visible_review(request, cycle, pk)
    require(can_publish(request.user, cycle))
    return review
