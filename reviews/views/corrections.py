"""The notice that a circular was corrected: print view and files, for those who may read the circular."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import download
from reviews.models import Publication, ReviewCycle
from reviews.office_templates import template_digest
from reviews.printing import give_back_connections, print_document
from reviews.reports.content import correction_notice
from reviews.reports.renderers import RENDERERS, render_html
from reviews.views.fetching import visible_cycle
from reviews.views.keeping import kept_if_published
from reviews.views.reports import published


@require_safe
def page(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """The notice as it prints, with the way to its files."""
    cycle = visible_cycle(request, quarter)
    publication = _correction(request, cycle)
    return kept_if_published(request, cycle, publication, lambda: _paper(request, publication))


def _paper(request: SignedInRequest, publication: Publication) -> HttpResponse:
    quarter = publication.cycle.quarter
    which = f"?publication={publication.number}"
    files = [
        (label, reverse("reviews:correction-file", args=[quarter, extension]) + which)
        for label, extension in (("PDF", "pdf"), ("Word", "docx"))
    ]
    circular = (_("Circular"), reverse("reviews:report", args=[quarter, "circular"]) + which)
    back = (_("Back to the standings"), reverse("reviews:standings", args=[quarter]) + which)
    notice = correction_notice(publication)
    nonce = str(request.csp_nonce)
    give_back_connections()
    return HttpResponse(render_html(notice, links=[*files, circular, back], nonce=nonce))


@require_safe
def file(request: SignedInRequest, quarter: Quarter, extension: str) -> HttpResponse:
    """The notice as .docx or .pdf."""
    cycle = visible_cycle(request, quarter)
    publication = _correction(request, cycle)
    if extension not in RENDERERS or extension == "html":
        raise Http404
    template = template_digest(cycle.host_id, "circular") if extension == "docx" else ""
    return kept_if_published(request, cycle, publication, lambda: _file(publication, extension), template)


def _file(publication: Publication, extension: str) -> HttpResponse:
    notice = correction_notice(publication)
    rendered = print_document(notice, extension, host=publication.cycle.host_id, kind="circular")
    return download(rendered.body, f"{notice.title}.{extension}", rendered.content_type)


def _correction(request: SignedInRequest, cycle: ReviewCycle) -> Publication:
    """The correction asked for, the newest unless numbered; 404 for a first publication, as for none."""
    publication = published(request, cycle)
    if not publication.is_correction:
        raise Http404
    return publication
