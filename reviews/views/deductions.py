"""The deductions that make the points of one cell: read them, add one, explain one, withdraw one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import try_again
from reviews.cells import kept_cell
from reviews.deducting import (
    ReasonRefused,
    WithdrawalRefused,
    give_reason,
    record_deduction,
    withdraw_deduction,
)
from reviews.deduction_forms import DeductionForm, ReasonLaterForm, WithdrawForm
from reviews.models import Deduction, Indicator, Review
from reviews.permissions import can_enter_scores, can_raise_items
from reviews.recording import EntryClosed
from reviews.views.fetching import cycle_to_fill, cycle_to_read, visible_review


@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: SignedInRequest, quarter: Quarter, pk: int, indicator: int) -> HttpResponse:
    """A unit's deductions for one indicator; staff add and withdraw while entry is open, auditors read."""
    fetch = cycle_to_fill if request.method == "POST" else cycle_to_read
    cycle = fetch(request, quarter)
    review = visible_review(request, cycle, pk)
    of = get_object_or_404(review.rubric.indicators.select_related("section"), pk=indicator)
    if request.method != "POST":
        return render(
            request, "reviews/deductions.html", _context(request, review, of, DeductionForm(indicator=of))
        )
    if "withdraw" in request.POST:
        return _withdrawn(request, review, of)
    if "explain" in request.POST:
        return _explained(request, review, of)
    form = DeductionForm(request.POST, indicator=of)
    if not form.is_valid():
        return try_again(request, "reviews/deductions.html", _context(request, review, of, form))
    try:
        record_deduction(review, of, form.taken, reason=form.why, by=request.user)
    except EntryClosed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The deduction is recorded."))
    return redirect(request.path)


def _withdrawn(request: SignedInRequest, review: Review, indicator: Indicator) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the deduction is withdrawn."))
        return redirect(request.path)
    of_cell = Deduction.objects.of_cell(review, indicator)
    deduction = get_object_or_404(of_cell, pk=form.cleaned_data["withdraw"])
    try:
        withdraw_deduction(deduction, reason=form.cleaned_data["reason"], by=request.user)
    except (EntryClosed, WithdrawalRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The deduction is withdrawn."))
    return redirect(request.path)


def _explained(request: SignedInRequest, review: Review, indicator: Indicator) -> HttpResponse:
    form = ReasonLaterForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what the points are deducted for."))
        return redirect(request.path)
    of_cell = Deduction.objects.of_cell(review, indicator)
    deduction = get_object_or_404(of_cell, pk=form.cleaned_data["explain"])
    try:
        give_reason(deduction, reason=form.cleaned_data["reason"], by=request.user)
    except (EntryClosed, ReasonRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The reason is recorded."))
    return redirect(request.path)


def _context(
    request: SignedInRequest, review: Review, indicator: Indicator, form: DeductionForm
) -> dict[str, Any]:
    deductions = Deduction.objects.of_cell(review, indicator)
    return {
        "cycle": review.cycle,
        "review": review,
        "indicator": indicator,
        "deductions": deductions.select_related("recorded_by", "reason_given_by", "withdrawn_by", "item"),
        "may_record": review.cycle.takes_scores and can_enter_scores(request.user, review.cycle),
        "may_raise": can_raise_items(request.user, review.cycle, review.organization_id),
        "back": f"deductions/{review.organization_id}/{indicator.pk}",
        "cell": kept_cell(review, indicator),
        "form": form,
    }
