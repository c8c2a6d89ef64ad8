"""A form that is sent twice in a browser: by the back button, and after an answer that never came."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from organizations.models import Organization, Role
from tests.browser.axe import violations
from tests.factories.organizations import HostFactory, somebody

pytestmark = pytest.mark.django_db(transaction=True)

TOLD = "此前已经办理，没有重复办理。"


@pytest.fixture
def host() -> Organization:
    return HostFactory()


@pytest.fixture
def page(host, open_page) -> Page:
    # What the browser says of a connection that broke and of an answer of 409.
    page: Page = open_page(somebody(Role.STAFF, host), tolerated=("Failed to load resource",))
    page.goto("/units/new/")
    return page


def send(page: Page, name: str) -> None:
    page.get_by_label("单位全称").fill(name)
    page.get_by_role("button", name="新增单位").click()


def names(host: Organization) -> list[str]:
    return list(host.units.order_by("pk").values_list("name", flat=True))


def test_back_and_sent_again_it_is_done_once_and_what_was_changed_is_asked_about(host, page):
    send(page, "丙乡党委")
    expect(page.get_by_role("heading", name="丙乡党委")).to_be_visible()

    page.go_back()
    expect(page.get_by_role("button", name="新增单位")).to_be_enabled()
    page.get_by_label("单位全称").press("Enter")
    expect(page.get_by_text(TOLD)).to_be_visible()
    assert names(host) == ["丙乡党委"]

    page.go_back()
    send(page, "丁镇党委")
    expect(page.get_by_role("heading", name="此表单已经提交过")).to_be_visible()
    expect(page.get_by_text("丁镇党委")).to_be_visible()
    assert violations(page) == []
    assert names(host) == ["丙乡党委"]
    page.get_by_role("button", name="作为新的一份提交").click()
    expect(page.get_by_role("heading", name="丁镇党委")).to_be_visible()
    assert names(host) == ["丙乡党委", "丁镇党委"]


def test_after_an_answer_that_never_came_it_is_sent_again_and_done_once(host, page):
    def lose(route: Route) -> None:
        """The server does it; what it says of it does not arrive."""
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/units/new/", lose, times=1)
    send(page, "丙乡党委")
    page.wait_for_url("chrome-error://**")
    assert names(host) == ["丙乡党委"]

    page.reload()  # of the browser's own page of errors: it sends the form again
    expect(page.get_by_text(TOLD)).to_be_visible()
    assert names(host) == ["丙乡党委"]
