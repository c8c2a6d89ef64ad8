"""Reading a document on the screen, and finding out where each of its figures comes from."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from organizations.models import Organization, Role, User
from rectification.models import Item
from reviews.deducting import withdraw_deduction
from reviews.models import Deduction, Disclosure, Publication, ReviewCycle
from reviews.publishing import correct_publication, step_back, verify_cycle
from reviews.raising import raise_findings
from reviews.visiting import Findings, NewLoss
from tests.factories.organizations import somebody
from tests.factories.reviews import (
    deduct,
    give_total,
    indicator_of,
    opened_cycle,
    published,
    ready_host,
    score,
)
from tests.factories.visits import made, photo
from tests.reviews.views.answers import text_of

PAGE = "/cycles/2018Q3/report/circular/"
WORDS = re.compile(r"<[^>]+>")


def group_key(cycle: ReviewCycle) -> str:
    return f"g{cycle.host.groups.get().pk}"


def words_of(answer) -> str:
    """What is read on the page, without its marks."""
    page = answer.content.decode().replace("</td>", " ")
    return " ".join(unescape(WORDS.sub("", page)).split())


def field(key: str, query: str = "") -> str:
    return f"{PAGE}fields/{key}/{query}"


# --- The text ------------------------------------------------------------------------------------


def test_the_page_reads_as_the_document_prints(done, leader, signed_in):
    said = words_of(signed_in(leader).get(PAGE))
    assert "乡镇（街道）前三名：甲镇党委；乙镇党委；丙镇党委。后三名：丁镇党委；戊镇党委；己镇党委。" in said
    assert "附件1 2018年第三季度乡镇（街道）基层党建工作督查得分排名表" in said


def test_every_figure_of_the_text_leads_to_a_page_of_its_own(done, leader, signed_in):
    client = signed_in(leader)
    for kind in ("circular", "speech"):
        page = client.get(PAGE.replace("circular", kind)).content.decode()
        links = dict(re.findall(r'class="live" href="([^"]+)">([^<]+)<', page))
        assert links
        for address, value in links.items():
            assert unescape(value) in words_of(client.get(unescape(address))), address


def test_it_leads_to_paper_files_the_other_document_and_the_standings(done, leader, signed_in):
    shown = text_of(signed_in(leader).get(PAGE))
    for address in (
        f"{PAGE}print/?publication=1",
        "/cycles/2018Q3/report/circular.pdf?publication=1",
        "/cycles/2018Q3/report/circular.docx?publication=1",
        "/cycles/2018Q3/report/speech/?publication=1",
        "/cycles/2018Q3/standings/?publication=1",
    ):
        assert f'href="{address}"' in shown


def test_a_publication_older_than_texts_is_read_from_its_figures(done, leader, signed_in, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Publication, "texts", None)
        said = words_of(signed_in(leader).get(PAGE))
    assert "前三名：甲镇党委；乙镇党委；丙镇党委" in said


@pytest.fixture
def corrected(done: ReviewCycle, staff: User) -> ReviewCycle:
    step_back(done, by=staff, reason="己镇党委得分漏记")
    give_total(done, "己镇党委", 100)
    verify_cycle(done, by=staff)
    correct_publication(done, by=staff, reason="己镇党委得分漏记")
    return done


def test_a_corrected_publication_says_so_and_leads_to_the_one_in_force(corrected, leader, signed_in):
    client = signed_in(leader)
    earlier = text_of(client.get(f"{PAGE}?publication=1"))
    assert "This publication was corrected" in earlier
    assert f'href="{PAGE}?publication=2"' in earlier
    newest = words_of(client.get(PAGE))
    assert "Correction (publication 2): 己镇党委得分漏记" in newest
    assert "This publication was corrected" not in newest


def test_a_field_of_an_earlier_publication_is_explained_by_its_own_figures(corrected, leader, signed_in):
    client, key = signed_in(leader), f"{group_key(corrected)}.average"
    assert "93.50" in words_of(client.get(field(key, "?publication=1")))
    assert "95.00" in words_of(client.get(field(key)))


def test_a_correction_shows_old_beside_new(corrected, leader, signed_in):
    said = words_of(signed_in(leader).get(field("correction.number")))
    assert "第一次" in said
    assert "己镇党委 6 91.00 1 100.00" in said


# --- The rule, the working, the rows -------------------------------------------------------------


def test_an_average_is_worked_out_before_the_readers_eyes(done, leader, signed_in):
    said = words_of(signed_in(leader).get(field(f"{group_key(done)}.average")))
    assert "Totals of the units ranked (6) added up: 561.00" in said
    assert "561.00 ÷ 6 = 93.5" in said
    assert "Rounded half up to 2 decimals: 93.50" in said


def test_a_list_shows_the_first_unit_that_it_does_not_name(done, leader, signed_in):
    said = words_of(signed_in(leader).get(field(f"{group_key(done)}.top")))
    assert "丁镇党委 (not named) 4 93.00" in said


@pytest.mark.parametrize("key", ["g1.nothing", "x", "<b>", "g999999.average", "host."])
def test_a_field_that_the_document_does_not_have_is_not_found(key, done, leader, signed_in):
    assert signed_in(leader).get(field(key)).status_code == 404


@pytest.mark.parametrize("unit", ["", "0", "x", "99999999999", "-1", "7e3"])
def test_a_unit_that_is_none_of_the_rows_shows_nothing_of_it(unit, done, leader, signed_in):
    address = field(f"{group_key(done)}.average", f"?unit={unit}")
    assert signed_in(leader).get(address).status_code == 200


# --- Deductions, items, visits and photos --------------------------------------------------------


@pytest.fixture
def visited(host: Organization, earlier: ReviewCycle, inspector: User, staff: User) -> ReviewCycle:
    """2018Q3, published: 丙镇党委 lost 1 point in a visit with a photo, 丁镇党委 2 points at the desk."""
    cycle = opened_cycle(host, "2018Q3")
    for unit in ("甲镇党委", "乙镇党委", "戊镇党委", "己镇党委"):
        score(cycle, unit, {"三会一课": 60, "主题党日": 40})
    lost = NewLoss(indicator_of(cycle, "丙镇党委", "三会一课").pk, Decimal(1), "缺签到表")
    proof = replace(photo(), loss=0)
    made(cycle, "丙镇党委", Findings(losses=[lost], photos=[proof]), inspectors=(inspector,))
    score(cycle, "丙镇党委", {"主题党日": 40})
    deduct(cycle, "丁镇党委", "三会一课", 2, "记录不完整")
    score(cycle, "丁镇党委", {"主题党日": 40})
    published(cycle, by=staff)
    cycle.refresh_from_db()
    return cycle


def losses_key(client: Client) -> str:
    page = client.get(PAGE).content.decode()
    found = re.search(r"/fields/(i[0-9a-f]+\.units)/", page)
    assert found
    return found[1]


def test_the_losers_at_an_indicator_come_with_their_deductions(visited, leader, signed_in):
    client = signed_in(leader)
    said = words_of(client.get(field(losses_key(client))))
    assert "丁镇党委 −2 丙镇党委 −1" in said
    assert "三会一课 −2 of 60 −2 记录不完整" in said
    assert "三会一课 −1 of 60 −1 缺签到表" in said


def test_photos_and_visits_are_shown_to_those_who_may_see_them(visited, leader, staff, inspector, signed_in):
    key = losses_key(signed_in(leader))
    for user, sees in ((staff, True), (inspector, True), (leader, False)):
        shown = text_of(signed_in(user).get(field(key)))
        assert ("/visits/photos/" in shown) is sees
        assert ("To the visit" in shown) is sees


def test_a_unit_that_may_read_the_table_learns_no_others_points_and_of_no_visit(
    visited, host, secretary, signed_in
):
    visited.disclosure = Disclosure.TABLE
    visited.save()
    client = signed_in(secretary)
    answer = client.get(field(losses_key(client)))
    said = words_of(answer)
    assert "缺签到表" in said  # its own
    assert "−1 of 60" in said
    assert "记录不完整" in said  # of another unit, as the list of problems prints it
    assert "−2" not in said
    other = host.units.get(name="丁镇党委").pk
    assert f"/units/{other}/" not in text_of(answer)
    assert "/visits/" not in answer.content.decode().split('id="explanation"')[1]


def test_a_unit_learns_no_sum_of_what_all_lost_at_an_indicator(visited, secretary, leader, signed_in):
    visited.disclosure = Disclosure.TABLE
    visited.save()
    address = field(f"{group_key(visited)}.strengths")
    assert "Share lost" in words_of(signed_in(leader).get(address))
    assert "Share lost" not in words_of(signed_in(secretary).get(address))


def test_the_item_of_a_deduction_is_linked_for_those_who_see_it(visited, staff, leader, secretary, signed_in):
    raise_findings(visited, None, due_on=None, by=staff)
    visited.disclosure = Disclosure.TABLE
    visited.save()
    own = Item.objects.get(unit__name="丙镇党委")
    other = Item.objects.get(unit__name="丁镇党委")
    key = losses_key(signed_in(leader))
    assert other.get_absolute_url() in text_of(signed_in(leader).get(field(key)))
    to_unit = text_of(signed_in(secretary).get(field(key)))
    assert own.get_absolute_url() in to_unit
    assert other.get_absolute_url() not in to_unit


def test_one_unit_of_many_is_asked_for_by_itself(visited, host, leader, signed_in):
    unit = host.units.get(name="丙镇党委").pk
    client, key = signed_in(leader), f"{group_key(visited)}.average"
    assert "缺签到表" not in words_of(client.get(field(key)))
    said = words_of(client.get(field(key, f"?publication=1&unit={unit}")))
    assert "缺签到表" in said
    assert "记录不完整" not in said


def test_what_was_withdrawn_since_still_stands_behind_what_was_published(
    visited, staff, inspector, signed_in
):
    step_back(visited, by=staff, reason="复核")
    visited.refresh_from_db()
    deduction = Deduction.objects.get(review__organization__name="丙镇党委")
    withdraw_deduction(deduction, by=staff, reason="复核后不成立")
    client = signed_in(staff)
    key = re.search(r"/fields/(i[0-9a-f]+\.units)/", client.get(f"{PAGE}?publication=1").content.decode())[1]
    assert "/visits/photos/" in text_of(client.get(field(key, "?publication=1")))
    assert "缺签到表" not in words_of(client.get(field(key, "?draft=1")))


# --- Who may read --------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?draft=1", "?publication=1"])
def test_before_publication_only_the_staff_learn_where_a_figure_comes_from(
    query, running, staff, leader, inspector, secretary, stranger, signed_in
):
    address = field(f"{group_key(running)}.average", query)
    for user in (leader, inspector, secretary, stranger):
        assert signed_in(user).get(address).status_code == 404
    assert "93.50" in words_of(signed_in(staff).get(address))


def test_a_unit_reads_fields_only_where_it_reads_the_document(done, secretary, signed_in):
    client, address = signed_in(secretary), field(f"{group_key(done)}.average")
    assert client.get(address).status_code == 403
    done.disclosure = Disclosure.TABLE
    done.save()
    assert client.get(address).status_code == 200


def test_a_draft_is_explained_while_a_correction_is_prepared(done, staff, leader, signed_in):
    step_back(done, by=staff, reason="己镇党委得分漏记")
    give_total(done, "己镇党委", 100)
    key = f"{group_key(done)}.average"
    assert "95.00" in words_of(signed_in(staff).get(field(key, "?draft=1")))
    assert "93.50" in words_of(signed_in(leader).get(field(key, "?draft=1")))


# --- Cost ----------------------------------------------------------------------------------------


@pytest.fixture(params=[1, 3, 50])
def district(request: pytest.FixtureRequest, db: None) -> ReviewCycle:
    """So many units, each with a deduction, its item and its photo, published."""
    units = [f"第{number}镇党委" for number in range(request.param)]
    host = ready_host(*units)
    cycle = opened_cycle(host)
    staff = somebody(Role.STAFF, host)
    for number, unit in enumerate(units):
        lost = NewLoss(indicator_of(cycle, unit, "三会一课").pk, Decimal(1 + number % 3), "缺签到表")
        made(cycle, unit, Findings(losses=[lost], photos=[replace(photo(), loss=0)]))
        score(cycle, unit, {"主题党日": 40})
    raise_findings(cycle, None, due_on=None, by=staff)
    published(cycle, by=staff)
    return cycle


def test_reading_costs_the_same_for_any_number_of_units(district, signed_in, django_assert_num_queries):
    client = signed_in(somebody(Role.STAFF, district.host))
    client.get(PAGE)
    with django_assert_num_queries(7):
        assert client.get(PAGE).status_code == 200


def test_what_stands_behind_a_figure_costs_the_same_for_any_number_of_units(
    district, signed_in, django_assert_num_queries
):
    client = signed_in(somebody(Role.STAFF, district.host))
    address = field(losses_key(client))
    with django_assert_num_queries(11):
        assert client.get(address).status_code == 200


# --- A leader's first page -----------------------------------------------------------------------


def test_a_leader_reads_and_prints_both_documents_from_the_first_page(done, leader, signed_in):
    shown = text_of(signed_in(leader).get("/"))
    for kind in ("circular", "speech"):
        for rest in ("/", "/print/", ".pdf", ".docx"):
            assert f'href="/cycles/2018Q3/report/{kind}{rest}"' in shown
