"""Reading a document on the screen, and what stands behind its figures."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from organizations.requests import SignedInRequest
from organizations.responses import number_in
from reviews.models import ReportKind
from reviews.report_reading import Reading, field_page


def read(request: SignedInRequest, reading: Reading) -> HttpResponse:
    """The text, in which every figure and name that comes from the data leads to where it comes from."""
    context = {"reading": reading, "cycle": reading.cycle, "kinds": ReportKind.choices}
    return render(request, "reviews/report.html", context)


def explain_field(request: SignedInRequest, reading: Reading, key: str) -> HttpResponse:
    """One figure or name: its rule, its working, the rows behind it; 404 where the document has no such."""
    page = field_page(request.user, reading, key, unit=number_in(request, "unit"))
    if page is None:
        raise Http404
    context = {"page": page, "reading": reading, "cycle": reading.cycle}
    return render(request, "reviews/report_field.html", context)
