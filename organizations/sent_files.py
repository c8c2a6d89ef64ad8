"""Who took which file away: written before it is sent, whatever page sends it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from email.message import Message
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from audit.models import Operation
from audit.recording import record_event
from organizations.hosts import current_host

logger = logging.getLogger(__name__)
_SENT = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)


def record_sent_files(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Write an entry for every file that somebody signed in takes: exports, documents, evidence.

    By the answer's own header, so that no new export can forget it. What cannot be recorded is not sent
    (docs/decisions/0041).
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not _is_taken(request, response):
            return response
        try:
            _record(request, response)
        except DatabaseError:
            logger.exception("A download could not be recorded and was not sent")
            if file := getattr(response, "file_to_stream", None):
                file.close()  # closing the answer would tell Django that the request is over
            message = _("The file could not be sent, because its sending could not be recorded. Try again.")
            return HttpResponse(message, status=503, content_type="text/plain; charset=utf-8")
        return response

    return respond


def _is_taken(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is a file that somebody saves or opens; a picture within a page is part of the page."""
    named = response.headers.get("Content-Disposition", "")
    in_page = named.startswith("inline") and request.headers.get("Sec-Fetch-Dest") == "image"
    return (
        bool(named)
        and not in_page
        and request.method == "GET"
        and response.status_code in _SENT
        and request.user.is_authenticated
    )


def _record(request: HttpRequest, response: HttpResponse) -> None:
    host = current_host(request)
    details = {
        "path": request.path,
        "name": _file_name(response.headers["Content-Disposition"]),
        "type": response.headers.get("Content-Type", "").partition(";")[0],
    }
    record_event(Operation.DOWNLOAD, host=host.pk if host else None, details=details)


def _file_name(disposition: str) -> str:
    """The name a file is sent under, whichever way the header writes it."""
    header = Message()
    header["Content-Disposition"] = disposition
    return header.get_filename("")
