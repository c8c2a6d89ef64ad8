"""Refuse a request that carries more than any page asks for, before any of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from files.limits import LARGEST_REQUEST, MIB

TOO_LARGE = 413


def bounded_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Each file has a limit of its own, and so has their number; twenty of the largest are still too many.

    A body whose length is not said beforehand is none to Django.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit()) or int(length) <= LARGEST_REQUEST:
            return get_response(request)
        message = _("The files are larger than %(limit)s MB together. Send them in several steps.")
        context = {"message": message % {"limit": LARGEST_REQUEST // MIB}}
        return render(request, "organizations/too_large.html", context, status=TOO_LARGE)

    return respond
