"""Style templates for tests: the standard one with a part of it changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from docx import Document
from docx.document import Document as DocumentObject

from reviews.reports.docx import TEMPLATE


def changed(change: Callable[[DocumentObject], None]) -> bytes:
    """The standard template after this was done to it."""
    document = Document(str(TEMPLATE))
    change(document)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def with_text(old: str, new: str) -> bytes:
    """The standard template with a text of its body replaced wherever it stands."""
    xml = _part("word/document.xml").decode()
    assert old in xml, f"The template has no {old}."
    return with_part("word/document.xml", xml.replace(old, new).encode())


def with_paragraph(text: str) -> bytes:
    """The standard template with one more paragraph at its end."""
    return changed(lambda document: document.add_paragraph(text) and None)


def with_part(name: str, content: bytes) -> bytes:
    """The standard template with one of the files inside written anew."""
    saved = io.BytesIO()
    with zipfile.ZipFile(TEMPLATE) as source, zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            target.writestr(member, content if member == name else source.read(member))
        if name not in source.namelist():
            target.writestr(name, content)
    return saved.getvalue()


def with_relation(kind: str, mode: str = "External") -> bytes:
    """The standard template with its body related to something elsewhere."""
    name = "word/_rels/document.xml.rels"
    xml = _part(name).decode()
    relation = (
        f'<Relationship Id="rIdX" Target="https://elsewhere.example/x" TargetMode="{mode}" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
    )
    return with_part(name, xml.replace("</Relationships>", relation + "</Relationships>").encode())


def _part(name: str) -> bytes:
    with zipfile.ZipFile(TEMPLATE) as archive:
        return archive.read(name)
