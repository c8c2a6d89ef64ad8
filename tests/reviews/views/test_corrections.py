"""The correction notice in the browser: who gets it, of which publication, and the ways to it."""

from __future__ import annotations

import pytest

from reviews.models import Disclosure, Publication
from reviews.publishing import step_back
from tests.factories.reviews import corrected_once
from tests.reviews.views.answers import said_by, text_of

PAGE = "/cycles/2018Q3/correction"


@pytest.fixture
def corrected(done):
    return corrected_once(Publication.objects.get(cycle=done), 丙镇党委=50)


def test_it_shows_old_beside_new(corrected, leader, signed_in):
    shown = text_of(signed_in(leader).get(PAGE + "/"))
    assert "关于更正2018年第三季度基层党建工作督查情况通报的通知" in "".join(shown.split("</span><span>"))
    assert "丙镇党委总分由94.00分更正为50.00分，名次由第3名更正为第6名" in shown
    assert f"{PAGE}.docx?publication=2" in shown


@pytest.mark.parametrize(("extension", "start"), [("docx", b"PK"), ("pdf", b"%PDF-")])
def test_files_carry_its_title(extension, start, corrected, leader, signed_in):
    answer = signed_in(leader).get(f"{PAGE}.{extension}?publication=2")
    assert answer.content.startswith(start)
    assert "%E5%85%B3%E4%BA%8E%E6%9B%B4%E6%AD%A3" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/", ".pdf", "/?publication=1", ".docx?publication=1"])
def test_what_was_never_corrected_has_none(address, done, leader, signed_in):
    client = signed_in(leader)
    there, nowhere = client.get(PAGE + address), client.get("/cycles/2017Q2/correction" + address)
    assert said_by(there) == said_by(nowhere)
    assert there.status_code == 404


@pytest.mark.parametrize("address", ["/?publication=1", "/?publication=9", ".html", ".exe"])
def test_no_other_number_and_no_other_format(address, corrected, leader, signed_in):
    assert signed_in(leader).get(PAGE + address).status_code == 404


@pytest.mark.parametrize("address", ["/", ".pdf", ".docx"])
def test_whoever_reads_the_circular_reads_it(address, corrected, secretary, stranger, signed_in):
    assert signed_in(stranger).get(PAGE + address).status_code == 404
    assert signed_in(secretary).get(PAGE + address).status_code == 403
    cycle = corrected.cycle
    cycle.disclosure = Disclosure.TABLE
    cycle.save()
    assert signed_in(secretary).get(PAGE + address).status_code == 200


def test_a_correction_that_is_being_prepared_has_no_notice_yet(done, staff, leader, signed_in):
    step_back(done, by=staff, reason="复核")
    assert signed_in(staff).get(PAGE + "/").status_code == 404
    assert signed_in(leader).get(PAGE + "/").status_code == 404


@pytest.mark.parametrize("address", ["", "standings/", "report/circular/"])
def test_the_pages_of_the_quarter_lead_there(address, corrected, leader, signed_in):
    shown = text_of(signed_in(leader).get("/cycles/2018Q3/" + address))
    assert f'href="{PAGE}/?publication=2"' in shown


def test_a_unit_that_reads_the_lists_alone_is_not_led_there(corrected, secretary, signed_in):
    for address in ("", "standings/"):
        assert f"{PAGE}/" not in text_of(signed_in(secretary).get("/cycles/2018Q3/" + address))


def test_the_circular_that_was_corrected_says_so_when_it_is_printed_anew(corrected, leader, signed_in):
    client = signed_in(leader)
    page = "/cycles/2018Q3/report/circular/print/"
    assert "以第一次更正为准。" in text_of(client.get(page + "?publication=1"))
    assert "以第一次更正为准。" not in text_of(client.get(page))
