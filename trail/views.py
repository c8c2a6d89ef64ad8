"""The audit trail: searched by those who audit, and the history of one object by those who work on it."""

from __future__ import annotations

from itertools import chain

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.hosts import host_of
from organizations.permissions import can_read_audit
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from trail.filters import TrailFilter
from trail.naming import models_by_table, names_of
from trail.reading import page_of, table_of
from trail.visible import Streams, Subject, history_of, visible_to
from trail.words import kind_of
from workbooks.writing import XLSX, stream_csv, stream_xlsx

LONGEST_KEY = 18  # digits


@require_safe
def list_entries(request: SignedInRequest) -> HttpResponse:
    """What was done, the newest first: in the whole host, or to the one object that `subject` names."""
    subject, found = _found(request)
    page = page_of(found.streams, _before(request))
    context = {
        "filter": found,
        "page": page,
        "subject": subject,
        "subject_kind": kind_of(subject.table) if subject else "",
        "subject_name": _name_of(subject) if subject else "",
        "reads_all": can_read_audit(request.user, host_of(request)),
    }
    status = 200 if found.form.is_valid() else UNPROCESSABLE
    return render(request, "trail/entry_list.html", context, status=status)


@require_safe
def export(request: SignedInRequest, extension: str) -> HttpResponseBase:
    """What the page finds, all of it, written while it is read."""
    _subject, found = _found(request)
    if not found.form.is_valid():
        return list_entries(request)
    table, name = table_of(found.streams), _("Audit trail")
    if extension == "xlsx":
        return FileResponse(
            stream_xlsx(table), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX
        )
    if extension != "csv":
        raise Http404
    lines = stream_csv(chain([table.header], table.rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or "attachment"
    return response


def _found(request: SignedInRequest) -> tuple[Subject | None, TrailFilter]:
    """What the address asks for of what the user may read; 404 where that is nothing for this user."""
    host, named = host_of(request), request.GET.get("subject", "")
    subject = Subject.parse(named)
    streams: Streams | None
    if named and subject is None:
        raise Http404
    if subject is not None:
        streams = history_of(request.user, host, subject)
    else:
        streams = visible_to(request.user, host) if can_read_audit(request.user, host) else None
    if streams is None:
        raise Http404
    return subject, TrailFilter(request.GET, streams=streams)


def _before(request: SignedInRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None


def _name_of(subject: Subject) -> str:
    model = models_by_table()[subject.table]
    return names_of([(model, subject.key)]).get((model, subject.key), f"#{subject.key}")
