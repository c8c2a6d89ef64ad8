"""The reply stage on a phone: one click from the first page, a photo, and the decision that comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from organizations.models import Role
from reviews.models import ReplyStep, ReplyStepKind
from reviews.replying import decide_reply
from tests.browser.chromium import has_no_sideways_scroll
from tests.browser.test_items import taken
from tests.factories.organizations import somebody
from tests.factories.replies import deduction_of, replied, replying
from tests.factories.reviews import ready_host

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unit(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    host = ready_host("甲镇党委", "丙乡党委")
    replying(host)
    return host.units.get(name="丙乡党委")


def test_a_secretary_replies_with_a_photo_one_click_from_the_first_page(unit, open_page):
    page = open_page(somebody(Role.SECRETARY, unit), phone=True)
    page.goto("/")
    assert has_no_sideways_scroll(page)
    page.locator(f'main a[href$="/units/{unit.pk}/replies/"]').click()
    expect(page.locator(".reply-card")).to_contain_text("缺签到表")
    assert has_no_sideways_scroll(page)

    page.locator(".reply-form > summary").click()
    page.locator(".reply-form textarea").fill("签到表已补交，见照片")
    page.locator(".reply-form input[type=file]").set_input_files([taken("签到表.jpg", (1200, 900))])
    page.locator(".reply-form form button").click()
    expect(page.locator(".reply-log img")).to_be_visible()
    expect(page.locator(".reply-log")).to_contain_text("签到表已补交，见照片")
    assert has_no_sideways_scroll(page)
    assert ReplyStep.objects.get().kind == "send"

    decide_reply(
        ReplyStep.objects.get().reply,
        ReplyStepKind.KEEP,
        "签到表缺三人",
        seen=1,
        by=somebody(Role.STAFF, unit.parent),
    )
    page.reload()
    expect(page.locator(".reply-decision")).to_contain_text("签到表缺三人")
    expect(page.locator(".reply-form")).to_have_count(0)


def test_the_staff_decide_on_it(unit, open_page):
    replied(deduction_of(unit.reviews.get().cycle, unit.name), "签到表已补交")
    page = open_page(somebody(Role.STAFF, unit.parent), phone=True)
    page.goto("/cycles/2018Q3/replies/")
    assert has_no_sideways_scroll(page)
    page.locator(".reply-decide textarea").fill("属实")
    page.locator(".reply-decide button[value=accept]").click()
    expect(page.locator(".reply-card")).to_have_count(0)
    assert unit.reviews.get().total == 100
