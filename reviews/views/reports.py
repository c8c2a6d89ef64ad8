"""The documents of a cycle: the page to read them on, print view and files."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organizations.permissions import require
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import download, number_in
from reviews.models import CycleState, Publication, ReviewCycle
from reviews.office_templates import template_digest
from reviews.permissions import can_publish, can_see_draft, can_see_whole_table
from reviews.printing import give_back_connections, print_document
from reviews.report_reading import Reading, draft_reading, published_reading
from reviews.report_texts import composition
from reviews.reports.content import published_document
from reviews.reports.document import OfficialDocument
from reviews.reports.renderers import RENDERERS, render_html
from reviews.views.composer import compose, is_composed
from reviews.views.fetching import visible_cycle
from reviews.views.keeping import kept_if_published
from reviews.views.report_reading import explain_field, read

DRAFT = "?draft=1"


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedInRequest, quarter: Quarter, kind: str) -> HttpResponse:
    """The document on the screen: to write for the staff while it can be written, else to read."""
    cycle = visible_cycle(request, quarter)
    if is_composed(request, cycle):
        return compose(request, cycle, kind)
    publication = _asked_for(request, cycle)
    if request.method == "POST":
        require(can_publish(request.user, cycle))
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return kept_if_published(
        request, cycle, publication, lambda: read(request, _reading(request, cycle, publication, kind))
    )


@require_safe
def field(request: SignedInRequest, quarter: Quarter, kind: str, key: str) -> HttpResponse:
    """Where one figure or name of the document comes from."""
    cycle = visible_cycle(request, quarter)
    return explain_field(request, _reading(request, cycle, _asked_for(request, cycle), kind), key)


@require_safe
def printed(request: SignedInRequest, quarter: Quarter, kind: str) -> HttpResponse:
    """The document as it prints, with the way to its files."""
    cycle = visible_cycle(request, quarter)
    publication = _asked_for(request, cycle)
    return kept_if_published(request, cycle, publication, lambda: _paper(request, cycle, publication, kind))


def _paper(
    request: SignedInRequest, cycle: ReviewCycle, publication: Publication | None, kind: str
) -> HttpResponse:
    quarter = cycle.quarter
    document, which = _document(cycle, publication, kind)
    files = [
        (label, reverse("reviews:report-file", args=[quarter, kind, extension]) + which)
        for label, extension in (("PDF", "pdf"), ("Word", "docx"))
    ]
    is_draft = which == DRAFT
    back = (
        (
            _("Back to writing") if can_publish(request.user, cycle) else _("Back to the draft"),
            reverse("reviews:report", args=[quarter, kind]),
        )
        if is_draft
        else (_("Back to the standings"), reverse("reviews:standings", args=[quarter]) + which)
    )
    nonce = str(request.csp_nonce)
    give_back_connections()
    return HttpResponse(render_html(document, links=[*files, back], is_draft=is_draft, nonce=nonce))


@require_safe
def file(request: SignedInRequest, quarter: Quarter, kind: str, extension: str) -> HttpResponse:
    """The document as .docx or .pdf."""
    cycle = visible_cycle(request, quarter)
    publication = _asked_for(request, cycle)
    if extension not in RENDERERS or extension == "html":
        raise Http404
    template = template_digest(cycle.host_id, kind) if extension == "docx" else ""
    return kept_if_published(
        request, cycle, publication, lambda: _file(cycle, publication, kind, extension), template
    )


def _file(cycle: ReviewCycle, publication: Publication | None, kind: str, extension: str) -> HttpResponse:
    document, which = _document(cycle, publication, kind)
    rendered = print_document(document, extension, host=cycle.host_id, kind=kind)
    name = document.title + ("（送审稿）" if which == DRAFT else "")
    return download(rendered.body, f"{name}.{extension}", rendered.content_type)


def _reading(
    request: SignedInRequest, cycle: ReviewCycle, publication: Publication | None, kind: str
) -> Reading:
    """The document of a publication, or without one the draft, to read."""
    if publication is None:
        return draft_reading(cycle, kind)
    publications = cycle.publications.visible_to(request.user).newest_first()
    return published_reading(publication, list(publications), kind)


def _document(cycle: ReviewCycle, publication: Publication | None, kind: str) -> tuple[OfficialDocument, str]:
    """The same to print, and the query that asks for it again: ?publication=2 or ?draft=1."""
    if publication is None:
        return composition(cycle, kind).document(), DRAFT
    return published_document(publication, kind), f"?publication={publication.number}"


def _asked_for(request: SignedInRequest, cycle: ReviewCycle) -> Publication | None:
    """The publication asked for, or None for what is being prepared; 404 or 403 where neither may be read."""
    return None if _wants_draft(request, cycle) else published(request, cycle)


def _wants_draft(request: SignedInRequest, cycle: ReviewCycle) -> bool:
    """Whether what is being prepared is meant: asked for, or all there is; the host's staff's alone."""
    if cycle.state in {CycleState.DRAFT, CycleState.PUBLISHED} or not can_see_draft(request.user, cycle):
        return False
    return "draft" in request.GET or cycle.latest_number is None


def published(request: SignedInRequest, cycle: ReviewCycle) -> Publication:
    """The publication asked for, the newest unless numbered; 404 before there is any.

    The documents print the whole table and every unit's problems, so a unit reads them only where the
    cycle shows the table (rule 15); else 403.
    """
    publications = cycle.publications.visible_to(request.user).select_related("cycle")
    number = number_in(request, "publication") or cycle.latest_number
    publication = get_object_or_404(publications, number=number)
    require(can_see_whole_table(request.user, cycle))
    return publication
