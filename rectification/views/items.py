"""One item: what is wrong, who puts it right by when, and all that happened to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.requests import SignedInRequest
from rectification.models import Item, Serial
from rectification.views.fetching import host_of, visible_item


@require_safe
def list_items(request: SignedInRequest) -> HttpResponse:
    """The ledger (its place only)."""
    items = Item.objects.visible_to(request.user).of_host(host_of(request)).most_pressing_first()
    return render(request, "rectification/item_list.html", {"items": items[:50]})


@require_safe
def detail(request: SignedInRequest, serial: Serial) -> HttpResponse:
    """One item with its log."""
    item = visible_item(request, serial)
    steps = item.steps.select_related("by").prefetch_related("evidence")
    return render(request, "rectification/item_detail.html", {"item": item, "steps": steps})
