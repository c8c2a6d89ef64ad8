"""A document as DOCX: docxtpl fills the style template, which offices may change in WPS."""

from __future__ import annotations

import datetime
import io
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate
from jinja2 import Environment
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from reviews.reports.checking import check_lines
from reviews.reports.document import Attachment, OfficialDocument, Signature
from reviews.reports.layout import BODY_SIZE, CHARACTER_SPACING, TYPE_AREA
from reviews.reports.rendered import Rendered

TEMPLATE = Path(__file__).parent / "templates" / "circular" / "circular.docx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# Zip archives stamp each entry with a time; a fixed one makes equal content equal bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def render_docx(document: OfficialDocument, template: bytes | None = None) -> Rendered:
    """The document as DOCX, the same bytes for the same content. It names its typefaces and embeds none.

    template: an office's own, which `templates.require_fit` let through; None the standard one.
    """
    filled = DocxTemplate(TEMPLATE if template is None else io.BytesIO(template))
    filled.render(template_values(document), jinja_env=environment())
    docx = filled.docx  # get_docx() would read the template again
    _fit_mark(docx, document.mark)
    if document.signature:
        _indent_signature(docx, document.signature)
    _widen_columns(docx, document.attachments)
    properties = docx.core_properties
    properties.title = document.title
    properties.author = document.signature.signer if document.signature else ""
    return Rendered(with_fixed_times(docx), CONTENT_TYPE)


def with_fixed_times(document: Document) -> bytes:
    """The document's bytes, with no trace of when they were written."""
    fixed = datetime.datetime(2018, 1, 1, tzinfo=datetime.UTC)
    document.core_properties.created = document.core_properties.modified = fixed
    saved, rewritten = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _NO_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return rewritten.getvalue()


def environment() -> Environment:
    """Content is data: it is escaped, and a template from an office gets no way into the program."""
    return SandboxedEnvironment(autoescape=True)


def template_values(document: OfficialDocument) -> dict[str, Any]:
    """What the style template is filled with: plain values, every text proof against docxtpl."""
    content = asdict(document)
    for printed, attachment in zip(content["attachments"], document.attachments, strict=True):
        printed["rows"] = [[asdict(cell) for cell in row] for row in attachment.body]
    content["attachment_names"] = document.attachment_names
    content["check_code"] = document.check_code if document.digest else ""
    content["check_lines"] = check_lines(document)
    if document.letterhead != "electronic":
        content["mark"] = ""  # pre-printed paper has it already
    return _literal(content)


def _literal(value: Any) -> Any:
    """The same value with every text made proof against docxtpl, which turns "{_{" into "{{" afterwards."""
    if isinstance(value, str):
        return (
            Markup(str(escape(value)).replace("_", "&#95;").replace("'", "&#39;")) if "_" in value else value
        )
    if isinstance(value, dict):
        return {key: _literal(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_literal(each) for each in value]
    return value


def _fit_mark(document: Document, mark: str) -> None:
    """As large as fits the type area on one line, at most 48 points."""
    size = min(48.0, Mm(TYPE_AREA[0]).pt / max(len(mark), 1))
    for paragraph in document.paragraphs:
        if paragraph.style is not None and paragraph.style.name == "公文发文机关标志":
            for run in paragraph.runs:
                run.font.size = Pt(int(size * 2) / 2)


def _indent_signature(document: Document, signature: Signature) -> None:
    half = (BODY_SIZE + CHARACTER_SPACING) / 2
    indents = {
        "公文署名": signature.signer_indent,
        "公文成文日期": signature.date_indent,
    }
    for paragraph in document.paragraphs:
        if paragraph.style is not None and paragraph.style.name in indents:
            paragraph.paragraph_format.right_indent = Pt(indents[paragraph.style.name] * half)


def _widen_columns(document: Document, attachments: tuple[Attachment, ...]) -> None:
    """Give each column its width, in the grid and in every cell: programs differ in which they believe.

    A table is known by its headings; an office's own template may have others before and between them.
    """
    tables = iter(document.tables)
    for attachment in attachments:
        headings = [column.heading for column in attachment.columns]
        table = next((each._tbl for each in tables if _headings_of(each._tbl) == headings), None)
        if table is not None:
            _widen(table, [str(Mm(column.width).twips) for column in attachment.columns])


def _headings_of(table: Any) -> list[str]:
    return ["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in table.tr_lst[0].tc_lst]


def _widen(table: Any, widths: list[str]) -> None:
    grid = table.tblGrid
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        grid.add_gridCol().set(qn("w:w"), width)
    for row in table.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=False):
            size = cell.get_or_add_tcPr().get_or_add_tcW()
            size.set(qn("w:type"), "dxa")
            size.set(qn("w:w"), width)
