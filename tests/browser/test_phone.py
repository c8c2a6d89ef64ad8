"""The phone's page in a real browser: wholly offline, through restarts and outages, each record once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from PIL import ExifTags, Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import Organization, Role, User
from reviews.models import Deduction, ReviewCycle, Visit, VisitPhoto, VisitSettings, VisitState
from reviews.photos import path_of
from reviews.publishing import verify_cycle
from reviews.visiting import cancel_visit
from tests.browser.axe import violations
from tests.browser.chromium import Watch, has_no_sideways_scroll, phone_browser
from tests.browser.conftest import OpenPage, session_of
from tests.factories.organizations import somebody
from tests.factories.reviews import opened_cycle, ready_host
from tests.factories.visits import branch_of, planned, unit_of

pytestmark = pytest.mark.django_db(transaction=True)

TOWN = "甲镇党委"
CUT_OFF = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource", "ERR_FAILED")
PLAIN = "Cross-Origin-Opener-Policy header has been ignored"  # what the browser says of plain HTTP
StartPhone = Callable[..., BrowserContext]
READY = ".phone-new button:enabled"


@pytest.fixture
def cycle(settings: Any, tmp_path: Path, transactional_db: None) -> ReviewCycle:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    cycle = opened_cycle(ready_host(TOWN, "乙镇党委", marks={"三会一课": 60, "主题党日": 40}))
    branch_of(unit_of(cycle, TOWN), "东山村党支部")
    return cycle


@pytest.fixture
def host(cycle: ReviewCycle) -> Organization:
    return cycle.host


@pytest.fixture
def inspector(host: Organization) -> User:
    return somebody(Role.INSPECTOR, host)


def picture(width: int = 1600, height: int = 1200, **exif: Any) -> bytes:
    """A photo as a camera makes it, with the place where it was taken."""
    written = Image.Exif()
    written[ExifTags.IFD.GPSInfo] = {1: "N", 2: (30.0, 1.0, 2.0)}
    for name, value in exif.items():
        written[ExifTags.Base[name]] = value
    file = BytesIO()
    Image.new("RGB", (width, height), (179, 20, 29)).save(file, "JPEG", exif=written)
    return file.getvalue()


def files(count: int = 1) -> list[Any]:
    return [
        {"name": f"照片{number}.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        for number in range(1, count + 1)
    ]


@pytest.fixture
def start_phone(chromium: Browser, live_server: LiveServer, tmp_path: Path) -> Iterator[StartPhone]:
    """start_phone(address=…, *arguments) → a phone's browser; started again it finds what it kept."""
    opened: list[BrowserContext] = []
    watches: list[Watch] = []

    def start(address: str = live_server.url, *arguments: str) -> BrowserContext:
        phone = phone_browser(chromium.browser_type, tmp_path / "phone", address, *arguments)
        opened.append(phone)
        watches.append(Watch(phone, urlsplit(address).netloc, (*CUT_OFF, PLAIN)))
        return phone

    yield start
    opened[-1].close()
    assert [problem for watch in watches for problem in watch.problems] == []


def signed_in(context: BrowserContext, user: User, address: str) -> None:
    context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": address}])


