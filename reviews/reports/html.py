"""A document as a print view: one HTML file that looks alike on the site, on a disk and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from reviews.reports.checking import check_lines
from reviews.reports.document import OfficialDocument
from reviews.reports.fonts import missing_characters, replaced_faces
from reviews.reports.rendered import Rendered


def render_html(
    circular: OfficialDocument,
    *,
    links: Sequence[tuple[str, str]] = (),
    is_draft: bool = False,
    nonce: str = "",
) -> str:
    """The whole page. links: label and address pairs for the note above the paper, which is not printed.

    nonce: of the answer that carries the page; none for a file.
    is_draft: not published yet, which the note says too. It also says which typefaces the PDF replaces and
    which characters it has no typeface for.
    """
    return render_to_string(
        "reviews/circular/page.html",
        {
            "circular": circular,
            "check_lines": check_lines(circular),
            "style": _style(),
            "nonce": nonce,
            "links": links,
            "is_draft": is_draft,
            "replaced_faces": replaced_faces(),
            "missing_characters": missing_characters(circular.all_text()),
        },
    )


def render_html_file(circular: OfficialDocument) -> Rendered:
    """The page as a file. Browsers use the reader's typefaces, so none is replaced here."""
    return Rendered(render_html(circular).encode(), "text/html; charset=utf-8")


@cache
def _style() -> SafeString:
    """Our own style sheet, inlined so that a saved page is complete."""
    return mark_safe((settings.BASE_DIR / "static" / "css" / "circular.css").read_text("utf-8"))
