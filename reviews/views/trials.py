"""Other settings tried before publication, and chosen once their effect was seen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import try_again
from reviews.choosing import choose_settings, may_choose
from reviews.forms import TrialForm
from reviews.models import CycleState
from reviews.permissions import can_publish
from reviews.publishing import StepRefused
from reviews.trying import Settings, settings_in_words, try_settings, with_settings_of
from reviews.views.fetching import cycle_to_read, cycle_to_run


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Whom the lists would name under other settings, beside whom they name now; and how firm they are."""
    fetch = cycle_to_run if request.method == "POST" else cycle_to_read
    cycle = fetch(request, quarter)
    given = request.POST if request.method == "POST" else request.GET
    trial = with_settings_of(cycle)
    form = TrialForm(given if "list_size" in given else None, instance=trial, host=cycle.host)
    context = {"cycle": cycle, "form": form, "settings": settings_in_words(cycle)}
    if cycle.state == CycleState.DRAFT:
        return render(request, "reviews/cycle_compare.html", context)
    if form.is_bound and not form.is_valid():
        return try_again(request, "reviews/cycle_compare.html", context)
    if request.method == "POST":
        try:
            choose_settings(cycle, trial, seen=request.POST.get("seen", ""), by=request.user)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The settings are saved."))
        return redirect("reviews:cycle-compare", quarter)
    context |= {
        "trial": try_settings(cycle, trial),
        "chosen": form.cleaned_data if form.is_bound else {},
        "seen": Settings.of(cycle).key,
        "runs": can_publish(request.user, cycle),
        "may_choose": may_choose(cycle),
    }
    return render(request, "reviews/cycle_compare.html", context)
