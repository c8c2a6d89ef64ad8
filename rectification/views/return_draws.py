"""Draw struck-off items for return visits by lot, and show that a draw was fair."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from rectification.models import ReturnDraw
from rectification.permissions import (
    can_see_return_visits,
)
from rectification.return_visit_forms import SampleForm
from rectification.sampling import DrawRefused, draw_items, is_repeatable, items_of
from rectification.views.fetching import (
    host_to_run,
    visible_return_draw,
)

LOTS_A_PAGE = 200


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Choose among what to draw, and draw; below, all draws so far."""
    host = host_to_run(request)
    form = SampleForm(request.POST or None, host=host)
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["client_uuid"]
            return redirect(draw_items(host, form.sample(), by=request.user, client_uuid=key))
        except DrawRefused as refusal:
            form.add_error(None, str(refusal))
    draws = ReturnDraw.objects.visible_to(request.user).of_host(host).newest_first()
    context = {"form": form, "draws": draws.select_related("drawn_by")[:50]}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "rectification/return_visit_draw.html", context, status=status)


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A draw as it was kept, and whether drawing again with its seed gives the same."""
    kept = visible_return_draw(request, pk)
    items = items_of(kept)
    drawn = sorted((item for item in items if item.order is not None), key=lambda item: item.order or 0)
    context = {
        "draw": kept,
        "page": Paginator(items, LOTS_A_PAGE).get_page(request.GET.get("page")),
        "drawn": drawn,
        "checked": "check" in request.GET,
        "is_repeatable": is_repeatable(kept),
        "may_visit": can_see_return_visits(request.user, kept.host),
    }
    return render(request, "rectification/return_draw_detail.html", context)
