"""The annual report as files: the same content in every format, the same bytes for the same content."""

from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from reviews.reports.annual_prose import annual_document, draft_annual
from reviews.reports.document import OfficialDocument
from reviews.reports.prose import Heading
from reviews.reports.renderers import RENDERERS, render_docx, render_html, render_pdf
from tests.reviews.reports.years import facts_of

NAMES = [f"某{number}街道筹备办临时党工委" for number in range(1, 31)]
HEADING = Heading(addressee="各乡镇（街道）党（工）委", document_number="×组通〔2019〕2号")


@pytest.fixture(scope="module")
def report() -> OfficialDocument:
    """A year of four quarters, of which the last units were scored in one only."""
    quarters = {
        number: {name: 95 - place if number == 1 or place < 28 else None for place, name in enumerate(NAMES)}
        for number in range(1, 5)
    }
    facts = facts_of({"乡镇（街道）": quarters})
    return annual_document(draft_annual(facts, HEADING), facts, HEADING)


def without_breaks(text: str) -> str:
    return "".join(text.split())


def test_word_holds_every_paragraph_and_every_row(report):
    document = Document(BytesIO(render_docx(report).body))
    text = without_breaks("".join(paragraph.text for paragraph in document.paragraphs))
    for paragraph in report.paragraphs:
        assert without_breaks(paragraph.lead + paragraph.text) in text
    (table,) = [each for each in document.tables if len(each.columns) == len(report.attachments[0].columns)]
    rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
    assert rows[1:] == list(report.attachments[0].rows)


def test_the_pdf_holds_title_table_and_digest(report):
    pages = PdfReader(BytesIO(render_pdf(report).body)).pages
    text = without_breaks("".join(page.extract_text() for page in pages))
    assert report.title in text
    assert without_breaks(report.attachments[0].name) in text
    assert report.digest in text


def test_the_print_view_holds_the_same(report):
    page = render_html(report)
    assert all(paragraph.text in page for paragraph in report.paragraphs)


@pytest.mark.parametrize("kind", RENDERERS)
def test_the_same_year_makes_the_same_bytes(kind, report):
    assert RENDERERS[kind](report).body == RENDERERS[kind](report).body
