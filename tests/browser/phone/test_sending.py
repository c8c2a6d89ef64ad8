"""Records leave the phone once each, through restarts, outages, refusals and lost answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import LoginSession, Organization, Role, User
from reviews.models import Deduction, ReviewCycle, Visit, VisitPhoto, VisitState
from reviews.publishing import verify_cycle
from reviews.visiting import cancel_visit
from tests.browser.conftest import OpenPage
from tests.browser.phone.steps import (
    CUT_OFF,
    TOWN,
    StartPhone,
    add_deduction,
    add_photos,
    all_is_sent,
    begin,
    files,
    finish,
    open_app,
    signed_in,
)
from tests.factories.organizations import somebody
from tests.factories.visits import planned

pytestmark = pytest.mark.django_db(transaction=True)


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
    LoginSession.objects.all().delete()
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
