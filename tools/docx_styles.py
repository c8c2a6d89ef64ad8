"""The OOXML that python-docx has no words for: styles, rules and floating tables of document templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from reviews.reports import layout

CHARACTER = layout.BODY_SIZE + layout.CHARACTER_SPACING  # points that one body character takes
PITCH = Pt(layout.LINE_PITCH)
RED = RGBColor(0xD7, 0x00, 0x0F)


@dataclass(frozen=True)
class ParagraphStyle:
    """One paragraph style. size and pitch: points; indents: characters; spacing: twentieths of a point."""

    name: str
    font: str = "仿宋_GB2312"
    size: float = layout.BODY_SIZE
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    pitch: Length = PITCH
    first: float = 0
    left: float = 0
    right: float = 0
    spacing: int = 0
    colour: RGBColor | None = None
    keep_next: bool = False
    keep_lines: bool = False
    new_page: bool = False
    no_single_line: bool = False  # alone at the head or foot of a page


def add_style(document: DocumentObject, wanted: ParagraphStyle) -> None:
    """Add one paragraph style of fixed pitch, with its typeface named for every script."""
    style = document.styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size = Pt(wanted.size)
    if wanted.colour is not None:
        style.font.color.rgb = wanted.colour
    properties = style.element.get_or_add_rPr()
    set_fonts(properties, wanted.font)
    if wanted.spacing:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(wanted.spacing))
        properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    layout_of = style.paragraph_format
    layout_of.alignment = wanted.align
    layout_of.line_spacing_rule, layout_of.line_spacing = WD_LINE_SPACING.EXACTLY, wanted.pitch
    layout_of.space_before = layout_of.space_after = Pt(0)
    layout_of.widow_control = wanted.no_single_line
    layout_of.keep_with_next, layout_of.keep_together = wanted.keep_next, wanted.keep_lines
    layout_of.page_break_before = wanted.new_page
    if wanted.left or wanted.first or wanted.right:
        _indent(style.element.get_or_add_pPr(), wanted)
    _no_spaces_between_scripts(style.element.get_or_add_pPr())


def _indent(properties: Any, wanted: ParagraphStyle) -> None:
    """In points for Word and in characters for WPS, which keeps them when the size is changed."""
    indent = properties.get_or_add_ind()
    twips = round(CHARACTER * 20)
    first = "firstLine" if wanted.first > 0 else "hanging"
    for name, characters in (("left", wanted.left), ("right", wanted.right), (first, abs(wanted.first))):
        if characters:
            indent.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            indent.set(qn(f"w:{name}"), str(round(characters * twips)))


def _no_spaces_between_scripts(properties: Any) -> None:
    """Word would part Chinese from digits by a quarter of a character."""
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        switch = OxmlElement(name)
        switch.set(qn("w:val"), "0")
        properties.insert_element_before(
            switch, "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
        )


def set_fonts(properties: Any, font: str) -> None:
    """Name one typeface for Latin and Chinese alike."""
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)


def set_table(table: Any, borders: str) -> None:
    """Fix the layout of a table as wide as the type area. borders: XML, empty = a table without rules."""
    properties = table.tblPr
    for name in ("w:tblStyle", "w:tblLook"):
        element = properties.find(qn(name))
        if element is not None:
            properties.remove(element)
    width = properties.find(qn("w:tblW"))
    width.set(qn("w:type"), "dxa")
    width.set(qn("w:w"), str(Mm(layout.TYPE_AREA[0]).twips))
    upright, sideways = (40, 80) if borders else (0, 0)  # twips
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", upright), ("left", sideways), ("bottom", upright), ("right", sideways))
    )
    for xml in (
        borders,
        '<w:tblLayout {w} w:type="fixed"/>',
        f"<w:tblCellMar {{w}}>{margins}</w:tblCellMar>",
    ):
        if xml:
            properties.append(parse_xml(xml.replace("{w}", nsdecls("w"))))


def grid_borders() -> str:
    """Thin black rules around every cell."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    return f"<w:tblBorders {{w}}>{lines}</w:tblBorders>"


def float_at_the_foot(table: Any) -> None:
    """Pin the table to the bottom of the type area of the page it is anchored on, the last.

    Sideways it counts from the paper's edge: LibreOffice floats no table as wide as the type area else.
    """
    table.tblPr.insert(
        0,
        parse_xml(
            f'<w:tblpPr {nsdecls("w")} w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin"'
            f' w:horzAnchor="page" w:tblpX="{Mm(layout.MARGIN_LEFT).twips}" w:tblpYSpec="bottom"/>'
        ),
    )


def set_widths(table: Any, millimetres: tuple[int, ...]) -> None:
    """Give the columns their widths, in the grid and in every cell."""
    for column, width in zip(table.tblGrid.findall(qn("w:gridCol")), millimetres, strict=True):
        column.set(qn("w:w"), str(Mm(width).twips))
    for row in table.tr_lst:
        for cell, width in zip(row.tc_lst, millimetres, strict=False):
            cell.width = Mm(width)


def set_rules(cell: _Cell, **eighths: int) -> None:
    """Horizontal rules of a cell, in eighths of a point."""
    borders = OxmlElement("w:tcBorders")
    for side, size in eighths.items():
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def red_rule(paragraph: Paragraph) -> None:
    """A line of 1.5 points, 4 mm below the document number, as wide as the type area."""
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="12" w:space="0" w:color="{RED}"/></w:pBdr>'
    )
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph.paragraph_format.space_before = Mm(4)
