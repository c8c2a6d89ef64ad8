"""The circular of a published cycle: print view and files."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.permissions import require
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import download, number_in
from reviews.models import Publication
from reviews.permissions import can_see_whole_table
from reviews.reports.content import circular_content
from reviews.reports.renderers import RENDERERS, render_html
from reviews.views.fetching import visible_cycle


@require_safe
def circular(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """The circular as a page to read and print, with the way to its files."""
    publication = _publication(request, quarter)
    which = f"?publication={publication.number}"
    files = [
        (label, reverse("reviews:circular-file", args=[quarter, extension]) + which)
        for label, extension in (("PDF", "pdf"), ("Word", "docx"))
    ]
    back = (_("Back to the standings"), reverse("reviews:standings", args=[quarter]) + which)
    return HttpResponse(render_html(circular_content(publication), links=[*files, back]))


@require_safe
def file(request: SignedInRequest, quarter: Quarter, extension: str) -> HttpResponse:
    """The circular as .docx or .pdf."""
    publication = _publication(request, quarter)
    if extension not in RENDERERS or extension == "html":
        raise Http404
    content = circular_content(publication)
    rendered = RENDERERS[extension](content)
    return download(rendered.body, f"{content.title}.{extension}", rendered.content_type)


def _publication(request: SignedInRequest, quarter: Quarter) -> Publication:
    """The publication asked for, the newest unless numbered; 404 before there is any.

    The circular prints the whole table and every unit's problems, so a unit reads it only where the
    cycle shows the table (rule 15); else 403.
    """
    cycle = visible_cycle(request, quarter)
    publications = cycle.publications.visible_to(request.user)
    number = number_in(request, "publication") or cycle.latest_number
    publication = get_object_or_404(publications, number=number)
    require(can_see_whole_table(request.user, cycle))
    return publication
