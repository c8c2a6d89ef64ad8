"""What one does with the phone's page, step by step."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image
from playwright.sync_api import BrowserContext, Page, expect

from organizations.models import User
from tests.browser.conftest import session_of

TOWN = "甲镇党委"
CUT_OFF = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource", "ERR_FAILED")
PLAIN = "Cross-Origin-Opener-Policy header has been ignored"  # what the browser says of plain HTTP
StartPhone = Callable[..., BrowserContext]
READY = ".phone-new button:enabled"


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
