"""The DOCX read back with python-docx: what offices open in Word or WPS."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from reviews.reports.docx import TEMPLATE, render_docx, with_fixed_times
from tests.reviews.reports.circulars import (
    HOSTILE,
    SYSTEM_LISTS,
    TOWNSHIP_LISTS,
    hostile_circular,
    sample_circular,
)
from tools.build_circular_template import build

FACES = {
    "公文正文": ("仿宋_GB2312", 16),
    "公文一级标题": ("黑体", 16),
    "公文标题": ("方正小标宋简体", 22),
    "公文版记机关": ("仿宋_GB2312", 14),
    "公文页码": ("宋体", 14),
}


@pytest.fixture(scope="module")
def document():
    return Document(io.BytesIO(render_docx(sample_circular()).body))


def parts(body):
    """The files inside, unpacked: how they are packed is the zip library's business."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def paragraphs(document, style):
    return [paragraph for paragraph in document.paragraphs if paragraph.style.name == style]


def test_the_lists_of_the_sample_district_are_in_the_document(document):
    text = "".join(paragraph.text for paragraph in document.paragraphs)
    for wanted in (*TOWNSHIP_LISTS, *SYSTEM_LISTS):
        assert wanted in text


def test_the_type_area_is_that_of_the_standard(document):
    section = document.sections[0]
    lengths = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(length.mm) for length in lengths] == [37, 28, 26, 35]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_there_is_no_grid_of_lines_and_characters(document):
    assert document.element.body.findall(".//" + qn("w:docGrid")) == []


def test_body_text_has_fixed_pitch_and_narrowed_spacing(document):
    style = document.styles["公文正文"]
    assert style.paragraph_format.line_spacing.pt == pytest.approx(28.95)
    assert style.element.rPr.find(qn("w:spacing")).get(qn("w:val")) == "-5"
    assert style.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


@pytest.mark.parametrize(("style", "face"), FACES.items())
def test_styles_name_the_official_typefaces_for_latin_and_chinese(document, style, face):
    fonts = document.styles[style].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {face[0]}
    assert document.styles[style].font.size.pt == face[1]


def test_second_level_headings_run_into_their_text_in_kaiti(document):
    part = next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith("（一）"))
    assert part.runs[0].style.name == "公文楷体"
    assert document.styles["公文楷体"].element.rPr.rFonts.get(qn("w:eastAsia")) == "楷体_GB2312"


def test_page_numbers_differ_on_odd_and_even_pages(document):
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert odd.alignment == 2  # right
    assert even.alignment == 0  # left
    assert odd.paragraph_format.right_indent.pt == even.paragraph_format.left_indent.pt == 14


def test_tables_have_their_widths_in_the_grid_and_in_every_cell(document):
    circular = sample_circular()
    for table, attachment in zip(document.tables, circular.attachments, strict=False):
        widths = [Mm(column.width).twips for column in attachment.columns]
        assert [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid] == widths
        for row in table._tbl.tr_lst:
            assert [int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.tc_lst] == widths
        assert len(table._tbl.tr_lst) == len(attachment.rows) + 1


def test_headings_of_tables_repeat_and_attachments_start_pages(document):
    for table in document.tables[:3]:
        assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
    assert document.styles["公文附件序号"].paragraph_format.page_break_before
    assert [paragraph.text for paragraph in paragraphs(document, "公文附件序号")] == [
        "附件1",
        "附件2",
        "附件3",
    ]


def test_the_signature_stays_with_the_last_paragraph(document):
    (last,) = paragraphs(document, "公文末段")
    assert last.text.startswith("4.")
    position = [paragraph._p for paragraph in document.paragraphs].index(last._p)
    for paragraph in document.paragraphs[position:]:
        if paragraph.style.name == "公文成文日期":
            break
        assert paragraph.style.paragraph_format.keep_with_next, paragraph.style.name


def test_the_signer_is_centred_over_the_date(document):
    (signer,) = paragraphs(document, "公文署名")
    (date,) = paragraphs(document, "公文成文日期")
    assert date.paragraph_format.right_indent.pt == pytest.approx(4 * 15.75)
    assert signer.paragraph_format.right_indent.pt == pytest.approx(5 * 15.75)


def test_the_imprint_is_pinned_to_the_foot_of_the_type_area(document):
    imprint = document.tables[-1]
    place = imprint._tbl.tblPr.find(qn("w:tblpPr"))
    assert place.get(qn("w:vertAnchor")) == "margin"
    assert place.get(qn("w:tblpYSpec")) == "bottom"
    assert [cell.text for cell in imprint.rows[1].cells] == ["区委组织部", "2018年10月8日印发"]
    assert imprint.rows[0].cells[0].text == "抄送：市委组织部，区委办公室。"


def test_without_copies_the_imprint_has_one_line():
    document = Document(io.BytesIO(render_docx(sample_circular(copies_to="")).body))
    assert len(document.tables[-1].rows) == 1


@pytest.mark.parametrize(
    ("letterhead", "mark", "rules"),
    [("electronic", ["区委组织部文件"], 1), ("preprinted", [""], 0), ("none", [], 0)],
)
def test_the_letterhead_is_red_printed_or_left_free_or_absent(letterhead, mark, rules):
    document = Document(io.BytesIO(render_docx(sample_circular(letterhead=letterhead)).body))
    assert [paragraph.text for paragraph in paragraphs(document, "公文发文机关标志")] == mark
    assert [paragraph.text for paragraph in paragraphs(document, "公文发文字号")] == ["×组通〔2018〕18号"]
    assert len(document.element.body.findall(".//" + qn("w:pBdr"))) == rules


def test_content_is_data_and_prints_as_it_is():
    document = Document(io.BytesIO(render_docx(hostile_circular()).body))
    cells = {cell.text for row in document.tables[0].rows for cell in row.cells}
    assert set(HOSTILE) <= cells
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert f"前三名：{HOSTILE[0]}；{HOSTILE[1]}；{HOSTILE[2]}。" in text
    assert f"{HOSTILE[5]}；{HOSTILE[6]}；{HOSTILE[7]}。" in text


def test_nothing_of_the_template_language_is_left(document):
    xml = document.element.xml
    assert "{{" not in xml
    assert "{%" not in xml


def test_the_same_content_gives_the_same_bytes():
    assert render_docx(sample_circular()).body == render_docx(sample_circular()).body


def test_no_font_is_embedded_and_the_title_is_a_property():
    body = render_docx(sample_circular()).body
    assert not [name for name in parts(body) if name.endswith((".odttf", ".ttf", ".otf"))]
    assert Document(io.BytesIO(body)).core_properties.title == sample_circular().title


def test_the_template_is_what_its_script_builds():
    assert parts(TEMPLATE.read_bytes()) == parts(with_fixed_times(build()))
