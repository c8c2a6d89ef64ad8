"""Send a kept file to whoever the view let through: whole, or the part that was asked for.

Call these once it is known that the user may have the file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from files.stored import StoredFile
from organizations.requests import SignedInRequest

PARTIAL, NOT_SATISFIABLE = 206, 416
CHUNK = 64 * 1024
# One part in bytes; several parts, or another unit, are answered with the whole (RFC 9110, 14.2).
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


_log = logging.getLogger(__name__)


def kept_file(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    """What is shown of a file: a photo to look at, a document to save. With ?small a photo's preview."""
    preview = file.SHELF.preview(file.stored_name)
    if "small" in request.GET and preview.is_file():
        return sent_file(request, preview, "image/jpeg", file.original_name)
    return sent_file(
        request,
        file.SHELF.shown(file.stored_name),
        file.content_type,
        file.original_name,
        digest=file.sha256,
        as_attachment=not file.is_photo,
    )


def original_file(request: SignedInRequest, file: StoredFile) -> HttpResponseBase:
    """The photo that what is shown was made from, to save. Who took it is logged; 404 where none is kept."""
    if not file.has_original:
        raise Http404
    response = sent_file(
        request,
        file.SHELF.original(file.stored_name),
        file.original_type,
        file.name_of_original,
        digest=file.original_sha256,
        as_attachment=True,
    )
    _log.info("Original of %s %s sent to account %s", file._meta.label, file.pk, request.user.pk)
    return response


def sent_file(
    request: HttpRequest,
    path: Path,
    content_type: str,
    name: str,
    *,
    digest: str = "",
    as_attachment: bool = False,
) -> HttpResponseBase:
    """The file as the type it was found to be and nothing else; 404 where it is gone.

    Where a web server in front sends files (X_ACCEL), it is only told which; it knows of ranges itself.
    digest: SHA-256 of the file, by which the rest of it is asked for. as_attachment: the browser saves it
    instead of showing it.
    """
    if not path.is_file():
        raise Http404
    if settings.X_ACCEL:
        place = path.relative_to(settings.MEDIA_ROOT).as_posix()
        response: HttpResponseBase = HttpResponse(
            headers={"X-Accel-Redirect": settings.X_ACCEL + quote(place)}
        )
    else:
        response = _from_here(request, path, digest)
        response["Accept-Ranges"] = "bytes"
    response["Content-Type"] = content_type
    response["Content-Disposition"] = _disposition(name, as_attachment=as_attachment)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    if digest:
        response["ETag"] = f'"{digest}"'
    return response


def _from_here(request: HttpRequest, path: Path, digest: str) -> HttpResponseBase:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    size = path.stat().st_size
    asked = _part_asked_for(request, digest)
    if asked is None:
        return FileResponse(file, headers={"Content-Length": str(size)})
    first, last = _bounds(asked, size)
    if first > last:
        file.close()
        return HttpResponse(status=NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{size}"})
    part = StreamingHttpResponse(_Part(file, first, last - first + 1), status=PARTIAL)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    part["Content-Length"] = str(last - first + 1)
    return part


def _part_asked_for(request: HttpRequest, digest: str) -> re.Match[str] | None:
    """What part of the file is asked for; None for all of it."""
    if request.method != "GET":
        return None
    # The rest of a file that is another one by now is of no use: then it is sent whole.
    condition = request.headers.get("If-Range", "")
    if condition and condition != f'"{digest}"':
        return None
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or asked.group(0) == "bytes=-":
        return None
    if asked[1] and asked[2] and int(asked[1]) > int(asked[2]):
        return None
    return asked


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """The first and the last byte; the first is behind the last where there is nothing to send."""
    if not asked[1]:  # so many bytes of the end
        return (max(0, size - int(asked[2])), size - 1) if int(asked[2]) else (1, 0)
    last = min(int(asked[2]), size - 1) if asked[2] else size - 1
    return int(asked[1]), last


class _Part:
    """So many bytes of a file from a place on, closed with the answer."""

    def __init__(self, file: BinaryIO, first: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        while self.left and (chunk := self.file.read(min(CHUNK, self.left))):
            self.left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()


def _disposition(name: str, *, as_attachment: bool) -> str:
    """With the Chinese name, and one in plain letters for programs that know no better (RFC 6266)."""
    header = content_disposition_header(as_attachment, name) or "inline"
    if "filename*=" not in header:
        return header
    ending = Path(name).suffix
    plain = "file" + (ending if re.fullmatch(r"\.\w{1,8}", ending, re.ASCII) else "")
    kind, encoded = header.split("; ", 1)
    return f'{kind}; filename="{plain}"; {encoded}'
