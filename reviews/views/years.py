"""A host's year: its page, the page of one unit's year, its rule and its publication."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organizations.confirming import fresh_password
from organizations.hosts import host_of
from organizations.requests import SignedInRequest
from organizations.responses import download, number_in, try_again
from organizations.tables import show_page
from reviews.models import Publication, ReviewYear
from reviews.permissions import can_run_cycles
from reviews.seen_years import SeenYear, absence_in_words, seen_year
from reviews.views.fetching import host_to_run
from reviews.year_exports import YEAR_EXPORTS, year_export_name
from reviews.year_forms import PublishYearForm, YearForm
from reviews.year_preview import preview_year
from reviews.year_publishing import YearRefused, publish_year
from reviews.year_results import YearLine
from reviews.year_sheet import year_sheet
from reviews.year_tables import YearTable, year_unit_address

GET_OR_POST = ("GET", "HEAD", "POST")
ROWS_A_PAGE = 200


@require_safe
def newest(request: SignedInRequest) -> HttpResponse:
    """The newest year of which the user may see something; a page that says so while there is none."""
    years = Publication.objects.visible_to(request.user).years(host_of(request))
    if years:
        return redirect("reviews:year-detail", years[0])
    return render(request, "reviews/year_none.html")


@require_safe
def detail(request: SignedInRequest, year: int) -> HttpResponse:
    """One tab a group: the year's lists, the four quarters of each unit side by side, and the year."""
    seen = _seen_or_404(request, year)
    group = seen.group(number_in(request, "group"))
    works_here = seen.host.pk in request.user.access.host_ids
    linked = None if works_here else request.user.access.unit_ids
    table = YearTable(group.ranked, seen=seen, group=group, linked=linked)
    show_page(table, request, rows=ROWS_A_PAGE)
    years = Publication.objects.visible_to(request.user).years(seen.host)
    context = {
        "seen": seen,
        "group": group,
        "table": table,
        "unranked": [_unranked(seen, line, linked) for line in group.unranked],
        "other_years": [each for each in years if each != year],
        "runs": can_run_cycles(request.user, seen.host),
        "works_here": works_here,
    }
    return render(request, "reviews/year_detail.html", context)


@require_safe
def export(request: SignedInRequest, year: int, extension: str) -> HttpResponse:
    """The same year, as far as this user may see it, as .xlsx or .csv."""
    seen = _seen_or_404(request, year)
    if extension not in YEAR_EXPORTS:
        raise Http404
    write, content_type = YEAR_EXPORTS[extension]
    return download(write(seen), year_export_name(seen, extension), content_type)


@require_safe
def unit(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The quarters of one unit side by side: places, totals, indicators and what was lost."""
    seen = _seen_or_404(request, year)
    sheet = year_sheet(request.user, seen, pk)
    if sheet is None:
        raise Http404
    return render(request, "reviews/year_unit.html", {"seen": seen, "sheet": sheet})


@require_http_methods(GET_OR_POST)
def settings(request: SignedInRequest, year: int) -> HttpResponse:
    """The rule of the year; what was published keeps the one it was published with."""
    host = host_to_run(request)
    form = YearForm(request.POST or None, instance=ReviewYear.of_host(host, year))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The settings are saved."))
        return redirect("reviews:year-detail", year)
    context = {"form": form, "year": year}
    if request.method == "POST":
        return try_again(request, "reviews/year_settings.html", context)
    return render(request, "reviews/year_settings.html", context)


@require_http_methods(GET_OR_POST)
@fresh_password
def publish(request: SignedInRequest, year: int) -> HttpResponse:
    """Show what publishing the year would say, and publish it; a year published before is corrected."""
    host = host_to_run(request)
    preview = preview_year(host, year)
    if preview is None:
        raise Http404
    options = {"is_correction": preview.is_correction, "has_gaps": bool(preview.warning)}
    form = PublishYearForm(request.POST if request.method == "POST" else None, **options)
    context = {"form": form, "preview": preview, "year": year}
    if request.method != "POST":
        return render(request, "reviews/year_publish.html", context)
    if not form.is_valid():
        return try_again(request, "reviews/year_publish.html", context)
    reason, confirm = form.cleaned_data.get("reason", ""), form.cleaned_data.get("confirm", False)
    try:
        publish_year(host, year, by=request.user, reason=reason, confirm=confirm)
    except YearRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("reviews:year-publish", year)
    messages.success(request, _("The year %(year)s is published.") % {"year": year})
    return redirect("reviews:year-detail", year)


def _unranked(seen: SeenYear, line: YearLine, linked: set[int] | None) -> tuple[str, str, str]:
    """A unit without an annual place: its name, the reason, and its page where the user may open it."""
    opens = linked is None or line.unit in linked
    return (
        line.name,
        absence_in_words(line, seen.results),
        year_unit_address(seen, line.unit) if opens else "",
    )


def _seen_or_404(request: SignedInRequest, year: int) -> SeenYear:
    """A year of which nothing is published answers exactly as one that does not exist (rule 15)."""
    number = number_in(request, "publication")
    seen = seen_year(request.user, host_of(request), year, number=number, draft="draft" in request.GET)
    if seen is None:
        raise Http404
    return seen
