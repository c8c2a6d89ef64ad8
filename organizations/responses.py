"""What views answer with besides pages: files and pages that say what was wrong."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from workbooks.writing import valid_file_name

CONFLICT, TOO_LARGE, UNPROCESSABLE = 409, 413, 422


def number_in(request: HttpRequest, parameter: str) -> int | None:
    """A number out of the address's query; None where it is missing or none."""
    text = request.GET.get(parameter, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def download(body: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep, under its Chinese name (RFC 5987)."""
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, valid_file_name(name)) or "attachment"
    return response


def refused(message: str, status: int) -> JsonResponse:
    """Why nothing was taken, for a script that shows it."""
    return JsonResponse({"message": message}, status=status)


def try_again(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a form once more, with what was wrong with it."""
    return render(request, template, context, status=UNPROCESSABLE)
