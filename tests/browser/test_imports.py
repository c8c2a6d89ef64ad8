"""Work in the background, as somebody who waits for it sees it."""

import pytest
from playwright.sync_api import expect

from organizations.models import Organization, Role
from reviews.models import ImportBatch
from reviews.progress import Phase
from reviews.uploads import work_on
from tests.browser.chromium import has_no_sideways_scroll
from tests.factories.organizations import somebody
from tests.factories.reviews import opened_cycle, ready_host
from tests.reviews.worker import work_off
from workbooks.writing import Table, write_xlsx

HEADER = ["单位", "三会一课（60分）", "党日活动"]
ROWS = [["甲镇党委", 50, 40], ["乙镇党委", 60, 35]]


@pytest.fixture
def host(transactional_db: None, settings, tmp_path, monkeypatch) -> Organization:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    monkeypatch.setattr("reviews.background.LARGE", 2)
    host = ready_host("甲镇党委", "乙镇党委")
    opened_cycle(host)
    return host


@pytest.mark.parametrize("phone", [False, True])
def test_the_page_follows_a_large_workbook_from_the_check_to_the_import(host, open_page, tmp_path, phone):
    file = tmp_path / "得分.xlsx"
    file.write_bytes(write_xlsx([Table("乡镇（街道）", HEADER, ROWS)]))
    page = open_page(somebody(Role.STAFF, host), phone=phone, tolerated=("422",))  # an unknown heading
    page.goto("/cycles/2018Q3/import/")
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("等待处理")).to_be_visible()

    work = work_on(ImportBatch.objects.get())
    with work.alone():
        work.report(Phase.CHECKING, 23_000, 50_000)
        expect(page.get_by_text("已检查 23,000 / 50,000 行")).to_be_visible()
        bar = page.get_by_role("progressbar", name="已检查 23,000 / 50,000 行")
        assert bar.evaluate("bar => bar.value / bar.max") == 0.46
        assert has_no_sideways_scroll(page)
        work.begin()

    work_off()
    page.get_by_label("“党日活动”").select_option("主题党日")
    page.get_by_role("button", name="记住并重新检查").click()
    expect(page.get_by_text("等待处理")).to_be_visible()
    work_off()
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_text("正在后台导入")).to_be_visible()
    work_off()
    expect(page.get_by_text("撤销本次导入").first).to_be_visible()


def test_cancelling_leads_to_a_page_that_says_nothing_was_changed(host, open_page, tmp_path):
    file = tmp_path / "得分.xlsx"
    file.write_bytes(write_xlsx([Table("乡镇（街道）", HEADER, ROWS)]))
    page = open_page(somebody(Role.STAFF, host))
    page.goto("/cycles/2018Q3/import/")
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name="取消检查").click()
    expect(page.get_by_text("已取消，数据没有任何改动")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="重新检查")).to_be_visible()
