"""The entry grid in real browsers: blocks, keys, two people at once, and typing without a connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper
from playwright.sync_api import Page, Request, expect

from organizations.models import Organization, Role, User
from reviews.models import ReviewCycle, Score
from tests.browser.chromium import has_no_sideways_scroll
from tests.browser.conftest import OpenPage
from tests.browser.entry_page import GRID, MARKS, UNITS, box, cell, everything_is_saved, points_of
from tests.factories.organizations import somebody
from tests.factories.reviews import add_group, deduct, opened_cycle, ready_host, score

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host(transactional_db: None) -> Organization:
    return ready_host(*UNITS, marks=MARKS)


@pytest.fixture
def cycle(host: Organization) -> ReviewCycle:
    return opened_cycle(host)


@pytest.fixture
def staff(host: Organization) -> User:
    return somebody(Role.STAFF, host)


def paste(page: Page, text: str) -> None:
    """Paste at the cursor as Excel and WPS put it on the clipboard."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }""",
        text,
    )


def saves(page: Page) -> list[Request]:
    """The requests to save that the page makes from now on."""
    made: list[Request] = []
    page.on("request", lambda request: request.method == "POST" and made.append(request))
    return made


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """What the server's threads ask of the database meanwhile, transaction control aside."""
    asked: list[str] = []
    execute = CursorWrapper.execute

    def counting(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        if not sql.startswith(("BEGIN", "PRAGMA")):
            asked.append(sql)
        return execute(self, sql, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", counting)
        yield asked


def test_a_block_of_a_thousand_cells_with_three_bad_ones(open_page: OpenPage, transactional_db: None) -> None:
    marks = {f"指标{number}": 5 for number in range(20)}
    cycle = opened_cycle(ready_host(*(f"第{number}镇党委" for number in range(50)), marks=marks))
    page = open_page(somebody(Role.STAFF, cycle.host))
    page.goto(GRID)
    cell(page, 1, 1).click()
    block = [["４．５"] * 20 for _row in range(50)]
    block[3][4], block[20][0], block[49][19] = "5.5", "四分", "4.3"
    made = saves(page)
    with counted_queries() as asked:
        paste(page, "\r\n".join("\t".join(row) for row in block) + "\r\n")
        expect(page.locator(".is-saved")).to_have_count(997, timeout=30_000)
    assert len(made) == 1
    assert len(asked) < 10, asked
    expect(page.locator(".is-refused")).to_have_count(3)
    expect(page.locator("[data-show=issues] summary")).to_have_text("3 格被拒绝，0 格有冲突")
    assert Score.objects.count() == 997
    cell(page, 4, 5).click()
    expect(page.locator("[data-show=cell]")).to_contain_text("超过满分")
    expect(box(page, 4, 5)).to_contain_text("被拒绝：0–5")
    expect(cell(page, 4, 5)).to_have_value("5.5")


def test_a_whole_unit_by_the_keyboard_alone(open_page: OpenPage, cycle: ReviewCycle, staff: User) -> None:
    page = open_page(staff)
    page.goto(GRID)
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#entry-grid td input')"):
            break
    page.keyboard.type("55.5")
    page.keyboard.press("Tab")
    page.keyboard.type("38")
    page.keyboard.press("Enter")
    expect(cell(page, 2, 2)).to_be_focused()
    everything_is_saved(page)
    assert points_of(cycle) == ["55.5", "38"]
    expect(page.locator("tbody tr").first.locator(".grid-sum")).to_have_text("合计 93.50")
    for key, row, column in (
        ("Home", 2, 1), ("ArrowDown", 3, 1), ("ArrowRight", 3, 2), ("Control+Home", 1, 1), ("End", 1, 2),
        ("Control+End", 3, 2), ("ArrowUp", 2, 2), ("ArrowLeft", 2, 1), ("Shift+Tab", 1, 2),
        ("Shift+Enter", 1, 2),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(cell(page, row, column)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="撤销")).to_be_focused()


def test_blocks_and_cells_are_undone_and_done_again(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff)
    page.goto(GRID)
    cell(page, 1, 1).click()
    page.keyboard.type("50")
    page.keyboard.press("Enter")
    paste(page, "40\t30\n41\t31")
    everything_is_saved(page)
    assert [points_of(cycle, unit) for unit in UNITS] == [["50"], ["40", "30"], ["41", "31"]]
    page.keyboard.press("Control+z")
    everything_is_saved(page)
    assert [points_of(cycle, unit) for unit in UNITS] == [["50"], ["None", "None"], ["None", "None"]]
    page.keyboard.press("Control+z")
    expect(cell(page, 1, 1)).to_have_value("")
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+Shift+z")
    everything_is_saved(page)
    assert [points_of(cycle, unit) for unit in UNITS] == [["50"], ["40", "30"], ["41", "31"]]


def test_what_is_pasted_beyond_the_grid_is_told(open_page: OpenPage, cycle: ReviewCycle, staff: User) -> None:
    page = open_page(staff)
    page.goto(GRID)
    cell(page, 3, 2).click()
    paste(page, "40\t30\n41\t\n")
    everything_is_saved(page)
    assert points_of(cycle, UNITS[2]) == ["40"]
    expect(page.locator("[data-show=note]")).to_contain_text("粘贴的 2 个值超出表格")


def test_the_grid_begins_at_the_unit_one_comes_from(open_page: OpenPage, transactional_db: None) -> None:
    """Rows out of sight are text until the browser has time; the row one begins at is not."""
    cycle = opened_cycle(ready_host(*(f"第{number}镇党委" for number in range(60)), marks=MARKS))
    page = open_page(somebody(Role.STAFF, cycle.host))
    page.goto(f"{GRID}?unit={cycle.host.units.get(name='第40镇党委').pk}")
    expect(cell(page, 41, 1)).to_be_focused()
    expect(cell(page, 41, 1)).to_be_in_viewport()
    page.keyboard.press("Control+End")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    everything_is_saved(page)
    expect(page.locator("tbody input")).to_have_count(120)
    assert points_of(cycle, "第59镇党委") == ["40"]


def test_filling_down_full_marks_and_what_does_not_apply(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff)
    page.goto(GRID)
    cell(page, 1, 1).click()
    page.get_by_role("button", name="本行全部满分").click()
    expect(cell(page, 1, 2)).to_have_value("40")
    page.keyboard.press("Control+d")
    expect(cell(page, 3, 1)).to_have_value("60")
    cell(page, 2, 2).click()
    page.get_by_role("button", name="不适用").click()
    everything_is_saved(page)
    assert [points_of(cycle, unit) for unit in UNITS] == [["60", "40"], ["60", "不适用"], ["60"]]
    expect(page.locator("tbody tr").nth(1).locator(".grid-sum")).to_have_text("合计 100.00")
    expect(page.locator("[data-show=overall]")).to_contain_text("缺 1 格")
    page.get_by_label("隐藏已完成的单位").check()
    expect(page.locator("tbody tr:visible")).to_have_count(2)  # the one in hand stays
    cell(page, 3, 2).click()
    expect(page.locator("tbody tr:visible")).to_have_count(1)


def test_of_two_values_one_may_take_the_others(
    open_page: OpenPage, cycle: ReviewCycle, host: Organization
) -> None:
    first, second = (open_page(somebody(Role.STAFF, host)) for _person in range(2))
    for page in (first, second):
        page.goto(GRID)
    for page, text in ((first, "50"), (second, "51")):
        cell(page, 1, 1).fill(text)
        page.keyboard.press("Enter")
        expect(page.locator(".is-saved, .is-conflict")).to_have_count(1)
    cell(second, 1, 1).click()
    second.locator("[data-show=choice]").get_by_role("button", name="采用 50").click()
    everything_is_saved(second)
    expect(cell(second, 1, 1)).to_have_value("50")
    assert Score.objects.get().version == 1


def test_what_gave_way_to_a_colleagues_value_can_be_had_back(
    open_page: OpenPage, cycle: ReviewCycle, staff: User
) -> None:
    page = open_page(staff)
    page.goto(GRID)
    score(cycle, "甲镇党委", {"三会一课": 50})
    cell(page, 1, 1).fill("51")
    page.keyboard.press("Enter")
    expect(page.locator(".is-conflict")).to_have_count(1)
    cell(page, 1, 1).click()
    cell(page, 1, 1).fill("52")  # typed on, while the choice is open
    page.reload()
    page.locator("[data-show=issues] summary").click()
    page.locator("[data-show=issues]").get_by_role("button", name="采用 50").click()
    everything_is_saved(page)
    page.keyboard.press("Control+z")
    everything_is_saved(page)
    assert points_of(cycle) == ["52"]
    page.keyboard.press("Control+y")
    everything_is_saved(page)
    assert points_of(cycle) == ["50"]


def test_deductions_are_recorded_from_the_grid(open_page: OpenPage, cycle: ReviewCycle, staff: User) -> None:
    page = open_page(staff)
    page.goto(GRID)
    cell(page, 1, 1).click()
    page.get_by_role("link", name="记扣分").click()
    page.get_by_label("或：次数").fill("3")
    page.get_by_label("用自己的话写原因").fill("缺签到表")
    page.get_by_role("button", name="记录").click()
    page.get_by_role("link", name="录入得分").click()
    expect(box(page, 1, 1).get_by_role("link")).to_contain_text("58.5")
    expect(cell(page, 1, 2)).to_be_focused()


def busy_grid(page: Page, cycle: ReviewCycle) -> None:
    """A grid with every kind of cell on it."""
    deduct(cycle, "甲镇党委", "三会一课", 2)
    page.goto(GRID)
    cell(page, 2, 1).fill("99")
    cell(page, 2, 2).fill("40")
    page.keyboard.press("Enter")
    expect(page.locator(".is-refused")).to_have_count(1)
    expect(page.locator(".is-saved")).to_have_count(1)
    page.locator("[data-show=issues] summary").click()


def test_the_grid_fits_a_phone(
    open_page: OpenPage, cycle: ReviewCycle, host: Organization, staff: User
) -> None:
    add_group(host, "系统单位")
    page = open_page(staff, phone=True)
    busy_grid(page, cycle)
    assert has_no_sideways_scroll(page)