def open_app(page: Page) -> Page:
    """The page with all it needs to be opened without signal."""
    page.goto("/m/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator(READY)).to_be_visible()
    return page


def begin(page: Page, unit: str = TOWN) -> None:
    page.locator(READY).click()
    page.get_by_label("单位", exact=True).select_option(label=unit)


def add_deduction(page: Page, reason: str = "缺签到表", photos: int = 0) -> None:
    page.locator("[data-add=losses]").click()
    row = page.locator("[data-rows=losses] > fieldset").last
    row.get_by_label("指标").select_option(label="三会一课")
    row.get_by_role("button", name="加一个步长").click()
    row.get_by_label("原因").fill(reason)
    if photos:
        add_photos(row, photos)


def add_photos(box: Any, count: int) -> None:
    box.locator("input[type=file]").set_input_files(files(count))
    expect(box.locator("[data-photos] img, .phone-photos img")).to_have_count(count)


def finish(page: Page) -> None:
    page.get_by_role("button", name="完成并上传").click()
    expect(page.locator("[data-view=list]")).to_be_visible()


def all_is_sent(page: Page) -> None:
    expect(page.locator("[data-show=status]")).to_have_text("全部已上传。", timeout=60_000)


# --- The promise --------------------------------------------------------------------------------


class Outage:
    """A server that is down at the second and the fourth request, and whose sixth answer gets lost."""

    def __init__(self) -> None:
        self.asked = 0
        self.lost: list[int] = []

    def __call__(self, route: Route) -> None:
        self.asked += 1
        if self.asked == 2:
            route.abort("connectionrefused")
        elif self.asked == 4:
            route.fulfill(status=502, body="bad gateway")
        elif self.asked == 6:
            self.lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()


def test_twenty_visits_with_forty_photos_come_once_through_all_that_may_happen(
    start_phone: StartPhone, live_server: LiveServer, cycle: ReviewCycle, inspector: User
) -> None:
    phone = start_phone()
    signed_in(phone, inspector, live_server.url)
    page = open_app(phone.pages[0])
    phone.set_offline(True)
    for number in range(1, 21):
        begin(page)
        add_deduction(page, f"第{number}次", photos=1)
        add_photos(page.locator("[data-photos='']"), 1)
        if number == 5:
            page.reload()
            expect(page.locator("[data-photos='']").locator("img")).to_have_count(1)
        if number == 10:  # the battery is flat in the middle of a record
            expect(page.locator("[data-view=record]")).to_be_visible()
            expect(page.locator("[data-show=kept]")).to_have_text("已保存在本机")
            phone.close()
            phone = start_phone()
            phone.set_offline(True)
            page = phone.pages[0]
            page.goto("/m/")
            page.get_by_role("link", name="继续填写").click()
        finish(page)
    expect(page.locator("[data-show=status]")).to_contain_text("20条记录、40张照片")
    assert not Visit.objects.exists()
    phone.close()

    phone = start_phone()
    outage = Outage()
    phone.route("**/m/visits/**", outage)
    page = phone.pages[0]
    page.goto("/m/")
    expect(page.locator("[data-show=status]")).to_contain_text("登录已失效。20条记录、40张照片")
    signed_in(phone, inspector, live_server.url)
    for _try in range(3):
        expect(page.locator("[data-show=status-box]")).not_to_have_attribute("data-state", "sending")
        page.get_by_role("button", name="立即上传").click()
    all_is_sent(page)
    assert outage.lost == [200]
    assert Visit.objects.done().count() == 20
    assert VisitPhoto.objects.count() == 40
    assert Deduction.objects.count() == 20
    assert VisitPhoto.objects.filter(deduction__isnull=False).count() == 20
    assert {each.photos.count() for each in Visit.objects.all()} == {2}
    expect(page.locator("[data-show=queue]")).to_be_hidden()
    assert page.evaluate("Promise.all([store.all('records'), store.all('photos')])") == [[], []]


def test_it_can_be_put_on_the_home_screen(open_page: OpenPage, cycle: ReviewCycle, inspector: User) -> None:
    page = open_app(open_page(inspector, phone=True))
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert (manifest["errors"], urlsplit(manifest["url"]).path) == ([], "/m/manifest.webmanifest")
    missing = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in missing] == ["in-incognito"]  # as the pages of all these tests are


# --- On the way ---------------------------------------------------------------------------------


def test_it_opens_without_signal_and_sends_when_it_returns(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    visit = planned(cycle, TOWN, inspectors=(inspector,), place_name="红旗村")
    page = open_app(open_page(inspector, phone=True, tolerated=CUT_OFF))
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-show=signal]")).to_have_text("无信号")
    page.get_by_role("button", name="记录", exact=True).click()
    add_deduction(page)
    finish(page)
    expect(page.locator("[data-show=status]")).to_contain_text("无信号：1条记录")
    expect(page.locator("[data-show=planned]")).to_be_hidden()
    page.context.set_offline(False)
    all_is_sent(page)
    assert [Visit.objects.get(), Visit.objects.get().state] == [visit, VisitState.DONE]
    expect(page.locator("[data-show=planned]")).to_be_hidden()
    page.get_by_role("link", name="查看").click()
    expect(page.locator("h1")).to_contain_text("红旗村")


def test_the_queue_outlives_a_login(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User, live_server: LiveServer
) -> None:
    page = open_app(open_page(inspector, phone=True))
    Session.objects.all().delete()
    begin(page)
    add_deduction(page)
    finish(page)
    expect(page.locator("[data-show=status]")).to_contain_text("登录已失效。1条记录")
    page.reload()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    assert not Visit.objects.exists()
    signed_in(page.context, inspector, live_server.url)
    page.get_by_role("button", name="立即上传").click()
    all_is_sent(page)
    assert Visit.objects.get().recorded_by == inspector


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


