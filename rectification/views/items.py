"""One item: what is wrong, who puts it right by when, and all that happened to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.requests import SignedInRequest
from rectification.models import Serial
from rectification.permissions import can_return_to, can_run_ledger
from rectification.views.fetching import visible_item


@require_safe
def detail(request: SignedInRequest, serial: Serial) -> HttpResponse:
    """One item with its log."""
    item = visible_item(request, serial)
    steps = item.steps.select_related("by").prefetch_related("evidence")
    context = {
        "item": item,
        "steps": steps,
        "may_send_check": can_run_ledger(request.user, item.host),
        "may_return": can_return_to(request.user, item),
    }
    return render(request, "rectification/item_detail.html", context)
