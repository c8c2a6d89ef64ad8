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
from reviews.models import Publication, ReviewCycle
from reviews.permissions import can_publish, can_see_draft
from reviews.tables import StandingsTable
from reviews.views.fetching import visible_cycle
from reviews.views.keeping import kept_if_published

ROWS_A_PAGE = 200


@require_safe
def standings(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """One tab a group: the four lists as sentences, the table, and the unranked with their reasons."""
    cycle = visible_cycle(request, quarter)
    return kept_if_published(request, cycle, _publication(request, cycle), lambda: _page(request, cycle))


def _page(request: SignedInRequest, cycle: ReviewCycle) -> HttpResponse:
    seen = _seen_or_404(request, cycle)
    group = seen.group(number_in(request, "group")) if seen.groups else None
    filter_form = StandingsFilter(request.GET)
    filter_form.is_valid()
    name, show = filter_form.cleaned_data.get("name", ""), filter_form.cleaned_data.get("show", "")
    ranked = matching(group.ranked, name=name, named_in=show) if group else []
    unranked = matching(group.unranked, name=name) if group else []
    hidden = () if seen.baseline else StandingsTable.COMPARED
    table = StandingsTable(ranked, quarter=cycle.quarter, linked=_linked(request, cycle), exclude=hidden)
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
    if extension not in EXPORTS:
        raise Http404
    cycle = visible_cycle(request, quarter)
    publication = _publication(request, cycle)
    return kept_if_published(request, cycle, publication, lambda: _file(request, cycle, extension))


def _file(request: SignedInRequest, cycle: ReviewCycle, extension: str) -> HttpResponse:
    seen = _seen_or_404(request, cycle)
    write, content_type = EXPORTS[extension]
    return download(write(seen), export_name(seen, extension), content_type)


def _publication(request: SignedInRequest, cycle: ReviewCycle) -> Publication | None:
    """The one asked for, the newest unless numbered; None where live standings or none are."""
    if "draft" in request.GET or cycle.latest_number is None:
        return None
    number = number_in(request, "publication")
    publications = (
        cycle.publications.visible_to(request.user).newest_first().only("cycle", "number", "digest")
    )
    return next((each for each in publications if number in (None, each.number)), None)


def _seen_or_404(request: SignedInRequest, cycle: ReviewCycle) -> SeenStandings:
    """Standings not yet published answer exactly as those of a cycle that does not exist (rule 15)."""
    number = number_in(request, "publication")
    seen = seen_standings(request.user, cycle, number=number, draft="draft" in request.GET)
    if seen is None:
        raise Http404
    return seen


def _linked(request: SignedInRequest, cycle: ReviewCycle) -> set[int] | None:
    """Whose reviews this user may open: those of all units, or one's own."""
    return None if cycle.host_id in request.user.access.host_ids else request.user.access.unit_ids
