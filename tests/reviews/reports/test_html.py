"""The print view."""

from html import escape
from html.parser import HTMLParser

from reviews.reports.html import render_html
from reviews.reports.renderers import RENDERERS
from tests.reviews.reports.circulars import (
    HOSTILE,
    SYSTEM_LISTS,
    TOWNSHIP_LISTS,
    circular_of,
    hostile_circular,
    sample_circular,
)


class Balanced(HTMLParser):
    """Fails where an element is closed that is not the last one opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in {"meta", "col", "link", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_lists_of_the_sample_district_are_on_the_page():
    page = render_html(sample_circular())
    for wanted in (*TOWNSHIP_LISTS, *SYSTEM_LISTS):
        assert wanted in page


def test_the_page_is_whole_in_one_file():
    page = render_html(sample_circular())
    assert page.startswith("<!doctype html>")
    assert "@page" in page
    assert "<link" not in page
    assert "<script" not in page


def test_on_the_site_the_ways_out_stand_first_and_the_typefaces_are_folded():
    page = render_html(sample_circular(), links=[("PDF", "/circular.pdf"), ("返回名次", "/standings/")])
    note = page.partition("<aside")[2].partition("</aside>")[0]
    wanted = ["data-print", "/circular.pdf", "/standings/", "<details>"]
    assert sorted(wanted, key=note.index) == wanted
    assert "favicon" in page
    assert "onclick" not in page
    assert page.count("<script") == page.count("<script src=") == 1


def test_every_element_is_closed_in_its_place():
    for circular in (sample_circular(letterhead="electronic"), circular_of("通报。"), hostile_circular()):
        parser = Balanced()
        parser.feed(render_html(circular))
        parser.close()
        assert parser.open == []


def test_the_note_says_what_the_pdf_replaces_and_leads_elsewhere():
    page = render_html(circular_of("𬭎。"), links=[("返回", "/cycles/2018Q3/")])
    assert "仿宋_GB2312 以 FandolFang 代替" in page
    assert '<a href="/cycles/2018Q3/">返回</a>' in page
    assert "𬭎</p>" in page


def test_the_note_is_not_printed():
    style = render_html(circular_of("通报。")).partition("@media print")[2]
    assert ".circular-note { display: none; }" in style


def test_content_is_data_and_prints_as_it_is():
    page = render_html(hostile_circular())
    for hostile in HOSTILE:
        assert escape(hostile) in page
    assert "<b>" not in page
    assert "49" not in page.partition("<main>")[2].partition("校验码")[0]


def test_every_format_renders_the_same_content():
    circular = sample_circular()
    types = {name: render(circular).content_type for name, render in RENDERERS.items()}
    assert types == {
        "html": "text/html; charset=utf-8",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
    }
