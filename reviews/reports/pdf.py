"""A document as PDF, typeset by typst from the same content as every other format."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

from reviews.reports.checking import check_lines
from reviews.reports.document import OfficialDocument
from reviews.reports.fonts import Faces, available_faces, missing_characters
from reviews.reports.rendered import Rendered

TEMPLATES = Path(__file__).parent / "templates" / "circular"

# One warm compiler a process is six times as fast as a new one; it is not made to be shared by threads.
_compiling = Lock()


class TypesettingFailed(RuntimeError):
    """The typesetter refused or warned: a document that is not as it should be is not handed out."""


def render_pdf(document: OfficialDocument) -> Rendered:
    """The document as PDF, the same bytes for the same content and faces. Raises TypesettingFailed."""
    body = _typeset(document, "pdf")
    if not isinstance(body, bytes):
        raise TypesettingFailed("The typesetter returned no document.")
    missing = missing_characters(document.all_text())
    return Rendered(body, "application/pdf", available_faces().replaced, missing)


def page_images(document: OfficialDocument, pixels_per_inch: float = 96) -> list[bytes]:
    """Each page of the PDF as a PNG, for those who look at documents. Raises TypesettingFailed."""
    pages = _typeset(document, "png", pixels_per_inch)
    return pages if isinstance(pages, list) else [pages]


def _typeset(
    document: OfficialDocument, output: Literal["pdf", "png"], pixels_per_inch: float | None = None
) -> bytes | list[bytes]:
    faces = available_faces()
    inputs = {"document": json.dumps(_printed(document)), "faces": json.dumps(_named(faces))}
    with _compiling:
        try:
            body, warnings = _compiler(faces.folders).compile_with_warnings(
                format=output, ppi=pixels_per_inch, sys_inputs=inputs, timestamp=0
            )
        except typst.TypstError as error:
            raise TypesettingFailed(f"{error.message} {error.diagnostic}") from error
    if warnings:
        raise TypesettingFailed("; ".join(warning.message for warning in warnings))
    if body is None:
        raise TypesettingFailed("The typesetter returned no document.")
    return body


def _printed(document: OfficialDocument) -> dict[str, object]:
    return {
        **asdict(document),
        "attachment_names": [each.name for each in document.attachments],
        "check_lines": check_lines(document),
    }


def _named(faces: Faces) -> dict[str, object]:
    return {role: asdict(face) for role, face in faces.by_role.items()}


@cache
def _compiler(folders: tuple[Path, ...]) -> typst.Compiler:
    """The process's compiler. System fonts are ignored: a scan takes seconds and alters pages."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
    return typst.Compiler(
        TEMPLATES / "circular.typ", root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True
    )