def test_a_record_for_a_closed_quarter_is_sent_and_said_to_wait(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    page = open_app(open_page(inspector, phone=True, tolerated=CUT_OFF))
    page.context.set_offline(True)
    begin(page)
    add_deduction(page)
    page.locator("[data-photos='']").locator("input[type=file]").set_input_files(files())
    finish(page)  # while the photo is still being scaled
    verify_cycle(cycle, by=None, exempt_reason="免检")
    page.context.set_offline(False)
    all_is_sent(page)
    expect(page.locator("[data-show=sent]")).to_contain_text("暂未计入")
    assert Visit.objects.get().is_held
    assert VisitPhoto.objects.count() == 1
    assert not Deduction.objects.exists()


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


def test_what_the_server_refuses_is_shown_and_mended(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User, host: Organization
) -> None:
    colleague = somebody(Role.INSPECTOR, host)
    visit = planned(cycle, TOWN, inspectors=(inspector, colleague), place_name="红旗村")
    page = open_app(open_page(inspector, phone=True, tolerated=CUT_OFF))
    page.context.set_offline(True)
    page.get_by_role("button", name="记录", exact=True).click()
    add_deduction(page)
    finish(page)
    cancel_visit(visit, by=colleague, reason="改期")
    page.context.set_offline(False)
    expect(page.locator("[data-tone=refused]")).to_contain_text("未接收")
    expect(page.locator("[data-tone=refused]")).to_contain_text(str(colleague))
    page.get_by_role("button", name="另作一次督查上传").click()
    all_is_sent(page)
    sent = Deduction.objects.get().visit
    assert (sent.organization.name, sent.place_label) == (TOWN, "红旗村")


def test_a_photo_that_is_refused_stays_and_keeps_no_other_back(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    page = open_app(open_page(inspector, phone=True, tolerated=("422",)))
    refused: list[Route] = []

    def refuse_the_first(route: Route) -> None:
        if refused:
            return route.continue_()
        refused.append(route)
        return route.fulfill(status=422, json={"message": "打不开"})

    page.context.route("**/photos/**", refuse_the_first)
    begin(page)
    add_photos(page.locator("[data-photos='']"), 2)
    finish(page)
    expect(page.locator("[data-tone=refused]")).to_contain_text("未接收：打不开")
    assert VisitPhoto.objects.count() == 1
    page.get_by_role("button", name="再试一次").click()
    all_is_sent(page)
    assert VisitPhoto.objects.count() == 2


def test_an_answer_that_is_not_ours_confirms_nothing(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    page = open_app(open_page(inspector, phone=True))
    portal = "<html>Please log in to this network</html>"
    page.context.route("**/photos/**", lambda route: route.fulfill(status=200, body=portal))
    begin(page)
    add_photos(page.locator("[data-photos='']"), 1)
    finish(page)
    expect(page.locator("[data-show=status]")).to_contain_text("1张照片")
    page.context.unroute("**/photos/**")
    page.get_by_role("button", name="立即上传").click()
    all_is_sent(page)
    assert VisitPhoto.objects.count() == 1


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


def test_a_record_that_is_finished_while_another_is_sent_follows_it(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    page = open_app(open_page(inspector, phone=True))
    held: list[Route] = []
    page.context.route(
        "**/m/visits/", lambda route: route.continue_() if held else held.append(route), times=2
    )
    begin(page)
    finish(page)
    begin(page, "乙镇党委")
    finish(page)
    held[0].continue_()
    all_is_sent(page)
    assert Visit.objects.done().count() == 2


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
    with Image.open(path_of(VisitPhoto.objects.get())) as image:
        assert image.size == (800, 1280)
        exif = image.getexif()
        assert exif.get(ExifTags.Base.Orientation, 1) == 1
        assert bool(exif.get_ifd(ExifTags.IFD.GPSInfo)) is keeps


def test_over_plain_http_it_says_what_does_not_work(
    start_phone: StartPhone, live_server: LiveServer, cycle: ReviewCycle, inspector: User, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["review.example"]
    port = urlsplit(live_server.url).port
    address = f"http://review.example:{port}"
    mapped = "--host-resolver-rules=MAP review.example 127.0.0.1"
    phone = start_phone(address, mapped)
    signed_in(phone, inspector, address)
    page = phone.pages[0]
    page.goto("/m/")
    expect(page.locator("[data-show=notices]")).to_contain_text("HTTP")
    begin(page)
    add_deduction(page, photos=1)
    finish(page)
    all_is_sent(page)
    assert VisitPhoto.objects.count() == 1


def test_signal_that_returns_after_the_page_was_closed_is_enough(
    open_page: OpenPage, cycle: ReviewCycle, inspector: User
) -> None:
    page = open_app(open_page(inspector, phone=True, tolerated=CUT_OFF))
    context = page.context
    worker = context.service_workers[0]
    context.set_offline(True)
    begin(page)
    add_deduction(page, photos=1)
    finish(page)
    page.close()
    context.set_offline(False)
    assert worker.evaluate(
        "() => PhoneStore.open().then((store) => new PhoneSender(store, ADDRESSES).sendAll())"
    )
    assert Visit.objects.done().count() == VisitPhoto.objects.count() == 1


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
    for address in (None, "#/"):
        if address:
            full_app.evaluate("location.hash = '#/'")
            expect(full_app.locator("[data-view=list]")).to_be_visible()
        assert violations(full_app) == []
        assert has_no_sideways_scroll(full_app)
