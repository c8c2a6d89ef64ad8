"""The entry grid of a cycle, and the address its script saves to."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organizations.models import User
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest, sent_by_script
from organizations.responses import CONFLICT, TOO_LARGE, UNPROCESSABLE, number_in, refused
from reviews.entering import CellResult, Outcome, save_cells
from reviews.entry_grid import chosen_tab, entry_grid, grid_tabs
from reviews.entry_request import MalformedEntry, TooManyCells, read_entry
from reviews.permissions import can_enter_scores
from reviews.recording import EntryClosed, entry_closed_message
from reviews.views.fetching import cycle_to_fill, cycle_to_read


@require_safe
def grid(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """All units of a group against all indicators; ?group= chooses the tab, ?unit= the tab of a unit."""
    cycle = cycle_to_read(request, quarter)
    tabs = grid_tabs(cycle)
    context: dict[str, Any] = {"cycle": cycle, "tabs": tabs}
    if tabs:
        unit = number_in(request, "unit")
        context["tab"] = chosen_tab(tabs, place=number_in(request, "group"), unit=unit)
        context["grid"] = entry_grid(cycle, context["tab"])
        context["unit"] = str(unit or "")
    if not cycle.takes_scores:
        context["closed"] = entry_closed_message(cycle)
    elif not can_enter_scores(request.user, cycle):
        context["closed"] = _("You may read what is entered here and change nothing.")
    return render(request, "reviews/entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """POST: save cells, as JSON, and say what became of each. GET: a fresh token to post with."""
    cycle = cycle_to_fill(request, quarter)
    if request.method != "POST":
        return JsonResponse({"token": get_token(request)})
    try:
        entry = read_entry(sent_by_script(request))
    except (TooManyCells, RequestDataTooBig):
        return refused(_("Too much at once: send it in parts."), TOO_LARGE)
    except MalformedEntry:
        return refused(_("This is no list of cells."), UNPROCESSABLE)
    if entry.user != request.user.pk:
        # Another person signed in on this PC meanwhile: these cells are not theirs to sign.
        return refused(_("Somebody else is signed in here now."), 403)
    try:
        results = save_cells(cycle, entry.cells, request.user)
    except EntryClosed as refusal:
        return refused(str(refusal), CONFLICT)
    return JsonResponse({"results": [_told(result, request.user) for result in results]})


def _told(result: CellResult, user: User) -> dict[str, Any]:
    """One result for the script. text and version are the kept ones; by, own and at only after a conflict."""
    told: dict[str, Any] = {
        "review": result.typed.review,
        "indicator": result.typed.indicator,
        "outcome": result.outcome,
    }
    if result.kept is not None:
        told |= {"text": result.kept.text, "version": result.kept.version}
    if result.outcome == Outcome.REFUSED:
        told["message"] = result.message
    if result.outcome == Outcome.CONFLICT and result.kept and result.kept.recorded_at:
        when = timezone.localtime(result.kept.recorded_at)
        by = result.kept.recorded_by
        told |= {"by": by, "own": by == str(user), "at": f"{when:%Y-%m-%d %H:%M}"}
    return told
