"""No page of the product breaks a rule of accessibility, for anybody, at a desk or on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page, Response, expect

from reviews import background
from reviews.models import ReviewCycle
from tests.access import ACCESS
from tests.browser.axe import violations
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import OpenPage
from tests.browser.pages import FORMS, NO_PAGE, PAGES, REACHED, WRONG_TURNS
from tests.factories.pages import District, district_of_pages
from tests.factories.reviews import score
from workbooks.writing import Table, write_xlsx

pytestmark = pytest.mark.any_database

SAMPLES = Path(__file__).parents[2] / "samples"
PEOPLE = [
    *("staff", "leader", "secretary", "inspector", "administrator", "admin"),
    *("nobody", "newcomer", "starter", "anonymous"),
]
# What the browser says of an answer of 403, 404 or 422.
NOT_OK = ("Failed to load resource",)


@pytest.fixture
def district(transactional_db: None, settings: Any, tmp_path: Path) -> District:
    settings.MEDIA_ROOT = tmp_path
    return district_of_pages()


def seen_by(person: str, where: list[tuple[str, str]]) -> list[str]:
    return [address for people, address in where if person in people.split()]


def status_of(page: Page, address: str) -> int:
    """Go there; what the server answered."""
    answer = page.goto(address)
    assert answer is not None
    return answer.status


def name_of(page: Page) -> str:
    """The name of the address that the page came to."""
    return resolve(urlsplit(page.url).path).view_name


def broken_rules(page: Page) -> list[str]:
    """What is wrong with the page as it comes, at a desk; and with all its panels open, on a phone."""
    found = violations(page)
    page.set_viewport_size(PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    found += [f"on a phone, panels open: {each}" for each in violations(page)]
    page.set_viewport_size(DESKTOP)
    return [f"{page.url}: {each}" for each in found]


SEND_EMPTY = """() => {
    const form = document.querySelector("main form[method=post]");
    for (const field of form.elements) {
        if (field.matches("[type=checkbox]")) field.checked = false;
        else if (field.matches("input:not([type=hidden], [type=radio]), textarea")) field.value = "";
        else if (field.matches("select")) field.selectedIndex = 0;
    }
    form.noValidate = true;
    form.requestSubmit();
}"""


def send_empty(page: Page) -> None:
    """Send the page's form as if nothing had been filled in; it comes back with what is wrong."""
    # Not a navigation: that a form notes its key in the page's history is one as well.
    with page.expect_event("domcontentloaded"), page.expect_response(is_of_a_form) as response:
        page.evaluate(SEND_EMPTY)
    answer = response.value
    assert (answer.request.method, answer.status in (200, 422)) == ("POST", True), page.url


def is_of_a_form(answer: Response) -> bool:
    return answer.request.method == "POST" and answer.request.is_navigation_request()


def send_file(page: Page, file: Path) -> None:
    """Send a file with the page's form for files."""
    field = page.locator("main input[type=file]").first
    field.set_input_files(file)
    with page.expect_event("load"):
        field.evaluate("field => field.form.requestSubmit()")


def test_every_page_is_looked_at():
    looked_at = PAGES.keys() | REACHED
    assert sorted(ACCESS.keys() - looked_at - NO_PAGE.keys()) == [], "add these to tests/browser/pages.py"
    assert sorted((looked_at | NO_PAGE.keys()) - ACCESS.keys()) == [], "these are gone"
    assert looked_at & NO_PAGE.keys() == set()


@pytest.mark.parametrize("person", PEOPLE)
def test_pages_break_no_rule(person: str, open_page: OpenPage, district: District) -> None:
    page = open_page(district.people.get(person), tolerated=NOT_OK)
    found = []
    for name, where in PAGES.items():
        for address in seen_by(person, where):
            assert status_of(page, address.format(**district.keys)) == 200, address
            assert name_of(page) == name, address
            found += broken_rules(page)
    for address in seen_by(person, WRONG_TURNS):
        assert status_of(page, address) in (403, 404), address
        found += broken_rules(page)
    assert "\n".join(found) == ""


@pytest.mark.parametrize("person", sorted({person for person, _address in FORMS}))
def test_forms_with_mistakes_break_no_rule(person: str, open_page: OpenPage, district: District) -> None:
    page = open_page(district.people.get(person), tolerated=NOT_OK)
    found = []
    for address in seen_by(person, FORMS):
        page.goto(address.format(**district.keys))
        send_empty(page)
        found += broken_rules(page)
    assert "\n".join(found) == ""


def test_what_follows_an_upload_breaks_no_rule(
    open_page: OpenPage, district: District, tmp_path: Path
) -> None:
    page = open_page(district.people["staff"], tolerated=NOT_OK)
    scores = f"/cycles/{district.keys['open']}/import/"
    steps = [
        ("/units/import/", SAMPLES / "units.xlsx", "organizations:unit-import-preview"),
        ("/rubrics/import/", SAMPLES / "rubric-2018.xlsx", "reviews:rubric-import-preview"),
        (scores, workbook(tmp_path, "错误.xlsx", "六十"), "reviews:import"),
        (scores, workbook(tmp_path, "别名.xlsx", 59, heading="支部三会"), "reviews:import-detail"),
        (scores, workbook(tmp_path, "得分.xlsx", 59), "reviews:import-detail"),
    ]
    found = []
    for address, file, reached in steps:
        page.goto(address)
        send_file(page, file)
        assert name_of(page) == reached
        found += broken_rules(page)
    with page.expect_event("load"):
        page.locator("main form[action$='/commit/']").first.evaluate("form => form.requestSubmit()")
    assert "\n".join(found + broken_rules(page)) == ""


def test_work_in_the_background_breaks_no_rule(
    open_page: OpenPage, district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "LARGE", 1)
    page = open_page(district.people["staff"])
    page.goto(f"/cycles/{district.keys['open']}/import/")
    send_file(page, workbook(tmp_path, "得分.xlsx", 59))
    expect(page.get_by_role("progressbar")).to_be_visible()
    found = broken_rules(page)
    with page.expect_event("load"):
        page.locator("main form[action$='/cancel/']").evaluate("form => form.requestSubmit()")
    assert "\n".join(found + broken_rules(page)) == ""


def workbook(folder: Path, name: str, points: object, heading: str = "三会一课") -> Path:
    file = folder / name
    header = ["单位", f"{heading}（60分）", "主题党日（40分）"]
    file.write_bytes(write_xlsx([Table("乡镇（街道）", header, [["甲镇党委", points, 30]])]))
    return file


def test_a_grid_in_trouble_breaks_no_rule(open_page: OpenPage, district: District) -> None:
    page = open_page(district.people["staff"], tolerated=NOT_OK)
    page.goto(f"/cycles/{district.keys['open']}/entry/")
    cycle = ReviewCycle.objects.get(year=2018, number=4)
    score(cycle, "甲镇党委", {"三会一课": 50})
    for column, text in ((1, "51"), (2, "99")):
        page.locator(f"tbody tr:first-of-type td:nth-of-type({column}) input").fill(text)
        page.keyboard.press("Enter")
    expect(page.locator(".is-conflict, .is-refused")).to_have_count(2)
    page.locator(".is-conflict input").focus()
    assert "\n".join(broken_rules(page)) == ""


def test_a_new_installation_breaks_no_rule(open_page: OpenPage, transactional_db: None) -> None:
    page = open_page(None, tolerated=NOT_OK)
    page.goto("/")
    expect(page).to_have_url("/start/")
    found = broken_rules(page)
    send_empty(page)
    assert "\n".join(found + broken_rules(page)) == ""
