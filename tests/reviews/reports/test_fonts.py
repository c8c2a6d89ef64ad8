"""Which typefaces documents are set in."""

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from reviews.reports.fonts import VENDORED, available_faces, missing_characters, replaced_faces
from reviews.reports.pdf import render_pdf
from tests.reviews.reports.circulars import circular_of
from tests.reviews.reports.pages import lines_of, pages_of


@pytest.fixture
def own_fangsong(tmp_path, settings):
    """An office's folder with a 仿宋_GB2312 of its own that has a single character."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 900))
    pen.lineTo((900, 900))
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "tong"])
    builder.setupCharacterMap({ord("通"): "tong"})
    builder.setupGlyf({".notdef": pen.glyph(), "tong": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "tong": (1000, 0)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "FangSong_GB2312", "styleName": "Regular", "psName": "OwnFangSong"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    builder.setupPost()
    builder.save(tmp_path / "simfang.ttf")
    settings.FONT_DIR = tmp_path
    return tmp_path


def test_every_official_typeface_is_replaced_by_a_free_one_unless_the_office_has_it():
    assert replaced_faces() == [
        "方正小标宋简体 以 Noto Serif CJK SC Bold 代替",
        "黑体 以 Noto Sans CJK SC 代替",
        "楷体_GB2312 以 WenKai GB 代替",
        "仿宋_GB2312 以 FandolFang 代替",
        "宋体 以 Noto Serif CJK SC 代替",
    ]


@pytest.mark.usefixtures("own_fangsong")
def test_a_typeface_in_the_offices_folder_is_used():
    assert available_faces().by_role["body"].family == "FangSong_GB2312"
    assert not [line for line in replaced_faces() if line.startswith("仿宋")]


@pytest.mark.usefixtures("own_fangsong")
def test_the_document_is_set_in_the_offices_typeface_and_falls_back_for_what_it_lacks():
    page = pages_of(render_pdf(circular_of("通报。")).body)[0]
    fonts = {line.font.partition("+")[2] for line in lines_of(page) if line.size == 16}
    assert "OwnFangSong" in fonts
    assert "NotoSerifCJKsc-Regular-Identity-H" in fonts


def test_a_folder_without_fonts_changes_nothing(tmp_path, settings):
    settings.FONT_DIR = tmp_path
    assert len(replaced_faces()) == 5


def test_gb2312_and_the_rare_characters_of_township_names_can_be_printed():
    rare = (VENDORED / "rare-characters.txt").read_text("utf-8").strip()
    assert len(rare) > 100
    assert missing_characters(rare + "甲镇党委“四不两直”〔2018〕▲▼—×") == ""


def test_characters_that_no_typeface_has_are_named():
    assert missing_characters("甲𬭎𰻝") == "𬭎𰻝"


def test_every_vendored_typeface_has_its_licence_beside_it():
    licences = {path.name for path in VENDORED.glob("*.txt")}
    assert {"OFL-Noto-CJK.txt", "OFL-WenKai.txt", "GPL-3-Fandol.txt"} <= licences
    assert sum(path.stat().st_size for path in VENDORED.glob("*.[ot]tf")) < 15_000_000
