"""Items on a phone: two clicks to an item that waits, an answer with photos, and striking it off."""

from __future__ import annotations

import os
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import ExifTags, Image
from playwright.sync_api import Page, expect

from organizations.models import Organization, Role
from rectification.evidence import path_of
from rectification.models import Evidence, Item
from tests.browser.chromium import has_no_sideways_scroll
from tests.factories.items import assigned, submitted
from tests.factories.organizations import PASSWORD, HostFactory, UnitFactory, somebody

pytestmark = pytest.mark.django_db(transaction=True)

# Counts clicks across pages, before any script of a page may stop them.
COUNT_CLICKS = """addEventListener("click", () => {
    sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
}, true);"""


@pytest.fixture
def unit(settings, tmp_path) -> Organization:
    settings.MEDIA_ROOT = tmp_path
    return UnitFactory(parent=HostFactory(), name="丙乡党委")


def taken(name: str, size: tuple[int, int]) -> dict[str, object]:
    """A photo as a phone takes it, with the place where it was taken; as heavy as it is large."""
    exif, file = Image.Exif(), BytesIO()
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (30.0, 1.0, 2.0), 3: "E", 4: (107.0, 3.0, 4.0)}
    image = Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3))
    image.save(file, "JPEG", exif=exif, quality=90)
    assert b"Exif" in file.getvalue()
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def clicks(page: Page) -> int:
    return int(page.evaluate("sessionStorage.clicks || 0"))


def kept_photos() -> list[Image.Image]:
    return [Image.open(BytesIO(path_of(each).read_bytes())) for each in Evidence.objects.all()]


def test_a_secretary_answers_with_photos_from_a_phone_two_clicks_after_the_login(unit, open_page):
    item, secretary = assigned(unit, text="会议记录不完整", days=3), somebody(Role.SECRETARY, unit)
    page: Page = open_page(phone=True)
    page.add_init_script(COUNT_CLICKS)
    page.goto("/login/")
    page.locator("#id_username").fill(secretary.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.get_by_role("heading", name="丙乡党委")).to_be_visible()
    assert has_no_sideways_scroll(page)
    before = clicks(page)

    page.get_by_role("link", name="会议记录不完整").click()
    answer = page.locator("#submit textarea")
    expect(answer).to_be_visible()
    assert clicks(page) - before <= 2
    assert has_no_sideways_scroll(page)

    answer.fill("已补齐7月、8月会议记录")
    photos = [taken("整改后.jpg", (2000, 1500)), taken("签到表.jpg", (200, 150))]
    page.locator("#submit input[type=file]").set_input_files(photos)
    page.locator("#submit").get_by_role("button", name="提交").click()
    expect(page.locator(".page-header .state").first).to_have_text("已提交")

    item.refresh_from_db()
    assert (item.state, item.answer) == ("submitted", "已补齐7月、8月会议记录")
    large, small = kept_photos()
    assert [photo.getexif().get_ifd(ExifTags.IFD.GPSInfo) for photo in (large, small)] == [{}, {}]
    assert (large.size, small.size) == ((1280, 960), (200, 150))
    assert Evidence.objects.first().original_name == "整改后.jpg"
    expect(page.locator(".timeline .photos img")).to_have_count(2)


def test_without_a_connection_the_answer_and_its_photo_stay_until_they_are_sent(unit, open_page):
    page: Page = open_page(somebody(Role.SECRETARY, unit), phone=True)
    page.goto(assigned(unit).get_absolute_url())
    page.locator("#submit textarea").fill("已整改")
    page.locator("#submit input[type=file]").set_input_files([taken("整改后.jpg", (200, 150))])
    submit = page.locator("#submit").get_by_role("button", name="提交")
    page.context.set_offline(True)
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text("没有网络")
    expect(page.locator("#submit textarea")).to_have_value("已整改")
    page.context.set_offline(False)
    submit.click()
    expect(page.locator(".page-header .state").first).to_have_text("已提交")
    assert len(kept_photos()) == 1


def test_it_is_answered_without_any_script(unit, open_page):
    item, secretary = assigned(unit), somebody(Role.SECRETARY, unit)
    page: Page = open_page(secretary, phone=True, tolerated=("Failed to load resource",))
    page.route("**/*.js", lambda route: route.abort())
    page.goto(item.get_absolute_url())
    page.locator("#submit textarea").fill("已整改")
    page.locator("#submit input[type=file]").set_input_files([taken("整改后.jpg", (2000, 1500))])
    page.locator("#submit").get_by_role("button", name="提交").click()
    expect(page.locator(".page-header .state").first).to_have_text("已提交")
    (photo,) = kept_photos()
    assert (photo.size, photo.getexif().get_ifd(ExifTags.IFD.GPSInfo)) == ((2000, 1500), {})


def test_the_staff_strike_off_on_a_phone_and_the_next_one_is_told(unit, open_page):
    item, host = submitted(unit), unit.parent
    first, second = (
        open_page(somebody(Role.STAFF, host), phone=True, tolerated=("Failed to load resource",))
        for _ in range(2)
    )
    for page in (first, second):
        page.goto(item.get_absolute_url())
        expect(page.get_by_text("本轮整改单位已上传1个佐证文件")).to_be_visible()
    first.locator("#strike_off").get_by_role("button", name="销号").click()
    expect(first.locator(".page-header .state").first).to_have_text("销号")
    second.locator("#return > summary").click()
    second.locator("#return textarea").fill("照片看不清日期")
    second.locator("#return").get_by_role("button", name="退回").click()
    expect(second.get_by_text("未办理：已有人先行办理")).to_be_visible()
    expect(second.locator(".item-typed")).to_contain_text("照片看不清日期")
    assert has_no_sideways_scroll(second)
    assert Item.objects.get().state == "struck_off"


def test_a_problem_found_by_the_unit_is_reported_from_a_phone(unit, open_page):
    page: Page = open_page(somebody(Role.SECRETARY, unit), phone=True)
    page.goto("/")
    page.get_by_role("link", name="上报自查问题").click()
    page.locator("#id_category").select_option(index=1)
    page.locator("#id_text").fill("台账未更新")
    page.locator("#id_evidence").set_input_files([taken("台账.jpg", (2000, 1500))])
    assert has_no_sideways_scroll(page)
    page.get_by_role("button", name="上报").click()
    expect(page.get_by_text("台账未更新")).to_be_visible()
    item = Item.objects.get()
    assert (item.source, item.found_on) == ("self", timezone.localdate())
    assert kept_photos()[0].size == (1280, 960)
