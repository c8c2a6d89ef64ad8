"""Rebuild reviews/reports/templates/circular/circular.docx, the style template of every official document.

    python -m tools.build_circular_template

The template holds the styles of GB/T 9704-2012 under Chinese names and the places of the content as
Jinja tags, so that an office can open it in WPS and change how its documents look.
"""

from __future__ import annotations

import datetime
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from reviews.reports import layout
from reviews.reports.docx import TEMPLATE, with_fixed_times
from tools.docx_styles import (
    RED,
    ParagraphStyle,
    add_style,
    float_at_the_foot,
    grid_borders,
    red_rule,
    set_fonts,
    set_rules,
    set_table,
    set_widths,
)

FANGSONG, KAITI, HEITI = "仿宋_GB2312", "楷体_GB2312", "黑体"
XIAOBIAOSONG, SONGTI = "方正小标宋简体", "宋体"
OUTER_RULE, INNER_RULE = 8, 6  # eighths of a point: 0.35 and 0.25 mm
KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
UNUSED_PARTS = {"stylesWithEffects", "customXml", "numbering", "thumbnail"}
STAND_INS = {
    FANGSONG: "仿宋",
    KAITI: "楷体",
    HEITI: "SimHei",
    XIAOBIAOSONG: "方正小标宋_GBK",
    SONGTI: "SimSun",
}
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY


TIGHT = round(layout.CHARACTER_SPACING * 20)
STYLES = (
    ParagraphStyle("公文正文", first=2, spacing=TIGHT),
    ParagraphStyle("公文末段", first=2, spacing=TIGHT, keep_next=True, keep_lines=True),
    ParagraphStyle("公文一级标题", HEITI, first=2, spacing=TIGHT, keep_next=True),
    ParagraphStyle("公文空行", spacing=TIGHT),
    ParagraphStyle("公文空行与下段同页", spacing=TIGHT, keep_next=True),
    ParagraphStyle("公文主送机关", spacing=TIGHT, align=LEFT),
    ParagraphStyle("公文标题", XIAOBIAOSONG, layout.TITLE_SIZE, CENTRE),
    ParagraphStyle("公文题注", KAITI, align=CENTRE),
    ParagraphStyle("公文红头空距", pitch=Mm(35)),
    ParagraphStyle("公文发文机关标志", XIAOBIAOSONG, 48, CENTRE, Pt(50), colour=RED),
    ParagraphStyle("公文发文字号", align=CENTRE),
    ParagraphStyle("公文红线", align=CENTRE),
    ParagraphStyle("公文附件说明", spacing=TIGHT, left=6.5, first=-4.5, align=LEFT, keep_next=True),
    ParagraphStyle("公文附件说明续", spacing=TIGHT, left=6.5, first=-1.5, align=LEFT, keep_next=True),
    ParagraphStyle("公文附件说明单项", spacing=TIGHT, left=5, first=-3, align=LEFT, keep_next=True),
    ParagraphStyle("公文署名", spacing=TIGHT, align=RIGHT, keep_next=True),
    ParagraphStyle("公文成文日期", spacing=TIGHT, align=RIGHT),
    ParagraphStyle("公文附件序号", HEITI, spacing=TIGHT, align=LEFT, new_page=True),
    ParagraphStyle("公文表头", HEITI, 12, CENTRE, Pt(17)),
    ParagraphStyle("公文表文", size=12, align=LEFT, pitch=Pt(17), no_single_line=True),
    ParagraphStyle("公文表数", size=12, align=CENTRE, pitch=Pt(17)),
    ParagraphStyle("公文校验码", SONGTI, 8, LEFT, Pt(13)),
    ParagraphStyle("公文版记抄送", size=14, align=LEFT, pitch=Pt(25), left=3.6, first=-2.7, right=0.9),
    ParagraphStyle("公文版记机关", size=14, align=LEFT, pitch=Pt(25), left=0.9),
    ParagraphStyle("公文版记日期", size=14, align=RIGHT, pitch=Pt(25), right=0.9),
    ParagraphStyle("公文表前", pitch=Pt(layout.LINE_PITCH / 2)),
    ParagraphStyle("公文末行", size=1, pitch=Pt(1)),
    ParagraphStyle("公文页码", SONGTI, 14, pitch=Pt(14)),
)


