"""Send a kept file to whoever the view let through."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header


def kept_file(path: Path, content_type: str, name: str, *, as_attachment: bool = False) -> FileResponse:
    """The file as the type it was found to be and nothing else; 404 where it is gone.

    as_attachment: the browser saves it instead of showing it.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment, name) or "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
