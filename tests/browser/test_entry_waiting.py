"""What is typed into the entry grid waits in the browser until the server has it, and is saved once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from organizations.models import LoginSession, Role, User
from reviews.models import ReviewCycle, Score
from tests.browser.conftest import OpenPage, session_of
from tests.browser.entry_page import CUT_OFF, GRID, MARKS, cell, everything_is_saved, points_of
from tests.factories.organizations import somebody
from tests.factories.reviews import deduct, opened_cycle, ready_host, score

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cycle(transactional_db: None) -> ReviewCycle:
    return opened_cycle(ready_host("甲镇党委", marks=MARKS))


@pytest.fixture
def staff(cycle: ReviewCycle) -> User:
    return somebody(Role.STAFF, cycle.host)


def test_what_is_typed_without_a_connection_is_saved_on_return(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff, tolerated=CUT_OFF)
    page.goto(GRID)
    page.context.set_offline(True)
    cell(page, 1, 1).click()
    page.keyboard.type("55")
    page.keyboard.press("Tab")
    page.keyboard.type("38")
    expect(page.locator("[data-show=saving]")).to_contain_text("没有网络")
    page.close()
    context = page.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(GRID)
    expect(again.locator("[data-show=note]")).to_contain_text("2 格")
    everything_is_saved(again)
    assert points_of(cycle) == ["55", "38"]
    assert again.evaluate("localStorage.length") == 0


def test_what_another_tab_typed_since_is_not_forgotten_with_ones_own(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff)
    page.goto(GRID)
    typed_there = json.dumps({"text": "51", "version": 0, "page": ""})

    page.evaluate(
        """typed => {  // in another tab of this browser, before this one has its answer
            const send = window.fetch;
            window.fetch = async (...request) => {
                const answer = await send(...request);
                for (const key of Object.keys(localStorage)) localStorage.setItem(key, typed);
                return answer;
            };
        }""",
        typed_there,
    )
    cell(page, 1, 1).fill("50")
    page.keyboard.press("Enter")
    everything_is_saved(page)
    assert page.evaluate("Object.values(localStorage)") == [typed_there]


def lose_the_first_answer(page: Page) -> list[Any]:
    """The server saves what the page sends first, and the page never hears of it. What was lost."""
    lost: list[Any] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/entry/save/", lose)
    return lost


def test_an_answer_lost_after_the_save_saves_nothing_twice(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff, tolerated=CUT_OFF)
    page.goto(GRID)
    lost = lose_the_first_answer(page)
    cell(page, 1, 1).fill("55")
    page.keyboard.press("Enter")
    everything_is_saved(page)
    assert len(lost) == 1
    assert (points_of(cycle), Score.objects.get().version) == (["55"], 1)


@pytest.mark.parametrize("text", ["56", ""])
@pytest.mark.parametrize("reload", [False, True])
def test_ones_own_text_whose_answer_was_lost_is_no_colleagues(
    reload: bool, text: str, open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff, tolerated=CUT_OFF)
    page.goto(GRID)
    lost = lose_the_first_answer(page)
    cell(page, 1, 1).fill("５５")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-grid")).to_have_attribute("data-state", "offline")
    page.evaluate("sender.soon = () => {}")  # no try until the next text is there
    cell(page, 1, 1).fill(text)
    page.keyboard.press("Enter")
    if reload:
        page.reload()
    else:
        page.evaluate("delete sender.soon; sender.soon(0)")
    everything_is_saved(page)
    assert len(lost) == 1
    assert (points_of(cycle), Score.objects.get().version) == ([text or "None"], 2)


def test_a_colleague_who_saved_the_text_that_was_lost_is_asked_about(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff, tolerated=CUT_OFF)
    page.goto(GRID)
    page.context.set_offline(True)
    cell(page, 1, 1).fill("55")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-grid")).to_have_attribute("data-state", "offline")
    score(cycle, "甲镇党委", {"三会一课": 55})
    cell(page, 1, 1).fill("56")
    page.keyboard.press("Enter")
    page.context.set_offline(False)
    expect(page.locator(".is-conflict")).to_have_count(1)


def test_an_expired_login_keeps_what_is_typed(open_page: OpenPage, cycle: ReviewCycle, staff: User) -> None:
    page = open_page(staff)
    page.goto(GRID)
    LoginSession.objects.all().delete()
    cell(page, 1, 1).fill("55")
    page.keyboard.press("Enter")
    expect(page.locator("[data-show=saving]")).to_contain_text("重新登录")
    expect(page.get_by_role("link", name="重新登录")).to_be_visible()
    assert not Score.objects.exists()
    address = page.url.removesuffix(GRID)
    page.context.add_cookies([{"name": "sessionid", "value": session_of(staff), "url": address}])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    everything_is_saved(page)
    assert points_of(cycle) == ["55"]


def test_another_account_in_the_same_browser_does_not_send_it(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff, tolerated=("403",))
    page.goto(GRID)
    address = page.url.removesuffix(GRID)
    other = {"name": "sessionid", "value": session_of(somebody(Role.STAFF, cycle.host)), "url": address}
    page.context.add_cookies([other])
    cell(page, 1, 1).fill("55")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-grid")).to_have_attribute("data-state", "forbidden")
    page.reload()
    expect(cell(page, 1, 1)).to_have_value("")
    page.context.add_cookies([other | {"value": session_of(staff)}])
    page.reload()
    everything_is_saved(page)
    assert Score.objects.get().recorded_by == staff


def test_what_deductions_have_overtaken_is_told_and_may_be_discarded(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff, tolerated=CUT_OFF)
    page.goto(GRID)
    page.context.set_offline(True)
    cell(page, 1, 1).fill("55")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-grid")).to_have_attribute("data-state", "offline")
    deduct(cycle, "甲镇党委", "三会一课", 2)
    page.context.set_offline(False)
    page.reload()
    page.locator("[data-show=issues] summary").click()
    expect(page.locator("[data-show=issues]")).to_contain_text("得分由扣分得出")
    page.get_by_role("button", name="放弃这些录入").click()
    everything_is_saved(page)
    assert points_of(cycle) == ["58"]