def build() -> DocumentObject:
    """The template as a document."""
    document = Document()
    _clear(document)
    _page(document)
    for style in STYLES:
        add_style(document, style)
    for name, font in (("公文楷体", KAITI), ("公文黑体", HEITI)):
        set_fonts(document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER).element.get_or_add_rPr(), font)
    _head(document)
    _text(document)
    _attachments(document)
    _foot(document)
    _page_number(document.sections[0].footer, RIGHT)
    _page_number(document.sections[0].even_page_footer, LEFT)
    properties = document.core_properties
    properties.author = properties.title = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = datetime.datetime(2018, 1, 1, tzinfo=datetime.UTC)
    return document


def _head(document: DocumentObject) -> None:
    _add(document, "公文红头空距", "{%p if letterhead != 'none' %}")
    _add(document, "公文红头空距", "")
    _add(document, "公文发文机关标志", "{{ mark }}")
    _add(document, "公文空行", "")
    _add(document, "公文空行", "")
    _add(document, "公文发文字号", "{{ document_number }}")
    rule = "{%p if letterhead == 'electronic' %}"
    _add(document, "公文红线", rule)
    red_rule(_add(document, "公文红线", ""))
    _add(document, "公文红线", "{%p else %}")
    _add(document, "公文红线", "")
    _add(document, "公文红线", "{%p endif %}")
    _add(document, "公文空行", "")
    _add(document, "公文红头空距", "{%p endif %}")
    _loop(document, "line in title_lines", ("公文标题", "{{ line }}"))
    _add(document, "公文发文字号", "{%p if letterhead == 'none' and document_number %}")
    _add(document, "公文发文字号", "{{ document_number }}")
    _add(document, "公文发文字号", "{%p endif %}")
    _loop(document, "line in byline", ("公文题注", "{{ line }}"))
    _add(document, "公文空行", "")
    _add(document, "公文主送机关", "{%p if addressee %}")
    _add(document, "公文主送机关", "{{ addressee }}：")
    _add(document, "公文主送机关", "{%p endif %}")


def _text(document: DocumentObject) -> None:
    body, last = "公文正文", "公文末段"
    _add(document, body, "{%p for paragraph in paragraphs %}")
    _add(document, body, "{%p if paragraph.level == 'section' and not paragraph.text %}")
    _add(document, "公文一级标题", "{{ paragraph.lead }}")
    _add(document, body, "{%p elif loop.last and signature %}")
    _paragraph(document, last)
    _add(document, body, "{%p else %}")
    _paragraph(document, body)
    _add(document, body, "{%p endif %}")
    _add(document, body, "{%p endfor %}")
    _attachment_note(document)
    _add(document, "公文空行与下段同页", "{%p if signature %}")
    _add(document, "公文空行与下段同页", "")
    _add(document, "公文空行与下段同页", "{%p if signature.is_sealed %}")
    _add(document, "公文空行与下段同页", "")
    _add(document, "公文空行与下段同页", "{%p endif %}")
    _add(document, "公文署名", "{{ signature.signer }}")
    _add(document, "公文成文日期", "{{ signature.date }}")
    _add(document, "公文空行与下段同页", "{%p endif %}")


def _paragraph(document: DocumentObject, style: str) -> None:
    """A lead in the typeface of its level, then the text."""
    paragraph = _add(document, style, "")
    for level, face in (("part", "公文楷体"), ("section", "公文黑体")):
        lead = f"{{% if paragraph.level == '{level}' %}}{{{{ paragraph.lead }}}}{{% endif %}}"
        paragraph.add_run(lead, style=face)
    plain = "{% if paragraph.level not in ('section', 'part') %}{{ paragraph.lead }}{% endif %}"
    paragraph.add_run(plain + "{{ paragraph.text }}")


