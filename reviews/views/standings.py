"""A cycle's standings: the page and its exports."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import download, number_in
from organizations.tables import show_page
from reviews.disclosing import SeenStandings, matching, seen_standings
from reviews.exports import EXPORTS, export_name
from reviews.forms import Show, StandingsFilter
from reviews.models import ReviewCycle
from reviews.permissions import can_publish, can_see_draft
from reviews.tables import StandingsTable
from reviews.views.fetching import visible_cycle

ROWS_A_PAGE = 200


@require_safe
def standings(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """One tab a group: the four lists as sentences, the table, and the unranked with their reasons."""
    cycle, seen = _seen_or_404(request, quarter)
    group = seen.group(number_in(request, "group")) if seen.groups else None
    filter_form = StandingsFilter(request.GET)
    filter_form.is_valid()
    name, show = filter_form.cleaned_data.get("name", ""), filter_form.cleaned_data.get("show", "")
    ranked = matching(group.ranked, name=name, named_in=show) if group else []
    unranked = matching(group.unranked, name=name) if group else []
    hidden = () if seen.baseline else StandingsTable.COMPARED
    table = StandingsTable(ranked, quarter=quarter, linked=_linked(request, cycle), exclude=hidden)
    show_page(table, request, rows=ROWS_A_PAGE)
    context = {
        "cycle": cycle,
        "seen": seen,
        "group": group,
        "table": table if show != Show.UNRANKED else None,
        "unranked": unranked if show in (Show.ALL, Show.UNRANKED) else [],
        "filter_form": filter_form,
        "is_filtered": bool(name or show),
        "shows_draft": seen.publication is None,
        "prepares_correction": can_see_draft(request.user, cycle) and cycle.is_being_corrected,
        "may_publish": can_publish(request.user, cycle),
        "may_print_circular": seen.publication is not None and seen.is_whole,
    }
    return render(request, "reviews/standings.html", context)


@require_safe
def export(request: SignedInRequest, quarter: Quarter, extension: str) -> HttpResponse:
    """The same standings, as far as this user may see them, as .xlsx or .csv."""
    __, seen = _seen_or_404(request, quarter)
    if extension not in EXPORTS:
        raise Http404
    write, content_type = EXPORTS[extension]
    return download(write(seen), export_name(seen, extension), content_type)


def _seen_or_404(request: SignedInRequest, quarter: Quarter) -> tuple[ReviewCycle, SeenStandings]:
    """Standings not yet published answer exactly as those of a cycle that does not exist (rule 15)."""
    cycle = visible_cycle(request, quarter)
    number = number_in(request, "publication")
    seen = seen_standings(request.user, cycle, number=number, draft="draft" in request.GET)
    if seen is None:
        raise Http404
    return cycle, seen


def _linked(request: SignedInRequest, cycle: ReviewCycle) -> set[int] | None:
    """Whose reviews this user may open: those of all units, or one's own."""
    return None if cycle.host_id in request.user.access.host_ids else request.user.access.unit_ids
