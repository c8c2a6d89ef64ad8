"""What an office's own template has to be like before it is taken."""

import io

import pytest
from django.utils import translation
from docx import Document

from files.kinds import FileRefused
from reviews.reports.docx import TEMPLATE, render_docx
from reviews.reports.template_checks import LARGEST, TemplateUnfit, require_fit
from tests.reviews.reports.circulars import HOSTILE, hostile_circular, sample_circular
from tests.reviews.reports.speeches import sample_speech
from tests.reviews.reports.templates import (
    changed,
    with_paragraph,
    with_part,
    with_relation,
    with_text,
)

KINDS = ("circular", "speech")


def refusal(template: bytes, kind: str = "circular") -> str:
    with pytest.raises((TemplateUnfit, FileRefused)) as caught:
        require_fit("模板.docx", template, kind)
    return str(caught.value)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_the_standard_template_is_fit(kind):
    require_fit("模板.docx", TEMPLATE.read_bytes(), kind)


def test_an_offices_own_head_is_fit_and_printed():
    def put_head(document):
        document.paragraphs[0].insert_paragraph_before("中共某区委组织部内部资料")
        table = document.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text = "承办：{{ imprint.office }}"

    template = changed(put_head)
    require_fit("模板.docx", template, "circular")
    printed = Document(io.BytesIO(render_docx(sample_circular(), template).body))
    assert printed.paragraphs[0].text == "中共某区委组织部内部资料"
    assert "承办：区委组织部" in printed.element.xml


def test_hostile_content_prints_as_it_is_with_an_own_template():
    template = with_paragraph("本件由 {{ signature.signer }} 印发")
    document = Document(io.BytesIO(render_docx(hostile_circular(), template).body))
    cells = {cell.text for row in document.tables[0].rows for cell in row.cells}
    assert set(HOSTILE) <= cells


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ titel }}", "There is no placeholder “titel”."),
        ("{{ signature.singer }}", "There is no placeholder “signature.singer”."),
        ("{{ title", "A tag is not whole at “{{ title”."),
        ("title }}", "A tag is not whole at “title }}”."),
        ("{{ title | }}", "“{{ title | }}” cannot be read"),
        ("{% if title %}", "“{% if title %}” is never closed: “{% endif %}” is missing."),
        ("{% endfor %}", "“{% endfor %}” closes nothing that is open there."),
        ("{% else %}", "“{% else %}” stands outside of any condition."),
        ("{% set x = 1 %}", "“{% set x = 1 %}” is no tag that may stand here"),
        ("{% include 'x' %}", "“{% include 'x' %}” is no tag that may stand here"),
        ("{{ paragraphs }}", "“{{ paragraphs }}” is no text"),
        ("{% for x in title %}{{ x }}{% endfor %}", "“title” is no list"),
        ("{{ title.__class__.__mro__ }}", "There is no placeholder “title.__class__”."),
        ("{{ title.upper() }}", "has no place in a template"),
        ("{{ range(9) }}", "has no place in a template"),
        ("{{ 'x' * 9 }}", "has no place in a template"),
        ("{{ title|safe }}", "“safe” has no place in a template"),
        ("{{ title|attr('x') }}", "“attr” has no place in a template"),
        (
            "{% for a in paragraphs %}{% for b in paragraphs %}{{ b.text }}{% endfor %}{% endfor %}",
            "Within a repetition, “paragraphs” cannot be repeated as a whole",
        ),
        ("前文 {%p if title %}", "has to stand in a paragraph of its own"),
    ],
)
def test_a_tag_that_is_wrong_is_named(text, said):
    assert said in refusal(with_paragraph(text))


@pytest.mark.parametrize(
    ("kind", "placeholder", "named"),
    [
        ("circular", "{{ signature.signer }}", "signature.signer"),
        ("circular", "{{ paragraph.text }}", "paragraphs.text"),
        ("circular", "{{ cell.text }}", "attachments.rows.text"),
        ("speech", "{{ paragraph.lead }}", "paragraphs.lead"),
    ],
)
def test_a_placeholder_that_must_be_there_is_named(kind, placeholder, named):
    assert refusal(with_text(placeholder, ""), kind) == f"The placeholder “{{{{ {named} }}}}” is missing."


def test_what_is_lost_for_some_paragraphs_only_is_found_by_the_trial():
    template = with_text("{% if paragraph.level == 'part' %}", "{% if paragraph.level == 'parts' %}")
    assert "“{{ paragraph.lead }}” does not print everywhere" in refusal(template)


def test_a_placeholder_outside_of_any_paragraph_is_found_by_the_trial():
    assert "does not print everywhere" in refusal(with_text("{{ paragraph.text }}", "{{r paragraph.text }}"))


def test_a_speech_may_leave_out_what_no_speech_has():
    template = with_text("{{ signature.signer }}", "")
    require_fit("模板.docx", template, "speech")
    printed = Document(io.BytesIO(render_docx(sample_speech(), template).body))
    assert "同志们：" in [paragraph.text for paragraph in printed.paragraphs]


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "aFChunk"])
def test_nothing_is_loaded_from_elsewhere(kind):
    says = (
        "carries macros"
        if kind == "attachedTemplate"
        else f"The template loads or holds other files ({kind})."
    )
    assert says in refusal(with_relation(kind))


def test_a_field_that_loads_files_is_refused():
    field = '<w:p><w:fldSimple w:instr="INCLUDETEXT secret.docx"/></w:p><w:sectPr'
    assert "(INCLUDETEXT)" in refusal(with_text("<w:sectPr", field))


def test_macros_other_kinds_and_broken_files_are_refused():
    assert "carries macros" in refusal(with_part("word/vbaProject.bin", b"x"))
    assert "another kind" in refusal(b"%!PS")
    assert "damaged" in refusal(TEMPLATE.read_bytes()[:-30])
    assert "is a Word file" in refusal(b"%PDF-1.7 \nstartxref\n0\n%%EOF")


def test_a_file_that_is_large_or_grows_large_is_refused():
    assert "at most 2 MB" in refusal(b"PK\x03\x04" + bytes(LARGEST))
    assert "Unpacked" in refusal(with_part("word/media/image1.bmp", bytes(21 * 1024 * 1024)))


def test_entities_are_refused():
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    assert "not as Word or WPS writes it" in refusal(with_part("word/settings.xml", evil))