def _attachment_note(document: DocumentObject) -> None:
    note = "公文附件说明"
    _add(document, note, "{%p if attachments %}")
    _add(document, "公文空行与下段同页", "")
    _add(document, note, "{%p endif %}")
    _add(document, note, "{%p for name in attachment_names %}")
    _add(document, note, "{%p if attachments|length == 1 %}")
    _add(document, "公文附件说明单项", "附件：{{ name }}")
    _add(document, note, "{%p elif loop.first %}")
    _add(document, note, "附件：{{ name }}")
    _add(document, note, "{%p else %}")
    _add(document, "公文附件说明续", "{{ name }}")
    _add(document, note, "{%p endif %}")
    _add(document, note, "{%p endfor %}")


def _attachments(document: DocumentObject) -> None:
    _add(document, "公文空行", "{%p for attachment in attachments %}")
    _add(document, "公文附件序号", "{{ attachment.label }}")
    _add(document, "公文空行", "")
    _loop(document, "line in attachment.title_lines", ("公文标题", "{{ line }}"))
    _add(document, "公文表前", "")
    table = document.add_table(rows=4, cols=3)
    set_table(table._tbl, grid_borders())
    head, start, body, end = table.rows
    _fill(
        head.cells,
        "公文表头",
        "{%tc for column in attachment.columns %}",
        "{{ column.heading }}",
        "{%tc endfor %}",
    )
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    start.cells[0].text = "{%tr for row in attachment.rows %}"
    _fill(body.cells, "公文表数", "{%tc for cell in row %}", "", "{%tc endfor %}")
    cell = body.cells[1]
    _fill_first(cell, "公文表文", "{%p if cell.is_text %}")
    cell.add_paragraph("{{ cell.text }}", style="公文表文")
    cell.add_paragraph("{%p else %}", style="公文表数")
    cell.add_paragraph("{{ cell.text }}", style="公文表数")
    cell.add_paragraph("{%p endif %}", style="公文表数")
    end.cells[0].text = "{%tr endfor %}"
    _add(document, "公文校验码", "")
    _add(document, "公文空行", "{%p endfor %}")


def _foot(document: DocumentObject) -> None:
    """With an imprint the small print follows the text and the imprint ends the page; else it does itself."""
    note, end = "公文校验码", "公文末行"
    _add(document, note, "{%p if imprint %}")
    _loop(document, "line in check_lines", (note, "{{ line }}"))
    _imprint(document)
    _add(document, end, "{%p elif check_lines %}")
    table = document.add_table(rows=1, cols=1)
    set_table(table._tbl, "")
    float_at_the_foot(table._tbl)
    set_widths(table._tbl, (layout.TYPE_AREA[0],))
    (cell,) = table.rows[0].cells
    _fill_first(cell, note, "{%p for line in check_lines %}")
    cell.add_paragraph("{{ line }}", style=note)
    cell.add_paragraph("{%p endfor %}", style=note)
    _add(document, end, "{%p endif %}")
    _add(document, end, "")


def _imprint(document: DocumentObject) -> None:
    table = document.add_table(rows=6, cols=2)
    set_table(table._tbl, "")
    float_at_the_foot(table._tbl)
    set_widths(table._tbl, (96, 60))
    with_copies, copies, office_below, without, office_alone, end = (row.cells for row in table.rows)
    with_copies[0].text = "{%tr if imprint.copies_to %}"
    merged = copies[0].merge(copies[1])
    _fill_first(merged, "公文版记抄送", "抄送：{{ imprint.copies_to }}。")
    set_rules(merged, top=OUTER_RULE, bottom=INNER_RULE)
    _office(office_below, above=INNER_RULE)
    without[0].text = "{%tr else %}"
    _office(office_alone, above=OUTER_RULE)
    end[0].text = "{%tr endif %}"


