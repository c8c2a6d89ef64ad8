"""One content, every format: the renderer of each format by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reviews.reports.document import OfficialDocument
from reviews.reports.docx import render_docx
from reviews.reports.html import render_html, render_html_file
from reviews.reports.pdf import render_pdf
from reviews.reports.rendered import Rendered

__all__ = ["RENDERERS", "Rendered", "render_docx", "render_html", "render_pdf"]

RENDERERS: Mapping[str, Callable[[OfficialDocument], Rendered]] = {
    "html": render_html_file,
    "docx": render_docx,
    "pdf": render_pdf,
}
