"""One deed for many items: choose in the list, fill in, look at what will happen, do it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from rectification.bulk import (
    BulkRefused,
    Deed,
    Fate,
    Pick,
    carry_out,
    foresee,
    items_of,
    picks_of,
    read_picks,
    summary,
)
from rectification.ledger_forms import FORMS
from rectification.models import Item
from rectification.views.fetching import found_items, host_to_run, visible_ledger


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: SignedInRequest) -> HttpResponse:
    """Lead from the ticked items to what the deed sets, to what would happen, and to what did.

    The address alone holds no choice: whoever comes back to it chooses anew.
    """
    host = host_to_run(request)
    if request.method != "POST":
        return redirect("rectification:item-list")
    found = found_items(request, QueryDict(request.POST.get("query", "")))
    back = f"{reverse('rectification:item-list')}?{found.query}".rstrip("?")
    try:
        deed = Deed.named(request.POST.get("deed", ""))
        wants_all = "all" in request.POST and not found.problem
        picks = picks_of(found.qs) if wants_all else read_picks(deed, request.POST.getlist("item"))
    except BulkRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    items = _items(request, picks)
    stage = request.POST.get("stage", "")
    is_filled = deed.sets_nothing or stage in ("show", "do")
    form = FORMS[deed](request.POST, is_filled=is_filled, deed=deed, host=host, items=items)
    context = {"deed": deed, "form": form, "back": back, "query": found.query}
    if not form.is_valid():
        return _fill(request, context, picks, items)
    if stage != "do":
        fates = foresee(form.order(), picks, items, by=request.user)
        return render(request, "rectification/bulk_confirm.html", context | _parted(fates))
    fates = carry_out(form.order(), picks, items, by=request.user)
    line = summary(deed, fates)
    if all(fate.is_done for fate in fates):
        messages.success(request, line)
        return redirect(back)
    return render(request, "rectification/bulk_done.html", context | _parted(fates) | {"line": line})


def _items(request: SignedInRequest, picks: Sequence[Pick]) -> list[Item]:
    items = items_of(picks, visible_ledger(request))
    if len(items) != len(picks):
        raise Http404
    return items


def _fill(
    request: SignedInRequest, context: dict[str, Any], picks: Sequence[Pick], items: Sequence[Item]
) -> HttpResponse:
    seen = {pick.pk: pick.seen for pick in picks}
    context["chosen"] = [(f"{item.pk}.{seen[item.pk]}", item) for item in items]
    status = UNPROCESSABLE if context["form"].is_bound else 200
    return render(request, "rectification/bulk_fill.html", context, status=status)


def _parted(fates: Sequence[Fate]) -> dict[str, Any]:
    """What is refused apart from what is done."""
    return {
        "fates": fates,
        "done": [fate for fate in fates if fate.is_done],
        "refused": [fate for fate in fates if not fate.is_done],
    }