def _office(cells: tuple[_Cell, ...], *, above: int) -> None:
    """The last line of the imprint: who issued it, and when it was printed."""
    _fill_first(cells[0], "公文版记机关", "{{ imprint.office }}")
    _fill_first(cells[1], "公文版记日期", "{{ imprint.printed_on }}")
    for cell in cells:
        set_rules(cell, top=above, bottom=OUTER_RULE)


def _clear(document: DocumentObject) -> None:
    """Take out what python-docx's own template brings: its styles, themes of fonts, American paper."""
    for element in list(document.element.body):
        if element.tag != qn("w:sectPr"):
            document.element.body.remove(element)
    styles = document.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.find(qn("w:name")).get(qn("w:val")) not in KEPT_STYLES:
            styles.remove(style)
    latent = styles.find(qn("w:latentStyles"))
    if latent is not None:
        styles.remove(latent)
    defaults = styles.find(qn("w:docDefaults"))
    styles.replace(
        defaults,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>"
            f'<w:rFonts w:ascii="{FANGSONG}" w:eastAsia="{FANGSONG}" w:hAnsi="{FANGSONG}" w:cs="{FANGSONG}"/>'
            '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )
    _drop_parts(document)
    settings = document.settings.element
    language = settings.find(qn("w:themeFontLang"))
    language.set(qn("w:eastAsia"), "zh-CN")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _drop_parts(document: DocumentObject) -> None:
    """Leave out the parts nothing refers to, and list our typefaces with what may stand in for them."""
    for holder in (document.part, document.part.package):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.rpartition("/")[2] in UNUSED_PARTS:
                del holder.rels[key]
            elif relation.reltype.endswith("/fontTable"):
                fonts = "".join(
                    f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
                    for name, other in STAND_INS.items()
                )
                relation.target_part._blob = f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


def _page(document: DocumentObject) -> None:
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(length) for length in layout.PAPER)
    section.top_margin, section.bottom_margin = Mm(layout.MARGIN_TOP), Mm(layout.MARGIN_BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.MARGIN_LEFT), Mm(layout.MARGIN_RIGHT)
    section.header_distance = Mm(15)
    # The dash lies 7 mm below the type area, in the middle of its line of 14 points.
    section.footer_distance = Mm(layout.MARGIN_BOTTOM - 7) - Pt(7)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)  # a grid of lines and characters breaks the fixed pitch


def _page_number(footer: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "公文页码"
    paragraph.alignment = align
    if align == RIGHT:
        paragraph.paragraph_format.right_indent = Pt(14)
    else:
        paragraph.paragraph_format.left_indent = Pt(14)
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "1"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText" if "PAGE" in text else "w:t")
            mark.text = text
        run._r.append(mark)
    paragraph.add_run(" —")


def _add(document: DocumentObject, style: str, text: str) -> Paragraph:
    return document.add_paragraph(text, style=style)


def _loop(document: DocumentObject, what: str, *paragraphs: tuple[str, str]) -> None:
    _add(document, paragraphs[0][0], f"{{%p for {what} %}}")
    for style, text in paragraphs:
        _add(document, style, text)
    _add(document, paragraphs[0][0], "{%p endfor %}")


def _fill(cells: Any, style: str, *texts: str) -> None:
    for cell, text in zip(cells, texts, strict=True):
        _fill_first(cell, style, text)
        cell.vertical_alignment = 1


def _fill_first(cell: _Cell, style: str, text: str) -> Paragraph:
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    for run in list(paragraph.runs):
        paragraph._p.remove(run._r)
    paragraph.add_run(text)
    return paragraph


def main() -> None:
    """Write the template where the renderer looks for it."""
    TEMPLATE.write_bytes(with_fixed_times(build()))
    print(f"{TEMPLATE.name}: {TEMPLATE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
