"""One unit's review: what was lost and why, its place, and its places over the quarters."""

import re
from xml.etree import ElementTree

import pytest

from reviews.models import CycleState
from reviews.publishing import correct_publication, start_reply, step_back, verify_cycle
from tests.factories.reviews import cycle_with_totals, deduct, give_total, published
from tests.reviews.views.answers import text_of


@pytest.fixture
def page(unit) -> str:
    return f"/cycles/2018Q3/units/{unit.pk}/"


def test_a_published_review_shows_what_was_lost_and_why(running, unit, page, secretary, signed_in):
    deduct(running, "丙镇党委", "三会一课", "1.5", "会议记录不完整")
    published(running)
    shown = text_of(signed_in(secretary).get(page))
    assert "基础工作" in shown
    assert '<td class="number change-fall">−1.5</td>' in shown
    assert "会议记录不完整" in shown
    assert '<div class="figure-value">92.50</div>' in shown  # 60 − 1.5 + 34


def test_the_place_stands_beside_that_of_the_baseline(done, page, secretary, signed_in):
    shown = text_of(signed_in(secretary).get(page))
    assert '<div class="figure-value">3</div>' in shown
    assert '<div class="figure-value">4</div>' in shown
    assert "up 1 place" in shown


def test_what_was_published_stays_as_it_was(done, unit, page, staff, secretary, signed_in):
    before = signed_in(secretary).get(page).context["sheet"].sections
    step_back(done, by=staff, reason="复核")
    deduct(done, "丙镇党委", "主题党日", 3, "事后发现")
    unit.name = "新名党委"
    unit.save()
    answer = signed_in(secretary).get(page)
    assert answer.context["sheet"].sections == before
    assert "<h1>丙镇党委" in text_of(answer)


def test_staff_see_the_correction_that_is_being_prepared(done, page, staff, signed_in):
    step_back(done, by=staff, reason="复核")
    deduct(done, "丙镇党委", "主题党日", 3, "事后发现")
    client = signed_in(staff)
    assert "事后发现" not in text_of(client.get(page))
    assert "事后发现" in text_of(client.get(page + "?draft=1"))


def test_a_correction_replaces_the_place_in_the_history(done, page, staff, secretary, signed_in):
    step_back(done, by=staff, reason="复核")
    give_total(done, "丙镇党委", 50)
    verify_cycle(done, by=staff)
    correct_publication(done, by=staff, reason="复核")
    history = signed_in(secretary).get(page).context["sheet"].history
    assert [row.rank for row in history] == [4, 6]


class TestReply:
    """Rule 13: a unit that replies sees its own deductions, no ranks."""

    @pytest.fixture(autouse=True)
    def replying(self, running, staff):
        deduct(running, "丙镇党委", "三会一课", 2, "缺签到表")
        running.reply_stage = True
        running.save()
        start_reply(running, by=staff)

    def test_its_own_deductions_without_a_place(self, page, secretary, signed_in):
        answer = signed_in(secretary).get(page)
        shown = text_of(answer)
        assert "缺签到表" in shown
        assert answer.context["sheet"].line is None
        assert "last place" not in shown
        assert "up 1 place" not in shown

    def test_its_dashboard_leads_there(self, page, secretary, signed_in):
        assert page in text_of(signed_in(secretary).get("/"))

    def test_nobody_elses(self, host, secretary, signed_in):
        other = host.units.get(name="丁镇党委")
        assert signed_in(secretary).get(f"/cycles/2018Q3/units/{other.pk}/").status_code == 404

    def test_no_standings(self, secretary, signed_in):
        assert signed_in(secretary).get("/cycles/2018Q3/standings/").status_code == 404

    def test_no_more_once_entry_is_closed(self, running, staff, page, secretary, signed_in):
        verify_cycle(running, by=staff)
        assert signed_in(secretary).get(page).status_code == 404


def test_the_hosts_people_walk_from_unit_to_unit(done, host, page, leader, secretary, signed_in):
    first, second, __, fourth, *__ = (each.pk for each in host.units.in_own_order())
    shown = text_of(signed_in(leader).get(page))
    assert f"units/{second}/" in shown
    assert f"units/{fourth}/" in shown
    assert f"units/{first}/" not in shown
    assert 'rel="prev"' not in text_of(signed_in(secretary).get(page))


def test_a_unit_that_was_not_ranked_reads_why(host, unit, page, secretary, signed_in):
    published(cycle_with_totals({"甲镇党委": 90}, host=host))
    assert "本季度免检" in text_of(signed_in(secretary).get(page))


def test_the_chart_is_well_formed_and_says_every_value_in_words(done, page, secretary, signed_in):
    shown = signed_in(secretary).get(page).content.decode()
    svg = ElementTree.fromstring(re.search(r"<svg viewBox.*?</svg>", shown, re.DOTALL).group())
    assert svg.get("role") == "img"
    assert svg.find("title").text == "Places of 丙镇党委 over the quarters"
    assert svg.find("desc").text == "2018年第一季度: place 4; 2018年第三季度: place 3; "
    heights = [int(mark.get("cy")) for mark in svg.iter("circle")]
    assert heights[0] > heights[1]  # a better place stands higher


def test_a_draft_is_nobodys_review_yet(host, staff, unit, page, signed_in):
    cycle = cycle_with_totals({"甲镇党委": 90}, host=host)
    cycle.state = CycleState.DRAFT
    cycle.save()
    assert "Not finished: 2 scores missing" in text_of(signed_in(staff).get(page))
