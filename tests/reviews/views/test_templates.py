"""An office's own Word template: taken after a check, printed with, given up again."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from docx import Document

from organizations.models import Role
from reviews.models import DocumentTemplate
from reviews.reports.docx import TEMPLATE
from tests.factories.organizations import somebody
from tests.reviews.reports.templates import with_paragraph
from tests.reviews.views.answers import text_of

PAGE = "/settings/templates/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(client, data, kind="circular", name="本区通报模板.docx"):
    return client.post(f"{PAGE}{kind}/", {f"{kind}-file": SimpleUploadedFile(name, data)}, follow=True)


def printed(client, kind="circular"):
    answer = client.get(f"/cycles/2018Q3/report/{kind}.docx")
    return [paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs]


def kept(settings) -> list[Path]:
    return list((Path(settings.MEDIA_ROOT) / DocumentTemplate.FOLDER).glob("*"))


def test_the_page_says_what_is_in_use_and_what_may_be_named(host, staff, signed_in):
    shown = text_of(signed_in(staff).get(PAGE))
    assert shown.count("In use: the standard template") == 2
    assert "check_lines" in shown
    assert "{%p for … %}" in shown


def test_a_template_that_is_taken_prints_from_then_on(done, staff, leader, signed_in, settings):
    client = signed_in(staff)
    answer = send(client, with_paragraph("本件由 {{ signature.signer }} 印发"))
    assert "The template is in use from now on." in text_of(answer)
    assert "In use: 本区通报模板.docx, uploaded by" in text_of(answer)
    assert f"本件由 {done.host.name} 印发" in printed(signed_in(leader))
    assert len(kept(settings)) == 1


def test_the_command_prints_with_it_as_well(done, staff, signed_in, tmp_path):
    send(signed_in(staff), with_paragraph("本区通报专用纸"))
    file = tmp_path / "通报.docx"
    call_command("report", "2018Q3", "--format", "docx", "--output", str(file), stdout=io.StringIO())
    assert "本区通报专用纸" in [paragraph.text for paragraph in Document(file).paragraphs]


def test_a_template_is_for_its_kind_alone(done, staff, signed_in):
    client = signed_in(staff)
    send(client, with_paragraph("讲话稿专用纸"), kind="speech")
    assert "讲话稿专用纸" in printed(client, "speech")
    assert "讲话稿专用纸" not in printed(client)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(host, staff, signed_in, settings):
    answer = send(signed_in(staff), with_paragraph("{{ titel }}"))
    assert answer.status_code == 422
    assert "There is no placeholder “titel”." in text_of(answer)
    assert not DocumentTemplate.objects.exists()
    assert kept(settings) == []


@pytest.mark.parametrize("data", [b"", b"not a document", b"%PDF-1.7", TEMPLATE.read_bytes()[:-30]])
def test_what_is_no_word_file_is_refused(data, host, staff, signed_in):
    assert send(signed_in(staff), data).status_code == 422


def test_nothing_sent_is_said(host, staff, signed_in):
    assert signed_in(staff).post(f"{PAGE}circular/").status_code == 422


@pytest.mark.django_db(transaction=True)
def test_the_next_one_takes_the_place_of_the_one_before(host, staff, signed_in, settings):
    client = signed_in(staff)
    send(client, with_paragraph("第一版"))
    send(client, with_paragraph("第二版"))
    (template,) = DocumentTemplate.objects.all()
    assert [path.name for path in kept(settings)] == [template.stored_name]
    paragraphs = Document(io.BytesIO(client.get(f"{PAGE}circular.docx").content)).paragraphs
    assert "第二版" in [paragraph.text for paragraph in paragraphs]
    assert "The standard template is in use again." in text_of(
        client.post(f"{PAGE}circular/standard/", follow=True)
    )
    assert kept(settings) == []
    client.post(f"{PAGE}circular/standard/")  # once more changes nothing


def test_the_standard_template_can_be_had_to_start_from(host, staff, signed_in):
    client = signed_in(staff)
    assert client.get(f"{PAGE}speech.docx").content == TEMPLATE.read_bytes()
    send(client, with_paragraph("本区"))
    assert client.get(f"{PAGE}circular.docx?standard=1").content == TEMPLATE.read_bytes()


def test_a_template_whose_file_is_gone_gives_way_to_the_standard_one(
    done, staff, signed_in, settings, caplog
):
    client = signed_in(staff)
    send(client, with_paragraph("本区专用"))
    kept(settings)[0].unlink()
    assert printed(client)[0] == "关于2018年第三季度"
    assert client.get(PAGE).status_code == 200


def test_a_template_that_fails_gives_way_to_the_standard_one(done, staff, signed_in, settings):
    client = signed_in(staff)
    send(client, with_paragraph("本区专用"))
    kept(settings)[0].write_bytes(b"damaged on the disk")
    assert printed(client)[0] == "关于2018年第三季度"


def test_published_documents_keep_their_words_and_code(done, staff, signed_in):
    client = signed_in(staff)
    before = printed(client)
    send(client, with_paragraph("本区专用"))
    assert printed(client) == [*before, "本区专用"]


def test_it_is_the_staffs_business(host, unit, leader, secretary, signed_in):
    for person in (leader, secretary, somebody(Role.INSPECTOR, host)):
        client = signed_in(person)
        assert client.get(PAGE).status_code == 403
        assert client.get(f"{PAGE}circular.docx").status_code == 403
        assert send(client, with_paragraph("本区")).status_code == 403
        assert client.post(f"{PAGE}circular/standard/").status_code == 403


def test_each_host_has_its_own(host, done, staff, stranger, signed_in):
    send(signed_in(stranger), with_paragraph("别的主办单位"))
    assert "别的主办单位" not in printed(signed_in(staff))
    assert text_of(signed_in(staff).get(PAGE)).count("In use: the standard template") == 2
