"""The pages about units and accounts, as only a browser shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import Organization, Role, User
from tests.browser.chromium import has_no_sideways_scroll
from tests.browser.conftest import OpenPage
from tests.factories.organizations import (
    PASSWORD,
    FormerNameFactory,
    HostFactory,
    MembershipFactory,
    UnitFactory,
    somebody,
)

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = Path(__file__).parents[2] / "samples" / "units.xlsx"


@pytest.fixture
def host(transactional_db: None) -> Organization:
    return HostFactory(name="某区委组织部")


@pytest.fixture
def staff(host: Organization) -> User:
    return somebody(Role.STAFF, host)


@pytest.fixture
def unit(host: Organization) -> Organization:
    unit = UnitFactory(parent=host, name="甲镇党委", position=1)
    UnitFactory(parent=host, name="乙街道筹备办临时党工委", position=2)
    UnitFactory(parent=unit, name="甲镇一村党支部", group=None)
    FormerNameFactory(organization=unit, name="甲乡党委")
    return unit


def addresses(unit: Organization) -> list[str]:
    """Every page of ours that staff open, apart from those of an import under way."""
    one = f"/units/{unit.pk}/"
    return ["/units/", one, f"{one}edit/", "/units/new/", "/units/import/", "/help/", "/password/"]


def first_unit(page: Page) -> str:
    return page.locator("#units tbody tr").first.locator("a").inner_text()


def test_a_roster_comes_in_through_the_browser(open_page: OpenPage, staff: User) -> None:
    page = open_page(staff, locale="en-US")
    page.goto("/units/")
    page.get_by_role("link", name="Import a roster").click()
    page.get_by_label("Roster workbook").set_input_files(SAMPLE)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="What the roster would change")).to_be_visible()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("status")).to_contain_text("35 new")
    page.goto("/units/")
    assert first_unit(page) == "甲镇党委"


def test_sorting_swaps_the_table_alone_and_can_be_gone_back_from(
    open_page: OpenPage, staff: User, unit: Organization
) -> None:
    page = open_page(staff, locale="en-US")
    page.goto("/units/")
    page.get_by_role("heading", level=1).evaluate("heading => { heading.dataset.kept = 'yes' }")
    for order in ("ascending", "descending"):
        page.get_by_role("link", name="No.").press("Enter")
        expect(page.get_by_role("columnheader", name="No.")).to_have_attribute("aria-sort", order)
    expect(page.get_by_role("link", name="No.")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_attribute("data-kept", "yes")
    expect(page).to_have_url(re.compile(r"sort=-position"))
    assert first_unit(page) == "乙街道筹备办临时党工委"
    page.go_back()
    expect(page.get_by_role("columnheader", name="No.")).to_have_attribute("aria-sort", "ascending")


def test_a_menu_closes_with_escape_and_gives_the_focus_back(open_page: OpenPage, staff: User) -> None:
    page = open_page(staff, locale="en-US")
    page.goto("/help/")
    menu = page.locator(".site-tools details summary")
    menu.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(menu).to_be_focused()


def test_the_keyboard_can_skip_the_header(open_page: OpenPage, staff: User) -> None:
    page = open_page(staff, locale="en-US")
    page.goto("/help/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_page_fits_its_window(
    open_page: OpenPage, staff: User, unit: Organization, phone: bool
) -> None:
    page = open_page(staff, phone=phone)
    for address in addresses(unit):
        page.goto(address)
        assert has_no_sideways_scroll(page), address


def test_every_page_fits_a_phone_in_larger_text(open_page: OpenPage, staff: User, unit: Organization) -> None:
    page = open_page(staff, phone=True)
    page.goto("/help/")
    page.locator("button[name=size]").click()
    for address in addresses(unit):
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
        assert has_no_sideways_scroll(page), address


def test_paper_shows_the_table_without_what_only_a_screen_needs(
    open_page: OpenPage, staff: User, unit: Organization
) -> None:
    page = open_page(staff, phone=True)
    page.goto("/units/")
    page.emulate_media(media="print")
    for hidden in (".site-header", ".page-actions", ".filter-bar"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("#units th.col-wide").first).to_be_visible()
    heading = page.locator("#units thead")
    assert heading.evaluate("head => getComputedStyle(head).display") == "table-header-group"


def test_everything_works_without_a_script(
    chromium: Browser, live_server: LiveServer, host: Organization, staff: User, unit: Organization
) -> None:
    other = HostFactory(name="某市委组织部")
    MembershipFactory(user=staff, organization=other, role=Role.LEADER)
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("/units/")
        page.get_by_role("button", name="English").click()
        page.get_by_label("Username").fill(staff.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_url(f"{live_server.url}/units/")
        page.get_by_role("link", name="No.").click()
        expect(page.get_by_role("columnheader", name="No.")).to_have_attribute("aria-sort", "ascending")
        page.get_by_role("button", name="Larger text").click()
        expect(page.get_by_role("button", name="Larger text")).to_have_attribute("aria-pressed", "true")
        page.locator(".brand-host summary").click()
        page.get_by_role("button", name="某市委组织部").click()
        page.goto("/help/")
        expect(page.locator(".brand-host")).to_contain_text("某市委组织部")
        page.locator(".site-tools details summary").click()
        page.get_by_role("button", name="Log out").click()
        expect(page).to_have_url(f"{live_server.url}/login/")
    finally:
        context.close()
