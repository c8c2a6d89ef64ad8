"""Writing a document: typing around fields, inserting them, moving paragraphs, saving, two people at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from organizations.models import Role, User
from reviews.models import ReportVersion, ReviewCycle
from reviews.report_texts import composition, save_text
from reviews.reports.blocks import Block
from tests.browser.axe import violations
from tests.browser.chromium import has_no_sideways_scroll
from tests.browser.conftest import OpenPage
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals

pytestmark = pytest.mark.django_db(transaction=True)

TOTALS = {"甲镇党委": 96, "乙镇党委": 90, "丙镇党委": 80, "丁镇党委": 70}
PAGE = "/cycles/2018Q3/report/circular/"
REFUSED = ("Failed to load resource",)  # what the browser says of an answer of 409 or 422


@pytest.fixture
def cycle() -> ReviewCycle:
    return cycle_with_totals(TOTALS)


@pytest.fixture
def staff(cycle: ReviewCycle) -> User:
    return somebody(Role.STAFF, cycle.host)


def opened(open_page: OpenPage, staff: User, **options: object) -> Page:
    page = open_page(staff, **options)
    page.goto(PAGE)
    return page


def block(page: Page, key: str) -> Locator:
    return page.locator(f".block[data-key='{key}']")


def text_in(page: Page, key: str) -> Locator:
    return block(page, key).locator(".editor[data-part=text]")


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice-success")).to_be_visible()


def kept(cycle: ReviewCycle, key: str) -> Block:
    return next(each for each in composition(cycle, "circular").text.blocks if each.key == key)


def keys_on(page: Page) -> list[str]:
    return [str(each.get_attribute("data-key")) for each in page.locator(".block").all()]


def test_typing_around_a_field_keeps_it(cycle, staff, open_page):
    page = opened(open_page, staff)
    drafted = kept(cycle, "averages").text
    text_in(page, "averages").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("总体平稳。")
    page.keyboard.press("Control+Home")
    page.keyboard.type("从得分看，")
    expect(block(page, "averages")).to_contain_text("手工修改")
    save(page)
    assert kept(cycle, "averages").text == f"从得分看，{drafted}总体平稳。"
    expect(text_in(page, "averages").locator(".field-chip").first).to_have_text("乡镇（街道）")
    assert "⟦" in drafted


def test_a_field_is_removed_as_a_whole_and_inserted_by_its_name(cycle, staff, open_page):
    page = opened(open_page, staff)
    group = cycle.host.groups.get().pk
    text_in(page, "opening").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("平均")
    page.get_by_role("button", name="插入数据项").click()
    page.get_by_label("按名称或内容查找").fill("平均 84")
    page.keyboard.press("Enter")
    page.keyboard.type("分。")
    assert kept(cycle, "opening").text in block(page, "opening").locator("textarea[name=text]").input_value()
    save(page)
    assert kept(cycle, "opening").text.endswith(f"平均⟦g{group}.average⟧分。")
    text_in(page, "opening").click()
    page.keyboard.press("Control+End")
    for _press in range(3):
        page.keyboard.press("Backspace")
    save(page)
    assert kept(cycle, "opening").text.endswith("平均")


def test_a_field_is_cut_and_pasted_elsewhere(cycle, staff, open_page):
    page = opened(open_page, staff)
    first = text_in(page, "averages").locator(".field-chip").first
    first.click()
    page.keyboard.press("Control+X")
    expect(text_in(page, "averages").locator(".field-chip")).to_have_count(3)
    text_in(page, "opening").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+V")
    save(page)
    group = cycle.host.groups.get().pk
    assert kept(cycle, "opening").text.endswith(f"⟦g{group}.name⟧")
    assert f"⟦g{group}.name⟧" not in kept(cycle, "averages").text


def test_a_paragraph_is_moved_added_taken_out_and_brought_back(cycle, staff, open_page):
    page = opened(open_page, staff)
    before = keys_on(page)
    block(page, "averages").hover()
    block(page, "averages").get_by_role("button", name="上移").click()
    assert keys_on(page)[:3] == [before[0], "averages", "situation"]
    text_in(page, "opening").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("督查采取随机抽取的办法。")
    block(page, "demands.duty").hover()
    block(page, "demands.duty").locator("summary").click()
    block(page, "demands.duty").get_by_role("button", name="移除").click()
    expect(block(page, "demands.follow-up").locator("[data-number]")).to_have_text("3.")
    page.locator("[data-out-rows]").get_by_role("button", name="恢复").click()
    expect(block(page, "demands.follow-up").locator("[data-number]")).to_have_text("4.")
    save(page)
    after = composition(cycle, "circular").text.blocks
    assert [each.text for each in after][1] == "督查采取随机抽取的办法。"
    assert [each.key for each in after][2:4] == ["averages", "situation"]
    assert keys_on(page) == [each.key for each in after]


def test_several_lines_pasted_become_paragraphs_and_carry_no_format(cycle, staff, open_page):
    page = opened(open_page, staff)
    text_in(page, "opening").click()
    page.keyboard.press("Control+End")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "第一段。\\n第二段。");
            data.setData("text/html", "<b onclick='x()'>第一段。</b><p>第二段。</p>");
            const options = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    save(page)
    after = composition(cycle, "circular").text.blocks
    assert after[0].text.endswith("现通报如下。第一段。")
    assert after[1].text == "第二段。"


def test_a_paragraph_becomes_a_heading_and_is_numbered_at_once(cycle, staff, open_page):
    page = opened(open_page, staff)
    text_in(page, "opening").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("督查方式")
    made = page.locator(".block").nth(1)
    made.locator("select").select_option("section")
    page.keyboard.press("Control+S")
    expect(page.locator(".notice-success")).to_be_visible()
    own = composition(cycle, "circular").text.blocks[1]
    assert (own.level, own.lead, own.text) == ("section", "督查方式", "")


def test_what_both_changed_stands_side_by_side_and_nothing_is_lost(cycle, staff, open_page):
    page = opened(open_page, staff, tolerated=REFUSED)
    text_in(page, "averages").fill("我写的。")
    other = somebody(Role.STAFF, cycle.host)
    changed = [
        replace(each, text="他写的。", is_written=True) if each.key in {"averages", "opening"} else each
        for each in composition(cycle, "circular").text.blocks
    ]
    save_text(cycle, "circular", changed, seen=0, by=other)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice-warning")).to_contain_text(str(other))
    expect(text_in(page, "averages")).to_have_text("我写的。")
    expect(block(page, "averages")).to_contain_text("他写的。")
    expect(text_in(page, "opening")).to_have_text("他写的。")
    assert violations(page) == []
    save(page)
    assert (kept(cycle, "averages").text, kept(cycle, "opening").text) == ("我写的。", "他写的。")
    assert ReportVersion.objects.count() == 2


def test_without_a_connection_the_text_stays(cycle, staff, open_page):
    page = opened(open_page, staff, tolerated=("ERR_INTERNET_DISCONNECTED", "Failed to load resource"))
    text_in(page, "averages").fill("没有网络时写的。")
    page.context.set_offline(True)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".composer-note")).to_be_visible()
    expect(text_in(page, "averages")).to_have_text("没有网络时写的。")
    page.context.set_offline(False)
    save(page)
    assert kept(cycle, "averages").text == "没有网络时写的。"


def test_signed_out_meanwhile_the_text_stays(cycle, staff, open_page):
    page = opened(open_page, staff)
    text_in(page, "averages").fill("退出后写的。")
    page.context.clear_cookies()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".composer-note")).to_contain_text("退出登录")
    expect(text_in(page, "averages")).to_have_text("退出后写的。")
    assert not ReportVersion.objects.exists()


def test_the_text_of_the_other_is_taken_with_one_click(cycle, staff, open_page):
    page = opened(open_page, staff, tolerated=REFUSED)
    text_in(page, "averages").fill("我写的。")
    changed = [
        replace(each, text="他写的。", is_written=True) if each.key == "averages" else each
        for each in composition(cycle, "circular").text.blocks
    ]
    save_text(cycle, "circular", changed, seen=0, by=somebody(Role.STAFF, cycle.host))
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="采用对方文字").click()
    expect(text_in(page, "averages")).to_have_text("他写的。")
    save(page)
    assert ReportVersion.objects.count() == 1


def test_leaving_with_something_unsaved_asks_first(cycle, staff, open_page):
    page = opened(open_page, staff)
    text_in(page, "averages").click()
    page.keyboard.type("改动")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/cycles/")
    assert asked == ["beforeunload"]


def test_a_field_that_does_not_exist_is_told_at_its_paragraph(cycle, staff, open_page):
    page = opened(open_page, staff, tolerated=REFUSED)
    text_in(page, "averages").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("⟦不存在⟧")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(block(page, "averages").locator(".block-problem")).to_be_visible()
    expect(text_in(page, "averages")).to_contain_text("⟦不存在⟧")
    assert violations(page) == []


def test_on_a_phone_a_word_is_mended(cycle, staff, open_page):
    page = opened(open_page, staff, phone=True)
    assert has_no_sideways_scroll(page)
    text_in(page, "averages").tap()
    page.keyboard.press("Control+End")
    page.keyboard.type("总体平稳。")
    assert has_no_sideways_scroll(page)
    save(page)
    assert kept(cycle, "averages").text.endswith("总体平稳。")


def test_without_a_script_every_button_works(cycle, staff, open_page, chromium, live_server):
    signed_in = opened(open_page, staff)
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url, locale="zh-CN")
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()
    page.goto(PAGE)
    block(page, "averages").locator("textarea[name=text]").fill("手写。")
    block(page, "averages").get_by_role("button", name="上移").click()
    assert keys_on(page)[1] == "averages"
    assert not ReportVersion.objects.exists()
    page.get_by_role("button", name="保存", exact=True).click()
    assert composition(cycle, "circular").text.blocks[1].text == "手写。"
    context.close()
