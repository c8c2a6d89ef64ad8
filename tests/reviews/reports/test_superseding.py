"""A document that was corrected since says so on every page, and no line of it moves for that."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace

import docx
import pytest
from pypdf import PdfReader

from reviews.reports.content import correction_notice, published_document
from reviews.reports.docx import TEMPLATE, render_docx
from reviews.reports.html import render_html
from reviews.reports.pdf import render_pdf
from reviews.reports.superseding import superseded_note
from tests.factories.reviews import corrected_once, cycle_with_totals, published
from tests.reviews.reports.circulars import sample_circular

NOTE = superseded_note("通报", latest=2, on=datetime.date(2018, 11, 2))


def outdated():
    return replace(sample_circular(), superseded_by=NOTE)


def pages(document) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(document).body)).pages]


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_note_names_the_day_and_what_is_in_force():
    assert NOTE == "本通报已于2018年11月2日更正，以第一次更正为准。"
    assert superseded_note("讲话", latest=4, on=datetime.date(2018, 12, 1)).endswith("以第三次更正为准。")


def test_every_page_of_the_pdf_says_it_and_is_otherwise_the_same():
    with_note, without = pages(outdated()), pages(sample_circular())
    assert len(with_note) == len(without)
    for told, plain in zip(with_note, without, strict=True):
        assert squeezed(told).replace(NOTE, "", 1) == squeezed(plain)
        assert NOTE in squeezed(told)


def test_every_page_of_the_word_file_says_it():
    body = render_docx(outdated()).body
    for section in docx.Document(io.BytesIO(body)).sections:
        for header in (section.header, section.even_page_header, section.first_page_header):
            assert "".join(paragraph.text for paragraph in header.paragraphs) == NOTE
    assert render_docx(outdated()).body == body


def test_an_offices_own_template_keeps_its_head():
    own, file = docx.Document(TEMPLATE), io.BytesIO()
    own.sections[0].header.paragraphs[0].text = "某区委组织部"
    own.save(file)
    body = render_docx(outdated(), file.getvalue()).body
    head = docx.Document(io.BytesIO(body)).sections[0].header
    assert [paragraph.text for paragraph in head.paragraphs] == [NOTE, "某区委组织部"]


def test_a_document_in_force_says_nothing_of_it():
    document = docx.Document(io.BytesIO(render_docx(sample_circular()).body))
    assert all("更正" not in each.text for part in document.sections for each in part.header.paragraphs)
    assert "circular-superseded" not in render_html(sample_circular()).split("<body")[1]


def test_the_print_view_says_it():
    assert NOTE in render_html(outdated())


@pytest.mark.django_db
class TestPublications:
    @pytest.fixture
    def first(self):
        return published(cycle_with_totals({"甲镇党委": 96, "乙镇党委": 95}))

    def test_what_is_in_force_has_no_note(self, first):
        second = corrected_once(first)
        assert published_document(first, "circular").superseded_by
        assert published_document(second, "circular").superseded_by == ""
        assert correction_notice(second).superseded_by == ""

    @pytest.mark.parametrize(("kind", "noun"), [("circular", "本通报"), ("speech", "本讲话")])
    def test_each_earlier_document_names_the_newest_correction(self, kind, noun, first):
        second = corrected_once(first)
        third = corrected_once(first)
        for publication in (first, second):
            note = published_document(publication, kind).superseded_by
            assert note.startswith(noun)
            assert note.endswith("以第二次更正为准。")
        assert correction_notice(second).superseded_by.startswith("本通知已于")
        assert correction_notice(third).superseded_by == ""

    def test_a_first_publication_corrects_nothing(self, first):
        with pytest.raises(ValueError, match="corrects nothing"):
            correction_notice(first)

    @pytest.mark.parametrize("count", [1, 50])
    def test_the_notice_reads_the_database_three_times(self, count, django_assert_num_queries):
        first = published(cycle_with_totals({f"第{number}镇党委": 90 for number in range(count)}))
        second = corrected_once(first)
        with django_assert_num_queries(3):
            correction_notice(second)
