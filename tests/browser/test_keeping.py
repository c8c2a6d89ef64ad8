"""What the browser kept is gone after the log-out, and it holds pages to their policy."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import Role, User
from tests.browser.chromium import ARGUMENTS, Watch, executable
from tests.browser.conftest import OpenPage, session_of
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, published

PUBLISHED = ["/cycles/2018Q3/standings/", "/cycles/2018Q3/report/circular/print/"]


@pytest.fixture
def leader(transactional_db: None) -> User:
    cycle = cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80}, quarter="2018Q3")
    published(cycle)
    return somebody(Role.LEADER, cycle.host)


@pytest.fixture
def signed_in_there(chromium: Browser, live_server: LiveServer, leader: User) -> Iterator[BrowserContext]:
    """A browser that remembers whole pages for its back button, as everybody's does but playwright's."""
    remembering = chromium.browser_type.launch(
        executable_path=executable(), args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    context = remembering.new_context(base_url=live_server.url, locale="zh-CN")
    context.set_default_timeout(15_000)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(leader), "url": live_server.url}
    context.add_cookies([cookie])
    yield context
    remembering.close()


@pytest.mark.parametrize("address", PUBLISHED)
def test_back_after_the_log_out_leads_to_the_login(address: str, signed_in_there: BrowserContext) -> None:
    page = signed_in_there.new_page()
    page.goto("/help/")
    page.goto(address)
    page.goto("/help/")
    page.locator(".site-tools details.menu summary").click()
    page.locator("form[action='/logout/'] button").click()
    page.wait_for_url("**/login/")
    page.go_back()
    page.go_back(wait_until="commit")
    expect(page).to_have_url(f"{page.url.partition('/login')[0]}/login/?next={address}")


@pytest.mark.parametrize("address", PUBLISHED)
def test_a_page_from_the_browsers_memory_is_asked_for_again(
    address: str, signed_in_there: BrowserContext
) -> None:
    """Where the session ended elsewhere, or no TLS lets the log-out empty the memory."""
    page = signed_in_there.new_page()
    page.goto("/help/")
    page.goto(address)
    page.goto("/help/")
    signed_in_there.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.go_back(wait_until="commit")
    page.wait_for_url("**/login/**")
    expect(page.get_by_text("甲镇党委")).to_have_count(0)


def test_who_is_still_signed_in_gets_the_page_back(signed_in_there: BrowserContext) -> None:
    page = signed_in_there.new_page()
    page.goto(PUBLISHED[0])
    page.goto("/help/")
    page.go_back(wait_until="commit")
    expect(page.get_by_role("cell", name="甲镇党委").first).to_be_visible()


def test_a_style_or_script_in_the_page_is_refused_and_noticed(
    chromium: Browser, live_server: LiveServer, db: None
) -> None:
    """So no other browser test passes on a page whose policy stops a part of it."""
    context = chromium.new_context(base_url=live_server.url)
    watch = Watch(context, urlsplit(live_server.url).netloc, ())
    page = context.new_page()
    page.goto("/login/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    page.evaluate(
        "document.head.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None
    context.close()
    assert len([problem for problem in watch.problems if "Content Security Policy" in problem]) == 2


def test_the_print_view_keeps_the_measures_of_its_document(open_page: OpenPage, leader: User) -> None:
    page = open_page(leader)
    page.goto(PUBLISHED[1])
    signer = page.locator(".circular-signer")
    assert signer.evaluate("each => parseFloat(getComputedStyle(each).paddingRight)") > 0
    widths = page.locator(".circular-attachment-1 col").evaluate_all(
        "each => each.map((col) => getComputedStyle(col).width)"
    )
    assert len(set(widths)) > 1
