"""The annual report: the page to read it on, print view and files."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.hosts import host_of
from organizations.models import Organization
from organizations.permissions import require
from organizations.requests import SignedInRequest
from organizations.responses import download, number_in
from organizations.revalidating import unless_kept
from reviews.office_templates import template_digest
from reviews.printing import give_back_connections, print_document
from reviews.reports.annual_content import published_annual_report
from reviews.reports.document import OfficialDocument
from reviews.reports.renderers import RENDERERS, render_html
from reviews.seen_years import SeenYear, seen_year
from reviews.year_preview import draft_report

DRAFT = "?draft=1"


@require_safe
def page(request: SignedInRequest, year: int) -> HttpResponse:
    """The report on the screen."""
    return printed(request, year)


@require_safe
def printed(request: SignedInRequest, year: int) -> HttpResponse:
    """The report as it prints, with the way to its files."""
    host = host_of(request)
    seen = _seen(request, host, year)
    return _kept_if_published(request, seen, lambda: _paper(request, host, seen))


def _paper(request: SignedInRequest, host: Organization, seen: SeenYear) -> HttpResponse:
    year = seen.year
    document, which = _document(host, seen)
    files = [
        (label, reverse("reviews:year-report-file", args=[year, extension]) + which)
        for label, extension in (("PDF", "pdf"), ("Word", "docx"))
    ]
    back = (_("Back to the year"), reverse("reviews:year-detail", args=[year]) + which)
    nonce = str(request.csp_nonce)
    give_back_connections()
    return HttpResponse(render_html(document, links=[*files, back], is_draft=which == DRAFT, nonce=nonce))


@require_safe
def file(request: SignedInRequest, year: int, extension: str) -> HttpResponse:
    """The report as .docx or .pdf."""
    host = host_of(request)
    seen = _seen(request, host, year)
    if extension not in RENDERERS or extension == "html":
        raise Http404
    template = template_digest(host.pk, "annual") if extension == "docx" else ""
    return _kept_if_published(request, seen, lambda: _file(host, seen, extension), template)


def _file(host: Organization, seen: SeenYear, extension: str) -> HttpResponse:
    document, which = _document(host, seen)
    rendered = print_document(document, extension, host=host.pk, kind="annual")
    name = document.title + ("（送审稿）" if which == DRAFT else "")
    return download(rendered.body, f"{name}.{extension}", rendered.content_type)


def _kept_if_published(
    request: SignedInRequest, seen: SeenYear, answer: Callable[[], HttpResponse], *more: object
) -> HttpResponse:
    """The answer to a reader who may read the report. Beside it stands only which publication is in force."""
    if seen.publication is None:
        return answer()
    in_force = seen.publications[0]
    shown = (seen.publication.digest, in_force.digest, in_force.published_at, *more)
    return unless_kept(request, *shown, answer=answer)


def _seen(request: SignedInRequest, host: Organization, year: int) -> SeenYear:
    """The year asked for, as far as this user may see it.

    404 before the year is published, except for the host's staff, who may ask for what would be. The report
    prints every unit, so a unit reads it only where the year shows it the whole table (rule 15); else 403.
    """
    number, draft = number_in(request, "publication"), "draft" in request.GET
    seen = seen_year(request.user, host, year, number=number, draft=draft)
    if seen is None:
        raise Http404
    if not draft:
        if seen.publication is None:
            raise Http404
        require(seen.is_whole)
    return seen


def _document(host: Organization, seen: SeenYear) -> tuple[OfficialDocument, str]:
    """The report, and the query that asks for the same again."""
    if seen.publication is None:
        return draft_report(host, seen.year), DRAFT
    return published_annual_report(seen.publication), f"?publication={seen.publication.number}"
