"""What a request does is done by its user: known to the trail while the request is answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audit.deeds import Actor, acting

WEB = "web"
LONGEST_ADDRESS = 45  # an IPv6 address with an IPv4 one in it


def known_deeds(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let every row that changes while a request is answered be known as its user's deed.

    Who that is, is asked when something is written: a page that only reads costs nothing. The answer
    names the request, so that a user who reports a fault can say which one it was.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex
        with acting(
            who=lambda: Actor.of(getattr(request, "user", None)),
            source=WEB,
            why="",
            request_id=name,
            address=address_of(request),
        ):
            response = get_response(request)
        response.headers["X-Request-ID"] = name
        return response

    return respond


def address_of(request: HttpRequest) -> str:
    """Where the request came from; behind a proxy (HTTPS=1) what that one appended to what it was told."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    return str(address)[:LONGEST_ADDRESS]
