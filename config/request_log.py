"""One line in the log for each request: what was asked, by whose account, how it ended and how long it took.

django-structlog writes it. Here is what it shall not write: what people search for, who they are and where
they sit (docs/decisions/0049).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django_structlog.middlewares.request import RequestMiddleware
from structlog.contextvars import bind_contextvars

from config.request_id import HEADER, current_request_id, is_well_formed

if TYPE_CHECKING:
    from collections.abc import Awaitable

# Static files, and what a monitor asks every ten seconds: it logs for itself what it finds wrong.
QUIET = (f"/{settings.STATIC_URL.strip('/')}/", "/healthz")


class RequestLog(RequestMiddleware):
    """Name each request, log it once when it is answered, and tell the name in the answer."""

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if request.path_info.startswith(QUIET):
            return self.get_response(request)
        return super().__call__(request)

    def prepare(self, request: HttpRequest) -> None:
        if not is_well_formed(request.META.get("HTTP_X_REQUEST_ID", "")):
            request.META.pop("HTTP_X_REQUEST_ID", None)
        super().prepare(request)
        request.request_id = current_request_id()  # type: ignore[attr-defined]
        request.asked_at = time.perf_counter()  # type: ignore[attr-defined]

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers[HEADER] = current_request_id()
        # A file would be wrapped to log its end, and the server could not let the system send it.
        is_file = getattr(response, "file_to_stream", None) is not None
        super().handle_response(request, HttpResponse(status=response.status_code) if is_file else response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Without the query: it holds what people search for."""
        return f"{request.method} {request.path}"

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Whose request it is and how long it took: called when its line is written, and once before.

        Nobody is asked for who has not been asked for yet: that may be a query, and the database may be gone.
        """
        if not hasattr(request, "asked_at"):
            return
        user = request.__dict__.get("user")
        if isinstance(user, SimpleLazyObject):
            user = getattr(request, "_cached_user", None)
        taken = time.perf_counter() - request.asked_at
        bind_contextvars(user_id=getattr(user, "pk", None), milliseconds=round(taken * 1000))
