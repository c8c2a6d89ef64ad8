"""The phone's page as one uses it: its form, its list, whose it is, and what it needs to be installed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import Organization, Role, User
from reviews.models import Deduction, ReviewCycle, Visit, VisitPhoto, VisitSettings
from reviews.photos import path_of
from reviews.publishing import verify_cycle
from tests.browser.axe import violations
from tests.browser.chromium import has_no_sideways_scroll
from tests.browser.conftest import OpenPage
from tests.browser.phone.steps import (
    CUT_OFF,
    READY,
    TOWN,
    add_deduction,
    all_is_sent,
    begin,
    files,
    finish,
    open_app,
    picture,
    signed_in,
)
from tests.factories.organizations import somebody
from tests.factories.visits import planned, unit_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_can_be_put_on_the_home_screen(open_page: OpenPage, cycle: ReviewCycle, inspector: User) -> None:
    page = open_app(open_page(inspector, phone=True))
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert (manifest["errors"], urlsplit(manifest["url"]).path) == ([], "/m/manifest.webmanifest")
    missing = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in missing] == ["in-incognito"]  # as the pages of all these tests are


def test_another_account_neither_sees_nor_sends_it(
    open_page: OpenPage, cycle: ReviewCycle, host: Organization, inspector: User, live_server: LiveServer
) -> None:
    page = open_app(open_page(inspector, phone=True, tolerated=CUT_OFF))
    page.context.set_offline(True)
    begin(page)
    finish(page)
    signed_in(page.context, somebody(Role.INSPECTOR, host), live_server.url)
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("[data-show=notices]")).to_contain_text("另一账号的1条记录")
    expect(page.locator("[data-show=queue]")).to_be_hidden()
    assert not Visit.objects.exists()
    signed_in(page.context, inspector, live_server.url)
    page.reload()
    expect(page.locator("[data-show=sent]")).to_contain_text(TOWN)
    assert Visit.objects.get().recorded_by == inspector


def test_whoever_makes_no_visits_is_told_so(
    open_page: OpenPage, cycle: ReviewCycle, host: Organization, inspector: User, live_server: LiveServer
) -> None:
    planned(cycle, TOWN, inspectors=(inspector,))
    page = open_app(open_page(inspector, phone=True, tolerated=("403",)))
    expect(page.locator("[data-show=planned]")).to_be_visible()
    begin(page)
    page.get_by_role("link", name="返回").click()
    draft = page.get_by_role("link", name="继续填写").get_attribute("href")
    signed_in(page.context, somebody(Role.LEADER, host), live_server.url)
    page.reload()
    expect(page.locator("[data-show=status]")).to_have_text("此账号没有督查权限。")
    for shown in ("planned", "queue"):
        expect(page.locator(f"[data-show={shown}]")).to_be_hidden()
    page.goto(f"/m/{draft}")
    expect(page.locator("[data-view=list]")).to_be_visible()
    signed_in(page.context, inspector, live_server.url)
    page.reload()
    expect(page.get_by_role("link", name="继续填写")).to_be_visible()


def test_a_draft_is_finished_although_its_quarter_was_closed_meanwhile(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    page = open_app(open_page(inspector, phone=True))
    begin(page)
    add_deduction(page)
    page.get_by_role("link", name="返回").click()
    verify_cycle(cycle, by=None, exempt_reason="免检")
    page.get_by_role("button", name="更新资料").click()
    expect(page.locator("[data-show=notices]")).to_contain_text("没有可以登记督查的季度")
    page.get_by_role("link", name="继续填写").click()
    add_deduction(page, "缺会议记录")
    finish(page)
    all_is_sent(page)
    assert [loss["reason"] for loss in Visit.objects.held().get().sent_record["losses"]] == [
        "缺签到表",
        "缺会议记录",
    ]


def test_leaving_while_a_photo_is_scaled_loses_nothing(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    page = open_app(open_page(inspector, phone=True))
    begin(page)
    page.locator("[data-photos='']").locator("input[type=file]").set_input_files(files(2))
    page.get_by_label("备注").fill("雨天")
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="继续填写").click()
    expect(page.locator("[data-photos='']").locator("img")).to_have_count(2)
    expect(page.get_by_label("备注")).to_have_value("雨天")
    finish(page)
    all_is_sent(page)
    assert (Visit.objects.get().note, VisitPhoto.objects.count()) == ("雨天", 2)


def test_of_two_windows_with_one_draft_the_later_is_told(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    page = open_app(open_page(inspector, phone=True))
    begin(page)
    expect(page.locator("[data-show=kept]")).to_have_text("已保存在本机")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("单位", exact=True)).to_have_value(str(unit_of(cycle, TOWN).pk))
    finish(page)
    all_is_sent(page)
    other.get_by_label("备注").fill("雨天")
    expect(other.locator("[data-show=notices]")).to_contain_text("已在另一窗口")
    assert other.evaluate("store.all('records')") == []
    assert Visit.objects.get().note == ""


def test_a_slip_is_said_on_the_phone(open_page: OpenPage, cycle: ReviewCycle, inspector: User) -> None:
    page = open_app(open_page(inspector, phone=True))
    page.locator(READY).click()
    expect(page.locator("[data-add=losses]")).to_be_disabled()
    page.get_by_role("button", name="完成并上传").click()
    expect(page.get_by_label("单位", exact=True)).to_be_focused()
    page.get_by_label("单位", exact=True).select_option(label=TOWN)
    page.locator("[data-add=losses]").click()
    page.get_by_label("原因").fill("缺")
    page.get_by_role("button", name="完成并上传").click()
    expect(page.get_by_role("alert")).to_contain_text("有1处需要更正")
    expect(page.get_by_label("指标")).to_be_focused()
    page.get_by_label("指标").select_option(label="三会一课")
    page.get_by_label("扣分", exact=True).fill("６０．３")
    page.get_by_role("button", name="完成并上传").click()
    expect(page.locator("[data-row] .cell-error")).to_have_text("三会一课：大于0，最多60分，步长0.5分。")
    page.get_by_label("扣分", exact=True).fill("１．５")
    finish(page)
    all_is_sent(page)
    assert str(Deduction.objects.get().points) == "1.5"


@pytest.mark.parametrize("keeps", [False, True])
def test_photos_are_scaled_upright_and_keep_their_place_only_where_the_host_wants(
    keeps: bool, open_page: OpenPage, cycle: ReviewCycle, host: Organization, inspector: User
) -> None:
    VisitSettings.objects.create(host=host, keeps_photo_places=keeps)
    page = open_app(open_page(inspector, phone=True))
    begin(page)
    lying = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(1600, 1000, Orientation=6)}
    box = page.locator("[data-photos='']")
    box.locator("input[type=file]").set_input_files([lying])
    expect(box.locator("img")).to_have_count(1)
    finish(page)
    all_is_sent(page)
    photo = VisitPhoto.objects.get()
    with Image.open(path_of(photo)) as shown, Image.open(photo.SHELF.original(photo.stored_name)) as original:
        assert shown.size == original.size == (800, 1280)
        assert original.getexif().get(ExifTags.Base.Orientation, 1) == 1
        assert not shown.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert bool(original.getexif().get_ifd(ExifTags.IFD.GPSInfo)) is keeps


@pytest.fixture
def full_app(open_page: OpenPage, cycle: ReviewCycle, inspector: User) -> Page:
    """The page with something of every kind on it."""
    planned(cycle, TOWN, inspectors=(inspector,))
    page = open_app(open_page(inspector, phone=True, tolerated=CUT_OFF))
    begin(page, "乙镇党委")
    finish(page)
    all_is_sent(page)
    page.context.set_offline(True)
    begin(page)
    finish(page)
    begin(page)
    add_deduction(page, photos=1)
    page.locator("[data-add=problems]").click()
    page.locator("[data-add=highlights]").click()
    page.get_by_label("类别").select_option(index=1)
    page.get_by_role("button", name="完成并上传").click()
    return page


def test_it_fits_a_phone_and_breaks_no_rule_of_accessibility(full_app: Page) -> None:
    for view in ("record", "list"):
        expect(full_app.locator(f"[data-view={view}]")).to_be_visible()
        assert violations(full_app) == []
        assert has_no_sideways_scroll(full_app)
        full_app.evaluate("location.hash = '#/'")
