"""What a request does is done by its user: known to the trail while the request is answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit.addresses import client_address
from audit.deeds import Actor, acting

WEB = "web"


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
            address=client_address(request),
        ):
            response = get_response(request)
        response.headers["X-Request-ID"] = name
        return response

    return respond
