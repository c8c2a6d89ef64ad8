"""What a request does is done by its user: known to the trail while the request is answered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from structlog.contextvars import get_contextvars

from audit.addresses import client_address
from audit.deeds import Actor, acting

WEB = "web"


def known_deeds(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let every row that changes while a request is answered be known as its user's deed.

    Who that is, is asked when something is written: a page that only reads costs nothing. The request
    bears the same name here as in the log and in its answer.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        with acting(
            who=lambda: Actor.of(getattr(request, "user", None)),
            source=WEB,
            why="",
            request_id=get_contextvars().get("request_id", ""),
            address=client_address(request),
        ):
            return get_response(request)

    return respond
