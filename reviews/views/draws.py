"""Draw places to visit by lot, and show that a draw was fair."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organizations.permissions import require
from organizations.requests import SignedInRequest
from organizations.responses import try_again
from reviews.casting import DrawRefused, draw_places, is_repeatable, places_of
from reviews.models import Draw
from reviews.permissions import (
    can_draw,
    can_plan_visits,
    can_see_visits,
)
from reviews.views.fetching import host_to_visit, visible_draw
from reviews.visit_forms import DrawForm


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Choose units and draw; below, all draws so far."""
    host = host_to_visit(request)
    require(can_draw(request.user, host))
    draws = Draw.objects.visible_to(request.user).of_host(host).newest_first()
    context = {"draws": draws.select_related("cycle", "drawn_by")[:50]}
    if request.method != "POST":
        form = DrawForm(host=host, user=request.user)
        return render(request, "reviews/visit_draw.html", {"form": form, **context})
    form = DrawForm(request.POST, host=host, user=request.user)
    if form.is_valid():
        given = form.cleaned_data
        try:
            return redirect(
                draw_places(given["cycle"], form.chosen_units(), per_unit=given["per_unit"], by=request.user)
            )
        except DrawRefused as refusal:
            form.add_error(None, str(refusal))
    return try_again(request, "reviews/visit_draw.html", {"form": form, **context})


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A draw as it was kept, and whether drawing again with its seed gives the same."""
    kept = visible_draw(request, pk)
    places = places_of(kept)
    context = {
        "draw": kept,
        "places": places,
        "drawn": [place for place in places if place.order is not None],
        "checked": "check" in request.GET,
        "is_repeatable": is_repeatable(kept),
        "may_plan": can_plan_visits(request.user, kept.cycle.host),
        "sees_visits": can_see_visits(request.user, kept.cycle.host),
    }
    return render(request, "reviews/visit_draw_detail.html", context)
