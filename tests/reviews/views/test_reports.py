"""The circular in the browser: who gets it, under which name, of which publication."""

from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

from reviews.models import Disclosure
from reviews.publishing import correct_publication, step_back, verify_cycle
from tests.factories.reviews import give_total
from tests.reviews.views.answers import text_of

PAGE = "/cycles/2018Q3/report/circular"


def test_the_print_view_says_the_lists(done, leader, signed_in):
    shown = text_of(signed_in(leader).get(PAGE + "/print/"))
    assert "前三名：甲镇党委；乙镇党委；丙镇党委" in shown
    assert f"{PAGE}.docx?publication=1" in shown


@pytest.mark.parametrize(("extension", "start"), [("docx", b"PK"), ("pdf", b"%PDF-")])
def test_files_carry_their_chinese_name(extension, start, done, leader, signed_in):
    answer = signed_in(leader).get(f"{PAGE}.{extension}")
    assert answer.content.startswith(start)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%85%B3")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_unit_reads_it_only_where_the_cycle_shows_the_table(done, secretary, signed_in):
    client = signed_in(secretary)
    assert client.get(PAGE + "/").status_code == 403
    done.disclosure = Disclosure.TABLE
    done.save()
    assert client.get(PAGE + "/").status_code == 200
    assert client.get(PAGE + ".docx").status_code == 200


@pytest.mark.parametrize("address", ["/", "/print/", ".pdf", ".docx", "/?draft=1", ".pdf?draft=1"])
def test_before_publication_there_is_a_draft_for_the_staff_alone(
    address, running, staff, leader, secretary, signed_in
):
    answer = signed_in(staff).get(PAGE + address)
    assert answer.status_code == 200
    if address.startswith(".pdf"):
        assert unquote(answer.headers["Content-Disposition"]).endswith("（送审稿）.pdf")
    assert signed_in(leader).get(PAGE + address).status_code == 404
    assert signed_in(secretary).get(PAGE + address).status_code == 404


def test_each_publication_keeps_its_own_circular(done, staff, leader, signed_in):
    step_back(done, by=staff, reason="己镇党委得分漏记")
    give_total(done, "己镇党委", 100)
    verify_cycle(done, by=staff)
    correct_publication(done, by=staff, reason="己镇党委得分漏记")
    client = signed_in(leader)
    with ZipFile(BytesIO(client.get(f"{PAGE}.docx?publication=1").content)) as file:
        assert "更正" not in file.read("word/document.xml").decode()
    assert "更正原因：己镇党委得分漏记" in text_of(client.get(PAGE + "/print/"))
    assert client.get(f"{PAGE}.docx?publication=3").status_code == 404


@pytest.mark.parametrize("extension", ["html", "exe", "DOCX"])
def test_no_other_format_is_offered(extension, done, leader, signed_in):
    assert signed_in(leader).get(f"{PAGE}.{extension}").status_code == 404
