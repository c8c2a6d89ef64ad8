"""How long documents take, against the programs that set them, and many at once in one process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict

import typst
from docxtpl import DocxTemplate

from reviews.models import Publication
from reviews.reports import pdf
from reviews.reports.checking import check_lines
from reviews.reports.content import published_document
from reviews.reports.docx import TEMPLATE, render_docx, template_values
from reviews.reports.fonts import available_faces
from reviews.reports.pdf import render_pdf
from tests.bench.measure import Figure, compare

AT_ONCE = 50
MOST_MEMORY = 400.0  # MiB that a process may hold while it serves them


def document_figures() -> list[Figure]:
    """Both documents of the sample district in both formats, from the database to the bytes."""
    publication = Publication.objects.get(cycle__host__name="区委组织部", cycle__number=3)
    figures = []
    for kind in ("circular", "speech"):
        document = published_document(publication, kind)
        figures += [
            compare(
                f"{kind} as .docx from the database / docxtpl with the same template and fixed data",
                lambda kind=kind: render_docx(published_document(publication, kind)),  # type: ignore[misc]
                _docxtpl(template_values(document)),
            ),
            compare(
                f"{kind} as .pdf from the database / typst with the same template and fixed data",
                lambda kind=kind: render_pdf(published_document(publication, kind)),  # type: ignore[misc]
                _typst(
                    {
                        **asdict(document),
                        "attachment_names": [each.name for each in document.attachments],
                        "check_lines": check_lines(document),
                    }
                ),
            ),
        ]
    return [*figures, _at_once()]


def _docxtpl(values: dict[str, object]) -> Callable[[], bytes]:
    def deed() -> bytes:
        template = DocxTemplate(TEMPLATE)
        template.render(values, autoescape=True)
        saved = io.BytesIO()
        template.docx.save(saved)
        return saved.getvalue()

    return deed


def _typst(values: dict[str, object]) -> Callable[[], object]:
    """A warm compiler of its own, as the field notes measured it."""
    faces = available_faces()
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(faces.folders)
    )
    compiler = typst.Compiler(
        pdf.TEMPLATES / "circular.typ", root=pdf.TEMPLATES, font_paths=fonts, ignore_system_fonts=True
    )
    inputs = {
        "document": json.dumps(values),
        "faces": json.dumps({role: asdict(face) for role, face in faces.by_role.items()}),
    }
    return lambda: compiler.compile(format="pdf", sys_inputs=inputs, timestamp=0)


def _at_once() -> Figure:
    """The peak memory of a process of its own that serves that many at once, against what it may hold."""
    kinds = [f"{kind}.{extension}" for kind in ("circular", "speech") for extension in ("pdf", "docx")]
    addresses = [f"/cycles/2018Q3/report/{kinds[number % len(kinds)]}" for number in range(AT_ONCE)]
    command = [sys.executable, "-m", "tests.bench.peak", "leader", *addresses]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    name = (
        f"memory of a process that served {AT_ONCE} documents at once / the {MOST_MEMORY:.0f} MiB it may hold"
    )
    return Figure(name, float(run.stdout), MOST_MEMORY, "MiB")
