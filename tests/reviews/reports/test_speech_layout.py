"""The speech in every format: what an official document without number, seal and imprint looks like."""

import io
import re

import pytest
from docx import Document
from docx.oxml.ns import qn

from reviews.reports.docx import render_docx
from reviews.reports.html import render_html
from reviews.reports.pdf import render_pdf
from tests.reviews.reports.pages import BOTTOM, LEFT, MM, RIGHT, TOP, Line, lines_of, pages_of, text_of
from tests.reviews.reports.speeches import sample_speech, speech_of


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    (page,) = pages_of(render_pdf(sample_speech()).body)
    return lines_of(page)


@pytest.fixture(scope="module")
def docx():
    return Document(io.BytesIO(render_docx(sample_speech()).body))


def middle(line: Line) -> float:
    """Where the middle of a line of Chinese lies."""
    width = sum(0.5 if char.isascii() else 1 for char in line.text) * line.size
    return line.left + width / 2


def test_the_title_stands_first_with_date_and_speaker_centred_below_it_in_kaiti(lines):
    title, date, speaker = lines[:3]
    assert (title.text, date.text, speaker.text) == (
        "在全区基层党建工作点评会上的讲话",
        "（2018年10月20日）",
        "区委组织部部长",
    )
    assert title.size == 22
    assert {(line.font.partition("+")[2], line.size) for line in (date, speaker)} == {
        ("WenKaiGB-Regular", 16)
    }
    assert middle(speaker) == pytest.approx((LEFT + RIGHT) / 2, abs=2)
    assert title.baseline < TOP + 30


def test_the_salutation_stands_flush_left_one_blank_line_below(lines):
    speaker, salutation = lines[2:4]
    assert salutation.text == "同志们："
    assert salutation.left == pytest.approx(LEFT, abs=0.1)
    assert salutation.baseline - speaker.baseline == pytest.approx(2 * 28.95, abs=0.1)


def test_there_is_no_number_no_seal_and_no_imprint(lines):
    text = "".join(line.text for line in lines)
    assert not [word for word in ("〔", "抄送", "印发", "附件") if word in text]
    assert text.count("2018年10月20日") == 1


def test_the_small_print_ends_the_last_page(lines):
    small = [line for line in lines if line.size == 8]
    assert small[0].text.startswith("校验码：0123 4567")
    assert 0 < BOTTOM - small[-1].baseline < 13
    assert max(line.baseline for line in lines if line.size == 16) < small[0].baseline


def test_a_long_speech_has_its_small_print_on_the_last_page_only():
    pages = pages_of(render_pdf(speech_of(*["党" * 600] * 5)).body)
    assert len(pages) > 4
    where = [number for number, page in enumerate(pages) if "校验码" in page.extract_text()]
    assert where == [len(pages) - 1]


def test_a_full_page_of_it_has_22_lines_of_28_characters():
    page = lines_of(pages_of(render_pdf(speech_of("党" * 28 * 60)).body)[1])
    body = [line for line in page if line.baseline < BOTTOM]
    assert len({round(line.baseline, 2) for line in body}) == 22
    assert {len(line.text) for line in body} == {28}


def test_in_word_the_byline_is_centred_kaiti_and_nothing_is_signed(docx):
    byline = [paragraph.text for paragraph in docx.paragraphs if paragraph.style.name == "公文题注"]
    assert byline == ["（2018年10月20日）", "区委组织部部长"]
    style = docx.styles["公文题注"]
    assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == "楷体_GB2312"
    assert (style.font.size.pt, style.paragraph_format.alignment) == (16, 1)
    used = {paragraph.style.name for paragraph in docx.paragraphs}
    assert not used & {"公文署名", "公文成文日期", "公文发文字号", "公文发文机关标志", "公文附件说明"}


def test_in_word_the_small_print_is_pinned_to_the_foot_of_the_last_page(docx):
    (table,) = docx.tables
    assert table._tbl.tblPr.find(qn("w:tblpPr")).get(qn("w:tblpYSpec")) == "bottom"
    assert [paragraph.text[:4] for paragraph in table.rows[0].cells[0].paragraphs] == ["校验码：", "登录本系"]


def test_a_draft_has_no_small_print():
    speech = sample_speech(digest="")
    assert Document(io.BytesIO(render_docx(speech).body)).tables == []
    assert "校验码" not in text_of(render_pdf(speech).body)
    assert "校验码" not in render_html(speech)


def test_the_print_view_says_the_same_in_the_same_order():
    page = re.sub(r"<[^>]+>", "", render_html(sample_speech()).partition("<main>")[2])
    wanted = ["点评会上的讲话", "（2018年10月20日）", "区委组织部部长", "同志们：", "一、第三季度", "校验码"]
    assert sorted(wanted, key=page.index) == wanted


def test_where_the_site_has_an_address_it_is_printed(settings):
    settings.SITE_URL = "https://review.example"
    wanted = "登录后打开 https://review.example/verify/，输入校验码"
    assert wanted in text_of(render_pdf(sample_speech()).body)
    assert wanted in render_html(sample_speech())
    assert wanted in Document(io.BytesIO(render_docx(sample_speech()).body)).element.xml


def test_the_page_number_stands_on_the_outer_side(lines):
    number = lines[-1]
    assert number.text == "— 1 —"
    assert number.baseline > BOTTOM + 5 * MM
    assert number.left > (LEFT + RIGHT) / 2
