"""What is answered where no view could answer: pages that lean on nothing, in both languages."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

BAD_REQUEST, TOO_LARGE, FAILED = 400, 413, 500


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request itself is wrong: a host that is not ours, a broken form, or more than is taken."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _page(request, "413.html", TOO_LARGE)
    return _page(request, "400.html", BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke; what was being written is rolled back with its transaction."""
    return _page(request, "500.html", FAILED)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """No context processors: they would ask the session and the database, which may be what broke."""
    context = {
        "nonce": getattr(request, "csp_nonce", ""),
        "request_id": getattr(request, "request_id", ""),
    }
    return HttpResponse(render_to_string(template, context), status=status)
