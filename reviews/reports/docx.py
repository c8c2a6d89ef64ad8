"""A document as DOCX: docxtpl fills the style template, which offices may change in WPS."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.enum.section import WD_HEADER_FOOTER
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.paragraph import Paragraph as DocxParagraph
from docxtpl import DocxTemplate
from jinja2 import Environment, Template
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from reviews.reports.checking import check_lines
from reviews.reports.document import Attachment, OfficialDocument, Signature
from reviews.reports.layout import BODY_SIZE, CHARACTER_SPACING, TYPE_AREA
from reviews.reports.rendered import Rendered

TEMPLATE = Path(__file__).parent / "templates" / "circular" / "circular.docx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MOST_TEMPLATES = 64  # parts of templates that a process keeps read; one has a handful
# Zip archives stamp each entry with a time; a fixed one makes equal content equal bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def render_docx(document: OfficialDocument, template: bytes | None = None) -> Rendered:
    """The document as DOCX, the same bytes for the same content. It names its typefaces and embeds none.

    template: an office's own, which `templates.require_fit` let through; None the standard one.
    """
    filled = _Template(TEMPLATE if template is None else io.BytesIO(template))
    filled.render(template_values(document), jinja_env=environment())
    docx = filled.docx  # get_docx() would read the template again
    styles = _paragraphs_by_style(docx)
    _fit_mark(styles, document.mark)
    if document.signature:
        _indent_signature(styles, document.signature)
    _widen_columns(docx, document.attachments)
    if document.superseded_by:
        _mark_superseded(docx, document.superseded_by)
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


class _Template(DocxTemplate):
    """Makes docxtpl ready once a process what does not depend on the content."""

    def patch_xml(self, src_xml: str) -> str:
        return _patched(src_xml)

    def resolve_listing(self, xml: str) -> str:
        """Breaks within a text are what this is for; `wording.plain` left none."""
        return str(super().resolve_listing(xml)) if _BREAKS.search(xml) else xml


_BREAKS = re.compile(r"[\t\n\a\f]")


@lru_cache(maxsize=MOST_TEMPLATES)
def _patched(source: str) -> str:
    return str(DocxTemplate(TEMPLATE).patch_xml(source))


class _Environment(SandboxedEnvironment):
    """Reads a template once a process: reading it anew takes as long as filling it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._read: dict[Any, Template] = {}

    def from_string(
        self, source: Any, globals: Any = None, template_class: type[Template] | None = None
    ) -> Template:
        if source not in self._read:
            if len(self._read) >= MOST_TEMPLATES:
                self._read.clear()
            self._read[source] = super().from_string(source, globals, template_class)
        return self._read[source]


@cache
def environment() -> Environment:
    """Content is data: it is escaped, and a template from an office gets no way into the program."""
    return _Environment(autoescape=True)


def template_values(document: OfficialDocument) -> dict[str, Any]:
    """What the style template is filled with: plain values, every text proof against docxtpl."""
    content = asdict(replace(document, attachments=()))
    content["attachments"] = [
        {
            **asdict(replace(attachment, rows=())),
            "rows": [
                [{"text": cell.text, "is_text": cell.is_text} for cell in row] for row in attachment.body
            ],
        }
        for attachment in document.attachments
    ]
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


Styled = Mapping[str, list[DocxParagraph]]


def _paragraphs_by_style(document: Document) -> Styled:
    """The body's paragraphs by the names of their styles."""
    names = {style.style_id: style.name or "" for style in document.styles}
    found: dict[str, list[DocxParagraph]] = {}
    for paragraph in document.element.body.iterchildren(qn("w:p")):
        name = names.get(paragraph.style, "")
        found.setdefault(name, []).append(DocxParagraph(paragraph, document._body))
    return found


def _mark_superseded(document: Document, note: str) -> None:
    """The note in the head margin of every page, which moves no line of the text, whatever the template."""
    for number, section in enumerate(document.sections):
        for kind, header in (
            (WD_HEADER_FOOTER.PRIMARY, section.header),
            (WD_HEADER_FOOTER.EVEN_PAGE, section.even_page_header),
            (WD_HEADER_FOOTER.FIRST_PAGE, section.first_page_header),
        ):
            kept = section._sectPr.get_headerReference(kind)
            if kept is not None:
                # Filling the template put another part in the place of the one that `header` holds.
                element = document.part.rels[kept.rId].target_part.element
                paragraph = Paragraph(OxmlElement("w:p"), header)
                element.insert(0, paragraph._p)
            elif number == 0:  # later sections go on with it
                header.is_linked_to_previous = False
                paragraph = header.paragraphs[0]
            else:
                continue
            _write_small(paragraph, note)


def _write_small(paragraph: Paragraph, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = Pt(12)
    run = paragraph.add_run(text)
    run.font.size = Pt(9)
    run.font.name = "宋体"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")


def _fit_mark(styles: Styled, mark: str) -> None:
    """As large as fits the type area on one line, at most 48 points."""
    size = min(48.0, Mm(TYPE_AREA[0]).pt / max(len(mark), 1))
    for paragraph in styles.get("公文发文机关标志", ()):
        for run in paragraph.runs:
            run.font.size = Pt(int(size * 2) / 2)


def _indent_signature(styles: Styled, signature: Signature) -> None:
    half = (BODY_SIZE + CHARACTER_SPACING) / 2
    for style, indent in (("公文署名", signature.signer_indent), ("公文成文日期", signature.date_indent)):
        for paragraph in styles.get(style, ()):
            paragraph.paragraph_format.right_indent = Pt(indent * half)


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


_CELL_WIDTH, _KIND, _WIDTH = f"{qn('w:tcPr')}/{qn('w:tcW')}", qn("w:type"), qn("w:w")


def _widen(table: Any, widths: list[str]) -> None:
    grid = table.tblGrid
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        grid.add_gridCol().set(qn("w:w"), width)
    for row in table.iterchildren(qn("w:tr")):
        for cell, width in zip(row.iterchildren(qn("w:tc")), widths, strict=False):
            size = cell.find(_CELL_WIDTH)
            if size is None:
                size = cell.get_or_add_tcPr().get_or_add_tcW()
            size.set(_KIND, "dxa")
            size.set(_WIDTH, width)
