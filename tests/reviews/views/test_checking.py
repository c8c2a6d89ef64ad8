"""The page that lists what in a document does not agree with the results."""

from __future__ import annotations

import pytest

from reviews.models import ReportAcceptance, ReportVersion
from reviews.publishing import verify_cycle
from tests.factories.reports import wrote_in
from tests.factories.reviews import cycle_with_totals, published, ready_host

TOTALS = {"甲镇党委": 96, "乙镇党委": 90, "丙镇党委": 80, "丁镇党委": 70}
PAGE = "/cycles/2018Q3/report/circular/check/"
ACCEPT, MEND = "/cycles/2018Q3/report/circular/accept/", "/cycles/2018Q3/report/circular/mend/"


@pytest.fixture
def host(db):
    return ready_host(*TOTALS)


@pytest.fixture
def unit(host):
    return host.units.first()


@pytest.fixture
def cycle(host, staff):
    return verify_cycle(cycle_with_totals(TOTALS, host=host), by=staff)


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


def test_it_shows_the_sentence_the_words_and_what_is_true(cycle, staff, client):
    wrote_in(cycle, "总的看，丁镇党委得分75分，位居前三名。", by=staff)
    page = client.get(PAGE).content.decode()
    assert "总的看，丁镇党委得分<mark>75分</mark>，位居前三名。" in page
    assert "丁镇党委现为" in page
    assert "第4名，得分70.00分" in page


def test_a_place_is_accepted_with_a_reason_and_shown_with_who_did(cycle, staff, client):
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    sent = {"remark": place.remark.fingerprint, f"reason-{place.key}": "会议\x00口径"}
    page = client.post(ACCEPT, sent, follow=True).content.decode()
    assert "It stays as it is." in page
    assert "会议口径" in page
    assert ReportAcceptance.objects.get().accepted_by == staff


def test_a_place_is_mended(cycle, staff, client):
    (place,) = wrote_in(cycle, "丁镇党委得分75分。", by=staff)
    page = client.post(MEND, {"remark": place.remark.fingerprint}, follow=True).content.decode()
    assert "It is mended, in version 2." in page
    assert "agrees with the results" in page


@pytest.mark.parametrize(
    "sent", [{}, {"remark": ""}, {"remark": "长" * 90}, {"remark": "\x00"}, {"back": "?"}]
)
@pytest.mark.parametrize("address", [ACCEPT, MEND])
def test_bad_input_says_so_and_changes_nothing(sent, address, cycle, staff, client):
    wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    answer = client.post(address, sent, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "alert" in answer.content.decode()
    assert (ReportAcceptance.objects.count(), ReportVersion.objects.count()) == (0, 1)


def test_from_the_composer_it_leads_back_there(cycle, staff, client):
    (place,) = wrote_in(cycle, "丁镇党委得分75分。", by=staff)
    answer = client.post(MEND, {"remark": place.remark.fingerprint, "back": "composer"})
    assert answer.url == "/cycles/2018Q3/report/circular/"


def test_a_published_cycle_has_nothing_to_check(host, staff, client):
    published(cycle_with_totals(TOTALS, host=host), by=staff)
    answer = client.get(PAGE, follow=True)
    assert answer.redirect_chain == [("/cycles/2018Q3/", 302)]
    assert "nothing to check" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_before_publication_units_and_strangers_know_of_nothing(
    method, cycle, secretary, stranger, leader, signed_in
):
    address = PAGE if method == "get" else ACCEPT
    for user, status in ((secretary, 404), (stranger, 404), (leader, 403)):
        assert getattr(signed_in(user), method)(address).status_code == status


def test_the_publish_page_says_so_and_leads_there(cycle, staff, client):
    wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    page = client.get("/cycles/2018Q3/publish/").content.decode()
    assert "Circular: 1 place does not agree with the results." in page
    assert f'href="{PAGE}"' in page
    assert "Publish now" not in page


@pytest.mark.parametrize("places", [1, 3, 50])
def test_it_costs_the_same_at_any_length(places, cycle, staff, client, django_assert_num_queries):
    wrote_in(cycle, *[f"丁镇党委位居前三名，这是第{place}处。" for place in range(places)], by=staff)
    client.get(PAGE)
    with django_assert_num_queries(17):
        assert client.get(PAGE).status_code == 200
