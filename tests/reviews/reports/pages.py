"""Reading back what was rendered."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from pypdf import PageObject, PdfReader

MM = 72 / 25.4
# The type area, in points from the paper's left and upper edge.
LEFT, TOP, RIGHT, BOTTOM = 28 * MM, 37 * MM, 184 * MM, 262 * MM


@dataclass(frozen=True)
class Line:
    """One piece of text as it lies on the page, in points from the paper's left and upper edge."""

    text: str
    left: float
    baseline: float
    size: float
    font: str


def lines_of(page: PageObject) -> list[Line]:
    """The pieces of text on a page, from top to bottom."""
    height = float(page.mediabox.height)
    found: list[Line] = []

    def see(text: str, cm: list[float], tm: list[float], font: dict[str, str] | None, size: float) -> None:
        if text.strip() and font:
            left, baseline = cm[4] + tm[4] * cm[0], cm[5] + tm[5] * cm[3]
            found.append(Line(text.strip(), left, height - baseline, size, font["/BaseFont"]))

    page.extract_text(visitor_text=see)
    return sorted(found, key=lambda line: (line.baseline, line.left))


def pages_of(body: bytes) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(body)).pages)


def text_of(body: bytes) -> str:
    """The text of the whole document in one line, as lines and pages break anywhere in Chinese."""
    text = "".join(page.extract_text() for page in pages_of(body)).replace("\n", "")
    return re.sub(r"— \d+ —", "", text)
