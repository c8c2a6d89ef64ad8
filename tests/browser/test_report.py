"""Reading a document in a real browser: a figure opens beside the text and closes; paper shows none of it."""

import pytest
from playwright.sync_api import Page, expect

from organizations.models import Organization, Role
from tests.browser.axe import violations
from tests.browser.chromium import has_no_sideways_scroll
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, published, ready_host

UNITS = {f"第{number}镇党委": 99 - number for number in range(8)}
PAGE = "/cycles/2018Q3/report/circular/"


@pytest.fixture
def host(transactional_db: None) -> Organization:
    host = ready_host(*UNITS)
    published(cycle_with_totals(UNITS, host=host))
    return host


def ask(page: Page, value: str) -> None:
    page.locator("a.live", has_text=value).first.click()


def test_a_figure_opens_beside_the_text_and_closes_by_key(host, open_page):
    page = open_page(somebody(Role.LEADER, host))
    page.goto(PAGE)
    ask(page, "95.50")
    title = page.locator("#explanation-title")
    expect(title).to_contain_text("平均得分")
    expect(title).to_be_focused()
    expect(page.locator(".working")).to_contain_text("764.00 ÷ 8 = 95.5")
    assert page.url.endswith(PAGE)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(title).to_have_count(0)
    expect(page.locator("a.live", has_text="95.50").first).to_be_focused()


def test_the_losses_of_one_unit_open_in_the_same_place(host, open_page):
    page = open_page(somebody(Role.LEADER, host))
    page.goto(PAGE)
    ask(page, "95.50")
    page.get_by_role("link", name="第3镇党委的失分情况").click()
    expect(page.locator("#told")).to_be_focused()
    expect(page.locator("#told")).to_be_in_viewport()
    page.get_by_role("button", name="关闭").click()
    expect(page.locator("#told")).to_have_count(0)


def test_on_a_phone_it_comes_up_from_below_and_leaves_the_figure_in_sight(host, open_page):
    page = open_page(somebody(Role.LEADER, host), phone=True)
    page.goto(PAGE)
    figure = page.locator("a.live", has_text="第0镇党委").last
    figure.click()
    expect(page.locator("#explanation-title")).to_be_focused()
    covered = page.locator(".report-beside").bounding_box()
    shown = figure.bounding_box()
    assert covered
    assert shown
    assert shown["y"] + shown["height"] <= covered["y"]
    assert has_no_sideways_scroll(page)


def test_paper_shows_the_words_alone(host, open_page):
    page = open_page(somebody(Role.LEADER, host))
    page.goto(PAGE)
    page.emulate_media(media="print")
    expect(page.locator(".report-beside")).to_be_hidden()
    line = page.locator("a.live").first.evaluate("each => getComputedStyle(each).textDecorationLine")
    assert line == "none"
