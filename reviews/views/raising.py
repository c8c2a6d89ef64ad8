"""Raise what a quarter found as rectification items: all at once, or one with one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from files.kinds import FileRefused
from files.pictures import PhotoRefused
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import try_again
from rectification.stepping import StepRefused
from reviews.findings_to_raise import Finding, FindingKey, to_raise
from reviews.models import ReviewCycle
from reviews.raise_forms import CHOSEN, RaiseForm
from reviews.raising import Raised, RaisingRefused, raise_findings, usual_due_date
from reviews.views.fetching import cycle_to_fill

MOST_LISTED = 1_000
REFUSALS = (RaisingRefused, StepRefused, FileRefused, PhotoRefused)


@require_http_methods(["GET", "HEAD", "POST"])
def all_findings(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """All that was found and has no item yet, unit by unit, to raise or to link with one button."""
    cycle = cycle_to_fill(request, quarter)
    template = "reviews/items_raise.html"
    if request.method != "POST":
        form = RaiseForm(initial={"due_on": usual_due_date(cycle)})
        return render(request, template, _context(request, cycle, form))
    form = RaiseForm(request.POST)
    if not form.is_valid():
        return try_again(request, template, _context(request, cycle, form))
    given = form.cleaned_data
    try:
        raised = raise_findings(cycle, given["chosen"], due_on=given["due_on"], by=request.user)
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return try_again(request, template, _context(request, cycle, form))
    _tell(request, raised)
    return redirect("reviews:items-raise", quarter)


@require_POST
def one_finding(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Raise one deduction or problem, with the date the cycle sets; back to where the button stood."""
    cycle = cycle_to_fill(request, quarter)
    key = FindingKey.parse(request.POST.get(CHOSEN, ""))
    raised = Raised((), ())
    try:
        if key is not None:
            raised = raise_findings(cycle, {key: None}, due_on=usual_due_date(cycle), by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, raised)
    return _back(request, cycle)


def _context(request: SignedInRequest, cycle: ReviewCycle, form: RaiseForm) -> dict[str, Any]:
    waiting = to_raise(cycle, request.user, at_most=MOST_LISTED)
    return {
        "cycle": cycle,
        "waiting": waiting,
        "form": form,
        "ticked": form.ticked if form.is_bound else None,
    }


def _tell(request: SignedInRequest, raised: Raised) -> None:
    if not raised.items and not raised.linked:
        messages.info(request, _("Nothing was left to raise: somebody raised it before."))
    if len(raised.items) == 1:
        messages.success(request, _("%(serial)s is raised.") % {"serial": raised.items[0].serial})
        _tell_of_reported(request, raised.findings[0])
    elif raised.items:
        said = _("%(count)s items are raised: %(first)s to %(last)s.")
        first, last = raised.items[0].serial, raised.items[-1].serial
        messages.success(request, said % {"count": len(raised.items), "first": first, "last": last})
    if raised.linked:
        text = ngettext(
            "%(count)s finding is linked to what its unit had reported.",
            "%(count)s findings are linked to what their units had reported.",
            len(raised.linked),
        )
        messages.success(request, text % {"count": len(raised.linked)})


def _tell_of_reported(request: SignedInRequest, finding: Finding) -> None:
    """Raising with one click asks nothing; what may be counted twice is said afterwards."""
    if finding.reported:
        text = _("The unit may have reported the same itself (%(serial)s): if so, merge the two.")
        messages.info(request, text % {"serial": finding.reported[0].serial})


def _back(request: SignedInRequest, cycle: ReviewCycle) -> HttpResponse:
    """To the page that the button stood on, as the button says; no address is taken from the request."""
    page, *keys = request.POST.get("back", "").split("/")
    numbers = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]
    pages = {"visit": 1, "review": 1, "deductions": 2}
    if len(numbers) != pages.get(page):
        return redirect("reviews:items-raise", cycle.quarter)
    if page == "visit":
        return redirect("reviews:visit-detail", *numbers)
    return redirect(
        "reviews:review-detail" if page == "review" else "reviews:deductions", cycle.quarter, *numbers
    )
