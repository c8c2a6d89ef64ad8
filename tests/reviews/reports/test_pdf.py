"""The PDF as GB/T 9704-2012 lays it out, read back from its bytes."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.reports import pdf
from reviews.reports.document import OfficialDocument
from reviews.reports.layout import title_lines, width_in_halves
from reviews.reports.pdf import TypesettingFailed, render_pdf
from tests.reviews.reports.circulars import (
    HOSTILE,
    SYSTEM_LISTS,
    TOWNSHIP_LISTS,
    circular_of,
    hostile_circular,
    sample_circular,
)
from tests.reviews.reports.pages import BOTTOM, LEFT, MM, RIGHT, TOP, Line, lines_of, pages_of, text_of


def baselines(lines: list[Line]) -> list[float]:
    """Of the text lines inside the type area, each once."""
    return sorted({round(line.baseline, 2) for line in lines if line.baseline < BOTTOM})


def test_the_lists_of_the_sample_district_are_in_the_document():
    text = text_of(render_pdf(sample_circular()).body)
    for wanted in (*TOWNSHIP_LISTS, *SYSTEM_LISTS):
        assert wanted in text


def test_the_paper_is_a4():
    page = pages_of(render_pdf(sample_circular()).body)[0]
    assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (210, 297)


def test_a_full_page_has_22_lines_of_28_characters():
    pages = pages_of(render_pdf(circular_of("党" * 28 * 60)).body)
    lines = [line for line in lines_of(pages[1]) if line.baseline < BOTTOM]
    assert len(baselines(lines)) == 22
    assert {len(line.text) for line in lines} == {28}
    assert {round(line.left - LEFT, 1) for line in lines} == {0}


def test_a_last_paragraph_longer_than_a_page_loses_nothing():
    assert text_of(render_pdf(circular_of("党" * 28 * 60)).body).count("党") > 28 * 60


def test_lines_keep_their_pitch_where_typefaces_mix():
    pages = pages_of(render_pdf(circular_of("党A1“𬭎”—氹㙍" * 200)).body)
    found = baselines(lines_of(pages[1]))
    assert {round(below - above, 2) for above, below in pairwise(found)} == {28.95}


def test_each_level_has_its_typeface_and_size():
    first, second = pages_of(render_pdf(sample_circular()).body)[:2]
    faces = {
        line.text: (line.font.partition("+")[2], line.size) for line in (*lines_of(first), *lines_of(second))
    }
    assert faces["关于2018年第三季度"] == ("NotoSerifCJKsc-Bold-Identity-H", 22)
    assert faces["一、总体情况"] == ("NotoSansCJKsc-Regular-Identity-H", 16)
    assert faces["（一）先进单位走在前列。"] == ("WenKaiGB-Regular", 16)
    assert faces["了督查，现通报如下。"] == ("FandolFang-Regular-Identity-H", 16)


def test_every_typeface_is_embedded_from_our_own_folder():
    fonts = set()
    for page in pages_of(render_pdf(sample_circular()).body):
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            fonts.add(re.sub(r"^/\w+\+|-Identity-H$", "", font.get_object()["/BaseFont"]))
    assert fonts == {
        "NotoSerifCJKsc-Bold",
        "NotoSerifCJKsc-Regular",
        "NotoSansCJKsc-Regular",
        "FandolFang-Regular",
        "WenKaiGB-Regular",
    }


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    pages = pages_of(render_pdf(sample_circular()).body)
    for number, page in enumerate(pages, 1):
        (found,) = [line for line in lines_of(page) if line.baseline > BOTTOM + 5 * MM]
        assert found.text == f"— {number} —"
        assert found.size == 14
        # The dash is drawn about a third of an em above the baseline.
        assert found.baseline - 0.33 * 14 == pytest.approx(BOTTOM + 7 * MM, abs=1)
        assert (found.left > (LEFT + RIGHT) / 2) is (number % 2 == 1)
    even = [line for line in lines_of(pages[1]) if line.baseline > BOTTOM]
    assert even[0].left == pytest.approx(LEFT + 14, abs=0.5)


def page_with_the_date(circular: OfficialDocument) -> list[Line]:
    """The lines of the page that the signature stands on."""
    for page in pages_of(render_pdf(circular).body):
        if "10月8日" in page.extract_text():
            return lines_of(page)
    raise AssertionError("There is no signature.")


@given(lines=st.integers(12, 45), last=st.integers(1, 700), has_attachment=st.booleans())
@settings(max_examples=40)
def test_the_signature_is_never_alone_on_its_page(lines, last, has_attachment):
    attachment = replace(sample_circular().attachments[0], rows=())
    texts = [*["党" * 26] * lines, "末" * last]
    circular = replace(circular_of(*texts), attachments=(attachment,) if has_attachment else ())
    assert any(line.text.startswith("末") for line in page_with_the_date(circular))


@given(last=st.integers(1, 700))
@settings(max_examples=20)
def test_the_signature_follows_the_last_line_at_its_distance(last):
    lines = page_with_the_date(circular_of("末" * last))
    (signer,) = [line for line in lines if line.text == "区委组织部" and line.size == 16]
    end = max(line.baseline for line in lines if "末" in line.text)
    assert signer.baseline - end == pytest.approx(3 * 28.95, abs=0.1)


def test_attachments_start_pages_with_their_label_and_a_title_on_the_third_line():
    pages = pages_of(render_pdf(sample_circular()).body)
    starts = [page for page in pages if lines_of(page)[0].text == "附件1"]
    assert len(starts) == 1
    label, title = lines_of(starts[0])[:2]
    assert label.left == pytest.approx(LEFT, abs=0.1)
    assert title.text == "2018年第三季度乡镇（街道）"
    assert title.baseline - label.baseline == pytest.approx(2 * 28.95, abs=3)


def test_a_table_repeats_its_heading_on_every_page():
    pages = pages_of(render_pdf(sample_circular()).body)
    with_problems = [page for page in pages if "责任单位" in [line.text for line in lines_of(page)]]
    assert len(with_problems) > 1


def test_a_row_taller_than_a_page_loses_nothing():
    circular = sample_circular()
    problems = circular.attachments[-1]
    tall = replace(problems, rows=(("1", "三会一课", "记录不完整", "某镇党委、" * 400),))
    text = text_of(render_pdf(replace(circular, attachments=(tall,))).body)
    assert text.count("某镇党委") == 400


def test_the_imprint_ends_the_last_page_at_the_foot_of_the_type_area():
    last = [
        line for line in lines_of(pages_of(render_pdf(sample_circular()).body)[-1]) if line.baseline < BOTTOM
    ]
    assert [line.text for line in last[-2:]] == ["区委组织部", "2018年10月8日印发"]
    assert BOTTOM - last[-1].baseline < 14
    assert last[-2].left == pytest.approx(LEFT + 14, abs=0.1)
    assert "抄送：" in [line.text for line in last]


def test_the_digest_is_printed_short_and_whole():
    text = text_of(render_pdf(sample_circular()).body)
    assert "校验码：0123 4567 89ab cdef" in text
    assert "0123456789abcdef" * 4 in text


def test_the_letterhead_is_red_printed_or_left_free_or_absent():
    def first_lines(letterhead: str) -> list[Line]:
        circular = sample_circular(letterhead=letterhead, issuer="中共某区委组织部")
        return lines_of(pages_of(render_pdf(circular).body)[0])

    def place(line: Line) -> tuple[str, float, float]:
        return line.text, line.left, line.baseline

    electronic, preprinted, none = (first_lines(name) for name in ("electronic", "preprinted", "none"))
    assert electronic[0].text == "中共某区委组织部文件"
    assert electronic[0].baseline - electronic[0].size * 0.88 == pytest.approx(TOP + 35 * MM, abs=2)
    assert [place(line) for line in electronic[1:]] == [place(line) for line in preprinted]
    assert preprinted[0].text == "×组通〔2018〕18号"
    assert none[0].text == "关于2018年第三季度"
    assert "各乡镇" in electronic[4].text
    assert len(electronic) > 6  # page 1 shows text below all that


def test_content_is_data_and_prints_as_it_is():
    text = re.sub(r"\s", "", text_of(render_pdf(hostile_circular()).body))
    for hostile in HOSTILE:
        assert re.sub(r"\s", "", hostile) in text


def test_the_same_content_gives_the_same_bytes():
    assert render_pdf(sample_circular()).body == render_pdf(sample_circular()).body


def test_what_stands_in_for_an_official_typeface_is_said():
    replaced = render_pdf(circular_of("通报。")).replaced_faces
    assert "仿宋_GB2312 以 FandolFang 代替" in replaced
    assert "方正小标宋简体 以 Noto Serif CJK SC Bold 代替" in replaced


def test_characters_that_print_as_boxes_are_named():
    assert render_pdf(circular_of("甲𬭎乡。")).missing_characters == "𬭎"
    assert render_pdf(sample_circular()).missing_characters == ""


def test_a_warning_of_the_typesetter_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "circular.typ").write_text('#text(font: "No Such Face")[通报]', "utf-8")
    compiler = typst.Compiler(tmp_path / "circular.typ", root=tmp_path, ignore_system_fonts=True)
    monkeypatch.setattr(pdf, "_compiler", lambda folders: compiler)
    with pytest.raises(TypesettingFailed, match="no such face"):
        render_pdf(circular_of("通报。"))


def test_a_document_that_cannot_be_set_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "circular.typ").write_text("#nonsense", "utf-8")
    compiler = typst.Compiler(tmp_path / "circular.typ", root=tmp_path, ignore_system_fonts=True)
    monkeypatch.setattr(pdf, "_compiler", lambda folders: compiler)
    with pytest.raises(TypesettingFailed, match="nonsense"):
        render_pdf(circular_of("通报。"))


def test_long_and_rare_names_are_set_without_a_word():
    name = "㙍䢺㮾" * 8
    circular = replace(circular_of(f"{name}。"), mark=name)
    assert name in text_of(render_pdf(circular).body)


@pytest.mark.parametrize("length", range(8, 40))
def test_no_line_of_a_title_is_broken_once_more(length):
    words = [*(str(number % 10) for number in range(10)), *("党" * (length - 5))]
    lines = title_lines(words)
    document = replace(circular_of("通报。"), title="".join(words), title_lines=lines)
    found = [line for line in lines_of(pages_of(render_pdf(document).body)[0]) if line.size == 22]
    assert len({round(line.baseline, 1) for line in found}) == len(lines)


def full_lines(document: OfficialDocument) -> list[list[Line]]:
    """Of the pages that text fills from top to bottom, the lines in 16 points."""
    pages = [
        [line for line in lines_of(page) if line.size == 16 and line.baseline < BOTTOM]
        for page in pages_of(render_pdf(document).body)
    ]
    return [page for page in pages if len(baselines(page)) == 22]


def test_full_pages_of_a_real_text_have_22_lines_of_28_characters_give_or_take_one():
    pages = full_lines(sample_circular())
    assert len(pages) >= 2
    for page in pages:
        for place in baselines(page):
            line = "".join(piece.text for piece in page if round(piece.baseline, 2) == place)
            ends_a_paragraph = line.endswith(("。", "绩", "效", "题", "况", "求"))
            wide = characters(line) + indent(page, place)
            # A line that would end in half a word is closed up: each of its marks may give half its place.
            closed_up = wide - len(re.findall("[，。；：、]", line)) / 2
            assert ends_a_paragraph or (wide >= 27 and min(wide, closed_up + 1) <= 29), line


def characters(line: str) -> float:
    """How many characters wide a line is; a mark takes half a place at its end and beside another."""
    halves = len(re.findall(r"(?<=[）”。，；、])[（“）”、，。；]", line))
    halves += line.endswith(tuple("）”，。；、"))
    return (width_in_halves(line) - halves) / 2


def indent(page: list[Line], place: float) -> int:
    """The characters that a line is indented by."""
    left = min(piece.left for piece in page if round(piece.baseline, 2) == place)
    return round((left - LEFT) / 15.75)
