"""The circular as DOCX: docxtpl fills the style template, which offices may change in WPS."""

from __future__ import annotations

import datetime
import io
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate
from jinja2 import Environment
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from reviews.reports.document import Attachment, OfficialDocument, Signature
from reviews.reports.layout import BODY_SIZE, CHARACTER_SPACING, TYPE_AREA
from reviews.reports.rendered import Rendered

TEMPLATE = Path(__file__).parent / "templates" / "circular" / "circular.docx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# Zip archives stamp each entry with a time; a fixed one makes equal content equal bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def render_docx(circular: OfficialDocument) -> Rendered:
    """The circular as DOCX, the same bytes for the same content. It names its typefaces and embeds none."""
    template = DocxTemplate(TEMPLATE)
    template.render(template_values(circular), jinja_env=_environment())
    document = template.docx  # get_docx() would read the template again
    _fit_mark(document, circular.mark)
    if circular.signature:
        _indent_signature(document, circular.signature)
    _widen_columns(document, circular.attachments)
    if circular.superseded_by:
        _mark_superseded(document, circular.superseded_by)
    properties = document.core_properties
    properties.title = circular.title
    properties.author = circular.signature.signer if circular.signature else ""
    return Rendered(with_fixed_times(document), CONTENT_TYPE)


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


def _environment() -> Environment:
    """Content is data: it is escaped, and a template from an office gets no way into the program."""
    return SandboxedEnvironment(autoescape=True)


def template_values(circular: OfficialDocument) -> dict[str, Any]:
    """What the style template is filled with: plain values, every text proof against docxtpl."""
    content = asdict(circular)
    for printed, attachment in zip(content["attachments"], circular.attachments, strict=True):
        printed["rows"] = [[asdict(cell) for cell in row] for row in attachment.body]
    content["attachment_names"] = circular.attachment_names
    content["check_code"] = circular.check_code
    if circular.letterhead != "electronic":
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


def _mark_superseded(document: Document, note: str) -> None:
    """The note in the head margin of every page, which moves no line of the text, whatever the template."""
    for section in document.sections:
        for header in (section.header, section.even_page_header, section.first_page_header):
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.line_spacing = Pt(12)
            run = paragraph.add_run(note)
            run.font.size = Pt(9)
            run.font.name = "宋体"
            run._element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")


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
    """Give each column its width, in the grid and in every cell: programs differ in which they believe."""
    for table, attachment in zip(document.tables, attachments, strict=False):
        widths = [str(Mm(column.width).twips) for column in attachment.columns]
        grid = table._tbl.tblGrid
        for column in list(grid):
            grid.remove(column)
        for width in widths:
            grid.add_gridCol().set(qn("w:w"), width)
        for row in table._tbl.tr_lst:
            for cell, width in zip(row.tc_lst, widths, strict=True):
                size = cell.get_or_add_tcPr().get_or_add_tcW()
                size.set(qn("w:type"), "dxa")
                size.set(qn("w:w"), width)
