"""The main job in a real browser, and what only a browser shows: htmx, the back button, width and print."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from organizations.models import Organization, Role
from reviews.year_publishing import publish_year
from tests.browser.chromium import has_no_sideways_scroll
from tests.browser.conftest import session_of
from tests.factories.organizations import somebody
from tests.factories.reviews import add_group, cycle_with_totals, published, ready_host
from workbooks.writing import Table, write_xlsx

TOWNS = {"甲镇党委": 96, "乙街道筹备办临时党工委": 95, "丙乡党委": 95, "丁镇党委": 90, "戊镇党委": 80}
SYSTEMS = {"区林业局直属机关党委": 99, "区水电公司党委": 98}
EARLIER = {"甲镇党委": 80, "乙街道筹备办临时党工委": 81, "丙乡党委": 95, "丁镇党委": 96, "戊镇党委": 97}


@pytest.fixture
def host(transactional_db: None) -> Organization:
    host = ready_host(*TOWNS)
    add_group(host, "系统单位", *SYSTEMS)
    published(cycle_with_totals(EARLIER | SYSTEMS, host=host, quarter="2018Q1"))
    return host


@pytest.fixture
def reviewed(host: Organization) -> Organization:
    published(cycle_with_totals(TOWNS | SYSTEMS, host=host, quarter="2018Q3"))
    return host


def first_units(page: Page) -> list[str]:
    return page.locator("#table tbody td:nth-child(2)").all_inner_texts()


def test_from_a_workbook_to_published_standings(host, open_page, tmp_path):
    workbook = tmp_path / "2018年第三季度得分.xlsx"
    rows = [[name, min(total, 60), max(total - 60, 0)] for name, total in TOWNS.items()]
    systems = [[name, 60, total - 60] for name, total in SYSTEMS.items()]
    header = ["单位", "三会一课（60分）", "主题党日（40分）"]
    workbook.write_bytes(
        write_xlsx([Table("乡镇（街道）", header, rows), Table("系统单位", header, systems)])
    )
    page = open_page(somebody(Role.STAFF, host))
    page.goto("/")
    page.get_by_role("link", name="新建评查周期").click()
    page.locator("#id_number").select_option("3")
    page.get_by_role("button", name="保存并开放录入").click()

    page.get_by_role("link", name="导入得分").first.click()
    page.locator("#id_file").set_input_files(workbook)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator(".figure-tile").first).to_contain_text("14")
    page.get_by_role("button", name="导入", exact=True).click()
    page.get_by_role("link", name="查看评查周期").click()

    page.locator("summary", has_text="审核并结束录入").click()
    page.get_by_role("button", name="审核", exact=True).click()
    page.get_by_role("link", name="核对并发布").click()
    page.locator("form summary", has_text="发布").click()
    page.locator("form .confirm-panel button").click()
    expect(page.locator("h1")).to_contain_text("2018年第三季度名次")
    expect(page.locator(".lists")).to_contain_text("乙街道筹备办临时党工委、丙乡党委（并列第二）")


def test_tabs_filter_and_sorting_swap_the_table_alone(reviewed, open_page):
    page = open_page(somebody(Role.LEADER, reviewed))
    page.goto("/cycles/2018Q3/standings/")
    page.evaluate("window.stillTheSamePage = true")

    page.get_by_role("link", name="系统单位").click()
    expect(page.locator("#table")).to_contain_text("区林业局直属机关党委")
    page.get_by_role("link", name="乡镇（街道）").click()
    expect(page.locator("#table")).to_contain_text("甲镇党委")

    page.locator("#sort-total_text").click()
    expect(page.locator("#table tbody tr").first).to_contain_text("戊镇党委")
    page.locator("input[type=search]").fill("镇")
    expect(page.locator("#table tbody tr")).to_have_count(3)
    assert page.evaluate("window.stillTheSamePage") is True
    assert first_units(page)[0] == "戊镇党委"  # the order chosen before stays


def test_the_back_button_returns_to_the_tab_before(reviewed, open_page):
    page = open_page(somebody(Role.LEADER, reviewed))
    page.goto("/cycles/2018Q3/standings/")
    page.get_by_role("link", name="系统单位").click()
    expect(page.locator("#table")).to_contain_text("区水电公司党委")
    page.go_back()
    expect(page.locator("#table")).to_contain_text("甲镇党委")


def test_everything_works_without_a_script(reviewed, chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    leader = somebody(Role.LEADER, reviewed)
    context.add_cookies([{"name": "sessionid", "value": session_of(leader), "url": live_server.url}])
    page = context.new_page()
    page.goto("/cycles/2018Q3/standings/")
    page.get_by_role("link", name="系统单位").click()
    page.locator("input[type=search]").fill("水电")
    page.get_by_role("button", name="筛选").click()
    assert first_units(page) == ["区水电公司党委"]
    context.close()


@pytest.mark.parametrize("role", [Role.STAFF, Role.LEADER, Role.SECRETARY])
def test_pages_fit_a_phone(role, reviewed, open_page):
    unit = reviewed.units.get(name="乙街道筹备办临时党工委")
    page = open_page(somebody(role, unit if role == Role.SECRETARY else reviewed), phone=True)
    paths = ["/", "/cycles/", "/cycles/2018Q3/", "/cycles/2018Q3/standings/", "/rubrics/"]
    paths += [f"/cycles/2018Q3/units/{unit.pk}/"]
    if role == Role.STAFF:
        paths += ["/cycles/new/", "/cycles/2018Q1/import/", "/settings/", "/start/", "/rubrics/import/"]
    for path in paths:
        page.goto(path)
        assert has_no_sideways_scroll(page), path


def test_the_standings_print_without_the_screens_furniture(reviewed, open_page):
    page = open_page(somebody(Role.LEADER, reviewed))
    page.goto("/cycles/2018Q3/standings/")
    page.emulate_media(media="print")
    for furniture in (".site-header", ".filter-bar", ".tabs", ".page-actions"):
        expect(page.locator(furniture).first).to_be_hidden()
    expect(page.get_by_role("heading", name="乡镇（街道）")).to_be_visible()
    expect(page.locator("#table")).to_contain_text("▲ 上升4位")


def test_a_workbook_can_be_dropped_on_the_form(host, open_page, tmp_path: Path):
    cycle_with_totals({}, host=host, quarter="2018Q2")
    page = open_page(somebody(Role.STAFF, host))
    page.goto("/cycles/2018Q2/import/")
    expect(page.locator(".drop-hint")).to_be_visible()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["单位,三会一课,主题党日\\n甲镇党委,50,30\\n"], "得分.csv"));
            const drop = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
            document.querySelector(".drop-area").dispatchEvent(drop);
        }"""
    )
    page.get_by_role("button", name="上传并检查").click()
    expect(page).to_have_url(re.compile(r"/import/\d+/$"))


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_table_of_a_year_fits_a_phone(locale, reviewed, open_page):
    publish_year(reviewed, 2018, by=somebody(Role.STAFF, reviewed), confirm=True)
    page = open_page(somebody(Role.LEADER, reviewed), phone=True, locale=locale)
    page.goto("/years/2018/")
    total = page.locator("#table th:has-text('年度总分'), #table th:has-text('Annual total')")
    assert total.evaluate("cell => cell.getBoundingClientRect().right <= window.innerWidth")
